"""Write tests/frozen: the tables as they stood on one day, so that no test about a story ages.

Run `python -m tests.freeze` when a table or a column is new: the frozen rows keep their facts, and get
what is new from data/, cut at FROZEN_DAY. `python -m tests.freeze tariffs` freezes a table anew.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

from tests.oracle.cut import physically_cut
from tests.oracle.tables import FROZEN, Row
from tradeviz.data.models import KEYS, MODELS

FROZEN_DAY = "2026-09-30"


def freeze(anew: list[str]) -> None:
    """Bring the frozen tables up to the models; those named are written anew."""
    FROZEN.mkdir(exist_ok=True)
    living = tables_of_the_day()
    frozen = {}
    for name in MODELS:
        before = [] if name in anew else _read(FROZEN / f"{name}.csv")
        frozen[name] = _merged(name, before, living[name])
    cited = {one for rows in frozen.values() for row in rows for one in row.get("source_ids", "").split(";")}
    there = {row["source_id"] for row in frozen["sources"]}
    lacking = [row for row in living["sources"] if row["source_id"] in cited - there]
    frozen["sources"] = [row for row in frozen["sources"] if row["source_id"] in cited] + lacking
    for name, rows in frozen.items():
        _write(FROZEN / f"{name}.csv", _columns(name), rows)


def tables_of_the_day() -> dict[str, list[Row]]:
    """The living tables without what came after FROZEN_DAY, covered up to it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = physically_cut(FROZEN_DAY, Path(scratch) / "data")
        cut = {name: _read(folder / f"{name}.csv") for name in MODELS}
    for row in cut["coverage"]:
        row["through"] = min(row["through"], FROZEN_DAY)
    return cut


def _merged(name: str, frozen: list[Row], living: list[Row]) -> list[Row]:
    """The frozen rows with the columns of today, or the living ones where there are none."""
    if not frozen or list(frozen[0]) == _columns(name):
        return frozen or living
    new = {_key(name, row): row for row in living}
    blank = dict.fromkeys(_columns(name), "")
    return [{**blank, **new.get(_key(name, row), {}), **row} for row in frozen]


def _columns(name: str) -> list[str]:
    return list(MODELS[name].to_schema().columns)


def _key(name: str, row: Row) -> tuple[str, ...]:
    return tuple(row[part] for part in KEYS[name])


def _read(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, columns: list[str], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    freeze(sys.argv[1:])
