"""The effective rate: what line-level results, customs and the formula itself say of it."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tradeviz
from known import known
from tests.freeze import FROZEN_DAY
from tests.oracle.recomputed import effective as recomputed
from tests.oracle.tables import split
from tests.some import some_of
from tradeviz import evidence, rates, tables
from tradeviz.data import Dataset
from tradeviz.errors import UsageError

TESTS = Path(__file__).resolve().parent
REFERENCE = list(
    csv.DictReader((TESTS / "reference/effective_rates.csv").read_text(encoding="utf-8").splitlines())
)
CELLS = sorted({(row["as_of"], row["on"]) for row in REFERENCE})
COLUMNS = ["base_pct", "added_pct", "effective_pct"]
DAYS = some_of("2025-03-15", "2025-04-25", "2025-08-10", "2026-01-15", "2026-09-30")


def effective(ds: Dataset, on: str | None = None) -> pd.Series:
    return rates.effective(ds, on).set_index("partner")["effective_pct"]


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell[1])
def test_line_level_results_are_met(cell: tuple[str, str]) -> None:
    ours = effective(known(min(cell[0], FROZEN_DAY)), cell[1])
    theirs = {
        row["partner"]: float(row["effective_pct"]) for row in REFERENCE if (row["as_of"], row["on"]) == cell
    }
    apart = (ours - pd.Series(theirs)).abs()
    assert len(theirs) == len(ours) == 20
    assert apart.max() < 0.3
    assert apart.mean() < 0.05


def test_the_base_is_what_customs_charged_in_2024() -> None:
    ds = known()
    base = rates.effective(ds).set_index("partner")["base_pct"]
    for code in base.index:
        months = rates.charged(ds, code)
        year = months[months["month"].dt.year == 2024]
        assert len(year) == 12
        assert base[code] == pytest.approx(
            100 * year["duties_usd_mn"].sum() / year["imports_usd_mn"].sum(), abs=0.1
        )
        groups = ds.import_groups[ds.import_groups["partner"] == code]
        assert groups["imports_2024_usd_mn"].sum() == pytest.approx(year["imports_usd_mn"].sum(), rel=0.012)


def test_sections_and_groups_are_the_same_imports() -> None:
    ds = known()
    for name in ("import_groups", "import_sections"):
        assert set(getattr(ds, name)["partner"]) == set(ds.partners["partner"])
    sums = [
        table.groupby("partner")["imports_2024_usd_mn"].sum()
        for table in (ds.import_groups, ds.import_sections)
    ]
    pd.testing.assert_series_equal(*sums, rtol=1e-5)


def test_before_any_step_there_is_only_the_base() -> None:
    frame = rates.effective(known("2025-03-15"), on="2025-01-25")
    assert frame["added_pct"].abs().max() < 1e-12


def test_nothing_is_known_before_the_imports_of_2024_were_published() -> None:
    ds = known("2025-02-04")
    assert rates.effective(ds)[COLUMNS].isna().all(axis=None)
    assert rates.effective_parts(ds).empty
    assert np.isnan(rates.average(ds)["effective_pct"].iloc[0])
    panel = rates.effective_panel(known("2025-02-10"), "2025-02-03", "2025-02-06", known="then")
    assert panel.isna().all(axis=1).tolist() == [True, True, False, False]


@pytest.mark.parametrize("day", DAYS)
def test_parts_add_up(day: str) -> None:
    ds = known(day)
    whole, parts = rates.effective(ds).set_index("partner"), rates.effective_parts(ds)
    sums = parts.groupby("partner", sort=False)["points"].sum()
    assert list(sums.index) == list(whole.index)
    assert (sums - whole["effective_pct"]).abs().max() < 1e-9
    added = parts[parts["layer"] != "base"].groupby("partner")["points"].sum()
    assert (added.reindex(whole.index).fillna(0) - whole["added_pct"]).abs().max() < 1e-9
    assert (parts["points"] != 0).all()


def test_a_group_goes_by_its_own_name_only_once_a_term_names_it() -> None:
    before = set(rates.effective_parts(known("2025-04-01"))["goods"])
    after = set(rates.effective_parts(known("2025-04-12"))["goods"])
    assert "Exempt electronics and chips" not in before
    assert "Exempt electronics and chips" in after
    assert not any("2026" in goods or "August" in goods for goods in after)


@pytest.mark.parametrize(
    ("code", "day", "total"),
    [("CHN", "2025-05-20", 30.0), ("BRA", "2026-08-10", 37.5), ("IND", "2025-09-10", 50.0)],
)
def test_without_terms_every_whole_economy_rate_is_paid_in_full(code: str, day: str, total: float) -> None:
    ds = known(day)
    empty = {
        name: getattr(ds, name).iloc[:0] for name in ("group_terms", "carveout_terms", "carveout_shares")
    }
    parts = rates.effective_parts(replace(ds, **empty), partner=code)
    whole = parts["layer"].isin(tradeviz.vocabulary.HEADLINE_LAYERS)
    assert parts.loc[whole, "points"].sum() == pytest.approx(total)


@settings(max_examples=15)
@given(data=st.data())
def test_an_exemption_never_raises_a_rate(data: st.DataObject) -> None:
    ds = known(data.draw(st.sampled_from(DAYS)))
    before = effective(ds)
    if data.draw(st.booleans()):
        exempt = ds.carveout_terms.loc[ds.carveout_terms["effect"] == "exempt", "carveout"]
        shares = ds.carveout_shares
        rows = shares["carveout"].isin(data.draw(st.sets(st.sampled_from(sorted(set(exempt))), min_size=1)))
        raised = shares["share"].mask(rows, 1 - (1 - shares["share"]) * data.draw(st.floats(0, 1)))
        changed = replace(ds, carveout_shares=shares.assign(share=raised))
    else:
        term = ds.group_terms.iloc[[0]].assign(
            group=data.draw(st.sampled_from(sorted(set(ds.import_groups["group"])))),
            effect="not_charged",
            layer=data.draw(st.sampled_from(["reciprocal", "fentanyl", "s122"])),
            product="",
        )
        changed = replace(ds, group_terms=pd.concat([ds.group_terms, term], ignore_index=True))
    assert (effective(changed) <= before + 1e-9).all()


@pytest.mark.living
def test_every_layer_and_product_has_its_groups_or_is_a_known_omission() -> None:
    ds = tradeviz.load()
    charged = ds.group_terms[ds.group_terms["effect"].isin(["charged", "charged_beside"])]
    listed = set(zip(charged["layer"], charged["product"], strict=True))
    only = ds.carveout_terms[ds.carveout_terms["effect"] == "only"]
    listed |= set(zip(only["layer"], only["product"], strict=True))
    omitted = set(zip(ds.omissions["layer"], ds.omissions["product"], strict=True))
    layers = {layer for layer, _ in listed}
    for layer, product in set(zip(ds.tariffs["layer"], ds.tariffs["product"], strict=True)):
        whole = layer in tradeviz.vocabulary.HEADLINE_LAYERS and (
            not product or product in tradeviz.vocabulary.WHOLE_ECONOMY_PROGRAMMES
        )
        threatened_whole = not product and layer in layers
        assert whole or (layer, product) in listed | omitted or threatened_whole or layer == "retaliation", (
            f"{layer} {product}: add its group to group_terms, or a row to omissions"
        )
    known_series = set(zip(ds.tariffs["layer"], ds.tariffs["product"], strict=True))
    assert listed | omitted <= known_series


def test_ours_lies_near_what_customs_charged() -> None:
    ds = known("2026-09-30")
    panel = rates.effective_panel(ds, "2025-12-01", "2026-08-31", known="then")
    for code in split("EUU;JPN;CHE;GBR;CHN;KHM;BGD;IDN"):
        months = rates.charged(ds, code).set_index("month")["charged_pct"]
        for month in pd.period_range("2025-12", "2026-07", freq="M"):
            if str(month) == "2026-02":  # the ruling and the surcharge fall within it
                continue
            first = month.start_time
            ours = panel.loc[[first + pd.Timedelta(days=7), first + pd.Timedelta(days=21)], code].mean()
            assert abs(ours - months[first]) < 3.5, (code, str(month), ours, months[first])


def test_the_panel_then_is_what_each_day_knew() -> None:
    ds = known("2026-09-30")
    panel = rates.effective_panel(ds, "2025-04-01", "2025-04-14", known="then")
    for day in ("2025-04-02", "2025-04-10", "2025-04-11", "2025-04-14"):
        pd.testing.assert_series_equal(panel.loc[day], effective(known(day)), check_names=False)
    assert list(panel.columns) == list(ds.partners["partner"])


def test_the_panel_now_knows_what_was_made_retroactive() -> None:
    ds = known("2026-09-30")
    span = ("2025-11-10", "2025-12-20")
    then, now = (rates.effective_panel(ds, *span, known=one)["CHE"] for one in ("then", "now"))
    apart = then[(then - now).abs() > 1]
    assert (f"{apart.index[0]:%Y-%m-%d}", f"{apart.index[-1]:%Y-%m-%d}", len(apart)) == (
        "2025-11-14",
        "2025-12-16",
        33,
    )
    pd.testing.assert_series_equal(
        now.loc[["2025-12-01"]],
        effective(ds, "2025-12-01")[["CHE"]],
        check_index=False,
        check_names=False,
        check_freq=False,
    )


def test_a_list_cleared_up_later_counts_from_the_day_it_was_known() -> None:
    # The memorandum of 11 April 2025 spared electronics from 5 April on.
    before, after = known("2025-04-10"), known("2025-04-14")
    assert effective(after, "2025-04-07")["TWN"] < effective(before, "2025-04-07")["TWN"] - 5


def test_averages_say_what_they_cover() -> None:
    ds = known("2026-09-30")
    eighteen, everyone = rates.average(ds, ds.reciprocal).iloc[0], rates.average(ds).iloc[0]
    assert (eighteen["n_partners"], everyone["n_partners"]) == (18, 20)
    assert 0.55 < eighteen["share_of_us_imports"] < everyone["share_of_us_imports"] < 0.95
    imports = ds.import_groups.groupby("partner")["imports_2024_usd_mn"].sum()
    ours = effective(ds)
    by_hand = (ours * imports).sum() / imports.sum()
    assert everyone["effective_pct"] == pytest.approx(by_hand)
    assert rates.average(ds, ["KOR"]).iloc[0]["effective_pct"] == pytest.approx(ours["KOR"])
    equal = rates.average(ds, ["KOR", "JPN"], weights="equal").iloc[0]["effective_pct"]
    assert equal == pytest.approx((ours["KOR"] + ours["JPN"]) / 2)
    own = rates.average(ds, ["KOR", "JPN"], weights={"KOR": 3, "JPN": 1}).iloc[0]["effective_pct"]
    assert own == pytest.approx((3 * ours["KOR"] + ours["JPN"]) / 4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda ds: rates.effective(ds, partner="XXX"), 'partner "XXX" is unknown'),
        (lambda ds: rates.effective_panel(ds, "2025-05-01", "2025-04-01"), "swap them"),
        (lambda ds: rates.effective_panel(ds, "2025-05-01", "2027-01-01", "then"), 'use known="now"'),
        (
            lambda ds: rates.effective_panel(ds, "2025-05-01", "2025-05-02", "later"),
            'neither "now" nor "then"',
        ),
        (lambda ds: rates.average(ds, []), "at least one partner"),
        (lambda ds: rates.average(ds, ["KOR", "KOR"]), "none twice"),
        (lambda ds: rates.average(ds, weights="gdp"), 'weights "gdp" are unknown'),
        (lambda ds: rates.average(ds, ["KOR"], weights={"JPN": 1}), "a number for every partner"),
        (lambda ds: rates.charged(ds, "XXX"), 'partner "XXX" is unknown'),
    ],
)
def test_what_cannot_be_asked_is_refused(call: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        call(known("2025-06-01"))  # type: ignore[operator]


@pytest.mark.parametrize("day", DAYS)
def test_a_second_formula_in_plain_python_gives_the_same(day: str) -> None:
    frame = rates.effective(known(day)).set_index("partner")["added_pct"]
    for code, ours in frame.items():
        assert ours == pytest.approx(recomputed.added(str(code), day, day), abs=1e-9)


def test_the_benchmark_sets_each_day_as_known_then_beside_what_was_published() -> None:
    ds = known("2026-09-30")
    frame = evidence.benchmark(ds)
    assert set(frame["publisher"]) == {"The Budget Lab at Yale", "M. E. Waugh"}
    for row in frame[frame["partner"] == "CHE"].itertuples():
        ours = effective(known(f"{row.on:%Y-%m-%d}"))["CHE"]
        assert row.effective_pct == pytest.approx(ours)
        assert row.difference_pp == pytest.approx(ours - row.published_pct)
    assert (frame["reason"] != "").all()
    page = tables.benchmark(ds, frame).as_raw_html()
    assert "Switzerland" in page
    assert evidence.benchmark(known("2026-06-28")).empty


def test_no_rate_reads_the_older_duties_which_every_base_holds() -> None:
    ds = known("2026-09-30")
    without = replace(ds, older_duties=ds.older_duties.iloc[:0])
    dearer = replace(ds, older_duties=ds.older_duties.assign(rate_pct=400.0))
    for one in (without, dearer):
        pd.testing.assert_frame_equal(rates.effective(one), rates.effective(ds))
        pd.testing.assert_frame_equal(rates.headline(one), rates.headline(ds))
        pd.testing.assert_frame_equal(rates.in_force(one), rates.in_force(ds))
        pd.testing.assert_frame_equal(rates.highest_rates(one), rates.highest_rates(ds))
    lists = rates.older_duties(ds, "CHN").set_index("product")["rate_pct"]
    assert lists[["List 1", "List 3", "List 4A", "electric vehicles"]].tolist() == [25, 25, 7.5, 100]
    assert rates.older_duties(ds, "CHN", "2019-01-01").set_index("product")["rate_pct"]["List 3"] == 10
    assert rates.older_duties(ds, "KOR").empty
