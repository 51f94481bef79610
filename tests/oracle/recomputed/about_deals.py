"""The summaries about deals and about the evidence."""

from __future__ import annotations

from collections import Counter
from statistics import median

from tests.oracle.later import cited
from tests.oracle.recomputed import ladder
from tests.oracle.recomputed.words import be, count, have, in_figures, listing, number, upper
from tests.oracle.tables import KNOWN_ON, days_between, known, name_of, partners, rows, split, words
from tradeviz.vocabulary import COMMITMENT_STATUS_NAMES

KINDS = {"investment": "investment", "purchase": "purchases"}
TALKS = ("meetings", "milestones", "issues", "commitments", "commitment_status")
FACTS = (*TALKS, "tariffs", "events")


def deals(as_of: str) -> list[str]:
    """Deals by form, commitments by status, the largest pledge, acts that carried deals out."""
    the_18 = partners("reciprocal")
    forms = Counter(ladder.standing(code, as_of).stage for code in the_18)
    total = sum(forms[form] for form in ladder.FORMS)
    start = f"As of {words(as_of)}, "
    if total:
        parts = listing([f"{name} for {forms[form]}" for form, name in ladder.FORMS.items() if forms[form]])
        found = [f"{start}{total} of {len(the_18)} partners {have(as_of, total)} a deal", f"form: {parts}."]
    else:
        found = [f"{start}none of the {len(the_18)} partners {have(as_of)} a deal."]
    return [*found, *_commitments(as_of), _largest(as_of), *_carried_out(as_of)]


def _status(as_of: str) -> dict[str, str]:
    changes = sorted(known("commitment_status", as_of), key=lambda row: row["date"])
    return {row["commitment_id"]: row["status"] for row in changes}


def _commitments(as_of: str) -> list[str]:
    made = [row["commitment_id"] for row in known("commitments", as_of)]
    latest = _status(as_of)
    counts = Counter(latest.get(one, "") for one in made)
    names = {**COMMITMENT_STATUS_NAMES, "": "without a status on record"}
    parts = [f"{counts[status]} {name}" for status, name in names.items() if counts[status]]
    said = f"{upper(count(len(made), 'commitment'))} {be(as_of, 1 if len(made) == 1 else 2)} on record"
    return [said, f": {listing(parts)}."] if made else [said]


def _largest(as_of: str) -> str:
    pledged = [row for row in known("commitments", as_of) if row["kind"] in KINDS and row["amount_usd_bn"]]
    if not pledged:
        return "No pledge of investment or purchases"
    most = max(float(row["amount_usd_bn"]) for row in pledged)
    order = partners()
    top = [row for row in pledged if float(row["amount_usd_bn"]) == most]
    row = min(top, key=lambda one: (order.index(one["partner"]), one["announced"]))
    who = "United States" if row["by"] == "US" else name_of(row["partner"])
    each = " a year" if row["amount_per"] == "year" else ""
    amount = f"${number(most)} billion" if most >= 1 else f"${number(1000 * most)} million"
    among = f", one of {len(top)} of this amount" if len(top) > 1 else ""
    status = COMMITMENT_STATUS_NAMES.get(
        _status(as_of).get(row["commitment_id"], ""), "without a status on record"
    )
    text = f"{amount}{each} ({who}; {KINDS[row['kind']]}, {status}{among})"
    sold = [
        one
        for one in known("trade_annual", as_of)
        if (one["partner"], one["year"]) == (row["partner"], "2024")
    ]
    if row["by"] == "US" or not sold or not sold[0]["us_goods_imports_usd_bn"]:
        return f"{text}."
    times = most / float(sold[0]["us_goods_imports_usd_bn"])
    return f"{text}, {number(times)} times the partner's exports to the U.S. in 2024."


def _carried_out(as_of: str) -> list[str]:
    with_deal = [code for code in partners() if ladder.first_form(code, as_of)]
    if not with_deal:
        return []
    which = "For the one deal" if len(with_deal) == 1 else f"Of the {len(with_deal)} deals"
    found, acts = [which], 0
    for stage, who in (("us_implemented", "the United States"), ("partner_ratified", "the partner")):
        took = [ladder.days_to_act(code, stage, as_of) for code in with_deal]
        days = [one for one in took if one is not None]
        acts += len(days)
        middle = f" (median {in_figures(median(days), 'day')} after the deal)" if days else ""
        found.append(f"by {who} for {len(days) or 'none'}{middle}")
    return found if acts else [which]


def evidence(as_of: str) -> list[str]:
    """Rows and sources, what they rest on, for whom evidence is old, how far the data reach."""
    facts = {table: known(table, as_of) for table in FACTS}
    total = sum(map(len, facts.values()))
    single = sum(len(set(split(row["source_ids"]))) == 1 for own in facts.values() for row in own)
    found = [
        f"As of {words(as_of)}",
        f"{count(total, 'row')} about talks",
        f"{count(len(cited(as_of)), 'source')}.",
        f"The data reach to {words(as_of)}.",
        f"for {_old(as_of) or 'none'} of {len(partners())} partners",
        "more than 60 days old",
    ]
    primary = {row["source_id"] for row in rows("sources") if row["kind"] == "primary"}
    parts = []
    for table, name in (("tariffs", "rates"), ("milestones", "milestones"), ("meetings", "meetings")):
        own = facts[table]
        if own:
            share = sum(bool(primary & set(split(row["source_ids"]))) for row in own) / len(own)
            parts.append(f"{share:.0%} of the {name}")
    found += [f"behind {listing(parts)}."] if parts else []
    alone = f"{upper(count(single, 'row'))} ({single / total:.0%})" if single else "No row"
    found.append(f"{alone} {_rests(as_of, single)} on one source only.")
    marked = [
        f"{sum(row['confidence'] == 'single' for row in facts[table]) or 'none'} of the {name}"
        for table, name in (("tariffs", "rates"), ("milestones", "milestones"))
    ]
    return [*found, f"Marked so {be(as_of, 2)} {listing(marked)}."]


def _rests(as_of: str, n: int) -> str:
    return "rested" if be(as_of) == "was" else "rests" if n < 2 else "rest"


def _old(as_of: str) -> int:
    """Partners whose last fact of the talks is more than 60 days old, or missing."""
    owner = {row["commitment_id"]: row["partner"] for row in known("commitments", as_of)}
    told: dict[tuple[str, str], set[str]] = {}
    for row in known("tariffs", as_of):
        if row["force"] == "order":
            told.setdefault((row["partner"], row["announced"]), set()).update(split(row["source_ids"]))
    recent = set()
    for table in TALKS:
        for row in known(table, as_of):
            code = row.get("partner") or owner[row["commitment_id"]]
            day = row[KNOWN_ON[table]]
            again = table == "issues" and set(split(row["source_ids"])) <= told.get((code, day), set())
            if days_between(day, as_of) <= 60 and not again:
                recent.add(code)
    return len(partners()) - len(recent)
