"""What so small a sample can show, against the CSV files."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

from known import known
from tests.oracle.tables import rows, words
from tradeviz import summaries


def test_the_busiest_fortnight_is_counted_and_its_deadline_found_in_the_orders() -> None:
    ds = known("2026-09-30")
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
    ds = known("2026-09-30")
    text = summaries.small_sample(dataclasses.replace(ds, tariffs=ds.tariffs.iloc[:0]))
    assert "frameworks came from 22 July 2025 to 1 August 2025, so a wait" in text


def test_the_sample_gives_the_width_of_the_band_and_the_day_zero_cases() -> None:
    text = summaries.small_sample(known("2026-09-30"))
    assert "56% had reached a framework, with a band from 35% to 78%, 43 points wide" in text
    assert "5 of 15 partners that reached a text had it on the day of the framework or before" in text
    through = {row["partner"]: row["through"] for row in rows("coverage") if row["table"] == "milestones"}
    brazil, israel, philippines = (words(through[code]) for code in ("BRA", "ISR", "PHL"))
    assert f"Brazil ({brazil}), Israel ({israel}) and the Philippines ({philippines})" in text
