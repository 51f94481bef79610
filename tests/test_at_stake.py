"""What a rate is worth: the trade that it touches, the points by which it moves a partner's average."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from known import known
from tests.freeze import FROZEN_DAY
from tradeviz import rates
from tradeviz.rates.at_stake import MEASURES

COVERAGE = Path(__file__).resolve().parent / "reference/layer_coverage.csv"


def asked(**cells: object) -> pd.DataFrame:
    row = {"partner": "KOR", "product": "", "basis": "additional", "order_id": "asked", "effective": pd.NaT}
    return pd.DataFrame([row | cells])


def test_imports_touched_are_those_counted_line_by_line() -> None:
    wanted = [row for row in csv.DictReader(COVERAGE.read_text(encoding="utf-8").splitlines()) if row["on"]]
    compared = 0
    for as_of, on in {(row["as_of"], row["on"]) for row in wanted}:
        cells = [row for row in wanted if (row["as_of"], row["on"]) == (as_of, on)]
        frame = pd.DataFrame(cells)[["partner", "layer", "product"]]
        frame = frame.assign(rate_pct=1.0, basis="additional", order_id="asked", effective=pd.Timestamp(on))
        weighed = rates.at_stake(known(min(as_of, FROZEN_DAY)), frame)
        for cell, ours in zip(cells, weighed.to_dict("records"), strict=True):
            if cell["share_touched"] == "":
                assert ours["known"] == "no"
                assert np.isnan([ours[name] for name in MEASURES]).all()
                continue
            compared += 1
            assert ours["share_of_partner"] == pytest.approx(float(cell["share_touched"]), abs=0.0075)
            assert (ours["known"] == "yes") == (cell["known"] == "yes")
    assert compared > 400


def test_points_are_the_difference_that_a_step_makes() -> None:
    ds = known("2026-09-30")
    due = rates.at_stake(ds, rates.cliffs(ds, partner="KOR"))
    solar = due[due["layer"] == "s232_polysilicon"].iloc[0]
    after = rates.effective(ds, solar["effective"], "KOR")["effective_pct"].iloc[0]
    before = rates.effective(ds, solar["effective"] - pd.Timedelta(days=1), "KOR")["effective_pct"].iloc[0]
    assert solar["points"] == pytest.approx(after - before)


def test_a_threat_is_weighed_as_if_carried_out_today() -> None:
    ds = known("2026-09-30")
    frame = rates.at_stake(ds, asked(layer="s232_autos", rate_pct=25.0))
    cars = ds.import_groups[(ds.import_groups["partner"] == "KOR") & (ds.import_groups["group"] == "autos")]
    assert frame["touched_usd_bn"].iloc[0] == pytest.approx(cars["imports_2024_usd_mn"].iloc[0] / 1000)
    assert frame["points"].iloc[0] == pytest.approx(10 * frame["share_of_partner"].iloc[0], rel=0.01)
    assert frame["known"].iloc[0] == "yes"


def test_a_rate_on_a_whole_layer_reaches_all_its_products_once() -> None:
    ds = known("2026-09-30")
    whole = rates.at_stake(ds, asked(layer="s232_pharma", rate_pct=15.0)).iloc[0]
    part = rates.at_stake(ds, asked(layer="s232_pharma", product="other companies", rate_pct=15.0)).iloc[0]
    assert whole["touched_usd_bn"] == pytest.approx(part["touched_usd_bn"])
    assert whole["known"] == part["known"] == "partly"


def test_a_list_not_yet_published_is_unknown_not_zero() -> None:
    for day in ("2025-03-01", "2025-03-25"):
        row = rates.at_stake(known(day), asked(layer="s232_autos", rate_pct=25.0)).iloc[0]
        assert row["known"] == "no"
        assert row[MEASURES].isna().all()
    row = rates.at_stake(known("2025-04-03"), asked(layer="s232_autos", rate_pct=30.0)).iloc[0]
    assert row["known"] == "yes"
    assert row["points"] > 1


def test_nothing_has_a_weight_before_the_imports_of_2024_were_published() -> None:
    ds = known("2025-02-04")
    frame = rates.at_stake(ds, ds.tariffs)
    assert len(frame)
    assert (frame["known"] == "no").all()
    assert frame[MEASURES].isna().all(axis=None)


def test_a_general_rate_leaves_out_partners_with_their_own() -> None:
    ds = known("2026-09-30")
    everyone = rates.at_stake(ds, asked(partner="ALL", layer="s232_autos", rate_pct=25.0)).iloc[0]
    own = ds.import_groups[ds.import_groups["group"] == "autos"]["imports_2024_usd_mn"].sum() / 1000
    assert 0 < everyone["touched_usd_bn"] < own - 100  # Korea, Japan and the EU have ceilings of their own


def test_two_rows_of_one_partner_are_weighed_apart() -> None:
    ds = known("2026-09-30")
    both = pd.concat([asked(layer="s232_autos", rate_pct=rate) for rate in (25.0, 35.0)], ignore_index=True)
    points = rates.at_stake(ds, both)["points"]
    assert points[1] == pytest.approx(2 * points[0], rel=0.01)


def test_duties_of_partners_have_no_weight() -> None:
    ds = known("2026-09-30")
    rows = ds.tariffs[ds.tariffs["layer"] == "retaliation"]
    assert (rates.at_stake(ds, rows)["known"] == "no").all()


def test_what_moves_most_comes_first() -> None:
    frame = pd.DataFrame(
        {
            "name": ["unknown", "small", "older", "newer", "cut", "drugs", "whole economy"],
            "layer": ["s301", "s301", "s301", "s301", "s301", "s232_pharma", "reciprocal"],
            "points": [np.nan, 0.1, 1.0, 1.0, -2.0, 0.5, 0.5],
            "touched_usd_bn": [np.nan, 9.0, 3.0, 3.0, 1.0, 2.0, 2.0],
            "announced": pd.to_datetime(
                ["2026-01-01"] * 2 + ["2025-01-01", "2026-01-01"] + ["2025-06-01"] * 3
            ),
        }
    )
    order = ["cut", "newer", "older", "whole economy", "drugs", "small", "unknown"]
    assert list(rates.ranked(frame)["name"]) == order


def test_the_rank_of_the_cliffs_follows_points() -> None:
    ds = known("2026-09-30")
    points = rates.ranked(rates.at_stake(ds, rates.cliffs(ds)))["points"].abs().dropna()
    assert points.is_monotonic_decreasing
