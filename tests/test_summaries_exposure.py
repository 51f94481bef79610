"""The lead and tables of exposure: every number recomputed here from the CSV files by plain code."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from known import known
from tests.oracle.recomputed import trade
from tests.oracle.recomputed.words import count
from tradeviz import exposure, summaries, tables

DATA = Path(__file__).parents[1] / "data"
DAYS = ["2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-10-07"]
IMPORTS, DUTIES = "imports_for_consumption_usd_mn", "calculated_duties_usd_mn"
LAST = {day: trade.last_month(day) for day in DAYS}
"""The last month whose figures had been released."""


@cache
def traded(column: str, months: str) -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    with (DATA / "trade_monthly.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["month"].startswith(months) and row["partner"] != "WLD":
                totals[row["partner"]] += float(row[column])
    return totals


def the_18() -> list[str]:
    with (DATA / "partners.csv").open(encoding="utf-8", newline="") as file:
        return [row["partner"] for row in csv.DictReader(file) if row["track"] == "reciprocal"]


def charged(month: str) -> tuple[float, float]:
    """The rate charged with 2024 weights, and what of it lies above 2024."""
    weights, duty24 = traded(IMPORTS, "2024"), traded(DUTIES, "2024")
    duty, value = traded(DUTIES, month), traded(IMPORTS, month)
    total = sum(weights[code] for code in the_18())
    rate = 100 * sum(weights[code] * duty[code] / value[code] for code in the_18()) / total
    return rate, rate - 100 * sum(duty24[code] for code in the_18()) / total


@pytest.mark.parametrize("day", DAYS)
def test_the_lead_gives_the_last_published_month(day: str) -> None:
    text = summaries.exposure(known(day))
    month = LAST[day]
    words = f"{pd.Timestamp(month):%B %Y}"
    rate, added = charged(month)
    assert f"In {words}, the last month published," in text
    assert f"the rate charged {round(rate, 1):g}%, {abs(round(added, 1)):g} percentage points" in text
    assert ("below its level of 2024" in text) == (added < 0)
    total = sum(traded(DUTIES, month).values()) / 1000
    assert f"the 20 partners came to ${round(total, 1):g} billion in {words}" in text
    later = pd.period_range(pd.Period(month, "M") + 1, "2026-12", freq="M")
    named = [f"{one.to_timestamp():%B %Y}" for one in later]
    assert not any(f"In {one}," in text or f"in {one}." in text for one in named)


@pytest.mark.parametrize("day", ["2025-08-07", "2026-10-07"])
def test_the_lead_gives_the_gap_between_headline_and_charged(day: str) -> None:
    ds = known(day)
    month = pd.Timestamp(LAST[day])
    three = exposure.three_rates(ds)
    row = three[(three["partner"] == exposure.WEIGHTED) & (three["month"] == month)].iloc[0]
    gap = row["headline_pct"] - charged(LAST[day])[1]
    text = summaries.exposure(ds)
    assert f"The headline lay {round(gap, 1):g} percentage points above" in text
    assert "exemptions, preference claims" in text
    assert "sector duties" not in text
    assert "duties of before" not in text


def test_a_small_gap_is_not_explained() -> None:
    assert "The headline lay" not in summaries.exposure(known("2025-03-15"))


def test_the_lead_gives_shares_of_2024_imports() -> None:
    weights = traded(IMPORTS, "2024")
    total = sum(weights[code] for code in the_18())
    ds = known("2025-08-07")
    stages = exposure.imports_and_rates(ds)
    reached = stages[(stages["rung"] >= 3) & (stages["track"] == "reciprocal")]["partner"]
    share = 100 * sum(weights[code] for code in reached) / total
    text = summaries.exposure(ds)
    assert f"{round(share, 1):g}% from {count(len(reached), 'partner')} with a text or further" in text
    assert "of the 2024 imports from the 18 came" in text
    assert "of the 2024 imports from the 18 come " in summaries.exposure(known("2026-10-07"))


def test_before_the_first_framework_and_before_2024_is_published() -> None:
    text = summaries.exposure(known("2025-04-25"))
    assert "none of the 18 partners had a framework" in text
    early = summaries.exposure(known("2025-02-01"))
    assert "the imports of the whole year 2024 were not yet published" in early
    assert "No month of 2025 was published yet" in early
    assert "headline was" not in early
    assert summaries.change_title(known("2025-02-01")).endswith("?")
    assert summaries.month_title(known("2025-02-01")) == "The three rates"


def test_titles_name_the_months() -> None:
    ds = known("2026-02-21")
    assert summaries.month_title(ds).endswith("in December 2025, the last month published")
    assert summaries.change_title(ds).endswith("December 2024 to December 2025")


def test_only_a_page_that_looks_back_says_that_figures_are_of_one_vintage() -> None:
    assert summaries.vintage_note(known("2026-10-07")) == ""
    assert "of one vintage, that of October 2026" in summaries.vintage_note(known("2025-04-25"))


def test_the_months_compared_are_the_last_published_and_the_same_of_2024() -> None:
    for day, month in LAST.items():
        assert exposure.months_compared(known(day)) == [
            pd.Timestamp(f"2024{month[4:]}"),
            pd.Timestamp(month),
        ]
    assert exposure.months_compared(known("2025-02-21")) == []


def test_the_table_of_rates_names_the_exemption_and_the_gap() -> None:
    ds = known("2026-10-07")
    names = ds.names
    rows = exposure.last_month_rates(ds)
    assert len(rows) == 21
    assert (rows["month"] == LAST["2026-10-07"]).all()
    page = tables.month_rates(rows, names, ds.border).as_raw_html()
    assert "Canada (goods under USMCA exempt)" in page
    assert "Japan (goods" not in page
    own = rows[rows["partner"] == "BRA"].iloc[0]
    rate = 100 * traded(DUTIES, LAST["2026-10-07"])["BRA"] / traded(IMPORTS, LAST["2026-10-07"])["BRA"]
    base = 100 * traded(DUTIES, "2024")["BRA"] / traded(IMPORTS, "2024")["BRA"]
    assert own["gap_pp"] == pytest.approx(own["headline_pct"] - (rate - base))
    assert f"{rate - base:+.1f} pp" in page


def test_the_table_of_wedges_has_a_row_for_each() -> None:
    page = tables.wedges(exposure.wedges()).as_raw_html()
    for wedge in exposure.wedges()["wedge"]:
        assert f"{wedge[0].upper()}{wedge[1:]}" in page
    assert "_pct" not in page
