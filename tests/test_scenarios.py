"""What if: orders added or taken out, everything computed from them, and the mark that they leave."""

from __future__ import annotations

import csv
import gc
import io
import weakref
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from known import known
from tradeviz import exposure, rates, talks
from tradeviz.cli import app
from tradeviz.errors import ScenarioError, UsageError

HEAD = "partner,layer,effective,rate_pct"
LAST = "2026-09-30"
AUSTRALIA = pd.DataFrame(
    [{"partner": "AUS", "layer": "reciprocal", "effective": pd.Timestamp("2026-12-01"), "rate_pct": 20}]
)


def told(*words: object) -> Result:
    return CliRunner(env={"COLUMNS": "180"}).invoke(app, [str(word) for word in words])


def written(folder: Path, *lines: str, name: str = "what-if.csv") -> Path:
    file = folder / name
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def test_a_scenario_of_no_rows_changes_the_stamp_alone(tmp_path: Path) -> None:
    ds = known(LAST)
    supposed = ds.with_orders(AUSTRALIA.iloc[:0], "nothing")
    assert supposed.scenario == "nothing"
    pd.testing.assert_frame_equal(rates.schedules(supposed), rates.schedules(ds))
    asked = ["rates", "--partner", "KOR", "--format", "csv"]
    record = list(csv.DictReader(io.StringIO(told(*asked).stdout)))
    scenario = told(*asked, "--scenario", written(tmp_path, HEAD))
    assert scenario.stderr == ""
    stamped = [row | {"scenario": "what-if"} for row in record]
    assert list(csv.DictReader(io.StringIO(scenario.stdout))) == stamped


def test_an_order_on_a_new_partner_is_in_force_and_what_is_lacking_is_not_known() -> None:
    ds = known(LAST).with_orders(AUSTRALIA, "australia-20")
    due = rates.cliffs(ds, "AUS", "reciprocal")
    assert due["rate_pct"].tolist() == [20]
    assert due["order_id"].tolist() == ["australia-20"]
    assert rates.effective(ds, "2026-12-01", "AUS")["effective_pct"].isna().all()
    assert rates.at_stake(ds, due)["known"].tolist() == ["no"]
    assert set(rates.in_force_at_stake(ds, "2026-12-01", "AUS")["known"]) == {"no"}
    assert talks.stages(ds).set_index("partner").loc["AUS", "stage"] == ""
    assert ds.reciprocal == known(LAST).reciprocal


def test_a_scenario_compares_with_the_record() -> None:
    ds = known(LAST)
    found = rates.compare(ds, ds.with_orders(AUSTRALIA, "australia-20"), "AUS")
    own = found[found["layer"] == "reciprocal"]
    assert own[["to_rate_pct", "to_order_id"]].to_numpy().tolist() == [[20, "australia-20"]]


def test_the_record_is_left_as_it_was() -> None:
    ds = known(LAST)
    before = ds.data_hash()
    assert ds.with_orders(AUSTRALIA, "australia-20").data_hash() != before
    assert ds.without_order("eo-14329").data_hash() != before
    assert (ds.data_hash(), ds.scenario) == (before, "")


def test_a_data_set_beside_itself_is_let_go_when_nobody_needs_it() -> None:
    ds = known("2025-04-25").for_partner("KOR")
    exposure.scenarios(ds, ds)
    gone = weakref.ref(ds)
    del ds
    gc.collect()
    assert gone() is None


def test_scenarios_upon_scenarios_name_all() -> None:
    both = known(LAST).with_orders(AUSTRALIA, "australia-20").without_order("eo-14329")
    assert both.scenario == "australia-20; without eo-14329"


def test_what_nobody_replaced_leaves_only_its_own_span() -> None:
    ds = known(LAST)
    columns = ["partner", "layer", "product", "effective", "rate_pct", "basis", "order_id"]
    steps = rates.schedules(ds)[columns]
    last = steps.groupby(columns[:3], sort=False).tail(1)
    replaced = set(steps["order_id"]) - set(last["order_id"])
    replaced |= {key for key, own in steps.drop(last.index).groupby("order_id") if not own.empty}
    alone = [key for key in last["order_id"].unique() if key not in replaced]
    assert len(alone) > 5
    for order_id in alone:
        without = rates.schedules(ds.without_order(order_id))[columns]
        others = steps[steps["order_id"] != order_id].merge(without, how="outer", indicator=True)
        first = steps[steps["order_id"] == order_id].set_index(columns[:3])["effective"]
        for row in others[others["_merge"] != "both"].itertuples():
            assert row.effective >= first[row.partner, row.layer, row.product]


