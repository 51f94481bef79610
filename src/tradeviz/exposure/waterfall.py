"""What lies between the statutory headline, our effective rate and the rate charged, step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from tradeviz.data import Dataset
from tradeviz.errors import UsageError
from tradeviz.exposure.change import month_of
from tradeviz.exposure.readings import rate_readings
from tradeviz.exposure.trade import WEIGHTED
from tradeviz.frames import DAY, once_per_dataset, records, typed
from tradeviz.rates import import_weights
from tradeviz.rates.effective_charges import charges
from tradeviz.rates.effective_terms import ENDS, NOT_CHARGED, Terms, terms
from tradeviz.rates.steps import Rates
from tradeviz.vocabulary import HEADLINE_LAYERS, WHOLE_ECONOMY_PROGRAMMES

STEPS: dict[str, str] = {
    "headline": "statutory headline",
    "ceilings": "ceilings, line by line",
    "exemptions": "exempt goods",
    "beside": "goods under a sector duty instead",
    "sectors": "sector duties",
    "preferences": "goods under USMCA",
    "effective": "our effective rate",
    "rest": "timing, shifts, claims, error",
    "charged": "charged above 2024",
}
"""The steps in their order, with their names in print."""

LEVELS = ("headline", "effective", "charged")
"""Steps that are rates; the others are what lies between them."""


@once_per_dataset
def waterfall(
    ds: Dataset, partner: str = WEIGHTED, month: str | date | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Go from the headline of a month to the effective rate, and from that to what was charged.

    All steps are percentage points of customs value above the level of 2024, means of the days of the
    month. The steps down to the effective rate are computed one after another, each with what went
    before in place, so that they add up; in another order they would come out a little different.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str
        Partner code; WEIGHTED, the default, is the 18 by their imports of 2024.
    month : date, optional
        Any day of the month, or text as 2025-03; the last month published when not given.

    Returns
    -------
    pandas.DataFrame
        One row per step of `STEPS`: partner, month (its first day), step, name, level (True for a rate,
        False for what lies between two), points (the rate, or the change), from_pct, to_pct (where its
        bar begins and ends). NaN where the month is not published, or the imports of 2024 are not. Empty
        where no month is given and none of 2025 on is published.

    Raises
    ------
    UsageError
        If the partner is unknown, or the month is none or lies outside what is known.

    Examples
    --------
    >>> steps = exposure.waterfall(ds, "KOR", "2025-04").set_index("step")["points"].round(1)
    >>> steps[["headline", "exemptions", "sectors"]].tolist()
    [9.0, -2.0, 7.6]
    """
    code = partner if partner == WEIGHTED else ds.partner(partner)["partner"]
    wide = waterfalls(ds, month)
    return _long(wide[wide["partner"] == code])


@once_per_dataset
def waterfalls(ds: Dataset, month: str | date | pd.Timestamp | None = None) -> pd.DataFrame:
    """The steps of `waterfall` of every partner and of the 18, side by side.

    Parameters
    ----------
    ds, month
        As for `waterfall`.

    Returns
    -------
    pandas.DataFrame
        In partner order, then WEIGHTED: partner, month (its first day), and one column per step of
        `STEPS`, from headline_points to charged_points (percentage points).

    Raises
    ------
    UsageError
        If the month is none or lies outside what is known.

    Examples
    --------
    >>> exposure.waterfalls(ds)["month"].iloc[0].date().isoformat()
    '2025-02-01'
    """
    readings = rate_readings(ds)
    published = readings.loc[readings["charged_pct"].notna(), "month"]
    if month is None and published.empty:
        columns = ["partner", "month", *(f"{step}_points" for step in STEPS)]
        return typed(pd.DataFrame(columns=columns), {"month": DAY})
    first = published.max() if month is None else month_of(month)
    wide = _steps(ds, first, readings).add_suffix("_points")
    wide.insert(0, "month", first)
    return wide.rename_axis("partner").reset_index().astype({"partner": "str", "month": DAY})


