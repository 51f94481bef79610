"""The bytes of the files: the same data give the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Any

import pandas as pd

from tradeviz import __version__
from tradeviz.data import Dataset
from tradeviz.errors import UsageError
from tradeviz.export.contents import Sheet, stamped
from tradeviz.export.workbook import workbook
from tradeviz.frames import iso_days
from tradeviz.stamp import notice, of_scenario

MANIFEST = "MANIFEST.json"
_LONGEST_LABEL = 80
"""Longest label that Stata admits, in characters."""

_WRITTEN = datetime(2025, 1, 1)
"""The time that files state as theirs: a fixed one, so that the same data give the same bytes."""

_NEEDS = {"xlsx": "XlsxWriter", "parquet": "pyarrow"}
"""Packages that a format needs; the extras of their names install them."""

_SQL_TYPES = {"M": "DATE", "f": "REAL", "i": "INTEGER", "b": "INTEGER"}


def export_files(
    ds: Dataset, sheets: Sequence[Sheet], formats: Sequence[str], beside: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """Make the files that hold the sheets, and a manifest of them.

    Parameters
    ----------
    ds : Dataset
        The data set that the sheets come from.
    sheets : sequence of Sheet
        What the files hold.
    formats : sequence of str
        Any of `FORMATS`.
    beside : mapping of str to bytes, optional
        Further files that the manifest names, such as pictures.

    Returns
    -------
    dict of str to bytes
        Content by path: one workbook, database or JSON file with all sheets; for Parquet and Stata a
        folder with a file for each. Of a scenario each file bears its name, and each sheet has it in its
        title and in a column page_scenario. MANIFEST.json comes last: version, hash of the data, last covered
        day, and hash and size of each file.

    Raises
    ------
    UsageError
        If a format is unknown, or needs a package that is not installed.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import export
    >>> ds = tradeviz.load("2025-04-25")
    >>> sorted(export.export_files(ds, export.table_sheets(ds)[:1], ["sqlite", "json"]))
    ['MANIFEST.json', 'tradeviz.json', 'tradeviz.sqlite']
    """
    check_formats(formats)
    contents = dict(beside or {})
    sheets = [stamped(sheet, ds.scenario) for sheet in sheets]
    for name in FORMATS:
        if name in formats:
            contents |= FORMATS[name](ds, sheets)
    contents[MANIFEST] = _manifest(ds, contents)
    return contents


def check_formats(formats: Sequence[str]) -> None:
    """See that all formats are known and can be written here.

    Raises
    ------
    UsageError
        If one is unknown, or needs a package that is not installed.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        said = f'format "{unknown[0]}" is unknown' if unknown else "no format is named"
        raise UsageError(f"{said}; use one or more of {', '.join(FORMATS)}, with commas between")
    for name in formats:
        if name in _NEEDS and find_spec(_NEEDS[name].lower()) is None:
            raise UsageError(_need(name))


def installed() -> tuple[list[str], list[str]]:
    """Return the formats that can be written here, and for each other one a line that says what it needs."""
    absent = [name for name, package in _NEEDS.items() if find_spec(package.lower()) is None]
    return [name for name in FORMATS if name not in absent], [_need(name) for name in absent]


def _need(name: str) -> str:
    return f'format {name} needs {_NEEDS[name]}: pip install "tradeviz[{name}]"'


def _manifest(ds: Dataset, contents: dict[str, bytes]) -> bytes:
    about = {
        "tradeviz": __version__,
        "as_of": f"{ds.as_of:%Y-%m-%d}",
        **_scenario(ds),
        "last_covered_day": f"{min(ds.as_of, ds.coverage_end):%Y-%m-%d}",
        "data_hash": ds.data_hash(),
        "data_version": data_version(ds),
        "licence": "CC BY 4.0",
        "files": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in contents.items()
        },
    }
    return (json.dumps(about, indent=2) + "\n").encode()


def _scenario(ds: Dataset) -> dict[str, str]:
    """What a file says of the scenario that it tells; nothing of the record."""
    return {"scenario": notice(ds.scenario)} if ds.scenario else {}


def _named(ds: Dataset, ending: str) -> str:
    return f"{of_scenario('tradeviz', ds.scenario)}.{ending}"


def data_version(ds: Dataset) -> str:
    """Name the state of the data: the as-of day and the beginning of their hash, to cite them by."""
    return f"{ds.as_of:%Y-%m-%d}+{ds.data_hash()[:12]}"


def _xlsx(ds: Dataset, sheets: Sequence[Sheet]) -> dict[str, bytes]:
    about = f"tradeviz {__version__}, data {data_version(ds)}, CC BY 4.0"
    about += f". {notice(ds.scenario)}" if ds.scenario else ""
    return {_named(ds, "xlsx"): workbook(sheets, f"{ds.as_of:%Y-%m-%d}", about, _WRITTEN)}


