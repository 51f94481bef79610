"""Words beside marks: at a place, at the edge of a panel, and where they cover least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text
from matplotlib.textpath import TextPath

from tradeviz.charts.palette import palette
from tradeviz.charts.style import label_size, lay_out

_Box = tuple[float, float, float, float]


def above(
    ax: Axes, words: str, foot: tuple[float, float], offset: tuple[float, float], **look: Any
) -> Annotation:
    """Write words at a day and a height of the panel (1 is its top edge), moved by points."""
    return ax.annotate(
        words,
        foot,
        xycoords=("data", "axes fraction"),
        xytext=offset,
        textcoords="offset points",
        fontsize=label_size(),
        annotation_clip=False,
        **look,
    )


def beside(
    ax: Axes, words: str, at: tuple[float, float], right: float = 0, up: float = 0, **look: Any
) -> Annotation:
    """Write words beside a point of the panel, moved by points, in the middle of their height.

    Words that are moved to the left end there; the others begin there.
    """
    side = "right" if right < 0 else "left"
    look = {"ha": side, "va": "center", "fontsize": label_size(), "annotation_clip": False, **look}
    return ax.annotate(words, at, xytext=(right, up), textcoords="offset points", **look)


def ground() -> dict[str, Any]:
    """Box behind words that keeps lines out of them."""
    return {"facecolor": palette.paper, "edgecolor": "none", "pad": 0.4}


def at_edge(ax: Axes, words: str, y: float, right: float = 6, **look: Any) -> Annotation:
    """Write words at the right edge of the panel, beside a row."""
    return beside(ax, words, (1, y), right, xycoords=("axes fraction", "data"), **look)


def at_end(ax: Axes, words: str, end: tuple[float, float], height: float, colour: str) -> None:
    """Write words beside the panel, at a height in data units, with a thin line to the end of a curve."""
    line = {"arrowstyle": "-", "color": palette.faint, "linewidth": 0.8, "relpos": (0, 0.5), "shrinkB": 4}
    ax.annotate(
        words,
        end,
        xytext=(1.04, height),
        textcoords=("axes fraction", "data"),
        va="center",
        fontsize=label_size(),
        color=colour,
        annotation_clip=False,
        arrowprops=line,
        zorder=2,
    )


def drop_covered(axes: Sequence[Axes], lifts: Sequence[float] = ()) -> None:
    """Take out words that lie on others of their panel: those further behind, then the shorter ones.

    Parameters
    ----------
    axes : sequence of Axes
        The panels.
    lifts : sequence of float
        By how many points to move them up first, if they lie on no others there.
    """
    figure = axes[0].get_figure(root=True)
    assert figure is not None
    lay_out(figure)
    for ax in axes:
        written: list[_Box] = []
        for text in sorted(ax.texts, key=lambda text: (-text.get_zorder(), -len(text.get_text()))):
            left, low, right, high = _points(text.get_window_extent().extents, 1.0)
            for lift in (0.0, *lifts):
                up = lift * figure.dpi / 72
                box = (left, low + up, right, high + up)
                if not any(_overlap(box, other) > 1 for other in written):
                    _lift(text, lift)
                    written.append(box)
                    break
            else:
                text.remove()


def _lift(text: Text, points: float) -> None:
    if points and isinstance(text, Annotation):
        text.xyann = (text.xyann[0], text.xyann[1] + points)


@dataclass(frozen=True)
class Label:
    """Words at a point of a panel.

    Attributes
    ----------
    day, level : Timestamp, float
        The point: a day along x, percent along y.
    text, colour : str
        What is written, and its colour.
    rank : int
        0 is always written; a higher one is left out where it would cover another label.
    """

    day: pd.Timestamp
    level: float
    text: str
    colour: str
    rank: int


def place_labels(ax: Axes, labels: list[Label]) -> list[str]:
    """Write labels beside their points, so that they cover no other label and few lines and marks.

    Thin lines behind the data (zorder below 2) do not count.

    Parameters
    ----------
    ax : Axes
        A panel whose size is final (after a first layout).
    labels : list of Label
        Those of lower rank are placed first; the same label is written once.

    Returns
    -------
    list of str
        The texts that were written.
    """
    points = 72 / ax.figure.dpi
    frame = _points(ax.get_window_extent().extents, points)
    drawn = [_line_box(line, points) for line in ax.lines if line.get_zorder() >= 2]
    taken = [_points(text.get_window_extent().extents, points) for text in ax.texts]
    written: list[str] = []
    for label in sorted(dict.fromkeys(labels), key=lambda item: item.rank):
        foot = ax.transData.transform((mdates.date2num(label.day), label.level)) * points
        places = _places(foot[0], foot[1], label.text)
        costs = [_cost(spot, taken, drawn, frame) + less for spot, less in places]
        box = places[costs.index(min(costs))][0]
        if label.rank and any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        written.append(label.text)
        ax.annotate(
            label.text,
            (mdates.date2num(label.day), label.level),
            (box[0] - foot[0], box[1] - foot[1]),
            textcoords="offset points",
            fontsize=label_size(),
            color=label.colour,
            zorder=8,
            annotation_clip=False,
        ).set_in_layout(False)
    return written


def _places(x: float, y: float, text: str) -> list[tuple[_Box, float]]:
    """Where words may stand around a point, and how much less good each place is than the first."""
    width, height = TextPath((0, 0), text, size=label_size()).get_extents().width + 2, 1.1 * label_size()
    across = ((-width - 2, 0.0), (3.0, 2.0), (-width / 2, 4.0))
    rises = (
        (2.0, 0.0),
        (-height - 2, 40.0),
        (height * 0.7, 60.0),
        (-height * 1.7, 80.0),
        (height * 1.5, 90.0),
    )
    feet = [(x + dx, y + dy, less + lower) for dy, lower in rises for dx, less in across]
    feet += [(x - width - 6, y - height / 2, 20.0), (x + 7, y - height / 2, 22.0)]
    return [((left, low, left + width, low + height), less) for left, low, less in feet]


def _line_box(line: Line2D, scale: float) -> _Box:
    left, low, right, high = _points(line.get_path().get_extents(line.get_transform()).extents, scale)
    pad = 4.0 if line.get_marker() not in (None, "", "None") else 1.0
    return left - pad, low - pad, right + pad, high + pad


def _cost(box: _Box, taken: list[_Box], drawn: list[_Box], frame: _Box) -> float:
    area = (box[2] - box[0]) * (box[3] - box[1])
    outside = area - _overlap(box, frame)
    return (
        4 * outside
        + 8 * sum(_overlap(box, other) for other in taken)
        + 5 * sum(_overlap(box, other) for other in drawn)
    )


def _overlap(first: _Box, second: _Box) -> float:
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    return max(width, 0.0) * max(height, 0.0)


def _points(extents: Sequence[float], scale: float) -> _Box:
    left, low, right, high = (float(edge) * scale for edge in extents)
    return left, low, right, high
