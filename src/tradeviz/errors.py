"""Errors that a user can mend, each with one clear message and an exit code of its kind."""

from __future__ import annotations

from collections.abc import Sequence

UNWRITABLE = 5
"""Exit code where the system would not read or write a file."""
_SIGINT, _SIGTERM = 130, 143
"""Exit codes of a process that was stopped by a signal, as shells have them."""


class TradevizError(Exception):
    """Something went wrong that the message explains."""

    exit_code = 1

    def _render_traceback_(self) -> list[str]:
        """Tell IPython to show the message alone: the fault is not in the code that a traceback shows."""
        return [f"{type(self).__name__}: {self}"]


class UsageError(TradevizError):
    """A parameter is wrong; the message names what is allowed."""

    exit_code = 2


class DataError(TradevizError):
    """The tables break their rules; `problems` holds each of them."""

    def __init__(self, message: str, problems: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)


class ScenarioError(DataError):
    """The rows of a scenario break the rules of tariffs; `problems` holds each of them, at least one."""

    exit_code = 2

    def __init__(self, problems: Sequence[object]) -> None:
        super().__init__("\n".join(map(str, problems)), problems)


class StaleDataError(TradevizError):
    """The data end longer ago than was asked for."""

    exit_code = 3


class BusyError(TradevizError):
    """Another build is at work in the folder."""

    exit_code = 4


class UnwritableError(TradevizError):
    """The system would not have something written: no space, no permission, a broken disk."""

    exit_code = UNWRITABLE


class UnreachableError(TradevizError):
    """A public interface gave no answer; asking again later may help."""

    exit_code = 7


class AnswerError(TradevizError):
    """A public interface answered something that a person has to look at before it is taken."""

    exit_code = 8


class NothingChangedError(TradevizError):
    """Nothing changed, so that there is nothing to send."""

    exit_code = 10


class RecordEndsWarning(UserWarning):
    """The day asked for lies after the last day that the data cover."""


class ClusterError(TradevizError):
    """The cluster that is to make the pages cannot be reached, or does not fit; nothing was touched."""

    exit_code = 6


class Terminated(KeyboardInterrupt):
    """The process was asked to end by SIGTERM."""


def explained(error: BaseException) -> tuple[str, int]:
    """Say an error that a user can mend in one line, with its exit code; "" and 1 for any other."""
    match error:
        case DataError():
            more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
            first = f"{error.problems[0] if error.problems else error}{more}"
            if isinstance(error, ScenarioError):
                return f"the scenario is wrong: {first}", error.exit_code
            return f"the data are wrong: {first}; run `tradeviz check` and mend them", error.exit_code
        case TradevizError():
            return str(error), error.exit_code
        case OSError():
            whole = f" ({error.filename}); nothing half-written was left behind" if error.filename else ""
            return f"{error.strerror or error}{whole}", UNWRITABLE
        case KeyboardInterrupt():
            code = _SIGTERM if isinstance(error, Terminated) else _SIGINT
            return "interrupted; every page is a complete old or new one", code
    return "", 1
