"""The lead of the deals: every number recomputed here from the CSV files by plain code."""

from __future__ import annotations

import csv
import dataclasses
import re
from collections import Counter
from datetime import date
from pathlib import Path
from statistics import median

import pytest

from known import known
from tradeviz import summaries

DATA = Path(__file__).parents[1] / "data"
FORMS = {
    "framework_announced": "a framework",
    "text_published": "a published text",
    "agreement_signed": "a signed agreement",
    "entered_into_force": "terms in force",
}
DAYS = ["2025-08-07", "2026-02-21", "2026-10-07"]
ALL_DAYS = ["2025-02-01", "2025-04-05", "2025-04-25", *DAYS]


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def deal_rows(as_of: str) -> list[dict[str, str]]:
    kept = [row for row in rows("milestones") if row["scope"] == "deal" and row["date"] <= as_of]
    return sorted(kept, key=lambda row: row["date"])


@pytest.mark.parametrize("day", DAYS)
def test_deals_are_counted_by_the_furthest_form(day: str) -> None:
    the_18 = {row["partner"] for row in rows("partners") if row["track"] == "reciprocal"}
    furthest: dict[str, str] = {}
    for row in deal_rows(day):
        assert row["stage"] != "collapsed" or row["partner"] not in furthest  # else this count would be wrong
        if row["partner"] in the_18 and row["stage"] in FORMS:
            reached = furthest.get(row["partner"], row["stage"])
            furthest[row["partner"]] = max(reached, row["stage"], key=list(FORMS).index)
    text = summaries.deals(known(day))
    assert f"{len(furthest)} of 18 partners ha" in text
    for stage, n in Counter(furthest.values()).items():
        assert f"{FORMS[stage]} for {n}" in text


@pytest.mark.parametrize("day", ALL_DAYS)
def test_commitments_are_counted_by_their_latest_status(day: str) -> None:
    known_by = [row["commitment_id"] for row in rows("commitments") if row["announced"] <= day]
    latest = {
        row["commitment_id"]: row["status"]
        for row in sorted(rows("commitment_status"), key=lambda row: row["date"])
        if row["date"] <= day
    }
    text = summaries.deals(known(day))
    names = {"in_text": "in a text"}
    for status, n in Counter(latest[one] for one in known_by if one in latest).items():
        assert re.search(rf"\b{n} {names.get(status, status)}\b", text)
    assert f"{len(known_by) or 'No'} commitments " in text


@pytest.mark.parametrize("day", DAYS)
def test_days_to_the_acts_are_those_of_the_milestones(day: str) -> None:
    first: dict[str, str] = {}
    for row in deal_rows(day):
        if row["stage"] in FORMS:
            first.setdefault(row["partner"], row["date"])
        elif row["stage"] == "collapsed":
            first.pop(row["partner"], None)
    text = summaries.deals(known(day))
    assert f"Of the {len(first)} deals" in text
    for stage, who in (("us_implemented", "the United States"), ("partner_ratified", "the partner")):
        waited = []
        for partner, start in first.items():
            acts = [
                row["date"] for row in deal_rows(day) if row["partner"] == partner and row["stage"] == stage
            ]
            if acts:
                act = min((one for one in acts if one >= start), default=max(acts))
                waited.append((date.fromisoformat(act) - date.fromisoformat(start)).days)
        middle = median(waited)
        days = f"{middle:g} day{'' if middle == 1 else 's'}"
        assert f"by {who} for {len(waited)} (median {days} after the deal)" in text


@pytest.mark.parametrize("day", DAYS)
def test_the_largest_pledge_is_named_and_nothing_is_added_up(day: str) -> None:
    pledges = [
        row
        for row in rows("commitments")
        if row["announced"] <= day and row["kind"] in ("investment", "purchase") and row["amount_usd_bn"]
    ]
    top = max(float(row["amount_usd_bn"]) for row in pledges)
    amounts = re.findall(r"\$[\d,.]+ \w+", summaries.deals(known(day)))
    assert amounts == [f"${top:g} billion"]


@pytest.mark.parametrize("day", ALL_DAYS[:3])
def test_before_any_deal_the_lead_says_so(day: str) -> None:
    text = summaries.deals(known(day))
    assert "none of the 18 partners had a deal." in text
    assert "No pledge of investment or purchases with an amount was on record." in text
    assert "carry it out" not in text


def test_two_pledges_of_the_largest_amount_are_not_told_as_one() -> None:
    ds = known("2026-10-07")
    rows_of = ds.commitments.copy()
    pledged = rows_of["kind"].isin(["investment", "purchase"]) & (rows_of["amount_usd_bn"] == 600)
    rows_of.loc[pledged, "amount_usd_bn"] = 750.0
    assert pledged.sum() == 1
    text = summaries.deals(dataclasses.replace(ds, commitments=rows_of))
    assert "one of 2 of this amount" in text


def test_the_last_day_is_told_in_the_present_and_others_in_the_past() -> None:
    assert "partners have a deal" in summaries.deals(known("2026-10-07"))
    assert "has been taken" in summaries.deals(known("2026-10-07"))
    assert "partners had a deal" in summaries.deals(known("2025-08-07"))
    assert "had been taken" in summaries.deals(known("2025-08-07"))


def test_one_deal_is_told_in_the_singular() -> None:
    text = summaries.deals(known("2025-05-08"))
    assert "1 of 18 partners had a deal" in text
    assert "For the one deal, an act to carry it out had been taken by neither side." in text
