"""Every number, day and amount in the lead paragraphs, with the words around it, computed again.

Each function gives the fragments that must stand in a lead. `account` takes them out and tells
which are missing, and which numbers are left that nothing accounts for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from statistics import median

from soak.later import cited
from soak.recomputed import ladder, meetings, orders, totals, trade
from soak.recomputed.words import be, count, have, in_figures, listing, number, rate, upper
from soak.tables import days_between, known, name_of, partners, rows, split, words

NUMBERS = re.compile(
    r"(?i)\d[\d,.]*|\b(?:no|none|one|two|three|four|five|six|seven|eight|nine|ten|that day)\b"
)
STATUSES = {
    "pledged": "pledged",
    "in_text": "in a text",
    "delivered": "delivered",
    "disputed": "disputed",
    "void": "void",
}
KINDS = {"investment": "investment", "purchase": "purchases"}
TALKS = ("meetings", "milestones", "issues", "commitments", "commitment_status")
FACTS = ("meetings", "tariffs", "milestones", "issues", "commitments", "commitment_status", "events")


def account(text: str, fragments: list[str]) -> tuple[list[str], list[str]]:
    """Take fragments out of a lead.

    Returns
    -------
    tuple of list of str
        The fragments that the lead lacks, and the numbers that no fragment accounts for.
    """
    missing = [one for one in fragments if one not in text]
    for one in sorted(fragments, key=len, reverse=True):
        text = text.replace(one, " \N{BULLET} ")
    return missing, NUMBERS.findall(text)


def overview(as_of: str) -> list[str]:
    """Stages of the 18, talks suspended, the next change, threats and deals that stand."""
    at = [ladder.standing(code, as_of) for code in partners("reciprocal")]
    opened = sum(one.rung >= 1 for one in at)
    found = [f"As of {words(as_of)}, {opened or 'none'} of {len(at)} partners {have(as_of, 2)} opened talks"]
    forms = Counter(one.stage for one in at)
    standing = [
        f"{forms[form]} {have(as_of, forms[form])} {name}"
        for form, name in ladder.FORMS.items()
        if forms[form]
    ]
    found.append(f"; {listing(standing)}." if standing else f"; none {have(as_of, 2)} a framework.")
    for flag, said in (("suspended", "suspended"), ("broken_off", "broken off")):
        names = [
            name_of(code) for code in partners("reciprocal") if getattr(ladder.standing(code, as_of), flag)
        ]
        if names:
            found.append(f"Talks with {listing(names)} {be(as_of, 2)} {said}.")
    return [*found, _next_change(as_of), *_proposals(as_of)]


def _next_change(as_of: str) -> str:
    calendar = [one for one in orders.gathered(as_of) if set(one.partners) & set(partners("reciprocal"))]
    if not calendar:
        return f"No change of rates {be(as_of)} ordered for a later day."
    first = _whole_first(calendar)[0]
    low, high = rate(first.rates[0], first.basis), rate(first.rates[-1], first.basis)
    to = high if low == high else f"between {low} and {high}"
    return f"due on {words(first.day)}: {first.name} to {to} for {_whom(first.partners)}."


def _whole_first(calendar: list[orders.Change]) -> list[orders.Change]:
    return [one for one in calendar if orders.is_whole(one.layer, one.product)] or calendar


def _whom(codes: list[str]) -> str:
    return name_of(codes[0]) if len(codes) == 1 else count(len(codes), "partner")


def _proposals(as_of: str) -> list[str]:
    threats, deals = (
        len({row["order_id"] for row in orders.alive(as_of, kind)}) for kind in ("threat", "deal")
    )
    found = [f"{upper(count(threats, 'threat'))} {be(as_of, 1 if threats == 1 else 2)} open."]
    if deals:
        found.append(
            f"{upper(count(deals, 'agreed rate'))} {be(as_of, 1 if deals == 1 else 2)} not yet ordered."
        )
    return found


def partner(code: str, as_of: str) -> list[str]:
    """A partner's stage, rates, deadline, threats and deals, last meeting and open steps."""
    at = ladder.standing(code, as_of)
    found = [f"As of {words(as_of)}"]
    if at.rung < 0:
        found.append(f"no contact with {name_of(code)} on the tariffs")
    else:
        found.append(f"a stage first reached on {words(at.since)}")
        document = ladder.paper(at, as_of)
        if document:
            found.append(f"on: {document}.")
    if at.suspended:
        found.append(f"suspended since {words(at.suspended)}")
    elif at.broken_off:
        found.append(f"broken off since {words(at.broken_off)}")
    return [*found, *_rates(code, as_of), _deadline(code, as_of), *_proposed(code, as_of), *_met(code, as_of)]


