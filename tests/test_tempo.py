"""Tempo: counts of meetings against plain csv code, durations and survival against sums by hand."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from known import known as load
from tests.oracle.tables import rows
from tradeviz.errors import UsageError
from tradeviz.talks import tempo

DAYS = ["2025-01-21", "2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30"]


def clock(pairs: list[tuple[str, str]], start: str, end: str, as_of: str = "2025-12-31") -> tuple | None:
    """Korea's duration when its milestones of scope deal are these (day, stage) pairs."""
    ds = load(as_of)
    frame = pd.DataFrame(pairs, columns=["date", "stage"]).assign(partner="KOR", scope="deal")
    frame = frame.reindex(columns=ds.milestones.columns).astype({"date": "datetime64[us]"})
    found = tempo.durations(dataclasses.replace(ds, milestones=frame), start, end)
    return None if found.empty else tuple(found.iloc[0][["days", "observed", "day_zero"]])


def lengths(days: list[int], observed: list[bool]) -> pd.DataFrame:
    return pd.DataFrame({"days": days, "observed": observed})


@pytest.mark.parametrize("as_of", DAYS)
def test_meetings_per_month_agree_with_the_table_and_have_no_holes(as_of: str) -> None:
    ds = load(as_of)
    frame = tempo.meetings_per_month(ds)
    counted = Counter(
        (row["start_date"][:7], row["level"])
        for row in rows("meetings")
        if row["start_date"] <= as_of and row["format"] != "letter" and row["partner"] in ds.reciprocal
    )
    assert frame["meetings"].sum() == sum(counted.values())
    assert all(counted[f"{row.month:%Y-%m}", row.level] == row.meetings for row in frame.itertuples())
    if counted:
        first, last = pd.Period(min(month for month, _ in counted), "M"), pd.Period(as_of, "M")
        assert len(frame) == 3 * ((last - first).n + 1)
    else:
        assert frame.empty


def test_the_month_of_as_of_is_complete_only_on_its_last_day() -> None:
    for as_of, complete in (("2025-04-29", False), ("2025-04-30", True)):
        assert bool(tempo.meetings_per_month(load(as_of))["complete"].iloc[-1]) is complete


def test_other_partners_can_be_counted() -> None:
    ds = load("2026-09-30")
    border = tempo.meetings_per_month(ds, ["CAN", "MEX"])["meetings"].sum()
    strip = tempo.weekly_strip(ds)
    assert border == strip.loc[strip["partner"].isin(["CAN", "MEX"]), "meetings"].sum()
    with pytest.raises(UsageError, match="XXX"):
        tempo.meetings_per_month(ds, ["XXX"])


@pytest.mark.parametrize("as_of", DAYS)
def test_the_weekly_strip_has_mondays_and_the_highest_level(as_of: str) -> None:
    frame = tempo.weekly_strip(load(as_of))
    weeks: dict[tuple[str, str], list[str]] = {}
    for row in rows("meetings"):
        if row["start_date"] <= as_of and row["format"] != "letter":
            day = date.fromisoformat(row["start_date"])
            monday = (day - timedelta(days=day.weekday())).isoformat()
            weeks.setdefault((row["partner"], monday), []).append(row["level"])
    assert len(frame) == len(weeks)
    order = ["technical", "ministerial", "leaders"]
    for row in frame.itertuples():
        levels = weeks[row.partner, f"{row.week:%Y-%m-%d}"]
        assert (row.meetings, row.level) == (len(levels), max(levels, key=order.index))


def test_the_clock_runs_from_the_first_start_rung_to_any_rung_at_or_above_the_end() -> None:
    # 24 April to 30 July: 6 days of April, 31 of May, 30 of June, 30 of July = 97.
    path = [("2025-04-24", "talks_opened"), ("2025-05-01", "talks_opened"), ("2025-07-30", "text_published")]
    assert clock(path, "talks_opened", "framework_announced") == (97, True, False)
    # Without an event the clock is stopped by as_of: 24 April to 31 December is 251 days.
    assert clock(path[:1], "talks_opened", "framework_announced") == (251, False, False)


