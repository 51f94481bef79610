"""Who carried the deal out, and after how many days: one row per deal, one lane per side."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.markers import MarkerStyle

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.wording import capital, count, day, listing, number, short_day

_SIDES = {"us": "U.S.", "partner": "partner"}
_LANES = {"us": -0.2, "partner": 0.22}
_TICKS = {"us": MarkerStyle(2), "partner": MarkerStyle(3)}
"""A tick up for the United States, a tick down for the partner."""


@style.styled
def implementation(
    frame: pd.DataFrame, names: Mapping[str, str], as_of: pd.Timestamp, *, ax: Axes | None = None
) -> Axes:
    """Draw for each deal the days from its first form to the act of each side.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `talks.deals.implementation`; at least one row.
    names : mapping of str to str
        Names of the partners by code.
    as_of : pandas.Timestamp
        The day up to which a side without an act has waited.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Days since the deal first took a form along x, negative where the act came before. A dark
        line ends in a tick (up: United States, down: partner); a dashed line runs to `as_of`.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts
    >>> from tradeviz.talks import deals
    >>> ds = tradeviz.load("2025-12-31")
    >>> ax = charts.implementation(deals.implementation(ds), ds.names, ds.as_of)
    >>> ax.get_xlabel()
    'days since the day of the deal; open ones to 31 Dec 2025'
    """
    rows = records(frame)
    ax = parts.panel(ax, 0.7 + 0.44 * len(rows))
    waited = [(as_of - row["day"]).days for row in rows]
    done = frame[["us_days", "partner_days"]].to_numpy().ravel()
    acted = [float(days) for days in done if not math.isnan(days)]
    still_open = len(acted) < len(done)
    reach = max([*acted, 10, *(waited if still_open else [])])
    ax.set_xlim(min([0.0, *acted]) - reach * 0.02, reach * 1.03)
    for y, (row, days_open) in enumerate(zip(rows, waited, strict=True)):
        for side in _SIDES:
            _lane(ax, row, side, y, days_open, reach)
        if y:
            ax.axhline(y - 0.5, color=palette.faint, linewidth=0.7)
    ax.axvline(0, color=palette.muted, linewidth=1)
    words = {row["partner"]: f"{names[row['partner']]}\n{short_day(row['day'])}" for row in rows}
    parts.name_rows(ax, parts.row_places(words, ()), words, above=0.5, below=0.5)
    ax.set_xlabel(f"days since the day of the deal; open ones to {short_day(as_of)}")
    return ax


def implementation_text(frame: pd.DataFrame, names: Mapping[str, str], as_of: pd.Timestamp) -> str:
    """Say how many deals each side carried out, after how many days, and which wait the longest."""
    if frame.empty:
        return "No deal is on record by this day."
    sentences = [f"{capital(count(len(frame), 'deal'))} by {day(as_of)}."]
    for side, who in (("us", "the United States"), ("partner", "the partner")):
        days = frame.set_index("partner")[f"{side}_days"]
        acted = days.dropna()
        if acted.empty:
            sentences.append(f"No act by {who} is on record.")
            continue
        each = [f"{names[str(code)]} {number(value)}" for code, value in acted.items()]
        median = f"; the median of these is {number(float(acted.median()))}" if len(acted) > 1 else ""
        sentences.append(
            f"An act by {who} is on record for {len(acted)} of {len(days)}; "
            f"days after the deal: {listing(each)}{median}."
        )
    open_ones = [row for row in records(frame) if math.isnan(row["partner_days"])]
    if open_ones:
        longest = min(open_ones, key=lambda row: row["day"])
        sentences.append(
            f"Longest without an act by the partner: {names[longest['partner']]}, "
            f"{count((as_of - longest['day']).days, 'day')}."
        )
    return " ".join(sentences)


def _lane(ax: Axes, row: dict[str, Any], side: str, y: int, days_open: int, reach: float) -> None:
    lane, days = y + _LANES[side], row[f"{side}_days"]
    acted = not math.isnan(days)
    end = days if acted else float(days_open)
    what = _when(days) if acted else f"not yet after {count(days_open, 'day')}"
    colour, dashes = (palette.ink, "solid") if acted else (palette.muted, (0, (3, 2)))
    ax.plot([0, end], [lane, lane], color=colour, linewidth=1.4, linestyle=dashes)
    if acted:
        ax.plot(end, lane, marker=_TICKS[side], markersize=7, markeredgewidth=2, color=palette.ink, zorder=4)
    right = end < 0.55 * reach
    at = (max(end, 0) if right else end, lane)
    labels.beside(ax, f"{_SIDES[side]} {what}", at, 7 if right else -7, color=colour, bbox=labels.ground())


def _when(days: float) -> str:
    if days == 0:
        return "on the same day"
    return f"after {count(int(days), 'day')}" if days > 0 else f"{count(-int(days), 'day')} before"
