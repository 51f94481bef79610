"""The summary of the page on evidence: how much there is, what it rests on, how old it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tradeviz import evidence as measures
from tradeviz.data import Dataset
from tradeviz.frames import once_per_dataset
from tradeviz.summaries.facts import Facts, seen
from tradeviz.vocabulary import TABLE_NAMES
from tradeviz.wording import capital, count, day, listing, percent

_MARKED = ("tariffs", "milestones")
_SHOWN = ("tariffs", "milestones", "meetings")


@dataclass(frozen=True)
class EvidenceFacts(Facts):
    """What the tables hold, and how well it is known.

    Attributes
    ----------
    rows, sources : int
        Rows of facts, and sources that these, the trade figures and the modelled rates cite.
    primary_shares : mapping of str to float
        By table: the share of its rows with a primary source (0 to 1); tables without rows left out.
    single : int
        Rows that rest on one source only.
    marked : mapping of str to int
        By table: rows that are marked as resting on one source.
    partners, old : int
        Number of partners, and of those whose last fact about the talks is more than
        `evidence.OLD_DAYS` old, or missing.
    reach : datetime.date
        The last day that the data cover, at most as_of.
    """

    rows: int
    sources: int
    primary_shares: Mapping[str, float]
    single: int
    marked: Mapping[str, int]
    partners: int
    old: int
    reach: date

    def sentences(self) -> list[str]:
        """The shares with a primary and with a single source, rows and sources, for whom evidence is old."""
        marked = [f"{n or 'none'} of the {TABLE_NAMES[table]}" for table, n in self.marked.items()]
        return [
            self._primary(),
            self._single(),
            f"Marked so {self.be(2)} {listing(marked)}.",
            f"The tables {self.tense('hold', 'held')} {count(self.rows, 'row')}"
            f" about talks, rates and events; with the trade figures and the modelled rates they"
            f" {self.tense('cite', 'cited')} {count(self.sources, 'source')}.",
            f"The last fact about the talks {self.be()} more than {measures.OLD_DAYS} days old,"
            f" or missing, for {self.old or 'none'} of {self.partners} partners, Canada and Mexico included.",
            f"The data reach to {day(self.reach)}.",
        ]

    def _primary(self) -> str:
        shares = self.primary_shares.items()
        parts = [f"{percent(share)} of the {TABLE_NAMES[table]}" for table, share in shares]
        if not parts:
            return ""
        start = f"As of {day(self.as_of)}, a primary source"
        return f"{start} {self.tense('stands', 'stood')} behind {listing(parts)}."

    def _single(self) -> str:
        if not self.single:
            return f"No row {self.tense('rests', 'rested')} on one source only."
        rest = self.tense("rests" if self.single == 1 else "rest", "rested")
        share = percent(self.single / self.rows)
        return f"{capital(count(self.single, 'row'))} ({share}) {rest} on one source only."


@once_per_dataset
def evidence(ds: Dataset) -> EvidenceFacts:
    """Count rows and sources, and say what they rest on and for whom they are old.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    EvidenceFacts
        The facts; `.text` is the paragraph.

    Examples
    --------
    >>> facts = summaries.evidence(ds)
    >>> facts.partners, facts.reach.isoformat()
    (20, '2025-04-25')
    >>> list(facts.primary_shares)
    ['tariffs', 'milestones', 'meetings']
    """
    shares = measures.source_shares(ds).set_index("table")["with_primary_share"]
    last = measures.last_evidence(ds)
    ages = last.loc[last["kind"] == "talks", "age_days"]
    return EvidenceFacts(
        **seen(ds),
        rows=sum(len(getattr(ds, table)) for table in measures.FACT_TABLES),
        sources=len(ds.sources),
        primary_shares={str(name): float(n) for name, n in shares.reindex(list(_SHOWN)).dropna().items()},
        single=len(measures.single_sourced(ds)),
        marked={name: int((getattr(ds, name)["confidence"] == "single").sum()) for name in _MARKED},
        partners=len(ages),
        old=int((~(ages <= measures.OLD_DAYS)).sum()),
        reach=min(ds.as_of, ds.coverage_end).date(),
    )
