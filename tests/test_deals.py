"""Deals: rate paths, pledges and implementation, on known cases and against plain csv code."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter

import pandas as pd
import pytest

from known import known as load
from tests.oracle.tables import rows
from tests.some import some_of
from tradeviz import rates
from tradeviz.talks import deals

DAYS = some_of("2025-01-21", "2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30")


def path(as_of: str, partner: str) -> dict[str, tuple[float, str, str]]:
    frame = deals.rate_paths(load(as_of))
    own = frame[frame["partner"] == partner]
    return {row.point: (row.rate_pct, row.basis, f"{row.day:%Y-%m-%d}") for row in own.itertuples()}


def test_koreas_path_tells_the_pause_from_what_was_due() -> None:
    assert path("2025-08-07", "KOR") == {
        "before": (10, "additional", "2025-07-29"),
        "scheduled": (25, "additional", "2025-08-01"),
        "threatened": (25, "additional", "2025-07-07"),
        "agreed": (15, "additional", "2025-07-30"),
        "in_force": (15, "additional", "2025-08-07"),
    }
    assert path("2026-01-15", "KOR")["in_force"] == (15, "all_in", "2026-01-15")


def test_layers_of_one_deal_add_up() -> None:
    # India: reciprocal 18 and country_special 0; before, 25 + 25 stood.
    india = path("2026-09-30", "IND")
    assert india["agreed"] == (18, "additional", "2026-02-02")
    assert india["before"] == (50, "additional", "2026-02-01")
    # China, Kuala Lumpur: reciprocal 10 and fentanyl 10; before Geneva 125 + 20.
    china = path("2026-09-30", "CHN")
    assert china["agreed"] == (20, "additional", "2025-10-30")
    assert china["before"] == (145, "additional", "2025-05-11")


def test_a_partner_without_a_deal_has_no_rate_before_one() -> None:
    assert set(path("2026-09-30", "ISR")) == {"in_force"}
    assert path("2026-09-30", "BRA")["in_force"][0] == 37.5


def test_before_any_order_every_rate_is_zero() -> None:
    frame = deals.rate_paths(load("2025-01-21"))
    assert set(frame["point"]) == {"in_force"}
    assert (frame["rate_pct"] == 0).all()
    assert (frame["layers"] == "").all()


@pytest.mark.parametrize("as_of", DAYS)
def test_rates_in_force_are_the_headline_where_nothing_is_converted(as_of: str) -> None:
    ds = load(as_of)
    frame = deals.rate_paths(ds)
    now = frame[frame["point"] == "in_force"].set_index("partner")
    head = rates.headline(ds).set_index("partner")
    plain = ~head["converted"]
    assert now.loc[plain, "rate_pct"].tolist() == pytest.approx(head.loc[plain, "headline_pct"].tolist())
    assert (now.loc[~plain, "basis"] == "all_in").all()


def test_a_ceiling_met_by_a_surcharge_counts_as_what_it_adds() -> None:
    ds = load("2026-01-15")
    surcharge = ds.tariffs[(ds.tariffs["partner"] == "KOR") & (ds.tariffs["layer"] == "reciprocal")].tail(1)
    surcharge = surcharge.assign(
        layer="s122", rate_pct=10.0, basis="additional", order_id="made", force="order"
    )
    more = dataclasses.replace(ds, tariffs=pd.concat([ds.tariffs, surcharge], ignore_index=True))
    now = deals.rate_paths(more)
    now = now[(now["partner"] == "KOR") & (now["point"] == "in_force")].iloc[0]
    base = ds.effective_rates_model.groupby("partner")["base_2024_rate_pct"].first()["KOR"]
    assert now["basis"] == "additional"
    assert now["rate_pct"] == pytest.approx(15 - base + 10)


@pytest.mark.parametrize("as_of", DAYS)
def test_pledges_agree_with_the_table(as_of: str) -> None:
    ds = load(as_of)
    frame = deals.pledges(ds).set_index("commitment_id")
    expected = {
        row["commitment_id"]: row
        for row in rows("commitments")
        if row["announced"] <= as_of and row["kind"] in ("investment", "purchase") and row["amount_usd_bn"]
    }
    exports = {
        row["partner"]: row["us_goods_imports_usd_bn"]
        for row in rows("trade_annual")
        if row["year"] == "2024"
    }
    statuses = sorted(rows("commitment_status"), key=lambda row: row["date"])
    latest = {row["commitment_id"]: row["status"] for row in statuses if row["date"] <= as_of}
    assert set(frame.index) == set(expected)
    for key, row in expected.items():
        amount = float(row["amount_usd_bn"])
        assert frame.loc[key, "amount_usd_bn"] == amount
        assert frame.loc[key, "status"] == latest.get(key, "")
        if row["by"] == "partner":
            assert frame.loc[key, "share_of_exports"] == pytest.approx(
                amount / float(exports[row["partner"]])
            )
        else:
            assert math.isnan(frame.loc[key, "share_of_exports"])


@pytest.mark.parametrize("as_of", DAYS)
def test_totals_of_pledges_count_nothing_twice(as_of: str) -> None:
    statuses = sorted(rows("commitment_status"), key=lambda row: row["date"])
    latest = {row["commitment_id"]: row["status"] for row in statuses if row["date"] <= as_of}
    sums: dict[tuple[str, ...], float] = {}
    known = {
        row["commitment_id"]: row
        for row in rows("commitments")
        if row["announced"] <= as_of
        and row["kind"] in ("investment", "purchase")
        and row["amount_usd_bn"]
        and latest.get(row["commitment_id"]) != "void"
    }
    for row in known.values():
        if row["part_of"] not in known:
            key = (row["partner"], row["by"], row["kind"], row["amount_per"])
            sums[key] = sums.get(key, 0) + float(row["amount_usd_bn"])
    frame = deals.pledge_totals(load(as_of))
    found = {(row.partner, row.by, row.kind, row.amount_per): row.amount_usd_bn for row in frame.itertuples()}
    assert found == pytest.approx(sums)
    assert frame["pledges"].sum() + frame["parts"].sum() <= len(known)


def test_koreas_200_billion_are_one_and_a_half_years_of_exports() -> None:
    row = deals.pledges(load("2026-09-30")).set_index("commitment_id").loc["kor-2025-07-30-c1"]
    assert row["share_of_exports"] == pytest.approx(200 / 131.4573)


@pytest.mark.parametrize("as_of", DAYS)
def test_statuses_count_every_commitment_once(as_of: str) -> None:
    ds = load(as_of)
    frame = deals.pledge_statuses(ds)
    per_partner = Counter(row["partner"] for row in rows("commitments") if row["announced"] <= as_of)
    assert frame.groupby("partner")["commitments"].sum().to_dict() == per_partner
    assert frame["partner"].nunique() * 6 == len(frame)


def test_first_forms_are_the_first_rung_from_framework_on() -> None:
    forms = deals.first_forms(load("2026-09-30")).set_index("partner")
    assert len(forms) == 16
    assert (forms.loc["CHN", "stage"], f"{forms.loc['CHN', 'day']:%F}") == ("text_published", "2025-05-12")
    assert (forms.loc["GBR", "stage"], f"{forms.loc['GBR', 'day']:%F}") == ("text_published", "2025-05-08")
    assert not {"BRA", "ISR", "CAN", "MEX"} & set(forms.index)


def test_a_deal_that_collapsed_is_none() -> None:
    # Canada's outline of 18 August 2026 fell through on the 21st.
    assert "CAN" in set(deals.first_forms(load("2026-08-20"))["partner"])
    assert "CAN" not in set(deals.first_forms(load("2026-08-21"))["partner"])


def test_days_to_implementation() -> None:
    frame = deals.implementation(load("2026-09-30")).set_index("partner")
    # Korea: framework 30 July, order 31 July 2025, act of parliament 12 March 2026
    # (1 + 31 + 30 + 31 + 30 + 31 + 31 + 28 + 12 = 225 days).
    assert (frame.loc["KOR", "us_days"], frame.loc["KOR", "partner_days"]) == (1, 225)
    # The order of 31 July came a day before these three told of their frameworks.
    assert (frame.loc[["THA", "MYS", "KHM"], "us_days"] == -1).all()
    assert frame.loc["VNM", "us_outcome"] == "reciprocal: lapsed on 24 February 2026"
    # No U.S. order carried out the deals with these; sector acts do not count.
    assert frame.loc[["IND", "ARG"], "us_day"].isna().all()
    assert frame.loc["IND", "us_outcome"] == ""


def test_no_deals_before_the_first_one() -> None:
    for as_of in ("2025-01-21", "2025-04-05", "2025-04-25"):
        assert deals.first_forms(load(as_of)).empty
        assert deals.implementation(load(as_of)).empty
        assert len(deals.implementation(load(as_of)).columns) == 9
