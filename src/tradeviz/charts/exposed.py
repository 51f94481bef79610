"""Who is exposed: 2024 imports of each partner against its headline rate."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator
from matplotlib.transforms import Bbox

from tradeviz.charts import parts, style
from tradeviz.charts.palette import palette, reworded
from tradeviz.frames import records
from tradeviz.vocabulary import STAGE_NAMES
from tradeviz.wording import capital, count, day, listing, number, rounded_rate

_SIZE = 62
_TICKS = (5, 10, 20, 50, 100, 200, 500, 1000)


def exposed_frame(imports: pd.DataFrame) -> pd.DataFrame:
    """Keep the partners that can be placed: 2024 imports published and a headline known.

    Parameters
    ----------
    imports : pandas.DataFrame
        From `exposure.imports_and_rates`.

    Returns
    -------
    pandas.DataFrame
        Its rows and columns; empty while the whole year 2024 is not published.
    """
    return imports.dropna(subset=["imports_2024_usd_bn", "headline_pct"]).reset_index(drop=True)


@style.styled
def exposed(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a mark for each partner: what it sold in 2024 against the headline rate on it now.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `exposed_frame`; at least one row.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        2024 imports along x (billions of dollars, logarithmic), percent along y. Colour of a
        mark: stage; ring: converted from an all-in rate; square: border partner.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, exposure
    >>> ds = tradeviz.load("2025-04-25")
    >>> frame = charts.exposed_frame(exposure.imports_and_rates(ds))
    >>> ax = charts.exposed(frame)
    >>> ax.get_ylabel()
    'headline rate, percent on top of the normal duty'
    """
    ax = parts.panel(ax, 5.2)
    ax.set_xscale("log")
    ax.set_xlim(frame["imports_2024_usd_bn"].min() * 0.72, frame["imports_2024_usd_bn"].max() * 1.6)
    top = max(frame["headline_pct"].max(), 10)
    ax.set_ylim(min(frame["headline_pct"].min() - 0.13 * top, 0), top * 1.12)
    rows = records(frame)
    for row in rows:
        _mark(ax, row)
    ax.xaxis.set_minor_locator(NullLocator())
    low, high = ax.get_xlim()
    ticks = [tick for tick in _TICKS if low <= tick <= high]
    ax.set_xticks(ticks, [number(tick) for tick in ticks])
    ax.set_xlabel("U.S. imports for consumption in 2024, billions of dollars; logarithmic axis")
    ax.set_ylabel("headline rate, percent on top of the normal duty")
    ax.set_yticks([tick for tick in ax.get_yticks() if 0 <= tick <= top * 1.12])
    ax.grid(axis="both")
    _key(ax, frame)
    _labels(ax, rows)
    return ax


