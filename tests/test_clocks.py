"""Three clocks: when the world learned of a fact, when it applies, and when it entered the record."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from known import known
from tradeviz import rates, talks
from tradeviz.cli import app
from tradeviz.data import Tables, load_tables
from tradeviz.errors import UsageError
from tradeviz.frames import records

LATE = "kor-2025-04-24-m1"
"""A meeting that enters the record only later, in the copy below."""


@pytest.fixture
def tables() -> Tables:
    frames = dict(load_tables().frames)
    rows = frames["meetings"]
    later = rows["recorded"].mask(rows["meeting_id"] == LATE, pd.Timestamp("2026-12-20"))
    return Tables(frames | {"meetings": rows.assign(recorded=later)})


def test_as_published_then_lacks_what_entered_the_record_later(tables: Tables) -> None:
    for by, there in ((None, True), ("2026-12-20", True), ("2026-12-19", False)):
        ds = tables.at("2025-04-25", by)
        assert (LATE in set(ds.meetings["meeting_id"])) == there
        assert "recorded" not in ds.meetings


def test_a_row_recorded_late_reaches_who_asks_after_that_day(tables: Tables) -> None:
    new = talks.newly_recorded(tables, "2026-12-19", "2026-09-30")
    assert new["key"].tolist() == [LATE]
    assert f"{new['date'].iloc[0]:%Y-%m-%d} {new['recorded'].iloc[0]:%Y-%m-%d}" == "2025-04-24 2026-12-20"
    assert talks.newly_recorded(tables, "2026-12-20", "2026-09-30").empty
    assert talks.newly_recorded(tables, "2026-12-19", "2026-09-30", ["order"]).empty


def test_a_step_that_joins_an_order_later_is_newly_recorded(tables: Tables) -> None:
    steps = tables.frames["tariffs"]
    second = (steps["order_id"] == "eo-14257") & (steps["partner"] == "KOR") & (steps["rate_pct"] == 25)
    later = steps["recorded"].mask(second, pd.Timestamp("2026-12-20"))
    grown = Tables(tables.frames | {"tariffs": steps.assign(recorded=later)})
    new = talks.newly_recorded(grown, "2026-12-19", kinds=["order"])
    assert new[["key", "partner", "n_steps"]].to_numpy().tolist() == [["eo-14257", "KOR", 2]]


def test_before_the_first_row_of_the_record_there_is_nothing() -> None:
    with pytest.raises(
        UsageError, match="by 2025-04-25: its rows say when they entered it from 2026-11-29 on"
    ):
        load_tables().at("2025-04-25", "2025-04-25")


def told(*words: str) -> list[dict[str, str]]:
    result = CliRunner().invoke(app, ["changes", *words, "--as-of", "2025-04-25", "--format", "csv"])
    assert (result.exit_code, result.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_the_command_keeps_kinds_and_counts_by_either_clock() -> None:
    assert {row["kind"] for row in told("--since", "2025-04-01", "--kind", "order, meeting")} == {
        "order",
        "meeting",
    }
    assert told("--since", "2026-11-29", "--clock", "recorded") == []
    result = CliRunner().invoke(app, ["changes", "--since", "2025-04-01", "--kind", "orders"])
    assert (result.exit_code, "rate agreed" in result.stderr) == (2, True)


def test_an_order_has_its_first_step_in_columns_beside_its_words() -> None:
    rows = talks.changes(known("2025-04-25"), "2025-04-01").set_index(["key", "partner"])
    row = rows.loc[("eo-14257", "KOR")]
    assert row[["layer", "to_rate_pct", "to_basis", "n_steps"]].tolist() == [
        "reciprocal",
        10,
        "additional",
        2,
    ]
    assert f"{row['effective']:%Y-%m-%d}" == "2025-04-05"
    assert (np.isnan(row["from_rate_pct"]), row["from_basis"]) == (True, "")
    paused = rows.loc[("eo-14266", "KOR")]
    assert paused[["from_rate_pct", "from_basis", "to_rate_pct"]].tolist() == [25, "additional", 10]
    others = rows[rows["table"] != "tariffs"]
    assert (others["n_steps"] == 0).all()
    assert others["effective"].isna().all()
    assert (others["layer"] == "").all()


@pytest.mark.parametrize("day", ["2025-04-09", "2025-07-30", "2025-08-06"])
def test_the_rate_before_an_order_is_what_the_evening_before_had_scheduled(day: str) -> None:
    before = known(f"{pd.Timestamp(day) - pd.Timedelta(days=1):%Y-%m-%d}")
    rows = talks.changes(known(day), before.as_of, ["order"])
    named = rows[rows["partner"] != "ALL"]
    assert len(named)
    for row in records(named):
        then = rates.in_force(before, row["effective"], row["partner"], row["layer"])
        scheduled = then.loc[then["product"] == row["product"], ["rate_pct", "basis"]].to_numpy().tolist()
        told = [row["from_rate_pct"], row["from_basis"]]
        assert [told] == scheduled or (not scheduled and np.isnan(told[0]))
