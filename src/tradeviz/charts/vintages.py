"""What was expected, as known on each day, against what came: schedules, effective rates, surprises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.rates import whole_economy_rows
from tradeviz.vocabulary import layer_name
from tradeviz.wording import bare_rate, capital, count, count_days, day, listing, rate, short_day

_SERIES = ["layer", "product"]
_AFTER = pd.Timedelta(days=45)
"""How far a panel goes beyond the last step that was scheduled on the last day."""

_BEYOND = pd.Timedelta(days=60)
"""How far a line goes beyond its last step."""

_ROOM = pd.Timedelta(days=150)
"""What words need to the right of a step, before the panel ends; else they stand to its left."""

_LOOKS: dict[int, dict[str, Any]] = {
    30: {"linewidth": 1.0, "linestyle": "-"},
    90: {"linewidth": 1.0, "linestyle": (0, (5, 2))},
    180: {"linewidth": 1.0, "linestyle": (0, (1, 1.6))},
}
_MARKS: dict[int, dict[str, Any]] = {
    30: {"s": 16, "facecolor": "none"},
    90: {"s": 24, "facecolor": "grey"},
    180: {"s": 34, "facecolor": "ink"},
}


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
        From `rates.vintages`; sector layers are left out.
    then, now : pandas.DataFrame
        From `rates.panel` for the same partner: each day as known on its own evening, and as known at as_of.
    as_of : pandas.Timestamp
        Right edge of knowledge; beyond it only what was scheduled.
    axes : sequence of Axes, optional
        Where to draw, one for each panel; a figure of its own when not given.

    Returns
    -------
    list of Axes
        One panel for each layer on all goods that ever was above zero, days along x, percent along y. Thin
        dashed lines: what was ordered for the days ahead, each from the day on which it became known (a dot),
        later ones darker; heavy line: what applied, as known on each day; hatched: what an order made
        retroactive changed afterwards.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, rates
    >>> ds = tradeviz.load("2025-08-07")
    >>> then, now = (rates.panel(ds, "2025-01-20", ds.as_of, partner="KOR", known=k) for k in ("then", "now"))
    >>> axes = charts.vintages(rates.vintages(ds, "KOR"), then, now, ds.as_of)
    >>> [ax.get_title(loc="left") for ax in axes]
    ['Reciprocal']
    """
    rows = drawn_vintages(frame)
    if rows.empty:
        raise ValueError("no whole-economy rate was ever ordered; say so in words instead")
    series = list(rows[_SERIES].drop_duplicates().itertuples(index=False, name=None))
    start = then["date"].min()
    end = max(as_of, rows.loc[rows["known"] == rows["known"].max(), "effective"].max()) + _AFTER
    if axes is None:
        _, axes = parts.figure(0.5 + 1.9 * len(series), len(series), sharex=True)
    axes = parts.panels(axes, len(series))
    for ax, one in zip(axes, series, strict=True):
        own = _of(rows, one)
        _fan(ax, own, end)
        _applied(ax, _of(then, one), _of(now, one))
        ax.set_title(capital(layer_name(*one)))
        ax.set_ylabel("percent")
        ax.set_ylim(0, 1.22 * float(own["rate_pct"].max()))
        ax.grid(axis="y")
        parts.as_of_line(ax, as_of, label=ax is axes[0])
        parts.day_axis(ax, start, end)
    labels.drop_covered(axes)
    return axes


