"""A problem of a table, named by file, line and column."""

from __future__ import annotations

from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"
_LONGEST_SHOWN = 60


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with a table.

    Attributes
    ----------
    file : str
        Name of the file, such as meetings.csv.
    line : int
        Line of the file on which the row begins (the header is line 1); 0 for the file itself.
    column : str
        Name of the column, or "" where the row or the file is meant.
    message : str
        What is wrong, and what would be right.
    severity : str
        "error" stops `load`; "warning" does not.
    """

    file: str
    line: int
    column: str
    message: str
    severity: str = ERROR

    def __str__(self) -> str:
        """Write it as `meetings.csv:42 start_date: "2025-13-01" is not a date`."""
        position = f"{self.file}:{self.line}" if self.line else self.file
        return f"{position} {self.column + ': ' if self.column else ''}{self.message}"


def shown(cell: str) -> str:
    """Shorten a cell for a message, and make what cannot be seen visible."""
    visible = cell if cell.isprintable() else repr(cell)[1:-1]
    return visible if len(visible) <= _LONGEST_SHOWN else f"{visible[:_LONGEST_SHOWN]}..."
