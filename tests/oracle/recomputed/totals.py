"""What each partner was threatened with, ordered to pay and pays on all goods, computed again."""

from __future__ import annotations

from dataclasses import dataclass

from tests.oracle.recomputed import orders
from tests.oracle.tables import Row, cache, known, partners


@dataclass(frozen=True)
class Total:
    """A rate on all goods: percent, its basis, and what it adds to the normal duty (None if not known)."""

    pct: float
    basis: str
    adds: float | None


@cache
def base(as_of: str) -> dict[str, float]:
    """The base rate of 2024 of each partner, percent, as far as it is known by a day."""
    found: dict[str, float] = {}
    for row in known("effective_rates_model", as_of):
        found.setdefault(row["partner"], float(row["base_2024_rate_pct"]))
    return found


def stacked(steps: list[Row], code: str, as_of: str) -> Total:
    """Add up the rates that stand side by side; a ceiling beside others counts as what it adds."""
    steps = [row for row in steps if float(row["rate_pct"]) != 0]
    each = [_added(row, code, as_of) for row in steps]
    adds = None if None in each else sum(points for points in each if points is not None)
    if any(row["basis"] == "all_in" for row in steps):
        if len(steps) == 1:
            return Total(float(steps[0]["rate_pct"]), "all_in", adds)
        return Total(float("nan") if adds is None else adds, "additional", adds)
    return Total(sum(float(row["rate_pct"]) for row in steps), "additional", adds)


def _added(row: Row, code: str, as_of: str) -> float | None:
    if row["basis"] != "all_in":
        return float(row["rate_pct"])
    return max(0.0, float(row["rate_pct"]) - base(as_of)[code]) if code in base(as_of) else None


def threatened(code: str, as_of: str) -> bool:
    """Whether a rate above zero on all goods of a partner was ever threatened by a day."""
    return any(
        row["force"] == "threat"
        and row["partner"] in (code, "ALL")
        and orders.is_whole(row["layer"], row["product"])
        and float(row["rate_pct"]) > 0
        for row in known("tariffs", as_of)
    )


@cache
def in_force(as_of: str) -> dict[str, Total]:
    """The total in force on a day for each partner with one above zero; unconfirmed steps left out."""
    found = {}
    for code in partners():
        steps = [orders.current(schedule, as_of, confirmed=True) for schedule in _whole(as_of, code)]
        total = stacked([step for step in steps if step], code, as_of)
        if total.pct > 0:
            found[code] = total
    return found


@cache
def highest_ordered(as_of: str) -> dict[str, Total]:
    """The highest total that the orders known on some day by then had set for any day, by partner."""
    found: dict[str, Total] = {}
    days = {row["announced"] for row in known("tariffs", as_of) if row["force"] == "order"}
    for then in sorted(days):
        for code in partners():
            whole = _whole(then, code)
            for on in sorted({step["effective"] for steps in whole for step in steps}):
                steps = [orders.current(schedule, on) for schedule in whole]
                total = stacked([step for step in steps if step], code, as_of)
                best = found.get(code)
                if total.pct > 0 and (best is None or _weight(total) > _weight(best)):
                    found[code] = total
    return found


def _weight(total: Total) -> float:
    return total.pct if total.adds is None else total.adds


def _whole(as_of: str, code: str) -> list[list[Row]]:
    schedules = orders.schedules(as_of)
    return [steps for key, steps in schedules.items() if key[0] == code and orders.is_whole(*key[1:])]


def headline(code: str, on: str, as_of: str) -> float | None:
    """The statutory headline on a day, percent, by the orders known at another; None if not known."""
    steps = [orders.current(schedule, on) for schedule in _whole(as_of, code)]
    return stacked([step for step in steps if step], code, as_of).adds
