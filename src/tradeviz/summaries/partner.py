"""The title and summary of a partner's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from tradeviz import rates, talks
from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.summaries.facts import Facts, all_goods_first, looks_back, plain_day
from tradeviz.summaries.notes import exemption
from tradeviz.vocabulary import LEVEL_NAMES, layer_name
from tradeviz.wording import count, day, listing, rate, with_article

_REACHED = {
    "contact": "been in contact with the United States, without talks being opened,",
    "talks_opened": "opened talks,",
    "framework_announced": "a framework announced,",
    "text_published": "a published text,",
    "agreement_signed": "a signed agreement,",
    "entered_into_force": "terms in force,",
}
_BASES = {"additional": "on top of the normal (MFN) duty", "all_in": "all-in, the normal duty contained"}


class LayerRate(NamedTuple):
    """A rate of a layer, in percent."""

    layer: str
    pct: float
    basis: str


class Deadline(NamedTuple):
    """A change already ordered: its day, the rate before it (if any) and from then on, a deal beside it."""

    day: date
    before: LayerRate | None
    after: LayerRate
    deal_announced: date | None
    deal: LayerRate | None


class Proposal(NamedTuple):
    """A threat or deal that stands: its rate, its first day, when it was announced, how many others stand."""

    rate: LayerRate
    effective: date | None
    announced: date
    others: int


@dataclass(frozen=True)
class PartnerFacts(Facts):
    """Where the talks with one partner stand, and which duties its goods face.

    Attributes
    ----------
    name : str
        English short name of the partner.
    stage : str
        The furthest stage of the ladder; "" without any contact.
    since, suspended_since, broken_off_on : datetime.date or None
        Days on which the stage was first reached and talks were suspended or broken off.
    document : str
        The document that the stage rests on; "" for none.
    term_ended : datetime.date or None
        The last day of that document, where it has passed.
    in_force : tuple of LayerRate
        Rates on all goods other than zero.
    exemption : str
        The exemption that stands beside these rates; "" for none.
    deadline : Deadline or None
        The next change ordered: on all goods, or else in a sector.
    threat, agreed : Proposal or None
        The latest threat that is open and agreed rate that is not yet ordered: on all goods, or
        else in a sector.
    last_met : datetime.date or None
        The day of the last meeting or call.
    last_level : str
        The level of that meeting; "" for none.
    open_steps, overdue_steps : int
        Agreed steps that are open, and that passed their day without a known outcome.
    """

    name: str
    stage: str
    since: date | None
    document: str
    term_ended: date | None
    suspended_since: date | None
    broken_off_on: date | None
    in_force: tuple[LayerRate, ...]
    exemption: str
    deadline: Deadline | None
    threat: Proposal | None
    agreed: Proposal | None
    last_met: date | None
    last_level: str
    open_steps: int
    overdue_steps: int

    def sentences(self) -> list[str]:
        """Stage, flags, rates, deadline, threat and deal, last meeting, agreed steps."""
        return [
            self._stage(),
            self._flags(),
            self._rates(),
            self._deadline(),
            self._proposal(self.threat, "A threat of", "open"),
            self._proposal(self.agreed, "An agreed rate of", "not yet ordered"),
            self._last_meeting(),
            self._steps(self.open_steps, "open"),
            self._steps(self.overdue_steps, "past the day named, without a known outcome"),
        ]

    def _stage(self) -> str:
        start = f"As of {day(self.as_of)}"
        if not self.stage:
            return f"{start}, no contact with {with_article(self.name)} on the tariffs {self.be()} on record."
        if self.term_ended:
            ended = f"{start}, the term of the deal with {with_article(self.name)} {self.have()} ended"
            return f"{ended}; it rested on: {self.document}."
        rests = f"; it {self.tense('rests', 'rested')} on: {self.document}" if self.document else ""
        reached = f"{with_article(self.name)} {self.have()} {_REACHED[self.stage]}"
        return f"{start}, {reached} a stage first reached on {day(self.since)}{rests}."

    def _flags(self) -> str:
        have_been = self.tense("have been", "had been")
        if self.suspended_since:
            return f"The talks {have_been} suspended since {day(self.suspended_since)}."
        if self.broken_off_on:
            return f"The talks {have_been} broken off since {day(self.broken_off_on)}."
        return ""

    def _rates(self) -> str:
        if not self.in_force:
            goods = f"goods of {with_article(self.name)}"
            return f"No whole-economy duty of these talks {self.be()} in force on {goods}."
        by_basis: dict[str, list[str]] = {}
        for one in self.in_force:
            by_basis.setdefault(one.basis, []).append(f"{rate(one.pct)} {one.layer}")
        parts = [f"{listing(by_basis[one])} {words}" for one, words in _BASES.items() if one in by_basis]
        exempt = f"; {self.exemption}" if self.exemption else ""
        return f"Its goods {self.tense('face', 'faced')} {listing(parts)}{exempt}."

    def _deadline(self) -> str:
        if self.deadline is None:
            return f"No change {self.be()} ordered for a later day."
        when, before, after, announced, deal = self.deadline
        start = f" from {rate(before.pct, before.basis)}" if before else ""
        beside = ""
        if deal:
            beside = f"; a deal of {day(announced)} at {rate(deal.pct, deal.basis)}, not yet ordered, "
            beside += f"{self.tense('stands', 'stood')} beside it"
        text = f"The next deadline {self.be()} {day(when)}, when {after.layer} {self.be()} ordered to go"
        return f"{text}{start} to {rate(after.pct, after.basis)}{beside}."

    def _proposal(self, proposal: Proposal | None, words: str, waits: str) -> str:
        if proposal is None:
            return ""
        of = proposal.rate
        start = f" from {day(proposal.effective)}" if proposal.effective else ""
        more = f", beside {count(proposal.others, 'other')}" if proposal.others else ""
        return (
            f"{words} {rate(of.pct, of.basis)} on {of.layer}{start}, announced on {day(proposal.announced)},"
            f" {self.be()} {waits}{more}."
        )

    def _last_meeting(self) -> str:
        if self.last_met is None:
            return f"No meeting or call {self.be()} on record."
        ago = (self.as_of - self.last_met).days
        when = f"{count(ago, 'day')} before" if ago else "that day"
        level = LEVEL_NAMES[self.last_level]
        return f"The two sides last met or spoke on {day(self.last_met)} ({level}), {when}."

    def _steps(self, n: int, words: str) -> str:
        return f"{count(n, 'agreed step').capitalize()} {self.be(n)} {words}." if n else ""


def partner_title(ds: Dataset, partner: str) -> str:
    """The question that a partner's page answers.

    Examples
    --------
    >>> summaries.partner_title(ds, "KOR")
    'South Korea: how far have the tariff talks come?'
    """
    return f"{ds.name(partner)}: how far have the tariff talks come?"


def partner(ds: Dataset, code: str) -> PartnerFacts:
    """Say where the talks with one partner stand: stage, rates, deadline, threats, last meeting.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    code : str
        ISO 3166 alpha-3 code of the partner, EUU for the European Union.

    Returns
    -------
    PartnerFacts
        The facts; `.text` is the paragraph.

    Examples
    --------
    >>> facts = summaries.partner(ds, "KOR")
    >>> facts.stage, facts.last_met.isoformat()
    ('talks_opened', '2025-04-24')
    >>> facts.in_force
    (LayerRate(layer='reciprocal', pct=10.0, basis='additional'),)
    >>> facts.sentences()[3]
    'The next deadline was 9 July 2025, when reciprocal was ordered to go from 10% to 25%.'
    """
    stages = talks.stages(ds)
    stage = stages[stages["partner"] == code].iloc[0]
    in_force = rates.whole_economy_rows(rates.in_force(ds, partner=code))
    last = talks.last_meetings(ds).set_index("partner").loc[code]
    steps = talks.next_steps(ds, code)["status"]
    return PartnerFacts(
        as_of=ds.as_of.date(),
        looks_back=looks_back(ds),
        name=stage["name"],
        stage=stage["stage"],
        since=plain_day(stage["since"]),
        document=stage["rests_on"].partition(": ")[2],
        term_ended=plain_day(stage["ends"]) if stage["term_ended"] else None,
        suspended_since=plain_day(stage["suspended_since"]),
        broken_off_on=plain_day(stage["broken_off_on"]),
        in_force=tuple(_layer_rate(row) for row in records(in_force[in_force["rate_pct"] != 0])),
        exemption=exemption(ds, code),
        deadline=_next_deadline(ds, code),
        threat=_latest(ds, "threat", code),
        agreed=_latest(ds, "deal", code),
        last_met=plain_day(last["last_date"]),
        last_level=str(last["level"]),
        open_steps=int(steps.isin(["open", "due"]).sum()),
        overdue_steps=int((steps == "overdue").sum()),
    )


def _layer_rate(row: dict[str, Any] | pd.Series) -> LayerRate:
    return LayerRate(layer_name(row["layer"], row["product"]), float(row["rate_pct"]), row["basis"])


def _next_deadline(ds: Dataset, code: str) -> Deadline | None:
    due = rates.cliffs(ds, code)
    if due.empty:
        return None
    first = all_goods_first(due).iloc[0]
    after, before = _layer_rate(first), None
    if not pd.isna(first["from_rate_pct"]):
        before = LayerRate(after.layer, float(first["from_rate_pct"]), first["from_basis"])
    deal = records(ds.tariffs[ds.tariffs["order_id"] == first["deal_order_id"]])[:1]
    return Deadline(
        day=first["effective"].date(),
        before=before,
        after=after,
        deal_announced=plain_day(deal[0]["announced"]) if deal else None,
        deal=_layer_rate(deal[0]) if deal else None,
    )


def _latest(ds: Dataset, force: str, code: str) -> Proposal | None:
    proposals = rates.proposals(ds, force, code)
    alive = proposals[proposals["alive"]]
    if alive.empty:
        return None
    last = all_goods_first(alive).iloc[-1]
    return Proposal(_layer_rate(last), plain_day(last["effective"]), last["announced"].date(), len(alive) - 1)
