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
    for made in by_release(corrections.frame.assign(place=range(len(corrections.frame)))):
        before: list[tuple[str, str, _Row]] = []
        for one in records(made):
            table = one["table"]
            if not corrected_columns(table):
                yield _problem(corrections, one, "table", "is no table of facts")
            elif not row_cells(table, one["row"]):
                keys = "&".join(f"{name}=..." for name in KEYS[table])
                yield _problem(corrections, one, "row", f"is no name of a row; write {keys}")
            elif table in tables:
                there = rows.setdefault(table, _rows(tables[table]))
                found = _taken_out(one, there) if one["column"] == "" else _edited(one, there)
                yield from (_problem(corrections, one, column, what) for column, what in found)
                if not found:
                    before.append((table, one["row"], _cells_before(one)))
        _take_back(rows, before)


def _rows(table: TypedTable) -> dict[str, _Row]:
    return {row_name(table.text.name, row): row for row in records(table.text.frame)}


def _edited(one: dict[str, Any], there: dict[str, _Row]) -> list[tuple[str, str]]:
    """What is wrong with a correction of a cell: the column, and why."""
    table, column, row = one["table"], one["column"], there.get(one["row"])
    if column not in corrected_columns(table):
        allowed = ", ".join(corrected_columns(table))
        return [("column", f"is no column of {table}.csv that is corrected; use one of {allowed}")]
    if row is None:
        what = f"is no row of {table}.csv; name it by its key as it stood after that release, or add the"
        return [("row", f"{what} correction by which it was taken out or got another key")]
    if row[column] != one["after"]:
        what = (
            f'is not what stood there after that release, which is "{shown(row[column])}"; put it right, or'
        )
        return [("after", f"{what} add the correction that followed")]
    if one["before"] == one["after"]:
        return [("before", "is the same as after; take the row out")]
    if _unread(table, column, one["before"]):
        return [("before", f"is nothing that {table}.csv could hold in {column}")]
    return []


def _taken_out(one: dict[str, Any], there: dict[str, _Row]) -> list[tuple[str, str]]:
    """What is wrong with a correction that took a row out: the column, and why."""
    table = one["table"]
    if one["row"] in there:
        return [("column", f"is empty, which says that the row was taken out, but {table}.csv has it")]
    if one["after"]:
        return [("after", "is filled, but a row that was taken out leaves nothing; empty it")]
    try:
        cells = json.loads(one["before"])
    except ValueError:
        cells = None
    if not isinstance(cells, dict) or not all(isinstance(cell, str) for cell in cells.values()):
        return [("before", "is no JSON object of the row's cells, all of them text")]
    unknown = [name for name in cells if name not in schema(table).columns]
    if unknown:
        return [("before", f'has "{shown(unknown[0])}", which is no column of {table}.csv')]
    key = {name: cells.get(name) for name in KEYS[table]}
    if key != row_cells(table, one["row"]):
        return [("before", "is not the row that row names")]
    unread = [name for name, cell in cells.items() if _unread(table, name, cell)]
    return [("before", f"has in {unread[0]} nothing that {table}.csv could hold")] if unread else []


def _unread(table: str, column: str, cell: str) -> bool:
    """Whether a cell cannot be what its column holds: no day, no number, or empty where it must be filled."""
    if cell == "":
        return bool(about(table, column)["required"])
    return bool(typed_cells(table, column, pd.Series([cell], dtype="str")).isna().iloc[0])


def _cells_before(one: dict[str, Any]) -> _Row:
    if one["column"]:
        return {one["column"]: one["before"]}
    cells: _Row = json.loads(one["before"])
    return dict.fromkeys(schema(one["table"]).columns, "") | cells


def _take_back(rows: dict[str, dict[str, _Row]], before: list[tuple[str, str, _Row]]) -> None:
    """Let the rows say what they said before a release, each under the key that it had."""
    changed: dict[tuple[str, str], _Row] = {}
    for table, name, cells in before:
        changed[table, name] = changed.get((table, name), rows[table].get(name, {})) | cells
    for table, name in changed:
        rows[table].pop(name, None)
    for (table, _), cells in changed.items():
        rows[table][row_name(table, cells)] = cells


def _problem(corrections: TypedTable, one: dict[str, Any], column: str, what: str) -> Problem:
    cell = f'"{shown(one[column])}" ' if one[column] else ""
    return corrections.text.problem(int(one["place"]), column, f"{cell}{what}")
