"""Evidence: counts, shares, ages and gaps, against plain csv code and small cases."""

from __future__ import annotations

import dataclasses
import html
import math

import pandas as pd
import pytest

from known import known as load
from tests.oracle.tables import rows
from tests.some import some_of
from tradeviz import evidence, tables
from tradeviz.frames import records

DAYS = some_of("2025-01-21", "2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30")
KNOWN = {"meetings": "start_date", "tariffs": "announced", "commitments": "announced"}


def known(table: str, as_of: str) -> list[dict[str, str]]:
    return [row for row in rows(table) if row[KNOWN.get(table, "date")] <= as_of]


@pytest.mark.parametrize("as_of", DAYS)
def test_rows_are_counted_once(as_of: str) -> None:
    frame = evidence.rows_by(load(as_of))
    for table in ("meetings", "milestones", "tariffs", "issues", "commitments", "commitment_status"):
        assert frame.loc[frame["table"] == table, "rows"].sum() == len(known(table, as_of))
    korea = frame[(frame["table"] == "issues") & (frame["partner"] == "KOR")]
    assert korea["rows"].sum() == sum(row["partner"] == "KOR" for row in known("issues", as_of))
    assert (frame["month"].dt.day == 1).all()


@pytest.mark.parametrize("as_of", DAYS)
def test_shares_of_sources(as_of: str) -> None:
    frame = evidence.source_shares(load(as_of)).set_index("table")
    primary = {row["source_id"] for row in rows("sources") if row["kind"] == "primary"}
    for table in ("meetings", "milestones", "tariffs", "issues"):
        cited = [set(row["source_ids"].split(";")) for row in known(table, as_of)]
        assert frame.loc[table, "rows"] == len(cited)
        if cited:
            share = sum(bool(ids & primary) for ids in cited) / len(cited)
            assert frame.loc[table, "with_primary_share"] == pytest.approx(share)
            single = sum(len(ids) == 1 for ids in cited) / len(cited)
            assert frame.loc[table, "single_source_share"] == pytest.approx(single)
        else:
            assert math.isnan(frame.loc[table, "with_primary_share"])


@pytest.mark.parametrize("as_of", DAYS)
def test_single_sourced_rows_name_their_source(as_of: str) -> None:
    frame = evidence.single_sourced(load(as_of))
    for table in (
        "meetings",
        "milestones",
        "tariffs",
        "issues",
        "commitments",
        "commitment_status",
        "events",
    ):
        single = [row for row in known(table, as_of) if ";" not in row["source_ids"]]
        assert frame.loc[frame["table"] == table, "source_id"].tolist() == [r["source_ids"] for r in single]
    assert (frame["publisher"] != "").all()
    assert frame["kind"].isin(["primary", "news", "analysis"]).all()


@pytest.mark.parametrize("as_of", DAYS)
def test_the_last_evidence_is_the_latest_row(as_of: str) -> None:
    ds = load(as_of)
    frame = evidence.last_evidence(ds).set_index(["partner", "kind"])
    for code in ds.partners["partner"]:
        for table, kind in {"meetings": "meeting", "milestones": "milestone", "issues": "issue"}.items():
            own = [row[KNOWN.get(table, "date")] for row in known(table, as_of) if row["partner"] == code]
            last = frame.loc[(code, kind)]
            if own:
                assert last["last"] == pd.Timestamp(max(own))
                assert last["age_days"] == (ds.as_of - pd.Timestamp(max(own))).days
            else:
                assert pd.isna(last["last"])
                assert math.isnan(last["age_days"])


def test_an_issue_row_that_tells_an_order_again_is_no_fact_about_the_talks() -> None:
    frame = evidence.last_evidence(load("2026-09-30")).set_index(["partner", "kind"])["last"]
    # The Section 301 notice of 23 July 2026 has issue rows; the talks' own last facts are older.
    assert frame["TWN", "issue"] == pd.Timestamp("2026-07-23")
    assert frame["TWN", "talks"] == pd.Timestamp("2026-06-02")
    assert frame["CHE", "talks"] == pd.Timestamp("2026-06-05")


def test_gaps_by_hand() -> None:
    ds = load("2025-08-07")
    empty = {
        name: getattr(ds, name).iloc[:0]
        for name in ("meetings", "issues", "commitments", "commitment_status")
    }
    made = ds.milestones.iloc[:2].assign(partner="KOR", scope="deal")
    made["date"] = pd.to_datetime(["2025-02-27", "2025-05-01"]).astype("datetime64[us]")
    frame = evidence.gaps(dataclasses.replace(ds, milestones=made, **empty))
    # Facts in February and May: March and April are a gap of two, June and July (the last whole
    # month by 7 August) another that is still open.
    found = [
        (f"{row.first_month:%Y-%m}", f"{row.last_month:%Y-%m}", row.months, row.still_open)
        for row in frame.itertuples()
    ]
    assert found == [("2025-03", "2025-04", 2, False), ("2025-06", "2025-07", 2, True)]


def test_no_gaps_before_the_first_fact() -> None:
    assert evidence.gaps(load("2025-01-21")).empty
    assert len(evidence.gaps(load("2025-01-21")).columns) == 5


def test_the_month_of_as_of_counts_once_it_is_over() -> None:
    def months(as_of: str) -> int:
        frame = evidence.gaps(load(as_of))
        return int(frame.loc[(frame["partner"] == "VNM") & frame["still_open"], "months"].iloc[0])

    assert months("2026-09-30") == months("2026-09-29") + 1


def test_the_end_of_each_partners_record_is_told_with_its_reason() -> None:
    ds = load("2026-09-30")
    ends = evidence.record_ends(ds)
    told = {
        (row["partner"], row["table"]): (str(row["through"].date()), row["reason"]) for row in records(ends)
    }
    partners = {row["partner"] for row in rows("partners")}
    assert told == {
        (row["partner"], row["table"]): (row["through"], row["reason"])
        for row in rows("coverage")
        if row["partner"] in partners
    }
    shown = html.unescape(tables.record_ends(ds, ends).as_raw_html())
    assert all(reason in shown for _, reason in told.values())


def test_a_page_that_looks_back_has_no_reasons_of_later() -> None:
    ends = evidence.record_ends(load("2025-04-25"))
    assert set(ends["reason"]) == {""}
    assert set(ends["through"]) == {pd.Timestamp("2025-04-25")}


def test_assumptions_say_the_direction_of_the_bias() -> None:
    frame = evidence.assumptions()
    assert frame["assumption"].is_unique
    assert (frame != "").all(axis=None)
