"""The steps from the headline to the effective rate and what was charged; what a partner sells and pays."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from known import known
from tradeviz import charts, exposure, rates, tables
from tradeviz.errors import UsageError

DAY = "2026-09-30"
MONTHS = ["2025-04", "2025-08", "2025-12", "2026-03", "2026-07"]


def named(column: str) -> str:
    """The step of a column."""
    return column.removesuffix("_points")


@pytest.mark.parametrize("month", MONTHS)
def test_the_steps_lead_from_one_rate_to_the_next(month: str) -> None:
    ds = known(DAY)
    readings = exposure.rate_readings(ds).set_index(["partner", "month"])
    wide = exposure.waterfalls(ds, month).set_index("partner").rename(columns=named)
    assert list(wide.index) == [*ds.partners["partner"], exposure.WEIGHTED]
    for code, points in wide[list(exposure.STEPS)].astype(float).iterrows():
        down = points[["headline", "ceilings", "exemptions", "beside", "sectors", "preferences"]].sum()
        assert down == pytest.approx(points["effective"], abs=1e-9)
        assert points["effective"] + points["rest"] == pytest.approx(points["charged"], abs=1e-9)
        row = readings.loc[(code, pd.Timestamp(month))]
        assert points["headline"] == pytest.approx(row["headline_pct"])
        assert points["effective"] == pytest.approx(row["effective_added_pct"])
        assert points["charged"] == pytest.approx(row["charged_added_pct"])
        assert points["exemptions"] <= 1e-9
        assert points["beside"] <= 1e-9
        assert (points["preferences"] == 0) == (code not in ds.border)
        if code not in ds.border:
            assert points["sectors"] >= -1e-9


def test_a_month_without_rates_is_refused_and_one_not_published_has_no_rest() -> None:
    ds = known(DAY)
    for month in ("2024-12", "2026-11", "someday"):
        with pytest.raises(UsageError, match=month):
            exposure.waterfall(ds, "KOR", month)
    with pytest.raises(UsageError, match="XXX"):
        exposure.waterfall(ds, "XXX", "2026-08")
    last = exposure.waterfall(ds, "KOR", "2026-09").set_index("step")["points"]
    assert np.isnan(last[["rest", "charged"]]).all()
    assert last["effective"] > 0
    text = charts.waterfall_text(exposure.waterfall(ds, "KOR", "2026-09"), "Korea")
    assert "not published yet" in text


def test_the_last_month_published_is_taken_where_none_is_named() -> None:
    ds = known(DAY)
    frame = exposure.waterfall(ds, "MEX")
    assert (frame["month"] == "2026-07-01").all()
    wide = exposure.waterfalls(ds).set_index("partner").rename(columns=named)
    assert wide.loc["MEX", list(exposure.STEPS)].astype(float).tolist() == pytest.approx(
        frame["points"].tolist()
    )
    ends = frame.set_index("step")
    assert ends.loc["effective", "to_pct"] == pytest.approx(ends.loc["preferences", "to_pct"])
    assert ends.loc["rest", "from_pct"] == pytest.approx(ends.loc["effective", "to_pct"])


def test_before_the_first_month_there_are_no_steps() -> None:
    ds = known("2025-02-21")
    assert exposure.waterfalls(ds).empty
    assert exposure.waterfall(ds).empty


def test_a_bill_is_the_effective_rate_on_the_imports_of_2024() -> None:
    ds = known(DAY)
    for code in ("KOR", "CAN", "ISR"):
        bill = exposure.duty_bill(ds, code)
        imports = (
            ds.import_groups.loc[ds.import_groups["partner"] == code, "imports_2024_usd_mn"].sum() / 1000
        )
        rate = rates.effective(ds, partner=code)["effective_pct"].iloc[0]
        assert bill["points"].sum() == pytest.approx(rate)
        assert bill["usd_bn"].sum() == pytest.approx(rate / 100 * imports)
        assert bill["layer"].iloc[0] == "base"
        page = tables.duty_bill(bill).as_raw_html()
        assert f"{rate:.2f}" in page
        assert "smaller dut" in page


def test_what_a_partner_sells_adds_up_and_what_touches_it_need_not() -> None:
    ds = known(DAY)
    sold, reached = exposure.sections(ds, "KOR"), exposure.layers_touched(ds, "KOR")
    assert sold["share_of_partner"].sum() == pytest.approx(1)
    assert sold["section"].iloc[0] == "cars_trucks"
    assert reached["share_of_partner"].between(0, 1).all()
    assert (reached["rate_pct"] > 0).all()
    text = charts.goods_text(sold, reached)
    assert "cars, trucks and buses (29%)" in text
    assert exposure.sections(known("2025-02-04"), "KOR").empty
    assert exposure.layers_touched(known("2025-02-04"), "KOR").empty


def test_the_points_of_the_rates_in_force_are_the_parts_of_the_effective_rate() -> None:
    ds = known(DAY)
    for code in ds.partners["partner"]:
        now = rates.in_force_at_stake(ds, partner=code)
        row = rates.effective(ds, partner=code).iloc[0]
        parts = rates.effective_parts(ds, partner=code)
        ended = parts.loc[parts["layer"] == "old_s232", "points"].sum()
        assert now["points"].sum() + ended == pytest.approx(row["added_pct"], abs=1e-9)


def test_history_holds_the_rate_of_2024_in_every_line() -> None:
    ds = known(DAY)
    frame = exposure.effective_history(ds, "CHN").set_index("month")
    months = rates.charged(ds, "CHN").set_index("month")["charged_pct"]
    known_months = frame["charged_pct"].dropna()
    assert known_months.tolist() == pytest.approx(months[known_months.index].tolist())
    january = frame.loc[pd.Timestamp("2025-01-01")]
    assert january["headline_total_pct"] == pytest.approx(january["base_2024_pct"])
    assert exposure.effective_history(known("2025-02-04"), "CHN").empty


def test_tables_say_what_is_not_known() -> None:
    ds = known(DAY)
    page = tables.rates_by_layer(ds, rates.in_force_at_stake(ds, partner="CHN")).as_raw_html()
    assert "not known" in page
    due = rates.ranked(rates.at_stake(ds, rates.cliff_calendar(ds)))
    page = tables.cliffs_at_stake(due, ds.names).as_raw_html()
    assert "not known" in page
    assert "nan" not in page
