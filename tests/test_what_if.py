"""Built-in scenarios and one's own: what each would mean for every partner, against the orders of the day."""

from __future__ import annotations

import pandas as pd
import pytest

from known import known
from tradeviz import charts, exposure, rates, summaries, tables

DAYS = ("2025-04-25", "2025-08-07", "2026-09-30")
AUSTRALIA = pd.DataFrame(
    [{"partner": "AUS", "layer": "reciprocal", "effective": "2026-12-01", "rate_pct": 20}]
)


@pytest.fixture(scope="module")
def cases() -> dict[str, pd.DataFrame]:
    return {day: exposure.scenarios(known(day)) for day in DAYS}


def moved(rows: pd.DataFrame, scenario: str) -> dict[str, float]:
    own = rows[(rows["scenario"] == scenario) & (rows["change_points"].abs() > 0.005)]
    return dict(zip(own["partner"], own["change_points"].round(1), strict=True))


@pytest.mark.parametrize("day", DAYS)
def test_the_record_comes_first_and_is_what_the_rates_say(day: str, cases: dict[str, pd.DataFrame]) -> None:
    ds, record = known(day), cases[day].iloc[:20]
    assert set(record["scenario"]) == {exposure.RECORD}
    assert record["effective_pct"].tolist() == rates.effective(ds)["effective_pct"].tolist()
    assert record["headline_pct"].tolist() == rates.headline(ds)["headline_pct"].tolist()
    assert (record["change_points"] == 0).all()
    bills = [exposure.duty_bill(ds, code)["usd_bn"].sum() for code in record["partner"]]
    assert record["bill_usd_bn"].tolist() == pytest.approx(bills)
    assert record.loc[record["rank"] == 1, "effective_pct"].iloc[0] == record["effective_pct"].max()
    assert record["share_of_partner"].between(0, 1).all()


def test_the_cases_of_7_august_2025(cases: dict[str, pd.DataFrame]) -> None:
    rows = cases["2025-08-07"]
    assert moved(rows, "threats") == {"MEX": 2.0}
    assert set(moved(rows, "scheduled")) == {"CHN", "IND"}
    assert set(moved(rows, "no-truce")) == {"CHN"}
    assert {code for code, points in moved(rows, "deals").items() if points < 0} == {
        "EUU",
        "GBR",
        "JPN",
        "KOR",
    }
    assert "no-section-301" not in set(rows["scenario"])


def test_what_cannot_be_weighed_is_listed_and_counts_in_no_case(cases: dict[str, pd.DataFrame]) -> None:
    supposed = exposure.supposed_orders(known("2025-08-07"))
    vietnam = supposed[(supposed["partner"] == "VNM") & (supposed["scenario"] == "deals")]
    assert vietnam[["product", "known"]].to_numpy().tolist() == [["transshipped goods", "no"]]
    assert "VNM" not in moved(cases["2025-08-07"], "deals")


def test_without_section_232_its_goods_fall_under_the_other_duties(cases: dict[str, pd.DataFrame]) -> None:
    points = moved(cases["2025-04-25"], "no-section-232")
    assert points["CHN"] > 0 > points["JPN"]


def test_every_scheduled_change_is_what_the_last_of_their_days_brings(cases: dict[str, pd.DataFrame]) -> None:
    rows, ds = cases["2025-04-25"], known("2025-04-25")
    own = rows[rows["scenario"] == "scheduled"]
    assert set(own["on"]) == {rates.cliffs(ds)["effective"].max()}
    assert own["headline_pct"].tolist() == rates.headline(ds, own["on"].iloc[0])["headline_pct"].tolist()