def _rates(code: str, as_of: str) -> list[str]:
    standing = orders.in_force(as_of, code)
    if not standing:
        return ["No whole-economy duty of these talks"]
    by_basis: dict[str, list[str]] = {}
    for _, step in standing:
        by_basis.setdefault(step["basis"], []).append(
            f"{rate(step['rate_pct'])} {orders.name_of_layer(step)}"
        )
    after = {"additional": "on top of the normal (MFN) duty", "all_in": "all-in, the normal duty contained"}
    return [f"{listing(parts)} {after[basis]}" for basis, parts in by_basis.items()]


def _deadline(code: str, as_of: str) -> str:
    due = [cliff for cliff in orders.cliffs(as_of) if cliff[0][0] == code]
    if not due:
        return f"No change {be(as_of)} ordered for a later day."
    whole = [cliff for cliff in due if orders.is_whole(*cliff[0][1:])]
    _, before, step = (whole or due)[0]
    start = f" from {rate(before['rate_pct'], before['basis'])}" if before else ""
    text = f"The next deadline {be(as_of)} {words(step['effective'])}, when {orders.name_of_layer(step)}"
    text += f" {be(as_of)} ordered to go{start} to {rate(step['rate_pct'], step['basis'])}"
    beside = [row for row in orders.alive(as_of, "deal") if orders.is_beside(row, step, code)]
    if beside:
        deal = next(row for row in known("tariffs", as_of) if row["order_id"] == beside[-1]["order_id"])
        text += f"; a deal of {words(deal['announced'])} at {rate(deal['rate_pct'], deal['basis'])}"
    return text


def _proposed(code: str, as_of: str) -> list[str]:
    found = []
    for force, said in (("threat", "A threat of"), ("deal", "An agreed rate of")):
        standing = orders.alive(as_of, force, code)
        if not standing:
            continue
        row = ([one for one in standing if orders.is_whole(one["layer"], one["product"])] or standing)[-1]
        start = f" from {words(row['effective'])}" if row["effective"] else ""
        text = f"{said} {rate(row['rate_pct'], row['basis'])} on {orders.name_of_layer(row)}{start}, announced on"
        found.append(f"{text} {words(row['announced'])}")
        if len(standing) > 1:
            found.append(f", beside {count(len(standing) - 1, 'other')}.")
    return found


def _met(code: str, as_of: str) -> list[str]:
    held = meetings.held(code, as_of)
    if held:
        last = min(held[-1]["end_date"], as_of)
        ago = days_between(last, as_of)
        when = f"{count(ago, 'day')} before" if ago else "that day"
        found = [
            f"The two sides last met or spoke on {words(last)} ({meetings.PRINTED[held[-1]['level']]}), {when}."
        ]
    else:
        found = ["No meeting or call"]
    waiting, overdue = meetings.steps(code, as_of)
    for n, said in ((waiting, "open."), (overdue, "past the day named, without a known outcome.")):
        if n:
            found.append(f"{upper(count(n, 'agreed step'))} {be(as_of, n)} {said}")
    return found