def test_an_order_that_there_is_not_cannot_be_taken_out() -> None:
    with pytest.raises(UsageError, match="not on record by 2025-04-25"):
        known("2025-04-25").without_order("eo-14329")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([HEAD, "KOR,reciprocal,2026-12-41,20"], 'what-if.csv:2 effective: "2026-12-41" is not a date'),
        ([HEAD, "KOR,reciprocal,,20"], "what-if.csv:2 effective: is empty"),
        ([HEAD, "KOR,recip,2026-12-01,20"], 'what-if.csv:2 layer: "recip" is not one of reciprocal'),
        ([HEAD, "KOR,reciprocal,2026-12-01,20", "KOR,s122,2026-12-01,20%"], "what-if.csv:3 rate_pct"),
        ([HEAD, "Korea,reciprocal,2026-12-01,20"], "what-if.csv:2 partner"),
        ([HEAD, "USA,reciprocal,2026-12-01,20"], "what-if.csv:2 partner: is no partner"),
        ([HEAD, "KOR,reciprocal,2026-12-01"], "what-if.csv:2 has three cells instead of 4"),
        ([f"{HEAD},basis", "KOR,fentanyl,2026-12-01,20,all_in"], "what-if.csv:2 basis"),
        ([f"{HEAD},announced", "KOR,s122,2026-12-01,20,2026-11-01"], "what-if.csv:2 announced: lies after"),
        (
            [f"{HEAD},order_id", "KOR,s122,2026-12-01,20,eo-14329"],
            "what-if.csv:2 order_id: is an order of the record",
        ),
        ([HEAD, "KOR,s122,2026-12-01,20", "KOR,s122,2026-12-01,25"], "what-if.csv:3 order_id"),
        (["partner,layer,effective", "KOR,s122,2026-12-01"], "what-if.csv:1 rate_pct: the column is missing"),
        ([f"{HEAD},note", "KOR,s122,2026-12-01,20,x"], "what-if.csv:1 note: is no column of a scenario"),
    ],
)
def test_a_wrong_cell_is_named_by_file_line_and_column(lines: list[str], said: str, tmp_path: Path) -> None:
    result = told("rates", "--scenario", written(tmp_path, *lines))
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_frame_is_held_to_the_same_rules() -> None:
    with pytest.raises(ScenarioError, match=r"frame:1 layer"):
        known(LAST).with_orders(AUSTRALIA.assign(layer="recip"))
    with pytest.raises(UsageError, match="no identifier"):
        known(LAST).with_orders(AUSTRALIA, "My Scenario")


def test_a_scenario_is_a_csv_file_that_is_there(tmp_path: Path) -> None:
    assert "what-if.csv cannot be read" in told("rates", "--scenario", tmp_path / "what-if.csv").stderr
    assert "no CSV file" in told("rates", "--scenario", tmp_path).stderr
    assert "no identifier" in told("rates", "--scenario", written(tmp_path, HEAD, name="What If.csv")).stderr


def test_commands_say_that_they_tell_a_scenario_and_what_the_record_lacks(tmp_path: Path) -> None:
    file = written(tmp_path, HEAD, "AUS,reciprocal,2026-12-01,20", name="australia-20.csv")
    status = told("status", "--partner", "AUS", "--scenario", file)
    assert "scenario australia-20, not the record" in status.stdout
    assert "1 December 2026: reciprocal to 20%" in status.stdout
    assert "The record has no partner AUS" in status.stderr
    late = told("status", "--partner", "AUS", "--as-of", "2026-12-31", "--scenario", file)
    assert (late.exit_code, late.stderr) == (0, status.stderr)
    paper = told("rates", "--partner", "AUS", "--on", "2026-12-01", "--scenario", file, "--format", "latex")
    assert "scenario australia-20, not the record" in paper.stdout


def test_commands_say_that_the_trade_in_some_goods_is_not_known(tmp_path: Path) -> None:
    file = written(tmp_path, f"{HEAD},product", "KOR,country_special,2026-09-01,25,toys", name="toys.csv")
    for command in ("status", "rates"):
        ran = told(command, "--partner", "KOR", "--scenario", file)
        assert ran.exit_code == 0
        assert "(toys) would reach is not known for South Korea" in ran.stderr
        assert ran.stderr.count("\n") == 1


def test_an_order_on_a_whole_sector_sets_each_product_that_has_a_rate() -> None:
    order = {"partner": "KOR", "layer": "s232_steel_aluminum", "effective": LAST, "rate_pct": 5}
    rows = pd.DataFrame([order, {**order, "product": "metals", "rate_pct": 7}])
    ds = known(LAST)
    before = rates.in_force(ds, partner="KOR", layer="s232_steel_aluminum").set_index("product")["rate_pct"]
    after = rates.in_force(ds.with_orders(rows, "steel-5"), partner="KOR", layer="s232_steel_aluminum")
    after = after.set_index("product")["rate_pct"]
    assert len(before) > 2
    assert after.to_dict() == {**dict.fromkeys(before.index, 5), "metals": 7}
    points = rates.effective(ds.with_orders(rows, "steel-5"), partner="KOR")["effective_pct"]
    assert points.iloc[0] < rates.effective(ds, partner="KOR")["effective_pct"].iloc[0]


def test_the_status_of_one_partner_has_one_row() -> None:
    printed = csv.DictReader(io.StringIO(told("status", "--partner", "KOR", "--format", "csv").stdout))
    assert [row["partner"] for row in printed] == ["KOR"]
