"""Meetings per month, one row of bars per level."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.vocabulary import LEVEL_NAMES, LEVELS
from tradeviz.wording import capital, count, listing

_INCH_PER_MEETING = 0.048
_HEADROOM = 9
_MOST_MONTHS_NAMED = 15


@style.styled
def months(per_month: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the meetings of each month, a row per level, all on one scale.

    Parameters
    ----------
    per_month : pandas.DataFrame
        From `tempo.meetings_per_month`; at least one month.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Months along x; a row of bars for leaders, ministers and technical level along y. The bar of
        a month still running is hollow and hatched. Where the record thins out, the number of
        partners whose record reaches to the month's end stands below.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts
    >>> from tradeviz.talks import tempo
    >>> ds = tradeviz.load("2025-04-25")
    >>> ax = charts.months(tempo.meetings_per_month(ds))
    >>> ax.get_xlabel().splitlines()[-1]
    'month in which the meeting began; hatched: April 2025 to date'
    """
    wide = _wide(per_month)
    levels = list(reversed(LEVELS))
    reach = [max(int(wide[level].max()), 1) + _HEADROOM for level in levels]
    ax = parts.panel(ax, 0.75 + _INCH_PER_MEETING * sum(reach))
    greys = dict(zip(levels, (palette.ink, palette.mid, palette.grey), strict=True))
    for i, level in enumerate(levels):
        _row(ax, wide, level, sum(reach[i + 1 :]), sum(reach[i:]), greys[level])
    ax.set_ylim(0, sum(reach))
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    _month_axis(ax, wide)
    return ax


def months_text(per_month: pd.DataFrame) -> str:
    """Say how many meetings there were in the busiest month and lately, and at which level."""
    if per_month.empty:
        return "No meeting or call is on record."
    wide = _wide(per_month)
    totals = wide[list(LEVELS)].sum(axis=1)
    n = int(totals.sum())
    first, last = wide.index[0], wide.index[-1]
    text = f"{capital(count(n, 'meeting or call', 'meetings and calls'))} from {first:%B %Y}"
    text += f" to {last:%B %Y}: " if last > first else ": "
    text += f"{listing([f'{int(wide[level].sum())} {LEVEL_NAMES[level]}' for level in reversed(LEVELS)])}."
    if len(wide) > 1:
        most = int(totals.argmax())
        text += f" The month with most was {wide.index[most]:%B %Y} with {int(totals.iloc[most])}."
    if not wide["complete"].iloc[-1]:
        text += f" {last:%B %Y} is not over; so far it has {count(int(totals.iloc[-1]), 'meeting')}."
    return text + _thinning(wide)


def _wide(per_month: pd.DataFrame) -> pd.DataFrame:
    wide = per_month.pivot(index="month", columns="level", values="meetings")
    return wide.join(per_month.groupby("month")[["complete", "covered"]].first())


def _row(ax: Axes, wide: pd.DataFrame, level: str, foot: int, top: int, colour: str) -> None:
    for x, (n, complete) in enumerate(zip(wide[level], wide["complete"], strict=True)):
        fill: dict[str, Any] = {"color": colour}
        if not complete:
            fill = {"facecolor": palette.paper, "edgecolor": colour, "hatch": "////", "linewidth": 1.1}
        ax.bar(x, n, width=0.72, bottom=foot, **fill)
        ink = palette.ink if n else palette.muted
        labels.beside(ax, str(n), (x, foot + n), up=2, ha="center", va="bottom", color=ink)
    ax.axhline(foot, color=palette.mid, linewidth=0.8)
    words = f"{capital(LEVEL_NAMES[level])}, {int(wide[level].sum())} in all"
    look: dict[str, Any] = {"va": "top", "fontsize": None, "fontweight": "bold", "color": palette.ink}
    labels.beside(ax, words, (-0.6, top), up=-4, **look)


def _month_axis(ax: Axes, wide: pd.DataFrame) -> None:
    every = len(wide) <= _MOST_MONTHS_NAMED
    thinning = wide["covered"].nunique() > 1
    month_names = []
    for x, (month, covered) in enumerate(zip(pd.DatetimeIndex(wide.index), wide["covered"], strict=True)):
        name = f"{month:%b}" if every else f"{month:%b}"[0]
        year = f"{month:%Y}" if x == 0 or month.month == 1 else ""
        month_names.append(f"{name}\n{year}\n\n{covered}" if thinning else f"{name}\n{year}")
    ax.set_xticks(range(len(wide)), month_names)
    ax.set_xlim(-0.6, max(len(wide), 6) - 0.4)
    words = "month in which the meeting began"
    if not wide["complete"].iloc[-1]:
        words += f"; hatched: {wide.index[-1]:%B %Y} to date"
    if thinning:
        words = f"number of partners whose record reaches to the end of the month, or to as of\n{words}"
    ax.set_xlabel(words)


def _thinning(wide: pd.DataFrame) -> str:
    covered = wide["covered"]
    if covered.nunique() == 1:
        return ""
    full = covered[covered == covered.iloc[0]].index[-1]
    return (
        f" The record of meetings reaches to the end of the month for {int(covered.iloc[0])} partners "
        f"up to {full:%B %Y}, for {int(covered.iloc[-1]) or 'none'} in {covered.index[-1]:%B %Y}: later "
        "months count too few."
    )
