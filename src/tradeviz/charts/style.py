"""One visual language, and pictures that are the same byte for byte.

A chart that a user calls honours the user's rcParams; what these leave as Matplotlib has it is filled in
with tradeviz.mplstyle. On pages, `page_style` puts the same look in force whatever the user has set.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator
from matplotlib.transforms import Bbox
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tradeviz.charts.palette import defaults, reworded, words
from tradeviz.vocabulary import STAGES

STYLE_FILE = Path(__file__).with_name("tradeviz.mplstyle")
STYLE: dict[Any, Any] = {**mpl.rc_params_from_file(STYLE_FILE, use_default_template=False)}
"""The look of every chart, as rcParams."""

_SIZES = ("axes.labelsize", "axes.titlesize", "xtick.labelsize", "ytick.labelsize")
"""Settings that grow with the user's font size."""

DARK_STAGES = frozenset(STAGES[3:])
"""Stages on whose colour marks and words are light."""

LEVEL_SIZES: dict[str, float] = {"leaders": 46, "ministerial": 22, "technical": 12}
"""Area of the mark of a meeting, in square points; technical marks are hollow."""

_COLOURS = 128
_DIGITS = 6  # decimals of a position in parts of the figure: less than a thousandth of a point
_STILL = 1e-10  # a panel that moves by less, in parts of the figure, counts as settled

_P = ParamSpec("_P")
_R = TypeVar("_R")


def styled(draw: Callable[_P, _R]) -> Callable[_P, _R]:
    """Fill the caller's rcParams in with the project's style while a chart is drawn, and replace words."""

    @wraps(draw)
    def in_style(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with mpl.rc_context(_filled_in()):
            drawn = draw(*args, **kwargs)
            if words:
                _reword(drawn if isinstance(drawn, list) else [drawn])
            return drawn

    return in_style


@contextmanager
def page_style() -> Iterator[None]:
    """Draw for a page: Matplotlib's defaults and the project's style, colours and words, nobody else's.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> from tradeviz import charts
    >>> with mpl.rc_context({"font.size": 30}), charts.page_style():
    ...     mpl.rcParams["font.size"]
    9.0
    """
    with warnings.catch_warnings():  # rcdefaults also sets parameters that Matplotlib deprecates
        warnings.simplefilter("ignore", mpl.MatplotlibDeprecationWarning)
        with plt.style.context(STYLE, after_reset=True), defaults():
            yield


def _filled_in() -> dict[Any, Any]:
    """The project's style, where the caller's rcParams are as Matplotlib has them."""
    given, default = mpl.rcParams, mpl.rcParamsDefault
    ours = {name: value for name, value in STYLE.items() if given[name] == default[name]}
    grown = font_scale()
    return {name: value * grown if name in _SIZES else value for name, value in ours.items()}


def font_scale() -> float:
    """How much larger the letters are than those of the project's style."""
    size = mpl.rcParams["font.size"]
    return 1.0 if size == mpl.rcParamsDefault["font.size"] else float(size / STYLE["font.size"])


def label_size() -> float:
    """Size of the words beside marks, in points."""
    return float(mpl.rcParams["font.size"] * 8.5 / 9)


def _reword(drawn: list[Any]) -> None:
    for ax in drawn:
        legends = ax.get_figure(root=True).legends
        for text in [*ax.findobj(Text), *(text for legend in legends for text in legend.get_texts())]:
            text.set_text(reworded(text.get_text()))
        for axis in (ax.xaxis, ax.yaxis):
            if isinstance(axis.get_major_locator(), FixedLocator):
                named = [reworded(label.get_text()) for label in axis.get_ticklabels()]
                axis.set_ticks(axis.get_ticklocs(), labels=named)


def lay_out(fig: Figure) -> None:
    """Place the panels of a figure without drawing it, so that the boxes of its words can be measured."""
    engine = fig.get_layout_engine()
    if engine is None:
        fig.draw_without_rendering()  # applies aspects and locators of the caller's axes
    else:
        engine.execute(fig)


def settle(fig: Figure) -> None:
    """Lay a figure out for good: twice where the first pass moves a panel, since long words move on then.

    Matplotlib would lay it out, in a drawing of its own, each time the figure is drawn. Even the
    engine "none" makes it draw a figure twice when that is written; only with no engine it does not.
    The last digits of the places it finds differ from one process to the next; they are rounded off.
    """
    engine = fig.get_layout_engine()
    if engine is not None:
        before = _positions(fig)
        engine.execute(fig)
        if not np.allclose(before, _positions(fig), rtol=0, atol=_STILL):
            engine.execute(fig)
        with mpl.rc_context({"figure.autolayout": False, "figure.constrained_layout.use": False}):
            fig.set_layout_engine(None)
        for ax, position in zip(fig.axes, _positions(fig), strict=True):
            ax.set_position(Bbox.from_bounds(*(round(part, _DIGITS) for part in position)))


def _positions(fig: Figure) -> list[tuple[float, float, float, float]]:
    """Left and lower edge, width and height of each panel, in parts of the figure."""
    return [ax.get_position(original=True).bounds for ax in fig.axes]


def svg(fig: Figure, heaviest: float = math.inf) -> str:
    """Write a figure as SVG, or "" where it takes more characters; the same figure gives the same bytes."""
    settle(fig)
    with mpl.rc_context({"svg.hashsalt": "tradeviz", "svg.fonttype": "path"}):
        buffer = _Limited(heaviest)
        with suppress(_TooLongError):
            fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
            return buffer.getvalue()
    return ""


class _TooLongError(Exception):
    """A text is longer than it may be."""


class _Limited(io.StringIO):
    """A text that stops being written once it is too long: most of a drawing that is not used is not made."""

    def __init__(self, longest: float) -> None:
        super().__init__()
        self._room = longest

    def write(self, text: str) -> int:
        self._room -= len(text)
        if self._room < 0:
            raise _TooLongError
        return super().write(text)


def png(fig: Figure, dpi: int = 180) -> bytes:
    """Write a figure as PNG of few colours, a third of the weight; the same figure gives the same bytes."""
    settle(fig)
    return light_png(image(fig, dpi), dpi, fig.get_suptitle())


def image(fig: Figure, dpi: int) -> Image.Image:
    """Draw a figure into an image in memory."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=dpi, pil_kwargs={"compress_level": 0})
    return Image.open(buffer).convert("RGB")


def light_png(image: Image.Image, dpi: int, comment: str = "") -> bytes:
    """Write an image as PNG of few colours, with a comment that programs can read."""
    few = image.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    light = io.BytesIO()
    metadata = PngInfo()
    if comment:
        metadata.add_text("Comment", comment)
    # level 9 takes twice as long as 8 and saves one percent
    few.save(light, format="png", compress_level=8, dpi=(dpi, dpi), pnginfo=metadata)
    return light.getvalue()


def close(fig: Figure) -> None:
    """Forget a figure, so that a notebook does not show it a second time."""
    plt.close(fig)
