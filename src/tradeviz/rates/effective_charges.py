"""The formula of the effective rate: what every layer charges on every group of imports on one day.

For partner p and day t, over the groups g of its imports, with weights w of 2024,

    rate(p, t) = sum over g of w * (base + old + s + sum over whole-economy layers of x m (1 - k) f (1 - r u))

docs/methods.md explains the letters; the functions below are its steps, in its order.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tradeviz.rates.effective_terms import (
    CHARGED,
    CHARGED_BESIDE,
    ENDS,
    NOT_CHARGED,
    Term,
    Terms,
    is_whole,
)
from tradeviz.rates.steps import Flags, Numbers, Rates, Series
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


class _Day:
    """What holds on one day: the terms that have begun, and what each rate comes to on every row."""

    def __init__(self, terms: Terms, rates: Rates, on: pd.Timestamp) -> None:
        self.imports, self.usmca, self.carveouts = terms.imports, terms.usmca, terms.carveouts
        self.nothing = np.zeros(len(terms.usmca))
        self.nowhere = np.zeros(len(terms.usmca), dtype=bool)
        by_row = rates.rate_pct[:, terms.imports.partner]
        added = terms.imports.added(np.nan_to_num(by_row), rates.all_in[:, terms.imports.partner])
        # By series: what its rate adds by row (percent of value; 0 without a rate), and where it has one.
        self.added = dict(zip(rates.series, added, strict=True))
        self.rated = dict(zip(rates.series, ~np.isnan(by_row), strict=True))
        self.group_terms, self.carveout_terms, self.stacking, self.assumptions = (
            [row for row in rows if not row["effective"] > on]  # a term without a day always holds
            for rows in (terms.group_terms, terms.carveout_terms, terms.stacking, terms.assumptions)
        )
        self._assumed: dict[Series, tuple[Numbers, Numbers]] = {}

    def share(self, row: Term) -> Numbers:
        """The share of each row of the imports that a carve-out reaches."""
        share = self.carveouts.get(row["carveout"])
        return self.nothing if share is None else share * row["factor"]

    def assumed(self, series: Series) -> tuple[Numbers, Numbers]:
        """Liable share and USMCA relief by row: of the assumptions that match, the one that says most."""
        if series not in self._assumed:
            liable, relief = np.ones(len(self.usmca)), np.zeros(len(self.usmca))
            for row in self.assumptions:
                if row["layer"] in ("*", series[0]) and row["product"] in ("", series[1]):
                    rows = self.imports.of(row["group"], row["partner"])
                    liable[rows], relief[rows] = row["liable_share"], row["usmca_relief"]
            self._assumed[series] = liable, relief
        return self._assumed[series]


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
    day = _Day(terms, rates, on)
    sectors = _sectors(day)
    added, reach = dict(sectors.added), dict(sectors.reach)
    freed = np.ones(len(day.usmca))
    for row, series in enumerate(rates.series):
        if series[0] in HEADLINE_LAYERS and (rates.rate_pct[row] >= 0).any():
            added[series], reach[series], beside = _whole_economy(day, series, sectors)
            freed = np.where(beside, day.usmca, freed)
    for series, sector in sectors.reach.items():
        added[series] = added[series] * freed
        reach[series] = Reach(sector.touched, sector.charged * freed)
    return Charges(terms.imports.base, _old_s232(day), added, reach)


def _sectors(day: _Day) -> _Sectors:
    listed = _listed(day)
    holds = {layer: _any([rows for _, rows in layer_terms], day) for layer, layer_terms in listed.items()}
    for row in day.stacking:
        if row["rule"] == "displaces" and row["layer"] in holds:
            there = holds[row["layer"]] & day.imports.of(GENERAL, row["partner"])
            for layer in _layers(row["beside"]) - {row["layer"]}:
                if layer in holds:
                    holds[layer] = holds[layer] & ~there
    value = day.nothing.copy()
    added: dict[Series, Numbers] = defaultdict(day.nothing.copy)
    touched: dict[Series, Numbers] = defaultdict(day.nothing.copy)
    charged: dict[Series, Numbers] = defaultdict(day.nothing.copy)
    for layer, layer_terms in listed.items():
        for row, rows in layer_terms:
            series = (layer, row["product"])
            reached = rows & holds[layer]
            liable, relief = day.assumed(series)
            pays = reached * day.imports.contents[row["on_value"]] * liable
            part = pays * (1 - relief * day.usmca)
            value += pays
            added[series] += part * day.added.get(series, day.nothing)
            touched[series] += reached
            charged[series] += part
    for row in day.carveout_terms:
        series = (row["layer"], row["product"])
        if row["effect"] == "scope" and series in touched:
            rows = day.imports.of(GENERAL, row["partner"]) & day.rated.get(series, day.nowhere)
            touched[series] = np.where(rows, day.share(row), touched[series])
    reach = {series: Reach(touched[series], charged[series]) for series in touched}
    return _Sectors(holds, value, dict(added), reach)


def _listed(day: _Day) -> dict[str, list[tuple[Term, Flags]]]:
    """The terms of each Section 232 layer that count on a day, with the rows that each one charges."""
    listed: dict[str, list[tuple[Term, Flags]]] = {}
    for row in day.group_terms:
        if row["layer"] not in SECTOR_LAYERS:
            continue
        rows = day.imports.of(row["group"], row["partner"])
        if row["effect"] != ENDS:
            rows = rows & day.rated.get((row["layer"], row["product"]), day.nowhere)
        earlier = listed.setdefault(row["layer"], [])
        if row["effect"] != CHARGED_BESIDE:
            earlier[:] = [(other, others & ~rows) for other, others in earlier]
        if row["effect"] in (CHARGED, CHARGED_BESIDE):
            earlier.append((row, rows))
    return listed


def _whole_economy(day: _Day, series: Series, sectors: _Sectors) -> tuple[Numbers, Reach, Flags]:
    """What one whole-economy layer adds and reaches, and where it takes the place of a metals duty."""
    full = day.added[series]
    rate, exempt = full.copy(), day.nothing
    only = np.full(len(full), 1.0 if is_whole(series) else 0.0)  # a product's trade is known from lists only
    for row in day.carveout_terms:
        if (row["layer"], row["product"]) == series:
            rows = day.imports.of(GENERAL, row["partner"])
            share = day.share(row)
            if row["effect"] == "exempt":
                exempt = exempt + rows * share
            elif row["effect"] == "only":
                only = np.where(rows, share, only)
            elif row["effect"] == "lower":
                rate = rate - rows * share * np.maximum(0.0, full - row["rate_pct"])
    left, beside = _left(day, sectors, series)
    _, relief = day.assumed(series)
    part = only * (1 - np.minimum(1.0, exempt)) * left * (1 - relief * day.usmca)
    part = np.where(_spared(day, series), 0.0, part)
    return rate * part, Reach(part, part), beside & (full > 0)


def _left(day: _Day, sectors: _Sectors, series: Series) -> tuple[Numbers, Flags]:
    """The share of each row left to a layer beside Section 232, and where the layer displaces that."""
    left, displaces = np.ones(len(day.usmca)), day.nowhere
    pays = sectors.value > 0
    for row in day.stacking:
        if (row["layer"], row["product"]) != series:
            continue
        met = _any([sectors.holds[name] for name in _layers(row["beside"]) if name in sectors.holds], day)
        rows = met & pays & day.imports.of(GENERAL, row["partner"])
        share = np.ones(len(left))
        if row["rule"] == "yields":
            share = day.nothing if row["on_value"] == "whole_good" else 1 - sectors.value
        left = np.where(rows, share, left)
        displaces = np.where(rows, row["rule"] == "displaces", displaces)
    return left, displaces


def _spared(day: _Day, series: Series) -> Flags:
    spared = day.nowhere
    for row in day.group_terms:
        if (row["layer"], row["product"]) == series and row["effect"] in (NOT_CHARGED, ENDS):
            rows = day.imports.of(row["group"], row["partner"])
            spared = np.where(rows, row["effect"] == NOT_CHARGED, spared)
    return spared


def _old_s232(day: _Day) -> Numbers:
    """The Section 232 duties of 2018, where no later one has taken their place."""
    stands = np.ones(len(day.usmca), dtype=bool)
    for row in day.stacking:
        if OLD_S232 in row["beside"] and row["rule"] == "displaces":
            stands &= ~day.rated.get((row["layer"], row["product"]), day.nowhere)
    return day.imports.old_s232 * stands


def _layers(beside: tuple[str, ...]) -> set[str]:
    return set(SECTOR_LAYERS) if EVERY_SECTOR in beside else set(beside)


def _any(masks: list[Flags], day: _Day) -> Flags:
    return np.logical_or.reduce([day.nowhere, *masks])