def _sqlite(ds: Dataset, sheets: Sequence[Sheet]) -> dict[str, bytes]:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE _contents (name TEXT, title TEXT, unit TEXT, source TEXT, as_of DATE)")
    base.execute("CREATE TABLE _columns (name TEXT, column TEXT, title TEXT, description TEXT, unit TEXT)")
    for sheet in sheets:
        about = (sheet.name, sheet.title, sheet.unit, sheet.source, f"{ds.as_of:%Y-%m-%d}")
        base.execute("INSERT INTO _contents VALUES (?, ?, ?, ?, ?)", about)
        described = [
            (sheet.name, column.name, column.title, column.description, column.unit)
            for column in sheet.columns
        ]
        base.executemany("INSERT INTO _columns VALUES (?, ?, ?, ?, ?)", described)
        kinds = {name: _SQL_TYPES.get(sheet.frame[name].dtype.kind, "TEXT") for name in sheet.frame.columns}
        columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        base.execute(f'CREATE TABLE "{sheet.name}" ({columns})')
        places = ", ".join("?" * len(kinds))
        base.executemany(f'INSERT INTO "{sheet.name}" VALUES ({places})', rows_of(sheet.frame))
    base.commit()
    content = base.serialize()
    base.close()
    return {_named(ds, "sqlite"): content}


def _json(ds: Dataset, sheets: Sequence[Sheet]) -> dict[str, bytes]:
    package = {
        "as_of": f"{ds.as_of:%Y-%m-%d}",
        **_scenario(ds),
        "data_version": data_version(ds),
        "tables": {
            sheet.name: {
                "title": sheet.title,
                "unit": sheet.unit,
                "source": sheet.source,
                "columns": [vars(column) for column in sheet.columns],
                "rows": [dict(zip(sheet.frame.columns, row, strict=True)) for row in rows_of(sheet.frame)],
            }
            for sheet in sheets
        },
    }
    return {_named(ds, "json"): (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()}


def _parquet(ds: Dataset, sheets: Sequence[Sheet]) -> dict[str, bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    contents = {}
    for sheet in sheets:
        table = pa.Table.from_pandas(sheet.frame, preserve_index=False)
        described = [
            table.field(column.name).with_metadata({"description": column.description, "unit": column.unit})
            for column in sheet.columns
        ]
        about = {"title": sheet.title, "unit": sheet.unit, "source": sheet.source}
        about["as_of"] = f"{ds.as_of:%Y-%m-%d}"
        metadata = {**(table.schema.metadata or {}), **about}
        buffer = io.BytesIO()
        pq.write_table(table.cast(pa.schema(described, metadata=metadata)), buffer)
        contents[f"parquet/{of_scenario(sheet.name, ds.scenario)}.parquet"] = buffer.getvalue()
    return contents


def _dta(ds: Dataset, sheets: Sequence[Sheet]) -> dict[str, bytes]:
    contents = {}
    for sheet in sheets:
        names = {column.name: stata_name(column.name) for column in sheet.columns}
        labels = {names[column.name]: _label(column.description, column.unit) for column in sheet.columns}
        frame = sheet.frame.rename(columns=names)
        truths = frame.select_dtypes("bool").columns
        frame = frame.assign(**{name: frame[name].astype("int8") for name in truths})
        days = frame.select_dtypes("datetime").columns
        buffer = io.BytesIO()
        frame.to_stata(
            buffer,
            write_index=False,
            version=118,
            time_stamp=_WRITTEN,
            data_label=". ".join(filter(None, (notice(ds.scenario), sheet.title)))[:_LONGEST_LABEL],
            variable_labels=labels,
            convert_dates=dict.fromkeys(days, "td"),
        )
        name = of_scenario(sheet.name, ds.scenario).replace("-", "_")
        contents[f"stata/{name}.dta"] = buffer.getvalue()
    return contents


def stata_name(name: str) -> str:
    """Name a column as Stata admits it: `end` is a word of its language."""
    return f"{name}_" if name in ("end", "in", "if", "with", "case", "using") else name


def _label(description: str, unit: str) -> str:
    room = _LONGEST_LABEL - (len(unit) + 3 if unit else 0)
    short = description if len(description) <= room else description[: room - 3].rstrip() + "..."
    return f"{short} ({unit})" if unit else short


def rows_of(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return the rows of a frame with days in ISO form and nothing (None) where a value is missing."""
    shown, gone = iso_days(frame), frame.isna()
    columns = [
        [
            None if lost else value
            for value, lost in zip(shown[name].tolist(), gone[name].tolist(), strict=True)
        ]
        for name in frame.columns
    ]
    return list(zip(*columns, strict=True))


FORMATS: dict[str, Callable[[Dataset, Sequence[Sheet]], dict[str, bytes]]] = {
    "xlsx": _xlsx,
    "sqlite": _sqlite,
    "parquet": _parquet,
    "dta": _dta,
    "json": _json,
}
"""The formats by name."""
