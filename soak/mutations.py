"""Mutations of the tables, each drawn by a number and a seed, and what may come of it.

The kinds are in `bad_files`, `bad_rows` and `bad_cells`. A mutation is damage unless it says
otherwise: then the result must be the same data set, or an error. One that a curator could have
meant, such as another day in a cell, may be read, but may change nothing beyond its place.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tradeviz.data.validation import about

NOTHING = "nothing"
CELL = "its cell"
ROW = "its row"
ORDER = "the order of rows"
FEWER = "rows taken away"


@dataclass(frozen=True)
class Sheet:
    """A table as it stands in its file.

    Attributes
    ----------
    name : str
        Name of the table, without `.csv`.
    columns : list of str
        The header.
    rows : list of list of str
        The cells below it; every row is one line of the file.
    raw : bytes
        The content of the file.
    """

    name: str
    columns: list[str]
    rows: list[list[str]]
    raw: bytes

    def kind(self, column: str) -> str:
        """The kind of the cells of a column: text, day, number ..."""
        return str(about(self.name, column)["kind"])

    def required(self, column: str) -> bool:
        """Whether the cells of a column must be filled."""
        return bool(about(self.name, column)["required"])


@dataclass(frozen=True)
class Mutation:
    """One change of one file.

    Attributes
    ----------
    kind : str
        What was done, in a few words.
    table : str
        Name of the table, without `.csv`.
    content : bytes or None
        The new content of the file; None where `put` puts something else there.
    may_change : str
        What of the data set a curator could have meant to change so; NOTHING for damage.
    line, column : int, str
        Where an error has to point; 0 and "" where only the file is known.
    put : callable or None
        Puts something at the path of the file.
    """

    kind: str
    table: str
    content: bytes | None
    may_change: str = NOTHING
    line: int = 0
    column: str = ""
    put: Callable[[Path], None] | None = None

    def apply(self, folder: Path) -> None:
        """Change the file in a folder of tables; `undo` of the sheet's folder is the caller's."""
        path = folder / f"{self.table}.csv"
        if self.content is not None:
            path.write_bytes(self.content)
        else:
            path.unlink()
            if self.put:
                self.put(path)


Maker = Callable[[Random, list[Sheet]], Mutation]
"""Makes a mutation of a kind; raises StopIteration where the drawn table has no place for it."""


def sheets(folder: Path, names: list[str]) -> list[Sheet]:
    """Read the tables as they stand in their files."""
    read = []
    for name in names:
        raw = (folder / f"{name}.csv").read_bytes()
        header, *rows = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""))
        read.append(Sheet(name, header, rows, raw))
    return read


def written(columns: list[str], rows: list[list[str]], **form: object) -> bytes:
    """Write a table as CSV, in the project's form unless `form` says otherwise."""
    file = io.StringIO(newline="")
    csv.writer(file, **{"lineterminator": "\n", **form}).writerows([columns, *rows])  # type: ignore[arg-type]
    return file.getvalue().encode("utf-8")
