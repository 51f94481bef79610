"""Holding the tables against their models: text cells to typed frames, and every wrong cell named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from tradeviz.data.models import MODELS
from tradeviz.data.problems import Problem
from tradeviz.data.reading import TextTable, read_table
from tradeviz.frames import with_days

_LONGEST_SHOWN = 60
_PARSED = {"day": r"\d{4}-\d{2}-\d{2}", "month": r"\d{4}-\d{2}", "year": r"\d{4}", "number": r"-?\d+(\.\d+)?"}
_DAY_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m"}
_WRONG = {
    "day": "is not a date; write it as 2025-04-25",
    "month": "is not a month; write it as 2025-04",
    "year": "is not a year; write it as 2025",
    "number": "is not a number; write it as 12.5, without signs or separators",
}
_KINDS_OF_TEXT = {
    "text": "has a line break or a tab; write it on one line",
    "url": "is no http or https address",
    "identifier": "is no identifier; use lower-case letters, digits, dots and hyphens",
    "code": "is no code; use three capital letters",
}


@dataclass(frozen=True)
class TypedTable:
    """A table with typed columns and the place of each row in its file."""

    text: TextTable
    frame: pd.DataFrame


_SCHEMAS = {name: model.to_schema() for name, model in MODELS.items()}
pa.DataFrameSchema.register_default_backends(pd.DataFrame)  # else the first load pays for it


def schema(name: str) -> pa.DataFrameSchema:
    """Return the Pandera schema of a table."""
    return _SCHEMAS[name]


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
        text, broken = read_table(folder, name, list(schema(name).columns))
        problems += broken
        if broken:
            continue
        frame, unread = _typed(text)
        tables[name] = TypedTable(text, frame)
        problems += unread + _held_against_model(text, frame, {(p.line, p.column) for p in unread})
    return tables, problems


def _typed(text: TextTable) -> tuple[pd.DataFrame, list[Problem]]:
    frame = text.frame.copy()
    problems = []
    for name, column in schema(text.name).columns.items():
        kind = (column.metadata or {})["kind"]
        if kind not in _PARSED:
            continue
        cells = frame[name]
        filled = cells != ""
        well_formed = cells.str.fullmatch(_PARSED[kind])
        parsed = _parsed(kind, cells.where(filled & well_formed))
        wrong = filled & parsed.isna()
        problems += [
            text.problem(int(row), name, f'"{shown(cells.iloc[row])}" {_WRONG[kind]}')
            for row in np.flatnonzero(wrong)
        ]
        if kind == "year" and not wrong.any() and filled.all():
            parsed = parsed.astype("int64")
        frame[name] = parsed
    return frame, problems


def _parsed(kind: str, cells: pd.Series) -> pd.Series:
    if kind in _DAY_FORMATS:
        days = pd.to_datetime(cells, format=_DAY_FORMATS[kind], errors="coerce")
        return with_days(days.to_frame("day"), ["day"])["day"]
    return pd.to_numeric(cells, errors="coerce").astype("float64")


def _held_against_model(text: TextTable, frame: pd.DataFrame, known: set[tuple[int, str]]) -> list[Problem]:
    try:
        schema(text.name).validate(frame, lazy=True)
    except SchemaErrors as errors:
        found = [_problem(text, case) for case in errors.failure_cases.to_dict("records")]
        return [problem for problem in found if (problem.line, problem.column) not in known]
    return []


def _problem(text: TextTable, case: dict[str, Any]) -> Problem:
    column, row = str(case["column"]), case["index"]
    if row is None or pd.isna(row):
        return Problem(text.file, 0, column, f"{case['check']} ({shown(str(case['failure_case']))})")
    return text.problem(
        int(row), column, _message(text.name, column, str(case["check"]), text.frame[column].iloc[int(row)])
    )


def _message(table: str, column: str, check: str, cell: str) -> str:
    metadata = schema(table).columns[column].metadata or {}
    if cell == "":
        return "is empty; it must be filled"
    quoted = f'"{shown(cell)}"'
    if check.startswith("isin"):
        allowed = next(
            c.statistics["allowed_values"] for c in schema(table).columns[column].checks if c.name == "isin"
        )
        return f"{quoted} is not one of {', '.join(filter(None, allowed))}"
    if check.startswith(("greater_than", "less_than")):
        limits = {c.name: next(iter(c.statistics.values())) for c in schema(table).columns[column].checks}
        low, high = (limits[f"{side}_than_or_equal_to"] for side in ("greater", "less"))
        return f"{quoted} is outside {low:g} to {high:g} ({metadata['unit'] or 'year'})"
    return f"{quoted} {_KINDS_OF_TEXT.get(metadata['kind'], f'breaks the rule {check}')}"


def shown(cell: str) -> str:
    """Shorten a cell for a message, and make what cannot be seen visible."""
    visible = cell if cell.isprintable() else repr(cell)[1:-1]
    return visible if len(visible) <= _LONGEST_SHOWN else f"{visible[:_LONGEST_SHOWN]}..."
