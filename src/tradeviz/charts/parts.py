"""Parts that charts share: figures and panels, axes of days, rows of partners, keys, steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation

from tradeviz.charts.labels import above
from tradeviz.charts.palette import palette
from tradeviz.charts.style import font_scale, label_size
from tradeviz.errors import UsageError
from tradeviz.wording import short_day

WIDTH = 7.2
"""Width of a chart, in inches."""

APART = 0.5
"""Distance between the 18 and the border partners below them, in rows."""

_TRACKS_APART = 0.7
"""The same in charts of meetings and stages, whose marks are higher."""


def figure(height: float, rows: int = 1, columns: int = 1, **grid: Any) -> tuple[Figure, list[Axes]]:
    """Make a figure of the common width with panels in it.

    Where the user has set `figure.figsize`, the figure has that size; else it grows with the user's font.

    Parameters
    ----------
    height : float
        Height in inches.
    rows, columns : int
        Number of panels below and beside each other.
    **grid
        Further arguments of `matplotlib.figure.Figure.subplots`.

    Returns
    -------
    Figure, list of Axes
        The panels row by row.
    """
    fig = plt.figure(figsize=figure_size(height), layout="constrained")
    return fig, list(fig.subplots(rows, columns, squeeze=False, **grid).flat)


def figure_size(height: float) -> tuple[float, float]:
    """Size of a figure in inches: the user's, where there is one, else the common width and this height."""
    wished = mpl.rcParams["figure.figsize"]
    if list(wished) != list(mpl.rcParamsDefault["figure.figsize"]):
        return float(wished[0]), float(wished[1])
    return WIDTH * font_scale(), height * font_scale()


def whole_figure(ax: Axes) -> Figure:
    """Return the figure in which axes stand."""
    fig = ax.get_figure(root=True)
    assert fig is not None
    return fig


def panel(ax: Axes | None, height: float) -> Axes:
    """Return the axes to draw in: those of the caller, else those of a new figure of this height."""
    return figure(height)[1][0] if ax is None else _framed(ax)


def _framed(ax: Axes) -> Axes:
    """Draw those edges of the caller's axes that the style in force has."""
    for side, spine in ax.spines.items():
        spine.set_visible(bool(mpl.rcParams[f"axes.spines.{side}"]))  # type: ignore[index]
    return ax


def panels(axes: Any, number: int) -> list[Axes]:
    """Return as many of the caller's axes as a chart needs, and hide those that are left over.

    Raises
    ------
    UsageError
        If there are too few.
    """
    given = list(np.ravel(np.asarray(axes, dtype=object)))
    if len(given) < number:
        raise UsageError(f"this chart has {number} panels; axes holds {len(given)}: give one for each")
    for spare in given[number:]:
        spare.set_visible(False)
    return [_framed(ax) for ax in given[:number]]


def margins(ax: Axes, left: float, right: float, bottom: float, top: float) -> None:
    """Put the panel of a figure of its own at fixed distances from the edges, in inches."""
    width, height = (inches / font_scale() for inches in whole_figure(ax).get_size_inches())
    ax.set_position((left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height))


def key(ax: Axes, handles: list[Any], columns: int, own_figure: bool, raised: float = 4, **look: Any) -> None:
    """Explain marks above the panel: at the top of a figure of its own, else over the caller's axes.

    Parameters
    ----------
    ax : Axes
        The panel.
    handles : list of Artist
        The marks, labelled.
    columns : int
        Number of columns at the common width; fewer in narrow axes.
    own_figure : bool
        Whether the figure is the chart's own.
    raised : float
        Distance from the caller's axes, in points, for what is written between.
    **look
        Further arguments of the legend.
    """
    look = {"frameon": False, "fontsize": label_size(), "columnspacing": 1.2, **look}
    fig = whole_figure(ax)
    if own_figure:
        fig.legend(handles=handles, loc="outside upper left", ncols=columns, **look)
        return
    wide = ax.get_window_extent().width / fig.dpi
    fitting = max(1, min(columns, round(columns * wide / (0.8 * WIDTH * font_scale()))))
    up = ScaledTranslation(0, raised / 72, fig.dpi_scale_trans)
    ax.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        bbox_transform=ax.transAxes + up,
        borderaxespad=0,
        ncols=fitting,
        **look,
    )


def day_axis(ax: Axes, start: pd.Timestamp, end: pd.Timestamp) -> None:
    """Give an axis of days readable ticks: months while there are few, else quarters.

    The ticks are found once; Matplotlib would look for them anew at every step of the layout.
    """
    days = (end - start).days
    step = 1 if days <= 200 else 2 if days <= 400 else 3
    locator: Any = mdates.DayLocator(interval=7)
    if days > 45:
        locator = mdates.MonthLocator(bymonth=range(1, 13, step))
    day_ticks(ax, start, end, locator)


