"""Mutations of rows: lost, doubled, exchanged, torn, and with broken quotes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from random import Random

from soak.mutations import FEWER, NOTHING, ORDER, ROW, Maker, Mutation, Sheet, written
from tradeviz.data.models import KEYS

Rows = list[list[str]]
_FIRST_LINE = 2


def kinds() -> dict[str, Maker]:
    """The kinds of this module by name."""
    rows: dict[str, tuple[Callable[[Random, Sheet, int], Rows], str]] = {
        "deleted row": (lambda _, sheet, at: sheet.rows[:at] + sheet.rows[at + 1 :], FEWER),
        "doubled row": (lambda _, sheet, at: [*sheet.rows[: at + 1], *sheet.rows[at:]], NOTHING),
        "doubled row at the end": (lambda _, sheet, at: [*sheet.rows, sheet.rows[at]], NOTHING),
        "doubled key": (_same_key, NOTHING),
        "exchanged rows": (_exchanged_rows, ORDER),
        "exchanged neighbours": (_exchanged_cells, ROW),
        "shifted cells": (lambda _, sheet, at: _replaced(sheet, at, ["", *sheet.rows[at][:-1]]), NOTHING),
        "deleted cell": (_deleted_cell, NOTHING),
        "extra cell": (_extra_cell, NOTHING),
        "empty line": (lambda _, sheet, at: [*sheet.rows[:at], [], *sheet.rows[at:]], NOTHING),
        "line of commas": (
            lambda _, sheet, at: [*sheet.rows[:at], [""] * len(sheet.columns), *sheet.rows[at:]],
            NOTHING,
        ),
        "exchanged contents of columns": (_exchanged_columns, NOTHING),
    }
    made: dict[str, Maker] = {name: _of_rows(name, *how) for name, how in rows.items()}
    quotes = {
        "quote at the begin of a cell": lambda cell: f'"{cell}',
        "quote at the end of a cell": lambda cell: f'{cell}"',
        "quote inside a bare cell": lambda cell: f'{cell[:1]}"{cell[1:]}',
        "quotes inside quotes": lambda cell: f'"{cell} "so" {cell}"',
        "quotes with backslashes": lambda cell: f'"{cell} \\"so\\""',
        "word after a quoted cell": lambda cell: f'"{cell}" x',
        "bare comma": lambda cell: f"{cell}, and more",
    }
    return made | {name: _of_quotes(name, change) for name, change in quotes.items()}


def _of_rows(name: str, change: Callable[[Random, Sheet, int], Rows], may_change: str) -> Maker:
    def make(draw: Random, sheets: list[Sheet]) -> Mutation:
        sheet = draw.choice(sheets)
        rows = change(draw, sheet, draw.randrange(len(sheet.rows)))
        return Mutation(name, sheet.name, written(sheet.columns, rows), may_change)

    return make


def _of_quotes(name: str, change: Callable[[str], str]) -> Maker:
    def make(draw: Random, sheets: list[Sheet]) -> Mutation:
        sheet = draw.choice(sheets)
        row, at = draw.randrange(len(sheet.rows)), draw.randrange(len(sheet.columns))
        cells = [_bare(cell) for cell in sheet.rows[row]]
        cells[at] = change(sheet.rows[row][at].replace(",", " ").replace('"', ""))
        lines = sheet.raw.splitlines(keepends=True)
        lines[row + 1] = ",".join(cells).encode() + b"\n"
        return Mutation(name, sheet.name, b"".join(lines))

    return make


def _bare(cell: str) -> str:
    """A cell as it is written in a file."""
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if any(mark in cell for mark in ',"') else cell


def _replaced(sheet: Sheet, at: int, row: list[str]) -> Rows:
    return [*sheet.rows[:at], row, *sheet.rows[at + 1 :]]


def _same_key(draw: Random, sheet: Sheet, at: int) -> Rows:
    """A further row with the key of another and the rest of a third."""
    key = KEYS[sheet.name]
    other = draw.choice(sheet.rows)
    row = [sheet.rows[at][n] if name in key else other[n] for n, name in enumerate(sheet.columns)]
    return [*sheet.rows, row]


def _exchanged_rows(draw: Random, sheet: Sheet, at: int) -> Rows:
    rows = list(sheet.rows)
    other = draw.randrange(len(rows))
    rows[at], rows[other] = rows[other], rows[at]
    return rows


def _exchanged_cells(draw: Random, sheet: Sheet, at: int) -> Rows:
    row = list(sheet.rows[at])
    n = draw.randrange(len(row) - 1)
    row[n], row[n + 1] = row[n + 1], row[n]
    return _replaced(sheet, at, row)


def _deleted_cell(draw: Random, sheet: Sheet, at: int) -> Rows:
    row = list(sheet.rows[at])
    del row[draw.randrange(len(row))]
    return _replaced(sheet, at, row)


def _extra_cell(draw: Random, sheet: Sheet, at: int) -> Rows:
    row = list(sheet.rows[at])
    row.insert(draw.randrange(len(row) + 1), draw.choice(["", "x", row[0]]))
    return _replaced(sheet, at, row)


def _exchanged_columns(draw: Random, sheet: Sheet, _: int) -> Rows:
    """The cells of two columns in each other's place, below an unchanged header.

    At least one is no free text: nobody but a reader tells one column of remarks from another.
    """
    pairs = list(combinations(range(len(sheet.columns)), 2))
    kinds = [sheet.kind(name) for name in sheet.columns]
    first, other = draw.choice([pair for pair in pairs if {kinds[n] for n in pair} != {"text"}])
    rows = [list(row) for row in sheet.rows]
    for row in rows:
        row[first], row[other] = row[other], row[first]
    return rows
