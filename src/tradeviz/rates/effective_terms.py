"""What the tables behind the effective rate say by a day, as arrays: imports, terms, rates.

`charges` in `effective_charges` reads them. A row of the arrays is a partner and a group of tariff
lines. Nothing here names a partner, an order or a product: what a layer does stands in the tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradeviz.data import Dataset, split_list
from tradeviz.frames import alike, once_per_dataset, records
from tradeviz.rates.steps import Flags, Numbers, Series, Steps, steps
from tradeviz.vocabulary import GENERAL, GROUP_EFFECTS, WHOLE_ECONOMY_PROGRAMMES

Term = dict[str, Any]
_Made = dict[str, tuple[tuple[int, ...], Any]]
_TERMS = ("group_terms", "carveout_terms", "stacking")
_CEILINGS = {10.0: "below_10_pct", 12.5: "below_12_5_pct", 15.0: "below_15_pct"}
_CONTENTS = {"metal_content": "metal_content_share", "copper_content": "copper_content_share"}


@dataclass(frozen=True)
class Imports:
    """The imports of 2024 by partner and group.

    Attributes
    ----------
    codes : tuple of str
        Partners, in partner order.
    partner : array of int
        Position in `codes` of the partner of each row.
    group, group_name : array of str
        Group of each row.
    value : array of float
        Imports of 2024, millions of dollars.
    weight : array of float
        Share of the partner's imports, 0 to 1.
    base, old_s232 : array of float
        Normal duty, and Section 232 duty of 2018 (percent of value).
    ceilings : dict of float to array
        What a ceiling at that rate adds to the normal duty of the group's lines (percent of value).
    contents : dict of str to array
        Share of the value that a charge is on, by `on_value`.
    masks : dict of str to array
        The rows of each group and of each partner; ALL is every row.
    """

    codes: tuple[str, ...]
    partner: NDArray[np.int64]
    group: NDArray[np.object_]
    group_name: NDArray[np.object_]
    value: Numbers
    weight: Numbers
    base: Numbers
    old_s232: Numbers
    ceilings: dict[float, Numbers]
    contents: dict[str, Numbers]
    masks: dict[str, Flags]

    def of(self, group: str, partner: str) -> Flags:
        """The rows of a group and a partner; ALL stands for every one of them."""
        none = np.zeros(len(self.partner), dtype=bool)
        return self.masks.get(group, none) & self.masks.get(partner, none)

    def summed(self, rows: Numbers) -> Numbers:
        """The sum of a measure over the rows of each partner."""
        return np.bincount(self.partner, weights=rows, minlength=len(self.codes)).astype(float)

    def by_partner(self, rows: Numbers) -> Numbers:
        """The weighted mean of a measure over the rows of each partner; NaN for one without rows."""
        return np.where(self.summed(self.weight) > 0, self.summed(self.weight * rows), np.nan)

    def added(self, rate_pct: Numbers, all_in: Flags) -> Numbers:
        """What a rate adds to the normal duty, by row: itself, or for a ceiling what lies above it."""
        above = np.maximum(0.0, rate_pct - self.base)
        for ceiling, below in self.ceilings.items():
            above = np.where(rate_pct == ceiling, below, above)
        return np.where(all_in, above, rate_pct)


@dataclass(frozen=True)
class Terms:
    """Everything that the effective rate rests on, as known by a day.

    Attributes
    ----------
    imports : Imports
        The imports of 2024; without rows before they were published.
    steps : Steps
        The schedules in force and ahead.
    usmca : array of float
        Share of each row that is entered under USMCA in the last month published.
    group_terms, carveout_terms, stacking : list of dict
        Rows of the tables, in the order in which they take effect; stacking has beside as a tuple.
    assumptions : list of dict
        Rows of the table, the most exact ones last, those alike in the order in which they take effect.
    carveouts : dict of str to array
        Share of each row that a list reaches.
    """

    imports: Imports
    steps: Steps
    usmca: Numbers
    group_terms: list[Term]
    carveout_terms: list[Term]
    stacking: list[Term]
    assumptions: list[Term]
    carveouts: dict[str, Numbers]

    @property
    def days(self) -> list[pd.Timestamp]:
        """The days from which something is different."""
        tables = (self.group_terms, self.carveout_terms, self.stacking, self.assumptions)
        terms = {term["effective"] for table in tables for term in table if pd.notna(term["effective"])}
        return sorted(terms | {pd.Timestamp(day) for day in self.steps.effective})


@once_per_dataset
def terms(ds: Dataset) -> Terms:
    """Gather what the effective rate rests on.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    Terms
        Imports, schedules and terms.
    """
    return _gathered(ds, {})


@once_per_dataset
def terms_then(ds: Dataset, days: tuple[pd.Timestamp, ...]) -> list[Terms]:
    """Gather what the effective rate rested on, as known on one day after the other.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    days : tuple of pandas.Timestamp
        In order.

    Returns
    -------
    list of Terms
        Imports, schedules and terms as known on the evening of each day.
    """
    made: _Made = {}
    gathered, known = [], None
    for day in days:
        known = as_known(ds, day, known)
        gathered.append(_gathered(known, made))
    return gathered


def _gathered(ds: Dataset, made: _Made) -> Terms:
    """Gather the terms; what was made on an earlier day of tables with as many rows is not made again."""

    def of(name: str, make: Callable[[], Any], *tables: pd.DataFrame) -> Any:
        sizes = tuple(map(len, tables))
        if name not in made or made[name][0] != sizes:
            made[name] = (sizes, make())
        return made[name][1]

    groups, shares, lists = ds.import_groups, ds.preference_shares, ds.carveout_shares
    orders = ds.tariffs[ds.tariffs["force"] == "order"]
    imports = of("imports", partial(_imports, ds), groups)
    return Terms(
        imports=imports,
        steps=of("steps", partial(steps, ds), orders),
        usmca=of("usmca", partial(_usmca, shares, imports), groups, shares),
        carveouts=of("carveouts", partial(_carveouts, lists, imports), groups, lists),
        assumptions=of("assumptions", partial(_most_exact_last, ds.assumptions), ds.assumptions),
        **{name: of(name, partial(_in_order, getattr(ds, name)), getattr(ds, name)) for name in _TERMS},
    )


def is_whole(series: Series) -> bool:
    """Whether a whole-economy layer reaches all goods of a partner, and not those of a product alone."""
    return not series[1] or series[1] in WHOLE_ECONOMY_PROGRAMMES


def as_known(ds: Dataset, as_of: pd.Timestamp, earlier: Dataset | None = None) -> Dataset:
    """The data set cut further, at an earlier day, in the tables that the effective rate reads.

    What was cut at a day before that one can be given: a table without new rows is then not cut again.
    """
    announced = ("tariffs", "group_terms", "carveout_terms", "stacking", "assumptions", "omissions")
    clocks = dict.fromkeys(announced, "announced")
    clocks |= dict.fromkeys(("import_groups", "preference_shares"), "released")
    tables = {}
    for name, clock in clocks.items():
        table = getattr(ds, name)
        known = (table[clock] <= as_of).to_numpy()
        same = earlier is not None and known.sum() == len(getattr(earlier, name))
        tables[name] = getattr(earlier, name) if same else table[known]
    return replace(ds, as_of=as_of, **tables)


def _in_order(table: pd.DataFrame) -> list[Term]:
    """The rows of a table by first day, then by the day on which they became known, then as they stand."""
    rows = records(table.sort_values(["effective", "announced"], kind="stable", na_position="first"))
    return [row | {"beside": tuple(split_list(row["beside"]))} if "beside" in row else row for row in rows]


def _most_exact_last(assumptions: pd.DataFrame) -> list[Term]:
    """Assumptions in order, those that name more of layer, product, group and partner after the others."""

    def exactness(row: Term) -> tuple[int, list[bool]]:
        names = [
            row["layer"] != "*",
            row["product"] != "",
            row["group"] != GENERAL,
            row["partner"] != GENERAL,
        ]
        return sum(names), names

    return sorted(_in_order(assumptions), key=exactness)


def _imports(ds: Dataset) -> Imports:
    codes = tuple(ds.partners["partner"])
    table = ds.import_groups
    table = table[table["partner"].isin(codes)]
    numbers = {name: table[name].to_numpy(dtype=float) for name in table.select_dtypes("number")}
    partner = table["partner"].map({code: i for i, code in enumerate(codes)}).to_numpy(dtype=int)
    group = table["group"].to_numpy(dtype=object)
    value = numbers["imports_2024_usd_mn"]
    total = np.bincount(partner, weights=value, minlength=len(codes))
    return Imports(
        codes,
        partner,
        group,
        table["group_name"].to_numpy(dtype=object),
        value,
        value / total[partner],
        numbers["base_rate_pct"],
        numbers["old_s232_pct"],
        {rate: numbers[name] for rate, name in _CEILINGS.items()},
        {"full": np.ones(len(value)), **{name: numbers[column] for name, column in _CONTENTS.items()}},
        {GENERAL: np.ones(len(value), dtype=bool)}
        | {name: group == name for name in set(group)}
        | {code: partner == i for i, code in enumerate(codes)},
    )


def _usmca(shares: pd.DataFrame, imports: Imports) -> Numbers:
    """The share of the last month published; the year 2024, whose month is blank, before the first one."""
    last = shares.sort_values("month", kind="stable", na_position="first")
    last = last.drop_duplicates(["partner", "group"], keep="last")
    return _by_row(records(last), "usmca_share", imports)


def _carveouts(shares: pd.DataFrame, imports: Imports) -> dict[str, Numbers]:
    lists = alike(shares, ["carveout"])
    return {rows[0]["carveout"]: _by_row(rows, "share", imports) for rows in lists}


def _by_row(shares: list[dict[str, Any]], column: str, imports: Imports) -> Numbers:
    """The values of a column by row of the imports; 0 where there is none."""
    values = {(row["partner"], row["group"]): row[column] for row in shares}
    rows = zip(imports.partner, imports.group, strict=True)
    return np.array([values.get((imports.codes[i], group), 0.0) for i, group in rows], dtype=float)


CHARGED, CHARGED_BESIDE, NOT_CHARGED, ENDS = GROUP_EFFECTS
