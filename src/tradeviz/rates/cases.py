"""What a row of rates sets: which series, for which partners, and how well the trade in reach is known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from tradeviz.data import Dataset, split_list
from tradeviz.frames import records
from tradeviz.rates.effective_terms import CHARGED, CHARGED_BESIDE, Term, Terms, is_whole
from tradeviz.rates.steps import Series
from tradeviz.vocabulary import GENERAL, HEADLINE_LAYERS, SECTOR_LAYERS

YES, PARTLY, NO = "yes", "partly", "no"
"""Whether the trade that a row touches is known; partly: an upper bound, or a share is assumed."""


class Case(NamedTuple):
    """A row that can be weighed: what it sets for whom, on which day."""

    row: int
    day: pd.Timestamp
    series: tuple[Series, ...]
    places: tuple[int, ...]


def cases_of(ds: Dataset, known: Terms, rows: pd.DataFrame) -> list[Case]:
    """The rows that can be weighed."""
    found, gaps = [], records(ds.omissions)
    for place, row in enumerate(records(rows)):
        effective = row.get("effective")
        day = ds.as_of if effective is None or pd.isna(effective) else effective
        series = reached(gaps, known, row, day)
        places = tuple(_places(known, row, series, day)) if series else ()
        if places:
            found.append(Case(place, day, series, places))
    return found


def reached(gaps: list[Term], known: Terms, row: Term, day: pd.Timestamp) -> tuple[Series, ...]:
    """The series that a row sets; none where the trade it reaches is not known."""
    one = (row["layer"], row["product"])
    if any(_matches(gap, row) and gap["known"] == NO for gap in gaps):
        return ()
    if one[0] in SECTOR_LAYERS:
        effects = (CHARGED, CHARGED_BESIDE)
        listed = [term for term in known.group_terms if term["effect"] in effects and term["layer"] == one[0]]
        products = {term["product"] for term in listed if term["effective"] <= day}
        if one[1] in products:
            return (one,)
        return tuple((one[0], product) for product in sorted(products)) if not one[1] else ()
    if one[0] not in HEADLINE_LAYERS:
        return ()
    whose = {GENERAL, *(split_list(row["partners"]) if "partners" in row else [row["partner"]])}
    named = any(
        term["effect"] == "only" and (term["layer"], term["product"]) == one and term["effective"] <= day
        for term in known.carveout_terms
        if term["partner"] in whose
    )
    return (one,) if is_whole(one) or named else ()


def _places(known: Terms, row: Term, series: tuple[Series, ...], day: pd.Timestamp) -> list[int]:
    """The partners for whom a row sets the rate: a general one leaves out those with their own."""
    codes = split_list(row["partners"]) if "partners" in row else [row["partner"]]
    if codes != [GENERAL]:
        places = [known.imports.codes.index(code) for code in codes if code in known.imports.codes]
        return [place for place in places if (known.imports.partner == place).any()]
    steps = known.steps
    own = np.zeros(steps.partners, dtype=bool)
    for one in series:
        if one in steps.series:
            last = steps.last(day)[steps.series.index(one)]
            own |= (last >= 0) & ~steps.general[last]
    return [int(place) for place in np.flatnonzero(~own)]


def certainty(gaps: list[Term], known: Terms, row: Term, case: Case) -> str:
    """Partly known: named among the omissions, or a whole-economy rate that states no exemptions."""
    if any(_matches(gap, row) for gap in gaps):
        return PARTLY
    if row["layer"] in SECTOR_LAYERS:
        return YES
    partners = {known.imports.codes[place] for place in case.places} | {GENERAL}
    stated = [
        term
        for term in (*known.stacking, *known.carveout_terms)
        if (term["layer"], term["product"]) == case.series[0] and term["partner"] in partners
    ]
    return YES if any(term["effective"] <= case.day for term in stated) else PARTLY


def _matches(gap: Term, row: Term) -> bool:
    same = gap["layer"] == row["layer"] and gap["product"] == row["product"]
    return same and gap["partner"] in (GENERAL, row.get("partner", GENERAL))
