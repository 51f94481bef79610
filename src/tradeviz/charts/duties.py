"""Calculated duties by month: all partners together, and the largest apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from tradeviz.charts import style
from tradeviz.wording import day, listing, money_bn

_SHOWN = 7
_COLUMNS = 4
_WIDTH_DAYS = 24
_MID_MONTH = pd.Timedelta(days=14)
_LEAST_APART = 0.15
_RECENT = 12
"""The largest payers are those of the last so many published months."""


@style.styled
def duties(frame: pd.DataFrame, names: Mapping[str, str], as_of: pd.Timestamp) -> list[Axes]:
    """Draw calculated duties by month: all partners on top, the seven largest and the others below.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `exposure.duties`; at least one row.
    names : mapping of str to str
        Names of the partners by code.
    as_of : pandas.Timestamp
        Right edge of knowledge.

    Returns
    -------
    list of Axes
        Months along x, billions of dollars a month along y: the total, then eight panels with
        common axes, ordered by the duties of the last twelve published months.
    """
    table = frame.pivot(index="month", columns="partner", values="duties_usd_bn")
    parts = _parts(table, names)
    fig = plt.figure(figsize=(style.WIDTH, 5.6), layout="constrained")
    grid = fig.add_gridspec(3, _COLUMNS, height_ratios=(1.7, 1, 1))
    whole = fig.add_subplot(grid[0, :])
    total = table.sum(axis=1, skipna=False)
    _bars(whole, total)
    start = table.index.min() - pd.Timedelta(days=8)
    style.day_axis(whole, start, as_of + (as_of - start) * 0.01)
    whole.set_ylim(0, total.max() * 1.22)
    whole.set_ylabel("$ billion a month")
    whole.set_title(f"All {table.shape[1]} partners together", pad=14)
    _values(whole, total, beside=False)
    style.as_of_line(whole, as_of)
    small: list[Axes] = []
    for at, (title, series) in enumerate(parts.items()):
        ax = fig.add_subplot(grid[1 + at // _COLUMNS, at % _COLUMNS], sharey=small[0] if small else None)
        _bars(ax, series)
        ax.set_title(title, fontsize=8.5, pad=3)
        ax.set_xlim(*whole.get_xlim())
        ax.xaxis.set_major_locator(mdates.YearLocator())
        ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
        ax.tick_params(labelleft=at % _COLUMNS == 0, labelbottom=at >= _COLUMNS)
        small.append(ax)
    small[0].set_ylim(0, max(series.max() for series in parts.values()) * 1.3)
    for ax, series in zip(small, parts.values(), strict=True):
        _values(ax, series, beside=True)
    return [whole, *small]


def duties_text(frame: pd.DataFrame, names: Mapping[str, str], as_of: pd.Timestamp) -> str:
    """Say how much was charged in the last published month and at the peak, and on whose goods."""
    if frame.empty:
        return f"No month was published by {day(as_of)}."
    table = frame.pivot(index="month", columns="partner", values="duties_usd_bn")
    total = table.sum(axis=1, skipna=False)
    last, peak = pd.Timestamp(total.index[-1]), pd.Timestamp(str(total.idxmax()))
    text = f"Calculated duties on goods of the {table.shape[1]} partners were {_about(total[last])} in"
    text += f" {last:%B %Y}, the last month published by {day(as_of)}"
    text += (
        "; no month was higher."
        if last == peak
        else f", after a peak of {_about(total[peak])} in {peak:%B %Y}."
    )
    before = total.loc["2024":"2024"]
    if len(before):
        text += f" The mean of the months of 2024 was {_about(float(before.mean()))}."
    largest = table.iloc[-1].nlargest(3)
    named = [f"{names[str(code)]} ({_about(value)})" for code, value in largest.items()]
    return f"{text} Most was charged in {last:%B %Y} on goods of {listing(named)}."


def _about(usd_bn: float) -> str:
    return money_bn(round(float(usd_bn), 1) if usd_bn >= 1 else round(float(usd_bn), 3))


def _parts(table: pd.DataFrame, names: Mapping[str, str]) -> dict[str, pd.Series]:
    """The largest payers of the last months, then all others as one."""
    largest = [str(code) for code in table.tail(_RECENT).sum().nlargest(_SHOWN).index]
    parts = {names[code]: table[code] for code in largest}
    others = table.drop(columns=largest)
    return parts | {f"{others.shape[1]} others": others.sum(axis=1, skipna=False)}


def _bars(ax: Axes, series: pd.Series) -> None:
    middles = mdates.date2num(series.index + _MID_MONTH)
    ax.bar(middles, series.to_numpy(), width=_WIDTH_DAYS, color=style.MUTED, linewidth=0)
    ax.grid(axis="y")


def _values(ax: Axes, series: pd.Series, beside: bool) -> None:
    """Write the highest month above its bar, and the last one beside or above its own."""
    low, high = ax.get_xlim()
    values = series.to_numpy()
    days = mdates.date2num(series.index + _MID_MONTH)
    peak = int(values.argmax())
    last: dict[str, Any] = (
        {"xytext": (4, 0), "ha": "left", "va": "center"} if beside else {"xytext": (0, 2), "ha": "center"}
    )
    foot = values[-1] if beside else values[-2:].max()
    ax.annotate(_figure(values[-1]), (days[-1], foot), textcoords="offset points", fontsize=8.5, **last)
    apart = _LEAST_APART if beside else _LEAST_APART / 3
    if days[-1] - days[peak] > apart * (high - low):
        top: dict[str, Any] = {"xytext": (0, 2), "ha": "center", "fontsize": 8.5}
        ax.annotate(_figure(values[peak]), (days[peak], values[peak]), textcoords="offset points", **top)


def _figure(usd_bn: float) -> str:
    return f"{usd_bn:.1f}" if usd_bn >= 1 else f"{usd_bn:.2f}"
