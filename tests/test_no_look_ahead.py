"""No look-ahead: what is computed at a day equals what tables without later rows give.

The later rows are removed by plain csv code, not by the library's own cut.
"""

from __future__ import annotations

import csv
import inspect
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

import tradeviz
from known import known
from measures import Measure, assert_same, measures
from soak import truth
from tests.oracle.cut import physically_cut
from tests.oracle.tables import rows, tables_dir
from tests.some import ALL
from tradeviz import evidence, exposure, rates, summaries, talks
from tradeviz.talks import tempo

VARIANTS: dict[str, Measure] = {
    "scheduled in a year": lambda ds: rates.in_force(ds, on=ds.as_of + pd.Timedelta(days=365)),
    "deals": lambda ds: rates.proposals(ds, "deal"),
    "all clauses": lambda ds: talks.clauses(ds, role=None),
    "clauses of one partner": lambda ds: talks.peculiar_clauses(ds, shared=1),
    "days to a text": lambda ds: tempo.durations(ds, "framework_announced", "text_published"),
    "effective in a year": lambda ds: rates.effective(ds, on=ds.as_of + pd.Timedelta(days=365)),
    "effective_panel then": lambda ds: rates.effective_panel(
        ds, ds.as_of - pd.Timedelta(days=20), ds.as_of, known="then"
    ),
    "headline_panel then": lambda ds: rates.headline_panel(
        ds, ds.as_of - pd.Timedelta(days=20), ds.as_of, known="then"
    ),
    "cliffs at stake": lambda ds: rates.ranked(rates.at_stake(ds, rates.cliffs(ds))),
    "deals at stake": lambda ds: rates.proposals_at_stake(ds, "deal"),
    "threats at stake": lambda ds: rates.at_stake(ds, rates.proposals(ds, "threat")),
}
"""Measures again, with other parameters than their own; the rest finds itself (measures.py)."""

pytestmark = pytest.mark.living

FIRST_DAY = "2025-03-15"
"""From this day on no table is empty; an empty table is refused as a loss."""

DRAWN = [day for day in truth.random_days(20, 1) if day >= FIRST_DAY]
"""The days on which `make soak ARGS=days` looks, beside the one that `make test` takes."""


@pytest.mark.parametrize("as_of", ["2026-02-21", *(DRAWN if os.environ.get(ALL) else [])])
def test_everything_computed_at_a_day_ignores_later_rows(as_of: str, tmp_path: Path) -> None:
    whole, cut = known(as_of), tradeviz.load(as_of, data=physically_cut(as_of, tmp_path / "data"))
    for name, measure in (measures() | VARIANTS).items():
        assert_same(measure(whole), measure(cut), f"{name} at {as_of}")
    assert whole.data_hash() == cut.data_hash()


def test_every_public_measure_is_found() -> None:
    names = {name.rpartition(".")[2] for name in measures()}
    for module in (rates, talks, exposure, evidence, summaries):
        on_a_day = {
            name
            for name in module.__all__
            if inspect.isfunction(getattr(module, name))
            and next(iter(inspect.signature(getattr(module, name)).parameters), "") == "ds"
        }
        assert on_a_day <= names
    assert len(names) > 90


def test_the_physical_cut_does_remove_rows(tmp_path: Path) -> None:
    folder = physically_cut("2025-04-25", tmp_path / "data")
    for table in ("meetings", "milestones", "tariffs", "issues", "trade_monthly"):
        before = (tables_dir() / f"{table}.csv").read_text(encoding="utf-8").count("\n")
        after = (folder / f"{table}.csv").read_text(encoding="utf-8").count("\n")
        assert 1 < after < before / 2


def with_cells(folder: Path, table: str, key: str, **cells: str) -> None:
    """Change cells of the row of a table that has a key in its first column."""
    changed = [row | cells if key in row.values() else row for row in rows(table)]
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(changed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(changed)


def test_what_closed_a_step_or_holds_a_pledge_is_named_only_once_it_is_known(tmp_path: Path) -> None:
    # Both identifiers tell the day of what came later.
    data = tmp_path / "data"
    shutil.copytree(tables_dir(), data)
    with_cells(data, "meetings", "kor-2025-04-24-m2", next_step_closed_by="kor-2025-05-16-m1")
    with_cells(data, "commitments", "kor-2025-07-30-c1", part_of="kor-2025-11-13-c1")
    for table, key, column, named, before, after in (
        (
            "meetings",
            "kor-2025-04-24-m2",
            "next_step_closed_by",
            "kor-2025-05-16-m1",
            "2025-05-15",
            "2025-05-16",
        ),
        ("commitments", "kor-2025-07-30-c1", "part_of", "kor-2025-11-13-c1", "2025-11-12", "2025-11-13"),
    ):
        for day, cell in ((before, ""), (after, named)):
            frame = getattr(tradeviz.load(day, data=data), table)
            assert frame.set_index(frame.columns[0]).loc[key, column] == cell