def test_a_new_partner_has_a_rate_and_the_page_says_what_the_record_lacks() -> None:
    ds = known("2026-09-30")
    own = ds.with_orders(AUSTRALIA, "australia-20")
    rows = exposure.scenarios(ds, own)
    row = rows[(rows["scenario"] == "own") & (rows["partner"] == "AUS")].iloc[0]
    assert (row["headline_pct"], f"{row['on']:%Y-%m-%d}") == (20, "2026-12-01")
    assert row[["effective_pct", "bill_usd_bn", "rank", "touched_usd_bn"]].isna().all()
    assert moved(rows, "own") == {}
    assert "The record has no partner AUS: its imports" in summaries.scenario_gaps(own)
    assert summaries.scenario_gaps(ds) == ""
    assert summaries.scenario_gaps(own, "KOR") == ""
    assert summaries.brief(own, "AUS").text == (
        "The record has no imports from AUS, so what a duty weighs is not known."
    )
    shown = tables.scenarios(own, rows[rows["scenario"] == "own"]).as_raw_html()
    assert "not known" in shown


TOYS = pd.DataFrame(
    [{"partner": "KOR", "layer": "country_special", "product": "toys", "effective": DAYS[2], "rate_pct": 25}]
)


def test_a_duty_on_goods_of_unknown_trade_is_in_no_figure_and_no_zero() -> None:
    ds = known(DAYS[2])
    own = ds.with_orders(TOYS, "toys")
    assert rates.effective(own)["effective_pct"].tolist() == rates.effective(ds)["effective_pct"].tolist()
    rows = exposure.scenarios(ds, own)
    rows = rows[rows["scenario"] == "own"]
    assert rows.loc[rows["known"] == "partly", "partner"].tolist() == ["KOR"]
    shown = tables.scenarios(own, rows[rows["partner"] == "KOR"]).as_raw_html()
    assert shown.count("not known") == 2
    assert "would reach is not known for South Korea" in summaries.scenario_gaps(own)
    assert "Korea (" not in charts.what_if_text(exposure.moving(rows), own.names)


def test_a_list_of_goods_of_one_partner_says_nothing_of_those_of_another() -> None:
    ds = known(DAYS[2])
    baskets = ds.tariffs.loc[ds.tariffs["product"].str.endswith("basket"), "product"]
    rows = TOYS.assign(product=baskets.iloc[0], effective=pd.Timestamp(DAYS[2]))
    assert rates.at_stake(ds, rows.assign(basis="additional", order_id="x"))["known"].tolist() == ["no"]
    canada = rows.assign(partner="CAN", basis="additional", order_id="x")
    assert rates.at_stake(ds, canada)["known"].tolist() == ["yes"]
    own = ds.with_orders(rows, "basket")
    assert rates.effective(own)["effective_pct"].tolist() == rates.effective(ds)["effective_pct"].tolist()


def test_a_case_that_would_change_nothing_is_told_in_words_and_not_drawn() -> None:
    ds = known(DAYS[2])
    cases = exposure.scenarios(ds)
    assert moved(cases, "no-truce") == {}
    assert "no-truce" not in set(exposure.moving(cases)["scenario"])
    assert "no-truce" in set(exposure.moving(exposure.scenarios(known(DAYS[1])))["scenario"])
    text = summaries.scenarios(ds).text
    said = "No truce with China would change nothing: reciprocal and fentanyl (IEEPA) have stood at 0%"
    assert f"{said} since 24 February 2026" in text


def test_ones_own_is_set_against_the_record_of_its_day() -> None:
    ds = known("2025-04-25")
    order = pd.DataFrame([{"partner": "KOR", "layer": "s122", "effective": "2025-08-01", "rate_pct": 5}])
    rows = exposure.scenarios(ds, ds.with_orders(order, "korea-5"))
    points = moved(rows, "own")
    assert set(points) == {"KOR"}
    assert 0 < points["KOR"] <= 5  # and not what the pause that ends on 9 July brings


def test_the_record_counts_as_no_scenario_of_ones_own() -> None:
    ds = known("2025-04-25")
    pd.testing.assert_frame_equal(exposure.scenarios(ds, ds), exposure.scenarios(ds))


def test_before_the_imports_of_2024_no_bill_is_told() -> None:
    assert "so no bill can be told" in summaries.scenarios(known("2025-01-21")).text
