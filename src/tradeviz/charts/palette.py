"""The colours of every chart, and words to put in the place of others: what a user may change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from tradeviz.vocabulary import STAGES


@dataclass(slots=True)
class Palette:
    """The colours that charts are drawn in. Set an attribute to change it for all charts to come.

    Attributes
    ----------
    ink : str
        Data that matter most: rates in force, meetings, words beside marks.
    muted : str
        Secondary lines and words.
    mid, grey, faint : str
        Bars and fills that stand back, dark to light.
    ground : str
        Behind a panel that stands apart, such as a border partner's.
    paper : str
        Behind everything, and inside hollow marks.
    on_dark : str
        Words and hatches on a dark fill.
    threat, deal : str
        Rates threatened; rates agreed and not yet ordered.
    ladder : tuple of str
        The six stages of the talks, first to furthest; light to dark, so that they last in grey print.

    Examples
    --------
    >>> from tradeviz import charts
    >>> with charts.palette.changed(ink="#0b2545", threat="#cc79a7"):
    ...     charts.palette.threat
    '#cc79a7'
    >>> charts.palette.threat
    '#D55E00'
    """

    ink: str = "#1a1a1a"
    muted: str = "#5c5c5c"
    mid: str = "#6e6e6e"
    grey: str = "#bdbdbd"
    faint: str = "#d9d9d9"
    ground: str = "#f4f4f4"
    paper: str = "white"
    on_dark: str = "white"
    threat: str = "#D55E00"
    deal: str = "#009E73"
    ladder: tuple[str, ...] = ("#e3eef9", "#bcd7ee", "#86b6de", "#4a8fc7", "#1f66a8", "#08306b")

    def stage(self, stage: str) -> str:
        """Return the colour of a stage of the talks; that of paper for a partner without one."""
        return self.ladder[STAGES.index(stage)] if stage in STAGES else self.paper

    @contextmanager
    def changed(self, **colours: str | tuple[str, ...]) -> Iterator[Palette]:
        """Draw in other colours for a while: a context manager."""
        before = asdict(self)
        try:
            for name, colour in colours.items():
                setattr(self, name, colour)
            yield self
        finally:
            for name, colour in before.items():
                setattr(self, name, colour)


palette = Palette()
"""The colours in use."""

words: dict[str, str] = {}
"""Words to put in the place of others in every chart to come: `{"South Korea": "대한민국"}`. Whole words and
phrases are replaced, longer ones first. The font of the rcParams must have the letters."""


def reworded(text: str) -> str:
    """Return a text with the words that `words` replaces."""
    for old in sorted(words, key=len, reverse=True):
        new = words[old].replace("\\", r"\\")
        text = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, text)
    return text


@contextmanager
def defaults() -> Iterator[None]:
    """Draw in the project's colours and words for a while, whatever the user has set."""
    before = dict(words)
    words.clear()
    try:
        with palette.changed(**asdict(Palette())):
            yield
    finally:
        words.update(before)
