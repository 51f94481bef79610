"""What stands on a partner's one sheet: facts in the order of their weight, and the words made from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tradeviz.summaries.facts import Facts
from tradeviz.wording import day, rate, rounded_rate

LEAST_MOVE = 0.05
"""Points below which a move reads as none, since one decimal is printed."""


class Duty(NamedTuple):
    """A duty in force: its name, rate (percent), basis, points of the average, share of trade (0 to 1)."""

    layer: str
    pct: float
    basis: str
    points: float
    share: float


class Change(NamedTuple):
    """A change ahead: kind, name of the duty, rate, basis, first day, day announced, points, share of trade.

    leaves_higher: a higher rate lowers the average, because the goods leave a higher duty of another layer.
    """

    kind: str
    layer: str
    pct: float
    basis: str
    effective: date | None
    announced: date
    points: float
    share: float
    leaves_higher: bool


class DateAhead(NamedTuple):
    """A day that matters: what falls on it, points and share of trade (None: not known), how much else."""

    day: date
    what: str
    points: float | None
    share: float | None
    others: int


class Contact(NamedTuple):
    """The last meeting or call, its level; the last day of that record; what is known to be missing since."""

    last: date | None
    level: str
    recorded_through: date
    missing: tuple[str, ...]


class Pledge(NamedTuple):
    """A pledge: amount (billions), per, currency, what, day, status, its day, parts delivered (billions)."""

    amount_bn: float | None
    per: str
    currency: str
    what: str
    announced: date
    status: str
    status_day: date | None
    delivered_bn: tuple[float, ...]


class News(NamedTuple):
    """Something that became known: its day, kind, words, and the points that it moves (None: no rate)."""

    day: date
    kind: str
    text: str
    points: float | None


@dataclass(frozen=True)
class BriefFacts(Facts):
    """What matters most about one partner, ranked by points of its average duty and trade at stake.

    Attributes
    ----------
    name, long_name : str
        English short name of the partner, and as it stands in a sentence ("the European Union").
    on_record : bool
        Whether the record has the partner; a scenario can name another.
    stage : str
        The furthest stage of the ladder; "" without any contact.
    since : datetime.date or None
        The day on which it was reached.
    lost_stage : str
        The further stage that the last break-off took back; "" for none.
    rests_on : str
        The document that it rests on, in short, with its last day.
    suspended_since, broken_off_on, term_ended : datetime.date or None
        Days on which talks were suspended or broken off, or the term of the document ended.
    effective_pct, base_pct, added_pct : float or None
        The effective rate now, in 2024 and their difference, percent of customs value; None before the
        imports of 2024 were published.
    rank, partners : int
        Its place among all partners, the highest rate first; their number. 0 where no rate is known.
    moved_points : float or None
        By how much the effective rate moved in the last 30 days.
    charged_month : datetime.date or None
        The last month whose duties are published.
    charged_pct : float or None
        Duties charged in that month, percent of customs value.
    duty : Duty or None
        The duty in force that weighs most.
    coming : Change or None
        The change ahead that weighs most among those that touch at least 0.1% of its trade.
    unweighed : int
        Changes ahead whose trade is not known.
    dates : tuple of DateAhead
        The next days that matter, at most three.
    contact : Contact
        The last contact, with the end of the record.
    pledges : tuple of Pledge
        The largest, at most three.
    other_pledges : int
        Pledges beside these.
    news_since : datetime.date
        The day after which news count.
    news : tuple of News
        What weighs most among them.
    other_news : int
        News beside these.
    rates_through : datetime.date
        The last day covered by orders and events.
    source_ids : tuple of str
        The documents that carry the sheet, at most five.
    """

    name: str
    long_name: str
    on_record: bool
    stage: str
    since: date | None
    lost_stage: str
    rests_on: str
    suspended_since: date | None
    broken_off_on: date | None
    term_ended: date | None
    effective_pct: float | None
    base_pct: float | None
    added_pct: float | None
    rank: int
    partners: int
    moved_points: float | None
    charged_month: date | None
    charged_pct: float | None
    duty: Duty | None
    coming: Change | None
    unweighed: int
    dates: tuple[DateAhead, ...]
    contact: Contact
    pledges: tuple[Pledge, ...]
    other_pledges: int
    news_since: date
    news: tuple[News, ...]
    other_news: int
    rates_through: date
    source_ids: tuple[str, ...]

    def sentences(self) -> list[str]:
        """The duty in force and the change ahead that weigh most."""
        return [self._duty(), self._coming()]

    def _duty(self) -> str:
        if not self.on_record:
            return f"The record has no imports from {self.long_name}, so what a duty weighs is not known."
        if self.effective_pct is None:
            unknown = "the U.S. imports of 2024 had not been published"
            return f"What a duty weighs could not be known by {day(self.as_of)}: {unknown}."
        if self.duty is None:
            return f"No duty of these talks {self.tense('weighs', 'weighed')} on goods of {self.long_name}."
        of = self.duty
        return (
            f"The duty that {self.tense('weighs', 'weighed')} most on goods of {self.long_name}"
            f" {self.be()} {of.layer}, at {rate(of.pct, of.basis)}. It {self.tense('reaches', 'reached')}"
            f" {share_words(of.share)} of U.S. imports from {self.long_name}"
            f" and {self.tense('makes', 'made')} up {_points(of.points)} of their average duty"
            f" of {rounded_rate(self.effective_pct)}."
        )

    def _coming(self) -> str:
        if self.coming is None:
            return "" if self.effective_pct is None else f"No change of weight {self.be()} on record."
        of = self.coming
        which = {
            "scheduled": "one already ordered",
            "threatened": f"a threat of {day(of.announced)}",
            "agreed": f"one agreed on {day(of.announced)} and not yet ordered",
        }[of.kind]
        start = f" from {day(of.effective)}" if of.effective else ", no day named"
        return (
            f"Of the changes ahead, {which} {self.tense('weighs', 'weighed')} most: {of.layer}, to"
            f" {rate(of.pct, of.basis)}{start}. {self._effect(of)}."
        )

    def _effect(self, of: Change) -> str:
        touched = f"It {self.tense('touches', 'touched')} {share_words(of.share)} of the imports"
        if abs(of.points) < LEAST_MOVE:
            return f"{touched} and would hardly move the average"
        if of.points > 0:
            return f"{touched} and would add {_points(of.points)}"
        why = ", because these goods would leave a higher duty" if of.leaves_higher else ""
        return f"{touched} and would take off {_points(-of.points)}{why}"


def share_words(share: float) -> str:
    """Write a share of trade with one decimal; two where it is below one percent."""
    return f"{round(100 * share, 1 if share >= 0.01 else 2):g}%"


def _points(points: float) -> str:
    shown = round(points, 1)
    return f"{shown:g} point{'' if shown == 1 else 's'}"
