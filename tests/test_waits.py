"""The two waits as curves and medians, and silence with the reach of the record, against plain code."""

from __future__ import annotations

import dataclasses
import math
from datetime import date

import pandas as pd
import pytest

from known import known
from tests.oracle.tables import rows
from tradeviz.talks import tempo, waits

DAYS = ["2025-01-25", "2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30"]


def with_milestones(pairs: list[tuple[str, str, str]], as_of: str = "2025-12-31") -> tuple:
    """The curves and medians when the milestones of scope deal are these (partner, day, stage)."""
    ds = known(as_of)
    frame = pd.DataFrame(pairs, columns=["partner", "date", "stage"]).assign(scope="deal")
    frame = frame.reindex(columns=ds.milestones.columns).astype({"date": "datetime64[us]"})
    changed = dataclasses.replace(ds, milestones=frame)
    return waits.survival_curves(changed), waits.medians(changed)


def test_a_curve_with_censoring_by_hand() -> None:
    opened = [(code, "2025-12-01", "talks_opened") for code in ("CHN", "EUU", "JPN", "KOR")]
    # JPN's clock starts later and is cut off after 5 days, between the two events of days 4 and 10.
    opened[2] = ("JPN", "2025-12-26", "talks_opened")
    reached = [("CHN", "2025-12-05", "framework_announced"), ("EUU", "2025-12-11", "framework_announced")]
    curves, middle = with_milestones(opened + reached)
    own = curves[curves["question"] == "talks opened to framework announced"]
    # S(4) = 3/4; day 5 censored, curve unchanged; S(10) = 3/4 * 1/2; KOR is cut off after 30 days.
    assert own["days"].tolist() == [0, 4, 5, 10, 30]
    assert own["reached_share"].tolist() == pytest.approx([0, 0.25, 0.25, 0.625, 0.625])
    assert own["at_risk"].tolist() == [4, 4, 3, 2, 1]
    assert own["events"].tolist() == [0, 1, 0, 1, 0]
    assert own["censored"].tolist() == [0, 0, 1, 0, 1]
    assert own["lower"].iloc[2] == own["lower"].iloc[1] > 0
    first = middle.iloc[0]
    assert (first["n"], first["reached"], first["censored"]) == (4, 2, 2)
    assert (first["median_days"], first["at_risk"]) == (10, 2)
    # Greenwood at day 4: 1/(4*3); the upper limit passes one half there: 1 - 0.75**exp(+...) >= 0.5.
    spread = 1.959964 * math.sqrt(1 / 12) / abs(math.log(0.75))
    upper = 1 - 0.75 ** math.exp(spread)
    assert own["upper"].iloc[1] == pytest.approx(upper, abs=1e-6)
    assert (first["lower_days"] == 4) == (upper >= 0.5)
    assert math.isnan(first["upper_days"])


def test_day_zero_is_counted() -> None:
    pairs = [("CHN", "2025-12-01", "framework_announced"), ("CHN", "2025-12-01", "text_published")]
    curves, middle = with_milestones(pairs)
    assert curves["question"].unique().tolist() == ["framework announced to text published"]
    assert middle[["n", "day_zero", "reached", "censored"]].to_numpy().tolist() == [[1, 1, 1, 0]]


@pytest.mark.parametrize("as_of", DAYS)
def test_curves_and_medians_agree_with_the_waits(as_of: str) -> None:
    ds = known(as_of)
    lengths, curves, middle = waits.waits(ds), waits.survival_curves(ds), waits.medians(ds)
    assert curves["question"].unique().tolist() == middle["question"].tolist()
    for row in middle.itertuples():
        own = lengths[lengths["question"] == row.question]
        curve = curves[curves["question"] == row.question]
        assert (curve["events"].sum(), curve["censored"].sum()) == (row.reached, row.censored)
        assert (len(own), own["observed"].sum(), own["day_zero"].sum()) == (row.n, row.reached, row.day_zero)
        assert curve["days"].max() == own["days"].max()
        assert (own["end"] <= ds.as_of).all()
    assert (lengths["record_through"] <= ds.as_of).all()


def test_before_the_first_meeting_all_is_empty() -> None:
    ds = known("2025-01-25")
    frames = [waits.waits(ds), waits.survival_curves(ds), waits.medians(ds), tempo.silence(ds)]
    assert all(frame.empty and len(frame.columns) > 3 for frame in frames)


@pytest.mark.parametrize("as_of", DAYS[1:])
def test_silence_agrees_with_plain_code(as_of: str) -> None:
    ds, today = known(as_of), date.fromisoformat(as_of)
    through = {row["partner"]: row["through"] for row in rows("coverage") if row["table"] == "meetings"}
    last: dict[str, str] = {}
    for row in rows("meetings"):
        if row["start_date"] <= as_of and row["format"] != "letter":
            last[row["partner"]] = max(last.get(row["partner"], ""), min(row["end_date"], as_of))
    frame = tempo.silence(ds).set_index("partner")
    assert sorted(frame.index) == sorted(ds.partners["partner"])
    for code, row in frame.iterrows():
        if code not in last:
            assert row["days_since"] == -1
            continue
        assert row["days_since"] == (today - date.fromisoformat(last[code])).days
        end = min(max(through[code], last[code]), as_of)
        assert row["uncovered_days"] == (today - date.fromisoformat(end)).days
        assert row["uncovered_days"] <= row["days_since"]
    for codes in (ds.reciprocal, ds.border):
        assert frame.loc[frame.index.isin(codes), "days_since"].is_monotonic_decreasing
    assert frame.index[-2:].isin(ds.border).all()


def test_months_say_for_how_many_partners_the_record_reaches_their_end() -> None:
    ds = known("2026-02-21")
    frame = tempo.meetings_per_month(ds)
    ends = [row["through"] for row in rows("coverage") if row["table"] == "meetings"]
    codes = [row["partner"] for row in rows("coverage") if row["table"] == "meetings"]
    own = [end for code, end in zip(codes, ends, strict=True) if code in ds.reciprocal]
    for month, day in (("2025-07", "2025-07-31"), ("2025-11", "2025-11-30"), ("2026-02", "2026-02-21")):
        found = frame.loc[frame["month"] == f"{month}-01", "covered"].unique().tolist()
        assert found == [sum(end >= day for end in own)]
