"""What a page about one partner sees of a data set: the partner's own facts, and what bears on every rate.

A page about Korea says how high its rate stands among all, and who else owes what it owes; so tariffs, trade
and clauses are seen whole. Its talks are its own: a meeting with Japan is not seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Set
from typing import TYPE_CHECKING

import pandas as pd

from tradeviz.vocabulary import BOUNDING_TABLES, GENERAL, WORLD

if TYPE_CHECKING:
    from tradeviz.data.dataset import Dataset

_BY_PARTNER = ("meetings", "milestones", "issues", "commitments", "known_gaps", "issues_without_clause")
_CITES = "source_ids"
_NARROWED = (*_BY_PARTNER, "commitment_status", "events", "coverage", "sources")
"""The tables of which a page about one partner sees a part."""


def narrowed(ds: Dataset, code: str, cited_by_whole: Set[str] | None = None) -> dict[str, pd.DataFrame]:
    """The rows of the tables of `_NARROWED` that a page about a partner sees."""
    seen = {name: _rows(getattr(ds, name), code) for name in _BY_PARTNER}
    status = ds.commitment_status
    seen["commitment_status"] = status[status["commitment_id"].isin(seen["commitments"]["commitment_id"])]
    named = ds.events["scope"].str.split(";").map(lambda scope: bool({code, GENERAL} & set(scope)))
    seen["events"] = ds.events[named.astype("bool")]
    bounding = ds.coverage["table"].isin(BOUNDING_TABLES)
    seen["coverage"] = ds.coverage[bounding | ds.coverage["partner"].isin([code, GENERAL, WORLD])]
    by_whole = cited_sources(_whole(ds).values()) if cited_by_whole is None else cited_by_whole
    cited = by_whole | cited_sources(seen.values())
    seen["sources"] = ds.sources[ds.sources["source_id"].isin(cited)]
    return {name: frame.reset_index(drop=True) for name, frame in seen.items()}


def hashed(ds: Dataset) -> str:
    """The hash of a data set: of its tables, whatever its scenario is called."""
    return _combined({name: _digest(frame) for name, frame in ds.tables.items()})


def partner_hashes(ds: Dataset) -> dict[str, str]:
    """The `data_hash` of what a page about each partner sees, by partner code."""
    whole = {name: _digest(frame) for name, frame in _whole(ds).items()}
    cited, hashes = cited_sources(_whole(ds).values()), {}
    for code in ds.names:
        digests = {name: _digest(frame) for name, frame in narrowed(ds, code, cited).items()}
        hashes[code] = _combined({name: (whole | digests)[name] for name in ds.tables})
    return hashes


def _combined(digests: Mapping[str, str]) -> str:
    said = "\n".join(f"{name} {digest}" for name, digest in digests.items())
    return hashlib.sha256(said.encode()).hexdigest()


def _digest(frame: pd.DataFrame) -> str:
    return hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()


def _whole(ds: Dataset) -> dict[str, pd.DataFrame]:
    return {name: frame for name, frame in ds.tables.items() if name not in _NARROWED}


def _rows(frame: pd.DataFrame, code: str) -> pd.DataFrame:
    return frame[frame["partner"].isin([code, GENERAL])]


def cited_sources(frames: Iterable[pd.DataFrame]) -> set[str]:
    """The identifiers of the sources that rows of tables cite."""
    cells = {cell for frame in frames if _CITES in frame for cell in frame[_CITES].unique()}
    return {source_id for cell in cells for source_id in cell.split(";")}
