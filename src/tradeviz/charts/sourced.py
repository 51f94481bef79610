"""What the rows rest on: shares with a primary source and with one source only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.vocabulary import TABLE_NAMES
from tradeviz.wording import count

_ROOM_FOR_HEADS = 30.0
"""Distance of two shares, in percentage points, from which words centred over them stay apart."""


@style.styled
def sourced(shares: pd.DataFrame, names: Mapping[str, str] | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw the share of rows with a primary source and that with one source, by table, partner or quarter.

    Parameters
    ----------
    shares : pandas.DataFrame
        From `evidence.source_shares`, `partner_shares` or `quarter_shares`; tables without rows
        are left out.
    names : mapping of str to str, optional
        Names of partners by code, for shares by partner.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Percent of rows along x, one row per table, partner or quarter along y: a filled square
        for rows that cite a primary source, a ring for rows that rest on one source.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, evidence
    >>> ds = tradeviz.load("2025-04-25")
    >>> ax = charts.sourced(evidence.source_shares(ds))
    >>> ax.get_xlabel()
    'percent of rows'
    """
    rows = _with_rows(shares)
    ax = parts.panel(ax, 0.95 + 0.33 * len(rows))
    for y, row in enumerate(rows):
        primary, single = _percents(row)
        ax.plot([primary, single], [y, y], color=palette.faint, linewidth=1.6, zorder=1)
        ax.plot(primary, y, "s", markersize=6, color=palette.ink, clip_on=False)
        ring = parts.mark("o", 10, "none") | {"markeredgewidth": 1.4}
        ax.plot(single, y, linestyle="", clip_on=False, **ring)
        _labels(ax, y, primary, single)
    _heads(ax, *_percents(rows[0]))
    parts.label_rows(ax, range(len(rows)), [_label(row, names) for row in rows], above=1.1)
    ax.set_xlim(-9, 111)
    ax.set_xticks(range(0, 101, 20))
    ax.set_xlabel("percent of rows")
    ax.grid(axis="x")
    ax.spines["bottom"].set_bounds(0, 100)
    return ax


def sourced_text(shares: pd.DataFrame, names: Mapping[str, str] | None = None) -> str:
    """Say for each row of the chart which share cites a primary source and which rests on one source."""
    parts = []
    for row in _with_rows(shares):
        primary, single = _percents(row)
        parts.append(f"{_label(row, names)} {primary:.0f}% and {single:.0f}%")
    if not parts:
        return "No row is on record by this day."
    return f"Share of rows with a primary source, and with one source only: {'; '.join(parts)}."


def _with_rows(shares: pd.DataFrame) -> list[dict[str, Any]]:
    return records(shares[shares["rows"] > 0])


def _percents(row: dict[str, Any]) -> tuple[float, float]:
    return 100 * row["with_primary_share"], 100 * row["single_source_share"]


def _label(row: dict[str, Any], names: Mapping[str, str] | None) -> str:
    if "table" in row:
        what = TABLE_NAMES[row["table"]]
    elif "partner" in row:
        what = (names or {}).get(row["partner"], row["partner"])
    else:
        what = f"{row['quarter'].year} Q{row['quarter'].quarter}"
    return f"{what} ({count(row['rows'], 'row')})"


def _labels(ax: Axes, y: int, primary: float, single: float) -> None:
    low, high = sorted((primary, single))
    if round(low) == round(high):
        labels.beside(ax, f"{low:.0f}% both", (high, y), -8 if high > 50 else 8)
        return
    labels.beside(ax, f"{low:.0f}%", (low, y), -8)
    labels.beside(ax, f"{high:.0f}%", (high, y), 8)


def _heads(ax: Axes, primary: float, single: float) -> None:
    """Name the two marks above the first row, where they stand."""
    ends = sorted([(primary, "primary source"), (single, "one source only")])
    apart = ends[1][0] - ends[0][0] > _ROOM_FOR_HEADS
    for (value, words), gap in zip(ends, (-4, 4), strict=True):
        side: dict[str, Any] = {"ha": "center"} if apart else {"right": gap}
        labels.beside(ax, words, (value, -0.3), up=6, va="bottom", fontweight="bold", **side)
