"""The formula of the effective rate: what every layer charges on every group of imports on one day.

For partner p and day t, over the groups g of its imports, with weights w of 2024,

    rate(p, t) = sum over g of w * (base + old + s + sum over whole-economy layers of x m (1 - k) f (1 - r u))

docs/methods.md explains the letters; the functions below are its steps, in its order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tradeviz.rates.effective_terms import (
    CHARGED,
    CHARGED_BESIDE,
    ENDS,
    NOT_CHARGED,
    Flags,
    Imports,
    Numbers,
    Rates,
    Series,
    Term,
    Terms,
    is_whole,
)
from tradeviz.vocabulary import EVERY_SECTOR, GENERAL, HEADLINE_LAYERS, OLD_S232, SECTOR_LAYERS


@dataclass(frozen=True)
class Reach:
    """What one layer and product reach, by row of the imports.

    Attributes
    ----------
    touched : array of float
        Share of the row's value in reach of it: the listed goods of a Section 232 layer, or for a
        whole-economy layer what is left after exemptions, other duties and USMCA.
    charged : array of float
        Share that pays: after content, liable share and USMCA relief, too.
    """

    touched: Numbers
    charged: Numbers


@dataclass(frozen=True)
class Charges:
    """What is charged on every row of the imports on one day.

    Attributes
    ----------
    base, old_s232 : array of float
        Normal duty, and Section 232 duty of 2018 where nothing displaces it (percent of value).
    added : dict of tuple to array
        What each layer and product adds (percent of value).
    reach : dict of tuple to Reach
        What each layer and product with terms or a rate on the day reaches.
    """

    base: Numbers
    old_s232: Numbers
    added: dict[Series, Numbers]
    reach: dict[Series, Reach]

    @property
    def total(self) -> Numbers:
        """All duties together (percent of value)."""
        return self.base + self.old_s232 + sum(self.added.values(), np.zeros(len(self.base)))


@dataclass(frozen=True)
class _Sectors:
    """The Section 232 layers on one day: which one holds each row, on what value, at what duty."""

    holds: dict[str, Flags]
    value: Numbers
    added: dict[Series, Numbers]
    reach: dict[Series, Reach]


def charges(terms: Terms, rates: Rates, on: pd.Timestamp) -> Charges:
    """Charge the imports of 2024 with the rates of a day.

    Parameters
    ----------
    terms : Terms
        What is known.
    rates : Rates
        The rates of the day, as `terms.steps.on(on)` gives them, or others to compare them with.
    on : pandas.Timestamp
        The day whose terms hold.

    Returns
    -------
    Charges
        Every duty by row of the imports.
    """
    sectors = _sectors(terms, rates, on)
    added, reach = dict(sectors.added), dict(sectors.reach)
    freed = np.ones(len(terms.usmca))
    for place, one in enumerate(rates.series):
        if one[0] in HEADLINE_LAYERS and (rates.rate_pct[place] >= 0).any():
            added[one], reach[one], beside = _whole_economy(terms, rates, place, sectors, on)
            freed = np.where(beside, terms.usmca, freed)
    for one, own in sectors.reach.items():
        added[one] = added[one] * freed
        reach[one] = Reach(own.touched, own.charged * freed)
    return Charges(terms.imports.base, _old_s232(terms, rates, on), added, reach)


def _sectors(terms: Terms, rates: Rates, on: pd.Timestamp) -> _Sectors:
    listed = _listed(terms, rates, on)
    holds = {layer: _any([rows for _, rows in own], terms) for layer, own in listed.items()}
    for row in _begun(terms.stacking, on):
        if row["rule"] == "displaces" and row["layer"] in holds:
            there = holds[row["layer"]] & terms.imports.of(GENERAL, row["partner"])
            for layer in _layers(row["beside"]) - {row["layer"]}:
                if layer in holds:
                    holds[layer] = holds[layer] & ~there
    value = np.zeros(len(terms.usmca))
    added: dict[Series, Numbers] = defaultdict(lambda: np.zeros(len(terms.usmca)))
    touched: dict[Series, Numbers] = defaultdict(lambda: np.zeros(len(terms.usmca)))
    charged: dict[Series, Numbers] = defaultdict(lambda: np.zeros(len(terms.usmca)))
    for layer, own in listed.items():
        for row, rows in own:
            one = (layer, row["product"])
            held = rows & holds[layer]
            liable, relief = _assumed(terms, one, on)
            pays = held * terms.imports.contents[row["on_value"]] * liable
            part = pays * (1 - relief * terms.usmca)
            value += pays
            added[one] += part * _added(terms.imports, rates, one)
            touched[one] += held
            charged[one] += part
    for row in _begun(terms.carveout_terms, on):
        one = (row["layer"], row["product"])
        if row["effect"] == "scope" and one in touched:
            rows = terms.imports.of(GENERAL, row["partner"]) & _has_rate(terms.imports, rates, one)
            touched[one] = np.where(rows, _share(terms, row), touched[one])
    reach = {one: Reach(touched[one], charged[one]) for one in touched}
    return _Sectors(holds, value, dict(added), reach)


def _listed(terms: Terms, rates: Rates, on: pd.Timestamp) -> dict[str, list[tuple[Term, Flags]]]:
    """The terms of each Section 232 layer that count on a day, with the rows that each one charges."""
    listed: dict[str, list[tuple[Term, Flags]]] = {}
    for row in _begun(terms.group_terms, on):
        if row["layer"] not in SECTOR_LAYERS:
            continue
        rows = terms.imports.of(row["group"], row["partner"])
        if row["effect"] != ENDS:
            rows = rows & _has_rate(terms.imports, rates, (row["layer"], row["product"]))
        earlier = listed.setdefault(row["layer"], [])
        if row["effect"] != CHARGED_BESIDE:
            earlier[:] = [(other, others & ~rows) for other, others in earlier]
        if row["effect"] in (CHARGED, CHARGED_BESIDE):
            earlier.append((row, rows))
    return listed


def _whole_economy(
    terms: Terms, rates: Rates, place: int, sectors: _Sectors, on: pd.Timestamp
) -> tuple[Numbers, Reach, Flags]:
    """What one whole-economy layer adds and reaches, and where it takes the place of a metals duty."""
    one = rates.series[place]
    full = _added(terms.imports, rates, one)
    rate, exempt = full.copy(), np.zeros(len(full))
    only = np.full(len(full), 1.0 if is_whole(one) else 0.0)  # of a product only what a list names is known
    for row in _begun(terms.carveout_terms, on):
        if (row["layer"], row["product"]) == one:
            own = terms.imports.of(GENERAL, row["partner"])
            share = _share(terms, row)
            if row["effect"] == "exempt":
                exempt = exempt + own * share
            elif row["effect"] == "only":
                only = np.where(own, share, only)
            elif row["effect"] == "lower":
                rate = rate - own * share * np.maximum(0.0, full - row["rate_pct"])
    left, beside = _left(terms, sectors, one, on)
    _, relief = _assumed(terms, one, on)
    part = only * (1 - np.minimum(1.0, exempt)) * left * (1 - relief * terms.usmca)
    part = np.where(_spared(terms, one, on), 0.0, part)
    return rate * part, Reach(part, part), beside & (full > 0)


def _left(terms: Terms, sectors: _Sectors, one: Series, on: pd.Timestamp) -> tuple[Numbers, Flags]:
    """The share of each row left to a layer beside Section 232, and where the layer displaces that."""
    left, displaces = np.ones(len(terms.usmca)), np.zeros(len(terms.usmca), dtype=bool)
    pays = sectors.value > 0
    for row in _begun(terms.stacking, on):
        if (row["layer"], row["product"]) != one:
            continue
        met = _any([sectors.holds[name] for name in _layers(row["beside"]) if name in sectors.holds], terms)
        rows = met & pays & terms.imports.of(GENERAL, row["partner"])
        share = np.ones(len(left))
        if row["rule"] == "yields":
            share = np.zeros(len(left)) if row["on_value"] == "whole_good" else 1 - sectors.value
        left = np.where(rows, share, left)
        displaces = np.where(rows, row["rule"] == "displaces", displaces)
    return left, displaces


def _spared(terms: Terms, one: Series, on: pd.Timestamp) -> Flags:
    spared = np.zeros(len(terms.usmca), dtype=bool)
    for row in _begun(terms.group_terms, on):
        if (row["layer"], row["product"]) == one and row["effect"] in (NOT_CHARGED, ENDS):
            rows = terms.imports.of(row["group"], row["partner"])
            spared = np.where(rows, row["effect"] == NOT_CHARGED, spared)
    return spared


def _old_s232(terms: Terms, rates: Rates, on: pd.Timestamp) -> Numbers:
    """The Section 232 duties of 2018, where no later one has taken their place."""
    stands = np.ones(len(terms.usmca), dtype=bool)
    for row in _begun(terms.stacking, on):
        if OLD_S232 in row["beside"] and row["rule"] == "displaces":
            stands &= ~_has_rate(terms.imports, rates, (row["layer"], row["product"]))
    return terms.imports.old_s232 * stands


def _assumed(terms: Terms, one: Series, on: pd.Timestamp) -> tuple[Numbers, Numbers]:
    """Liable share and USMCA relief by row: of the assumptions that match, the one that says most."""
    liable, relief = np.ones(len(terms.usmca)), np.zeros(len(terms.usmca))
    asked = {"layer": one[0], "product": one[1]}
    matching = [
        row
        for row in terms.assumptions
        if row["layer"] in ("*", one[0])
        and row["product"] in ("", one[1])
        and not row["effective"] > on  # a blank day is met
    ]

    def exactness(row: Term) -> list[bool]:
        exact = [row[name] == asked[name] for name in asked]
        return [*exact, row["group"] != GENERAL, row["partner"] != GENERAL]

    for row in sorted(matching, key=lambda row: (sum(exactness(row)), exactness(row))):
        rows = terms.imports.of(row["group"], row["partner"])
        liable = np.where(rows, row["liable_share"], liable)
        relief = np.where(rows, row["usmca_relief"], relief)
    return liable, relief


def _share(terms: Terms, row: Term) -> Numbers:
    """The share of each row of the imports that a carve-out reaches."""
    share = terms.carveouts.get(row["carveout"])
    return np.zeros(len(terms.usmca)) if share is None else share * row["factor"]


def _added(imports: Imports, rates: Rates, one: Series) -> Numbers:
    """What the rate of a series adds, by row (percent of value); 0 where the partner has no rate."""
    if one not in rates.series:
        return np.zeros(len(imports.partner))
    place = rates.series.index(one)
    rate_pct = np.nan_to_num(rates.rate_pct[place][imports.partner])
    return imports.added(rate_pct, rates.all_in[place][imports.partner])


def _has_rate(imports: Imports, rates: Rates, one: Series) -> Flags:
    if one not in rates.series:
        return np.zeros(len(imports.partner), dtype=bool)
    has: Flags = ~np.isnan(rates.rate_pct[rates.series.index(one)])[imports.partner]
    return has


def _begun(rows: list[Term], on: pd.Timestamp) -> Iterator[Term]:
    return (row for row in rows if not row["effective"] > on)


def _layers(beside: tuple[str, ...]) -> set[str]:
    return set(SECTOR_LAYERS) if EVERY_SECTOR in beside else set(beside)


def _any(masks: list[Flags], terms: Terms) -> Flags:
    none = np.zeros(len(terms.usmca), dtype=bool)
    return np.logical_or.reduce([none, *masks])
