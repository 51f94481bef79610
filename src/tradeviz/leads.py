"""Lead paragraphs and notes: the state of things in prose, computed from the data set.

On a page that looks back the past tense is used, on a page of the last covered day the present.
Nothing is said that the data set, cut at its as-of date, does not hold.
"""

from __future__ import annotations

import pandas as pd

from tradeviz import rates, talks
from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.tables import USMCA_EXEMPT
from tradeviz.vocabulary import GENERAL, LEVEL_NAMES, STAGES, layer_name
from tradeviz.wording import count, day, listing, rate

_TALKS_TABLES = ("meetings", "milestones", "issues", "commitments")
_STANDING = {
    "framework_announced": "a framework",
    "text_published": "a published text",
    "agreement_signed": "a signed agreement",
    "entered_into_force": "terms in force",
}


def overview(ds: Dataset) -> str:
    """Where the talks with the 18 stand, what is due next, what is threatened: one paragraph."""
    stages = talks.stages(ds)
    stages = stages[stages["track"] == "reciprocal"]
    total = len(stages)
    opened = int((stages["rung"] >= STAGES.index("talks_opened")).sum())
    had = _tense(ds, "have", "had")
    sentences = [
        f"As of {day(ds.as_of)}, {opened or 'none'} of {total} partners {had} opened talks or gone further"
    ]
    standing = [f"{n} {had if n > 1 else _tense(ds, 'has', 'had')} {words}" for n, words in _standing(stages)]
    sentences[0] += f"; {listing(standing)}." if standing else f"; none {had} a framework."
    for flag, words in (("suspended", "suspended"), ("broken_off", "broken off")):
        names = list(stages.loc[stages[flag], "name"])
        if names:
            were = _tense(ds, "are", "were")
            sentences.append(f"Talks with {listing(names)} {were} {words}.")
    sentences += [_next_cliff(ds), _open_proposals(ds)]
    return " ".join(filter(None, sentences))


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


def reach_note(ds: Dataset, code: str | None = None) -> str:
    """How far the record reaches, where it ends before the as-of date; else an empty text."""
    rows = ds.coverage[ds.coverage["table"].isin(_TALKS_TABLES)]
    if code is not None:
        rows = rows[rows["partner"] == code]
    last = rows["through"].max()
    if pd.isna(last) or last >= ds.as_of:
        return ""
    whom = "" if code is None else f" with {ds.name(code)}"
    return (
        f"The record of the talks{whom} ends on {day(last)}; what came after is not covered, "
        "and a quiet spell can be missing evidence."
    )


def nothing(ds: Dataset, what: str, partner: str | None = None) -> str:
    """Say in words that a chart or table would be empty: "No threat against South Korea is on record ..."."""
    whom = "" if partner is None else f" for {ds.name(partner)}"
    return f"No {what}{whom} {_tense(ds, 'is', 'was')} on record by {day(ds.as_of)}."


def changes_title(ds: Dataset, since: str) -> str:
    """The title of what changed."""
    return f"What became known after {day(since)}, up to {day(ds.as_of)}"


def exemption(ds: Dataset, code: str) -> str:
    """The exemption that stands beside every rate of a partner; "" where there is none."""
    return USMCA_EXEMPT if code in ds.border else ""


def events_for(ds: Dataset, code: str) -> pd.DataFrame:
    """The general events that concern a partner, by date: columns as in the table `events`."""
    scopes = ds.events["scope"].str.split(";")
    concerned = scopes.map(lambda codes: GENERAL in codes or code in codes)
    return ds.events[concerned].sort_values("date", kind="stable").reset_index(drop=True)


def _looks_back(ds: Dataset) -> bool:
    return ds.as_of < ds.coverage_end


def _tense(ds: Dataset, present: str, past: str) -> str:
    return past if _looks_back(ds) else present


def _standing(stages: pd.DataFrame) -> list[tuple[int, str]]:
    counts = [(int((stages["stage"] == stage).sum()), words) for stage, words in _STANDING.items()]
    return [(n, words) for n, words in counts if n]


def _next_cliff(ds: Dataset) -> str:
    calendar = rates.cliff_calendar(ds)
    of_the_18 = calendar["partners"].map(lambda codes: not set(ds.reciprocal).isdisjoint(codes.split(";")))
    calendar = calendar[of_the_18]
    is_due = _tense(ds, "is", "was")
    if calendar.empty:
        return f"No change of rates {is_due} ordered for a later day."
    whole = rates.whole_economy_rows(calendar)
    first = (whole if len(whole) else calendar).iloc[0]
    single = first["n_partners"] == 1
    who = ds.name(first["partners"]) if single else count(int(first["n_partners"]), "partner")
    low, high = rate(first["lowest_pct"], first["basis"]), rate(first["highest_pct"], first["basis"])
    to = high if low == high else f"between {low} and {high}"
    layer = layer_name(first["layer"], first["product"])
    return f"The next change ordered {is_due} due on {day(first['effective'])}: {layer} to {to} for {who}."


def _open_proposals(ds: Dataset) -> str:
    sentences = []
    for force, noun, waiting in (("threat", "threat", "open"), ("deal", "agreed rate", "not yet ordered")):
        rows = rates.proposals(ds, force)
        n = rows.loc[rows["alive"], "order_id"].nunique()
        if n or force == "threat":
            be = _tense(ds, "is", "was") if n == 1 else _tense(ds, "are", "were")
            sentences.append(f"{count(n, noun).capitalize()} {be} {waiting}.")
    return " ".join(sentences)


def _stage(ds: Dataset, stage: pd.Series) -> str:
    name = stage["name"]
    if not stage["stage"]:
        be = _tense(ds, "is", "was")
        return f"As of {day(ds.as_of)}, no contact with {name} on the tariffs {be} on record."
    had = _tense(ds, "has", "had")
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
    rests = f"; it {_tense(ds, 'rests', 'rested')} on: {document}" if document else ""
    return f"As of {day(ds.as_of)}, {reached} {since}{rests}."


def _flags(ds: Dataset, stage: pd.Series) -> str:
    have_been = _tense(ds, "have been", "had been")
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
        return f"No whole-economy duty of these talks {_tense(ds, 'is', 'was')} in force on goods of {name}."
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
    return f"Its goods {_tense(ds, 'face', 'faced')} {listing(parts)}{exempt}."


def _deadline(ds: Dataset, code: str) -> str:
    due = rates.cliffs(ds, code)
    was = _tense(ds, "is", "was")
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
    stands = _tense(ds, "stands", "stood")
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
        be = _tense(ds, "is", "was")
        sentences.append(f"{text} {day(last['announced'])}, {be} {waits}{more}.")
    return " ".join(sentences)


def _last_meeting(ds: Dataset, code: str) -> str:
    last = talks.last_meetings(ds).set_index("partner").loc[code]
    if pd.isna(last["last_date"]):
        return f"No meeting or call {_tense(ds, 'is', 'was')} on record."
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
            be = _tense(ds, "is", "was") if n == 1 else _tense(ds, "are", "were")
            sentences.append(f"{count(n, 'agreed step').capitalize()} {be} {words}.")
    return " ".join(sentences)
