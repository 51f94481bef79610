"""The summary of the page on deals: who has one, what was promised in them, and who carried them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from tradeviz import talks
from tradeviz.data import Dataset
from tradeviz.frames import once_per_dataset
from tradeviz.summaries.facts import DEAL_FORMS, Facts, named_terms, plain_number, seen, terms_in_force
from tradeviz.talks import deals as measures
from tradeviz.vocabulary import COMMITMENT_KINDS, COMMITMENT_STATUS_NAMES
from tradeviz.wording import amount_bn, count, count_days, day, listing, number

_STATUSES = {**COMMITMENT_STATUS_NAMES, "": "without a status on record"}


class LargestPledge(NamedTuple):
    """A pledge: billions of dollars, of which there are how many, by whom, and how it stands.

    `times_exports` sets it against the partner's exports to the United States in 2024 (None
    where not known, or where the United States pledged).
    """

    usd_bn: float
    per: str
    same_amount: int
    by: str
    kind: str
    status: str
    times_exports: float | None


class Acts(NamedTuple):
    """How many deals one side took an act to carry out, and the median number of days after the deal."""

    deals: int
    median_days: float | None


@dataclass(frozen=True)
class DealsFacts(Facts):
    """Deals, commitments and the acts that carried deals out.

    Attributes
    ----------
    partners : int
        Number of partners of the reciprocal track.
    forms : mapping of str to int
        Number of these by the furthest form of their deal; forms without one are left out.
    in_force : tuple of (str, str)
        Partners whose terms are in force, each with the document in short and its last day.
    commitments : mapping of str to int
        Number of commitments of all partners by latest status ("" for none on record).
    border : tuple of str
        Partners of the border track that have some of these.
    largest : LargestPledge or None
        The largest pledge of investment or purchases with an amount.
    deals : int
        Number of deals of all partners that can be carried out.
    us_acts, partner_acts : Acts
        By each side.
    """

    partners: int
    forms: Mapping[str, int]
    in_force: tuple[tuple[str, str], ...]
    commitments: Mapping[str, int]
    border: tuple[str, ...]
    largest: LargestPledge | None
    deals: int
    us_acts: Acts
    partner_acts: Acts

    def sentences(self) -> list[str]:
        """Commitments by status, the largest pledge, deals by form, who carried out what."""
        return [self._commitments(), self._largest(), self._forms(), self._carried_out()]

    def _forms(self) -> str:
        total = sum(self.forms.values())
        if not total:
            return f"None of the {self.partners} partners {self.have()} a deal."
        parts = listing([f"{DEAL_FORMS[stage]} for {n}" for stage, n in self.forms.items()])
        had = f"{total} of {self.partners} partners {self.have(total)} a deal"
        return f"{had}; furthest form: {parts}{named_terms(self.in_force)}."

    def _commitments(self) -> str:
        total = sum(self.commitments.values())
        number_of = count(total, "commitment") if total else "no commitment"
        said = f"As of {day(self.as_of)}, {number_of} {self.be(total or 1)} on record"
        if not total:
            return f"{said}."
        apart = f" (those with {listing(self.border)} included)" if self.border else ""
        counts = self.commitments
        parts = [f"{counts[status]} {words}" for status, words in _STATUSES.items() if status in counts]
        return f"{said}{apart}: {listing(parts)}."

    def _largest(self) -> str:
        top = self.largest
        if top is None:
            return f"No pledge of investment or purchases with an amount {self.be()} on record."
        one_of = f", one of {top.same_amount} of this amount" if top.same_amount > 1 else ""
        beside = ""
        if top.times_exports is not None:
            beside = f", {number(top.times_exports)} times the partner's exports to the U.S. in 2024"
        return (
            f"The largest pledge {self.be()} {amount_bn(top.usd_bn, top.per)}"
            f" ({top.by}; {COMMITMENT_KINDS[top.kind]}, {_STATUSES[top.status]}{one_of}){beside}."
        )

    def _carried_out(self) -> str:
        if not self.deals:
            return ""
        which = "For the one deal" if self.deals == 1 else f"Of the {self.deals} deals"
        taken = f"{which}, an act to carry it out {self.have()} been taken"
        if not self.us_acts.deals + self.partner_acts.deals:
            return f"{taken} by neither side."
        parts = []
        for acts, who in ((self.us_acts, "the United States"), (self.partner_acts, "the partner")):
            median = acts.median_days
            after = "" if median is None else f" (median {count_days(median)} after the deal)"
            parts.append(f"by {who} for {acts.deals or 'none'}{after}")
        return f"{taken} {' and '.join(parts)}."


@once_per_dataset
def deals(ds: Dataset) -> DealsFacts:
    """Count deals by form and commitments by status, and say who carried out what.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    DealsFacts
        The facts; `.text` is the paragraph.

    Examples
    --------
    >>> facts = summaries.deals(tradeviz.load("2025-05-08"))
    >>> facts.forms, facts.us_acts
    ({'text_published': 1}, Acts(deals=0, median_days=None))
    >>> facts.sentences()[2]
    '1 of 18 partners had a deal; furthest form: a published text for 1.'
    """
    stages = talks.stages(ds)
    stages = stages[stages["track"] == "reciprocal"]
    forms = {stage: int((stages["stage"] == stage).sum()) for stage in DEAL_FORMS}
    rows = measures.pledge_statuses(ds)
    statuses = rows.groupby("status")["commitments"].sum()
    carried_out = measures.implementation(ds)
    return DealsFacts(
        **seen(ds),
        partners=len(stages),
        forms={stage: n for stage, n in forms.items() if n},
        in_force=terms_in_force(stages),
        commitments={str(status): int(n) for status, n in statuses.items() if n},
        border=tuple(ds.name(code) for code in ds.border if (rows["partner"] == code).any()),
        largest=_largest_pledge(ds),
        deals=len(carried_out),
        us_acts=_acts(carried_out["us_days"]),
        partner_acts=_acts(carried_out["partner_days"]),
    )


def no_sum() -> str:
    """Why the chart of pledges has no sum, and what the sums below it are worth.

    Examples
    --------
    >>> summaries.no_sum().split(":")[0]
    'The chart adds no pledges up'
    """
    return (
        "The chart adds no pledges up: some contain others, some are for a year and some for many, and they"
        " mix loans, guarantees, orders of firms and plans. The table at the head of this page adds up what"
        " each side has said, with no part counted twice; not all of it is money that would not have come"
        " anyway."
    )


def _largest_pledge(ds: Dataset) -> LargestPledge | None:
    rows = measures.pledges(ds)
    if rows.empty:
        return None
    top = rows[rows["amount_usd_bn"] == rows["amount_usd_bn"].max()]
    row = top.iloc[0]
    return LargestPledge(
        usd_bn=float(row["amount_usd_bn"]),
        per=row["amount_per"],
        same_amount=len(top),
        by="United States" if row["by"] == "US" else ds.name(row["partner"]),
        kind=row["kind"],
        status=row["status"],
        times_exports=plain_number(row["share_of_exports"]),
    )


def _acts(days: pd.Series) -> Acts:
    return Acts(int(days.count()), plain_number(days.astype("float64").median()))
