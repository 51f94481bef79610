"""What stands in the files to take away, read back with the libraries of other tools."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq


def tables(path: Path) -> dict[str, str]:
    """Return what a file holds as CSV by the name of the table; what describes the tables is one of them."""
    return READERS[path.suffix](path)


def _workbook(path: Path) -> dict[str, str]:
    book = openpyxl.load_workbook(path, read_only=True)
    found = {}
    for page in book:
        rows = [[_plain(cell) for cell in row] for row in page.iter_rows(values_only=True)]
        describes = page.title in ("contents", "codebook")
        head, body = (rows, []) if describes else (rows[:5], rows[5:])
        found[page.title] = _csv(pd.DataFrame(body[1:], columns=body[0])) if body else ""
        found[f"{page.title} (head)"] = _csv(pd.DataFrame(head))
    book.close()
    return found


def _plain(cell: object) -> object:
    return f"{cell:%Y-%m-%d}" if hasattr(cell, "year") else cell


def _database(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as base:
        names = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: _csv(pd.read_sql(f'SELECT * FROM "{name}"', base)) for name in names}


def _parquet(path: Path) -> dict[str, str]:
    table = pq.read_table(path)
    fields = [field.metadata for field in table.schema]
    return {path.stem: _csv(table.to_pandas()), f"{path.stem} (head)": f"{table.schema.metadata} {fields}"}


def _stata(path: Path) -> dict[str, str]:
    with pd.read_stata(path, iterator=True) as reader:
        head = f"{reader.data_label} {reader.variable_labels()}"
        return {path.stem: _csv(reader.read()), f"{path.stem} (head)": head}


def _json(path: Path) -> dict[str, str]:
    package = json.loads(path.read_text(encoding="utf-8"))
    if "tables" not in package:
        return {path.stem: json.dumps(package)}
    found = {}
    for name, table in package["tables"].items():
        found[name] = _csv(pd.DataFrame(table.pop("rows")))
        found[f"{name} (head)"] = json.dumps(table, ensure_ascii=False)
    return found


def _csv(frame: pd.DataFrame) -> str:
    buffer = io.StringIO()
    frame.to_csv(buffer, index=False)
    return buffer.getvalue()


READERS: dict[str, Callable[[Path], dict[str, str]]] = {
    ".xlsx": _workbook,
    ".sqlite": _database,
    ".parquet": _parquet,
    ".dta": _stata,
    ".json": _json,
}
"""How a file is read, by its ending."""
