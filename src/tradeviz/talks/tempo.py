"""How fast talks move: meetings per month and week, and the time from one rung to the next.

Counts what is on record, not what took place; a quiet month can be missing evidence. Eighteen
partners talked in one wave, with one side in common: durations are not independent draws, and
the bands around a curve understate what is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tradeviz.data import Dataset
from tradeviz.errors import UsageError
from tradeviz.frames import records, with_days
from tradeviz.talks.meetings import last_meetings, record_through
from tradeviz.vocabulary import LEVELS, STAGES

_Z_95 = 1.959963984540054
_TALKS_OPENED = STAGES.index("talks_opened")


class Median(NamedTuple):
    """A median duration in days; NaN where the curve or its band does not reach one half."""

    days: float
    lower: float
    upper: float


def meetings_per_month(ds: Dataset, partners: Sequence[str] | None = None) -> pd.DataFrame:
    """Meetings and calls by the month in which they began, and by level.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partners : sequence of str, optional
        Partner codes to count; the 18 when not given.

    Returns
    -------
    pandas.DataFrame
        From the month of the first meeting to that of as_of, every level in every month: month
        (its first day), level, meetings (number; formal letters left out), complete (False for a
        month of which as_of leaves days to come), covered (number of the partners whose record of
        meetings reaches to the month's end, or to as_of). Empty where no meeting is on record.

    Raises
    ------
    UsageError
        If a partner is unknown.
    """
    codes = ds.reciprocal if partners is None else [ds.partner(code)["partner"] for code in partners]
    met = _met(ds)
    met = met[met["partner"].isin(codes)]
    kinds = {"level": "str", "meetings": "int64", "complete": "bool", "covered": "int64"}
    if met.empty:
        return with_days(pd.DataFrame(columns=["month", *kinds]), ["month"]).astype(kinds)
    begun = met["start_date"].dt.to_period("M")
    months = pd.period_range(begun.min(), pd.Period(ds.as_of, "M"), freq="M")
    counts = met.groupby([begun.rename("month"), "level"]).size()
    grid = pd.MultiIndex.from_product([months, LEVELS], names=["month", "level"])
    frame = counts.reindex(grid, fill_value=0).rename("meetings").reset_index()
    month_end = frame["month"].dt.end_time.dt.normalize()
    frame["complete"] = month_end <= ds.as_of
    through = record_through(ds, "meetings").reindex(codes)
    frame["covered"] = [int((through >= min(end, ds.as_of)).sum()) for end in month_end]
    frame["month"] = frame["month"].dt.start_time
    return with_days(frame, ["month"]).astype(kinds)


def weekly_strip(ds: Dataset) -> pd.DataFrame:
    """Each partner's weeks with a meeting or call, and the highest level met.

    Returns
    -------
    pandas.DataFrame
        In partner order (all partners), then by week; weeks without a meeting have no row:
        partner, week (the Monday on or before the meeting's first day), meetings (number;
        letters left out), level (the highest of the week).
    """
    met = _met(ds)
    monday = met["start_date"] - pd.to_timedelta(met["start_date"].dt.day_of_week, unit="D")
    met = met.assign(week=monday, rank=met["level"].map(LEVELS.index))
    weeks = met.groupby(["partner", "week"], as_index=False).agg(
        meetings=("level", "size"), rank=("rank", "max")
    )
    position = weeks["partner"].map({code: i for i, code in enumerate(ds.partners["partner"])})
    weeks = weeks.assign(position=position, level=[LEVELS[rank] for rank in weeks["rank"].astype("int64")])
    weeks = weeks.sort_values(["position", "week"])[["partner", "week", "meetings", "level"]]
    weeks = with_days(weeks.reset_index(drop=True), ["week"])
    return weeks.astype({"partner": "str", "meetings": "int64", "level": "str"})


def silence(ds: Dataset) -> pd.DataFrame:
    """How long ago each partner last met or spoke, and how much of that time the record covers.

    Returns
    -------
    pandas.DataFrame
        The 18, then Canada and Mexico; among them the longest silence first and partners never
        met last: partner, name, track, last_date (day; NaT if never), level (of that meeting),
        days_since (days from last_date to as_of; -1 if never), record_through (last day that the
        record of meetings with the partner covers, at most as_of), uncovered_days (days of the
        silence after that day: no meeting is known, but none would be). Empty where no partner
        has met.
    """
    columns = ["partner", "name", "track", "last_date", "level", "days_since", "record_through"]
    last = last_meetings(ds)[columns]
    if last["last_date"].isna().all():
        last = last.iloc[:0]
    frame = last.assign(uncovered_days=(ds.as_of - last["record_through"]).dt.days)
    frame = frame.assign(apart=frame["track"] == "border")
    frame = frame.sort_values(["apart", "days_since"], ascending=[True, False], kind="stable")
    frame = with_days(frame.drop(columns="apart").reset_index(drop=True), ["last_date", "record_through"])
    return frame.astype({"uncovered_days": "int64"})


def durations(ds: Dataset, start_rung: str, end_rung: str) -> pd.DataFrame:
    """Days from one rung of the ladder to another, for the 18 partners whose clock has started.

    The clock starts at the first milestone of scope deal that is the start rung; a partner that
    has not reached exactly that rung is not in the sample. Any rung at or above the end rung is
    the event; one reached by the day the clock starts (or on it) counts as day 0. When talks are
    broken off, what came before no longer counts, and the clock restarts on that day (or, for a
    start rung above talks_opened, when that rung is reached again). Without an event the
    duration is censored at as_of.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    start_rung, end_rung : str
        Stages of the ladder, the first below the second.

    Returns
    -------
    pandas.DataFrame
        In partner order: partner, start (day), end (day of the event, as_of where censored, the
        start where day 0), days, observed (False where censored), day_zero.

    Raises
    ------
    UsageError
        If a rung is unknown, or the end rung does not lie above the start rung.
    """
    first, last = _rung(start_rung), _rung(end_rung)
    if last <= first:
        raise UsageError(f'rung "{end_rung}" does not lie above "{start_rung}"; swap or change them')
    deal = ds.milestones[ds.milestones["scope"] == "deal"].sort_values("date", kind="stable")
    rows = []
    for code in ds.reciprocal:
        start, reached = _clock(records(deal[deal["partner"] == code]), first, last)
        if start is None:
            continue
        observed = reached is not None
        end = ds.as_of if reached is None else max(start, reached)
        days = (end - start).days
        rows.append((code, start, end, days, observed, observed and days == 0))
    columns = ["partner", "start", "end", "days", "observed", "day_zero"]
    frame = with_days(pd.DataFrame(rows, columns=columns), ["start", "end"])
    return frame.astype({"partner": "str", "days": "int64", "observed": "bool", "day_zero": "bool"})


def survival(lengths: pd.DataFrame) -> pd.DataFrame:
    """Share of partners that have reached the end rung, by days since the clock started.

    Kaplan and Meier (1958), with Greenwood's variance and a pointwise 95% band on the scale
    log(-log S) (Kalbfleisch and Prentice 1980); the tests hold it to statsmodels' `SurvfuncRight`.
    Assumes that those still under way at as_of are like the others.

    Parameters
    ----------
    lengths : pandas.DataFrame
        A return of `durations`.

    Returns
    -------
    pandas.DataFrame
        One row for day 0, each day with an event, and the longest duration: days, reached_share
        (1 - S, 0 to 1, from that day on), lower, upper (0 while none has reached it; NaN once
        all have, where the variance is not defined), at_risk (number just before), events.
        Empty where no clock has started.
    """
    days, observed = lengths["days"], lengths["observed"]
    share, greenwood, rows = 1.0, 0.0, []
    for day in sorted({0, days.max(), *days[observed]}) if len(lengths) else []:
        at_risk = int((days >= day).sum())
        events = int((observed & (days == day)).sum())
        share *= 1 - events / at_risk
        greenwood += events / (at_risk * (at_risk - events)) if events < at_risk else 0.0
        rows.append((day, 1 - share, *_band(share, greenwood), at_risk, events))
    columns = ["days", "reached_share", "lower", "upper", "at_risk", "events"]
    kinds = dict.fromkeys(columns[1:4], "float64") | dict.fromkeys(["days", "at_risk", "events"], "int64")
    return pd.DataFrame(rows, columns=columns).astype(kinds)


def median_days(lengths: pd.DataFrame) -> Median:
    """Median duration: the first day on which at least half have reached the end rung.

    The interval inverts the band of `survival` (Brookmeyer and Crowley 1982): from the first day
    whose upper limit reaches one half to the first day whose lower limit does.

    Parameters
    ----------
    lengths : pandas.DataFrame
        A return of `durations`.

    Returns
    -------
    Median
        days, lower, upper; each NaN where one half is not reached.
    """
    curve = survival(lengths)
    return Median(*(_first_half(curve, name) for name in ("reached_share", "upper", "lower")))


def _met(ds: Dataset) -> pd.DataFrame:
    return ds.meetings[ds.meetings["format"] != "letter"]


def _rung(stage: str) -> int:
    if stage not in STAGES:
        raise UsageError(f'rung "{stage}" is unknown; use one of {", ".join(STAGES)}')
    return STAGES.index(stage)


def _clock(
    milestones: list[dict[str, Any]], first: int, last: int
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """The day the clock started and the day the event came, either None where it did not."""
    start: pd.Timestamp | None = None
    reached: pd.Timestamp | None = None
    for row in milestones:
        if row["stage"] == "collapsed":
            running = start is not None and first <= _TALKS_OPENED
            start, reached = (row["date"] if running else None), None
        elif row["stage"] in STAGES:
            rung = STAGES.index(row["stage"])
            if rung == first and start is None:
                start = row["date"]
            if rung >= last and reached is None:
                reached = row["date"]
    return start, reached


def _band(share: float, greenwood: float) -> tuple[float, float]:
    """Limits of the share reached, from S and Greenwood's sum, the variance of log S."""
    if share in (0, 1):
        return (0.0, 0.0) if share == 1 else (np.nan, np.nan)
    spread = _Z_95 * np.sqrt(greenwood) / abs(np.log(share))
    return 1 - share ** np.exp(-spread), 1 - share ** np.exp(spread)


def _first_half(curve: pd.DataFrame, column: str) -> float:
    there = curve.loc[curve[column] >= 0.5 - 1e-12, "days"]
    return float(there.iloc[0]) if len(there) else float("nan")