def test_an_end_rung_already_passed_counts_as_day_zero() -> None:
    path = [("2025-05-12", "text_published"), ("2025-06-11", "framework_announced")]
    assert clock(path, "framework_announced", "text_published") == (0, True, True)
    same_day = [("2025-05-08", "framework_announced"), ("2025-05-08", "text_published")]
    assert clock(same_day, "framework_announced", "text_published") == (0, True, True)
    # A start rung that was skipped is not claimed: no clock.
    assert clock(path[:1], "framework_announced", "text_published") is None


def test_the_clock_restarts_on_the_day_talks_are_broken_off() -> None:
    path = [("2025-04-24", "talks_opened"), ("2025-07-31", "collapsed"), ("2025-08-04", "resumed")]
    # 31 July to 14 November: 31 + 30 + 31 + 14 = 106 days.
    ended = [*path, ("2025-11-14", "framework_announced")]
    assert clock(ended, "talks_opened", "framework_announced") == (106, True, False)
    # 31 July to 31 December: 153 days and going on.
    assert clock(path, "talks_opened", "framework_announced") == (153, False, False)
    # A framework lost with the talks no longer counts, and does not restart its own clock.
    lost = [("2025-04-24", "framework_announced"), ("2025-05-24", "text_published"), *path[1:2]]
    assert clock(lost, "framework_announced", "text_published") is None
    assert clock([("2025-04-24", "talks_opened"), *lost], "talks_opened", "framework_announced") == (
        153,
        False,
        False,
    )


def test_rungs_must_be_known_and_in_order() -> None:
    ds = load("2026-09-30")
    with pytest.raises(UsageError, match="handshake"):
        tempo.durations(ds, "handshake", "text_published")
    with pytest.raises(UsageError, match="swap"):
        tempo.durations(ds, "text_published", "contact")


@pytest.mark.parametrize("as_of", DAYS)
def test_durations_agree_with_plain_code(as_of: str) -> None:
    ds = load(as_of)
    stages = ["framework_announced", "text_published", "agreement_signed", "entered_into_force"]
    own = [row for row in rows("milestones") if row["scope"] == "deal" and row["date"] <= as_of]
    expected = {}
    for code in ds.reciprocal:
        mine = sorted((row["date"], row["stage"]) for row in own if row["partner"] == code)
        broken = [day for day, stage in mine if stage == "collapsed"]
        opened = broken[-1:] or [day for day, stage in mine if stage == "talks_opened"][:1]
        reached = [day for day, stage in mine if stage in stages and day > (broken or [""])[-1]]
        if opened:
            end = max(min(reached), opened[0]) if reached else as_of
            length = (date.fromisoformat(end) - date.fromisoformat(opened[0])).days
            expected[code] = (length, bool(reached))
    found = tempo.durations(ds, "talks_opened", "framework_announced")
    assert {row.partner: (row.days, row.observed) for row in found.itertuples()} == expected
    assert not found["partner"].isin(ds.border).any()


