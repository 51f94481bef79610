"""Corrections hold when the tables, taken back release by release, say at each what the correction says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from tradeviz.data.corrections import TABLE, by_release, corrected_columns, row_cells, row_name
from tradeviz.data.models import KEYS
from tradeviz.data.problems import Problem, shown
from tradeviz.data.validation import Tables, TypedTable, about, schema, typed_cells
from tradeviz.frames import records

_Row = dict[str, str]


def correction_problems(tables: Tables) -> Iterator[Problem]:
    """Corrections that name no table, row or column, or say what the tables do not."""
    corrections = tables[TABLE]
    if corrections.frame.empty:
        return
    rows: dict[str, dict[str, _Row]] = {}
    for made in by_release(corrections.frame.assign(position=range(len(corrections.frame)))):
        before: list[tuple[str, str, _Row]] = []
        for correction in records(made):
            table = correction["table"]
            if not corrected_columns(table):
                yield _problem(corrections, correction, "table", "is no table of facts")
            elif not row_cells(table, correction["row"]):
                keys = "&".join(f"{name}=..." for name in KEYS[table])
                yield _problem(corrections, correction, "row", f"is no name of a row; write {keys}")
            elif table in tables:
                there = rows.setdefault(table, _rows(tables[table]))
                taken_out = correction["column"] == ""
                found = (_taken_out if taken_out else _edited)(correction, there)
                yield from (_problem(corrections, correction, column, what) for column, what in found)
                if not found:
                    before.append((table, correction["row"], _cells_before(correction)))
        _take_back(rows, before)


def _rows(table: TypedTable) -> dict[str, _Row]:
    return {row_name(table.text.name, row): row for row in records(table.text.frame)}


def _edited(correction: dict[str, Any], there: dict[str, _Row]) -> list[tuple[str, str]]:
    """What is wrong with a correction of a cell: the column, and why."""
    table, column, row = correction["table"], correction["column"], there.get(correction["row"])
    if column not in corrected_columns(table):
        allowed = ", ".join(corrected_columns(table))
        return [("column", f"is no column of {table}.csv that is corrected; use one of {allowed}")]
    if row is None:
        what = f"is no row of {table}.csv; name it by its key as it stood after that release, or add the"
        return [("row", f"{what} correction by which it was taken out or got another key")]
    if row[column] != correction["after"]:
        what = (
            f'is not what stood there after that release, which is "{shown(row[column])}"; put it right, or'
        )
        return [("after", f"{what} add the correction that followed")]
    if correction["before"] == correction["after"]:
        return [("before", "is the same as after; take the row out")]
    if _unread(table, column, correction["before"]):
        return [("before", f"is nothing that {table}.csv could hold in {column}")]
    return []


def _taken_out(correction: dict[str, Any], there: dict[str, _Row]) -> list[tuple[str, str]]:
    """What is wrong with a correction that took a row out: the column, and why."""
    table = correction["table"]
    if correction["row"] in there:
        return [("column", f"is empty, which says that the row was taken out, but {table}.csv has it")]
    if correction["after"]:
        return [("after", "is filled, but a row that was taken out leaves nothing; empty it")]
    try:
        cells = json.loads(correction["before"])
    except ValueError:
        cells = None
    if not isinstance(cells, dict) or not all(isinstance(cell, str) for cell in cells.values()):
        return [("before", "is no JSON object of the row's cells, all of them text")]
    unknown = [name for name in cells if name not in schema(table).columns]
    if unknown:
        return [("before", f'has "{shown(unknown[0])}", which is no column of {table}.csv')]
    key = {name: cells.get(name) for name in KEYS[table]}
    if key != row_cells(table, correction["row"]):
        return [("before", "is not the row that row names")]
    unread = [name for name, cell in cells.items() if _unread(table, name, cell)]
    return [("before", f"has in {unread[0]} nothing that {table}.csv could hold")] if unread else []


def _unread(table: str, column: str, cell: str) -> bool:
    """Whether a cell cannot be what its column holds: no day, no number, or empty where it must be filled."""
    if cell == "":
        return bool(about(table, column)["required"])
    return bool(typed_cells(table, column, pd.Series([cell], dtype="str")).isna().iloc[0])


def _cells_before(correction: dict[str, Any]) -> _Row:
    if correction["column"]:
        return {correction["column"]: correction["before"]}
    cells: _Row = json.loads(correction["before"])
    return dict.fromkeys(schema(correction["table"]).columns, "") | cells


def _take_back(rows: dict[str, dict[str, _Row]], before: list[tuple[str, str, _Row]]) -> None:
    """Let the rows say what they said before a release, each under the key that it had."""
    changed: dict[tuple[str, str], _Row] = {}
    for table, name, cells in before:
        changed[table, name] = changed.get((table, name), rows[table].get(name, {})) | cells
    for table, name in changed:
        rows[table].pop(name, None)
    for (table, _), cells in changed.items():
        rows[table][row_name(table, cells)] = cells


def _problem(corrections: TypedTable, correction: dict[str, Any], column: str, what: str) -> Problem:
    cell = f'"{shown(correction[column])}" ' if correction[column] else ""
    return corrections.text.problem(int(correction["position"]), column, f"{cell}{what}")
