"""Schedules as they stood on each day on which an order changed them, against what applied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.rates import whole_economy_rows
from tradeviz.vocabulary import IMPORT_LAYERS, layer_name
from tradeviz.wording import bare_rate, capital, count, count_days, day, rate, short_day

_LIFTS = (10.0, -18.0)
"""Where else words may stand than just above their step, in points from there."""

_SERIES = ["layer", "product"]
_AFTER = pd.Timedelta(days=45)
"""How far a panel goes beyond the last step that was scheduled on the last day."""

_PANEL, _PAGE = (1.1, 1.9), 8.0
"""The least and the greatest height of a panel, and what all of them may take of a sheet, in inches."""

_BEYOND = pd.Timedelta(days=60)
"""How far a line goes beyond its last step."""

_ROOM = 0.2
"""Share of a panel that words need to the right of a step; where it ends before, they stand to the left."""


@style.styled
def vintages(
    frame: pd.DataFrame,
    then: pd.DataFrame,
    now: pd.DataFrame,
    as_of: pd.Timestamp,
    *,
    axes: Sequence[Axes] | None = None,
) -> list[Axes]:
    """Draw the schedule of a partner as it stood on each day it changed, as a fan, against what applied.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `rates.vintages`: those of `drawn_vintages` or `drawn_sectors`.
    then, now : pandas.DataFrame
        From `rates.panel` for the same partner: each day as known on its own evening, and as known at as_of.
    as_of : pandas.Timestamp
        Right edge of knowledge; beyond it only what was scheduled.
    axes : sequence of Axes, optional
        Where to draw, one for each panel; a figure of its own when not given.

    Returns
    -------
    list of Axes
        One panel for each schedule, days along x, percent along y. Thin dashed lines: what was ordered for
        the days ahead, each from the day on which it became known (a dot), later ones darker; heavy line:
        what applied, as known on each day; hatched: what an order made retroactive changed afterwards.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, rates
    >>> ds = tradeviz.load("2025-08-07")
    >>> then, now = (rates.panel(ds, "2025-01-20", ds.as_of, partner="KOR", known=k) for k in ("then", "now"))
    >>> axes = charts.vintages(charts.drawn_vintages(rates.vintages(ds, "KOR")), then, now, ds.as_of)
    >>> [ax.get_title(loc="left") for ax in axes]
    ['Reciprocal']
    """
    if frame.empty:
        raise ValueError("no rate was ever ordered; say so in words instead")
    series = list(frame[_SERIES].drop_duplicates().itertuples(index=False, name=None))
    start = then["date"].min()
    end = max(as_of, frame.loc[frame["known"] == frame["known"].max(), "effective"].max()) + _AFTER
    if axes is None:
        low, high = _PANEL
        high = min(high, max(low, _PAGE / len(series)))
        _, axes = parts.figure(0.5 + high * len(series), len(series), sharex=True)
    axes = parts.panels(axes, len(series))
    for ax, key in zip(axes, series, strict=True):
        rows = _of(frame, key)
        _fan(ax, rows, start, end)
        _applied(ax, _of(then, key), _of(now, key))
        ax.set_title(capital(layer_name(*key)))
        ax.set_ylabel("percent")
        ax.set_ylim(0, 1.22 * float(rows["rate_pct"].max()))
        ax.grid(axis="y")
        parts.as_of_line(ax, as_of, label=ax is axes[0])
        parts.day_axis(ax, start, end)
    labels.drop_covered(axes, _LIFTS)
    return axes


def drawn_vintages(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of `rates.vintages` that the chart draws: layers on all goods that ever were above zero."""
    rows = whole_economy_rows(frame)
    above = rows.groupby(_SERIES)["rate_pct"].transform("max") > 0
    return rows[above].reset_index(drop=True)