def timeline(as_of: str) -> list[str]:
    """Orders counted, whom rates reach, the highest ones, the next change."""
    ordered = [row for row in known("tariffs", as_of) if row["force"] == "order"]
    layers: dict[str, set[str]] = {}
    for row in ordered:
        layers.setdefault(row["order_id"], set()).add(row["layer"])
    if not layers:
        return [f"By {words(as_of)} no tariff order"]
    theirs = sum(own == {"retaliation"} for own in layers.values())
    answer = f" and {count(theirs, 'order')} of partners in answer" if theirs else ""
    found = [
        f"As of {words(as_of)}, {count(len(layers) - theirs, 'order')} of the United States{answer}",
        f"the latest announced on {words(max(row['announced'] for row in ordered))}",
    ]
    there, highest = totals.in_force(as_of), totals.highest_ordered(as_of)
    threatened = sum(totals.threatened(code, as_of) for code in partners())
    found.append(f"threatened for {threatened or 'none'} of the {len(partners())} partners")
    found += [
        f"ordered for {len(highest) or 'none'};",
        f"one {be(as_of)} in force for {len(there) or 'none'}.",
    ]
    for said, totals_of in (("the highest total ever ordered", highest), ("the highest in force", there)):
        if totals_of:
            top = max(total.pct for total in totals_of.values())
            codes = [code for code, total in totals_of.items() if total.pct == top]
            names = (
                listing([name_of(code) for code in codes]) if len(codes) < 4 else count(len(codes), "partner")
            )
            text = f"{said} {be(as_of)} {rate(top, totals_of[codes[0]].basis)}, for {names}"
            found.append(text if highest and said == "the highest in force" else upper(text))
    return [*found, *_next_due(as_of)]


def _next_due(as_of: str) -> list[str]:
    calendar = [one for one in orders.gathered(as_of) if one.layer != "retaliation"]
    if not calendar:
        return ["No change of United States rates"]
    whole = [one for one in calendar if orders.is_whole(one.layer, one.product)]
    due = [one for one in whole or calendar if one.day == (whole or calendar)[0].day]
    codes = list(dict.fromkeys(code for one in due for code in one.partners))
    layers = listing(list(dict.fromkeys(one.name for one in due)))
    ahead = count(days_between(as_of, due[0].day), "day")
    found = [] if whole else ["No change of rates on all goods"]
    return [*found, f"on {words(due[0].day)}, {ahead} after this page's day: {layers}, for {_whom(codes)}."]


def tempo(as_of: str) -> list[str]:
    """The wait for a framework, the last whole month of meetings, the longest silence."""
    return [*_wait(as_of), *_months(as_of), *_silence(as_of)]


def _wait(as_of: str) -> list[str]:
    lengths, the_18 = ladder.waits(as_of), len(partners("reciprocal"))
    if not lengths:
        return [f"By {words(as_of)} no talks with the {the_18} had opened."]
    reached = sum(there for _, there in lengths)
    left = len(lengths) - reached
    asked = f"{reached or 'none'} of {count(len(lengths), 'partner')} whose talks had opened"
    found = [f"As of {words(as_of)}, {asked}"]
    middle, low, high = ladder.median(lengths)
    if middle is not None:
        if low is None:
            within = "not reached"
        elif high is None:
            within = f"from {in_figures(low, 'day')}, upper limit not reached"
        else:
            within = f"{low} to {in_figures(high, 'day')}"
        found.append(f"a median of {in_figures(middle, 'day')} (95% interval {within})")
        if high is None:
            at_risk = sum(days >= middle for days, _ in lengths)
            found.append(f"which rests on {count(at_risk, 'partner')} that had waited as long")
    return [*found, f"; {count(left, 'partner')} {be(as_of, left)} still waiting."]


def _months(as_of: str) -> list[str]:
    counts = meetings.per_month(as_of)
    ended = {month: n for month, n in counts.items() if _month_end(month) <= as_of}
    if not ended:
        return []
    last, the_18 = max(ended), partners("reciprocal")
    n, most = ended[last], max(ended, key=lambda month: (ended[month], [-ord(c) for c in month]))
    found = [
        f"In {words(last + '-01')[2:]}, the last whole month,"
        f" {count(n, 'meeting or call', 'meetings and calls')} with the {len(the_18)}"
    ]
    if most != last:
        found.append(f"against {ended[most]} in {words(most + '-01')[2:]}")
    covered = sum(meetings.through("meetings", code, as_of) >= _month_end(last) for code in the_18)
    if covered < len(the_18):
        found.append(f"for {covered or 'none'} of them")
    return found


def _month_end(month: str) -> str:
    return trade.days_of(month, "9999")[-1]


