"""The timeline, the highest rates of each partner, the orders and the sectors, against facts read by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import tradeviz
from known import known
from tradeviz import rates, summaries
from tradeviz.errors import UsageError
from tradeviz.vocabulary import HEADLINE_LAYERS

DAYS = ["2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30"]


def of(frame: pd.DataFrame, **where: str) -> pd.DataFrame:
    for name, value in where.items():
        frame = frame[frame[name] == value]
    return frame


def only(ds: tradeviz.Dataset, keep: pd.Series) -> tradeviz.Dataset:
    return replace(ds, tariffs=ds.tariffs[keep])


def test_korea_in_the_pause_has_10_in_force_and_25_scheduled_for_9_july() -> None:
    own = of(rates.timeline(known("2025-04-25")), partner="KOR", kind="order")
    now = of(own, state="in_force").iloc[0]
    later = of(own, state="scheduled").iloc[0]
    assert (now["rate_pct"], now["basis"], now["order_id"]) == (10, "additional", "eo-14266")
    assert (later["rate_pct"], later["day"]) == (25, pd.Timestamp("2025-07-09"))
    assert now["until"] == later["day"]


def test_korea_on_7_august_has_15_on_top_and_only_later_15_all_in() -> None:
    now = of(rates.timeline(known("2025-08-07")), partner="KOR", kind="order", state="in_force").iloc[0]
    assert (now["rate_pct"], now["basis"]) == (15, "additional")
    later = of(rates.timeline(known("2025-12-31")), partner="KOR", kind="order", state="in_force").iloc[0]
    assert (later["rate_pct"], later["basis"], later["day"]) == (15, "all_in", pd.Timestamp("2025-11-14"))


def test_threats_against_china_stand_where_they_were_announced() -> None:
    threats = of(rates.timeline(known("2025-10-15")), partner="CHN", kind="threat")
    assert list(threats["rate_pct"]) == [100]
    assert list(threats["state"]) == ["open"]
    assert threats["day"].iloc[0] == pd.Timestamp("2025-10-10")
    after = of(rates.timeline(known("2025-11-05")), partner="CHN", kind="threat")
    assert list(after["state"]) == ["ended"]


@pytest.mark.parametrize("day", DAYS)
def test_the_timeline_holds_every_whole_economy_row_once_and_nothing_else(day: str) -> None:
    ds = known(day)
    rows = rates.timeline(ds)
    steps = rates.whole_economy_rows(rates.schedules(ds))
    said = [rates.whole_economy_rows(rates.proposals(ds, kind)) for kind in ("threat", "deal")]
    assert len(rows) == len(steps) + sum(map(len, said))
    assert set(rows["layer"]) <= set(HEADLINE_LAYERS)
    assert (rows["announced"] <= ds.as_of).all()
    codes = list(dict.fromkeys(rows["partner"]))
    assert codes == [code for code in ds.partners["partner"] if code in codes]


def test_layers_can_be_chosen_and_a_wrong_one_is_answered_with_the_right_ones() -> None:
    ds = known("2025-08-07")
    assert set(rates.timeline(ds, "fentanyl, country_special")["layer"]) == {"fentanyl", "country_special"}
    for wrong in ("s232_autos", "recipocal", ","):
        with pytest.raises(UsageError, match="reciprocal, fentanyl, country_special, s122, s301"):
            rates.timeline(ds, wrong)


def test_before_the_first_order_all_frames_are_empty() -> None:
    ds = known("2025-01-25")
    for frame in (rates.timeline(ds), rates.highest_rates(ds), rates.orders(ds), rates.sector_calendar(ds)):
        assert frame.empty
        assert "partner" in frame or "partners" in frame
    assert "no tariff order" in summaries.timeline(ds).text


def test_general_events_are_rulings_and_orders_for_many() -> None:
    events = rates.general_events(known("2025-08-07"))
    assert list(events.loc[events["kind"] == "order", "date"].dt.strftime("%Y-%m-%d")) == [
        "2025-04-02",
        "2025-04-09",
        "2025-07-07",
        "2025-07-31",
    ]
    assert (events["kind"] == "court").sum() == 3
    assert events["date"].is_monotonic_increasing


def test_standing_at_the_height_of_april_2025() -> None:
    highest = rates.highest_rates(known("2025-04-25")).set_index("partner")
    china, korea = highest.loc["CHN"], highest.loc["KOR"]
    assert (china["in_force_pct"], china["in_force_layers"]) == (145, "reciprocal;fentanyl")
    assert (korea["ordered_pct"], korea["ordered_day"]) == (25, pd.Timestamp("2025-04-09"))
    assert korea["ordered_state"] == "applied"  # for the hours between 9 and 10 April
    assert korea["in_force_pct"] == 10
    assert highest["threatened_pct"].isna().all()


def test_a_rate_ordered_and_withdrawn_before_its_day_is_remembered_as_replaced() -> None:
    highest = rates.highest_rates(known("2025-02-10")).set_index("partner")
    assert highest.loc["CAN", "ordered_state"] == "scheduled"  # paused to 4 March, still the same rate
    ds = known("2025-02-10")
    pause = (ds.tariffs["order_id"] == "eo-14197") & (ds.tariffs["rate_pct"] > 0)
    dropped = rates.highest_rates(only(ds, ~pause)).set_index("partner").loc["CAN"]
    assert (dropped["ordered_pct"], dropped["ordered_state"], dropped["in_force_pct"]) == (25, "replaced", 0)


def test_layers_are_added_up_but_a_ceiling_alone_is_not_converted() -> None:
    last = rates.highest_rates(known()).set_index("partner")
    assert (last.loc["BRA", "in_force_pct"], last.loc["BRA", "in_force_layers"]) == (37.5, "s301")
    assert (last.loc["JPN", "in_force_pct"], last.loc["JPN", "in_force_basis"]) == (12.5, "all_in")
    assert (last.loc["IND", "ordered_pct"], last.loc["CHE", "ordered_pct"]) == (50, 39)


def test_a_ceiling_beside_another_layer_counts_as_what_it_adds() -> None:
    ceiling = {"rate_pct": 15.0, "basis": "all_in", "layer": "reciprocal", "order_id": "a"}
    surcharge = {"rate_pct": 10.0, "basis": "additional", "layer": "s122", "order_id": "b"}
    day = {"effective": pd.Timestamp("2026-01-01")}
    alone = rates.stacked([ceiling | day], 2.0)
    both = rates.stacked([ceiling | day, surcharge | day], 2.0)
    assert (alone["pct"], alone["basis"], alone["converted"]) == (15, "all_in", False)
    assert (both["pct"], both["basis"], both["converted"]) == (23, "additional", True)
    assert both["layers"] == "reciprocal;s122"
    unknown = rates.stacked([ceiling | day, surcharge | day], float("nan"))
    assert pd.isna(unknown["pct"])
    assert rates.stacked([], 2.0)["pct"] == 0


@pytest.mark.parametrize("day", DAYS)
def test_in_force_agrees_with_the_headline_where_no_ceiling_stands_alone(day: str) -> None:
    ds = known(day)
    highest = rates.highest_rates(ds).set_index("partner")
    headline = rates.headline(ds).set_index("partner")["headline_pct"]
    plain = highest[highest["in_force_basis"] == "additional"]
    assert len(plain)
    assert (plain["in_force_pct"] - headline[plain.index]).abs().max() < 1e-9
    applied = highest[highest["ordered_basis"] == "additional"]
    assert (applied["ordered_pct"] >= headline[applied.index] - 1e-9).all()


@pytest.mark.parametrize("day", DAYS)
def test_no_rate_of_a_single_order_lies_above_the_highest_total_ordered(day: str) -> None:
    ds = known(day)
    orders = rates.whole_economy_rows(ds.tariffs[ds.tariffs["force"] == "order"])
    highest = orders[orders["basis"] == "additional"].groupby("partner")["rate_pct"].max()
    ordered = rates.highest_rates(ds).set_index("partner")["ordered_pct"]
    assert (ordered >= highest.reindex(ordered.index)).all()


def test_without_threats_nobody_is_threatened() -> None:
    ds = known("2025-08-07")
    highest = rates.highest_rates(only(ds, ds.tariffs["force"] != "threat"))
    assert highest["threatened_pct"].isna().all()
    assert not highest["threatened_open"].any()


@pytest.mark.parametrize("day", DAYS)
def test_orders_are_all_orders_newest_first(day: str) -> None:
    ds = known(day)
    orders = rates.orders(ds)
    expected = ds.tariffs[ds.tariffs["force"] == "order"]
    assert set(orders["order_id"]) == set(expected["order_id"])
    assert orders["order_id"].is_unique
    assert orders["announced"].is_monotonic_decreasing
    pause = orders.set_index("order_id").loc["eo-14257"]
    assert pause["n_partners"] == 20
    assert pause["fr_citations"] == "90 FR 15041"
    assert (pause["first_effective"], pause["last_effective"]) == tuple(
        pd.to_datetime(["2025-04-05", "2025-04-09"])
    )


def test_sectors_hold_the_general_schedule_and_the_own_ones() -> None:
    calendar = rates.sector_calendar(known())
    cars = of(calendar, layer="s232_autos")
    assert dict(zip(cars["partner"], cars["rate_pct"], strict=True)) == {
        "ALL": 25,
        "EUU": 15,
        "JPN": 15,
        "KOR": 15,
        "GBR": 10,
        "CAN": 25,
        "MEX": 25,
    }
    cabinets = of(calendar, product="cabinets and vanities", partner="ALL")
    assert list(cabinets["state"]) == ["past", "in_force", "scheduled"]
    assert list(cabinets["rate_pct"]) == [25, 25, 50]
    assert cabinets["effective"].iloc[-1] == pd.Timestamp("2027-01-01")


def test_sector_steps_agree_with_the_rates_in_force() -> None:
    ds = known("2026-02-21")
    now = rates.in_force(ds).set_index(["partner", "layer", "product"])["rate_pct"]
    calendar = rates.sector_calendar(ds)
    own = calendar[(calendar["state"] == "in_force") & (calendar["partner"] != "ALL")]
    assert len(own) > 10
    for row in own.itertuples():
        assert now[row.partner, row.layer, row.product] == row.rate_pct


def test_the_lead_names_the_next_change_on_all_goods() -> None:
    text = summaries.timeline(known("2025-04-25")).text
    assert "due on 9 July 2025, 75 days" in text
    assert "145%, for China" in text
    assert "due on 4 December 2026" in summaries.timeline(known()).text
