"""Loading: the cut at a day, and what the frames hold."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import tradeviz
from tradeviz.data import data_dir, load_tables, valid
from tradeviz.errors import DataError, RecordEndsWarning, UsageError


def test_as_of_defaults_to_the_last_covered_day() -> None:
    ds = tradeviz.load()
    assert ds.as_of == ds.coverage_end == ds.coverage["through"].max()
    assert tradeviz.load("").as_of == ds.as_of


def test_a_later_day_is_allowed_and_adds_nothing() -> None:
    with pytest.warns(RecordEndsWarning):
        later = tradeviz.load("2027-01-01")
    assert later.as_of == pd.Timestamp("2027-01-01")
    assert len(later.tariffs) == len(tradeviz.load().tariffs)


@pytest.mark.parametrize(
    ("day", "said"),
    [("2024-12-31", "before the first fact"), ("tomorrow", "not a date"), ("2025-02-30", "not a date")],
)
def test_a_bad_day_is_one_clear_message(day: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as error:
        tradeviz.load(day)
    assert "\n" not in str(error.value)


def test_korea_on_25_april_2025_as_a_reader_of_that_evening_knew_it() -> None:
    ds = tradeviz.load("2025-04-25")
    met = ds.meetings.set_index("meeting_id").loc["kor-2025-04-24-m1"]
    assert "July Package" in met["outcome"]
    assert met["next_step_due"] == pd.Timestamp("2025-07-08")
    korea = ds.tariffs[ds.tariffs["partner"] == "KOR"]
    assert 15 not in set(korea["rate_pct"])
    assert set(korea["announced"].dt.strftime("%Y-%m-%d")) <= {"2025-04-02", "2025-04-09"}


def test_columns_of_hindsight_are_left_out() -> None:
    ds = tradeviz.load()
    for name in ("meetings", "milestones", "tariffs", "issues", "commitments", "events"):
        assert "hindsight" not in getattr(ds, name)
    assert "note" not in ds.tariffs


def test_missing_text_is_empty_and_missing_days_are_nat() -> None:
    ds = tradeviz.load()
    for name in ("meetings", "tariffs", "commitments", "sources"):
        frame = getattr(ds, name)
        assert not frame.select_dtypes("str").isna().any().any()
    assert ds.tariffs["effective"].isna().any()
    assert ds.commitments["amount_usd_bn"].dtype == "float64"


def test_trade_figures_appear_on_the_day_they_came_out() -> None:
    assert tradeviz.load("2025-11-18").trade_monthly["month"].max() == pd.Timestamp("2025-07-01")
    assert tradeviz.load("2025-11-19").trade_monthly["month"].max() == pd.Timestamp("2025-08-01")


def test_a_year_of_trade_is_known_from_mid_march_of_the_next() -> None:
    assert tradeviz.load("2025-03-14").trade_annual.empty
    assert set(tradeviz.load("2025-03-15").trade_annual["year"]) == {2024}


def test_a_source_that_was_read_later_does_not_say_when() -> None:
    tables = load_tables()
    read = tables.frames["sources"].dropna(subset="accessed").set_index("source_id")["accessed"]
    day = read.min()
    before, on = (tables.at(one).sources.set_index("source_id") for one in (day - pd.Timedelta(days=1), day))
    assert before["accessed"].isna().all()
    assert on["accessed"].dropna().tolist() == [day] * int(read[read == day].index.isin(on.index).sum())
    assert on["accessed"].notna().any()


def test_titles_of_sources_published_later_are_withheld() -> None:
    ds = tradeviz.load("2025-04-25")
    later = ds.sources[ds.sources["published_later"]]
    assert len(later) > 0
    assert (later["title"] == "").all()
    dated = ds.sources[ds.sources["published"] > ds.as_of]
    assert dated["published_later"].all()
    now = tradeviz.load()
    later = now.sources[now.sources["published_later"]]
    assert (later["published"] > now.as_of).all()  # found after the last day that the facts reach to


def test_the_hash_follows_what_is_visible() -> None:
    assert tradeviz.load("2025-04-25").data_hash() == tradeviz.load("2025-04-25").data_hash()
    assert tradeviz.load("2025-04-24").data_hash() != tradeviz.load("2025-04-25").data_hash()


def test_partner_order_and_names() -> None:
    ds = tradeviz.load()
    assert len(ds.reciprocal) == 18
    assert ds.border == ["CAN", "MEX"]
    assert ds.name("KOR") == "South Korea"
    with pytest.raises(UsageError, match=r'"ZZZ" is unknown; use one of CHN'):
        ds.partner("ZZZ")


# Tables that are kept


def test_tables_are_validated_once_and_again_when_a_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(data_dir(), tmp_path / "data"))
    runs: list[int] = []
    whole = valid.problems_across
    monkeypatch.setattr(valid, "problems_across", lambda tables: runs.append(len(tables)) or whole(tables))
    partners = folder / "partners.csv"
    text = partners.read_text(encoding="utf-8")
    partners.write_text(text.replace("South Korea", "Republic of Korea"), encoding="utf-8")
    first, again = load_tables(folder), load_tables(folder)
    assert len(runs) == 1
    assert all(again.frames[name].equals(frame) for name, frame in first.frames.items())
    partners.write_text(text.replace("South Korea", "South Korea,", 1), encoding="utf-8")
    with pytest.raises(DataError):
        load_tables(folder)
    partners.write_text(text, encoding="utf-8")
    assert tradeviz.load(data=folder).name("KOR") == "South Korea"


def test_what_a_caller_does_to_the_tables_is_his_own_affair() -> None:
    before = tradeviz.load().data_hash()
    tables = load_tables()
    tables.frames["tariffs"].loc[:, "rate_pct"] = -1.0
    tables.frames.pop("meetings")
    seen = tradeviz.load()
    seen.tariffs.loc[:, "rate_pct"] = -1.0
    assert tradeviz.load().data_hash() == before


def test_names_are_the_short_names_by_code_in_partner_order() -> None:
    ds = tradeviz.load()
    assert list(ds.names) == list(ds.partners["partner"])
    assert ds.names["KOR"] == ds.name("KOR") == "South Korea"
