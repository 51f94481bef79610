"""Two days of knowledge side by side: what differs, and nothing else."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from click.testing import CliRunner

import tradeviz
from known import known
from tradeviz import rates, talks
from tradeviz.cli import app
from tradeviz.frames import iso_days

SIDES = ["from_rate_pct", "to_rate_pct"]


def test_between_31_july_and_7_august_2025_two_schedules_changed() -> None:
    found = rates.compare(known("2025-07-31"), known("2025-08-07"))
    days = iso_days(found[["effective", "until"]]).to_numpy().tolist()
    assert found[["partner", "layer"]].to_numpy().tolist() == [
        ["EUU", "retaliation"],
        ["IND", "country_special"],
    ]
    assert days == [["2025-08-07", "2026-02-07"], ["2025-08-27", ""]]
    assert found[SIDES].fillna(-1).to_numpy().tolist() == [[30, 0], [-1, 25]]


def test_points_of_a_new_duty_are_what_it_adds_to_the_effective_rate() -> None:
    later = known("2025-08-07")
    india = rates.compare(known("2025-07-31"), later, "IND").iloc[0]
    before, on = (
        rates.effective(later, f"2025-08-{day}", "IND")["effective_pct"].iloc[0] for day in (26, 27)
    )
    assert india["points"] == pytest.approx(on - before)
    assert india["known"] == "yes"


def test_a_pause_prolonged_counts_from_the_rate_that_was_scheduled() -> None:
    july = rates.compare(known("2025-07-06"), known("2025-07-08"), "JPN")
    row = july[july["layer"] == "reciprocal"].iloc[0]
    assert row[["from_rate_pct", "to_rate_pct"]].tolist() == [24, 10]
    assert row["points"] < 0


def test_points_are_missing_where_the_trade_is_not_known() -> None:
    europe = rates.compare(known("2025-07-31"), known("2025-08-07"), "EUU").iloc[0]
    assert europe["known"] == "no"
    assert pd.isna(europe["points"])


@pytest.mark.parametrize("day", ["2025-01-21", "2025-04-25", "2026-02-24"])
def test_a_day_does_not_differ_from_itself(day: str) -> None:
    assert rates.compare(known(day), known(day)).empty
    assert talks.compare(known(day), known(day)).empty


def test_in_the_spans_found_the_schedules_differ_and_nowhere_else() -> None:
    one, other = known("2025-11-01"), known("2026-02-24")
    spans = rates.compare(one, other)
    for day in pd.to_datetime(["2025-04-09", "2025-11-14", "2026-03-01", "2026-12-01"]):
        before, after = charged(one, day), charged(other, day)
        differ = {key for key in before | after if before.get(key) != after.get(key)}
        on = spans[(spans["effective"] <= day) & ~(spans["until"] <= day)]
        assert differ == {tuple(key) for key in on[["partner", "layer", "product"]].to_numpy().tolist()}


def charged(ds: tradeviz.Dataset, day: pd.Timestamp) -> dict[tuple[str, ...], tuple[float, str]]:
    rows = rates.in_force(ds, day)
    keys = rows[["partner", "layer", "product"]].itertuples(index=False, name=None)
    rate = dict(zip(keys, zip(rows["rate_pct"], rows["basis"], strict=True), strict=True))
    return {key: pair for key, pair in rate.items() if pair[0]}


def test_the_comparison_of_the_same_days_the_other_way_round_swaps_the_sides() -> None:
    one, other = known("2025-07-31"), known("2025-08-07")
    there, back = talks.compare(one, other), talks.compare(other, one)
    assert sorted(there[["from", "to"]].to_numpy().tolist()) == sorted(
        back[["to", "from"]].to_numpy().tolist()
    )
    assert rates.compare(other, one)[SIDES[::-1]].fillna(-1).to_numpy().tolist() == (
        rates.compare(one, other)[SIDES].fillna(-1).to_numpy().tolist()
    )


def test_the_talks_tell_stages_pledges_and_disputes() -> None:
    found = talks.compare(known("2025-07-31"), known("2025-08-07"))
    stages = found[found["kind"] == "stage"].set_index("partner")
    assert stages["to"].to_dict() == dict.fromkeys(["THA", "MYS", "KHM"], "framework announced")
    assert "broken off since 31 July 2025" in set(found["from"])
    assert {"pledge", "deadline", "issue"} <= set(found["kind"])


def test_a_threat_carried_out_is_told() -> None:
    found = talks.compare(known("2025-07-30"), known("2025-07-31"), "BRA")
    threats = found[found["kind"] == "threat"]
    assert threats["from"].tolist() == ["open"] * len(threats) != []


def printed(*words: str) -> list[dict[str, str]]:
    result = CliRunner().invoke(app, ["compare", *words, "--format", "csv"])
    assert (result.exit_code, result.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_the_command_gives_layers_to_steps_and_none_to_the_talks() -> None:
    rows = printed("2025-07-31", "2025-08-07")
    steps = [(row["partner"], row["layer"]) for row in rows if row["kind"] == "step"]
    assert steps == [("EUU", "retaliation"), ("IND", "country_special")]
    assert {row["layer"] for row in rows if row["kind"] != "step"} == {""}
    assert {row["partner"] for row in printed("2025-07-31", "2025-08-07", "--partner", "IND")} == {"IND"}


@pytest.mark.parametrize("days", [("tomorrow", "2025-07-31"), ("2025-07-31", "tomorrow")])
def test_the_command_names_the_argument_that_is_no_day(days: tuple[str, str]) -> None:
    result = CliRunner().invoke(app, ["compare", *days])
    assert result.exit_code == 2
    assert result.stderr == 'tradeviz: DAY "tomorrow" is not a date; write it as 2025-04-25\n'


def test_the_command_of_one_day_twice_prints_a_head_alone() -> None:
    assert printed("2025-07-31", "2025-07-31") == []
