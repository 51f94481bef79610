"""The facts of every summary, computed again: each function gives a dict by the names of the fields."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from tests.oracle.recomputed.about_deals import deals, evidence
from tests.oracle.recomputed.about_rates import exposure, timeline
from tests.oracle.recomputed.about_talks import Facts, overview, tempo
from tests.oracle.recomputed.about_terms import terms
from tests.oracle.tables import last_day

__all__ = ["SUMMARIES", "differences"]

SUMMARIES: dict[str, Callable[[str], Facts]] = {
    "overview": overview,
    "timeline": timeline,
    "tempo": tempo,
    "deals": deals,
    "exposure": exposure,
    "evidence": evidence,
    "terms": terms,
}
"""The summaries of the pages that are about all partners."""


def differences(facts: Any, expected: Facts, as_of: str) -> dict[str, tuple[Any, Any]]:
    """Facts of the library that differ from those computed again: by name, both of them."""
    ours = _plain(facts)
    theirs = _plain(expected | {"as_of": as_of, "looks_back": as_of < last_day()})
    names = ours.keys() | theirs.keys()
    return {name: (ours.get(name), theirs.get(name)) for name in names if ours.get(name) != theirs.get(name)}


def _plain(value: Any) -> Any:
    """Days as ISO text, numbers rounded, what is not known as None, records as dicts and tuples."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 9)
    return value.isoformat() if isinstance(value, date) else value
