"""The summary of the page on exposure: coverage, the four readings of the rate, duties."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tradeviz import exposure as measures
from tradeviz.data import Dataset
from tradeviz.frames import once_per_dataset
from tradeviz.summaries.exposure_notes import percent, us_share
from tradeviz.summaries.facts import Facts, plain_number, seen
from tradeviz.vocabulary import COVERED_NAMES
from tradeviz.wording import count, day, listing, money_bn, number


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
    outside : tuple of str
        The other partners, whom no mean here contains.
    us_share : float or None
        Share of the former in the U.S. imports of 2024 (0 to 1); None until the year is published.
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
    outside: tuple[str, ...]
    us_share: float | None
    year_published: bool
    covered: Mapping[str, Covered]
    rates: Readings | None
    duties: Duties | None

    def sentences(self) -> list[str]:
        """How far the readings lie apart, for whom, what trade is under a deal, what duties came to."""
        return [self._rates(), self._left_out(), self._covered(), self._duties()]

    def _left_out(self) -> str:
        if self.us_share is None:
            return ""
        without = f", without {listing(self.outside)}," if self.outside else ""
        return f"The {self.partners}{without} sold {self.us_share:.0%} of the U.S. imports of 2024."

    def _covered(self) -> str:
        if not self.year_published:
            return f"The imports of the whole year 2024 {self.be(2)} not yet published."
        if not self.covered:
            return f"None of the {self.partners} partners {self.have()} a framework."
        parts = [
            f"{percent(100 * part.share)} from {count(part.partners, 'partner')} with {COVERED_NAMES[kind]}"
            for kind, part in self.covered.items()
        ]
        come = self.tense("come", "came")
        return f"Of the 2024 imports from the {self.partners} {come} {listing(parts)}."

    def _rates(self) -> str:
        last = self.rates
        if last is None:
            unknown = f"{self.be()} published yet, and no rate charged since {self.be()} known"
            return f"As of {day(self.as_of)}, no month of 2025 {unknown}."
        known = (last.headline_pct, last.effective_added_pct, last.modelled_pct)
        headline, ours, modelled = (_bare(value) for value in known)
        side = "above" if last.charged_added_pct >= 0 else "below"
        return (
            f"In {last.month:%B %Y}, the last month published by {day(self.as_of)}, goods of the"
            f" {self.partners} were charged {_points(last.charged_added_pct)} {side} the level of 2024, at"
            f" the imports of that year; the statutory headline was {headline} points, our effective rate"
            f" {ours} and Waugh's model, computed in hindsight, {modelled}."
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
    >>> facts.sentences()[2]
    'None of the 18 partners had a framework.'
    """
    imports = measures.imports_and_rates(ds)["imports_2024_usd_bn"]
    return ExposureFacts(
        **seen(ds),
        partners=len(ds.reciprocal),
        outside=tuple(ds.name(code) for code in ds.names if code not in ds.reciprocal),
        us_share=plain_number(us_share(ds)),
        year_published=bool(imports.notna().all()),
        covered=_shares(ds),
        rates=_readings(ds),
        duties=_last_duties(ds),
    )


def _shares(ds: Dataset) -> dict[str, Covered]:
    shares = measures.covered_share(ds).dropna()
    if shares.empty:
        return {}
    last = shares.iloc[-1]
    covered = {kind: Covered(int(last[f"{kind}_n"]), float(last[f"{kind}_share"])) for kind in COVERED_NAMES}
    return covered if any(part.partners for part in covered.values()) else {}


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
    last = frame[frame["month"] == frame["month"].max()]
    return Duties(last["month"].iloc[0].date(), len(last), float(last["duties_usd_bn"].sum()))


def _bare(value: float) -> str:
    return "not known" if math.isnan(value) else number(round(value, 1))


def _points(value: float) -> str:
    return f"{round(abs(value), 1):g} percentage points"
