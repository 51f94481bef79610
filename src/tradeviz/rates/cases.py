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
    columns: tuple[int, ...]  # of its partners in `Rates`


def cases_of(ds: Dataset, known: Terms, rows: pd.DataFrame) -> list[Case]:
    """The rows that can be weighed."""
    found, gaps = [], records(ds.omissions)
    for index, row in enumerate(records(rows)):
        effective = row.get("effective")
        day = ds.as_of if effective is None or pd.isna(effective) else effective
        series = reached(gaps, known, row, day)
        columns = tuple(_partner_columns(known, row, series, day)) if series else ()
        if columns:
            found.append(Case(index, day, series, columns))
    return found


def reached(gaps: list[Term], known: Terms, row: Term, day: pd.Timestamp) -> tuple[Series, ...]:
    """The series that a row sets; none where the trade it reaches is not known."""
    key = (row["layer"], row["product"])
    if any(_matches(gap, row) and gap["known"] == NO for gap in gaps):
        return ()
    if key[0] in SECTOR_LAYERS:
        effects = (CHARGED, CHARGED_BESIDE)
        listed = [term for term in known.group_terms if term["effect"] in effects and term["layer"] == key[0]]
        products = {term["product"] for term in listed if term["effective"] <= day}
        if key[1] in products:
            return (key,)
        return tuple((key[0], product) for product in sorted(products)) if not key[1] else ()
    if key[0] not in HEADLINE_LAYERS:
        return ()
    whose = {GENERAL, *(split_list(row["partners"]) if "partners" in row else [row["partner"]])}
    named = any(
        term["effect"] == "only" and (term["layer"], term["product"]) == key and term["effective"] <= day
        for term in known.carveout_terms
        if term["partner"] in whose
    )
    return (key,) if is_whole(key) or named else ()


def _partner_columns(known: Terms, row: Term, series: tuple[Series, ...], day: pd.Timestamp) -> list[int]:
    """The partners for whom a row sets the rate: a general one leaves out those with their own."""
    codes = split_list(row["partners"]) if "partners" in row else [row["partner"]]
    if codes != [GENERAL]:
        columns = [known.imports.codes.index(code) for code in codes if code in known.imports.codes]
        return [column for column in columns if (known.imports.partner == column).any()]
    steps = known.steps
    has_own = np.zeros(steps.partners, dtype=bool)
    for key in series:
        if key in steps.series:
            last = steps.last(day)[steps.series.index(key)]
            has_own |= (last >= 0) & ~steps.general[last]
    return [int(column) for column in np.flatnonzero(~has_own)]


def certainty(gaps: list[Term], known: Terms, row: Term, case: Case) -> str:
    """Partly known: named among the omissions, or a whole-economy rate that states no exemptions."""
    if any(_matches(gap, row) for gap in gaps):
        return PARTLY
    if row["layer"] in SECTOR_LAYERS:
        return YES
    partners = {known.imports.codes[column] for column in case.columns} | {GENERAL}
    stated = [
        term
        for term in (*known.stacking, *known.carveout_terms)
        if (term["layer"], term["product"]) == case.series[0] and term["partner"] in partners
    ]
    return YES if any(term["effective"] <= case.day for term in stated) else PARTLY


def _matches(gap: Term, row: Term) -> bool:
    same = gap["layer"] == row["layer"] and gap["product"] == row["product"]
    return same and gap["partner"] in (GENERAL, row.get("partner", GENERAL))
