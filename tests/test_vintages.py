"""What was expected and what came: each vintage is what that evening knew, and later rows move none."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from known import known
from tests.some import some_of
from tradeviz import Dataset, charts, rates, summaries
from tradeviz.charts.vintages import drawn_sectors, vintage_line

LAST = "2026-09-30"
STEP = ["layer", "product", "effective", "until", "rate_pct", "basis", "order_id"]


@cache
def on(day: str) -> Dataset:
    return known(day)


@cache
def vintages(code: str) -> pd.DataFrame:
    return rates.vintages(on(LAST), code)


@pytest.mark.parametrize("code", some_of("KOR", "CHE", "CHN", "IND", "CAN"))
def test_each_vintage_is_the_schedule_as_known_on_its_day(code: str) -> None:
    rows = vintages(code)
    assert rows["known"].nunique() > 10
    for day, own in rows.groupby("known"):
        expected = rates.schedules(on(f"{day:%Y-%m-%d}"), code)
        pd.testing.assert_frame_equal(own[STEP].reset_index(drop=True), expected[STEP])


@pytest.mark.parametrize("code", some_of("KOR", "CHE", "CHN", "IND", "CAN"))
def test_each_line_of_the_chart_is_its_vintage_from_its_day_on(code: str) -> None:
    ds, rows = on(LAST), vintages(code)
    then, now = (rates.panel(ds, "2025-01-20", ds.as_of, partner=code, known=one) for one in ("then", "now"))
    drawn = 0
    for ax in charts.vintages(charts.drawn_vintages(rows), then, now, ds.as_of):
        for line in ax.lines:
            if not str(line.get_gid()).startswith("vintage "):
                continue
            day = str(line.get_gid()).removeprefix("vintage ")
            layer = [
                name
                for name in set(rows["layer"])
                if ax.get_title(loc="left").lower().startswith(_name(name))
            ]
            schedule = rates.schedules(on(day), code, layer[0])
            whole = rates.whole_economy_rows(schedule)
            _, values = vintage_line(whole, pd.Timestamp(day), pd.Timestamp("2031-01-01"))
            assert np.asarray(line.get_ydata()).tolist() == values
            drawn += 1
    plt.close("all")
    assert drawn >= 5


@pytest.mark.parametrize("day", ["2025-04-25", LAST])
def test_the_words_of_the_chart_stay_within_its_panels(day: str) -> None:
    ds = on(day)
    rows = charts.drawn_vintages(rates.vintages(ds, "CHN"))
    then, now = (rates.panel(ds, "2025-01-20", ds.as_of, partner="CHN", known=one) for one in ("then", "now"))
    axes = charts.vintages(rows, then, now, ds.as_of)
    axes[0].figure.draw_without_rendering()
    for ax in axes:
        words = [text.get_window_extent() for text in ax.texts]
        assert words
        assert all(box.x0 >= ax.bbox.x0 and box.x1 <= ax.figure.bbox.x1 for box in words)
    plt.close("all")


def test_listed_goods_are_drawn_where_an_order_changed_their_duty() -> None:
    drawn = drawn_sectors(vintages("CAN"))
    series = set(drawn["layer"] + drawn["product"])
    assert {"country_specialalcohol basket", "s232_steel_aluminummetals"} <= series
    assert not drawn["layer"].isin(["retaliation", "reciprocal"]).any()
    assert "s232_autos" not in set(drawn["layer"])  # set once for Canada, and left alone
    assert drawn_sectors(rates.vintages(on("2025-01-21"), "CAN")).empty


def _name(layer: str) -> str:
    from tradeviz.vocabulary import LAYER_NAMES

    return LAYER_NAMES[layer].lower()


@pytest.mark.parametrize("code", some_of("KOR", "CHE", "EUU", "CHN", "IND", "CAN"))
def test_later_rows_never_move_an_earlier_vintage(code: str) -> None:
    ds, rows = on(LAST), vintages(code)
    for day in ("2025-04-25", "2025-08-07", "2026-02-21"):
        early = rates.vintages(replace(ds, tariffs=ds.tariffs[ds.tariffs["announced"] <= day]), code)
        assert len(early) < len(rows)
        pd.testing.assert_frame_equal(early, rows[rows["known"] <= day].reset_index(drop=True))


def test_what_was_expected_is_what_an_earlier_evening_knew() -> None:
    ds = on("2025-08-31")
    rows = rates.expected(ds, "KOR", [30]).set_index("day")
    for day in ("2025-05-05", "2025-08-07", "2025-08-31"):
        earlier = on(f"{pd.Timestamp(day) - pd.Timedelta(days=30):%Y-%m-%d}")
        wanted = rates.effective(earlier, day, "KOR")["effective_pct"].iloc[0]
        came = rates.effective(on(day), day, "KOR")["effective_pct"].iloc[0]
        assert rows.loc[day, "expected_pct"] == pytest.approx(wanted)
        assert rows.loc[day, "came_pct"] == pytest.approx(came)
    assert rows.index.is_monotonic_increasing
    assert (rows["surprise_points"] == rows["came_pct"] - rows["expected_pct"]).all()


def test_the_mean_distance_is_that_of_the_days() -> None:
    rows = rates.expected(on("2025-08-31"), "KOR", [30])
    mean = rates.mean_surprise(rows)
    assert mean["n_days"].tolist() == [len(rows)]
    assert mean["mean_points"].iloc[0] == pytest.approx(rows["surprise_points"].abs().mean())


def test_the_orders_that_surprised_most() -> None:
    moves = rates.surprises(on("2025-05-12"), "CHN")
    first = moves.iloc[0]
    assert (first["order_ids"], first["days_ahead"]) == ("eo-14298", 2)
    assert first["surprise_points"] == pytest.approx(first["set_pct"] - first["expected_pct"])
    assert moves["surprise_points"].abs().is_monotonic_decreasing
    assert not moves["order_ids"].str.contains("prc-").any()
    words = summaries.vintages(rates.expected(on("2025-05-12"), "CHN"), moves, "China")
    assert "Executive Order 14298 of 12 May 2025" in words


def test_a_retroactive_cut_is_told_as_what_it_was() -> None:
    back = rates.retroactive(on("2025-12-31"), "CHE")
    row = back[back["layer"] == "reciprocal"].iloc[0]
    assert (row["paid_rate_pct"], row["set_rate_pct"], row["set_basis"]) == (39, 15, "all_in")
    assert row["until"] == row["announced"]
    assert row["points"] < 0
    moves = rates.surprises(on("2025-12-31"), "CHE")
    assert (moves.loc[moves["order_ids"] == row["order_id"], "days_ahead"] < 0).all()


def test_before_the_imports_are_published_there_is_nothing_to_compare() -> None:
    ds = on("2025-01-21")
    assert rates.expected(ds, "KOR").empty
    assert rates.surprises(ds, "KOR").empty
    assert rates.retroactive(ds, "KOR").empty
    assert "can be set against what came yet" in summaries.vintages(
        rates.expected(ds, "KOR"), rates.surprises(ds, "KOR"), "South Korea"
    )