def drawn_vintages(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of `rates.vintages` that the chart draws: layers on all goods that ever were above zero."""
    rows = whole_economy_rows(frame)
    above = rows.groupby(_SERIES)["rate_pct"].transform("max") > 0
    return rows[above].reset_index(drop=True)


def vintages_text(frame: pd.DataFrame, then: pd.DataFrame, now: pd.DataFrame) -> str:
    """Say how often each schedule was changed, what the last one says, and what was changed afterwards."""
    rows = drawn_vintages(frame)
    if rows.empty:
        return "No rate on all goods was ever ordered."
    told = []
    for one, own in rows.groupby(_SERIES, sort=False):
        last = records(own[own["known"] == own["known"].max()])[-1]
        ways = len(list(_distinct(own)))
        told.append(
            f"{capital(layer_name(*map(str, one)))}: the schedule stood in {count(ways, 'way')};"
            f" the last one says {rate(last['rate_pct'], last['basis'])} from {day(last['effective'])}."
        )
        apart = _apart(_of(then, one), _of(now, one))
        if len(apart):
            told.append(f"For {count_days(len(apart))} an order changed the rate afterwards.")
    return " ".join(told)


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
    own = ax is None
    ax = parts.panel(ax, 3.3)
    came = frame.drop_duplicates("day").sort_values("day")
    ax.plot(mdates.date2num(came["day"]), came["came_pct"], color=palette.ink, linewidth=2.0, zorder=4)
    handles = [Line2D([], [], color=palette.ink, linewidth=2.0, label="came")]
    for length, rows in frame.groupby("ahead_days"):
        look = {**_LOOKS.get(int(str(length)), {}), "color": palette.stage("text_published")}
        ax.plot(mdates.date2num(rows["day"]), rows["expected_pct"], zorder=3, **look)
        handles.append(Line2D([], [], label=f"expected {length} days before", **look))
    start = frame["day"].min()
    parts.day_axis(ax, start, as_of + (as_of - start) * 0.01)
    ax.set_ylim(0, max(1.0, float(frame[["expected_pct", "came_pct"]].max().max())) * 1.08)
    ax.set_ylabel("percent of customs value")
    ax.grid(axis="y")
    parts.key(ax, handles, 4, own)
    parts.as_of_line(ax, as_of, label=False)
    return ax


def expected_text(frame: pd.DataFrame) -> str:
    """Say how far what came lay from what had been expected, for each number of days ahead."""
    if frame.empty:
        return "No expectation can be set against what came yet."
    told = []
    for length, rows in frame.groupby("ahead_days"):
        size = rows["surprise_points"].abs()
        most = records(rows.loc[[size.idxmax()]])[0]
        told.append(
            f"{length} days before, what came lay {size.mean():.1f} points from what was expected, on average"
            f" over {count_days(len(rows))}; most on {day(most['day'])}, when {most['came_pct']:.1f}% came"
            f" and {most['expected_pct']:.1f}% had been expected."
        )
    return " ".join(["Effective rate, percent of customs value.", *told])


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
    own = ax is None
    wide = frame.pivot(index="partner", columns="ahead_days", values="mean_points")
    codes = list(wide.max(axis=1).sort_values(ascending=False, kind="stable").index)
    ax = parts.panel(ax, 1.2 + 0.24 * len(codes))
    fills = {"none": palette.paper, "grey": palette.grey, "ink": palette.ink}
    handles = []
    for place, code in enumerate(codes):
        known = wide.loc[code].dropna()
        ax.plot([known.min(), known.max()], [place, place], color=palette.faint, linewidth=1.5, zorder=1)
    for length in wide.columns:
        look = dict(_MARKS.get(int(length), _MARKS[180]))
        look["facecolor"] = fills[look["facecolor"]]
        ax.scatter(wide.loc[codes, length], range(len(codes)), edgecolor=palette.ink, zorder=3, **look)
        mark = {
            "marker": "o",
            "linestyle": "",
            "markersize": np.sqrt(look["s"]),
            "markeredgecolor": palette.ink,
        }
        handles.append(
            Line2D([], [], markerfacecolor=look["facecolor"], label=f"expected {length} days before", **mark)
        )
    parts.name_rows(ax, {code: float(place) for place, code in enumerate(codes)}, names)
    ax.set_xlim(left=0)
    ax.grid(axis="x")
    ax.set_xlabel("percentage points between what was expected and what came, on average")
    parts.key(ax, handles, 3, own)
    return ax


def surprise_text(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say for whom the rate was least and most predictable."""
    if frame.empty:
        return "No expectation can be set against what came yet."
    told = []
    for length, rows in frame.groupby("ahead_days"):
        ranked = rows.sort_values("mean_points", ascending=False, kind="stable")
        first = [f"{names[row['partner']]} ({row['mean_points']:.1f})" for row in records(ranked.head(3))]
        last = [f"{names[row['partner']]} ({row['mean_points']:.1f})" for row in records(ranked.tail(2))]
        told.append(f"{length} days before: farthest off for {listing(first)}, nearest for {listing(last)}.")
    return " ".join(["Mean distance in percentage points.", *told])


def _of(frame: pd.DataFrame, one: Any) -> pd.DataFrame:
    return frame[(frame["layer"] == one[0]) & (frame["product"] == one[1])]


def _distinct(rows: pd.DataFrame) -> Any:
    """The vintages of one schedule that differ from the one before in what was still to come or is new."""
    before: list[tuple[Any, ...]] = []
    for known, own in rows.groupby("known", sort=True):
        steps = list(own[["effective", "rate_pct", "basis"]].itertuples(index=False, name=None))
        if steps != before:
            yield known, own
        before = steps


def _fan(ax: Axes, rows: pd.DataFrame, end: pd.Timestamp) -> None:
    """What each vintage says of the days after it became known, the older ones lighter."""
    drawn = list(_distinct(rows))
    shades = palette.ladder[1:5]
    for place, (known, own) in enumerate(drawn):
        look: dict[str, Any] = {"color": shades[len(shades) * place // len(drawn)], "zorder": 2}
        days, values = vintage_line(own, known, end)
        steps: dict[str, Any] = {"drawstyle": "steps-post", "linewidth": 1.1, "linestyle": (0, (4, 1.5))}
        ax.plot(mdates.date2num(days), values, gid=f"vintage {known:%Y-%m-%d}", **steps, **look)
        ax.plot(mdates.date2num(days[:1]), values[:1], "o", markersize=3.2, **look)
        if len(days) > 2:
            last = records(own.sort_values("effective", kind="stable"))[-1]
            words = f"{short_day(known)}: {bare_rate(last['rate_pct'], last['basis'])}"
            at = (float(mdates.date2num(days[-2])), values[-1])  # where the last step stands
            near_end = days[-2] > end - _ROOM
            right, side = (-2, "right") if near_end else (2, "left")
            labels.beside(ax, words, at, right, 6, ha=side, color=palette.muted, zorder=4 + place / 100)


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
        look: dict[str, Any] = {
            "facecolor": "none",
            "edgecolor": palette.muted,
            "hatch": "////",
            "linewidth": 0.0,
        }
        ax.fill_between(mdates.date2num(apart["date"]), low, high, step="post", zorder=4, **look)
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