def _steps(ds: Dataset, first: pd.Timestamp, readings: pd.DataFrame) -> pd.DataFrame:
    """The steps of one month, one row per partner and one for the 18."""
    month = readings[readings["month"] == first].set_index("partner")
    codes = list(ds.partners["partner"])
    days = pd.date_range(first, min(first + pd.offsets.MonthEnd(0), ds.as_of), unit="us")
    if month.empty:
        raise UsageError(f"{first:%Y-%m} has no rates by {ds.as_of:%Y-%m-%d}; use 2025-01 to that month")
    known = terms(ds)
    moments = sorted({days[0]} | {day for day in known.days if days[0] < day <= days[-1]})
    spans = np.diff([*(days.get_indexer(pd.DatetimeIndex(moments))), len(days)])
    totals = sum(_on(known, day) * span for day, span in zip(moments, spans, strict=True)) / len(days)
    ours = pd.DataFrame(
        totals, index=codes, columns=["line_by_line", "exempted", "whole", "all", "effective"]
    )
    weights = import_weights(ds) / import_weights(ds).sum(skipna=False)
    ours.loc[WEIGHTED] = ours.loc[ds.reciprocal].mul(weights, axis=0).sum(skipna=False)
    steps = pd.DataFrame(
        {
            "headline": month["headline_pct"],
            "ceilings": ours["line_by_line"] - month["headline_pct"],
            "exemptions": ours["exempted"] - ours["line_by_line"],
            "beside": ours["whole"] - ours["exempted"],
            "sectors": ours["all"] - ours["whole"],
            "preferences": ours["effective"] - ours["all"],
            "effective": ours["effective"],
            "rest": month["charged_added_pct"] - ours["effective"],
            "charged": month["charged_added_pct"],
        }
    )
    return steps.loc[[*codes, WEIGHTED]]


def _on(known: Terms, day: pd.Timestamp) -> np.ndarray:
    """Added rates of one day by partner, as one rule after another comes in (percent of value)."""
    rates = known.steps.on(day)
    whole_economy = _whole_economy(rates)
    unclaimed = replace(known, usmca=np.zeros(len(known.usmca)))
    bare = replace(unclaimed, group_terms=[], carveout_terms=[], stacking=[], assumptions=[])
    spared = [
        row
        for row in known.group_terms
        if row["layer"] in HEADLINE_LAYERS and row["effect"] in (NOT_CHARGED, ENDS)
    ]
    exempted = replace(bare, group_terms=spared, carveout_terms=known.carveout_terms)
    without_claims = charges(unclaimed, rates, day)
    rest = [values for series, values in without_claims.added.items() if series in whole_economy.series]
    base = known.imports.base + known.imports.old_s232
    rows = [
        sum(charges(bare, whole_economy, day).added.values(), np.zeros(len(base))),
        sum(charges(exempted, whole_economy, day).added.values(), np.zeros(len(base))),
        sum(rest, np.zeros(len(base))),
        without_claims.total - base,
        charges(known, rates, day).total - base,
    ]
    return np.column_stack([known.imports.by_partner(row) for row in rows])


def _whole_economy(rates: Rates) -> Rates:
    """The rates that the headline adds up."""
    rows = [
        row
        for row, (layer, product) in enumerate(rates.series)
        if layer in HEADLINE_LAYERS and (not product or product in WHOLE_ECONOMY_PROGRAMMES)
    ]
    return Rates([rates.series[row] for row in rows], rates.rate_pct[rows], rates.all_in[rows])


def _long(wide: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for row in records(wide):
        reached = 0.0
        for step, name in STEPS.items():
            level, points = step in LEVELS, float(row[f"{step}_points"])
            begin = 0.0 if level else reached
            reached = begin + points
            rows.append((row["partner"], row["month"], step, name, level, points, begin, reached))
    columns = ["partner", "month", "step", "name", "level", "points", "from_pct", "to_pct"]
    texts = dict.fromkeys(("partner", "step", "name"), "str")
    numbers = dict.fromkeys(("points", "from_pct", "to_pct"), "float64")
    return typed(pd.DataFrame(rows, columns=columns), {**texts, **numbers, "month": DAY, "level": "bool"})
