"""Imports of libraries without others that they would take along where these are installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*names: str) -> Iterator[list[str]]:
    """Let libraries that were not imported yet look as if they were not installed.

    Parameters
    ----------
    *names : str
        The libraries: such as take long to import, and are not needed by what is imported meanwhile.

    Yields
    ------
    list of str
        Those that were hidden.
    """
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # where None stands, an import fails
    try:
        yield hidden
    finally:
        for name in hidden:
            del sys.modules[name]
