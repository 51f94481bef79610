"""Errors that a user can mend, each with one clear message."""

from __future__ import annotations

from collections.abc import Sequence


class TradevizError(Exception):
    """Something went wrong that the message explains; exit code 1."""

    def _render_traceback_(self) -> list[str]:
        """Tell IPython to show the message alone: the fault is not in the code that a traceback shows."""
        return [f"{type(self).__name__}: {self}"]


class UsageError(TradevizError):
    """A parameter is wrong; the message names what is allowed; exit code 2."""


class DataError(TradevizError):
    """The tables break their rules; `problems` holds each of them."""

    def __init__(self, message: str, problems: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)
