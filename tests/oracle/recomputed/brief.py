"""The ranking of a brief computed again: what each duty in force and each change ahead weighs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from tests.oracle.recomputed import effective, orders
from tests.oracle.recomputed.effective import Rate, added_by
from tests.oracle.tables import Row, known

Series = tuple[str, str]
Rates = dict[Series, Rate]


class Moved(NamedTuple):
    """A change ahead: kind, layer, product, first day ("" where none was named), percent, points."""

    kind: str
    layer: str
    product: str
    day: str
    pct: float
    points: float


def in_force(partner: str, as_of: str) -> dict[Series, float]:
    """What each rate in force on a day adds to the partner's rate, percentage points."""
    groups = [row for row in known("import_groups", as_of) if row["partner"] == partner]
    total = sum(float(row["imports_2024_usd_mn"]) for row in groups)
    rates = effective.rates_on(partner, as_of, as_of)
    found: dict[Series, float] = {}
    for row in groups:
        for series, pct in effective.parts(row, rates, as_of, as_of).items():
            found[series] = found.get(series, 0.0) + float(row["imports_2024_usd_mn"]) / total * pct
    return found


def ahead(partner: str, as_of: str) -> list[Moved]:
    """Every change ahead of a partner with the points that it moves, as if it came alone."""
    found = []
    for (code, layer, product), _, step in orders.cliffs(as_of):
        if code == partner and layer != "retaliation":
            day = step["effective"]
            on = dict(effective.rates_on(partner, day, as_of))
            without = dict(on)
            before = effective.rates_on(partner, _eve(day), as_of).get((layer, product))
            without.pop((layer, product), None)
            if before:
                without[layer, product] = before
            points = added_by(partner, on, day, as_of) - added_by(partner, without, day, as_of)
            found.append(Moved("scheduled", layer, product, day, float(step["rate_pct"]), points))
    for force, kind in (("threat", "threatened"), ("deal", "agreed")):
        for row in orders.alive(as_of, force, partner):
            if row["layer"] != "retaliation":
                day = row["effective"] or as_of
                on = dict(effective.rates_on(partner, day, as_of))
                points = added_by(partner, on | _carried_out(row, on, day, as_of), day, as_of)
                points -= added_by(partner, on, day, as_of)
                pct = float(row["rate_pct"])
                found.append(Moved(kind, row["layer"], row["product"], row["effective"], pct, points))
    return found


def _carried_out(row: Row, on: Rates, day: str, as_of: str) -> Rates:
    """The rates that a threat or deal would set: one without a product reaches all of its sector layer."""
    rate = (float(row["rate_pct"]), row["basis"] == "all_in")
    products = {row["product"]}
    if not row["product"] and row["layer"].startswith("s232_"):
        terms = [term for term in effective.terms("group_terms", day, as_of) if term["layer"] == row["layer"]]
        products = {term["product"] for term in terms if term["effect"] in ("charged", "charged_beside")}
    return {(row["layer"], product): rate for product in products}


def _eve(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
