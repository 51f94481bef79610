"""What was expected of effective rates, so many days before, against what came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from tradeviz.charts import parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.vocabulary import NO_EXPECTATION
from tradeviz.wording import count_days, day, listing

_LOOKS: dict[int, dict[str, Any]] = {
    30: {"linewidth": 1.0, "linestyle": "-"},
    90: {"linewidth": 1.0, "linestyle": (0, (5, 2))},
    180: {"linewidth": 1.0, "linestyle": (0, (1, 1.6))},
}
_MARKS = {30: (16, "none"), 90: (24, "grey"), 180: (34, "ink")}
"""Area in square points and fill of the mark of so many days ahead."""


@style.styled
def expected(frame: pd.DataFrame, as_of: pd.Timestamp, *, ax: Axes | None = None) -> Axes:
    """Draw the effective rate that came, and the one expected 30, 90 and 180 days before.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `rates.expected` for one partner; at least one row.
    as_of : pandas.Timestamp
        Right edge of knowledge.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Days along x, percent of customs value along y. Heavy: what came, as known on the day itself; thin
        solid, dashed, dotted: what was ordered for that day as known 30, 90, 180 days before.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, rates
    >>> ds = tradeviz.load("2025-08-07")
    >>> ax = charts.expected(rates.expected(ds, "KOR"), ds.as_of)
    >>> ax.get_ylabel()
    'percent of customs value'
    """
    own_figure = ax is None
    ax = parts.panel(ax, 3.3)
    came = frame.drop_duplicates("day").sort_values("day")
    heavy: dict[str, Any] = {"color": palette.ink, "linewidth": 2.0, "drawstyle": "steps-post"}
    ax.plot(mdates.date2num(came["day"]), came["came_pct"], zorder=4, **heavy)
    signs = [Line2D([], [], color=palette.ink, linewidth=2.0, label="came")]
    for length, rows in frame.groupby("ahead_days"):
        look = {**_LOOKS.get(int(str(length)), {}), "color": palette.stage("text_published")}
        look["drawstyle"] = "steps-post"
        ax.plot(mdates.date2num(rows["day"]), rows["expected_pct"], zorder=3, **look)
        signs.append(Line2D([], [], label=f"expected {length} days before", **look))
    start = frame["day"].min()
    parts.day_axis(ax, start, as_of + (as_of - start) * 0.01)
    ax.set_ylim(0, max(1.0, float(frame[["expected_pct", "came_pct"]].max().max())) * 1.08)
    ax.set_ylabel("percent of customs value")
    ax.grid(axis="y")
    parts.key(ax, signs, 4, own_figure)
    parts.as_of_line(ax, as_of, label=False)
    return ax


def expected_text(frame: pd.DataFrame) -> str:
    """Say how far what came lay from what had been expected, for each number of days ahead."""
    if frame.empty:
        return NO_EXPECTATION
    sentences = []
    for length, rows in frame.groupby("ahead_days"):
        size = rows["surprise_points"].abs()
        most = records(rows.loc[[size.idxmax()]])[0]
        sentences.append(
            f"{length} days before, what came lay {size.mean():.1f} points from what was expected, on average"
            f" over {count_days(len(rows))}; most on {day(most['day'])}, when {most['came_pct']:.1f}% came"
            f" and {most['expected_pct']:.1f}% had been expected."
        )
    return " ".join(["Effective rate, percent of customs value.", *sentences])


@style.styled
def surprise(frame: pd.DataFrame, names: Mapping[str, str], *, ax: Axes | None = None) -> Axes:
    """Draw how far the effective rate of each partner came from what had been expected, on average.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `rates.mean_surprise`; at least one row.
    names : mapping of str to str
        Names of the partners by code.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        One row per partner, the least predictable on top; percentage points along x. Small hollow, grey and
        large dark dots: expected 30, 90 and 180 days before.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, rates
    >>> ds = tradeviz.load("2025-08-07")
    >>> ax = charts.surprise(rates.mean_surprise(rates.expected(ds, "CHN")), ds.names)
    >>> ax.get_yticklabels()[0].get_text()
    'China'
    """
    own_figure = ax is None
    wide = frame.pivot(index="partner", columns="ahead_days", values="mean_points")
    codes = list(wide.max(axis=1).sort_values(ascending=False, kind="stable").index)
    ax = parts.panel(ax, 1.2 + 0.24 * len(codes))
    fills = {"none": palette.paper, "grey": palette.grey, "ink": palette.ink}
    signs = []
    for y, code in enumerate(codes):
        known = wide.loc[code].dropna()
        ax.plot([known.min(), known.max()], [y, y], color=palette.faint, linewidth=1.5, zorder=1)
    for length in wide.columns:
        area, fill = _MARKS.get(int(length), _MARKS[180])
        look: dict[str, Any] = {"s": area, "facecolor": fills[fill], "edgecolor": palette.ink}
        ax.scatter(wide.loc[codes, length], range(len(codes)), zorder=3, **look)
        mark = parts.mark("o", np.sqrt(area), fills[fill])
        signs.append(parts.sign(f"expected {length} days before", **mark))
    parts.name_rows(ax, {code: float(y) for y, code in enumerate(codes)}, names)
    ax.set_xlim(left=0)
    ax.grid(axis="x")
    ax.set_xlabel("percentage points between what was expected and what came, on average")
    parts.key(ax, signs, 3, own_figure)
    return ax


def surprise_text(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say for whom the rate was least and most predictable."""
    if frame.empty:
        return NO_EXPECTATION
    sentences = []
    for length, rows in frame.groupby("ahead_days"):
        ranked = rows.sort_values("mean_points", ascending=False, kind="stable")
        first = [f"{names[row['partner']]} ({row['mean_points']:.1f})" for row in records(ranked.head(3))]
        last = [f"{names[row['partner']]} ({row['mean_points']:.1f})" for row in records(ranked.tail(2))]
        farthest, nearest = listing(first), listing(last)
        sentences.append(f"{length} days before: farthest off for {farthest}, nearest for {nearest}.")
    return " ".join(["Mean distance in percentage points.", *sentences])
