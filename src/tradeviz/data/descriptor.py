"""The published description of the data, written from the models: datapackage.json and the codebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandera.pandas as pa

from tradeviz.data.asof import KNOWN_ON, PUBLISHED_ON
from tradeviz.data.models import KEYS, MODELS
from tradeviz.data.places import PACKAGE, data_release
from tradeviz.data.reach import coverage_end
from tradeviz.data.validation import read_all, schema
from tradeviz.wording import day

CODEBOOK = "README.md"
_TYPES = {"day": "date", "month": "yearmonth", "year": "year", "number": "number"}
_WRITTEN = {"url": "web address", "list": "identifiers, `;`-separated"}
"""Kinds of cells in words, where the word is another."""

_OF_PARTNERS = "meetings milestones issues commitments trade_annual effective_rates_model known_gaps"
_FOREIGN = {
    **dict.fromkeys(_OF_PARTNERS.split(), ("partner", "partners")),
    "commitment_status": ("commitment_id", "commitments"),
}
"""A column of a table, and the table whose column of that name it refers to."""


def write_package(folder: Path, release: str = "") -> list[Path]:
    """Write datapackage.json and the codebook README.md beside the tables.

    Parameters
    ----------
    folder : Path
        The folder of the tables.
    release : str
        The version of the data, 2026.11.29; else the one that stands there.

    Returns
    -------
    list of Path
        The files written.
    """
    tables, _ = read_all(folder)
    end = coverage_end(tables["coverage"].frame).strftime("%Y-%m-%d")
    package = json.dumps(describe(end, release or data_release(folder)), indent=2, ensure_ascii=False) + "\n"
    written = {PACKAGE: package, CODEBOOK: codebook(end)}
    for name, content in written.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return [folder / name for name in written]


def describe(coverage_end: str, release: str = "") -> dict[str, Any]:
    """Describe the tables as a Frictionless data package.

    Parameters
    ----------
    coverage_end : str
        The last day that the data cover, ISO.
    release : str
        The version of the data; "" for none.

    Returns
    -------
    dict
        The descriptor: one resource per table with its schema, keys and field meanings.
    """
    return {
        "name": "tradeviz",
        "title": "U.S. reciprocal-tariff talks: meetings, milestones and tariff orders",
        "description": "The United States' tariff talks since 2025, fact by fact, each with its sources.",
        **({"version": release} if release else {}),
        "coverage_end": coverage_end,
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "resources": [_resource(name) for name in MODELS],
    }


def codebook(coverage_end: str) -> str:
    """Write the codebook in Markdown: every table and column, and the rules that dates follow."""
    parts = [_CODEBOOK_HEAD.format(coverage_end=day(coverage_end))]
    for name in MODELS:
        parts.append(_codebook_table(name))
    return "\n".join(parts)


def _resource(name: str) -> dict[str, Any]:
    keys: dict[str, Any] = {"primaryKey": KEYS[name]}
    if name in _FOREIGN:
        column, table = _FOREIGN[name]
        keys["foreignKeys"] = [{"fields": [column], "reference": {"resource": table, "fields": [column]}}]
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "description": _about(name),
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in schema(name).columns.values()],
            "missingValues": [""],
            **keys,
        },
    }


def _field(column: pa.Column) -> dict[str, Any]:
    metadata = column.metadata or {}
    described: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES.get(metadata["kind"], "string"),
        "description": str(column.description) + (f" ({metadata['unit']})" if metadata["unit"] else ""),
    }
    if metadata["unit"]:
        described["unit"] = metadata["unit"]
    constraints: dict[str, Any] = {"required": True} if metadata["required"] else {}
    for check in column.checks:
        value = next(iter(check.statistics.values()))
        if check.name == "isin":
            constraints["enum"] = [code for code in value if code]
        elif check.name == "greater_than_or_equal_to" and metadata["kind"] == "number":
            constraints["minimum"] = value
        elif check.name == "less_than_or_equal_to" and metadata["kind"] == "number":
            constraints["maximum"] = value
        elif check.name == "str_matches" and metadata["kind"] != "text":
            constraints["pattern"] = value.pattern if hasattr(value, "pattern") else str(value)
    if constraints:
        described["constraints"] = constraints
    return described


def _about(name: str) -> str:
    return (MODELS[name].__doc__ or "").strip()


def _codebook_table(name: str) -> str:
    known = (KNOWN_ON | PUBLISHED_ON).get(name)
    lines = [
        f"## {name}.csv",
        "",
        f"{_about(name)} Key: {', '.join(f'`{column}`' for column in KEYS[name])}.",
    ]
    if known:
        lines.append(f"Known from: `{known}`.")
    lines += ["", "| column | meaning | unit or form | may be empty |", "| --- | --- | --- | --- |"]
    for column in schema(name).columns.values():
        metadata = column.metadata or {}
        allowed = next((c.statistics["allowed_values"] for c in column.checks if c.name == "isin"), None)
        form = metadata["unit"] or _WRITTEN.get(metadata["kind"], metadata["kind"])
        if allowed is not None:
            form = ", ".join(f"`{value}`" for value in allowed if value)
        empty = "no" if metadata["required"] else "yes"
        lines.append(f"| `{column.name}` | {column.description} | {form} | {empty} |")
    return "\n".join([*lines, ""])


_CODEBOOK_HEAD = """# Codebook

