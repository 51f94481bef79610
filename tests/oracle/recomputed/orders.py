"""Schedules, cliffs, proposals and totals, computed again from tariffs.csv."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.oracle.tables import Row, cache, known, partners
from tradeviz.vocabulary import HEADLINE_LAYERS, LAYERS, WHOLE_ECONOMY_PROGRAMMES, layer_name

Series = tuple[str, str, str]
"""Partner, layer, product."""


def folded(orders: Iterable[Row]) -> list[Row]:
    """Apply orders as they were announced: each replaces what lies on or after its first day."""
    steps: list[Row] = []
    by_order: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(orders, key=lambda row: row["announced"]):
        by_order[row["order_id"]].append(row)
    for order_rows in by_order.values():
        first = min(row["effective"] for row in order_rows)
        steps = [row for row in steps if row["effective"] < first]
        steps += sorted(order_rows, key=lambda row: row["effective"])
    return steps


@cache
def schedules(as_of: str) -> dict[Series, list[Row]]:
    """The schedule of every partner, layer and product, in the order of partners and layers."""
    written: dict[Series, list[Row]] = defaultdict(list)
    for row in known("tariffs", as_of):
        if row["force"] == "order":
            written[row["partner"], row["layer"], row["product"]].append(row)
    series = {key: folded(rows) for key, rows in written.items()}
    result: dict[Series, list[Row]] = {}
    for code in partners():
        for layer in LAYERS:
            for product in sorted({key[2] for key in series if key[1] == layer}):
                partner_steps = series.get((code, layer, product), [])
                general = series.get(("ALL", layer, product), [])
                until = partner_steps[0]["effective"] if partner_steps else "9999"
                steps = [row for row in general if row["effective"] < until] + partner_steps
                if steps:
                    result[code, layer, product] = steps
    return result


def is_whole(layer: str, product: str) -> bool:
    """Whether a layer and product reach all goods of a partner and count for its headline."""
    programme = layer == "s301" and product in WHOLE_ECONOMY_PROGRAMMES
    return layer in HEADLINE_LAYERS and (product == "" or programme)


def current(steps: list[Row], on: str, confirmed: bool = False) -> Row | None:
    """The step of a schedule that applies on a day; unconfirmed ones left out, where that is asked."""
    begun = [row for row in steps if row["effective"] <= on]
    if confirmed:
        begun = [row for row in begun if row["confidence"] != "unconfirmed"]
    return begun[-1] if begun else None


def in_force(as_of: str, code: str) -> list[tuple[Series, Row]]:
    """The whole-economy rates other than zero that stand on a day for a partner."""
    found = []
    for key, steps in schedules(as_of).items():
        step = current(steps, as_of)
        if key[0] == code and is_whole(*key[1:]) and step and float(step["rate_pct"]) != 0:
            found.append((key, step))
    return found


@cache
def cliffs(as_of: str) -> list[tuple[Series, Row | None, Row]]:
    """Steps due later that change a rate or its basis: series, step before, step; by day."""
    found = []
    for key, steps in schedules(as_of).items():
        for before, step in zip([None, *steps], steps, strict=False):
            old = (float(before["rate_pct"]), before["basis"]) if before else (0.0, step["basis"])
            if step["effective"] > as_of and old != (float(step["rate_pct"]), step["basis"]):
                found.append((key, before, step))
    return sorted(found, key=lambda cliff: cliff[2]["effective"])


@dataclass
class Change:
    """Cliffs of one order on one day, layer and product: which partners, and to which rates."""

    day: str
    layer: str
    product: str
    basis: str
    partners: list[str] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The printed name of the layer and product."""
        return layer_name(self.layer, self.product)


def gathered(as_of: str) -> list[Change]:
    """Cliffs of all partners by day, order, layer and product, each with its partners and rates."""
    groups: dict[tuple[str, ...], Change] = {}
    for (code, layer, product), _, step in cliffs(as_of):
        key = (step["effective"], step["order_id"], layer, product)
        change = groups.setdefault(key, Change(step["effective"], layer, product, step["basis"]))
        change.partners.append(code)
        change.rates = sorted([*change.rates, float(step["rate_pct"])])
    return list(groups.values())


def whole_first(calendar: list[Change]) -> list[Change]:
    """The changes on all goods; where there are none, all."""
    return [change for change in calendar if is_whole(change.layer, change.product)] or calendar


def alive(as_of: str, force: str, code: str = "") -> list[Row]:
    """Threats or deals, as `force` says, that still stand on a day; those that reach one partner."""
    rows = sorted(known("tariffs", as_of), key=lambda row: row["announced"])
    rows = [row for row in rows if not code or row["partner"] in (code, "ALL")]
    ends = _threat_ended if force == "threat" else _deal_ended
    return [row for row in rows if row["force"] == force and not ends(row, _beside(row, rows, code), as_of)]


def _beside(row: Row, rows: list[Row], code: str) -> list[Row]:
    """Other rows on the same layer that can end a threat or deal."""
    reach = {row["partner"], "ALL", code or row["partner"]}
    return [other for other in rows if other["partner"] in reach and _same_layer(row, other)]


def has_deal_beside(code: str, step: Row, as_of: str) -> bool:
    """Whether an agreed rate, not yet ordered, is about what a step of a partner's schedule sets."""
    return any(_same_layer(deal, step) for deal in alive(as_of, "deal", code))


def _same_layer(row: Row, other: Row) -> bool:
    meet = other["product"] == row["product"] or "" in (other["product"], row["product"])
    return meet and other["layer"] == row["layer"]


def _threat_ended(row: Row, beside: list[Row], as_of: str) -> bool:
    passed = row["effective"] != "" and row["effective"] < as_of
    overtaken = any(
        other["announced"] > row["announced"]
        and (other["force"] != "threat" or other["partner"] == row["partner"])
        for other in beside
    )
    return float(row["rate_pct"]) == 0 or passed or overtaken


def _deal_ended(row: Row, beside: list[Row], as_of: str) -> bool:
    orders = [other for other in beside if other["force"] == "order"]
    before = folded(other for other in orders if other["announced"] < row["announced"])
    there = current(before, max(row["announced"], row["effective"]))
    if there and _rate(there) == _rate(row):
        return True
    done = [other for other in orders if other["announced"] >= row["announced"]]
    since = [other for other in beside if other["announced"] > row["announced"]]
    carried_out = any(_rate(other) == _rate(row) for other in done)
    repealed = any(other["force"] == "order" and float(other["rate_pct"]) == 0 for other in since)
    return carried_out or repealed or any(other["force"] == "deal" for other in since)


def _rate(row: Row) -> tuple[float, str]:
    return float(row["rate_pct"]), row["basis"]