def day_ticks(ax: Axes, start: pd.Timestamp, end: pd.Timestamp, locator: Any) -> None:
    """Set the reach of an axis of days, with ticks where the locator finds them."""
    low, high = mdates.date2num([start, end])
    ax.set_xlim(low, high)
    found = locator.tick_values(start, end)
    names = mdates.ConciseDateFormatter(locator, show_offset=False).format_ticks(found)
    within = [(tick, name) for tick, name in zip(found, names, strict=True) if low <= tick <= high]
    ax.set_xticks([tick for tick, _ in within], [name for _, name in within])


def as_of_line(ax: Axes, as_of: pd.Timestamp, label: bool = True, side: str = "") -> None:
    """Draw the heavier line at the right edge of knowledge, with its day above the panel.

    `side` is the edge of the words that stands at the line ("left" or "right"); without it, words
    run to where there is more room.
    """
    x = mdates.date2num(as_of)
    ax.axvline(x, color=palette.ink, linewidth=1.6, zorder=5)
    if label:
        side = side or ("right" if x > sum(ax.get_xlim()) / 2 else "left")
        words = f"as of {short_day(as_of)}"
        above(ax, words, (x, 1), (0, 3), ha=side, va="bottom", fontweight="bold", color=palette.ink)


def spread(positions: list[float], gap: float) -> list[float]:
    """Move positions apart until neighbours are at least a gap from each other, keeping their order.

    Parameters
    ----------
    positions : list of float
        Where labels would like to stand, ascending.
    gap : float
        The least distance between two of them.

    Returns
    -------
    list of float
        Positions, as near to the wished ones as the gap allows.
    """
    placed: list[list[float]] = []
    for position in positions:
        placed.append([position])
        while (
            len(placed) > 1
            and _middle(placed[-1]) - _middle(placed[-2]) < gap * (len(placed[-1]) + len(placed[-2])) / 2
        ):
            placed[-2:] = [placed[-2] + placed[-1]]
    result = []
    for group in placed:
        first = _middle(group) - gap * (len(group) - 1) / 2
        result += [first + gap * i for i in range(len(group))]
    return result


def _middle(group: list[float]) -> float:
    return sum(group) / len(group)


def apart_last(codes: Iterable[str], apart: Collection[str]) -> list[str]:
    """Put the codes that stand apart behind the others, each group in its order."""
    return sorted(codes, key=lambda code: code in apart)


def row_places(codes: Iterable[str], apart: Collection[str], gap: float = APART) -> dict[str, float]:
    """Give each partner a height on an axis that runs down: one row each, those apart below a gap."""
    return {code: y + gap * (code in apart) for y, code in enumerate(apart_last(codes, apart))}


def rows_by_track(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, float], dict[str, str]]:
    """Heights and names of partners, those of the border track further below: rows with name and track."""
    names, tracks = ({row["partner"]: row[column] for row in rows} for column in ("name", "track"))
    border = [code for code, track in tracks.items() if track == "border"]
    return row_places(names, border, _TRACKS_APART), names


def name_rows(
    ax: Axes, places: Mapping[str, float], names: Mapping[str, str], above: float = 0.6, below: float = 0.6
) -> None:
    """Write the names of partners at the left of their rows, as `label_rows` does."""
    label_rows(ax, list(places.values()), [names[code] for code in places], above, below)


def label_rows(
    ax: Axes, places: Sequence[float], words: Sequence[str], above: float = 0.6, below: float = 0.6
) -> None:
    """Write words at the left of rows, dark and without a line beside them, the first on top.

    `above` and `below` are the distances from the first and the last row to the edges, in rows.
    """
    ax.set_yticks(places, words)
    ax.set_ylim(max(places) + below, -above)
    ax.tick_params(axis="y", colors=palette.ink)
    ax.spines["left"].set_visible(False)


def rule(ax: Axes, y: int, codes: Sequence[str], apart: Collection[str]) -> None:
    """Draw a line above a row; a dark one above the first of those that stand apart."""
    first_apart = codes[y] in apart and codes[y - 1] not in apart
    ax.axhline(y - 0.5, color=palette.ink if first_apart else palette.faint, linewidth=0.7)


def draw_together(ax: Axes, patches: Sequence[Patch]) -> None:
    """Draw many patches within a panel as one, in their order: each on its own takes three times as long."""
    together = PatchCollection(patches, match_original=True, joinstyle="miter", in_layout=False)
    ax.add_collection(together, autolim=False)


def without_frame(ax: Axes) -> None:
    """Take ticks and lines away from a grid of cells, and name its columns on top."""
    ax.xaxis.tick_top()
    ax.tick_params(length=0, colors=palette.ink)
    for spine in ax.spines.values():
        spine.set_visible(False)


def mark(marker: str, size: float, face: str, edge: str = "") -> dict[str, Any]:
    """Look of a mark for `Axes.plot`: shape, size in points, fill, and edge (in ink where not given)."""
    edge = edge or palette.ink
    return {"marker": marker, "markersize": size, "markerfacecolor": face, "markeredgecolor": edge}


def sign(words: str, **look: Any) -> Line2D:
    """A mark for the key above a chart, with what it means."""
    return Line2D([], [], label=words, **{"linestyle": "", **look})
