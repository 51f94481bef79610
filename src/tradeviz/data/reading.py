"""Reading a CSV file into a frame of text, with the line of each row, and every flaw of its form.

Knows what a well-formed table looks like; what its cells mean is for `models` and `checks`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tradeviz.data.problems import Problem, shown
from tradeviz.wording import count

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_QUOTED_CELL = re.compile(r'(?:\A|(?<=[,\r\n]))"(?:[^"]|"")*"(?=[,\r\n]|\Z)')
_MAY_BE_EMPTY = ("clauses", "issues_without_clause", "omissions", "published_rates", "corrections")
"""Tables without a row before the first text was out, when `rules_clauses` says that one must be there, and
before the first correction."""

_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


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


def header_of(path: Path) -> tuple[list[str], list[Problem]]:
    """The names in the first line of a table whose columns may vary, and what keeps it from being read."""
    raw, problems = _content(path)
    text, problems = ("", problems) if problems else _decoded(path.name, raw)
    return ([] if problems else next(csv.reader(io.StringIO(text, newline="")))), problems


def read_table(
    folder: Path, name: str, columns: Sequence[str], may_be_empty: bool = False
) -> tuple[TextTable, list[Problem]]:
    """Read one table.

    Parameters
    ----------
    folder : Path
        The folder of the tables.
    name : str
        Name of the table, without `.csv`.
    columns : sequence of str
        The columns that the file must have, in this order.
    may_be_empty : bool
        Whether a header without rows is sound.

    Returns
    -------
    TextTable
        What could be read; empty when the form of the file is broken.
    list of Problem
        What is wrong with the form: a missing file, a byte order mark, bytes that are not UTF-8,
        NUL bytes, a wrong header, broken quotes, rows with too few or too many cells, a last line
        without its end. Line ends may be those of Unix or of Windows.
    """
    file = f"{name}.csv"
    empty = TextTable(name, pd.DataFrame(columns=list(columns), dtype="str"), [])
    raw, problems = _content(folder / file)
    if problems:
        return empty, problems
    text, problems = _decoded(file, raw)
    if problems:
        return empty, problems
    rows, lines, problems = _rows(file, text, list(columns), may_be_empty or name in _MAY_BE_EMPTY)
    if problems:
        return empty, problems
    frame = pd.DataFrame(rows, columns=list(columns), dtype="str")
    return TextTable(name, frame, lines), []


def _content(path: Path) -> tuple[bytes, list[Problem]]:
    if path.exists() and not path.is_file():  # reading a pipe or a device might never end
        return b"", [Problem(path.name, 0, "", "is no file; put the table there")]
    try:
        raw = path.read_bytes()
    except OSError as error:
        return b"", [Problem(path.name, 0, "", f"cannot be read ({error.strerror}); restore it")]
    if not raw.strip():
        return b"", [Problem(path.name, 0, "", "is empty; it needs the header and its rows")]
    return raw, []


def _decoded(file: str, raw: bytes) -> tuple[str, list[Problem]]:
    if raw.startswith(_BOM):
        return "", [Problem(file, 1, "", "begins with a byte order mark; save it as plain UTF-8")]
    if raw.startswith(_UTF_16):
        return "", [Problem(file, 1, "", "is UTF-16; save it as plain UTF-8")]
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        return "", [Problem(file, line, "", "holds a NUL byte; save it as plain UTF-8 text")]
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return "", [Problem(file, line, "", "is not UTF-8 here; save it as plain UTF-8")]


def _rows(
    file: str, text: str, columns: list[str], may_be_empty: bool
) -> tuple[list[list[str]], list[int], list[Problem]]:
    """The rows below the header, the line on which each begins, and what is wrong with their form."""
    csv.field_size_limit(max(len(text), csv.field_size_limit()))  # the limit holds for the whole process
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    begin = 1
    try:
        problems = _header_problems(file, next(reader), columns)
        if problems:
            return [], [], problems
        begin = reader.line_num + 1
        for row in reader:
            if len(row) != len(columns):
                problems.append(Problem(file, begin, "", _width_message(len(row), len(columns))))
            rows.append(row)
            lines.append(begin)
            begin = reader.line_num + 1
    except csv.Error as error:
        what = f"has broken quotes ({error}); a quote within a cell is doubled"
        return [], [], [*problems, Problem(file, begin, "", what)]
    return rows, lines, problems or _ending_problems(file, text, rows, lines, may_be_empty)


def _width_message(cells: int, wanted: int) -> str:
    if cells == 0:
        return "is an empty line; take it out"
    return f"has {count(cells, 'cell')} instead of {wanted}; look for a missing comma or quote"


def _ending_problems(
    file: str, text: str, rows: list[list[str]], lines: list[int], may_be_empty: bool
) -> list[Problem]:
    """What the reader of CSV lets pass: a quote in a bare cell, and a file that may have been cut off."""
    stray = _QUOTED_CELL.sub(lambda cell: cell[0].replace('"', " "), text).find('"')
    if stray >= 0:
        line = len(io.StringIO(text[: stray + 1], newline=None).readlines())
        what = "has a quote in a cell without quotes; put the cell in quotes and double the one within"
        return [Problem(file, line, "", what)]
    if not rows:
        return [] if may_be_empty else [Problem(file, 1, "", "has a header, but no rows")]
    if not text.endswith(("\n", "\r")):
        return [Problem(file, lines[-1], "", "has no end: is the file whole? If it is, end its last line")]
    return []


def _header_problems(file: str, header: list[str], columns: list[str]) -> list[Problem]:
    if header == columns:
        return []
    right = f"the header is {','.join(columns)}"
    for mark, name in _OTHER_SEPARATORS.items():
        if mark.join(header).split(mark) == columns:
            return [Problem(file, 1, "", f"is separated by {name}; save it with commas")]
    if "" in header:
        at, more = header.index("") + 1, " at the end of each line" if header[-1] == "" else ""
        what = f"column {at} of the header has no name; a spreadsheet may have put a comma{more}: take it out"
        return [Problem(file, 1, "", what)]
    missing = [name for name in columns if name not in header]
    extra = [name for name in header if name not in columns]
    if missing:
        return [Problem(file, 1, missing[0], f"the column is missing; {right}")]
    if extra:
        return [Problem(file, 1, shown(extra[0]), f"is no column of this table; {right}")]
    wrong = next((name for name, wanted in zip(header, columns, strict=False) if name != wanted), header[-1])
    return [Problem(file, 1, wrong, f"the column is out of order or doubled; {right}")]
