"""What notebooks show, gathered without drawing it: for files that hold the frames behind a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Shown:
    """One exhibit: what stands around it, and the frame behind it.

    Attributes
    ----------
    name, title, subtitle, source : str
        As given to `exhibits.chart` or `exhibits.table`.
    frame : pandas.DataFrame
        The data behind it.
    draw, inputs : callable, tuple
        For a chart, the function that draws it and what it is called with; None for a table.
    """

    name: str
    title: str
    subtitle: str
    source: str
    frame: pd.DataFrame
    draw: Callable[..., Any] | None = None
    inputs: tuple[Any, ...] = ()


_shown: ContextVar[list[Shown] | None] = ContextVar("shown", default=None)


@contextmanager
def gathered() -> Iterator[list[Shown]]:
    """Gather exhibits in a list while the context lasts, instead of drawing them."""
    shown: list[Shown] = []
    token = _shown.set(shown)
    try:
        yield shown
    finally:
        _shown.reset(token)


def gather(exhibit: Shown) -> bool:
    """Keep an exhibit, where exhibits are gathered; say whether they are."""
    shown = _shown.get()
    if shown is not None:
        shown.append(exhibit)
    return shown is not None
