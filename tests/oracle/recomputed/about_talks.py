"""The facts about the talks: the overview and tempo."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.oracle.recomputed import ladder, meetings, orders, trade
from tests.oracle.tables import Row, days_between, name_of, names_of, partners

Facts = dict[str, Any]


def forms(as_of: str) -> dict[str, int]:
    """How many of the 18 stand at each form of a deal."""
    standings = [ladder.standing(code, as_of) for code in partners("reciprocal")]
    at = Counter(standing.stage for standing in standings if not ladder.ended(standing, as_of))
    return {form: at[form] for form in ladder.FORMS if at[form]}


def in_force(as_of: str) -> tuple[tuple[str, str], ...]:
    """Partners whose terms are in force, with the document that sets them."""
    at = {code: ladder.standing(code, as_of) for code in partners("reciprocal")}
    running = {code: standing for code, standing in at.items() if not ladder.ended(standing, as_of)}
    return tuple(
        (name_of(code), ladder.paper(standing, as_of))
        for code, standing in running.items()
        if standing.stage == "entered_into_force"
    )


def overview(as_of: str) -> Facts:
    """Stages of the 18, talks suspended, the next change, threats and deals that stand."""
    at = {code: ladder.standing(code, as_of) for code in partners("reciprocal")}
    alive = [{row["order_id"] for row in orders.alive(as_of, force)} for force in ("threat", "deal")]
    return {
        "partners": len(at),
        "opened": sum(standing.rung >= 1 for standing in at.values()),
        "forms": forms(as_of),
        "in_force": in_force(as_of),
        "suspended": names_of(code for code, standing in at.items() if standing.suspended),
        "broken_off": names_of(code for code, standing in at.items() if standing.broken_off),
        "term_ended": tuple(
            (name_of(code), end) for code, standing in at.items() if (end := ladder.ended(standing, as_of))
        ),
        "next_change": _next_change(as_of),
        "threats": len(alive[0]),
        "agreed": len(alive[1]),
    }


def _next_change(as_of: str) -> tuple[Any, ...] | None:
    the_18 = set(partners("reciprocal"))
    calendar = [change for change in orders.gathered(as_of) if the_18 & set(change.partners)]
    if not calendar:
        return None
    first = orders.whole_first(calendar)[0]
    step = {"layer": first.layer, "product": first.product}
    agreed = [code for code in first.partners if orders.has_deal_beside(code, step, as_of)]
    rates = first.rates[0], first.rates[-1]
    return first.day, first.name, *rates, first.basis, names_of(first.partners), names_of(agreed)


def tempo(as_of: str) -> Facts:
    """The wait for a framework, the last whole month of meetings, the longest silence."""
    met = {code: meetings.begun(code, as_of) for code in partners("reciprocal")}
    return {
        "partners": len(met),
        "framework": _wait(as_of),
        "last_month": _month(as_of),
        "silent": _silence({code: rows[-1] for code, rows in met.items() if rows}, as_of),
        "never_met": names_of(code for code, rows in met.items() if not rows),
    }


def _wait(as_of: str) -> tuple[Any, ...] | None:
    lengths = ladder.waits(as_of)
    if not lengths:
        return None
    middle, lower, upper = ladder.median(lengths)
    at_risk = sum(days >= middle for days, _ in lengths) if middle is not None else 0
    return len(lengths), sum(there for _, there in lengths), middle, lower, upper, at_risk


def _month(as_of: str) -> tuple[Any, ...] | None:
    ended = {month: n for month, n in meetings.per_month(as_of).items() if _month_end(month) <= as_of}
    if not ended:
        return None
    last, most = max(ended), max(ended.values())
    busiest = min(month for month, n in ended.items() if n == most)
    the_18 = partners("reciprocal")
    covered = sum(meetings.through("meetings", code, as_of) >= _month_end(last) for code in the_18)
    return f"{last}-01", ended[last], f"{busiest}-01", most, covered


def _month_end(month: str) -> str:
    return trade.days_of(month, "9999")[-1]


def _silence(last: dict[str, Row], as_of: str) -> tuple[Any, ...] | None:
    days = {code: min(row["end_date"], as_of) for code, row in last.items()}
    if not days:
        return None
    code = min(days, key=lambda partner: days[partner])
    through = max(meetings.through("meetings", code, as_of), days[code])
    ends = through if through < as_of else None
    return name_of(code), days[code], last[code]["level"], days_between(days[code], as_of), ends
