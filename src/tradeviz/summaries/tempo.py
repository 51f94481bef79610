"""The lead of the page on tempo, and what so small a sample can show."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.summaries.notes import tense
from tradeviz.talks.tempo import meetings_per_month, silence
from tradeviz.talks.waits import TO_FRAMEWORK, TO_TEXT, medians, question, survival_curves, waits
from tradeviz.vocabulary import LEVEL_NAMES
from tradeviz.wording import capital, count, count_days, day, listing, median_words

_FEW = 3
_FORTNIGHT = pd.Timedelta(days=14)


def tempo(ds: Dataset) -> str:
    """How long the wait for a framework is, how many meet, who has been silent longest: one paragraph."""
    sentences = [_framework(ds), _months(ds), _silent(ds)]
    return " ".join(filter(None, sentences))


def small_sample(ds: Dataset) -> str:
    """What so small a sample can and cannot show, with its numbers; words where no talks are open."""
    rows = {row["question"]: row for row in records(medians(ds))}
    if question(TO_FRAMEWORK) not in rows:
        return f"{_none_open(ds)[:-1]}, so no wait can be measured."
    row = rows[question(TO_FRAMEWORK)]
    counted, whole = count(row["n"], "wait"), len(ds.reciprocal)
    sentences = [
        f"The sample is {counted}, and can never be more than {whole}, one for each partner.",
        _width(ds, row),
        f"The {whole} are not independent draws: one side is the same in all talks, and its orders moved "
        "many of them at once. The band takes them for independent and so is too narrow.",
        _crowding(ds),
        _light_and_heavy(rows.get(question(TO_TEXT))),
        _thinning(ds),
        "The curves can show the order of events and the rough length of the waits; they cannot show why one "
        "partner was faster than another, or how long those still under way will wait.",
    ]
    return " ".join(filter(None, sentences))


def _framework(ds: Dataset) -> str:
    rows = [row for row in records(medians(ds)) if row["question"] == question(TO_FRAMEWORK)]
    if not rows:
        return _none_open(ds)
    row = rows[0]
    had = tense(ds, "have", "had") if row["reached"] > 1 else tense(ds, "has", "had")
    reached = (
        f"{row['reached'] or 'none'} of {count(row['n'], 'partner')} whose talks had opened {had} a framework"
    )
    text = f"As of {day(ds.as_of)}, {reached}"
    if not math.isnan(row["median_days"]):
        text += f", with a {_median(row)} from the first talks"
        if math.isnan(row["upper_days"]):
            text += f", which rests on {count(row['at_risk'], 'partner')} that had waited as long"
    left = row["censored"]
    were = tense(ds, "are", "were") if left != 1 else tense(ds, "is", "was")
    return f"{text}; {count(left, 'partner')} {were} still waiting."


def _none_open(ds: Dataset) -> str:
    return f"By {day(ds.as_of)} no talks with the {len(ds.reciprocal)} had opened."


def _months(ds: Dataset) -> str:
    per_month = meetings_per_month(ds)
    whole = per_month[per_month["complete"]]
    if whole.empty:
        return ""
    totals = whole.groupby("month")["meetings"].sum()
    n, most = int(totals.iloc[-1]), int(totals.argmax())
    last = pd.Timestamp(totals.index[-1])
    text = f"In {last:%B %Y}, the last whole month, {count(n, 'meeting or call', 'meetings and calls')} "
    text += f"with the {len(ds.reciprocal)} {'was' if n == 1 else 'were'} on record"
    if most < len(totals) - 1:
        text += f", against {int(totals.iloc[most])} in {totals.index[most]:%B %Y}, the month with most"
    else:
        text += ", the most so far"
    covered = int(whole["covered"].iloc[-1])
    if covered < len(ds.reciprocal):
        text += f"; the record reaches to that month's end for {covered or 'none'} of them"
    return text + "."


def _silent(ds: Dataset) -> str:
    quiet = silence(ds)
    the_18 = quiet[quiet["track"] == "reciprocal"]
    met = the_18[the_18["days_since"] >= 0]
    if met.empty:
        return f"None of the {len(ds.reciprocal)} had met or called, as far as is on record."
    longest = met.iloc[0]
    text = f"Silent for longest {tense(ds, 'is', 'was')} {longest['name']}, last met on "
    text += f"{day(longest['last_date'])} ({LEVEL_NAMES[longest['level']]}), "
    text += f"{count_days(longest['days_since'])} before"
    if longest["uncovered_days"]:
        text += f"; the record of its meetings ends on {day(longest['record_through'])}"
    never = list(the_18.loc[the_18["days_since"] < 0, "name"])
    text += f". No meeting or call is on record with {listing(never, 'or')}" if never else ""
    return f"{text}."


def _width(ds: Dataset, row: dict[str, Any]) -> str:
    if math.isnan(row["median_days"]):
        return (
            f"With {row['reached'] or 'none'} of {row['n']} there, half has not been reached, and no median "
            "can be given."
        )
    text = f"{capital(count(row['at_risk'], 'partner'))} had waited as long as the median, day "
    text += f"{int(row['median_days'])}"
    curves = survival_curves(ds)
    own = curves[(curves["question"] == row["question"]) & (curves["days"] == row["median_days"])].iloc[0]
    if math.isnan(own["lower"]):
        return f"{text}: the curve ends there, has no band, and is no guide to the rest."
    share, lower, upper = (round(own[name] * 100) for name in ("reached_share", "lower", "upper"))
    return (
        f"{text}; by then {share}% had reached a framework, with a band from {lower}% to {upper}%, "
        f"{upper - lower} points wide."
    )


def _crowding(ds: Dataset) -> str:
    """How many frameworks fell into the busiest fortnight, and the day ordered for most in sight then."""
    rows = waits(ds)
    ends = rows.loc[(rows["question"] == question(TO_FRAMEWORK)) & rows["observed"], "end"].sort_values()
    fortnights = [ends[(ends >= end) & (ends < end + _FORTNIGHT)] for end in ends]
    busiest = max(fortnights, key=len, default=ends)
    if len(busiest) < _FEW:
        return ""
    first, last = busiest.iloc[0], busiest.iloc[-1]
    text = f"The waits end together: {len(busiest)} of {len(ends)} frameworks came from {day(first)} "
    text += f"to {day(last)}"
    text += _common_deadline(ds, first, last)
    return f"{text}, so a wait tells as much about the day on which talks opened as about their speed."


def _common_deadline(ds: Dataset, first: pd.Timestamp, last: pd.Timestamp) -> str:
    """The next day that orders, announced before the fortnight, had set for most of the 18."""
    orders = ds.tariffs[(ds.tariffs["force"] == "order") & (ds.tariffs["layer"] == "reciprocal")]
    known = orders[(orders["announced"] < first) & orders["effective"].between(first, last + _FORTNIGHT)]
    partners = known[known["partner"].isin(ds.reciprocal)].groupby("effective")["partner"].nunique()
    if partners.empty or 2 * partners.max() < len(ds.reciprocal):
        return ""
    when, n = partners.idxmax(), int(partners.max())
    return f", with rates for {n} of the {len(ds.reciprocal)} ordered to change on {day(when)}"


def _light_and_heavy(row: dict[str, Any] | None) -> str:
    if row is None or row["reached"] < _FEW:
        return ""
    text = f"A text can be a page or a treaty: {row['day_zero'] or 'none'} of "
    text += (
        f"{count(row['reached'], 'partner')} that reached a text had it on the day of the framework or before"
    )
    if not math.isnan(row["median_days"]):
        text += f", and the {_median(row)} mixes light documents with heavy ones"
    return f"{text}."


def _thinning(ds: Dataset) -> str:
    rows = waits(ds)
    open_rows = rows[~rows["observed"]]
    ended = open_rows[open_rows["record_through"] < open_rows["end"]]
    if ended.empty:
        return ""
    names = [
        f"{ds.name(row['partner'])} ({day(row['record_through'])})"
        for row in records(ended.drop_duplicates("partner"))
    ]
    waiting = count(len(open_rows["partner"].unique()), "partner")
    return capital(
        f"evidence thins out: of {waiting} counted as still waiting, the record of milestones ends early for "
        f"{listing(names)}; what they have reached since is not known."
    )


def _median(row: dict[str, Any]) -> str:
    return median_words(row["median_days"], row["lower_days"], row["upper_days"])
