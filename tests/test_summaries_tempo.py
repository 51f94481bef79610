"""The lead on tempo and the words on so small a sample, recomputed by plain code."""

from __future__ import annotations

import csv
import dataclasses
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from known import known
from tests.oracle.tables import words
from tradeviz import summaries

DATA = Path(__file__).parents[1] / "data"
DAYS = ["2025-01-25", "2025-02-21", "2025-04-05", "2025-04-25", "2025-05-12", "2025-08-07", "2026-02-21"]


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("day", [*DAYS, "2026-10-07"])
def test_words_read_as_sentences(day: str) -> None:
    for text in (summaries.tempo(known(day)), summaries.small_sample(known(day))):
        assert text.endswith(".")
        for flaw in ("  ", "..", " .", "nan", "NaT", "()", "; .", "one days", " 1 days"):
            assert flaw not in text, text


def test_the_lead_says_median_interval_and_who_is_left() -> None:
    assert (
        "16 of 18 partners whose talks had opened have a framework, with a median of 97 days "
        "(95% interval 70 to 107 days) from the first talks; two partners are still waiting."
    ) in summaries.tempo(known("2026-10-07"))
    assert "none of 12 partners whose talks had opened had a framework; 12 partners were" in summaries.tempo(
        known("2025-04-25")
    )


def test_a_median_without_an_interval_says_on_how_few_it_rests() -> None:
    assert "(95% interval not reached) from the first talks, which rests on one partner" in summaries.tempo(
        known("2025-05-12")
    )
    assert "is no guide to the rest" in summaries.small_sample(known("2025-05-12"))


@pytest.mark.parametrize(("day", "last"), [("2025-08-07", "2025-07"), ("2026-02-21", "2026-01")])
def test_the_lead_counts_the_last_whole_month_against_the_busiest(day: str, last: str) -> None:
    the_18 = set(known(day).reciprocal)
    months = Counter(
        row["start_date"][:7]
        for row in rows("meetings")
        if row["partner"] in the_18 and row["format"] != "letter" and row["start_date"][:7] <= last
    )
    text = summaries.tempo(known(day))
    assert f"{months[last]} meetings and calls with the 18" in text
    busiest, most = months.most_common(1)[0]
    assert (f"against {most} in " in text) == (busiest != last)
    assert ("the most so far" in text) == (busiest == last)


def test_the_lead_says_where_the_record_does_not_reach() -> None:
    now = summaries.tempo(known("2026-10-07"))
    through = {row["partner"]: row["through"] for row in rows("coverage") if row["table"] == "meetings"}
    reached = sum(through[code] >= "2026-09-30" for code in known("2026-10-07").reciprocal)
    assert f"the record reaches to that month's end for {reached or 'none'} of them" in now
    assert f"the record of its meetings ends on {words(through['PHL'])}" in now
    assert "the record" not in summaries.tempo(known("2025-08-07"))


def test_the_lead_names_the_longest_silence_of_the_18() -> None:
    # On 5 April 2025 Mexico (border) had been silent since 6 March, Korea since 28 February.
    assert "Silent for longest was South Korea, last met on 28 February 2025 (ministers), 36 days before" in (
        summaries.tempo(known("2025-04-05"))
    )


def test_before_the_first_meeting_nothing_is_measured() -> None:
    assert summaries.tempo(known("2025-01-25")) == (
        "By 25 January 2025 no talks with the 18 had opened. None of the 18 had met or called, as far as "
        "is on record."
    )
    assert summaries.small_sample(known("2025-01-25")).endswith("so no wait can be measured.")


def test_the_busiest_fortnight_is_counted_and_its_deadline_found_in_the_orders() -> None:
    ds = known("2026-10-07")
    first: dict[str, str] = {}
    for row in sorted(rows("milestones"), key=lambda row: row["date"]):
        if (
            row["scope"] == "deal"
            and row["stage"] == "framework_announced"
            and row["partner"] in ds.reciprocal
        ):
            first.setdefault(row["partner"], row["date"])
    first |= {"CHN": "2025-05-12"}  # a text before the framework ends the wait
    days = sorted(date.fromisoformat(one) for one in first.values())
    most = max(sum(day <= other < day + timedelta(days=14) for other in days) for day in days)
    text = summaries.small_sample(ds)
    assert f"{most} of {len(days)} frameworks came from 22 July 2025 to 1 August 2025" in text
    ordered = {
        row["partner"]
        for row in rows("tariffs")
        if (row["force"], row["layer"], row["effective"]) == ("order", "reciprocal", "2025-08-01")
        and row["announced"] < "2025-07-22"
        and row["partner"] in ds.reciprocal
    }
    assert f"rates for {len(ordered)} of the 18 ordered to change on 1 August 2025" in text


def test_without_orders_there_is_no_deadline() -> None:
    ds = known("2026-10-07")
    text = summaries.small_sample(dataclasses.replace(ds, tariffs=ds.tariffs.iloc[:0]))
    assert "frameworks came from 22 July 2025 to 1 August 2025, so a wait" in text


def test_the_sample_gives_the_width_of_the_band_and_the_day_zero_cases() -> None:
    text = summaries.small_sample(known("2026-10-07"))
    assert "56% had reached a framework, with a band from 35% to 78%, 43 points wide" in text
    assert "5 of 15 partners that reached a text had it on the day of the framework or before" in text
    through = {row["partner"]: row["through"] for row in rows("coverage") if row["table"] == "milestones"}
    brazil, israel, philippines = (words(through[code]) for code in ("BRA", "ISR", "PHL"))
    assert f"Brazil ({brazil}), Israel ({israel}) and Philippines ({philippines})" in text
