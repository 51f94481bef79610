"""What a person decides about a queue: rows taken into the tables, and rows turned down.

A document becomes a row of sources.csv, trade figures become rows of trade_monthly.csv. What a document
says, a person writes into the tables of facts.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tradeviz import data
from tradeviz.briefing import files
from tradeviz.data.fields import SOURCE_ID
from tradeviz.errors import DataError, UsageError
from tradeviz.upkeep import queue
from tradeviz.upkeep.queue import Row
from tradeviz.wording import count


def accept(path: Path, keys: Sequence[str], folder: Path, today: date) -> list[Path]:
    """Take rows of a queue into the tables.

    Parameters
    ----------
    path : Path
        The queue, filled in.
    keys : sequence of str
        Which rows, by their column key; all where there is none.
    folder : Path
        The folder of the tables.
    today : datetime.date
        The day that counts as today.

    Returns
    -------
    list of Path
        The tables that were changed.

    Raises
    ------
    UsageError
        If there is no such queue or row, or a row is not filled in.
    DataError
        If `check` finds errors in the tables with these rows; then all files are as they were.
    """
    taken, left = _chosen(path, keys)
    if "partner" in taken[0] and "month" in taken[0]:
        changed = _with_trade(folder, taken, today)
    else:
        changed = {"sources": _with_sources(folder, taken, today)}
    _write(folder, changed, today)
    files.write(path, queue.as_csv(taken[0], left))
    return [folder / f"{name}.csv" for name in changed]


def refuse(path: Path, keys: Sequence[str], reason: str, folder: Path, today: date) -> Path:
    """Turn rows of a queue down, and remember it, so that no watch offers them again.

    Parameters
    ----------
    path : Path
        The queue.
    keys : sequence of str
        Which rows, by their column key.
    reason : str
        Why.
    folder : Path
        The folder of the tables.
    today : datetime.date
        The day that counts as today.

    Returns
    -------
    Path
        The table refused.csv.

    Raises
    ------
    UsageError
        If there is no such queue or row, or no reason.
    DataError
        If `check` finds errors in the tables with these rows; then all files are as they were.
    """
    if not reason.strip():
        raise UsageError("--reason is empty; say in a few words why it is turned down")
    if not keys:
        raise UsageError("name the rows to turn down by their keys")
    taken, left = _chosen(path, keys)
    rows = _rows(folder, "refused")
    rows += [
        {"feed": row["feed"], "key": row["key"], "refused_on": today.isoformat(), "reason": reason.strip()}
        for row in taken
    ]
    _write(folder, {"refused": rows}, today)
    files.write(path, queue.as_csv(taken[0], left))
    return folder / "refused.csv"


def _chosen(path: Path, keys: Sequence[str]) -> tuple[list[Row], list[Row]]:
    rows = queue.read(path)
    known = {row["key"] for row in rows}
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise UsageError(f'{path} has no row with the key "{unknown[0]}"')
    if not rows:
        raise UsageError(f"{path} has no rows")
    taken = [row for row in rows if not keys or row["key"] in keys]
    return taken, [row for row in rows if row not in taken]


def _with_sources(folder: Path, taken: Sequence[Row], today: date) -> list[Row]:
    rows = _rows(folder, "sources")
    there = {row["source_id"] for row in rows}
    for row in taken:
        if not re.fullmatch(SOURCE_ID, row["source_id"]) or not row["publisher"] or not row["source_kind"]:
            raise UsageError(
                f'fill in source_id, publisher and source_kind of "{row["key"]}" in the queue first'
            )
        if row["source_id"] in there:
            raise UsageError(
                f'"{row["source_id"]}" is in sources.csv already; give "{row["key"]}" another source_id'
            )
        there.add(row["source_id"])
        title = f"{row['title']} ({row['citation']})" if row["citation"] else row["title"]
        cells = {name: row[name] for name in ("source_id", "publisher", "published", "url")}
        rows.append(_source(rows, today, title=title, kind=row["source_kind"], **cells))
    return sorted(rows, key=lambda row: row["source_id"])


def _source(rows: Sequence[Row], today: date, **cells: str) -> Row:
    """A row of sources.csv, read today."""
    return dict.fromkeys(rows[0], "") | cells | {"accessed": today.isoformat()}


def _with_trade(folder: Path, taken: Sequence[Row], today: date) -> dict[str, list[Row]]:
    """The months, each behind those of its partner, the source that they cite, and what is covered now."""
    trade = _rows(folder, "trade_monthly")
    blank = dict.fromkeys(trade[0], "")
    for row in taken:
        of_partner = [i for i, month in enumerate(trade) if month["partner"] == row["partner"]]
        new = blank | {name: row[name] for name in blank if name in row} | {"recorded": today.isoformat()}
        trade.insert(of_partner[-1] + 1 if of_partner else len(trade), new)
    sources = _rows(folder, "sources")
    cited = {(row["source_ids"], row["released"], row["month"]) for row in taken}
    known = {row["source_id"] for row in sources}
    for source_id, released, month in sorted(cited):
        if source_id not in known:
            about = {
                "source_id": source_id,
                "publisher": "U.S. Census Bureau",
                "title": f"U.S. imports and calculated duties by country, {month} (interface for programs)",
                "published": released,
                "url": "https://api.census.gov/data/timeseries/intltrade/imports/hs",
                "kind": "primary",
            }
            sources.append(_source(sources, today, **about))
    coverage = _rows(folder, "coverage")
    latest = max(row["released"] for row in taken)
    dues = sorted(row["due"] for row in _rows(folder, "releases") if row["due"] > latest)
    for row in coverage:
        if row["table"] == "trade_monthly" and row["through"] <= latest:
            row |= {"through": latest, "look_again_by": dues[0] if dues else row["look_again_by"]}
    return {
        "trade_monthly": trade,
        "sources": sorted(sources, key=lambda row: row["source_id"]),
        "coverage": coverage,
    }


def _rows(folder: Path, table: str) -> list[Row]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(folder: Path, changed: dict[str, list[Row]], today: date) -> None:
    """Write tables, and take it back if they break their rules."""
    before = {f"{name}.csv": (folder / f"{name}.csv").read_bytes() for name in changed}
    files.write_together(
        folder, {f"{name}.csv": queue.as_csv(rows[0], rows) for name, rows in changed.items()}
    )
    errors = [problem for problem in data.check(folder, today) if problem.severity == "error"]
    if errors:
        files.write_together(folder, before)
        raise DataError(
            f"nothing was taken: {count(len(errors), 'error')} in the tables with these rows", errors
        )
