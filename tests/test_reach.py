"""How far the record reaches: coverage_end, the clock, newer facts, and what was only scheduled."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import tradeviz
from tests.test_data_check import DATA, edit, row_where
from tests.test_due import change
from tradeviz import clock, data, rates, summaries, tables, talks
from tradeviz.cli import app
from tradeviz.errors import RecordEndsWarning, UsageError


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
    with pytest.raises(UsageError, match="no moment"):
        clock.today()


def test_a_step_whose_day_came_after_the_record_ends_is_not_confirmed() -> None:
    tables = data.load_tables()
    scheduled = tables.at().tariffs
    scheduled = scheduled[(scheduled["force"] == "order") & (scheduled["effective"] > tables.coverage_end)]
    day = scheduled["effective"].min()
    steps = rates.schedules(tables.at(day))
    came = steps[steps["effective"] == day]
    assert len(came)
    assert set(came["state"]) == {"unconfirmed"}


@pytest.fixture(scope="module")
def november(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables, searched to 6 October 2026."""
    folder = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("november") / "data"))
    change(folder, "coverage", through="2026-10-06")
    return folder


AGE = "The record ends before 29 November 2026: rates and talks with China on 6 October 2026, 54 days before."


def test_a_day_after_the_record_says_how_far_behind_it_is_and_what_was_due(november: Path) -> None:
    ds = data.load_tables(november).at("2026-11-29")
    note = summaries.reach_note(ds, "CHN")
    assert note.startswith(f"{AGE} Due since then, outcome not on record: the Kuala Lumpur")
    assert "was to end on 10 November 2026 or, by a later statement, 10 January 2027" in note
    assert "retaliation on U.S. goods (all goods) to 34% on 10 November 2026" in note
    assert "four pledges were to end by 10 November 2026" in note
    assert "reciprocal to 34%" not in note  # a later order stands in its place
    facts = summaries.reach(ds)
    assert (facts.rates_through, facts.after_the_end) == (date(2026, 10, 6), True)
    assert "Kuala Lumpur" in facts.text
    assert "Due since then" not in summaries.reach_note(ds, "KHM")


def test_a_rate_of_its_own_is_due_for_a_partner_in_place_of_the_general_one(november: Path) -> None:
    ds = data.load_tables(november).at("2026-12-05")
    assert "polysilicon to 15% all-in on 4 December 2026" in summaries.reach_note(ds, "KOR")
    assert "polysilicon to 15% on" not in summaries.reach_note(ds, "KOR")
    assert "polysilicon to 15% on 4 December 2026" in summaries.reach_note(ds, "BRA")


def test_nothing_is_said_where_the_record_reaches_the_day(november: Path) -> None:
    tables_of = data.load_tables(november)
    assert summaries.reach_note(tables_of.at()) == ""
    assert summaries.reach_note(tables_of.at("2025-04-25"), "CHN") == ""


def test_a_term_that_has_run_out_is_not_in_force(november: Path) -> None:
    all_tables = data.load_tables(november)
    stage = {
        day: talks.stages(all_tables.at(day)).set_index("partner").loc["CHN"]
        for day in ("2026-11-10", "2026-11-11")
    }
    assert not stage["2026-11-10"]["term_ended"]
    assert stage["2026-11-10"]["rests_on"].endswith("to 10 November 2026; by a statement to 10 January 2027")
    assert stage["2026-11-11"]["term_ended"]
    assert stage["2026-11-11"]["rests_on"].startswith("term ended: Kuala Lumpur arrangement")
    after = all_tables.at("2026-11-11")
    board = tables.board_words(after, talks.stages(after)).set_index("partner")
    assert board.loc["CHN", "stage"] == "term ended on 10 November 2026"
    assert "The term of the deal with China ended on 10 November 2026." in summaries.overview(after).text
    assert summaries.brief(after, "CHN").term_ended == date(2026, 11, 10)
    before = summaries.overview(all_tables.at("2026-11-10"))
    assert before.forms["entered_into_force"] == summaries.overview(after).forms["entered_into_force"] + 1


def test_loading_a_day_after_the_record_warns(november: Path) -> None:
    with pytest.warns(RecordEndsWarning, match="ends on 6 October 2026, 54 days before as_of"):
        tradeviz.load("2026-11-29", november)


@pytest.mark.parametrize(
    "words", [["status"], ["rates", "--partner", "CHN"], ["changes", "--since", "2026-10-05"]]
)
def test_the_commands_say_it_in_one_line_on_stderr(november: Path, words: list[str]) -> None:
    told = CliRunner().invoke(
        app, [*words, "--as-of", "2026-11-29", "--format", "csv", "--data", str(november)]
    )
    assert told.exit_code == 0
    assert told.stderr.startswith("tradeviz: The record ends before 29 November 2026: ")
    assert told.stderr.count("\n") == 1
    covered = CliRunner().invoke(
        app, [*words, "--as-of", "2026-10-06", "--format", "csv", "--data", str(november)]
    )
    assert covered.stderr == ""