def drawn_sectors(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of `rates.vintages` on U.S. duties on listed goods whose schedule was changed once set."""
    listed = ~frame.index.isin(whole_economy_rows(frame).index)
    rows = frame[listed & frame["layer"].isin(IMPORT_LAYERS)]
    ways = {key: len(list(_distinct(group))) for key, group in rows.groupby(_SERIES)}
    changed = [ways[key] > 1 for key in rows[_SERIES].itertuples(index=False, name=None)]
    return rows[np.array(changed, dtype=bool)].reset_index(drop=True)


def vintages_text(frame: pd.DataFrame, then: pd.DataFrame, now: pd.DataFrame) -> str:
    """Say how often each schedule was changed, what the last one says, and what was changed afterwards."""
    if frame.empty:
        return "There is no schedule to draw."
    sentences = []
    for key, rows in frame.groupby(_SERIES, sort=False):
        last = records(rows[rows["known"] == rows["known"].max()])[-1]
        ways = len(list(_distinct(rows)))
        sentences.append(
            f"{capital(layer_name(*map(str, key)))}: the schedule stood in {count(ways, 'way')};"
            f" the last one says {rate(last['rate_pct'], last['basis'])} from {day(last['effective'])}."
        )
        apart = _apart(_of(then, key), _of(now, key))
        if len(apart):
            sentences.append(f"For {count_days(len(apart))} an order changed the rate afterwards.")
    return " ".join(sentences)


def _of(frame: pd.DataFrame, key: Any) -> pd.DataFrame:
    return frame[(frame["layer"] == key[0]) & (frame["product"] == key[1])]


def _distinct(rows: pd.DataFrame) -> Any:
    """The vintages of one schedule that differ from the one before in what was still to come or is new."""
    before: list[tuple[Any, ...]] = []
    for known, vintage in rows.groupby("known", sort=True):
        rates = vintage[["rate_pct", "basis"]]
        moves = (rates != rates.shift()).any(axis=1)  # an order may set the same rate again
        columns = ["effective", "rate_pct", "basis"]
        steps = list(vintage.loc[moves, columns].itertuples(index=False, name=None))
        if steps != before:
            yield known, vintage
        before = steps


def _fan(ax: Axes, rows: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> None:
    """What each vintage says of the days after it became known, the older ones lighter."""
    drawn = list(_distinct(rows))
    shades = palette.ladder[1:5]
    halo = {"path_effects": [withStroke(linewidth=2.5, foreground=palette.paper)]}
    for i, (known, vintage) in enumerate(drawn):
        look: dict[str, Any] = {"color": shades[len(shades) * i // len(drawn)], "zorder": 2}
        days, values = vintage_line(vintage, known, end)
        steps: dict[str, Any] = {"drawstyle": "steps-post", "linewidth": 1.1, "linestyle": (0, (4, 1.5))}
        ax.plot(mdates.date2num(days), values, gid=f"vintage {known:%Y-%m-%d}", **steps, **look)
        ax.plot(mdates.date2num(days[:1]), values[:1], "o", markersize=3.2, **look)
        if len(days) > 2:
            last = records(vintage.sort_values("effective", kind="stable"))[-1]
            words = f"{short_day(known)}: {bare_rate(last['rate_pct'], last['basis'])}"
            at = (float(mdates.date2num(days[-2])), values[-1])  # where the last step stands
            near_end = days[-2] > end - (end - start) * _ROOM
            written = {"color": palette.muted, "zorder": 6 + i / 100, **halo}
            labels.beside(ax, words, at, -2 if near_end else 2, 6, **written)


def vintage_line(
    steps: pd.DataFrame, known: pd.Timestamp, end: pd.Timestamp
) -> tuple[list[pd.Timestamp], list[float]]:
    """Days and rates of one schedule from the day on which it became known: where it stands, then each step.

    It ends two months after its last step, or at the end of the panel.
    """
    steps = steps.sort_values("effective", kind="stable")
    begun = steps["effective"] <= known
    ahead = steps[~begun]
    level = float(steps.loc[begun, "rate_pct"].iloc[-1]) if begun.any() else 0.0
    values = [level, *ahead["rate_pct"].tolist()]
    days = [known, *ahead["effective"].tolist()]
    return [*days, min(end, days[-1] + _BEYOND)], [*values, values[-1]]


def _applied(ax: Axes, then: pd.DataFrame, now: pd.DataFrame) -> None:
    """What applied on each day, as known then; hatched, what was changed afterwards."""
    x = mdates.date2num(then["date"])
    ax.plot(x, then["rate_pct"], drawstyle="steps-post", color=palette.ink, linewidth=2.2, zorder=5)
    apart = _apart(then, now)
    if len(apart):
        low, high = apart["rate_pct"], apart["later_pct"]
        days, hatched = mdates.date2num(apart["date"]), {"facecolor": "none", "hatch": "////"}
        look: dict[str, Any] = hatched | {"edgecolor": palette.muted, "linewidth": 0.0}
        ax.fill_between(days, low, high, step="post", zorder=4, **look)
        row = records(apart)[0]
        words = f"paid {bare_rate(row['rate_pct'], row['basis'])}, later"
        words += f" {bare_rate(row['later_pct'], row['later_basis'])}"
        at = (float(mdates.date2num(row["date"])), max(row["rate_pct"], row["later_pct"]))
        labels.beside(ax, words, at, 0, 8, color=palette.ink, ha="right", zorder=9)


def _apart(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """The days of one schedule whose rate or basis was changed afterwards."""
    later = now[["date", "rate_pct", "basis"]]
    later = later.rename(columns={"rate_pct": "later_pct", "basis": "later_basis"})
    both = then.merge(later, on="date")
    return both[(both["rate_pct"] != both["later_pct"]) | (both["basis"] != both["later_basis"])]
