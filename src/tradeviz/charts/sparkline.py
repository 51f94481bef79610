"""A small staircase for a row of a table: one partner's headline rate over time, without words."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import style
from tradeviz.charts.palette import palette
from tradeviz.wording import day, rate

TOP_PCT = 60.0
"""Upper end of the common axis, percent; what lies above it is drawn along the edge."""


@style.styled
def small_staircase(daily: pd.Series[float], *, ax: Axes | None = None) -> Axes:
    """Draw a rate as a staircase, on an axis from 0 to 60 percent that all partners share.

    Parameters
    ----------
    daily : pandas.Series
        Percent by day, such as a column of `rates.headline_panel`.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Days along x, percent along y, without ticks or labels.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, rates
    >>> ds = tradeviz.load("2025-04-25")
    >>> panel = rates.headline_panel(ds, "2025-01-20", ds.as_of)
    >>> ax = charts.small_staircase(panel["KOR"])
    >>> ax.get_ylim()
    (np.float64(0.0), np.float64(60.0))
    """
    if ax is None:
        fig, ax = plt.subplots(figsize=(1.5, 0.36))
        fig.subplots_adjust(left=0.01, right=0.96, bottom=0.06, top=0.94)
    steps = daily[daily.ne(daily.shift()) | (daily.index == daily.index[-1])].clip(upper=TOP_PCT)
    ax.fill_between(steps.index, steps, step="post", color=palette.faint, linewidth=0)
    ax.step(steps.index, steps, where="post", color=palette.ink, linewidth=1.3)
    ax.plot(steps.index[-1:], steps.iloc[-1:], marker="o", markersize=3, color=palette.ink, clip_on=False)
    ax.set(xlim=(steps.index[0], steps.index[-1]), ylim=(0, TOP_PCT))
    ax.axis("off")
    return ax


def small_staircase_text(daily: pd.Series[float], name: str) -> str:
    """Say where the rate began, how high it went and where it is."""
    first, last = daily.index[0], daily.index[-1]
    if daily.isna().all():
        return f"{name}: no headline rate is known."
    high = f"highest {rate(daily.max())} on {day(daily.idxmax())}"
    return f"{name}: {rate(daily.iloc[0])} on {day(first)}, {high}, {rate(daily.iloc[-1])} on {day(last)}."
