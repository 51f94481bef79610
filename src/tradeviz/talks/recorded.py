"""What entered the record since a day, by the third clock: rows, however long known, and corrections."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from tradeviz.columns import describe
from tradeviz.data import Dataset, Tables
from tradeviz.data.asof import RECORDED
from tradeviz.data.corrections import TABLE, row_cells, row_names, traced
from tradeviz.data.models import KEYS
from tradeviz.data.validation import schema, typed_cells, written_cells
from tradeviz.days import FIRST, read_day
from tradeviz.frames import records, typed
from tradeviz.talks.changes import (
    ENTRY_KEYS,
    FORCE_KINDS,
    KINDS,
    changes,
    entry_key,
    known_kinds,
    newest_first,
)
from tradeviz.vocabulary import (
    GENERAL,
    ISSUE_NAMES,
    LEVEL_NAMES,
    MILESTONE_NAMES,
    TABLE_NAMES,
    WORLD,
    layer_name,
)
from tradeviz.wording import day, money_bn, number, rate, shortened

CORRECTION = "correction"
RECORDED_KINDS: tuple[str, ...] = (*KINDS, CORRECTION)
"""The kinds of what enters the record."""

_CORRECTED = ["column", "before", "after"]
_Row = dict[str, Any]
Entry = tuple[str, str, str]
"""Table, key and, of tariffs, partner: what tells an entry from others."""


@dataclass(frozen=True)
class Correction:
    """That an entry of `changes` was put right.

    Attributes
    ----------
    day : str
        The ISO day of the newest correction of a row behind it.
    first : dict of str to str
        Its key, kind and partner as they were before all corrections, where they can be corrected.
    """

    day: str
    first: dict[str, str]


def newly_recorded(
    tables: Tables,
    since: str | date | pd.Timestamp,
    as_of: str | date | pd.Timestamp | None = None,
    kinds: Collection[str] | None = None,
) -> pd.DataFrame:
    """What entered the record after a day, however long the world had known it, and what was corrected.

    Parameters
    ----------
    tables : Tables
        From `load_tables`.
    since : date
        The day of the record after which rows and corrections count.
    as_of : date, optional
        As for `load`: what became known to the world later is left out.
    kinds : collection of str, optional
        Those of `RECORDED_KINDS` to keep; all when not given.

    Returns
    -------
    pandas.DataFrame
        The newest of the record first: the columns of `changes`, recorded (the day on which the row, or the
        last row of an order, entered the record) and column, before, after ("" but for corrections). A
        correction has kind correction; date and recorded are the day on which it was made, column is the one
        put right, before and after are its cells as they stand in the tables. Several corrections of a cell
        are one. Of a row that was taken out column and after are "", and before names the row by its key.
        Not told are corrections of rows that entered the record after `since`, and of what was not known
        by `as_of`.

    Raises
    ------
    UsageError
        If a day is none, since lies before the first row that says when it entered the record, or a kind is
        unknown.

    Examples
    --------
    >>> talks.newly_recorded(tradeviz.data.load_tables(), since="2026-11-29").empty
    True
    """
    start, wanted = read_day(since, "since"), known_kinds(kinds, RECORDED_KINDS)
    ds, before = tables.at(as_of), tables.at(as_of, start)
    rows = changes(ds, FIRST)
    days = _recorded(tables)
    rows = rows.assign(
        recorded=[days[entry_of(row)] for row in records(rows)], **dict.fromkeys(_CORRECTED, "")
    )
    corrections = tables.frames[TABLE]
    made = [*_corrections(before, ds, traced(corrections[corrections[RECORDED] > start]))]
    corrected = pd.DataFrame(made, columns=list(rows.columns))
    types = {name: rows[name].dtype for name in rows.columns.map(str)}
    corrected = typed(corrected.fillna({"n_steps": 0}), types)
    rows = pd.concat([corrected, rows[rows["recorded"] > start]], ignore_index=True)
    return newest_first(rows[rows["kind"].isin(wanted)], ["recorded", "date"], ds.names)


def corrected_entries(tables: Tables) -> dict[Entry, Correction]:
    """The entries of `changes` whose rows were corrected, by table, key and, of tariffs, partner."""
    found: dict[Entry, Correction] = {}
    made = traced(tables.frames[TABLE])
    for row in records(made[made["table"].isin(list(ENTRY_KEYS)) & (made["last"] != "")]):
        table = row["table"]
        last, first = (row_cells(table, row[name]) for name in ("last", "first"))
        entry = entry_of({"table": table, "key": entry_key(table, last), "partner": last.get("partner", "")})
        as_first = found[entry].first if entry in found else _first(table, first)
        found[entry] = Correction(f"{row[RECORDED]:%Y-%m-%d}", as_first)
    return found


def entry_of(row: Mapping[str, str]) -> Entry:
    """What tells an entry from others, from a row of `changes`."""
    return row["table"], row["key"], row["partner"] if row["table"] == "tariffs" else ""


def _first(table: str, cells: dict[str, str]) -> dict[str, str]:
    named = {"key": entry_key(table, cells)}
    if table == "tariffs":
        named["kind"] = FORCE_KINDS[cells["force"]]
    if table == "tariffs" or "partner" in ENTRY_KEYS[table]:
        named["partner"] = cells["partner"]
    return named


def _recorded(tables: Tables) -> dict[Entry, pd.Timestamp]:
    """The day on which the last row of each entry was recorded."""
    days: dict[Entry, pd.Timestamp] = {}
    for table, columns in ENTRY_KEYS.items():
        frame = tables.frames[table]
        keys = pd.DataFrame({name: written_cells(table, name, frame[name]) for name in columns})
        keys = keys.assign(table=table, partner=frame.get("partner", ""))
        for row, recorded in zip(records(keys), frame[RECORDED], strict=True):
            entry = entry_of({"table": table, "key": entry_key(table, row), "partner": row["partner"]})
            days[entry] = max(recorded, days.get(entry, recorded))
    return days


def _corrections(before: Dataset, ds: Dataset, made: pd.DataFrame) -> Iterator[_Row]:
    """Rows that tell corrections of what both data sets show, as they show it."""
    rows = {
        "before": cache(lambda table: _by_name(before, table)),
        "ds": cache(lambda table: _by_name(ds, table)),
    }
    for group, cells in made.groupby(["table", "first", "last"], sort=False):
        table, first, last = map(str, group)
        then, now = rows["before"](table).get(first), rows["ds"](table).get(last)
        if then is None or (now is None and last):
            continue
        if now is None:
            what = f"Taken out: {_words_of_row(before, table, then)}."
            yield _correction_row(before, table, then, cells, what, "", first, "")
            continue
        for name, changed in cells.groupby("column", sort=False):
            column, texts = str(name), (str(changed["before"].iloc[0]), str(changed["after"].iloc[-1]))
            shown = _shows(then, table, column, texts[0]) and _shows(now, table, column, texts[1])
            if texts[0] == texts[1] or not shown:
                continue
            said, earlier = (_words_of_cell(table, column, text) for text in reversed(texts))
            title = describe(column, table).title.lower()
            what = f"Corrected: {_words_of_row(ds, table, now)}: {title} {said}, before {earlier}."
            yield _correction_row(ds, table, now, changed, what, column, *texts)


def _by_name(ds: Dataset, table: str) -> dict[str, _Row]:
    frame = getattr(ds, table)
    return dict(zip(row_names(table, frame), records(frame), strict=True))


def _shows(row: _Row, table: str, column: str, text: str) -> bool:
    """Whether a row shows what a correction says, and not what was known on its day, or nothing."""
    cell = typed_cells(table, column, pd.Series([text], dtype="str")).iloc[0]
    return bool(row[column] == cell or (pd.isna(row[column]) and pd.isna(cell)))


def _correction_row(
    ds: Dataset, table: str, row: _Row, made: pd.DataFrame, text: str, column: str, before: str, after: str
) -> _Row:
    when = made[RECORDED].iloc[-1]
    return {
        "date": when,
        "partner": _partner(ds, table, row),
        "kind": CORRECTION,
        "text": text,
        "table": table,
        "key": entry_key(table, row) if table in ENTRY_KEYS else _key_of(table, row),
        "source_ids": row.get("source_ids", ""),
        "layer": row.get("layer", ""),
        "product": row.get("product", ""),
        "from_basis": "",
        "to_basis": "",
        "recorded": when,
        "column": column,
        "before": before,
        "after": after,
    }


def _partner(ds: Dataset, table: str, row: _Row) -> str:
    """The partner that a row is about; all where it is about none, or about several."""
    code = row["scope"] if table == "events" else row.get("partner", GENERAL)
    if table == "commitment_status":
        pledges = ds.commitments.set_index("commitment_id")["partner"]
        code = pledges.get(row["commitment_id"], GENERAL)
    return code if code in (*ds.names, WORLD) else GENERAL


def _words_of_row(ds: Dataset, table: str, row: _Row) -> str:
    """Name a row for a reader: its table, its partner, and what it is about."""
    name = ds.names.get(_partner(ds, table, row), "")
    what = _words_of_key(table, row)
    return ", ".join(filter(None, [TABLE_NAMES.get(table, table.replace("_", " ")), name, what]))


def _words_of_key(table: str, row: _Row) -> str:
    match table:
        case "meetings":
            return f"{LEVEL_NAMES[row['level']]}, {day(row['start_date'])}"
        case "milestones":
            return f"{MILESTONE_NAMES[row['stage']]}, {day(row['date'])}"
        case "tariffs":
            return f"{row['instrument']}, {layer_name(row['layer'], row['product'])}, {day(row['effective'])}"
        case "issues":
            return f"{ISSUE_NAMES[row['issue']]}, {day(row['date'])}"
        case "commitments":
            return shortened(row["description"]).rstrip(".")
        case "events":
            return str(row["title"])
    keys = [
        written_cells(table, name, pd.Series([row[name]])).iloc[0]
        for name in KEYS[table]
        if name != "partner"
    ]
    return ", ".join(filter(None, keys))


def _key_of(table: str, row: _Row) -> str:
    return ":".join(written_cells(table, name, pd.Series([row[name]])).iloc[0] for name in KEYS[table])


def _words_of_cell(table: str, column: str, text: str) -> str:
    """A cell as a reader takes it: a rate with its sign, a day in words; an empty one as blank."""
    kind = (schema(table).columns[column].metadata or {})["kind"]
    if text == "":
        return "blank"
    if kind == "number":
        return _words_of_number(column, float(text))
    if kind == "day":
        return day(text)
    return text.replace("_", " ") if kind == "code" else f'"{shortened(text)}"'


def _words_of_number(column: str, value: float) -> str:
    if column.endswith("_pct"):
        return rate(value)
    if column.endswith(("_usd_bn", "_usd_mn")):
        return money_bn(value if column.endswith("_bn") else value / 1000)
    return number(value)
