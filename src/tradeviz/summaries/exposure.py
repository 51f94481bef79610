"""The summary and notes of the page on exposure: coverage, the four readings of the rate, duties."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from tradeviz import exposure as measures
from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.frames import once_per_dataset, records
from tradeviz.summaries.facts import Facts, looks_back
from tradeviz.wording import count, day, listing, money_bn, rate

_COVERED = {
    "framework": "a framework or further",
    "text": "a text or further",
    "order": "an implementing order in force",
}
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


class Covered(NamedTuple):
    """The number of partners, and their share in the 2024 imports from the 18 (0 to 1)."""

    partners: int
    share: float


class Readings(NamedTuple):
    """Import-weighted rates of a month, all above the level of 2024: percentage points (NaN where not known).

    The statutory headline, our effective rate, Waugh's model, and what was charged.
    """

    month: date
    headline_pct: float
    effective_added_pct: float
    modelled_pct: float
    charged_added_pct: float


class Duties(NamedTuple):
    """Calculated duties on goods of so many partners in a month, in billions of dollars."""

    month: date
    partners: int
    usd_bn: float


@dataclass(frozen=True)
class ExposureFacts(Facts):
    """What trade deals cover, and what it pays.

    Attributes
    ----------
    partners : int
        Number of partners of the reciprocal track.
    year_published : bool
        Whether the imports of the whole year 2024 are published.
    covered : mapping of str to Covered
        Partners with a framework, a text, and an implementing order in force; empty without any.
    rates : Readings or None
        The four readings of the rate in the last month published; None before the first month of 2025.
    duties : Duties or None
        The duties of the last month published.
    """

    partners: int
    year_published: bool
    covered: Mapping[str, Covered]
    rates: Readings | None
    duties: Duties | None

    def sentences(self) -> list[str]:
        """What share of the trade is under a deal, how far the readings lie apart, what was charged."""
        return [self._covered(), self._rates(), self._duties()]

    def _covered(self) -> str:
        start = f"As of {day(self.as_of)}"
        if not self.year_published:
            return f"{start}, the imports of the whole year 2024 {self.be(2)} not yet published."
        if not self.covered:
            return f"{start}, none of the {self.partners} partners {self.have()} a framework."
        parts = [
            f"{_percent(100 * own.share)} from {count(own.partners, 'partner')} with {_COVERED[kind]}"
            for kind, own in self.covered.items()
        ]
        come = self.tense("come", "came")
        return f"{start}, of the 2024 imports from the {self.partners} {come} {listing(parts)}."

    def _rates(self) -> str:
        last = self.rates
        if last is None:
            return f"No month of 2025 {self.be()} published yet, so no rate charged since {self.be()} known."
        known = (last.headline_pct, last.effective_added_pct, last.modelled_pct)
        headline, ours, modelled = (_bare(value) for value in known)
        side = "above" if last.charged_added_pct >= 0 else "below"
        return (
            f"In {last.month:%B %Y}, the last month published, goods of the {self.partners} were charged"
            f" {_points(last.charged_added_pct)} {side} the level of 2024, import-weighted; the statutory"
            f" headline was {headline} points, our effective rate {ours} and Waugh's model, computed in"
            f" hindsight, {modelled}."
        )

    def _duties(self) -> str:
        if self.duties is None:
            return ""
        month, partners, usd_bn = self.duties
        total = money_bn(round(usd_bn, 1))
        return f"Calculated duties on goods of the {partners} partners came to {total} in {month:%B %Y}."


@once_per_dataset
def exposure(ds: Dataset) -> ExposureFacts:
    """Say what share of the trade is under a deal, how far the readings lie apart and what was charged.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    ExposureFacts
        The facts; `.text` is the paragraph.

    Examples
    --------
    >>> facts = summaries.exposure(ds)
    >>> facts.rates.month.isoformat(), facts.duties.partners
    ('2025-02-01', 20)
    >>> facts.sentences()[0]
    'As of 25 April 2025, none of the 18 partners had a framework.'
    """
    imports = measures.imports_and_rates(ds)["imports_2024_usd_bn"]
    return ExposureFacts(
        as_of=ds.as_of.date(),
        looks_back=looks_back(ds),
        partners=len(ds.reciprocal),
        year_published=bool(imports.notna().all()),
        covered=_shares(ds),
        rates=_readings(ds),
        duties=_last_duties(ds),
    )


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
    last = measures.last_month_rates(ds)["month"].max()
    when = "" if pd.isna(last) else f" in {last:%B %Y}, the last month published"
    return f"The four readings{when}"


def waterfall_title(ds: Dataset) -> str:
    """The title of the steps from the headline to what was charged.

    Examples
    --------
    >>> summaries.waterfall_title(ds)
    'What lies between the headline and what was charged in February 2025?'
    """
    last = measures.last_month_rates(ds)["month"].max()
    when = "is charged" if pd.isna(last) else f"was charged in {last:%B %Y}"
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
        f" {_percent(last['charged_pct'])} of customs value was charged in {last['month']:%B %Y}, the last"
        " month published"
    )
    if len(year) < 12:
        return f"{text}."
    before = 100 * year["duties_usd_mn"].sum() / year["imports_usd_mn"].sum()
    return f"{text}; in 2024 it was {_percent(before)}."


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
    named = [
        f"{row['product']} {rate(row['rate_pct'])} since {day(row['effective'])}" for row in records(rows)
    ]
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


def _shares(ds: Dataset) -> dict[str, Covered]:
    shares = measures.covered_share(ds).dropna()
    if shares.empty:
        return {}
    last = shares.iloc[-1]
    covered = {kind: Covered(int(last[f"{kind}_n"]), float(last[f"{kind}_share"])) for kind in _COVERED}
    return covered if any(own.partners for own in covered.values()) else {}


def _readings(ds: Dataset) -> Readings | None:
    frame = measures.last_month_rates(ds)
    row = frame[frame["partner"] == measures.WEIGHTED]
    if row.empty:
        return None
    last = row.iloc[0]
    return Readings(last["month"].date(), *(float(last[name]) for name in Readings._fields[1:]))


def _last_duties(ds: Dataset) -> Duties | None:
    frame = measures.duties(ds)
    if frame.empty:
        return None
    own = frame[frame["month"] == frame["month"].max()]
    return Duties(own["month"].iloc[0].date(), len(own), float(own["duties_usd_bn"].sum()))


def _bare(value: float) -> str:
    return "not known" if math.isnan(value) else f"{round(value, 1):g}"


def _percent(pct: float) -> str:
    return "not known" if math.isnan(pct) else rate(round(pct, 1))


def _points(value: float) -> str:
    return f"{round(abs(value), 1):g} percentage points"
