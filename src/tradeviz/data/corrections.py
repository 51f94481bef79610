"""Corrections of the tables: which row each is of, and the tables as they stood before them.

A correction names its row by the key that the row has from that release on. Where the key itself was put
right, earlier corrections name the row as it was called then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import pandas as pd

from tradeviz.data.asof import NOT_IN_DATASET, RECORDED
from tradeviz.data.models import KEYS, MODELS
from tradeviz.data.models_record import UPKEEP_TABLES
from tradeviz.data.validation import schema, typed_cells, written_cells
from tradeviz.frames import records

TABLE = "corrections"
"""The table of corrections."""

_NO_FACTS = ("sources", "coverage", *UPKEEP_TABLES)
_NO_CORRECTIONS = ("source_ids", "hindsight", RECORDED)


def corrected_columns(table: str) -> list[str]:
    """The columns of a table that a correction may name; none of a table that is no record of facts.

    What `load` leaves out is not among them, nor are sources, which are added to all the time.
    """
    if table not in MODELS or table in _NO_FACTS:
        return []
    left_out = (*_NO_CORRECTIONS, *NOT_IN_DATASET.get(table, ()))
    return [name for name in schema(table).columns if name not in left_out]


def row_name(table: str, cells: Mapping[str, str]) -> str:
    """What a correction calls a row: `column=value` of its key, with & between."""
    return "&".join(f"{name}={cells[name]}" for name in KEYS[table])


def row_cells(table: str, name: str) -> dict[str, str]:
    """The key of a row by column, from its name; empty where it is no name of a row of the table."""
    columns = KEYS[table]
    found = re.fullmatch("&".join(f"{column}=(.*)" for column in columns), name)
    return dict(zip(columns, found.groups(), strict=True)) if found else {}


def row_names(table: str, frame: pd.DataFrame) -> list[str]:
    """The names of all rows of a typed table."""
    cells = pd.DataFrame({name: written_cells(table, name, frame[name]) for name in KEYS[table]})
    return [row_name(table, row) for row in records(cells)]


def by_release(corrections: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Corrections release by release, the newest first."""
    newest_first = corrections.sort_values(RECORDED, ascending=False, kind="stable")
    for _, made in newest_first.groupby(RECORDED, sort=False):
        yield made


def undone(frames: Mapping[str, pd.DataFrame], corrections: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables as they stood before some corrections.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        All tables, typed.
    corrections : pandas.DataFrame
        The rows of corrections to undo: all from some day on.

    Returns
    -------
    dict of str to pandas.DataFrame
        The tables; a row that was taken out stands at the end of its table again.
    """
    before = dict(frames)
    for made in by_release(corrections):
        for table, rows in made.groupby("table", sort=False):
            name = str(table)
            before[name] = _before(name, before[name], rows)
    return before


def _before(table: str, frame: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """A table before the corrections of one release."""
    positions = {name: position for position, name in enumerate(row_names(table, frame))}
    cells = made[made["column"] != ""]
    changed = {}
    for column, rows in cells.groupby("column", sort=False):
        values = frame[column].copy()
        then = typed_cells(table, str(column), rows["before"]).astype(values.dtype)
        values.iloc[[positions[name] for name in rows["row"]]] = then.array
        changed[str(column)] = values
    taken_out = made.loc[made["column"] == "", "before"]
    frame = frame.assign(**changed)
    if taken_out.empty:
        return frame
    whole = [dict.fromkeys(frame.columns, "") | json.loads(cell) for cell in taken_out]
    texts = pd.DataFrame(whole, columns=frame.columns, dtype="str")
    again = {
        str(name): typed_cells(table, str(name), texts[name]).astype(frame[name].dtype) for name in texts
    }
    return pd.concat([frame, pd.DataFrame(again)], ignore_index=True)


def traced(corrections: pd.DataFrame) -> pd.DataFrame:
    """Say of each correction which row it is of, by the names that the row had before all and has after all.

    Parameters
    ----------
    corrections : pandas.DataFrame
        Rows of corrections: all from some day on.

    Returns
    -------
    pandas.DataFrame
        The rows, oldest first, with first (the name of their row before all of them) and last (its name after
        all of them; "" where it was taken out).
    """
    oldest_first = corrections.sort_values(RECORDED, kind="stable").reset_index(drop=True)
    rows: dict[tuple[str, str], list[int]] = {}
    firsts, lasts = [""] * len(oldest_first), [""] * len(oldest_first)
    for _, made in oldest_first.groupby(RECORDED, sort=False):
        named: dict[tuple[str, str], list[int]] = {}
        for (table, name), cells in made.groupby(["table", "row"], sort=False):
            then = _name_before(str(table), str(name), cells)
            earlier = rows.pop((str(table), then), [])
            first = firsts[earlier[0]] if earlier else then
            for position in cells.index:
                firsts[position] = first
            named[str(table), str(name)] = [*earlier, *cells.index]
            gone = (cells["column"] == "").any()
            for position in named[str(table), str(name)]:
                lasts[position] = "" if gone else str(name)
            if gone:
                del named[str(table), str(name)]
        rows |= named
    return oldest_first.assign(first=firsts, last=lasts).astype({"first": "str", "last": "str"})


def _name_before(table: str, name: str, cells: pd.DataFrame) -> str:
    """The name of a row before the corrections of one release, which may have changed its key."""
    before = dict(zip(cells["column"], cells["before"], strict=True))
    key = row_cells(table, name)
    return row_name(table, {column: before.get(column, cell) for column, cell in key.items()})
