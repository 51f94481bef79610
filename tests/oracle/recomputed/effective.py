"""The effective rate computed again, cell by cell with plain Python, from the tables of imports and terms.

Written from the formula in docs/methods.md, step by step; it shares nothing with the library.
"""

from __future__ import annotations

from tests.oracle.recomputed import orders
from tests.oracle.tables import Row, cache, known, split

WHOLE_ECONOMY = ("reciprocal", "fentanyl", "country_special", "s122", "s301")
CEILINGS = {10.0: "below_10_pct", 12.5: "below_12_5_pct", 15.0: "below_15_pct"}
CONTENTS = {"metal_content": "metal_content_share", "copper_content": "copper_content_share"}
Rate = tuple[float, bool]


def added(partner: str, on: str, as_of: str) -> float:
    """What all duties of a day add to the rate of 2024, percent of the partner's imports."""
    return _added(partner, max((day for day in _breaks(as_of) if day <= on), default=on), as_of)


@cache
def _breaks(as_of: str) -> tuple[str, ...]:
    """The days from which something is different."""
    tables = ("tariffs", "group_terms", "carveout_terms", "stacking", "assumptions")
    return tuple(sorted({row["effective"] for table in tables for row in known(table, as_of)} - {""}))


@cache
def _added(partner: str, on: str, as_of: str) -> float:
    return added_by(partner, rates_on(partner, on, as_of), on, as_of)


def added_by(partner: str, rates: dict[tuple[str, str], Rate], on: str, as_of: str) -> float:
    """What given rates add to the rate of 2024 on a day, percent of the partner's imports."""
    groups = [row for row in known("import_groups", as_of) if row["partner"] == partner]
    total = sum(float(row["imports_2024_usd_mn"]) for row in groups)
    moved = 0.0
    for row in groups:
        weight = float(row["imports_2024_usd_mn"]) / total
        before = float(row["base_rate_pct"]) + float(row["old_s232_pct"])
        moved += weight * (group_rate(row, rates, on, as_of) - before)
    return moved


@cache
def rates_on(partner: str, on: str, as_of: str) -> dict[tuple[str, str], Rate]:
    """Rate of each layer and product on U.S. imports, and whether it is a ceiling."""
    found: dict[tuple[str, str], Rate] = {}
    for (code, layer, product), steps in orders.schedules(as_of).items():
        step = orders.current(steps, on)
        if code == partner and layer != "retaliation" and step:
            found[layer, product] = (float(step["rate_pct"]), step["basis"] == "all_in")
    return found


@cache
def terms(table: str, on: str, as_of: str) -> tuple[Row, ...]:
    rows = [row for row in known(table, as_of) if row["effective"] <= on]
    return tuple(sorted(rows, key=lambda row: (row["effective"], row["announced"])))


def _for(row: Row, partner: str) -> bool:
    return row["partner"] in ("ALL", partner)


def _adds(rate: Rate, group: Row) -> float:
    pct, ceiling = rate
    if not ceiling:
        return pct
    column = CEILINGS.get(pct)
    return float(group[column]) if column else max(0.0, pct - float(group["base_rate_pct"]))


@cache
def _usmca(partner: str, group: str, as_of: str) -> float:
    rows = [
        row for row in known("preference_shares", as_of) if (row["partner"], row["group"]) == (partner, group)
    ]
    return float(max(rows, key=lambda row: row["month"])["usmca_share"]) if rows else 0.0


def _assumed(group: Row, layer: str, product: str, on: str, as_of: str) -> tuple[float, float]:
    asked = {"layer": layer, "product": product, "group": group["group"], "partner": group["partner"]}
    general = {"layer": "*", "product": "", "group": "ALL", "partner": "ALL"}
    best, found = (-1, [False] * 4), (1.0, 0.0)
    for row in terms("assumptions", on, as_of):
        if all(row[name] in (asked[name], general[name]) for name in asked):
            exact = [
                row["layer"] == layer,
                row["product"] == product,
                row["group"] != "ALL",
                row["partner"] != "ALL",
            ]
            if (sum(exact), exact) >= best:
                best, found = (sum(exact), exact), (float(row["liable_share"]), float(row["usmca_relief"]))
    return found


