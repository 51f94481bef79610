"""How far the tables reach, held against the clock: days to come, coverage past the facts, newer facts.

Only `check` asks: what has been loaded once can be loaded on a machine whose clock is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from tradeviz.data.asof import KNOWN_ON, PUBLISHED_ON
from tradeviz.data.problems import WARNING, Problem
from tradeviz.data.validation import Tables, TypedTable, at
from tradeviz.vocabulary import BOUNDING_TABLES

_SEEN_ON = {"meetings": "start_date", "sources": "published", "coverage": "through", "refused": "refused_on"}
_DATED = {"meetings": "start_date"} | KNOWN_ON
_FAR_AHEAD_DAYS = 90
"""Days by which coverage may lie after the newest fact of all tables."""


def coverage_end(coverage: pd.DataFrame) -> pd.Timestamp:
    """The last day that the data cover: the earliest `through` among the rows of tariffs and events.

    Parameters
    ----------
    coverage : pandas.DataFrame
        The table `coverage`.

    Returns
    -------
    pandas.Timestamp
        The day; the latest of all rows where coverage names neither table.
    """
    bounding = coverage.loc[coverage["table"].isin(BOUNDING_TABLES), "through"]
    return bounding.min() if len(bounding) else coverage["through"].max()


def beyond_reach(tables: Tables, today: date) -> list[Problem]:
    """Hold the days in the tables against the clock and against coverage.

    Parameters
    ----------
    tables : dict of str to TypedTable
        The tables whose form is sound.
    today : date
        The day that counts as today.

    Returns
    -------
    list of Problem
        Errors for days to come and for coverage far past the facts; warnings for facts after
        coverage_end.
    """
    found: list[Problem] = []
    for name, table in tables.items():
        for column in _columns(name, table):
            what = f"{{cell}} lies in the future: today is {today:%Y-%m-%d}"
            found += at(table, table.frame[column] > pd.Timestamp(today), column, what)
    if "coverage" in tables:
        coverage = tables["coverage"]
        dated = {name: column for name, column in _DATED.items() if name in tables}
        newest = max(tables[name].frame[column].max() for name, column in dated.items())
        found += _past_the_facts(coverage, newest)
        end = coverage_end(coverage.frame)
        for name, column in dated.items():
            found += _not_covered(tables[name], column, end)
    return found


def _columns(name: str, table: TypedTable) -> Iterator[str]:
    known = (_SEEN_ON | KNOWN_ON | PUBLISHED_ON).get(name, "")
    yield from [column for column in (known, "recorded", "accessed") if column in table.frame]


def _past_the_facts(coverage: TypedTable, newest: pd.Timestamp) -> Iterator[Problem]:
    what = (
        f"{{cell}} lies more than {_FAR_AHEAD_DAYS} days after the newest fact ({newest:%Y-%m-%d}); is it a"
        " slip?"
    )
    last = newest + pd.Timedelta(days=_FAR_AHEAD_DAYS)
    return at(coverage, coverage.frame["through"] > last, "through", what)


def _not_covered(table: TypedTable, column: str, end: pd.Timestamp) -> Iterator[Problem]:
    what = (
        f"{{cell}} lies after the last day covered ({end:%Y-%m-%d}): it shows only with --as-of {{cell}} or"
        " later; move coverage.csv once tariffs and events were searched that far"
    )
    return at(table, table.frame[column] > end, column, what, WARNING)