def exposed_text(frame: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Say who sold most and who faces the highest headline rates."""
    if frame.empty:
        return f"The imports of 2024 were not all published by {day(as_of)}."
    largest = frame.nlargest(3, "imports_2024_usd_bn")
    sold = [f"{row['name']} (${row['imports_2024_usd_bn']:,.0f} billion)" for row in records(largest)]
    text = f"{count(len(frame), 'partner')}. The largest sources of imports in 2024: {listing(sold)}."
    reciprocal = frame[frame["track"] == "reciprocal"]
    low, high = reciprocal["headline_pct"].min(), reciprocal["headline_pct"].max()
    if low == high:
        text += f" The headline rate on all of the {len(reciprocal)} is {rounded_rate(high)}."
    else:
        text += f" The headline rates on the {len(reciprocal)} run"
        text += f" from {rounded_rate(low)} ({_who(reciprocal, low)})"
        text += f" to {rounded_rate(high)} ({_who(reciprocal, high)})."
    border = frame[frame["track"] == "border"]
    if len(border):
        stand = [f"{row['name']} {rounded_rate(row['headline_pct'])}" for row in records(border)]
        text += f" Border partners, goods under USMCA exempt: {listing(stand)}."
    n = int(frame["converted"].sum())
    return capital(text + (f" {capital(count(n, 'rate'))} converted from all-in." if n else ""))


def _who(rows: pd.DataFrame, level: float) -> str:
    names = list(rows.loc[rows["headline_pct"] == level, "name"])
    return listing(names) if len(names) <= 3 else count(len(names), "partner")


def _mark(ax: Axes, row: dict[str, Any]) -> None:
    shape = "s" if row["track"] == "border" else "o"
    at = (row["imports_2024_usd_bn"], row["headline_pct"])
    look: dict[str, Any] = {"marker": shape, "edgecolor": palette.ink, "clip_on": False}
    colour = palette.stage(row["stage"])
    ax.scatter(*at, s=_SIZE, facecolor=colour, linewidth=0.9, zorder=4, **look)
    if row["converted"]:
        ax.scatter(*at, s=_SIZE * 2.6, facecolor="none", linewidth=0.9, zorder=4, **look)


def _key(ax: Axes, frame: pd.DataFrame) -> None:
    """Above the panel: the colours of the stages present, then the shapes."""
    stages = [stage for stage in STAGE_NAMES if (frame["stage"] == stage).any()]
    signs = [(STAGE_NAMES[stage], "o", palette.stage(stage), 7.5) for stage in stages]
    if (frame["track"] == "border").any():
        signs.append(("border partner, goods under USMCA exempt", "s", palette.paper, 7.5))
    if frame["converted"].any():
        signs.append(("ring: converted from an all-in rate", "o", "none", 12.5))
    handles = [parts.sign(words, **parts.mark(shape, size, face)) for words, shape, face, size in signs]
    parts.key(ax, handles, 3, own_figure=False, handletextpad=0.2, labelcolor=palette.muted)


def _labels(ax: Axes, rows: list[dict[str, Any]]) -> None:
    """Write each name at the nearest free place, with a thin line where that is not beside its mark."""
    figure = parts.whole_figure(ax)
    style.lay_out(figure)
    point = figure.dpi / 72
    panel = ax.get_window_extent()
    feet = [ax.transData.transform((row["imports_2024_usd_bn"], row["headline_pct"])) for row in rows]
    half = 7.5 * point
    taken = [_around(x, y, half) for x, y in feet]
    look: dict[str, Any] = {"fontsize": style.label_size(), "ha": "center", "va": "center", "zorder": 6}
    thin = {"arrowstyle": "-", "color": palette.muted, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 5}
    for row, (x, y) in sorted(zip(rows, feet, strict=True), key=lambda pair: float(pair[1][0])):
        note = ax.annotate(reworded(row["name"]), (x, y), xycoords="figure pixels", **look)
        size = note.get_window_extent()
        note.remove()
        box, line = _free_place((x, y), (size.width, size.height), taken, panel, point)
        taken += [box, *line]
        middle = ((box.x0 + box.x1) / 2 - x, (box.y0 + box.y1) / 2 - y)
        ax.annotate(
            row["name"],
            (row["imports_2024_usd_bn"], row["headline_pct"]),
            xytext=(middle[0] / point, middle[1] / point),
            textcoords="offset points",
            arrowprops=thin if line else None,
            **look,
        )


def _free_place(
    foot: tuple[float, float], size: tuple[float, float], taken: list[Bbox], panel: Bbox, point: float
) -> tuple[Bbox, list[Bbox]]:
    """The nearest box of a size that meets nothing taken, and small boxes along the line that leads to it."""
    width, height = size
    beside = 9 * point
    free: list[tuple[Bbox, list[Bbox]]] = []
    for across, up in _moves(width, height, beside, point):
        x, y = foot[0] + across, foot[1] + up
        box = Bbox.from_bounds(x - width / 2, y - height / 2, width, height)
        inside = panel.x0 <= box.x0 and box.x1 <= panel.x1 and panel.y0 <= box.y0 and box.y1 <= panel.y1
        if not inside or box.padded(point).count_overlaps(taken):
            continue
        line = _along(foot, (x, y), box, point) if _away(across, up, width, height) > beside * 1.2 else []
        if not any(spot.count_overlaps(taken) for spot in line):
            return box, line
        free.append((box, line))
    beside_it = Bbox.from_bounds(foot[0] + beside, foot[1] - height / 2, width, height)
    return free[0] if free else (beside_it, [])


def _moves(width: float, height: float, beside: float, point: float) -> list[tuple[float, float]]:
    """Where the middle of a label may stand from its mark, the nearest first."""
    sides = [(beside + width / 2, 0.0), (-beside - width / 2, 0.0)]
    grid = [(8.0 * i * point, 5.0 * j * point) for i in range(-14, 15) for j in range(-18, 19)]
    grid = [move for move in grid if _away(move[0], move[1], width, height) >= beside]
    return sides + sorted(grid, key=lambda move: _away(move[0], move[1], width, height) + 0.35 * abs(move[0]))


def _away(across: float, up: float, width: float, height: float) -> float:
    return float(max(abs(across) - width / 2, 0) + max(abs(up) - height / 2, 0))


def _along(foot: tuple[float, float], end: tuple[float, float], box: Bbox, point: float) -> list[Bbox]:
    """Small boxes along a line, from a little off the mark to the edge of the label."""
    across, up = end[0] - foot[0], end[1] - foot[1]
    spots = [(foot[0] + across * i / 30, foot[1] + up * i / 30) for i in range(31)]
    distant = [(x, y) for x, y in spots if max(abs(x - foot[0]), abs(y - foot[1])) > 8 * point]
    return [_around(x, y, point / 2) for x, y in distant if not box.contains(x, y)]


def _around(x: float, y: float, half: float) -> Bbox:
    return Bbox.from_extents(x - half, y - half, x + half, y + half)
