"""Imports of libraries without others that they would take along where these are installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from types import ModuleType


class _Absent(MetaPathFinder):
    """Says of libraries that they are not installed."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.partition(".")[0] in self._names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


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
        Those that are hidden.
    """
    hidden = [name for name in names if name not in sys.modules]
    finder = _Absent(hidden)
    sys.meta_path.insert(0, finder)
    try:
        yield hidden
    finally:
        sys.meta_path.remove(finder)
