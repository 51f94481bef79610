"""The facts about rates: the tariff timeline and exposure."""

from __future__ import annotations

from typing import Any

from tests.oracle.recomputed import orders, totals, trade
from tests.oracle.recomputed.about_talks import Facts
from tests.oracle.tables import known, names_of, partners


def timeline(as_of: str) -> Facts:
    """Orders counted, whom rates reach, the highest ones, the next change."""
    ordered = [row for row in known("tariffs", as_of) if row["force"] == "order"]
    layers: dict[str, set[str]] = {}
    for row in ordered:
        layers.setdefault(row["order_id"], set()).add(row["layer"])
    answers = sum(reached == {"retaliation"} for reached in layers.values())
    there, highest = totals.in_force(as_of), totals.highest_ordered(as_of)
    return {
        "orders": len(layers) - answers,
        "answers": answers,
        "latest": max((row["announced"] for row in ordered), default=None),
        "partners": len(partners()),
        "threatened": sum(totals.threatened(code, as_of) for code in partners()),
        "ordered": len(highest),
        "in_force": len(there),
        "highest_ordered": _top(highest),
        "highest_in_force": _top(there),
        "next_change": _next_day(as_of),
    }


def _top(of: dict[str, totals.Total]) -> tuple[Any, ...] | None:
    if not of:
        return None
    top = max(total.pct for total in of.values())
    codes = [code for code, total in of.items() if total.pct == top]
    return top, of[codes[0]].basis, names_of(codes)


def _next_day(as_of: str) -> tuple[Any, ...] | None:
    changes = [change for change in orders.gathered(as_of) if change.layer != "retaliation"]
    calendar = orders.whole_first(changes)
    due = [change for change in calendar if change.day == calendar[0].day]
    if not due:
        return None
    codes = dict.fromkeys(code for change in due for code in change.partners)
    whole = orders.is_whole(due[0].layer, due[0].product)
    return due[0].day, whole, tuple(dict.fromkeys(change.name for change in due)), names_of(codes)


def exposure(as_of: str) -> Facts:
    """What trade is covered, the readings of the rate in the last month, duties."""
    last, published = trade.last_month(as_of), trade.year_is_out(as_of)
    covered = {}
    if published and any(trade.covered(as_of).values()):
        share = trade.weights(as_of)
        for kind, codes in trade.covered(as_of).items():
            covered[kind] = (len(codes), sum(share[code] for code in codes))
    rates = None
    if last >= "2025":
        rates = (f"{last}-01", *trade.readings(as_of))
    duties = trade.traded(trade.DUTIES, last, as_of) if last else {}
    return {
        "partners": len(partners("reciprocal")),
        "outside": names_of(partners("border")),
        "us_share": trade.us_share(as_of) if published else None,
        "year_published": published,
        "covered": covered,
        "rates": rates,
        "duties": (f"{last}-01", len(duties), sum(duties.values()) / 1000) if duties else None,
    }
