"""Titles, notes and source lines of the page on exposure, and of whatever else weighs trade."""

from __future__ import annotations

import math

import pandas as pd

from tradeviz import exposure as measures
from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.summaries.facts import looks_back
from tradeviz.wording import day, listing, rate

_OURS = (
    "our calculation from imports of 2024 (U.S. Census Bureau, lines as collected by M. E. Waugh) and lists"
    " of The Budget Lab at Yale"
)
RATE_SOURCE = f"tradeviz tables tariffs and trade_monthly; effective rate: {_OURS}"
"""The source line of whatever shows effective rates."""

READINGS_SOURCE = f"{RATE_SOURCE}; model: M. E. Waugh, trade-war-redux-2025"
"""The source line of whatever shows Waugh's model beside them."""

WEIGHT_SOURCE = f"trade at stake and points: {_OURS}"
"""The source line of whatever shows trade at stake."""


def vintage_note(ds: Dataset) -> str:
    """Say that trade figures are of one vintage, on a page that looks back; else an empty text.

    Examples
    --------
    >>> summaries.vintage_note(ds).split(",")[0]
    'Months of trade are shown as published by 25 April 2025'
    """
    if not looks_back(ds):
        return ""
    return (
        f"Months of trade are shown as published by {day(ds.as_of)}, but their values are of one vintage, "
        f"that of {ds.coverage_end:%B %Y}, with all revisions since."
    )


def month_title(ds: Dataset) -> str:
    """The title of the table of the last month published.

    Examples
    --------
    >>> summaries.month_title(ds)
    'The four readings in February 2025, the last month published'
    """
    month = _last_month(ds)
    when = f" in {month}, the last month published" if month else ""
    return f"The four readings{when}"


def waterfall_title(ds: Dataset) -> str:
    """The title of the steps from the headline to what was charged.

    Examples
    --------
    >>> summaries.waterfall_title(ds)
    'What lies between the headline and what was charged in February 2025?'
    """
    month = _last_month(ds)
    when = f"was charged in {month}" if month else "is charged"
    return f"What lies between the headline and what {when}?"


def us_average(ds: Dataset) -> str:
    """What customs charged on all U.S. imports in the last month published, and in 2024.

    Examples
    --------
    >>> summaries.us_average(ds)
    'On all U.S. imports, those from the 20 partners and all others, 2.3% of customs value was charged in
    February 2025, the last month published; in 2024 it was 2.4%.'
    """
    months = rates.charged(ds)
    if months.empty:
        return "No month of U.S. imports is published yet."
    last, year = months.iloc[-1], months[months["month"].dt.year == 2024]
    text = (
        f"On all U.S. imports, those from the {len(ds.partners)} partners and all others,"
        f" {percent(last['charged_pct'])} of customs value was charged in {last['month']:%B %Y}, the last"
        " month published"
    )
    if len(year) < 12:
        return f"{text}."
    before = 100 * year["duties_usd_mn"].sum() / year["imports_usd_mn"].sum()
    return f"{text}; in 2024 it was {percent(before)}."


def older_duties(ds: Dataset, partner: str) -> str:
    """Name the older Section 301 duties on goods of a partner by list, rate and day; "" for none.

    Examples
    --------
    >>> summaries.older_duties(ds, "CHN").split(";")[1]
    ' List 2 25% since 23 August 2018'
    >>> summaries.older_duties(ds, "KOR")
    ''
    """
    rows = rates.older_duties(ds, partner)
    if rows.empty:
        return ""
    duties = records(rows)
    named = [f"{row['product']} {rate(row['rate_pct'])} since {day(row['effective'])}" for row in duties]
    head = "Older Section 301 duties, in the rate of 2024 and in none of the rates above"
    return f"{head}: {'; '.join(named)}."


def change_title(ds: Dataset) -> str:
    """The title of the split of the change of the rate charged.

    Examples
    --------
    >>> summaries.change_title(ds)
    'Did rates or purchases change what is charged? February 2024 to February 2025'
    """
    question = "Did rates or purchases change what is charged?"
    months = [f"{month:%B %Y}" for month in measures.months_compared(ds)]
    return f"{question} {months[0]} to {months[1]}" if months else question


def averaged(ds: Dataset) -> str:
    """Whom the means over all partners contain, and what share of U.S. imports that is.

    Examples
    --------
    >>> summaries.averaged(ds)
    'the 18 (without Canada and Mexico; 63% of U.S. imports in 2024)'
    """
    others = [name for code, name in ds.names.items() if code not in ds.reciprocal]
    parts = [f"without {listing(others)}"] if others else []
    share = us_share(ds)
    parts += [] if math.isnan(share) else [f"{share:.0%} of U.S. imports in 2024"]
    return f"the {len(ds.reciprocal)}" + (f" ({'; '.join(parts)})" if parts else "")


def two_weightings(ds: Dataset) -> str:
    """Why the rate charged in a month is given twice, at the imports of 2024 and at those of the month.

    Examples
    --------
    >>> summaries.two_weightings(ds)
    'In February 2025, 3.5% was charged on what was bought from the 18 in that month. At the imports of
    2024, as in the four readings, it was 3.9%: the first falls when buyers turn to partners with lower
    rates, the second cannot.'
    """
    frame = measures.last_month_rates(ds)
    rows = frame[frame["partner"] == measures.WEIGHTED]
    if rows.empty:
        return ""
    last = rows.iloc[0]
    return (
        f"In {last['month']:%B %Y}, {percent(last['charged_own_weights_pct'])} was charged on what was"
        f" bought from the {len(ds.reciprocal)} in that month. At the imports of 2024, as in the four"
        f" readings, it was {percent(last['charged_pct'])}: the first falls when buyers turn to partners with"
        " lower rates, the second cannot."
    )


def _last_month(ds: Dataset) -> str:
    last = measures.last_month_rates(ds)["month"].max()
    return "" if pd.isna(last) else f"{last:%B %Y}"


def us_share(ds: Dataset) -> float:
    """Share of the reciprocal track in the U.S. imports of 2024 (0 to 1); NaN until they are published."""
    return float(rates.average(ds, ds.reciprocal)["share_of_us_imports"].iloc[0])


def percent(pct: float) -> str:
    """A rate with one decimal, or that it is not known."""
    return "not known" if math.isnan(pct) else rate(round(pct, 1))
