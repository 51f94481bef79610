"""What all summaries share: facts first, and sentences made from nothing but these facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.vocabulary import STAGES
from tradeviz.wording import listing, with_article

DEAL_FORMS = {
    "framework_announced": "a framework",
    "text_published": "a published text",
    "agreement_signed": "a signed agreement",
    "entered_into_force": "terms in force",
}
"""The forms that a deal can have reached, by stage, in words."""


@dataclass(frozen=True)
class Facts:
    """The facts of a summary, as plain numbers, days and names, and the words for them.

    Attributes
    ----------
    as_of : datetime.date
        The day of knowledge.
    looks_back : bool
        Whether the tables hold later facts; then all is told in the past tense.
    """

    as_of: date
    looks_back: bool

    def sentences(self) -> list[str]:
        """The facts in words; an empty text for what there is nothing to say about."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The sentences as one paragraph."""
        return " ".join(filter(None, self.sentences()))

    @property
    def finding(self) -> str:
        """The first sentence: what the first chart of the page shows."""
        return next(filter(None, self.sentences()))

    @property
    def more(self) -> str:
        """The sentences after the first as one paragraph."""
        return " ".join(list(filter(None, self.sentences()))[1:])

    def tense(self, present: str, past: str) -> str:
        """The words that fit the day of the page."""
        return past if self.looks_back else present

    def be(self, n: int = 1) -> str:
        """The verb in the number and tense that fit: is, are, was, were."""
        return self.tense("is", "was") if n == 1 else self.tense("are", "were")

    def have(self, n: int = 1) -> str:
        """The verb in the number and tense that fit: has, have, had."""
        return self.tense("has" if n == 1 else "have", "had")


def looks_back(ds: Dataset) -> bool:
    """Whether the data set knows less than the tables hold."""
    return ds.as_of < ds.coverage_end


def seen(ds: Dataset) -> dict[str, Any]:
    """The facts that all summaries begin with: the day of knowledge, and whether the page looks back."""
    return {"as_of": ds.as_of.date(), "looks_back": looks_back(ds)}


def terms_in_force(stages: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Partners whose terms are in force, each with the document and its last day: rows of `talks.stages`."""
    rows = stages[(stages["stage"] == STAGES[-1]) & ~stages["term_ended"]]
    return tuple((row["name"], row["rests_on"].partition(": ")[2]) for row in records(rows))


def named_terms(in_force: tuple[tuple[str, str], ...]) -> str:
    """Whose terms are in force and which they are, so that a truce is told from an agreement."""
    named = [f"{with_article(name)} ({words.replace('; ', ', ')})" for name, words in in_force]
    return f": {listing(named)}" if named else ""


def plain_day(when: Any) -> date | None:
    """A day of a frame as a `datetime.date`; None where it is missing."""
    return None if pd.isna(when) else pd.Timestamp(when).date()


def plain_number(value: Any) -> float | None:
    """A number of a frame as a float; None where it is missing."""
    return None if pd.isna(value) else float(value)


def all_goods_first(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows about rates on all goods; where there are none, all rows."""
    whole = rates.whole_economy_rows(rows)
    return whole if len(whole) else rows
