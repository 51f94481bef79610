"""The summary of the page on tempo, and what so small a sample can show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import once_per_dataset, records
from tradeviz.summaries.facts import Facts, plain_day, seen
from tradeviz.talks.tempo import meetings_per_month, silence
from tradeviz.talks.waits import TO_FRAMEWORK, TO_TEXT, medians, question, survival_curves, waits
from tradeviz.vocabulary import LEVEL_NAMES
from tradeviz.wording import capital, count, count_days, day, listing, median_words, with_article

_FEW = 3
_FORTNIGHT = pd.Timedelta(days=14)


class Wait(NamedTuple):
    """Partners whose talks opened and that got a framework, and the median wait in days with its interval.

    Days are NaN where the curve or its band does not reach one half; `at_risk` is the number of
    partners that had waited at least the median.
    """

    n: int
    reached: int
    median_days: float
    lower_days: float
    upper_days: float
    at_risk: int


class LastMonth(NamedTuple):
    """The last whole month and its meetings, the busiest month, and how many records reach so far."""

    month: date
    meetings: int
    busiest: date
    most: int
    covered: int


class Silence(NamedTuple):
    """The partner silent for longest, its last meeting, and where its record ends, if before as_of."""

    name: str
    last_met: date
    level: str
    days: int
    record_ends: date | None


@dataclass(frozen=True)
class TempoFacts(Facts):
    """How fast the talks with the partners of the reciprocal track move.

    Attributes
    ----------
    partners : int
        Number of these partners.
    framework : Wait or None
        The wait for a framework; None before any talks opened.
    last_month : LastMonth or None
        Meetings and calls in the last whole month; None before the first.
    silent : Silence or None
        Who was silent for longest; None before any meeting.
    never_met : tuple of str
        Partners without a meeting or call on record.
    """

    partners: int
    framework: Wait | None
    last_month: LastMonth | None
    silent: Silence | None
    never_met: tuple[str, ...]

    def sentences(self) -> list[str]:
        """How long the wait for a framework is, how many meet, who has been silent longest."""
        return [self._framework(), self._month(), self._silent()]

    def _framework(self) -> str:
        wait = self.framework
        if wait is None:
            return _none_open(self.as_of, self.partners)
        text = f"As of {day(self.as_of)}, {wait.reached or 'none'} of {count(wait.n, 'partner')} whose"
        text += f" talks had opened {self.have(max(wait.reached, 1))} a framework"
        if not math.isnan(wait.median_days):
            middle = median_words(wait.median_days, wait.lower_days, wait.upper_days)
            text += f", with a {middle} from the first talks"
            if math.isnan(wait.upper_days):
                text += f", which rests on {count(wait.at_risk, 'partner')} that had waited as long"
        left = wait.n - wait.reached
        return f"{text}; {count(left, 'partner')} {self.be(left)} still waiting."

    def _month(self) -> str:
        last = self.last_month
        if last is None:
            return ""
        met = count(last.meetings, "meeting or call", "meetings and calls")
        text = f"In {last.month:%B %Y}, the last whole month, {met} with the {self.partners}"
        text += f" {'was' if last.meetings == 1 else 'were'} on record"
        if last.busiest < last.month:
            text += f", against {last.most} in {last.busiest:%B %Y}, the month with most"
        else:
            text += ", the most so far"
        if last.covered < self.partners:
            text += f"; the record reaches to that month's end for {last.covered or 'none'} of them"
        return f"{text}."

    def _silent(self) -> str:
        longest = self.silent
        if longest is None:
            return f"None of the {self.partners} had met or called, as far as is on record."
        text = f"Silent for longest {self.be()} {with_article(longest.name)}, last met on"
        text += f" {day(longest.last_met)} ({LEVEL_NAMES[longest.level]}), {count_days(longest.days)} before"
        if longest.record_ends:
            text += f"; the record of its meetings ends on {day(longest.record_ends)}"
        if self.never_met:
            never = listing([with_article(name) for name in self.never_met], "or")
            text += f". No meeting or call is on record with {never}"
        return f"{text}."


@once_per_dataset
def tempo(ds: Dataset) -> TempoFacts:
    """Say how long the wait for a framework is, how many meet, and who has been silent longest.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    TempoFacts
        The facts; `.text` is the paragraph.

    Examples
    --------
    >>> facts = summaries.tempo(ds)
    >>> facts.framework.n, facts.framework.reached, facts.silent.name
    (12, 0, 'China')
    """
    waited = [row for row in records(medians(ds)) if row["question"] == question(TO_FRAMEWORK)]
    quiet = silence(ds)
    met = quiet[(quiet["track"] == "reciprocal") & (quiet["days_since"] >= 0)]
    return TempoFacts(
        **seen(ds),
        partners=len(ds.reciprocal),
        framework=Wait(*(waited[0][name] for name in Wait._fields)) if waited else None,
        last_month=_last_month(meetings_per_month(ds)),
        silent=_longest(met),
        never_met=tuple(ds.name(code) for code in ds.reciprocal if code not in set(met["partner"])),
    )


def _last_month(per_month: pd.DataFrame) -> LastMonth | None:
    whole = per_month[per_month["complete"]]
    if whole.empty:
        return None
    totals = whole.groupby("month")["meetings"].sum()
    months = [pd.Timestamp(str(month)).date() for month in totals.index]
    busiest, covered = months[totals.argmax()], int(whole["covered"].iloc[-1])
    return LastMonth(months[-1], int(totals.iloc[-1]), busiest, int(totals.max()), covered)


def _longest(quiet: pd.DataFrame) -> Silence | None:
    if quiet.empty:
        return None
    row = quiet.iloc[0]
    ends = plain_day(row["record_through"]) if row["uncovered_days"] else None
    return Silence(row["name"], row["last_date"].date(), row["level"], int(row["days_since"]), ends)


def small_sample(ds: Dataset) -> str:
    """What so small a sample can and cannot show, with its numbers; words where no talks are open.

    Examples
    --------
    >>> summaries.small_sample(ds).split(", ")[0]
    'The sample is 12 waits'
    """
    rows = {row["question"]: row for row in records(medians(ds))}
    whole = len(ds.reciprocal)
    if question(TO_FRAMEWORK) not in rows:
        return f"{_none_open(ds.as_of, whole)[:-1]}, so no wait can be measured."
    row = rows[question(TO_FRAMEWORK)]
    sentences = [
        f"The sample is {count(row['n'], 'wait')}, and can never be more than {whole}, one for each partner.",
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


def _none_open(as_of: date, partners: int) -> str:
    return f"By {day(as_of)} no talks with the {partners} had opened."


def _width(ds: Dataset, row: dict[str, Any]) -> str:
    if math.isnan(row["median_days"]):
        return (
            f"With {row['reached'] or 'none'} of {row['n']} there, half has not been reached, and no median "
            "can be given."
        )
    text = f"{capital(count(row['at_risk'], 'partner'))} had waited as long as the median, day "
    text += f"{int(row['median_days'])}"
    curves = survival_curves(ds)
    point = curves[(curves["question"] == row["question"]) & (curves["days"] == row["median_days"])].iloc[0]
    if math.isnan(point["lower"]):
        return f"{text}: the curve ends there, has no band, and is no guide to the rest."
    share, lower, upper = (round(point[name] * 100) for name in ("reached_share", "lower", "upper"))
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
    reached = count(row["reached"], "partner")
    text = f"A text can be a page or a treaty: {row['day_zero'] or 'none'} of {reached}"
    text += " that reached a text had it on the day of the framework or before"
    if not math.isnan(row["median_days"]):
        middle = median_words(row["median_days"], row["lower_days"], row["upper_days"])
        text += f", and the {middle} mixes light documents with heavy ones"
    return f"{text}."


def _thinning(ds: Dataset) -> str:
    rows = waits(ds)
    open_rows = rows[~rows["observed"]]
    ended = open_rows[open_rows["record_through"] < open_rows["end"]]
    if ended.empty:
        return ""
    whose = records(ended.drop_duplicates("partner"))
    names = [f"{with_article(ds.name(row['partner']))} ({day(row['record_through'])})" for row in whose]
    waiting = count(len(open_rows["partner"].unique()), "partner")
    return capital(
        f"evidence thins out: of {waiting} counted as still waiting, the record of milestones ends early for "
        f"{listing(names)}; what they have reached since is not known."
    )
