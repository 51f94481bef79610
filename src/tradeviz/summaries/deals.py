"""The lead of the page on deals: who has one, what was promised in them, and who carried them out."""

from __future__ import annotations

import pandas as pd

from tradeviz import talks
from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.summaries.notes import looks_back, tense
from tradeviz.talks import deals as analysis
from tradeviz.vocabulary import COMMITMENT_KINDS, COMMITMENT_STATUS_NAMES, STAGES
from tradeviz.wording import amount_bn, capital, count, count_days, day, listing, number

_FORMS = {
    "framework_announced": "a framework",
    "text_published": "a published text",
    "agreement_signed": "a signed agreement",
    "entered_into_force": "terms in force",
}


def deals(ds: Dataset) -> str:
    """Deals and their forms, commitments and their statuses, the largest pledge, who carried out what."""
    sentences = [_forms(ds), _commitments(ds), _largest(ds), _carried_out(ds)]
    return " ".join(filter(None, sentences))


def no_sum() -> str:
    """Why the chart of pledges has no sum, and what the sums below it are worth."""
    return (
        "The chart adds no pledges up: some contain others, some are for a year and some for many, and they "
        "mix loans, guarantees, orders of firms and plans. The last table of this part adds up what each "
        "side has said, with no part counted twice; not all of it is money that would not have come anyway."
    )


def _forms(ds: Dataset) -> str:
    stages = talks.stages(ds)
    stages = stages[stages["track"] == "reciprocal"]
    forms = [(int((stages["stage"] == stage).sum()), words) for stage, words in _FORMS.items()]
    total = int((stages["rung"] >= STAGES.index("framework_announced")).sum())
    if not total:
        return f"As of {day(ds.as_of)}, none of the {len(stages)} partners {tense(ds, 'has', 'had')} a deal."
    have = tense(ds, "has", "had") if total == 1 else tense(ds, "have", "had")
    parts = listing([f"{words} for {n}" for n, words in forms if n])
    return f"As of {day(ds.as_of)}, {total} of {len(stages)} partners {have} a deal; furthest form: {parts}."


def _commitments(ds: Dataset) -> str:
    rows = analysis.pledge_statuses(ds)
    counts = rows.groupby("status")["commitments"].sum()
    total = int(counts.sum())
    were = tense(ds, "is", "was") if total == 1 else tense(ds, "are", "were")
    said = capital(count(total, "commitment"))
    if not total:
        return f"{said} {were} on record."
    words = {**COMMITMENT_STATUS_NAMES, "": "without a status on record"}
    parts = [f"{counts[status]} {name}" for status, name in words.items() if counts.get(status, 0)]
    border = [ds.name(code) for code in ds.border if (rows["partner"] == code).any()]
    apart = f" (those with {listing(border)} included)" if border else ""
    return f"{said} {were} on record{apart}: {listing(parts)}."


def _largest(ds: Dataset) -> str:
    rows = analysis.pledges(ds)
    if rows.empty:
        return f"No pledge of investment or purchases with an amount {tense(ds, 'is', 'was')} on record."
    top = rows[rows["amount_usd_bn"] == rows["amount_usd_bn"].max()]
    row = records(top)[0]
    who = "United States" if row["by"] == "US" else ds.name(row["partner"])
    share = row["share_of_exports"]
    beside = "" if pd.isna(share) else f", {number(share)} times the partner's exports to the U.S. in 2024"
    status = COMMITMENT_STATUS_NAMES.get(row["status"], "without a status on record")
    one_of = f", one of {len(top)} of this amount" if len(top) > 1 else ""
    return (
        f"The largest pledge {tense(ds, 'is', 'was')} {amount_bn(row['amount_usd_bn'], row['amount_per'])} "
        f"({who}; {COMMITMENT_KINDS[row['kind']]}, {status}{one_of}){beside}."
    )


def _carried_out(ds: Dataset) -> str:
    rows = analysis.implementation(ds)
    if rows.empty:
        return ""
    had = "had been" if looks_back(ds) else "has been"
    which = "For the one deal" if len(rows) == 1 else f"Of the {len(rows)} deals"
    if rows[["us_days", "partner_days"]].isna().to_numpy().all():
        return f"{which}, an act to carry it out {had} taken by neither side."
    parts = []
    for side, who in (("us", "the United States"), ("partner", "the partner")):
        days = rows[f"{side}_days"].dropna()
        median = f" (median {count_days(float(days.median()))} after the deal)" if len(days) else ""
        parts.append(f"by {who} for {len(days) or 'none'}{median}")
    return f"{which}, an act to carry it out {had} taken {' and '.join(parts)}."
