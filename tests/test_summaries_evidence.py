"""The lead of the page on evidence: every number recomputed here from the CSV files."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from known import known
from tradeviz import summaries

DATA = Path(__file__).parents[1] / "data"
DAYS = ["2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-10-07"]
KNOWN_ON = {
    "meetings": "start_date",
    "milestones": "date",
    "issues": "date",
    "tariffs": "announced",
    "commitments": "announced",
    "commitment_status": "date",
    "events": "date",
}


@cache
def table_rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows(table: str, as_of: str) -> list[dict[str, str]]:
    return [row for row in table_rows(table) if row[KNOWN_ON[table]] <= as_of]


def primary() -> set[str]:
    return {row["source_id"] for row in table_rows("sources") if row["kind"] == "primary"}


@pytest.mark.parametrize("day", DAYS)
def test_rows_and_single_sources_are_counted(day: str) -> None:
    text = summaries.evidence(known(day))
    facts = [row for table in KNOWN_ON for row in rows(table, day)]
    single = sum(len(set(row["source_ids"].split(";"))) == 1 for row in facts)
    assert f"{len(facts):,} rows about talks, rates and events" in text
    assert f"{single} rows ({single / len(facts):.0%}) rest" in text
    assert f" {len(known(day).sources):,} sources" in text


@pytest.mark.parametrize("day", DAYS)
def test_shares_with_a_primary_source_are_right(day: str) -> None:
    text = summaries.evidence(known(day))
    for table, name in (("tariffs", "rates"), ("milestones", "milestones"), ("meetings", "meetings")):
        own = [set(row["source_ids"].split(";")) for row in rows(table, day)]
        share = sum(bool(ids & primary()) for ids in own) / len(own)
        assert f"{share:.0%} of the {name}" in text


@pytest.mark.parametrize("day", DAYS)
def test_partners_without_recent_evidence_are_counted(day: str) -> None:
    text = summaries.evidence(known(day))
    owner = {row["commitment_id"]: row["partner"] for row in rows("commitments", day)}
    recent = set()
    for table in ("meetings", "milestones", "issues", "commitments", "commitment_status"):
        for row in rows(table, day):
            age = date.fromisoformat(day) - date.fromisoformat(row[KNOWN_ON[table]])
            if age.days <= 60 and not (table == "issues" and tells_an_order_again(row, day)):
                recent.add(row.get("partner") or owner[row["commitment_id"]])
    assert f"or missing, for {20 - len(recent) or 'none'} of 20 partners" in text


def tells_an_order_again(issue: dict[str, str], as_of: str) -> bool:
    cited: set[str] = set()
    for row in rows("tariffs", as_of):
        if (row["partner"], row["announced"], row["force"]) == (issue["partner"], issue["date"], "order"):
            cited |= set(row["source_ids"].split(";"))
    return set(issue["source_ids"].split(";")) <= cited


def test_the_tense_tells_a_page_that_looks_back() -> None:
    assert "the tables held" in summaries.evidence(known("2025-08-07"))
    assert "the tables hold " in summaries.evidence(known("2026-10-07"))
    assert "reach to 7 August 2025." in summaries.evidence(known("2025-08-07"))


def test_the_first_days_have_no_share_of_tables_without_rows() -> None:
    text = summaries.evidence(known("2025-02-01"))
    ordered = [set(row["source_ids"].split(";")) for row in rows("tariffs", "2025-02-01")]
    assert f"{sum(bool(ids & primary()) for ids in ordered) / len(ordered):.0%} of the rates." in text
    assert "meetings" not in text
    first = summaries.evidence(known("2025-01-20"))
    assert "one row about" in first
    assert "primary" not in first
    assert "No row rested on one source only." in first
