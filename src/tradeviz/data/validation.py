"""Holding the tables against their models: text cells to typed frames, and every wrong cell named."""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from tradeviz.data.cells import PLAIN, flaw, identifier_flaw, length_flaw, url_flaw
from tradeviz.data.models import MODELS
from tradeviz.data.problems import ERROR, Problem, shown
from tradeviz.data.reading import TextTable, read_table
from tradeviz.data.table import schema_of
from tradeviz.frames import with_days
from tradeviz.imports import without

_PARSED = {
    "day": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "month": r"[0-9]{4}-[0-9]{2}",
    "year": r"[0-9]{4}",
    "number": r"-?[0-9]+(\.[0-9]+)?",
}
_DAY_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m"}
_FIRST_DAY, _LAST_DAY = pd.Timestamp("1900-01-01"), pd.Timestamp("2100-12-31")
_IMPLAUSIBLE = "lies outside the years 1900 to 2100; is the year right?"
_WRONG = {
    "day": "is not a date; write it as 2025-04-25",
    "month": "is not a month; write it as 2025-04",
    "year": "is not a year; write it as 2025",
    "number": "is not a number; write it as 12.5, without signs or separators",
}
_KINDS_OF_TEXT = {
    "text": "is no citation; write it as 89 FR 76581",
    "url": "is no http or https address",
    "identifier": "is no identifier; use lower-case letters, digits, dots and hyphens",
    "code": "is no code; use three capital letters",
}


_FLAWS = {"url": url_flaw, "identifier": identifier_flaw}


@dataclass(frozen=True)
class TypedTable:
    """A table with typed columns and the line of each row in its file."""

    text: TextTable
    frame: pd.DataFrame


Tables = dict[str, TypedTable]
"""Tables by name, those whose form is sound."""


Message = str | Callable[[int], str]
"""What is wrong with a row; `{cell}` in a text stands for the cell, shortened."""


def at_each(table: TypedTable, *rules: tuple[Any, str, Message]) -> Iterator[Problem]:
    """Name problems of a table by rules of the form (rows that are wrong, column, message), see `at`."""
    for wrong, column, message in rules:
        yield from at(table, wrong, column, message)


def at(
    table: TypedTable, wrong: Any, column: str, message: Message, severity: str = ERROR
) -> Iterator[Problem]:
    """Name a problem in a column of every row that is wrong."""
    for row in map(int, np.flatnonzero(np.asarray(wrong))):
        if callable(message):
            said = message(row)
        else:
            said = message.replace("{cell}", shown(table.text.frame[column].iloc[row]))
        yield table.text.problem(row, column, said, severity)


with without("dask", "geopandas", "modin", "pyspark") as hidden:
    # Pandera imports other libraries of frames to tell their types from pandas': Dask's alone take longer
    # than all else that a command imports.
    _SCHEMAS = {name: schema_of(model) for name, model in MODELS.items()}
    pa.DataFrameSchema.register_default_backends(pd.DataFrame)  # at import, not in the first load
for library in hidden:
    sys.modules.pop(f"pandera.typing.{library}", None)  # so that a caller who uses it imports it whole


def schema(name: str) -> pa.DataFrameSchema:
    """Return the Pandera schema of a table."""
    return _SCHEMAS[name]


def about(table: str, column: str) -> dict[str, Any]:
    """What a model says of a column beside its checks: kind, unit, references, also, required, longest."""
    return _SCHEMAS[table].columns[column].metadata or {}


def read_all(folder: Path) -> tuple[dict[str, TypedTable], list[Problem]]:
    """Read every table and hold each against its model.

    Parameters
    ----------
    folder : Path
        The folder of the tables.

    Returns
    -------
    dict of str to TypedTable
        The tables whose form is sound; cells that could not be read are missing values.
    list of Problem
        Everything that is wrong within a table.
    """
    tables: dict[str, TypedTable] = {}
    problems: list[Problem] = []
    for name in MODELS:
        table, wrong = read_one(folder, name)
        problems += wrong
        if table is not None:
            tables[name] = table
    return tables, problems


def read_one(folder: Path, name: str) -> tuple[TypedTable | None, list[Problem]]:
    """Read one table and hold it against its model, unless its file holds what was read lately.

    Parameters
    ----------
    folder : Path
        The folder of the tables.
    name : str
        Name of the table, without `.csv`.

    Returns
    -------
    TypedTable or None
        None where the form of the file is broken; cells that could not be read are missing values.
    list of Problem
        Everything that is wrong within the table.
    """
    content, last = _hash(folder / f"{name}.csv"), _read[name]
    if content is not None and content in last:
        table, problems = last[content]
        return table, list(problems)
    text, broken = read_table(folder, name, list(schema(name).columns))
    table, problems = (None, broken) if broken else hold(text)
    if content is not None and content == _hash(folder / f"{name}.csv"):  # unchanged while it was read
        last[content] = table, list(problems)
        if len(last) > READINGS:
            del last[next(iter(last))]
    return table, problems


READINGS = 3
"""Contents of each table that are kept as read: of two folders that are compared, and of one being mended."""

_read: dict[str, dict[bytes, tuple[TypedTable | None, list[Problem]]]] = defaultdict(dict)
"""By name of the table and hash of the file: the table, and what was wrong in it."""


