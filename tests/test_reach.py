"""How far the record reaches: coverage_end, the clock, newer facts, and what was only scheduled."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import tradeviz
from tests.test_data_check import DATA, edit, row_where
from tradeviz import clock, data, rates


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def found(folder: Path, severity: str, today: str = "2026-11-29") -> list[str]:
    problems = data.check(folder, date.fromisoformat(today))
    return [str(problem) for problem in problems if problem.severity == severity]


def test_one_slip_in_coverage_does_not_move_the_last_day_and_is_an_error(folder: Path) -> None:
    end = tradeviz.load().coverage_end
    line = edit(
        folder, "coverage", row_where("coverage", table="events", partner="ALL"), through="2029-10-07"
    )
    assert tradeviz.load(data=folder).coverage_end == end
    said = [text for text in found(folder, "error") if text.startswith(f"coverage.csv:{line} through: ")]
    assert any("lies in the future: today is 2026-11-29" in text for text in said)
    assert any("days after the newest fact" in text for text in said)


def test_the_least_searched_table_of_rates_and_events_ends_the_record(folder: Path) -> None:
    edit(folder, "coverage", row_where("coverage", table="tariffs", partner="KOR"), through="2026-08-01")
    ds = tradeviz.load(data=folder)
    assert ds.as_of == ds.coverage_end == pd.Timestamp("2026-08-01")
    assert (ds.coverage["through"] <= ds.as_of).all()


def test_a_fact_after_the_last_covered_day_is_told_and_shows_with_a_later_day(folder: Path) -> None:
    row = row_where("events", date="2025-01-20")
    line = edit(folder, "events", row, date="2026-11-20")
    said = [text for text in found(folder, "warning") if text.startswith(f"events.csv:{line} date: ")]
    assert any("shows only with --as-of 2026-11-20 or later" in text for text in said), said
    assert not (tradeviz.load(data=folder).events["date"] == "2026-11-20").any()
    assert (data.load_tables(folder).at("2026-11-29").events["date"] == "2026-11-20").any()


def test_a_day_to_come_is_an_error_by_the_clock_that_the_build_was_given(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770000000")
    assert clock.today() == date(2026, 2, 2)
    assert any("today is 2026-02-02" in str(problem) for problem in data.check(folder))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert clock.today() > date(2026, 2, 2)


def test_a_step_whose_day_came_after_the_record_ends_is_not_confirmed() -> None:
    tables = data.load_tables()
    scheduled = tables.at().tariffs
    scheduled = scheduled[(scheduled["force"] == "order") & (scheduled["effective"] > tables.coverage_end)]
    day = scheduled["effective"].min()
    steps = rates.schedules(tables.at(day))
    came = steps[steps["effective"] == day]
    assert len(came)
    assert set(came["state"]) == {"unconfirmed"}
