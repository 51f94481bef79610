"""The two waits that the page on tempo asks about: for a framework, and then for a text.

The clock, the curve and the median are those of `tradeviz.talks.tempo`.
"""

from __future__ import annotations

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import with_days
from tradeviz.talks.meetings import record_through
from tradeviz.talks.tempo import durations, median_days, survival
from tradeviz.vocabulary import STAGE_NAMES

TO_FRAMEWORK = ("talks_opened", "framework_announced")
TO_TEXT = ("framework_announced", "text_published")
_PAIRS = (TO_FRAMEWORK, TO_TEXT)


def question(pair: tuple[str, str]) -> str:
    """Name a wait by its two rungs: "talks opened to framework announced"."""
    return f"{STAGE_NAMES[pair[0]]} to {STAGE_NAMES[pair[1]]}"


def waits(ds: Dataset) -> pd.DataFrame:
    """Each partner's wait for a framework, and from there for a text.

    Returns
    -------
    pandas.DataFrame
        By question, then in partner order, for partners whose clock has started: question,
        partner, start (day), end (day of the event; as_of where there is none yet), days,
        observed (False where still under way), day_zero (already there when the clock started),
        record_through (last day that the record of milestones covers, at most as_of).
    """
    through = record_through(ds, "milestones")
    frames = []
    for pair in _PAIRS:
        frame = durations(ds, *pair)
        frame.insert(0, "question", question(pair))
        frames.append(frame.assign(record_through=frame["partner"].map(through)))
    whole = pd.concat(frames, ignore_index=True)
    return with_days(whole, ["start", "end", "record_through"]).astype({"question": "str"})


def survival_curves(ds: Dataset, *pairs: tuple[str, str]) -> pd.DataFrame:
    """Share of partners that have reached the next rung, by days.

    Kaplan and Meier's estimate with a pointwise 95% band, as `tempo.survival` describes it.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    *pairs : tuple of str
        Which waits, `TO_FRAMEWORK` or `TO_TEXT`; both when not given.

    Returns
    -------
    pandas.DataFrame
        By question (one without a started clock is left out), a row for day 0 and each length
        of a wait: question, days, reached_share (0 to 1, from that day on), lower, upper (of
        the band, 0 to 1; NaN once all have reached it), at_risk (number of partners just
        before), events (number that reached it on the day), censored (number still under way
        after so many days, whose wait ends at as_of).
    """
    lengths = waits(ds)
    names = [question(pair) for pair in pairs or _PAIRS]
    curves = [_curve(name, lengths[lengths["question"] == name]) for name in names]
    return pd.concat(curves, ignore_index=True)


def medians(ds: Dataset, *pairs: tuple[str, str]) -> pd.DataFrame:
    """Median wait with its 95% interval.

    Parameters
    ----------
    ds, *pairs
        As for `survival_curves`.

    Returns
    -------
    pandas.DataFrame
        One row per question whose clock has started: question, n (partners), day_zero (of
        these, already there when the clock started), reached (including day_zero), censored
        (still under way), median_days, lower_days, upper_days (days; NaN where the curve or its
        band does not reach one half), at_risk (number of partners whose wait lasted at least the
        median; 0 where there is none).
    """
    lengths, rows = waits(ds), []
    asked = lengths["question"].isin([question(pair) for pair in pairs or _PAIRS])
    for name, group in lengths[asked].groupby("question", sort=False):
        reached, at_once = int(group["observed"].sum()), int(group["day_zero"].sum())
        middle = median_days(group)
        at_risk = int((group["days"] >= middle.days).sum())
        rows.append((name, len(group), at_once, reached, len(group) - reached, *middle, at_risk))
    counts = ["n", "day_zero", "reached", "censored"]
    days = ["median_days", "lower_days", "upper_days"]
    frame = pd.DataFrame(rows, columns=["question", *counts, *days, "at_risk"])
    kinds = dict.fromkeys([*counts, "at_risk"], "int64") | dict.fromkeys(days, "float64")
    return frame.astype({"question": "str"} | kinds)


def _curve(name: str, lengths: pd.DataFrame) -> pd.DataFrame:
    steps = survival(lengths)
    days = pd.DataFrame({"days": sorted({*steps["days"], *lengths["days"]})}, dtype="int64")
    curve = pd.merge_asof(days, steps[["days", "reached_share", "lower", "upper"]], on="days")
    waited = lengths["days"]
    curve["at_risk"] = [int((waited >= day).sum()) for day in curve["days"]]
    for column, ended in (("events", lengths["observed"]), ("censored", ~lengths["observed"])):
        curve[column] = [int((ended & (waited == day)).sum()) for day in curve["days"]]
    curve.insert(0, "question", name)
    return curve.astype({"question": "str", **dict.fromkeys(["at_risk", "events", "censored"], "int64")})