The tables of tradeviz: one table per kind of fact, one row per fact, every row with its sources. This
file and
`datapackage.json` are written from the models in `src/tradeviz/data/models.py` by `python -m
tradeviz.data`; do not edit them by hand.

UTF-8, comma-separated, one header line. Days are ISO 8601. Money is nominal U.S. dollars, with the scale
in the column's name
(`_usd_bn` billions, `_usd_mn` millions). Rates are percent (`_pct`). Partners are ISO 3166 alpha-3 codes,
EUU for the European Union.
Lists inside a cell are separated by `;`. Nothing in the tables is computed from another table; a derived
input says so in its note.

The data reach to {coverage_end}; `coverage.csv` says how far each table reaches for each partner.
Licence: CC BY 4.0 (see LICENSE).

## When a fact became known

An as-of date cuts on the day the world learned of a fact, never on the day it applies.

- A meeting is known from its first day; its last day, outcome and next step from its last day, until
  which it is under way.
- Milestones, issues, events: `date`. Tariffs and commitments: `announced`. Statuses of commitments: `date`.
- The modelled effective rates: their `date`, though they were computed in hindsight.
- A year of `trade_annual`: 15 March of the next year.
- A month of `trade_monthly`: `released`. Values are of the October 2026 vintage, whatever the as-of date.
- Known gaps: `last_day`. People: the first meeting that names them.
- Coverage: no day after the as-of date is shown, nor the reason why the record ends where it does.
- Partners and sources are reference tables.

## When a fact entered the record

`recorded` is the day on which the row entered the record, 29 November 2026 for all rows of the first release
with a version. What is put right in a row since, or taken out, stands in `corrections.csv`: the row by its
key, the column, what stood there before, what stands there since. A correction names the row as that release
left it; where the key itself was put right (a day), `column` is that part of the key. Of a row that
was taken out `before` holds all cells.

Not written down are `recorded`, `source_ids` (sources are added all the time), `hindsight` and what else
`tradeviz.load()` leaves out, and tables that are no record of facts (`sources`, `coverage`, `releases`,
`refused`, `reviewed`). `tradeviz.load(as_of, recorded_by=...)` undoes what came after a day, and
`tradeviz changes --clock recorded` tells it; `corrections.csv` itself is no table of a data set.

## Hindsight

Columns named `hindsight` hold what became of a fact later. `tradeviz.load()` leaves them out, and no page
prints them; it also leaves out `tariffs.note` and `trade_annual.note`.
A spreadsheet may run a cell that begins with `=`, `+`, `-` or `@`; `tradeviz check` warns of such cells.
"""
