"""Days that somebody gives: understood, or refused in one line that says how to write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pandas as pd

from tradeviz.errors import UsageError

FIRST = pd.Timestamp("2024-01-01")
"""The day before which nothing is asked for: the year that rates are compared with."""

YEARS_AHEAD = 10
"""How far behind the last covered day a day may lie; orders are scheduled a few years ahead."""

_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_day(given: Any, name: str, end: date | pd.Timestamp | None = None) -> pd.Timestamp:
    """Understand a day.

    Parameters
    ----------
    given : str, date, datetime or pandas.Timestamp
        The day, as text "2025-04-25"; of a moment its day is taken. A moment with a time zone is refused: it
        is another day elsewhere. So is a number: 20250425 would be a moment of 1970.
    name : str
        The parameter, for the message.
    end : date, optional
        The last day that the data cover; days more than ten years behind it are refused.

    Raises
    ------
    UsageError
        If it is no day, or none that a reader can mean.

    Examples
    --------
    >>> from tradeviz.days import read_day
    >>> read_day("2025-04-25", "as_of")
    Timestamp('2025-04-25 00:00:00')
    """
    day = _day(given)
    if day is None:
        shown = given if isinstance(given, str) else repr(given)
        raise UsageError(f'{name} "{_short(shown)}" is not a date; write it as 2025-04-25')
    if day < FIRST:
        raise UsageError(
            f"{name} {day:%Y-%m-%d} lies before {FIRST.year}; name a later day, such as 2025-04-25"
        )
    if end is not None and day > pd.Timestamp(end) + pd.DateOffset(years=YEARS_AHEAD):
        raise UsageError(
            f"{name} {day:%Y-%m-%d} lies more than {YEARS_AHEAD} years after {end:%Y-%m-%d}, the last day"
            " that the data cover; use an earlier one"
        )
    return day


def _day(given: Any) -> pd.Timestamp | None:
    try:
        if isinstance(given, str):
            text = given.strip()
            return pd.Timestamp(date.fromisoformat(text)) if _ISO.fullmatch(text) else None
        if not isinstance(given, date) or pd.isna(given):  # a datetime and a Timestamp are dates too
            return None
        if isinstance(given, datetime) and given.tzinfo is not None:
            return None
        return pd.Timestamp(given).normalize()
    except ValueError:  # 30 February, or a year that no Timestamp has
        return None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:60]}..."
