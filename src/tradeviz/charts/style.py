"""One visual language: colours, marks, axes of days, and pictures that are the same byte for byte.

Every chart takes its constants from here, so that the same thing looks the same everywhere and
survives grey print.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox
from PIL import Image

from tradeviz.vocabulary import STAGES
from tradeviz.wording import short_day

STYLE_FILE = Path(__file__).with_name("tradeviz.mplstyle")

INK = "#1a1a1a"
MUTED = "#5c5c5c"
FAINT = "#d9d9d9"
THREAT = "#D55E00"
DEAL = "#009E73"
LADDER: dict[str, str] = dict(
    zip(STAGES, ("#e3eef9", "#bcd7ee", "#86b6de", "#4a8fc7", "#1f66a8", "#08306b"), strict=True)
)
"""Six steps of one blue, light to dark; their greys differ as well."""

DARK_STAGES = frozenset(STAGES[3:])
"""Stages on whose colour marks and words are white."""

LEVEL_SIZES: dict[str, float] = {"leaders": 46, "ministerial": 22, "technical": 12}
"""Area of the mark of a meeting, in square points; technical marks are hollow."""

_COLOURS = 128
_DIGITS = 6  # of a place in a figure of width 1: less than a thousandth of a point

WIDTH = 7.2
"""Width of a chart, in inches."""

_P = ParamSpec("_P")
_R = TypeVar("_R")


def styled(draw: Callable[_P, _R]) -> Callable[_P, _R]:
    """Draw in the project's style without touching the caller's rcParams."""

    @wraps(draw)
    def in_style(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with plt.style.context(STYLE_FILE):
            return draw(*args, **kwargs)

    return in_style


def figure(height: float, rows: int = 1, **grid: Any) -> tuple[Figure, list[Axes]]:
    """Make a figure of the common width with panels below each other.

    Parameters
    ----------
    height : float
        Height in inches.
    rows : int
        Number of panels.
    **grid
        Further arguments of `matplotlib.pyplot.subplots`.

    Returns
    -------
    Figure, list of Axes
    """
    fig, axes = plt.subplots(rows, 1, figsize=(WIDTH, height), squeeze=False, layout="constrained", **grid)
    return fig, list(axes[:, 0])


def day_axis(ax: Axes, start: pd.Timestamp, end: pd.Timestamp) -> None:
    """Give an axis of days readable ticks: months while there are few, else quarters.

    The ticks are found once; Matplotlib would look for them anew at every step of the layout.
    """
    low, high = mdates.date2num([start, end])
    ax.set_xlim(low, high)
    days = (end - start).days
    step = 1 if days <= 200 else 2 if days <= 400 else 3
    locator: Any = mdates.DayLocator(interval=7)
    if days > 45:
        locator = mdates.MonthLocator(bymonth=range(1, 13, step))
    found = locator.tick_values(start, end)
    words = mdates.ConciseDateFormatter(locator, show_offset=False).format_ticks(found)
    within = [(tick, word) for tick, word in zip(found, words, strict=True) if low <= tick <= high]
    ax.set_xticks([tick for tick, _ in within], [word for _, word in within])


def as_of_line(ax: Axes, as_of: pd.Timestamp, label: bool = True, side: str = "") -> None:
    """Draw the heavier line at the right edge of knowledge, with its day above the panel.

    `side` is the edge of the words that stands at the line ("left" or "right"); without it, words
    run to where there is more room.
    """
    x = mdates.date2num(as_of)
    ax.axvline(x, color=INK, linewidth=1.6, zorder=5)
    if label:
        side = side or ("right" if _right_half(ax, as_of) else "left")
        words = f"as of {short_day(as_of)}"
        above(ax, words, (x, 1), (0, 3), ha=side, va="bottom", fontweight="bold", color=INK)


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
        fontsize=8.5,
        annotation_clip=False,
        **look,
    )


def _right_half(ax: Axes, when: pd.Timestamp) -> bool:
    low, high = ax.get_xlim()
    return bool(mdates.date2num(when) > (low + high) / 2)


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


def settle(fig: Figure) -> None:
    """Lay a figure out for good: twice, since long words move what the first pass has placed.

    Matplotlib would lay it out, in a drawing of its own, each time the figure is drawn. Even the
    engine "none" makes it draw a figure twice when that is written; only with no engine it does not.
    The last digits of the places it finds differ from one process to the next; they are rounded off.
    """
    engine = fig.get_layout_engine()
    if engine is not None:
        engine.execute(fig)
        engine.execute(fig)
        with mpl.rc_context({"figure.autolayout": False, "figure.constrained_layout.use": False}):
            fig.set_layout_engine(None)
        for ax in fig.axes:
            place = ax.get_position(original=True).bounds
            ax.set_position(Bbox.from_bounds(*(round(part, _DIGITS) for part in place)))


def svg(fig: Figure) -> str:
    """Write a figure as SVG; the same figure gives the same bytes."""
    settle(fig)
    with mpl.rc_context({"svg.hashsalt": "tradeviz", "svg.fonttype": "path"}):
        buffer = io.StringIO()
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def png(fig: Figure, dpi: int = 180) -> bytes:
    """Write a figure as PNG of few colours, a third of the weight; the same figure gives the same bytes."""
    settle(fig)
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    few = (
        Image.open(buffer)
        .convert("RGB")
        .quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    light = io.BytesIO()
    few.save(light, format="png", optimize=True)
    return light.getvalue()


def close(fig: Figure) -> None:
    """Forget a figure, so that a notebook does not show it a second time."""
    plt.close(fig)
