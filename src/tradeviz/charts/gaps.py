"""Spells of months without a fact about the talks, partner by partner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.wording import capital, count, listing, span


@style.styled
def gaps(
    spells: pd.DataFrame,
    names: Mapping[str, str],
    border: Sequence[str],
    as_of: pd.Timestamp,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the spells of whole months without a fact about the talks.

    Parameters
    ----------
    spells : pandas.DataFrame
        From `evidence.gaps`; at least one row.
    names : mapping of str to str
        Names of the partners by code, in order.
    border : sequence of str
        Partners that stand apart below the others.
    as_of : pandas.Timestamp
        The day from which it is seen.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Months along x, partners along y. Grey bars are spells that ended, dark bars with an arrow
        spells still open; their number of months stands in or beside them.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, evidence
    >>> ds = tradeviz.load("2026-04-30")
    >>> ax = charts.gaps(evidence.gaps(ds), ds.names, ds.border, ds.as_of)
    >>> len(ax.get_yticklabels()) == len(ds.names)
    True
    """
    places = parts.row_places(names, border)
    ax = parts.panel(ax, 0.75 + 0.26 * (max(places.values()) + 1))
    for y in places.values():
        ax.axhline(y, color=palette.faint, linewidth=0.6, zorder=0)
    for row in records(spells):
        _spell(ax, row, places[row["partner"]])
    # At least a quarter, so that a single month is not as wide as the chart.
    start = min(spells["first_month"].min(), as_of - pd.DateOffset(months=3))
    parts.day_axis(ax, start, as_of)
    parts.as_of_line(ax, as_of)
    parts.name_rows(ax, places, names)
    return ax


def gaps_text(spells: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say how many spells there are, the longest, and which are still open."""
    if spells.empty:
        return "No whole month without a fact about the talks lies between the facts on record."
    longest = spells.iloc[int(spells["months"].argmax())]
    during = span(f"{longest['first_month']:%B %Y}", f"{longest['last_month']:%B %Y}")
    text = (
        f"{capital(count(len(spells), 'spell'))} of whole months without a fact about the talks for"
        f" {count(spells['partner'].nunique(), 'partner')}; the longest, {count(longest['months'], 'month')},"
        f" for {names[longest['partner']]} ({during})."
    )
    open_ = spells[spells["still_open"]].sort_values("months", ascending=False, kind="stable")
    if open_.empty:
        return f"{text} None is still open."
    whom = [f"{names[code]} ({n})" for code, n in zip(open_["partner"], open_["months"], strict=True)]
    return f"{text} Still open, with their months: {listing(whom)}."


def _spell(ax: Axes, row: dict[str, Any], y: float) -> None:
    left = mdates.date2num(row["first_month"])
    right = mdates.date2num(row["last_month"] + pd.offsets.MonthEnd(1) + pd.Timedelta(days=1))
    face = palette.ink if row["still_open"] else palette.grey
    ax.barh(y, right - left, left=left, height=0.62, color=face, edgecolor=palette.paper, linewidth=0.8)
    words = f"{row['months']} \N{RIGHTWARDS ARROW}" if row["still_open"] else str(row["months"])
    colour = palette.paper if row["still_open"] else palette.ink
    labels.beside(ax, words, ((left + right) / 2, y), ha="center", va="center_baseline", color=colour)
