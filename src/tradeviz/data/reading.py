"""Reading a CSV file into a frame of text, with the line of each row, and every flaw of its form.

Knows what a well-formed table looks like; what its cells mean is for `models` and `checks`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tradeviz.data.problems import Problem

LONGEST_CELL = 20_000
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class TextTable:
    """A table as read: cells as text, in file order.

    Attributes
    ----------
    name : str
        Name of the table, without `.csv`.
    frame : pandas.DataFrame
        One text column per column of the file.
    lines : list of int
        The line of the file on which each row begins.
    """

    name: str
    frame: pd.DataFrame
    lines: list[int]

    @property
    def file(self) -> str:
        """Name of the file."""
        return f"{self.name}.csv"

    def problem(self, row: int, column: str, message: str, severity: str = "error") -> Problem:
        """Name a problem of one row by its place in the file."""
        return Problem(self.file, self.lines[row], column, message, severity)


def read_table(folder: Path, name: str, columns: Sequence[str]) -> tuple[TextTable, list[Problem]]:
    """Read one table.

    Parameters
    ----------
    folder : Path
        The folder of the tables.
    name : str
        Name of the table, without `.csv`.
    columns : sequence of str
        The columns that the file must have, in this order.

    Returns
    -------
    TextTable
        What could be read; empty when the form of the file is broken.
    list of Problem
        What is wrong with the form: a missing file, a byte order mark, bytes that are not UTF-8,
        NUL bytes, a wrong header, broken quotes, rows with too few or too many cells.
    """
    file = f"{name}.csv"
    empty = TextTable(name, pd.DataFrame(columns=list(columns), dtype="str"), [])
    try:
        raw = (folder / file).read_bytes()
    except OSError as error:
        return empty, [Problem(file, 0, "", f"cannot be read ({error.strerror}); restore it")]
    text, problems = _decoded(file, raw)
    if problems:
        return empty, problems
    rows, lines, problems = _rows(file, text, len(columns))
    if not rows and not problems:
        problems = [Problem(file, 0, "", "is empty; it needs the header and its rows")]
    if problems:
        return empty, problems
    header = rows[0]
    if header != list(columns):
        return empty, [_header_problem(file, header, list(columns))]
    if len(rows) == 1:
        return empty, [Problem(file, 1, "", "has a header, but no rows")]
    frame = pd.DataFrame(rows[1:], columns=header, dtype="str")
    return TextTable(name, frame, lines[1:]), []


def _decoded(file: str, raw: bytes) -> tuple[str, list[Problem]]:
    if raw.startswith(_BOM):
        return "", [Problem(file, 1, "", "begins with a byte order mark; save it as plain UTF-8")]
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        return "", [Problem(file, line, "", "holds a NUL byte; save it as plain UTF-8 text")]
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return "", [Problem(file, line, "", "is not UTF-8 here; save it as plain UTF-8")]


def _rows(file: str, text: str, width: int) -> tuple[list[list[str]], list[int], list[Problem]]:
    csv.field_size_limit(max(len(text), 1))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    begin = 1
    try:
        for row in reader:
            if len(row) != width and begin > 1:
                what = f"has {len(row)} cells instead of {width}; look for a missing comma or quote"
                problems.append(Problem(file, begin, "", what))
            long = max((len(cell) for cell in row), default=0)
            if long > LONGEST_CELL:
                what = f"has a cell of {long:,} characters; {LONGEST_CELL:,} are allowed"
                problems.append(Problem(file, begin, "", what))
            rows.append(row)
            lines.append(begin)
            begin = reader.line_num + 1
    except csv.Error as error:
        problems.append(
            Problem(file, begin, "", f"has broken quotes ({error}); a quote within a cell is doubled")
        )
    return rows, lines, problems


def _header_problem(file: str, header: list[str], columns: list[str]) -> Problem:
    missing = [name for name in columns if name not in header]
    extra = [name for name in header if name not in columns]
    if missing:
        return Problem(file, 1, missing[0], f"the column is missing; the header is {','.join(columns)}")
    if extra:
        return Problem(file, 1, extra[0], f"is no column of this table; the header is {','.join(columns)}")
    return Problem(file, 1, "", f"the columns are out of order or doubled; the header is {','.join(columns)}")
