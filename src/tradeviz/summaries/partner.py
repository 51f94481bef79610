"""The title and lead of a partner's page."""

from __future__ import annotations

import pandas as pd

from tradeviz import rates, talks
from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.summaries.notes import tense
from tradeviz.vocabulary import LEVEL_NAMES, USMCA_EXEMPT, layer_name
from tradeviz.wording import count, day, listing, rate


def partner_title(ds: Dataset, partner: str) -> str:
    """The question that a partner's page answers."""
    return f"{ds.name(partner)}: how far have the tariff talks come?"


def partner(ds: Dataset, code: str) -> str:
    """Where the talks with one partner stand: stage, rates, deadline, threats, last meeting."""
    stages = talks.stages(ds)
    stage = stages[stages["partner"] == code].iloc[0]
    sentences = [_stage(ds, stage), _flags(ds, stage), _rates(ds, code), _deadline(ds, code)]
    sentences += [_proposed(ds, code), _last_meeting(ds, code), _steps(ds, code)]
    return " ".join(filter(None, sentences))


def _stage(ds: Dataset, stage: pd.Series) -> str:
    name = stage["name"]
    if not stage["stage"]:
        be = tense(ds, "is", "was")
        return f"As of {day(ds.as_of)}, no contact with {name} on the tariffs {be} on record."
    had = tense(ds, "has", "had")
    reached = {
        "contact": f"{name} {had} been in contact with the United States, without talks being opened,",
        "talks_opened": f"{name} {had} opened talks,",
        "framework_announced": f"{name} {had} a framework announced,",
        "text_published": f"{name} {had} a published text,",
        "agreement_signed": f"{name} {had} a signed agreement,",
        "entered_into_force": f"{name} {had} terms in force,",
    }[stage["stage"]]
    since = f"a stage first reached on {day(stage['since'])}"
    document = stage["rests_on"].partition(": ")[2]
    rests = f"; it {tense(ds, 'rests', 'rested')} on: {document}" if document else ""
    return f"As of {day(ds.as_of)}, {reached} {since}{rests}."


def _flags(ds: Dataset, stage: pd.Series) -> str:
    have_been = tense(ds, "have been", "had been")
    if stage["suspended"]:
        return f"The talks {have_been} suspended since {day(stage['suspended_since'])}."
    if stage["broken_off"]:
        return f"The talks {have_been} broken off since {day(stage['broken_off_on'])}."
    return ""


def _rates(ds: Dataset, code: str) -> str:
    rows = rates.whole_economy_rows(rates.in_force(ds, partner=code))
    rows = rows[rows["rate_pct"] != 0]
    name = ds.name(code)
    if rows.empty:
        return f"No whole-economy duty of these talks {tense(ds, 'is', 'was')} in force on goods of {name}."
    by_basis: dict[str, list[str]] = {}
    for row in records(rows):
        layer = layer_name(row["layer"], row["product"])
        by_basis.setdefault(row["basis"], []).append(f"{rate(row['rate_pct'])} {layer}")
    parts = []
    if "additional" in by_basis:
        parts.append(f"{listing(by_basis['additional'])} on top of the normal (MFN) duty")
    if "all_in" in by_basis:
        parts.append(f"{listing(by_basis['all_in'])} all-in, the normal duty contained")
    exempt = f"; {USMCA_EXEMPT}" if code in ds.border else ""
    return f"Its goods {tense(ds, 'face', 'faced')} {listing(parts)}{exempt}."


def _deadline(ds: Dataset, code: str) -> str:
    due = rates.cliffs(ds, code)
    was = tense(ds, "is", "was")
    if due.empty:
        return f"No change {was} ordered for a later day."
    whole = rates.whole_economy_rows(due)
    first = (whole if len(whole) else due).iloc[0]
    layer = layer_name(first["layer"], first["product"])
    before = first["from_rate_pct"]
    start = "" if pd.isna(before) else f" from {rate(before, first['from_basis'])}"
    text = f"The next deadline {was} {day(first['effective'])}, when {layer} {was} ordered to go{start} to"
    return f"{text} {rate(first['rate_pct'], first['basis'])}{_deal_beside(ds, first['deal_order_id'])}."


def _deal_beside(ds: Dataset, order_id: str) -> str:
    if not order_id:
        return ""
    deal = ds.tariffs[ds.tariffs["order_id"] == order_id].iloc[0]
    agreed = rate(deal["rate_pct"], deal["basis"])
    stands = tense(ds, "stands", "stood")
    return f"; a deal of {day(deal['announced'])} at {agreed}, not yet ordered, {stands} beside it"


def _proposed(ds: Dataset, code: str) -> str:
    sentences = []
    for force, words, waits in (
        ("threat", "A threat of", "open"),
        ("deal", "An agreed rate of", "not yet ordered"),
    ):
        rows = rates.proposals(ds, force, code)
        alive = rows[rows["alive"]]
        if alive.empty:
            continue
        whole = rates.whole_economy_rows(alive)
        last = (whole if len(whole) else alive).iloc[-1]
        layer = layer_name(last["layer"], last["product"])
        start = "" if pd.isna(last["effective"]) else f" from {day(last['effective'])}"
        more = f", beside {count(len(alive) - 1, 'other')}" if len(alive) > 1 else ""
        text = f"{words} {rate(last['rate_pct'], last['basis'])} on {layer}{start}, announced on"
        be = tense(ds, "is", "was")
        sentences.append(f"{text} {day(last['announced'])}, {be} {waits}{more}.")
    return " ".join(sentences)


def _last_meeting(ds: Dataset, code: str) -> str:
    last = talks.last_meetings(ds).set_index("partner").loc[code]
    if pd.isna(last["last_date"]):
        return f"No meeting or call {tense(ds, 'is', 'was')} on record."
    ago = int(last["days_since"])
    when = "that day" if ago == 0 else f"{count(ago, 'day')} before"
    return (
        f"The two sides last met or spoke on {day(last['last_date'])} ({LEVEL_NAMES[last['level']]}), {when}."
    )


def _steps(ds: Dataset, code: str) -> str:
    status = talks.next_steps(ds, code)["status"]
    sentences = []
    for n, words in (
        (int(status.isin(["open", "due"]).sum()), "open"),
        (int((status == "overdue").sum()), "past the day named, without a known outcome"),
    ):
        if n:
            be = tense(ds, "is", "was") if n == 1 else tense(ds, "are", "were")
            sentences.append(f"{count(n, 'agreed step').capitalize()} {be} {words}.")
    return " ".join(sentences)
