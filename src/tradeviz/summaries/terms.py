"""The summary of the page on terms: how much the texts oblige, whom, and what most of them share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from tradeviz import talks
from tradeviz.data import Dataset
from tradeviz.summaries.facts import Facts, seen
from tradeviz.wording import capital, count, day, listing, with_article

_FIRM = ("shall", "done")


class OneSided(NamedTuple):
    """A text in which the partner is bound firmly far more often than the United States."""

    partner: str
    document: str
    partner_clauses: int
    us_clauses: int


@dataclass(frozen=True)
class TermsFacts(Facts):
    """Texts and their clauses.

    Attributes
    ----------
    texts, partners, clauses : int
        Number of texts with a clause, of partners with one, and of clauses.
    partner_firm, us_firm, both_firm : int
        Number of clauses that say "shall", or that something is done, by who owes them.
    not_read : int
        Number of clauses whose wording was read in a summary or a report only.
    most_one_sided : OneSided or None
        The text with the largest difference between the firm clauses of the partner alone and of
        the United States alone; the first in partner order where several have it.
    aligned : tuple of str
        Partners that shall act beside U.S. measures against third countries, alone or with them.
    """

    texts: int
    partners: int
    clauses: int
    partner_firm: int
    us_firm: int
    both_firm: int
    not_read: int
    most_one_sided: OneSided | None
    aligned: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Whom the texts bind, how many there are, the most one-sided, who aligns, what was not read."""
        if not self.texts:
            return [f"As of {day(self.as_of)}, no text of a deal {self.have()} come out."]
        return [self._firm(), self._texts(), self._one_sided(), self._aligned(), self._not_read()]

    def _texts(self) -> str:
        whom = f"{count(self.texts, 'text')} with {count(self.partners, 'partner')}"
        holds = self.tense("holds" if self.texts == 1 else "hold", "held")
        return f"{capital(whom)} {holds} {count(self.clauses, 'clause')}."

    def _firm(self) -> str:
        firm = self.partner_firm + self.us_firm + self.both_firm
        return (
            f"As of {day(self.as_of)}, {count(firm, 'clause')} {self.be(firm)} firm (shall, or done):"
            f" {self.partner_firm} on the partner alone, {self.us_firm} on the United States alone,"
            f" {self.both_firm} on both."
        )

    def _one_sided(self) -> str:
        top = self.most_one_sided
        if top is None:
            return ""
        return (
            f"The most one-sided {self.be()} that with {top.partner} ({top.document}):"
            f" {count(top.partner_clauses, 'firm clause')} on the partner, {top.us_clauses or 'none'} on the"
            " United States."
        )

    def _aligned(self) -> str:
        who = listing([with_article(name) for name in self.aligned]) if self.aligned else "no partner"
        n = max(1, len(self.aligned))
        return f"Firmly bound to act beside U.S. measures against third countries {self.be(n)} {who}."

    def _not_read(self) -> str:
        if not self.not_read:
            return ""
        return (
            f"{capital(count(self.not_read, 'clause'))} could be read in a summary or a report only;"
            " their strength is provisional."
        )


def terms(ds: Dataset) -> TermsFacts:
    """Count the clauses of the texts and say whom they bind.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    TermsFacts
        The facts; `.text` is the paragraph.

    Examples
    --------
    >>> facts = summaries.terms(tradeviz.load("2025-04-25"))
    >>> facts.sentences()
    ['As of 25 April 2025, no text of a deal had come out.']
    """
    known = talks.clauses(ds)
    firm = known[known["strength"].isin(_FIRM)]
    beside = firm[(firm["topic"] == "economic_security_alignment") & (firm["bound"] != "US")]
    return TermsFacts(
        **seen(ds),
        texts=len(known[["partner", "document", "published"]].drop_duplicates()),
        partners=known["partner"].nunique(),
        clauses=len(known),
        partner_firm=int((firm["bound"] == "partner").sum()),
        us_firm=int((firm["bound"] == "US").sum()),
        both_firm=int((firm["bound"] == "both").sum()),
        not_read=int((known["read_in"] != "text").sum()),
        most_one_sided=_most_one_sided(ds, firm),
        aligned=tuple(ds.name(code) for code in beside["partner"].unique()),
    )


def _most_one_sided(ds: Dataset, firm: pd.DataFrame) -> OneSided | None:
    best: OneSided | None = None
    for (code, document, _), text_clauses in firm.groupby(["partner", "document", "published"], sort=False):
        bound = text_clauses["bound"].value_counts()
        sides = (int(bound.get(side, 0)) for side in ("partner", "US"))
        text = OneSided(ds.name(str(code)), str(document), *sides)
        lead = text.partner_clauses - text.us_clauses
        if lead > 0 and (best is None or lead > best.partner_clauses - best.us_clauses):
            best = text
    return best


def terms_note(ds: Dataset) -> str:
    """What the page on terms leaves out; an empty text before the first text.

    Examples
    --------
    >>> summaries.terms_note(tradeviz.load("2025-04-25"))
    ''
    """
    if talks.clauses(ds).empty:
        return ""
    return (
        "Left out are clauses that no named publisher quotes, and the schedules of goods. "
        "Where the wording itself could not be read, the tables say in what it was read."
    )
