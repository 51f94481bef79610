"""Titles and tables of exposure, against the CSV files."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache

import pandas as pd
import pytest

from known import known
from tests.oracle.recomputed import trade
from tests.oracle.tables import FROZEN
from tradeviz import charts, exposure, rates, summaries, tables
from tradeviz.tables.layout import great_table
from tradeviz.tables.rates import touched
from tradeviz.wording import number, percent, signed, tenths

DAYS = ["2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30"]
IMPORTS, DUTIES = "imports_for_consumption_usd_mn", "calculated_duties_usd_mn"
LAST_MONTHS = {day: trade.last_month(day) for day in DAYS}
"""The last month whose figures had been released."""


@cache
def traded(column: str, months: str) -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    with (FROZEN / "trade_monthly.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["month"].startswith(months) and row["partner"] != "WLD":
                totals[row["partner"]] += float(row[column])
    return totals


def test_before_2024_is_published_titles_name_no_month() -> None:
    assert summaries.change_title(known("2025-02-01")).endswith("?")
    assert summaries.month_title(known("2025-02-01")) == "The four readings"


def test_titles_name_the_months() -> None:
    ds = known("2026-02-21")
    assert summaries.month_title(ds).endswith("in December 2025, the last month published")
    assert summaries.change_title(ds).endswith("December 2024 to December 2025")


def test_only_a_page_that_looks_back_says_that_figures_are_of_one_vintage() -> None:
    assert summaries.vintage_note(known("2026-09-30")) == ""
    assert "of one vintage, that of September 2026" in summaries.vintage_note(known("2025-04-25"))


def test_the_months_compared_are_the_last_published_and_the_same_of_2024() -> None:
    for day, month in LAST_MONTHS.items():
        assert exposure.months_compared(known(day)) == [
            pd.Timestamp(f"2024{month[4:]}"),
            pd.Timestamp(month),
        ]
    assert exposure.months_compared(known("2025-02-21")) == []


def test_the_table_of_rates_names_the_exemption_and_the_gap() -> None:
    ds = known("2026-09-30")
    names = ds.names
    rows = exposure.last_month_rates(ds)
    assert len(rows) == 21
    assert (rows["month"] == LAST_MONTHS["2026-09-30"]).all()
    page = tables.month_rates(rows, names, ds.border).as_raw_html()
    assert "Canada (goods under USMCA exempt)" in page
    assert "Japan (goods" not in page
    own = rows[rows["partner"] == "BRA"].iloc[0]
    month = LAST_MONTHS["2026-09-30"]
    rate = 100 * traded(DUTIES, month)["BRA"] / traded(IMPORTS, month)["BRA"]
    base = 100 * traded(DUTIES, "2024")["BRA"] / traded(IMPORTS, "2024")["BRA"]
    assert own["gap_pp"] == pytest.approx(own["headline_pct"] - (rate - base))
    assert f">{rate - base:.1f}<" in page


def test_the_table_of_wedges_has_a_row_for_each() -> None:
    page = tables.wedges(exposure.wedges()).as_raw_html()
    for wedge in exposure.wedges()["wedge"]:
        assert f"{wedge[0].upper()}{wedge[1:]}" in page
    assert "_pct" not in page


def test_a_table_of_rates_says_what_limits_the_goods_of_a_rate() -> None:
    day = known("2026-02-21")
    now = rates.in_force_at_stake(day, partner="TWN")
    words = tables.rates_by_layer(day, now[now["layer"] == "s232_semiconductors"]).as_raw_html()
    assert "all goods of the layer (the duty reaches only chips of set performance" in words


def test_little_trade_is_told_as_little_and_not_as_none() -> None:
    row = {"known": "yes", "share_of_partner": 0.00001, "touched_usd_bn": 0.0003}
    assert touched(row) == "under $1 million, under 0.1%"
    assert touched(row | {"touched_usd_bn": 0.0321}) == "$32 million, under 0.1%"
    assert touched(row | {"touched_usd_bn": 0.0, "share_of_partner": 0.0}) == "none of its goods of 2024"
    assert touched(row | {"known": "no"}) == "not known"


def test_negative_numbers_have_a_true_minus_and_stand_to_the_right_like_others() -> None:
    rows = [{"Partner": "Israel", "Points": signed(-0.26)}, {"Partner": "Japan", "Points": signed(1)}]
    shown = great_table(rows).as_raw_html(inline_css=False)
    assert 'gt_right">−0.3</td>' in shown
    assert 'gt_right">+1.0</td>' in shown
    assert 'gt_left">Israel</td>' in shown
    assert [number(-0.4), number(-0.0), number(-0.004), signed(-0.04)] == ["−0.4", "0", "0", "0"]
    assert signed(float("nan")) == "not known"


def test_a_few_of_many_are_not_told_as_none_nor_most_as_all() -> None:
    shares = (0.0, 1 / 535, 0.126, 534 / 535, 1.0)
    assert [percent(share) for share in shares] == ["0%", "under 1%", "13%", "over 99%", "100%"]


def test_few_points_are_told_as_few_and_not_as_none() -> None:
    assert [tenths(value) for value in (6.42, 0.02, -0.02, 0.0)] == ["6.4", "under 0.1", "under 0.1", "0.0"]
    assert [tenths(value, sign=True) for value in (6.42, -0.4, 0.02, 0.0)] == [
        "+6.4",
        "−0.4",
        "under 0.1",
        "0",
    ]
    goods = pd.DataFrame({"layer": ["s232_steel_aluminum"], "product": [""], "share_of_partner": [0.012]})
    goods = goods.assign(rate_pct=25.0, basis="additional", points=0.02, known="yes")
    sections = pd.DataFrame({"section_name": ["Metals"], "share_of_partner": [1.0]})
    assert "1.2% at 25%: under 0.1 points" in charts.goods_text(sections, goods)
    unknown = goods.assign(points=0.0, known="partly")
    assert "1.2% at 25%: points not known" in charts.goods_text(sections, unknown)