def _hash(path: Path) -> bytes | None:
    """A hash of a file; None where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).digest() if path.is_file() else None
    except OSError:
        return None


def hold(text: TextTable) -> tuple[TypedTable, list[Problem]]:
    """Hold a table as read against its model: the typed table, and everything that is wrong within it."""
    unclean = list(_unclean(text))
    table, unread = _typed(text)
    found = unclean + _but_at(unclean, unread)
    return table, found + _but_at(found, _held_against_model(table))


def _but_at(reported: list[Problem], others: list[Problem]) -> list[Problem]:
    """The other problems, but for those of cells that have one already: one flaw, one message."""
    places = {(problem.line, problem.column) for problem in reported}
    return [problem for problem in others if (problem.line, problem.column) not in places]


def _unclean(text: TextTable) -> Iterator[Problem]:
    """Cells that are wrong whatever their column is for: their characters, their length."""
    for name in schema(text.name).columns:
        metadata, cells = about(text.name, name), text.frame[name]
        closer = ~cells.str.fullmatch(PLAIN) | (cells.str.len() > metadata["longest"])
        for row, cell in zip(np.flatnonzero(closer), cells[closer], strict=True):
            what = flaw(cell) or length_flaw(cell, metadata["longest"])
            if what:
                yield text.problem(int(row), name, f'"{shown(cell)}" {what}')
        own_flaw = _FLAWS.get(metadata["kind"])
        for index, filled in enumerate(cells if own_flaw else ()):
            if filled and own_flaw and own_flaw(filled):
                yield text.problem(index, name, f'"{shown(filled)}" {own_flaw(filled)}')


def _typed(text: TextTable) -> tuple[TypedTable, list[Problem]]:
    table, frame = TypedTable(text, text.frame.copy()), text.frame
    problems: list[Problem] = []
    for name in schema(text.name).columns:
        kind = about(text.name, name)["kind"]
        if kind not in _PARSED:
            continue
        cells = frame[name]
        filled = cells != ""
        parsed = typed_cells(text.name, name, cells)
        wrong = filled & parsed.isna()
        problems += at(table, wrong, name, f'"{{cell}}" {_WRONG[kind]}')
        if kind in _DAY_FORMATS:
            implausible = (parsed < _FIRST_DAY) | (parsed > _LAST_DAY)
            problems += at(table, implausible, name, f'"{{cell}}" {_IMPLAUSIBLE}')
        if kind == "year" and not wrong.any() and filled.all():
            parsed = parsed.astype("int64")
        table.frame[name] = parsed
    return table, problems


def typed_cells(table: str, column: str, cells: pd.Series) -> pd.Series:
    """Cells of text as days, numbers or text, as their column holds them; missing where they are not such."""
    kind = about(table, column)["kind"]
    if kind not in _PARSED:
        return cells
    return _parsed(kind, cells.where((cells != "") & cells.str.fullmatch(_PARSED[kind])))


def written_cells(table: str, column: str, cells: pd.Series) -> pd.Series:
    """Days, months and years as the text from which `typed_cells` makes them; text as it is."""
    kind = about(table, column)["kind"]
    if kind in _DAY_FORMATS:
        return cells.dt.strftime(_DAY_FORMATS[kind]).fillna("")
    return cells.astype("str")


def _parsed(kind: str, cells: pd.Series) -> pd.Series:
    if kind in _DAY_FORMATS:
        days = pd.to_datetime(cells, format=_DAY_FORMATS[kind], errors="coerce")
        return with_days(days.to_frame("day"), ["day"])["day"]
    return pd.to_numeric(cells, errors="coerce").astype("float64") + 0.0  # makes 0 of -0


def _held_against_model(table: TypedTable) -> list[Problem]:
    try:
        schema(table.text.name).validate(table.frame, lazy=True)
    except SchemaErrors as errors:
        return [_problem(table.text, case) for case in errors.failure_cases.to_dict("records")]
    return []


def _problem(text: TextTable, case: dict[str, Any]) -> Problem:
    column, row = str(case["column"]), case["index"]
    if row is None or pd.isna(row):
        return Problem(text.file, 0, column, f"{case['check']} ({shown(str(case['failure_case']))})")
    message = _message(text.name, column, str(case["check"]), text.frame[column].iloc[int(row)])
    return text.problem(int(row), column, message)


def _message(table: str, column: str, check: str, cell: str) -> str:
    metadata = about(table, column)
    if cell == "":
        return "is empty; it must be filled"
    quoted = f'"{shown(cell)}"'
    checks = {rule.name: rule.statistics for rule in schema(table).columns[column].checks}
    if check.startswith("isin"):
        allowed = checks["isin"]["allowed_values"]
        return f"{quoted} is not one of {', '.join(filter(None, allowed))}"
    if check.startswith(("greater_than", "less_than")):
        limits = (checks[f"{side}_than_or_equal_to"] for side in ("greater", "less"))
        low, high = (next(iter(limit.values())) for limit in limits)
        return f"{quoted} is outside {low:g} to {high:g} ({metadata['unit'] or 'year'})"
    return f"{quoted} {_KINDS_OF_TEXT.get(metadata['kind'], f'breaks the rule {check}')}"
