"""Labels in small panels: each is put where it covers least, and left out where there is no room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.textpath import TextPath

SIZE = 8.5
"""Size of a label, in points."""

_HEIGHT = 1.1 * SIZE
_Box = tuple[float, float, float, float]


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
    for label in sorted(dict.fromkeys(labels), key=lambda one: one.rank):
        foot = ax.transData.transform((mdates.date2num(label.day), label.level)) * points
        places = _places(foot[0], foot[1], label.text)
        costs = [_cost(place, taken, drawn, frame) + less for place, less in places]
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
            fontsize=SIZE,
            color=label.colour,
            zorder=8,
            annotation_clip=False,
        ).set_in_layout(False)
    return written


def _places(x: float, y: float, text: str) -> list[tuple[_Box, float]]:
    """Where words may stand around a point, and how much less good each place is than the first."""
    width, height = TextPath((0, 0), text, size=SIZE).get_extents().width + 2, _HEIGHT
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


def _overlap(one: _Box, other: _Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)


def _points(extents: Sequence[float], scale: float) -> _Box:
    left, low, right, high = (float(edge) * scale for edge in extents)
    return left, low, right, high
