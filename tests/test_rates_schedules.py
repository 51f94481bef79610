"""Schedules: the replacement rule against a naive oracle, and known cases of the real data."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from known import known
from tradeviz import rates
from tradeviz.errors import UsageError
from tradeviz.rates.schedules import folded_steps

WINDOW = 40


@st.composite
def sequences_of_orders(draw: st.DrawFn) -> list[dict[str, int]]:
    """Orders of one series in random sequence: days are small whole numbers."""
    rows = []
    for number in range(draw(st.integers(0, 6))):
        announced = draw(st.integers(0, WINDOW))
        days = draw(st.lists(st.integers(0, WINDOW), min_size=1, max_size=4, unique=True))
        for effective in days:
            rate = draw(st.integers(0, 50))
            rows.append(
                {"order_id": f"o{number}", "announced": announced, "effective": effective, "rate_pct": rate}
            )
    return rows


def rates_by_day(rows: list[dict[str, int]]) -> dict[int, int]:
    """The oracle: walk through the orders and overwrite a calendar, day by day."""
    calendar: dict[int, int] = {}
    order_ids = list(dict.fromkeys(row["order_id"] for row in sorted(rows, key=lambda r: r["announced"])))
    for order_id in order_ids:
        own = {row["effective"]: row["rate_pct"] for row in rows if row["order_id"] == order_id}
        rate = None
        for day in range(WINDOW + 1):
            rate = own.get(day, rate)
            if rate is not None:
                calendar[day] = rate
    return calendar


@given(sequences_of_orders())
def test_folded_orders_equal_a_calendar_overwritten_day_by_day(rows: list[dict[str, int]]) -> None:
    steps = folded_steps(rows)
    assert [step["effective"] for step in steps] == sorted({step["effective"] for step in steps})
    calendar = {}
    for step, until in zip(steps, [s["effective"] for s in steps[1:]] + [WINDOW + 1], strict=False):
        calendar |= dict.fromkeys(range(step["effective"], until), step["rate_pct"])
    assert calendar == rates_by_day(rows)


@given(sequences_of_orders(), st.integers(0, WINDOW))
def test_a_new_order_keeps_what_came_before_its_first_day(rows: list[dict[str, int]], first: int) -> None:
    before = folded_steps(rows)
    new = {"order_id": "new", "announced": WINDOW + 1, "effective": first, "rate_pct": 99}
    after = folded_steps([*rows, new])
    assert after == [step for step in before if step["effective"] < first] + [new]


def steps_of(as_of: str, partner: str, layer: str, product: str = "") -> list[tuple[str, float, str, str]]:
    steps = rates.schedules(known(as_of), partner, layer)
    steps = steps[steps["product"] == product]
    return [(f"{row.effective:%Y-%m-%d}", row.rate_pct, row.basis, row.state) for row in steps.itertuples()]


def test_korea_on_25_april_2025_pays_ten_and_has_25_scheduled_for_9_july() -> None:
    assert steps_of("2025-04-25", "KOR", "reciprocal") == [
        ("2025-04-05", 10, "additional", "past"),
        ("2025-04-09", 25, "additional", "past"),
        ("2025-04-10", 10, "additional", "in_force"),
        ("2025-07-09", 25, "additional", "scheduled"),
    ]


def test_an_extension_moves_the_snap_back() -> None:
    due = rates.cliffs(known("2025-07-07"), "KOR", "reciprocal")
    assert [(f"{d:%Y-%m-%d}", r) for d, r in zip(due["effective"], due["rate_pct"], strict=True)] == [
        ("2025-08-01", 25)
    ]


def test_a_retroactive_cut_is_unknown_before_it_is_announced() -> None:
    assert ("2025-08-07", 15, "additional", "in_force") in steps_of("2025-09-03", "JPN", "reciprocal")
    assert ("2025-08-07", 15, "all_in", "in_force") in steps_of("2025-09-04", "JPN", "reciprocal")


def test_a_repeal_leaves_a_zero_step() -> None:
    on = rates.in_force(known("2026-03-01"), partner="KOR", layer="reciprocal")
    assert on["rate_pct"].tolist() == [0]
    assert on["order_id"].tolist() == ["eo-20260220-ieepa-end"]


def test_a_partners_own_cap_survives_a_later_general_order() -> None:
    ds = known("2026-06-30")
    own = rates.in_force(ds, partner="GBR", layer="s232_steel_aluminum").set_index("product")
    general = rates.in_force(ds, partner="THA", layer="s232_steel_aluminum").set_index("product")
    assert own.loc["metals", "rate_pct"] == 25
    assert general.loc["metals", "rate_pct"] == 50
    assert (
        own.loc["metal-intensive equipment", "rate_pct"]
        == general.loc["metal-intensive equipment", "rate_pct"]
    )


def test_general_schedules_reach_every_partner_until_its_own_begins() -> None:
    steps = rates.schedules(known("2025-12-31"), layer="s232_autos")
    assert set(steps["partner"]) == set(known().partners["partner"])
    japan = steps[steps["partner"] == "JPN"]
    assert japan["general"].tolist() == [True, False]
    assert japan["rate_pct"].tolist() == [25, 15]


def test_no_schedule_has_two_steps_on_one_day_or_an_end_before_its_start() -> None:
    steps = rates.schedules(known())
    assert not steps.duplicated(["partner", "layer", "product", "effective"]).any()
    closed = steps[steps["until"].notna()]
    assert (closed["until"] > closed["effective"]).all()


@pytest.mark.parametrize("as_of", ["2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30"])
def test_in_force_is_the_state_that_schedules_name(as_of: str) -> None:
    ds = known(as_of)
    steps = rates.schedules(ds)
    named = steps[steps["state"] == "in_force"]
    on = rates.in_force(ds)
    confirmed = on[on["confidence"] == "confirmed"]
    key = ["partner", "layer", "product", "order_id", "effective"]
    assert set(confirmed[key].itertuples(index=False)) <= set(named[key].itertuples(index=False))


def test_threats_and_deals_never_change_a_schedule() -> None:
    ds = known()
    orders = ds.tariffs.loc[ds.tariffs["force"] == "order", "order_id"]
    assert set(rates.schedules(ds)["order_id"]) <= set(orders)


def test_an_unconfirmed_step_is_never_called_in_force() -> None:
    ds = known("2026-09-30")
    last = (ds.tariffs["partner"] == "EUU") & (ds.tariffs["order_id"] == "eu-ir-2026-1893")
    doubted = dataclasses.replace(
        ds, tariffs=ds.tariffs.assign(confidence=ds.tariffs["confidence"].mask(last, "unconfirmed"))
    )
    steps = rates.schedules(doubted, "EUU", "retaliation")
    assert steps["state"].tolist()[-2:] == ["in_force", "unconfirmed"]
    assert rates.schedules(ds, "EUU", "retaliation")["state"].iloc[-1] == "in_force"


@pytest.mark.parametrize("kind", ["partner", "layer"])
def test_an_unknown_code_is_one_clear_message(kind: str) -> None:
    with pytest.raises(UsageError, match="XYZ") as error:
        rates.schedules(known(), **{kind: "XYZ"})
    assert "\n" not in str(error.value)
    assert ("KOR" if kind == "partner" else "reciprocal") in str(error.value)


def test_panel_repeats_the_schedule_day_by_day() -> None:
    ds = known("2025-04-25")
    days = rates.panel(ds, "2025-04-03", "2025-04-12", layer="reciprocal")
    korea = days[days["partner"] == "KOR"]
    assert korea["rate_pct"].tolist() == [0, 0, 10, 10, 10, 10, 25, 10, 10, 10]
    assert korea["date"].min() == pd.Timestamp("2025-04-03")
    with pytest.raises(UsageError, match="before start"):
        rates.panel(ds, "2025-04-12", "2025-04-03")