def _silence(as_of: str) -> list[str]:
    last = {}
    for code in partners("reciprocal"):
        held = meetings.held(code, as_of)
        if held:
            last[code] = (min(held[-1]["end_date"], as_of), held[-1]["level"])
    if not last:
        return [f"None of the {len(partners('reciprocal'))} had met or called"]
    code = min(last, key=lambda one: last[one][0])
    day, level = last[code]
    ago = in_figures(days_between(day, as_of), "day")
    found = [f"{name_of(code)}, last met on {words(day)} ({meetings.PRINTED[level]}), {ago} before"]
    through = max(meetings.through("meetings", code, as_of), day)
    if through < as_of:
        found.append(f"the record of its meetings ends on {words(through)}")
    never = [name_of(one) for one in partners("reciprocal") if one not in last]
    return [*found, "No meeting or call is on record with"] if never else found


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
    names = {**STATUSES, "": "without a status on record"}
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
    status = STATUSES.get(_status(as_of).get(row["commitment_id"], ""), "without a status on record")
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


def exposure(as_of: str) -> list[str]:
    """What trade is covered, the three rates of the last month, duties."""
    found = [f"As of {words(as_of)}"]
    covered = trade.covered(as_of)
    if not trade.year_is_out(as_of):
        found.append("the imports of the whole year 2024")
    elif not any(covered.values()):
        found.append(f"none of the {len(partners('reciprocal'))} partners")
    else:
        share = trade.weights(as_of)
        found.append(f"of the 2024 imports from the {len(share)}")
        for kind, codes in covered.items():
            named = {"framework": "a framework", "text": "a text", "order": "an implementing order"}[kind]
            pct = _near(100 * sum(share[code] for code in codes))
            found.append(f"{pct} from {count(len(codes), 'partner')} with {named}")
    return [*found, *_three(as_of), *_duties(as_of)]


def _near(pct: float) -> str:
    return rate(round(pct, 1))


def _three(as_of: str) -> list[str]:
    last = trade.last_month(as_of)
    if last < "2025":
        return [f"No month of 2025 {be(as_of)} published yet, so no rate"]
    headline, modelled, charged, added = trade.three_rates(as_of)
    side = "above" if added >= 0 else "below"
    found = [
        f"In {words(last + '-01')[2:]}, the last month published",
        f"headline was {_near(headline)}",
        f"(computed in hindsight) {_near(modelled)}",
        f"the rate charged {_near(charged)}, {round(abs(added), 1):g} percentage points {side} its level of 2024.",
    ]
    gap = headline - added
    if abs(gap) >= 0.5:
        side = "above" if gap > 0 else "below"
        found.append(f"The headline lay {round(abs(gap), 1):g} percentage points {side} what was charged")
        found.append("on top of the level of 2024")
    return found


def _duties(as_of: str) -> list[str]:
    last = trade.last_month(as_of)
    own = {code: duty for code, duty in trade.traded(trade.DUTIES, last, as_of).items() if last}
    if not own:
        return []
    total = number(round(sum(own.values()) / 1000, 1))
    return [f"of the {len(own)} partners came to ${total} billion in {words(last + '-01')[2:]}."]


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
    if single:
        found.append(
            f"{upper(count(single, 'row'))} ({single / total:.0%}) {_rests(as_of, single)} on one source only."
        )
    else:
        found.append(f"No row {_rests(as_of, 1)} on one source only.")
    marked = [
        f"{sum(row['confidence'] == 'single' for row in facts[table]) or 'none'} of the {name}"
        for table, name in (("tariffs", "rates"), ("milestones", "milestones"))
    ]
    return [*found, f"Marked so {be(as_of, 2)} {listing(marked)}."]


def _rests(as_of: str, n: int) -> str:
    return "rested" if be(as_of) == "was" else "rests" if n == 1 else "rest"


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
            day = row[DAYS[table]]
            again = table == "issues" and set(split(row["source_ids"])) <= told.get((code, day), set())
            if days_between(day, as_of) <= 60 and not again:
                recent.add(code)
    return len(partners()) - len(recent)


DAYS = {"meetings": "start_date", "commitments": "announced"} | dict.fromkeys(
    ("milestones", "issues", "commitment_status"), "date"
)

LEADS: dict[str, Callable[[str], list[str]]] = {
    "overview": overview,
    "timeline": timeline,
    "tempo": tempo,
    "deals": deals,
    "exposure": exposure,
    "evidence": evidence,
}
"""The leads of the pages that are about all partners."""
