"""Cliffs, headline and weighted means, checked against small sums done by hand or by csv."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest

from known import known
from tests.oracle.tables import FROZEN
from tradeviz import rates


def imports_2024() -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    with (FROZEN / "trade_monthly.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["month"].startswith("2024"):
                totals[row["partner"]] += float(row["imports_for_consumption_usd_mn"])
    return totals


def test_on_25_april_2025_the_only_cliffs_of_the_reciprocal_layer_are_on_9_july() -> None:
    due = rates.cliffs(known("2025-04-25"), layer="reciprocal")
    assert set(due["effective"].dt.strftime("%Y-%m-%d")) == {"2025-07-09"}
    # Britain, Argentina and Brazil had the 10% baseline only, and China was left out of the pause.
    assert set(due["partner"]) == set(known().reciprocal) - {"GBR", "ARG", "BRA", "CHN"}
    assert (due["from_rate_pct"] == 10).all()
    assert (due["days_left"] == 75).all()


def test_a_step_that_repeats_the_rate_is_no_cliff() -> None:
    ds = known("2025-12-31")
    due = rates.cliffs(ds, layer="s232_lumber_furniture")
    assert set(due["effective"].dt.strftime("%Y-%m-%d")) == {"2027-01-01"}


def test_a_cliff_names_the_live_deal_beside_it() -> None:
    due = rates.cliffs(known("2026-09-30"), "CHN", "retaliation")
    assert due[["rate_pct", "deal_order_id"]].to_numpy().tolist() == [[34.0, "truce-20260928-chn"]]


def test_the_calendar_gathers_partners_of_one_order() -> None:
    calendar = rates.cliff_calendar(known("2025-04-25"))
    july = calendar[calendar["layer"] == "reciprocal"]
    assert len(july) == 1
    assert july.iloc[0]["n_partners"] == 14
    assert (july.iloc[0]["lowest_pct"], july.iloc[0]["highest_pct"]) == (17, 49)


def test_headline_adds_whole_economy_layers_and_leaves_baskets_out() -> None:
    rows = rates.headline(known("2025-04-25")).set_index("partner")
    assert rows.loc["CHN", "headline_pct"] == 145
    assert rows.loc["KOR", "headline_pct"] == 10
    assert rows.loc["CAN", "headline_pct"] == 25
    canada = rates.headline(known("2026-09-30"), on="2026-09-01").set_index("partner").loc["CAN"]
    assert canada["headline_pct"] == 10


def test_brazils_two_section_301_programmes_add_up() -> None:
    rows = rates.headline(known("2026-09-30")).set_index("partner")
    assert rows.loc["BRA", "headline_pct"] == 37.5


def test_an_all_in_rate_counts_as_what_it_adds() -> None:
    ds = known("2026-01-15")
    base = ds.effective_rates_model.groupby("partner")["base_2024_rate_pct"].first()
    row = rates.headline(ds).set_index("partner").loc["JPN"]
    assert row["converted"]
    assert row["headline_pct"] == pytest.approx(15 - base["JPN"])


def test_weighted_mean_uses_2024_imports_and_keeps_bases_apart() -> None:
    ds = known("2026-01-15")
    means = rates.weighted_mean(ds, "reciprocal").set_index("basis")
    totals = imports_2024()
    on = rates.in_force(ds, layer="reciprocal")
    for basis in ("additional", "all_in"):
        group = on[(on["basis"] == basis) & on["partner"].isin(ds.reciprocal)]
        weight = sum(totals[code] for code in group["partner"])
        mean = sum(totals[row.partner] * row.rate_pct for row in group.itertuples()) / weight
        assert means.loc[basis, "rate_pct"] == pytest.approx(mean)
        assert means.loc[basis, "partners"] == len(group)
        assert means.loc[basis, "import_share"] == pytest.approx(
            weight / sum(totals[code] for code in ds.reciprocal)
        )
    assert means["import_share"].sum() == pytest.approx(1)


def test_weights_are_missing_until_the_whole_of_2024_is_published() -> None:
    assert rates.import_weights(known("2025-02-01")).isna().all()
    assert rates.import_weights(known("2025-04-05")).notna().all()