def _sector(group: Row, rates: dict[tuple[str, str], Rate], on: str, as_of: str) -> list[Row]:
    """The terms of the one Section 232 layer that holds a group."""
    layers: dict[str, list[Row]] = {}
    for row in terms("group_terms", on, as_of):
        if row["group"] != group["group"] or not _for(row, group["partner"]) or row["layer"][:4] != "s232":
            continue
        if row["effect"] == "ends":
            layers[row["layer"]] = []
        elif (row["layer"], row["product"]) in rates:
            earlier = layers.get(row["layer"], []) if row["effect"] == "charged_beside" else []
            layers[row["layer"]] = [*earlier, row]
    layers = {layer: rows for layer, rows in layers.items() if rows}
    for rule in terms("stacking", on, as_of):
        if rule["rule"] == "displaces" and rule["layer"] in layers:
            layers = {layer: rows for layer, rows in layers.items() if layer not in split(rule["beside"])}
    assert len(layers) <= 1, (group["partner"], group["group"], on, layers)
    return next(iter(layers.values()), [])


def group_rate(group: Row, rates: dict[tuple[str, str], Rate], on: str, as_of: str) -> float:
    ended = any(
        "old_s232" in split(rule["beside"]) and (rule["layer"], rule["product"]) in rates
        for rule in terms("stacking", on, as_of)
    )
    before = float(group["base_rate_pct"]) + (0.0 if ended else float(group["old_s232_pct"]))
    return before + sum(parts(group, rates, on, as_of).values())


def parts(
    group: Row, rates: dict[tuple[str, str], Rate], on: str, as_of: str
) -> dict[tuple[str, str], float]:
    """What each layer and product adds on a group of goods, percent of their value."""
    partner, usmca = group["partner"], _usmca(group["partner"], group["group"], as_of)
    charged = _sector(group, rates, on, as_of)
    value = 0.0
    sector: dict[tuple[str, str], float] = {}
    rest: dict[tuple[str, str], float] = {}
    for row in charged:
        content = float(group[CONTENTS[row["on_value"]]]) if row["on_value"] in CONTENTS else 1.0
        liable, relief = _assumed(group, row["layer"], row["product"], on, as_of)
        value += content * liable
        series = (row["layer"], row["product"])
        duty = _adds(rates[series], group) * content * liable * (1 - relief * usmca)
        sector[series] = sector.get(series, 0.0) + duty
    beside = charged[0]["layer"] if charged else ""
    for (layer, product), rate in rates.items():
        plain = _adds(rate, group) if layer in WHOLE_ECONOMY else 0.0
        if plain <= 0 or _spared(group, layer, product, on, as_of):
            continue
        pct, only, exempt = plain, 1.0, 0.0
        for row in terms("carveout_terms", on, as_of):
            if (row["layer"], row["product"]) == (layer, product) and _for(row, partner):
                share = _share(partner, group["group"], row["carveout"], as_of) * float(row["factor"])
                if row["effect"] == "only":
                    only = share
                elif row["effect"] == "exempt":
                    exempt += share
                elif row["effect"] == "lower":
                    pct -= share * max(0.0, plain - float(row["rate_pct"]))
        left, displaces = 1.0, False
        for rule in terms("stacking", on, as_of):
            meets = beside in split(rule["beside"]) or "s232_*" in split(rule["beside"])
            if (
                value > 0
                and (rule["layer"], rule["product"]) == (layer, product)
                and _for(rule, partner)
                and meets
            ):
                left = {"whole_good": 0.0, "charged_value": 1 - value}.get(rule["on_value"], 1.0)
                displaces = rule["rule"] == "displaces"
        if displaces:
            sector = {series: duty * usmca for series, duty in sector.items()}
        relief = _assumed(group, layer, product, on, as_of)[1]
        rest[layer, product] = pct * only * (1 - min(1.0, exempt)) * left * (1 - relief * usmca)
    return sector | rest


@cache
def _share(partner: str, group: str, carveout: str, as_of: str) -> float:
    wanted = (partner, group, carveout)
    rows = known("carveout_shares", as_of)
    return next((float(r["share"]) for r in rows if (r["partner"], r["group"], r["carveout"]) == wanted), 0.0)


def _spared(group: Row, layer: str, product: str, on: str, as_of: str) -> bool:
    spared = False
    for row in terms("group_terms", on, as_of):
        same = (row["group"], row["layer"], row["product"]) == (group["group"], layer, product)
        if same and _for(row, group["partner"]) and row["effect"] in ("not_charged", "ends"):
            spared = row["effect"] == "not_charged"
    return spared
