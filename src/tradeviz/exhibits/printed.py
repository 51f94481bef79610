"""Charts to print or to put on a slide: the picture with title, unit, source and day in it."""

from __future__ import annotations

import textwrap

import matplotlib.pyplot as plt
import pandas as pd
from PIL import Image

from tradeviz.charts import style
from tradeviz.exhibits.figures import figure_of
from tradeviz.exhibits.gathering import Shown
from tradeviz.stamp import notice
from tradeviz.wording import day

DPI = 300
"""Dots per inch."""

_POINTS_PER_LETTER = {"normal": 0.56, "bold": 0.65}
"""Width of a letter on average by its weight, in sizes of the font."""

_Line = tuple[str, float, str]


def printed(shown: Shown, as_of: pd.Timestamp, scenario: str = "") -> bytes:
    """Draw a chart for print.

    Parameters
    ----------
    shown : Shown
        A chart that was gathered, with rows to draw.
    as_of : pandas.Timestamp
        The day of knowledge, written below it.
    scenario : str
        The scenario that it tells, written above it; "" for the record.

    Returns
    -------
    bytes
        A PNG of 300 dots per inch; the same chart gives the same bytes.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, exhibits, talks
    >>> from tradeviz.exhibits.gathering import Shown
    >>> ds = tradeviz.load("2025-04-25")
    >>> met = talks.meetings(ds, "KOR")
    >>> words = ("meetings", "When did they meet?", "Meetings", "tradeviz table meetings")
    >>> shown = Shown(*words, met, charts.meetings, (met, ds.as_of))
    >>> exhibits.printed(shown, ds.as_of)[1:4]
    b'PNG'
    """
    assert shown.draw is not None
    with style.page_style():
        figure = figure_of(shown.draw(*shown.inputs))
        style.settle(figure)
        width = figure.get_size_inches()[0]
        middle = style.image(figure, DPI)
        style.close(figure)
        foot = f"Source: {shown.source}. As of {day(as_of)}. tradeviz, CC BY 4.0."
        stamp = notice(scenario)
        lines = [(stamp, 9, "bold"), (shown.title, 12, "bold"), (shown.subtitle, 9, "normal")]
        above = _strip([line for line in lines if line[0]], width)
        below = _strip([(foot, 8, "normal")], width)
    parts = [above, middle, below]
    whole = Image.new("RGB", (middle.width, sum(part.height for part in parts)), "white")
    top = 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    return style.light_png(whole, DPI, stamp)


def _strip(lines: list[_Line], width: float) -> Image.Image:
    """Lines of words as a picture of this width in inches."""
    wrapped = [
        (part, size, weight)
        for words, size, weight in lines
        for part in textwrap.wrap(words, int((width - 0.3) * 72 / (size * _POINTS_PER_LETTER[weight])))
    ]
    height = sum(size * 1.45 for _, size, _ in wrapped) / 72 + 0.16
    figure = plt.figure(figsize=(width, height))
    down = 0.1
    for words, size, weight in wrapped:
        figure.text(0.1 / width, 1 - down / height, words, fontsize=size, fontweight=weight, va="top")
        down += size * 1.45 / 72
    strip = style.image(figure, DPI)
    style.close(figure)
    return strip
