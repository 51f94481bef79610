"""Meetings per month, one panel per level."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import style
from tradeviz.vocabulary import LEVEL_NAMES, LEVELS
from tradeviz.wording import capital, count, listing

_GREYS = {"leaders": style.INK, "ministerial": "#7a7a7a", "technical": "#c2c2c2"}
_INCH_PER_MEETING = 0.048
_HEADROOM = 9
_MOST_MONTHS_NAMED = 15


@style.styled
def months(per_month: pd.DataFrame) -> list[Axes]:
    """Draw the meetings of each month, a panel per level, all on one scale.

    Parameters
    ----------
    per_month : pandas.DataFrame
        From `tempo.meetings_per_month`; at least one month.

    Returns
    -------
    list of Axes
        Leaders, ministers, technical; months along x. The bar of a month still running is hollow
        and hatched. Where the record thins out, the number of partners whose record reaches to
        the month's end stands below.
    """
    wide = _wide(per_month)
    levels = list(reversed(LEVELS))
    reach = [max(int(wide[level].max()), 1) + _HEADROOM for level in levels]
    height = 0.75 + _INCH_PER_MEETING * sum(reach)
    _, axes = style.figure(height, rows=len(levels), sharex=True, gridspec_kw={"height_ratios": reach})
    for ax, level, top in zip(axes, levels, reach, strict=True):
        _panel(ax, wide, level, top)
    _month_axis(axes[-1], wide)
    return axes


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


def _panel(ax: Axes, wide: pd.DataFrame, level: str, top: int) -> None:
    colour = _GREYS[level]
    for x, (n, complete) in enumerate(zip(wide[level], wide["complete"], strict=True)):
        if complete:
            ax.bar(x, n, width=0.72, color=colour)
        else:
            ax.bar(x, n, width=0.72, facecolor="white", edgecolor=colour, hatch="////", linewidth=1.1)
        ax.annotate(
            str(n),
            (x, n),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            color=style.INK if n else style.MUTED,
        )
    ax.set_ylim(0, top)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    ax.annotate(
        f"{capital(LEVEL_NAMES[level])}, {int(wide[level].sum())} in all",
        (0, 1),
        xycoords="axes fraction",
        va="top",
        fontsize=9,
        fontweight="bold",
        color=style.INK,
    )


def _month_axis(ax: Axes, wide: pd.DataFrame) -> None:
    every = len(wide) <= _MOST_MONTHS_NAMED
    thinning = wide["covered"].nunique() > 1
    labels = []
    for x, (month, covered) in enumerate(zip(pd.DatetimeIndex(wide.index), wide["covered"], strict=True)):
        name = f"{month:%b}" if every else f"{month:%b}"[0]
        year = f"{month:%Y}" if x == 0 or month.month == 1 else ""
        labels.append(f"{name}\n{year}\n\n{covered}" if thinning else f"{name}\n{year}")
    ax.set_xticks(range(len(wide)), labels)
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
