"""Lead paragraphs: every number recomputed here from the CSV files by plain code."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from known import known
from tradeviz import summaries

DATA = Path(__file__).parents[1] / "data"
RUNGS = [
    "contact",
    "talks_opened",
    "framework_announced",
    "text_published",
    "agreement_signed",
    "entered_into_force",
]


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rung(partner: str, as_of: str) -> int:
    reached = -1
    own = [row for row in rows("milestones") if row["partner"] == partner and row["scope"] == "deal"]
    for row in sorted(own, key=lambda row: row["date"]):
        if row["date"] > as_of:
            break
        if row["stage"] in RUNGS:
            reached = max(reached, RUNGS.index(row["stage"]))
        elif row["stage"] == "collapsed":
            reached = min(reached, 1)
    return reached


def the_18() -> list[str]:
    return [row["partner"] for row in rows("partners") if row["track"] == "reciprocal"]


@pytest.mark.parametrize("day", ["2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-10-07"])
def test_the_overview_counts_partners_as_the_milestones_do(day: str) -> None:
    reached = [rung(partner, day) for partner in the_18()]
    text = summaries.overview(known(day))
    opened = sum(step >= 1 for step in reached)
    assert f"{opened} of 18 partners ha" in text
    for step, words in (
        (2, "a framework"),
        (3, "a published text"),
        (4, "a signed agreement"),
        (5, "terms in force"),
    ):
        n = sum(one == step for one in reached)
        assert (f"{n} had {words}" in text or f"{n} ha{'s' if n == 1 else 've'} {words}" in text) == (n > 0)


def test_the_overview_of_25_april_2025() -> None:
    text = summaries.overview(known("2025-04-25"))
    assert text.startswith(
        "As of 25 April 2025, 12 of 18 partners had opened talks or gone further; none had a framework."
    )
    assert "9 July 2025: reciprocal to between 17% and 49% for 14 partners" in text


def test_the_korean_lead_of_25_april_2025() -> None:
    text = summaries.partner(known("2025-04-25"), "KOR")
    assert "had opened talks, a stage first reached on 24 April 2025" in text
    assert "10% reciprocal on top of the normal (MFN) duty" in text
    assert "9 July 2025, when reciprocal was ordered to go from 10% to 25%" in text
    assert "last met or spoke on 24 April 2025 (ministers), one day before" in text


@pytest.mark.parametrize("day", ["2025-04-05", "2025-08-07", "2026-10-07"])
@pytest.mark.parametrize("partner", ["KOR", "ISR", "CHN", "CAN"])
def test_the_last_meeting_is_the_last_in_the_table(partner: str, day: str) -> None:
    held = [
        min(row["end_date"], day)
        for row in rows("meetings")
        if row["partner"] == partner and row["start_date"] <= day and row["format"] != "letter"
    ]
    last = date.fromisoformat(max(held))
    text = summaries.partner(known(day), partner)
    assert f"last met or spoke on {last.day} {last:%B %Y}" in text


@pytest.mark.parametrize("partner", ["KOR", "ISR", "BRA", "CAN", "CHE"])
def test_leads_use_the_past_tense_only_when_they_look_back(partner: str) -> None:
    now, then = (summaries.partner(known(day), partner) for day in (None, "2025-08-07"))
    assert " has " in now
    assert " had " not in now.replace("have been", "")
    assert " has " not in then


def test_first_days_are_told_in_words() -> None:
    text = summaries.partner(known("2025-02-05"), "ISR")
    assert "no contact with Israel on the tariffs was on record" in text
    assert "No meeting or call was on record" in text


def test_a_partner_without_a_framework_reads_as_such() -> None:
    assert "Brazil has opened talks" in summaries.partner(known(), "BRA")


def test_a_broken_off_partner_reads_as_such() -> None:
    assert "broken off since 31 July 2025" in summaries.partner(known("2025-08-01"), "CHE")


def test_border_partners_carry_the_exemption() -> None:
    assert "goods under USMCA exempt" in summaries.partner(known(), "MEX")


def test_the_note_on_reach_names_the_partners_own_last_day() -> None:
    through = max(
        row["through"]
        for row in rows("coverage")
        if row["partner"] == "ISR" and row["table"] in ("meetings", "milestones", "issues", "commitments")
    )
    last = date.fromisoformat(through)
    assert f"ends on {last.day} {last:%B %Y}" in summaries.reach_note(known(), "ISR")
    assert summaries.reach_note(known("2025-04-25"), "ISR") == ""


@pytest.mark.parametrize("partner", ["KOR", "CHN", "ISR", "CAN", "EUU", "BRA", "CHE"])
@pytest.mark.parametrize("day", ["2025-02-05", "2025-04-25", "2025-07-31", "2026-02-21", None])
def test_leads_read_as_sentences(partner: str, day: str | None) -> None:
    text = summaries.partner(known(day), partner)
    assert text.endswith(".")
    for flaw in ("  ", "..", " .", "nan", "NaT", "None", "()", "; .", "one days"):
        assert flaw not in text, text
