"""Rates day by day: as known now or then, long and wide, and as files."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from known import known
from tradeviz import rates
from tradeviz.cli import app
from tradeviz.errors import UsageError

KEYS = ["partner", "layer", "product"]


def test_all_series_start_on_the_first_day() -> None:
    days = rates.panel(known("2025-04-25"), "2025-01-20", "2025-04-25", partner="KOR")
    assert set(days.groupby(KEYS)["date"].agg(["min", "size"]).itertuples(index=False, name=None)) == {
        (pd.Timestamp("2025-01-20"), 96)
    }
    assert set(days.loc[days["date"] == "2025-01-20", "rate_pct"]) == {0.0}


@pytest.mark.parametrize("day", ["2025-04-09", "2025-08-07"])
def test_a_day_of_the_panel_known_then_is_what_that_evening_knew(day: str) -> None:
    panel = rates.panel(known("2025-08-31"), "2025-04-08", "2025-08-10", "reciprocal", known="then")
    found = panel[(panel["date"] == day) & (panel["rate_pct"] != 0)].set_index(KEYS)[["rate_pct", "basis"]]
    evening = rates.in_force(known(day), layer="reciprocal").set_index(KEYS)[["rate_pct", "basis"]]
    pd.testing.assert_frame_equal(found, evening[evening["rate_pct"] != 0])


def test_then_and_now_differ_where_an_order_was_made_retroactive() -> None:
    ds = known("2026-01-15")
    then, now = (
        rates.panel(ds, "2025-11-20", "2025-11-20", "reciprocal", "KOR", known=one)["rate_pct"].iloc[0]
        for one in ("then", "now")
    )
    assert rates.in_force(known("2025-11-20"), partner="KOR", layer="reciprocal")["rate_pct"].iloc[0] == then
    assert rates.in_force(ds, "2025-11-20", "KOR", "reciprocal")["rate_pct"].iloc[0] == now


def test_a_wide_table_holds_one_basis() -> None:
    ds = known("2026-01-15")
    with pytest.raises(UsageError, match="converted=True"):
        rates.panel(ds, "2025-12-01", "2025-12-02", "reciprocal", wide=True)
    added = rates.panel(ds, "2025-12-01", "2025-12-02", "reciprocal", wide=True, converted=True)
    japan = added["JPN", "reciprocal", ""].iloc[0]
    assert japan == pytest.approx(15 - rates.base_rates(ds)["JPN"])


def printed(*words: object) -> str:
    asked = [
        "panel",
        "--start",
        "2025-04-08",
        "--end",
        "2025-04-10",
        "--as-of",
        "2025-04-25",
        *map(str, words),
    ]
    result = CliRunner().invoke(app, asked)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_the_command_prints_what_the_library_gives() -> None:
    found = pd.read_csv(io.StringIO(printed("--partner", "KOR")))
    expected = rates.effective_panel(known("2025-04-25"), "2025-04-08", "2025-04-10")["KOR"]
    assert list(found) == ["date", "partner", "effective_pct"]
    assert found["effective_pct"].tolist() == pytest.approx(expected.tolist())


def test_the_command_writes_files_for_stata_and_parquet(tmp_path: Path) -> None:
    asked = ["--partner", "KOR", "--measure", "statutory", "--out"]
    assert "rows to" in printed(*asked, tmp_path / "panel.dta", "--format", "dta")
    assert "rows to" in printed(*asked, tmp_path / "panel.parquet", "--format", "parquet")
    stata, parquet = pd.read_stata(tmp_path / "panel.dta"), pd.read_parquet(tmp_path / "panel.parquet")
    assert list(stata) == list(parquet) == ["date", *KEYS, "rate_pct", "basis", "added_pct"]
    assert set(stata["partner"]) == {"KOR"}
    assert stata["rate_pct"].tolist() == parquet["rate_pct"].tolist()


def test_what_is_no_text_needs_a_file() -> None:
    result = CliRunner().invoke(app, ["panel", "--start", "2025-04-08", "--format", "dta"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--out panel.dta" in result.stderr