def test_survival_by_hand() -> None:
    curve = tempo.survival(lengths([2, 3, 3, 5, 7], [True, True, True, False, True]))
    # S(2) = 4/5 = 0.8; S(3) = 0.8 * (1 - 2/4) = 0.4; day 5 is censored; S(7) = 0.4 * (1 - 1/1) = 0.
    assert curve["days"].tolist() == [0, 2, 3, 7]
    assert curve["at_risk"].tolist() == [5, 5, 4, 1]
    assert curve["events"].tolist() == [0, 1, 2, 1]
    assert curve["reached_share"].tolist() == pytest.approx([0, 0.2, 0.6, 1])
    # Greenwood at day 2: 1/(5*4) = 0.05; at day 3: 0.05 + 2/(4*2) = 0.3; log-log limits of S:
    # S ** exp(+-1.96 * sqrt(sum) / |log S|).
    for i, share, greenwood in ((1, 0.8, 0.05), (2, 0.4, 0.3)):
        spread = 1.959964 * math.sqrt(greenwood) / abs(math.log(share))
        assert curve.loc[i, "lower"] == pytest.approx(1 - share ** math.exp(-spread), abs=1e-6)
        assert curve.loc[i, "upper"] == pytest.approx(1 - share ** math.exp(spread), abs=1e-6)
    assert curve.loc[2, "lower"] == pytest.approx(0.24718, abs=1e-4)
    assert math.isnan(curve.loc[3, "lower"])
    assert math.isnan(curve.loc[3, "upper"])


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=25))
def test_survival_is_that_of_statsmodels(pairs: list[tuple[int, bool]]) -> None:
    from statsmodels.duration.survfunc import (
        SurvfuncRight,
    )  # a second for each process of pytest

    days, observed = map(list, zip(*pairs, strict=True))
    found = tempo.survival(lengths(days, observed)).set_index("days")
    if not any(observed):
        assert not found["reached_share"].any()
        return
    theirs = SurvfuncRight(days, list(map(int, observed)))
    ours = found.loc[theirs.surv_times]
    assert 1 - ours["reached_share"].to_numpy() == pytest.approx(theirs.surv_prob, abs=1e-12)
    assert ours["at_risk"].tolist() == theirs.n_risk.tolist()
    assert ours["events"].tolist() == theirs.n_events.tolist()
    for i, (share, error) in enumerate(zip(theirs.surv_prob, theirs.surv_prob_se, strict=True)):
        if 0 < share < 1:
            spread = 1.959963984540054 * error / (share * abs(math.log(share)))
            assert ours["lower"].iloc[i] == pytest.approx(1 - share ** math.exp(-spread), abs=1e-9)
            assert ours["upper"].iloc[i] == pytest.approx(1 - share ** math.exp(spread), abs=1e-9)


def test_the_median_is_the_first_day_on_which_half_are_there() -> None:
    median = tempo.median_days(lengths([2, 3, 3, 5, 7], [True, True, True, False, True]))
    # 0.6 are there on day 3; the upper limit passes one half on day 2; the lower limit never does.
    assert median[:2] == (3, 2)
    assert math.isnan(median.upper)
    # One half exactly counts: two of four on day 4.
    assert tempo.median_days(lengths([4, 4, 9, 9], [True, True, False, False])).days == 4


def test_survival_of_nothing_of_censored_only_and_of_day_zero_only() -> None:
    assert tempo.survival(lengths([], [])).empty
    assert all(math.isnan(value) for value in tempo.median_days(lengths([], [])))
    waiting = tempo.survival(lengths([10, 20], [False, False]))
    assert waiting[["days", "reached_share", "at_risk"]].to_numpy().tolist() == [[0, 0, 2], [20, 0, 1]]
    assert math.isnan(tempo.median_days(lengths([10, 20], [False, False])).days)
    at_once = tempo.survival(lengths([0, 0, 0], [True, True, True]))
    assert at_once[["days", "reached_share", "at_risk", "events"]].to_numpy().tolist() == [[0, 1, 3, 3]]
    assert tempo.median_days(lengths([0, 0, 0], [True, True, True])).days == 0


@pytest.mark.parametrize("as_of", DAYS)
def test_curves_rise_within_their_band(as_of: str) -> None:
    for pair in (("talks_opened", "framework_announced"), ("framework_announced", "text_published")):
        curve = tempo.survival(tempo.durations(load(as_of), *pair))
        assert curve["reached_share"].is_monotonic_increasing
        inside = curve.dropna()
        assert (
            (inside["lower"] <= inside["reached_share"]) & (inside["reached_share"] <= inside["upper"])
        ).all()


def test_the_last_day_medians() -> None:
    ds = load("2026-09-30")
    # 18 clocks; the ninth and tenth to get there (JPN and KOR) took 97 days: 10/18 is over one half.
    assert tempo.median_days(tempo.durations(ds, "talks_opened", "framework_announced")).days == 97
    texts = tempo.durations(ds, "framework_announced", "text_published")
    # CHN (text before framework) and TWN, CHE, GBR, ARG (on the day).
    assert set(texts.loc[texts["day_zero"], "partner"]) == {"CHN", "TWN", "CHE", "GBR", "ARG"}
