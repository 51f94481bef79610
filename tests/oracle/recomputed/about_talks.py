"""The summaries about the talks: the overview, a partner's page, tempo."""

from __future__ import annotations

from collections import Counter

from tests.oracle.recomputed import ladder, meetings, orders, trade
from tests.oracle.recomputed.words import be, count, have, in_figures, listing, rate, upper, whom
from tests.oracle.tables import days_between, known, name_of, partners, words
from tradeviz.vocabulary import LEVEL_NAMES


def overview(as_of: str) -> list[str]:
    """Stages of the 18, talks suspended, the next change, threats and deals that stand."""
    at = [ladder.standing(code, as_of) for code in partners("reciprocal")]
    opened = sum(one.rung >= 1 for one in at)
    found = [f"As of {words(as_of)}, {opened or 'none'} of {len(at)} partners {have(as_of, 2)} opened talks"]
    forms = Counter(one.stage for one in at)
    n_of = {form: forms[form] for form in ladder.FORMS if forms[form]}
    standing = [f"{n} {have(as_of, n)} {ladder.FORMS[form]}" for form, n in n_of.items()]
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
    return f"due on {words(first.day)}: {first.name} to {to} for {whom(first.partners)}."


def _whole_first(calendar: list[orders.Change]) -> list[orders.Change]:
    return [one for one in calendar if orders.is_whole(one.layer, one.product)] or calendar


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
        text = f"{said} {rate(row['rate_pct'], row['basis'])} on {orders.name_of_layer(row)}{start}"
        found.append(f"{text}, announced on {words(row['announced'])}")
        if len(standing) > 1:
            found.append(f", beside {count(len(standing) - 1, 'other')}.")
    return found


def _met(code: str, as_of: str) -> list[str]:
    held = meetings.held(code, as_of)
    if held:
        last, level = min(held[-1]["end_date"], as_of), LEVEL_NAMES[held[-1]["level"]]
        ago = days_between(last, as_of)
        when = f"{count(ago, 'day')} before" if ago else "that day"
        found = [f"The two sides last met or spoke on {words(last)} ({level}), {when}."]
    else:
        found = ["No meeting or call"]
    waiting, overdue = meetings.steps(code, as_of)
    for n, said in ((waiting, "open."), (overdue, "past the day named, without a known outcome.")):
        if n:
            found.append(f"{upper(count(n, 'agreed step'))} {be(as_of, n)} {said}")
    return found


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
    found = [f"{name_of(code)}, last met on {words(day)} ({LEVEL_NAMES[level]}), {ago} before"]
    through = max(meetings.through("meetings", code, as_of), day)
    if through < as_of:
        found.append(f"the record of its meetings ends on {words(through)}")
    never = [name_of(one) for one in partners("reciprocal") if one not in last]
    return [*found, "No meeting or call is on record with"] if never else found
