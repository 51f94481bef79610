"""Rules that need more than one cell: keys, references, order of days, and what a curator should look at.

Errors are what makes a table wrong; warnings (in `advice`) are what only a curator can judge.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tradeviz import vocabulary
from tradeviz.data import split_list
from tradeviz.data.advice import advice
from tradeviz.data.corrections import TABLE
from tradeviz.data.curation import RULES_OF_CURATION
from tradeviz.data.models import KEYS
from tradeviz.data.problems import Problem, shown
from tradeviz.data.rules import RULES
from tradeviz.data.rules_corrections import correction_problems
from tradeviz.data.twice_told import RULES_OF_AGREEMENT
from tradeviz.data.validation import Tables, TypedTable, at, schema


def problems_across(tables: Tables, warnings: bool = False) -> list[Problem]:
    """Hold the tables against the rules that need more than one cell.

    Parameters
    ----------
    tables : dict of str to TypedTable
        The tables whose form is sound; rules about others are skipped.
    warnings : bool
        Whether to hold the tables to the rules of curation, and to add what only a curator can judge.

    Returns
    -------
    list of Problem
        Errors, and warnings if asked for.
    """
    found: list[Problem] = []
    for name, table in tables.items():
        found += [*_keys(name, table), *_references(table, tables)]
    for names, rule in (*RULES, *RULES_OF_AGREEMENT, *(RULES_OF_CURATION if warnings else ())):
        if all(name in tables for name in names):
            found += rule(*[tables[name] for name in names])
    if TABLE in tables:
        found += correction_problems(tables)
    if warnings:
        found += advice(tables)
    return found


def _keys(name: str, table: TypedTable) -> Iterator[Problem]:
    key = KEYS[name]
    doubled = table.text.frame.duplicated(key)
    what = ", ".join(key)
    yield from at(table, doubled, key[0], f"a row with the same {what} stands above; keep one")


def _references(table: TypedTable, tables: Tables) -> Iterator[Problem]:
    for column, field in schema(table.text.name).columns.items():
        metadata = field.metadata or {}
        target = metadata["references"]
        cells = table.text.frame[column]
        if metadata["kind"] == "list":
            yield from _list_form(table, column, cells)
        if not target:
            continue
        known = _known(target, tables)
        if known is None:
            continue
        known = known | set(split_list(metadata["also"]))
        source, _, _ = target.partition(".")
        where = "the vocabulary" if source == "vocabulary" else f"{source}.csv"
        for row, cell in enumerate(cells.tolist()):
            for part in split_list(cell):
                if part not in known:
                    yield table.text.problem(row, column, f'"{shown(part)}" is not in {where}')


def _known(target: str, tables: Tables) -> set[str] | None:
    table, column = target.split(".")
    if table == "vocabulary":
        return set(getattr(vocabulary, column))
    return set(tables[table].text.frame[column]) if table in tables else None


def _list_form(table: TypedTable, column: str, cells: pd.Series) -> Iterator[Problem]:
    for row, cell in enumerate(cells.tolist()):
        parts = cell.split(";") if cell else []
        if any(part != part.strip() or not part for part in parts):
            yield table.text.problem(row, column, f'"{shown(cell)}" has an empty part or a space around one')
        elif len(set(parts)) < len(parts):
            yield table.text.problem(row, column, f'"{shown(cell)}" names the same thing twice')
