"""How far the record reaches, and what it expected after its end: the line about its age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from tradeviz import talks
from tradeviz.data import Dataset
from tradeviz.data.scenario import on_record
from tradeviz.evidence import TALKS_TABLES
from tradeviz.frames import records
from tradeviz.summaries.facts import Facts, seen
from tradeviz.vocabulary import BOUNDING_TABLES, GENERAL
from tradeviz.wording import count, count_days, day, listing, number, with_article

_MOST_TOLD = 5
_SINGLY = {
    "rate step": "",
    "agreed rate": ", agreed but not ordered,",
    "threat": ", threatened,",
    "next step": ", a next step,",
}
"""Kinds of expectations that are told one by one, and what is said of each beside its day."""


@dataclass(frozen=True)
class ReachFacts(Facts):
    """How far the record reaches on a day, for one partner or for all.

    Attributes
    ----------
    whom : str
        Name of the partner; "" for all.
    after_the_end : bool
        Whether the day lies after the last day that the data cover.
    rates_through, talks_through : datetime.date
        The last days covered; of the talks with all partners the day of the one that ends first.
    ends_first : str
        That partner's name; the partner's own where there is one.
    expected : tuple of str
        What the record said would happen since it ends.
    """

    whom: str
    after_the_end: bool
    rates_through: date
    talks_through: date
    ends_first: str
    expected: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Where the record ends, and what was due since; nothing where it reaches the day."""
        if not self.after_the_end:
            return [self._ends_early()]
        return [f"The record ends before {day(self.as_of)}: {self._ends()}.", self._due()]

    def _due(self) -> str:
        if not self.expected:
            return ""
        due, more = list(self.expected[:_MOST_TOLD]), len(self.expected) - _MOST_TOLD
        if more > 0:
            due.append(f"{number(more)} more")
        return f"Due since then, outcome not on record: {'; '.join(due)}."

    def _ends(self) -> str:
        """Where rates and talks end, and how many days before."""
        if self.whom and self.rates_through == self.talks_through:
            return f"rates and talks with {with_article(self.whom)} {self._age(self.rates_through)}"
        talked = (
            f"the talks with {with_article(self.whom)}"
            if self.whom
            else f"the talks, first those with {with_article(self.ends_first)},"
        )
        return f"rates {self._age(self.rates_through)}; {talked} {self._age(self.talks_through)}"

    def _age(self, through: date) -> str:
        return f"on {day(through)}, {count_days((self.as_of - through).days)} before"

    def _ends_early(self) -> str:
        if not self.whom or self.talks_through >= self.as_of:
            return ""
        return (
            f"The record of the talks with {with_article(self.whom)} ends on {day(self.talks_through)};"
            " what came after is not covered, and a quiet spell can be missing evidence."
        )


def reach(ds: Dataset, code: str | None = None) -> ReachFacts:
    """Say how far the record reaches, and what it expected after its end.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    code : str, optional
        Partner code; all partners when not given.

    Returns
    -------
    ReachFacts
        The facts; `.text` is the line for pages, the index and the command line.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> summaries.reach(ds, "KOR").after_the_end
    False
    """
    whom = "" if code is None else ds.name(code)
    talked = ds.coverage[ds.coverage["table"].isin(TALKS_TABLES)]
    last = talked.groupby("partner")["through"].max().reindex(list(ds.partners["partner"]))
    first = code or str(last.idxmin())
    bounding = ds.coverage[ds.coverage["table"].isin(BOUNDING_TABLES)]
    chosen = bounding["partner"].isin([code, GENERAL]) if code else bounding["table"].notna()
    return ReachFacts(
        **seen(ds),
        whom=whom,
        after_the_end=bool(ds.as_of > ds.coverage_end),
        rates_through=bounding.loc[chosen, "through"].min().date(),
        talks_through=last[first].date(),
        ends_first=ds.name(first),
        expected=tuple(_expected(ds, code)) if ds.as_of > ds.coverage_end else (),
    )


def reach_note(ds: Dataset, code: str | None = None) -> str:
    """How far the record reaches, in words; an empty text where it reaches the as-of date.

    Examples
    --------
    >>> summaries.reach_note(ds, "KOR")
    ''
    """
    if code is not None and not on_record(ds, code):
        return ""  # no record reaches anywhere, and the head of the page says so
    return reach(ds, code).text


def _expected(ds: Dataset, code: str | None) -> list[str]:
    """Ends of terms, then rates, agreed steps, and how many pledges ended."""
    due = talks.expectations(ds, ds.coverage_end + pd.Timedelta(days=1), ds.as_of)
    due = due[(due["day"] > due["through"]) & ~due["overtaken"]]
    terms = talks.stages(ds)
    terms = terms[terms["term_ended"] & (terms["ends"] > ds.coverage_end)]
    if code is not None:
        due = due[[_concerns(row, code, due) for row in records(due)]]
        terms = terms[terms["partner"] == code]
    texts = [_term(row) for row in records(terms)]
    texts += [_words(row, "" if code else _names(ds, row)) for row in records(due) if row["kind"] in _SINGLY]
    pledges = due[due["kind"] == "pledge ends"]
    if len(pledges):
        was = "was" if len(pledges) == 1 else "were"
        texts.append(f"{count(len(pledges), 'pledge')} {was} to end by {day(pledges['day'].max())}")
    return texts


def _concerns(row: dict[str, Any], code: str, due: pd.DataFrame) -> bool:
    """Whether a row is the partner's own, or general where the same order names no rate of its own for it."""
    if row["partner"] != GENERAL:
        return code in row["partner"].split(";")
    same = due[(due["key"] == row["key"]) & (due["day"] == row["day"]) & (due["partner"] != GENERAL)]
    return not any(code in codes.split(";") for codes in same["partner"])


def _names(ds: Dataset, row: dict[str, Any]) -> str:
    names = ds.names
    return listing([with_article(names.get(code, "all others")) for code in row["partner"].split(";")])


def _words(row: dict[str, Any], whom: str) -> str:
    for_whom = f" for {whom}" if whom else ""
    return f"{row['text']}{for_whom}{_SINGLY[row['kind']]} on {day(row['day'])}"


def _term(row: dict[str, Any]) -> str:
    to = f"the {row['document']} with {with_article(row['name'])} was to end on {day(row['ends'])}"
    longer = row["prolonged_to"]
    return to if pd.isna(longer) else f"{to} or, by a later statement, {day(longer)}"
