"""Exposure: shares, rates and splits, against sums by hand and against plain csv code."""

from __future__ import annotations

import csv
import dataclasses
import math
from collections import defaultdict
from time import perf_counter

import pandas as pd
import pytest

import tradeviz
from known import known as load
from tests.oracle.tables import FROZEN
from tests.some import some_of
from tradeviz import exposure, rates
from tradeviz.errors import UsageError

DAYS = some_of("2025-01-21", "2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30")
IMPORTS, DUTIES = "imports_for_consumption_usd_mn", "calculated_duties_usd_mn"


def traded(column: str, months: str) -> dict[str, float]:
    """Sum of a column by partner over the months that begin with a text, by plain csv code."""
    totals: dict[str, float] = defaultdict(float)
    with (FROZEN / "trade_monthly.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["month"].startswith(months):
                totals[row["partner"]] += float(row[column])
    return totals


def test_the_headline_panel_equals_the_headline_of_each_day() -> None:
    ds = load("2026-09-30")
    panel = rates.headline_panel(ds, "2025-01-01", ds.as_of)
    assert list(panel.columns) == list(ds.partners["partner"])
    assert len(panel) == (ds.as_of - pd.Timestamp("2025-01-01")).days + 1
    for day in (
        "2025-01-01",
        "2025-03-05",
        "2025-04-09",
        "2025-04-10",
        "2025-08-07",
        "2025-11-14",
        "2026-02-24",
    ):
        expected = rates.headline(ds, day)["headline_pct"].tolist()
        assert panel.loc[day].tolist() == pytest.approx(expected)
    for day in panel.index[::61]:
        assert panel.loc[day].tolist() == pytest.approx(rates.headline(ds, day)["headline_pct"].tolist())


def test_a_day_of_the_headline_known_then_is_what_its_evening_knew() -> None:
    ds = load("2026-01-15")
    then, now = (rates.headline_panel(ds, "2025-04-01", ds.as_of, known=one) for one in ("then", "now"))
    for day in ("2025-04-09", "2025-08-07", "2025-11-20", "2026-01-15"):
        evening = dataclasses.replace(load(day), effective_rates_model=ds.effective_rates_model)
        assert then.loc[day].tolist() == pytest.approx(rates.headline(evening)["headline_pct"].tolist())
    assert then.loc["2025-11-20", "KOR"] != now.loc["2025-11-20", "KOR"]  # made retroactive in December


def test_a_ceiling_without_a_base_leaves_the_headline_open() -> None:
    ds = load("2026-01-15")
    bare = dataclasses.replace(ds, effective_rates_model=ds.effective_rates_model.iloc[:0])
    panel = rates.headline_panel(bare, "2026-01-14", "2026-01-15")
    assert panel["JPN"].isna().all()
    assert panel["VNM"].notna().all()


@pytest.mark.parametrize("as_of", DAYS)
def test_imports_and_rates(as_of: str) -> None:
    ds = load(as_of)
    frame = exposure.imports_and_rates(ds).set_index("partner")
    assert list(frame.index) == list(ds.partners["partner"])
    if as_of < "2025-02-05":  # the day on which December 2024 came out
        assert frame["imports_2024_usd_bn"].isna().all()
        return
    for code, total in traded(IMPORTS, "2024").items():
        if code in frame.index:
            assert frame.loc[code, "imports_2024_usd_bn"] == pytest.approx(total / 1000)


@pytest.mark.parametrize("as_of", DAYS)
def test_covered_shares_are_the_imports_of_the_partners_counted(as_of: str) -> None:
    ds = load(as_of)
    frame = exposure.covered_share(ds)
    if frame.empty:
        assert as_of == "2025-01-21"
        return
    assert frame["day"].iloc[-1] == ds.as_of
    assert frame["day"].is_monotonic_increasing
    assert frame["day"].is_unique
    totals = {code: traded(IMPORTS, "2024")[code] for code in ds.reciprocal}
    stages = exposure.imports_and_rates(ds).set_index("partner")
    for name, rung in (("framework", 2), ("text", 3)):
        codes = [code for code in ds.reciprocal if stages.loc[code, "rung"] >= rung]
        share = sum(totals[code] for code in codes) / sum(totals.values())
        assert frame[f"{name}_n"].iloc[-1] == len(codes)
        assert frame[f"{name}_share"].iloc[-1] == pytest.approx(share)
    assert (frame["text_share"] <= frame["framework_share"]).all()


def test_implementing_orders_lapse_with_ieepa_but_sector_parts_go_on() -> None:
    frame = exposure.covered_share(load("2026-09-30")).set_index("day")
    assert frame.loc["2026-02-09", "order_n"] == 13
    # Cars and parts of GBR, JPN, KOR and EUU stay under their Section 232 orders.
    totals = {code: traded(IMPORTS, "2024")[code] for code in load("2026-09-30").reciprocal}
    share = sum(totals[code] for code in ("GBR", "JPN", "KOR", "EUU")) / sum(totals.values())
    assert frame.loc["2026-02-24", "order_n"] == 4
    assert frame.loc["2026-02-24", "order_share"] == pytest.approx(share)


def test_the_past_of_the_covered_share_does_not_change_with_later_orders() -> None:
    early = exposure.covered_share(load("2025-08-07")).iloc[:-1]
    late = exposure.covered_share(load("2026-09-30"))
    pd.testing.assert_frame_equal(early, late.iloc[: len(early)])


def test_charged_rates_agree_with_plain_code() -> None:
    ds = load("2026-09-30")
    frame = exposure.rate_readings(ds).set_index(["partner", "month"])
    may = pd.Timestamp("2025-05-01")
    duty, value = traded(DUTIES, "2025-05"), traded(IMPORTS, "2025-05")
    duty24, value24 = traded(DUTIES, "2024"), traded(IMPORTS, "2024")
    for code in ("CHN", "KOR", "MEX"):
        row = frame.loc[(code, may)]
        assert row["charged_pct"] == pytest.approx(100 * duty[code] / value[code])
        base = 100 * duty24[code] / value24[code]
        assert row["base_2024_charged_pct"] == pytest.approx(base)
        assert row["charged_added_pct"] == pytest.approx(100 * duty[code] / value[code] - base)
    row, codes = frame.loc[(exposure.WEIGHTED, may)], ds.reciprocal
    fixed = sum(value24[c] * duty[c] / value[c] for c in codes) / sum(value24[c] for c in codes)
    moving = sum(duty[c] for c in codes) / sum(value[c] for c in codes)
    assert row["charged_pct"] == pytest.approx(100 * fixed)
    assert row["charged_own_weights_pct"] == pytest.approx(100 * moving)
    base = sum(duty24[c] for c in codes) / sum(value24[c] for c in codes)
    assert row["base_2024_charged_pct"] == pytest.approx(100 * base)


def test_monthly_means_by_hand() -> None:
    frame = exposure.rate_readings(load("2026-09-30")).set_index(["partner", "month"])
    china = frame.loc["CHN"]
    # Fentanyl 10% from 4 February 2025: 25 of 28 days.
    assert china.loc["2025-02-01", "headline_pct"] == pytest.approx(250 / 28)
    # 10% for 3 days of March, 20% for 28.
    assert china.loc["2025-03-01", "headline_pct"] == pytest.approx((3 * 10 + 28 * 20) / 31)
    # The model has 20 from 4 February: 25 of 28 days, and 0 in January.
    assert china.loc["2025-02-01", "modelled_pct"] == pytest.approx(20 * 25 / 28)
    assert china.loc["2025-01-01", "modelled_pct"] == 0
    august = exposure.rate_readings(load("2025-08-07")).set_index(["partner", "month"])
    assert august.loc[("CHN", "2025-08-01"), "days"] == 7


def test_weighted_headline_uses_2024_imports() -> None:
    ds = load("2025-08-07")
    frame = exposure.rate_readings(ds).set_index(["partner", "month"])["headline_pct"]
    weights = traded(IMPORTS, "2024")
    july = pd.Timestamp("2025-07-01")
    total = sum(weights[code] for code in ds.reciprocal)
    mean = sum(weights[code] * frame[code, july] for code in ds.reciprocal) / total
    assert frame[exposure.WEIGHTED, july] == pytest.approx(mean)


@pytest.mark.parametrize("as_of", DAYS)
def test_months_not_yet_released_have_no_charged_rate(as_of: str) -> None:
    ds = load(as_of)
    frame = exposure.rate_readings(ds)
    released = set(ds.trade_monthly["month"])
    shown = frame.loc[frame["charged_pct"].notna(), "month"]
    assert set(shown) == {month for month in released if month >= exposure.FIRST_MONTH}
    assert frame.groupby("partner").size().nunique() == 1
    assert set(exposure.duties(ds)["month"]) == released


def test_duties_are_billions_of_each_partner() -> None:
    frame = exposure.duties(load("2026-09-30")).set_index(["month", "partner"])["duties_usd_bn"]
    assert frame[pd.Timestamp("2025-05-01"), "CHN"] == pytest.approx(traded(DUTIES, "2025-05")["CHN"] / 1000)
    assert "WLD" not in frame.index.get_level_values("partner")


def two_months(rows: dict[str, tuple[float, float, float, float]]) -> tradeviz.Dataset:
    """Trade of two months: imports and duties of January, then of February, for some partners."""
    ds = load("2025-12-31")
    made = []
    for code in ds.reciprocal:
        before, duty0, after, duty1 = rows.get(code, (0, 0, 0, 0))
        made.append((code, pd.Timestamp("2025-01-01"), before, duty0))
        made.append((code, pd.Timestamp("2025-02-01"), after, duty1))
    frame = pd.DataFrame(made, columns=["partner", "month", IMPORTS, DUTIES])
    return dataclasses.replace(ds, trade_monthly=frame.astype({IMPORTS: "float64", DUTIES: "float64"}))


def test_the_split_by_hand() -> None:
    # CHN: 100 at 10%, then 50 at 20%. VNM: 100 at 0%, then 150 at 10%.
    # R0 = 10/200 = 5%; R1 = (10 + 15)/200 = 12.5%; mean 8.75%.
    ds = two_months({"CHN": (100, 10, 50, 10), "VNM": (100, 0, 150, 15)})
    frame = exposure.rate_change(ds, "2025-01", "2025-02").set_index("partner")
    # Rates: mean shares 0.375 and 0.625 times 10 points each.
    assert frame.loc["CHN", "rate_effect_pp"] == pytest.approx(3.75)
    assert frame.loc["VNM", "rate_effect_pp"] == pytest.approx(6.25)
    # Composition: (15 - 8.75) * (0.25 - 0.5) and (5 - 8.75) * (0.75 - 0.5).
    assert frame.loc["CHN", "composition_effect_pp"] == pytest.approx(-1.5625)
    assert frame.loc["VNM", "composition_effect_pp"] == pytest.approx(-0.9375)
    assert frame.loc["ALL", "change_pp"] == pytest.approx(7.5)
    assert frame.loc["KOR", "change_pp"] == 0
    assert math.isnan(frame.loc["KOR", "from_charged_pct"])


@pytest.mark.parametrize(
    ("start", "end"), [("2024-06", "2025-06"), ("2025-01", "2026-07"), ("2025-05", "2025-05")]
)
def test_the_split_is_exact_on_real_data(start: str, end: str) -> None:
    ds = load("2026-09-30")
    frame = exposure.rate_change(ds, start, end).set_index("partner")
    overall = []
    for month in (start, end):
        duty, value = traded(DUTIES, month), traded(IMPORTS, month)
        overall.append(100 * sum(duty[c] for c in ds.reciprocal) / sum(value[c] for c in ds.reciprocal))
    assert frame.loc["ALL", "change_pp"] == pytest.approx(overall[1] - overall[0], abs=1e-12)
    parts = frame.drop(index="ALL")
    assert parts["change_pp"].sum() == pytest.approx(frame.loc["ALL", "change_pp"], abs=1e-12)


def test_a_month_not_published_is_refused() -> None:
    with pytest.raises(UsageError, match="2025-04 were not published by 2025-04-25"):
        exposure.rate_change(load("2025-04-25"), "2025-01", "2025-04")
    with pytest.raises(UsageError, match="someday"):
        exposure.rate_change(load("2025-04-25"), "someday", "2025-02")


def test_readings_are_fast() -> None:
    ds = load("2026-09-30")
    exposure.rate_readings(ds)
    start = perf_counter()
    exposure.rate_readings(ds)
    assert perf_counter() - start < 3  # 0.3 s on an idle machine


def test_wedges_are_words() -> None:
    frame = exposure.wedges()
    assert {"exemptions", "sector duties", "preference claims", "delayed collection"} <= set(frame["wedge"])
    assert (frame != "").all(axis=None)
