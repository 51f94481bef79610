"""The entries of a brief's definition list, and how far its record reaches, in words."""

from __future__ import annotations

from typing import NamedTuple

from tradeviz.summaries.brief import LEAST_MOVE, BriefFacts, Pledge, share_words
from tradeviz.vocabulary import COMMITMENT_STATUS_NAMES, LEVEL_NAMES, STAGE_NAMES
from tradeviz.wording import amount_bn, count, day, listing, rounded_rate, sentence

_MOST_MISSING = 2
"""Contacts known to be missing that are told one by one."""


class Figure(NamedTuple):
    """One entry of the definition list: what it is, its value, and what has to be said beside it."""

    term: str
    value: str
    notes: tuple[str, ...]


def figures(facts: BriefFacts) -> list[Figure]:
    """The entries of the definition list, in their order."""
    return [
        _rate_now(facts),
        _charged(facts),
        _stage(facts),
        _contact(facts),
        _dates(facts),
        _pledges(facts),
        _news(facts),
    ]


def reach(facts: BriefFacts) -> list[str]:
    """How far the record reaches, in three lines."""
    rates = f"Orders and events are on record to {day(facts.rates_through)}"
    lines = [f"{rates}, meetings with {facts.long_name} to {day(facts.contact.recorded_through)}."]
    if not facts.on_record:
        lines = [f"{rates}; of {facts.long_name} there are no imports, meetings or documents."]
    elif facts.contact.missing:
        missing = list(facts.contact.missing[-_MOST_MISSING:])
        more = len(facts.contact.missing) - len(missing)
        missing += [f"{count(more, 'earlier one')}"] if more else []
        lines.append(sentence(f"Known to be missing from the meetings: {'; '.join(missing)}"))
    else:
        lines.append("No contact is known to be missing, but not every contact becomes public.")
    average = "Effective rate and points are our calculation, at the U.S. imports of 2024"
    left = facts.unweighed
    left_out = f"; {count(left, 'change')} ahead could not be weighed" if left else ""
    lines.append(f"{average}{left_out}. This is not an official source.")
    return lines


def _rate_now(facts: BriefFacts) -> Figure:
    term = "Effective rate now" if not facts.looks_back else f"Effective rate on {day(facts.as_of)}"
    if not facts.on_record:
        return Figure(term, "not known", ("the record has no imports from it",))
    if facts.effective_pct is None or facts.base_pct is None or facts.added_pct is None:
        return Figure(term, "not known yet", ("the imports of 2024 were not published",))
    notes = [f"2024: {rounded_rate(facts.base_pct)}; {_signed(facts.added_pct)} points since"]
    ends = {1: "the highest", facts.partners: "the lowest"}
    rank = ends.get(facts.rank, f"{_ordinal(facts.rank)} highest")
    notes.append(f"{rank} of {facts.partners}")
    if facts.moved_points is not None:
        moved = abs(facts.moved_points) >= LEAST_MOVE
        notes.append(f"{_signed(facts.moved_points)} points in 30 days" if moved else "unmoved for 30 days")
    return Figure(term, rounded_rate(facts.effective_pct), tuple(notes))


def _charged(facts: BriefFacts) -> Figure:
    term = "Charged by customs"
    if facts.charged_month is None or facts.charged_pct is None:
        return Figure(term, "not published" if facts.on_record else "not on record", ())
    when = f"of customs value in {facts.charged_month:%B %Y}"
    return Figure(term, rounded_rate(facts.charged_pct), (when,))


def _stage(facts: BriefFacts) -> Figure:
    term = "Stage of the talks"
    if not facts.stage:
        return Figure(term, "no contact on record", ())
    if facts.broken_off_on:
        notes = [f"on {day(facts.broken_off_on)}"]
        notes += [f"reached before: {STAGE_NAMES[facts.lost_stage]}"] if facts.lost_stage else []
        return Figure(term, "broken off", tuple(notes))
    value = "term ended" if facts.term_ended else STAGE_NAMES[facts.stage]
    notes = [f"on {day(facts.term_ended)}" if facts.term_ended else facts.rests_on.partition(": ")[2]]
    if not facts.term_ended:
        notes.append(f"stage first reached on {day(facts.since)}")
    if facts.suspended_since:
        notes.append(f"suspended since {day(facts.suspended_since)}")
    return Figure(term, value, tuple(filter(None, notes)))


def _dates(facts: BriefFacts) -> Figure:
    if not facts.dates:
        return Figure("Next dates", "none on record", ())
    lines = []
    for due in facts.dates:
        weight = ""
        if due.points is not None and due.share is not None:
            weight = f" ({_signed(due.points, 2)} points, {share_words(due.share)} of trade)"
        others = f"; {count(due.others, 'other')} that day" if due.others else ""
        lines.append(f"{day(due.day)}: {due.what}{weight}{others}")
    return Figure("Next dates", "", tuple(lines))


def _contact(facts: BriefFacts) -> Figure:
    last, level, through, missing = facts.contact
    term = "Last contact on record"
    if last is None:
        return Figure(term, "none", (f"record to {day(through)}",) if facts.on_record else ())
    notes = [f"{LEVEL_NAMES[level]}; the record of meetings ends on {day(through)}"]
    if missing:
        notes.append(f"{count(len(missing), 'later contact')} known to be missing")
    return Figure(term, day(last), tuple(notes))


def _pledges(facts: BriefFacts) -> Figure:
    term = "Largest pledges"
    if not facts.pledges:
        named = f"{count(facts.other_pledges, 'pledge')} without an amount" if facts.other_pledges else "none"
        return Figure(term, named, ())
    lines = [_pledge(pledge) for pledge in facts.pledges]
    if facts.other_pledges:
        lines.append(f"{count(facts.other_pledges, 'other pledge')}: see below")
    return Figure(term, "", tuple(lines))


def _news(facts: BriefFacts) -> Figure:
    term = f"Since {day(facts.news_since)}"
    if not facts.news:
        return Figure(term, "nothing on record", ())
    lines = [
        f"{day(entry.day)}: {entry.text}" + (f" ({_signed(entry.points, 2)} points)" if entry.points else "")
        for entry in facts.news
    ]
    if facts.other_news:
        lines.append(f"{count(facts.other_news, 'entry', 'entries')} more: see below")
    return Figure(term, "", tuple(lines))


def _pledge(pledge: Pledge) -> str:
    amount = ""
    if pledge.amount_bn is not None:
        amount = f"{amount_bn(pledge.amount_bn, pledge.per, pledge.currency)}, "
    text = f"{amount}{pledge.what}, {day(pledge.announced)}"
    if pledge.status:
        text += f": {COMMITMENT_STATUS_NAMES[pledge.status]}"
        if pledge.status_day not in (None, pledge.announced):
            text += f" since {day(pledge.status_day)}"
    if pledge.delivered_bn:
        text += f"; of it {listing([amount_bn(part) for part in pledge.delivered_bn])} delivered"
    return text


def _signed(value: float, digits: int = 1) -> str:
    shown = round(value, digits) + 0.0
    return f"{'+' if shown > 0 else '−' if shown < 0 else '±'}{abs(shown):g}"


def _ordinal(n: int) -> str:
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"
