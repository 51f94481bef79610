"""Rules for what the tables tell twice: neither place can change, or be exchanged, without the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pandas as pd

from tradeviz.data.problems import Problem, shown
from tradeviz.data.validation import TypedTable, at

_MONTHS = 12
_REVISION = 0.05


def _partners(partners: TypedTable) -> Iterator[Problem]:
    doubled = partners.text.frame["name"].duplicated()
    return at(partners, doubled, "name", "is the name of a partner above; give each its own")


def _meeting_names(meetings: TypedTable) -> Iterator[Problem]:
    frame = meetings.text.frame
    begins = frame["partner"].str.lower() + "-" + frame["start_date"] + "-m"
    numbers = [name.removeprefix(begin) for name, begin in zip(frame["meeting_id"], begins, strict=True)]
    wrong = [re.fullmatch("[0-9]+", number) is None for number in numbers]

    def misnamed(row: int) -> str:
        return f'"{shown(frame["meeting_id"].iloc[row])}" is not {shown(begins.iloc[row])} and a number'

    return at(meetings, wrong, "meeting_id", misnamed)


def _pledge_names(commitments: TypedTable) -> Iterator[Problem]:
    """A pledge keeps its name when its day is corrected: only the partner is told twice."""
    frame = commitments.text.frame
    form = "-[0-9]{4}-[0-9]{2}-[0-9]{2}-c[0-9]+"
    names = zip(frame["commitment_id"], frame["partner"].str.lower(), strict=True)
    wrong = [re.fullmatch(re.escape(partner) + form, name) is None for name, partner in names]
    what = '"{cell}" is not partner, day and number (kor-2025-04-25-c1)'
    return at(commitments, wrong, "commitment_id", what)


def _years(years: TypedTable, months: TypedTable) -> Iterator[Problem]:
    """Hold the imports of a year against its months: else imports and exports could be exchanged unseen."""
    monthly = months.frame.assign(year=months.frame["month"].dt.year)
    sums = monthly.groupby(["partner", "year"])["general_imports_usd_mn"].agg(["sum", "count"])
    whole = sums.loc[sums["count"] == _MONTHS, "sum"] / 1_000
    places = pd.MultiIndex.from_frame(years.frame[["partner", "year"]])
    summed = pd.Series(whole.reindex(places).to_numpy())
    far = (years.frame["us_goods_imports_usd_bn"] - summed).abs() > _REVISION * summed

    def differs(row: int) -> str:
        return f"is far from its months in trade_monthly.csv ({summed.iloc[row]:.3f}); which is right?"

    return at(years, far, "us_goods_imports_usd_bn", differs)


def _modelled(rates: TypedTable) -> Iterator[Problem]:
    base = rates.frame["base_2024_rate_pct"]
    first = base.groupby(rates.frame["partner"]).transform("first")

    def differs(row: int) -> str:
        return f"differs from {first.iloc[row]:g} in the partner's first row; a partner has one rate of 2024"

    return at(rates, base.notna() & (base != first), "base_2024_rate_pct", differs)


RULES_OF_AGREEMENT: list[tuple[tuple[str, ...], Callable[..., Iterator[Problem]]]] = [
    (("partners",), _partners),
    (("meetings",), _meeting_names),
    (("commitments",), _pledge_names),
    (("trade_annual", "trade_monthly"), _years),
    (("effective_rates_model",), _modelled),
]
"""Each rule, with the names of the tables that it is given."""
