"""Calculated duties by month: all partners together, and the largest apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.monthly import MID_MONTH
from tradeviz.charts.palette import palette
from tradeviz.wording import day, listing, money_bn

_SHOWN = 7
_COLUMNS = 4
_WIDTH_DAYS = 24
_LEAST_APART = 0.15
_RECENT = 12
"""The largest payers are those of the last so many published months."""


@style.styled
def duties(
    frame: pd.DataFrame, names: Mapping[str, str], as_of: pd.Timestamp, *, axes: Sequence[Axes] | None = None
) -> list[Axes]:
    """Draw calculated duties by month: all partners on top, the seven largest and the others below.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `exposure.duties`; at least one row.
    names : mapping of str to str
        Names of the partners by code.
    as_of : pandas.Timestamp
        Right edge of knowledge.
    axes : sequence of Axes, optional
        Where to draw, one for each panel; a figure of its own when not given.

    Returns
    -------
    list of Axes
        Months along x, billions of dollars a month along y: the total, then eight panels with
        common axes, ordered by the duties of the last twelve published months.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, exposure
    >>> ds = tradeviz.load("2025-12-31")
    >>> axes = charts.duties(exposure.duties(ds), ds.names, ds.as_of)
    >>> axes[0].get_ylabel()
    '$ billion a month'
    """
    table = frame.pivot(index="month", columns="partner", values="duties_usd_bn")
    shares = _shares(table, names)
    if axes is None:
        axes = _grid(len(shares))
    whole, *small = parts.panels(axes, 1 + len(shares))
    total = table.sum(axis=1, skipna=False)
    _bars(whole, total)
    start = table.index.min() - pd.Timedelta(days=8)
    parts.day_axis(whole, start, as_of + (as_of - start) * 0.01)
    whole.set_ylim(0, total.max() * 1.22)
    whole.set_ylabel("$ billion a month")
    whole.set_title(f"All {table.shape[1]} partners together", pad=14)
    _values(whole, total, beside=False)
    parts.as_of_line(whole, as_of)
    top = max(series.max() for series in shares.values()) * 1.3
    for ax, (title, series) in zip(small, shares.items(), strict=True):
        _bars(ax, series)
        ax.set_title(title, fontsize=style.label_size(), pad=3)
        ax.set_xlim(*whole.get_xlim())
        ax.set_ylim(0, top)
        ax.xaxis.set_major_locator(mdates.YearLocator())
        ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
        _values(ax, series, beside=True)
    return [whole, *small]


def _grid(number: int) -> list[Axes]:
    """A wide panel, and small ones with a common scale in rows below it."""
    fig = plt.figure(figsize=parts.figure_size(5.6), layout="constrained")
    grid = fig.add_gridspec(3, _COLUMNS, height_ratios=(1.7, 1, 1))
    axes = [fig.add_subplot(grid[0, :])]
    for at in range(number):
        share = axes[1] if at else None
        ax = fig.add_subplot(grid[1 + at // _COLUMNS, at % _COLUMNS], sharey=share)
        ax.tick_params(labelleft=at % _COLUMNS == 0, labelbottom=at >= _COLUMNS)
        axes.append(ax)
    return axes


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


def _shares(table: pd.DataFrame, names: Mapping[str, str]) -> dict[str, pd.Series]:
    """The largest payers of the last months, then all others as one."""
    largest = [str(code) for code in table.tail(_RECENT).sum().nlargest(_SHOWN).index]
    shares = {names[code]: table[code] for code in largest}
    others = table.drop(columns=largest)
    return shares | {f"{others.shape[1]} others": others.sum(axis=1, skipna=False)}


def _bars(ax: Axes, series: pd.Series) -> None:
    ax.bar(_middles(series), series.to_numpy(), width=_WIDTH_DAYS, color=palette.muted, linewidth=0)
    ax.grid(axis="y")


def _middles(series: pd.Series) -> Any:
    return mdates.date2num(series.index + MID_MONTH)


def _values(ax: Axes, series: pd.Series, beside: bool) -> None:
    """Write the highest month above its bar, and the last one beside or above its own."""
    low, high = ax.get_xlim()
    values = series.to_numpy()
    days = _middles(series)
    peak = int(values.argmax())
    over: dict[str, Any] = {"up": 2, "ha": "center", "va": "baseline"}
    if beside:
        labels.beside(ax, _figure(values[-1]), (days[-1], values[-1]), 4)
    else:
        labels.beside(ax, _figure(values[-1]), (days[-1], values[-2:].max()), **over)
    apart = _LEAST_APART if beside else _LEAST_APART / 3
    if days[-1] - days[peak] > apart * (high - low):
        labels.beside(ax, _figure(values[peak]), (days[peak], values[peak]), **over)


def _figure(usd_bn: float) -> str:
    return f"{usd_bn:.1f}" if usd_bn >= 1 else f"{usd_bn:.2f}"
