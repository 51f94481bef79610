"""What opens the pages on expectations: how far off they were, and which order moved them most."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from tradeviz.data import split_list
from tradeviz.frames import records
from tradeviz.vocabulary import NO_EXPECTATION
from tradeviz.wording import count_days, day, listing, signed, with_article

_AHEAD = 90


def vintages(rows: pd.DataFrame, moves: pd.DataFrame, name: str) -> str:
    """How far the effective rate of a partner came from what orders had made one expect.

    Parameters
    ----------
    rows, moves : pandas.DataFrame
        From `rates.expected` and `rates.surprises` for the partner.
    name : str
        Name of the partner.

    Examples
    --------
    >>> later = tradeviz.load("2025-08-07")
    >>> moves = rates.surprises(later, "KOR")
    >>> summaries.vintages(rates.expected(later, "KOR"), moves, "South Korea").split(",")[0]
    'The effective rate on goods of South Korea came'
    """
    if rows.empty:
        return f"No expectation for {with_article(name)} can be set against what came yet."
    length, known = _compared(rows)
    size = known["surprise_points"].abs().mean()
    text = (
        f"The effective rate on goods of {with_article(name)} came, on average over {count_days(len(known))},"
        f" {size:.1f} points away from what the orders known {length} days before had made one expect."
    )
    return f"{text} {_largest(moves, {})}".rstrip()


def surprises(rows: pd.DataFrame, moves: pd.DataFrame, names: Mapping[str, str]) -> str:
    """For whom the effective rate was least and most predictable, and which order moved it most.

    Parameters
    ----------
    rows, moves : pandas.DataFrame
        From `rates.mean_surprise` and `rates.surprises` for all partners.
    names : mapping of str to str
        Names of the partners by code.

    Examples
    --------
    >>> later = tradeviz.load("2025-08-07")
    >>> rows, moves = (measure(later, "KOR") for measure in (rates.expected, rates.surprises))
    >>> summaries.surprises(rates.mean_surprise(rows), moves, later.names).split(",")[0]
    'Expected 90 days before'
    """
    if rows.empty:
        return NO_EXPECTATION
    length, known = _compared(rows)
    ranked = known.sort_values("mean_points", ascending=False, kind="stable")
    means = zip(ranked["partner"], ranked["mean_points"], strict=True)
    named = [f"{with_article(names[code])} ({points:.1f} points)" for code, points in means]
    text = f"Expected {length} days before, the effective rate came farthest off for {listing(named[:2])}"
    text += f", nearest for {named[-1]}." if len(named) > 2 else "."
    return f"{text} {_largest(moves, names)}".rstrip()


def _compared(rows: pd.DataFrame) -> tuple[int, pd.DataFrame]:
    """The number of days ahead that is told, and its rows."""
    length = _AHEAD if (rows["ahead_days"] == _AHEAD).any() else int(rows["ahead_days"].min())
    return length, rows[rows["ahead_days"] == length]


def _largest(moves: pd.DataFrame, names: Mapping[str, str]) -> str:
    if moves.empty:
        return ""
    row = records(moves.head(1))[0]
    whom = f" for {with_article(names[row['partner']])}" if names else ""
    days = row["days_ahead"]
    when = f"{count_days(abs(days))} {'after' if days > 0 else 'before'} it" if days else "on the same day"
    return (
        f"The largest move{whom} came with {listing(split_list(row['instruments']))} of"
        f" {day(row['announced'])}: {signed(row['surprise_points'])} points, in effect from"
        f" {day(row['effective'])}, {when}."
    )
