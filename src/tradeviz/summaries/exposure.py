"""The summary and notes of the page on exposure: coverage, the three rates, duties."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from tradeviz import exposure as measures
from tradeviz.caveats import wedges
from tradeviz.data import Dataset
from tradeviz.summaries.facts import Facts, looks_back
from tradeviz.wording import count, day, listing, money_bn, rate

_COVERED = {
    "framework": "a framework or further",
    "text": "a text or further",
    "order": "an implementing order in force",
}
_TAKEN_OFF = "duties of before"
"""The wedge that the charged rate above its level of 2024 no longer has."""


class Covered(NamedTuple):
    """The number of partners, and their share in the 2024 imports from the 18 (0 to 1)."""

    partners: int
    share: float


class ThreeRates(NamedTuple):
    """Import-weighted rates of a month in percent (NaN where not known).

    The statutory headline, the modelled rate, the rate charged, what of the latter lies above its
    level of 2024, and the headline less that.
    """

    month: date
    headline_pct: float
    modelled_pct: float
    charged_pct: float
    charged_added_pct: float
    gap_pp: float


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
    rates : ThreeRates or None
        The three rates in the last month published; None before the first month of 2025.
    duties : Duties or None
        The duties of the last month published.
    """

    partners: int
    year_published: bool
    covered: Mapping[str, Covered]
    rates: ThreeRates | None
    duties: Duties | None

    def sentences(self) -> list[str]:
        """What share of the trade is under a deal, where the three rates lie, what was charged."""
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
        side = "above" if last.charged_added_pct >= 0 else "below"
        text = (
            f"In {last.month:%B %Y}, the last month published, the import-weighted statutory headline was"
            f" {_percent(last.headline_pct)}, the modelled rate (computed in hindsight)"
            f" {_percent(last.modelled_pct)} and the rate charged {_percent(last.charged_pct)},"
            f" {_points(last.charged_added_pct)} {side} its level of 2024."
        )
        if abs(last.gap_pp) < 0.5:
            return text
        side, effect = ("above", "lower") if last.gap_pp > 0 else ("below", "higher")
        return (
            f"{text} The headline lay {_points(last.gap_pp)} {side} what was charged on top of the level of"
            f" 2024; what pulls this way is named, not estimated: {_reasons(effect)}."
        )

    def _duties(self) -> str:
        if self.duties is None:
            return ""
        month, partners, usd_bn = self.duties
        total = money_bn(round(usd_bn, 1))
        return f"Calculated duties on goods of the {partners} partners came to {total} in {month:%B %Y}."


def exposure(ds: Dataset) -> ExposureFacts:
    """Say what share of the trade is under a deal, where the three rates lie and what was charged.

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
        rates=_three_rates(ds),
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
    'The three rates in February 2025, the last month published'
    """
    last = measures.last_month_rates(ds)["month"].max()
    when = "" if pd.isna(last) else f" in {last:%B %Y}, the last month published"
    return f"The three rates{when}"


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


def _three_rates(ds: Dataset) -> ThreeRates | None:
    frame = measures.last_month_rates(ds)
    row = frame[frame["partner"] == measures.WEIGHTED]
    if row.empty:
        return None
    last = row.iloc[0]
    return ThreeRates(last["month"].date(), *(float(last[name]) for name in ThreeRates._fields[1:]))


def _last_duties(ds: Dataset) -> Duties | None:
    frame = measures.duties(ds)
    if frame.empty:
        return None
    own = frame[frame["month"] == frame["month"].max()]
    return Duties(own["month"].iloc[0].date(), len(own), float(own["duties_usd_bn"].sum()))


def _reasons(effect: str) -> str:
    """The wedges between the statutory and the charged rate that pull the latter one way."""
    rows = wedges()
    between = rows["between"].str.startswith("statutory") & rows["between"].str.endswith("charged")
    named = rows[between & rows["effect"].str.startswith(effect) & (rows["wedge"] != _TAKEN_OFF)]
    qualified = named["effect"].str.split(",").str[0].str.removeprefix(effect)
    return listing(list(named["wedge"] + qualified))


def _percent(pct: float) -> str:
    return "not known" if math.isnan(pct) else rate(round(pct, 1))


def _points(value: float) -> str:
    return f"{round(abs(value), 1):g} percentage points"
