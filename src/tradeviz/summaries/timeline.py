"""The summary of the tariff timeline: orders, whom they reach, the highest rates, the next change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.frames import once_per_dataset, records
from tradeviz.summaries.facts import Facts, all_goods_first, plain_day, seen
from tradeviz.summaries.notes import tense
from tradeviz.vocabulary import layer_name
from tradeviz.wording import capital, count, day, listing, rate, with_article


class Highest(NamedTuple):
    """The highest total of all partners, in percent, and whose it is."""

    pct: float
    basis: str
    partners: tuple[str, ...]


class NextDay(NamedTuple):
    """The next day on which rates change by order: on all goods or not, the layers, whom they reach."""

    day: date
    all_goods: bool
    layers: tuple[str, ...]
    partners: tuple[str, ...]


@dataclass(frozen=True)
class TimelineFacts(Facts):
    """How many orders there are, and what they set.

    Attributes
    ----------
    orders, answers : int
        Orders of the United States, and of partners in answer.
    latest : datetime.date or None
        The day on which the latest of all was announced.
    partners : int
        Number of partners.
    threatened, ordered, in_force : int
        Number of partners for which a rate on all goods was threatened, ordered, and is in force.
    highest_ordered, highest_in_force : Highest or None
        The highest total ever ordered, and in force.
    next_change : NextDay or None
        The next change ordered: on all goods, or else in a sector; answers of partners left out.
    """

    orders: int
    answers: int
    latest: date | None
    partners: int
    threatened: int
    ordered: int
    in_force: int
    highest_ordered: Highest | None
    highest_in_force: Highest | None
    next_change: NextDay | None

    def sentences(self) -> list[str]:
        """The highest rates, whom rates reach, orders counted, the next change."""
        if self.latest is None:
            return [f"By {day(self.as_of)} no tariff order {self.be()} on record."]
        theirs = f" and {count(self.answers, 'order')} of partners in answer" if self.answers else ""
        return [
            self._highest(),
            f"On record, a rate on all goods {self.have()} been threatened for {self.threatened or 'none'}"
            f" of the {self.partners} partners and ordered for {self.ordered or 'none'};"
            f" one {self.be()} in force for {self.in_force or 'none'}.",
            f"{capital(count(self.orders, 'order'))} of the United States{theirs} {self.be(2)} on record, the"
            f" latest announced on {day(self.latest)}.",
            self._next(),
        ]

    def _highest(self) -> str:
        parts = []
        named = {"total in force": self.highest_in_force, "ever ordered": self.highest_ordered}
        for words, top in named.items():
            if top:
                whom = listing([with_article(name) for name in top.partners])
                whom = whom if len(top.partners) <= 3 else count(len(top.partners), "partner")
                parts.append(f"the highest {words} {self.be()} {rate(top.pct, top.basis)}, for {whom}")
        return f"As of {day(self.as_of)}, {'; '.join(parts)}." if parts else ""

    def _next(self) -> str:
        due, change = self.be(), self.next_change
        if change is None:
            return f"No change of United States rates {due} ordered for a later day."
        none = f"No change of rates on all goods {due} ordered for a later day. "
        where = "of rates on all goods" if change.all_goods else "in a sector"
        single = len(change.partners) == 1
        who = with_article(change.partners[0]) if single else count(len(change.partners), "partner")
        return (
            f"{'' if change.all_goods else none}The next change {where} already ordered {due} due on"
            f" {day(change.day)}, {count((change.day - self.as_of).days, 'day')} after this page's day:"
            f" {listing(change.layers)}, for {who}."
        )


@once_per_dataset
def timeline(ds: Dataset) -> TimelineFacts:
    """Count the orders, say whom rates reach and how the highest compare, and name the next change.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    TimelineFacts
        The facts; `.text` is the paragraph.

    Examples
    --------
    >>> facts = summaries.timeline(ds)
    >>> facts.highest_ordered
    Highest(pct=145.0, basis='additional', partners=('China',))
    >>> facts.next_change.day.isoformat(), facts.next_change.layers
    ('2025-07-09', ('reciprocal',))
    """
    orders = rates.orders(ds)
    answers = int((orders["layers"] == "retaliation").sum())
    highest = rates.highest_rates(ds)
    return TimelineFacts(
        **seen(ds),
        orders=len(orders) - answers,
        answers=answers,
        latest=plain_day(orders["announced"].max()),
        partners=len(ds.partners),
        threatened=int((highest["threatened_pct"] > 0).sum()),
        ordered=int((highest["ordered_pct"] > 0).sum()),
        in_force=int((highest["in_force_pct"] > 0).sum()),
        highest_ordered=_top(ds, highest, "ordered"),
        highest_in_force=_top(ds, highest, "in_force"),
        next_change=_next_day(ds),
    )


def timeline_rule(ds: Dataset) -> str:
    """How rates of different layers are added up on this page, in one paragraph.

    Examples
    --------
    >>> summaries.timeline_rule(ds).split(";")[0]
    'Rates of different layers on all goods of a partner are added up'
    """
    highest = rates.highest_rates(ds)
    converted = highest.loc[highest["in_force_converted"] | highest["ordered_converted"], "partner"]
    whom = listing([with_article(ds.name(str(code))) for code in converted])
    words = f" This {tense(ds, 'holds', 'held')} for {whom}." if whom else ""
    return (
        "Rates of different layers on all goods of a partner are added up; sector duties are not among them."
        " An all-in rate contains the normal duty, the others come on top of it. An all-in rate that stands"
        " alone is shown as it is; one beside other layers counts as what it adds to the base rate of 2024,"
        f" and the total is called converted.{words} A threat names the rate of one layer; what stood on"
        " other layers came on top of it."
    )


def _top(ds: Dataset, highest: pd.DataFrame, head: str) -> Highest | None:
    totals = highest[f"{head}_pct"]
    if not (totals > 0).any():
        return None
    top = highest[totals == totals.max()]
    names = tuple(ds.name(code) for code in top["partner"])
    return Highest(float(totals.max()), top[f"{head}_basis"].iloc[0], names)


def _next_day(ds: Dataset) -> NextDay | None:
    calendar = rates.cliff_calendar(ds)
    calendar = calendar[calendar["layer"] != "retaliation"]
    if calendar.empty:
        return None
    due = all_goods_first(calendar)
    due = due[due["effective"] == due["effective"].iloc[0]]
    codes = dict.fromkeys(code for reached in due["partners"] for code in reached.split(";"))
    return NextDay(
        day=due["effective"].iloc[0].date(),
        all_goods=len(rates.whole_economy_rows(due)) > 0,
        layers=tuple(dict.fromkeys(layer_name(row["layer"], row["product"]) for row in records(due))),
        partners=tuple(ds.name(code) for code in codes),
    )
