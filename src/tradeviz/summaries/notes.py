"""Titles and notes that stand on more than one page."""

from __future__ import annotations

import pandas as pd

from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.summaries.facts import looks_back
from tradeviz.vocabulary import GENERAL, USMCA_EXEMPT
from tradeviz.wording import day, with_article


def nothing(ds: Dataset, what: str, partner: str | None = None) -> str:
    """Say in words that a chart or table would be empty: "No threat against South Korea is on record ...".

    Examples
    --------
    >>> summaries.nothing(ds, "threat", "KOR")
    'No threat for South Korea was on record by 25 April 2025.'
    """
    whom = "" if partner is None else f" for {with_article(ds.name(partner))}"
    return f"No {what}{whom} {tense(ds, 'is', 'was')} on record by {day(ds.as_of)}."


def partner_title(ds: Dataset, partner: str) -> str:
    """The question that a partner's page answers.

    Examples
    --------
    >>> summaries.partner_title(ds, "KOR")
    'South Korea: how far have the tariff talks come?'
    """
    return f"{ds.name(partner)}: how far have the tariff talks come?"


def changes_title(ds: Dataset, since: str) -> str:
    """The title of what changed.

    Examples
    --------
    >>> summaries.changes_title(ds, "2025-04-18")
    'What became known after 18 April 2025, up to 25 April 2025'
    """
    return f"What became known after {day(since)}, up to {day(ds.as_of)}"


def exemption(ds: Dataset, code: str) -> str:
    """The exemption that stands beside the rates on all goods of a partner; "" where there is none.

    Examples
    --------
    >>> summaries.exemption(ds, "CAN"), summaries.exemption(ds, "KOR")
    ('goods under USMCA exempt', '')
    """
    now = rates.whole_economy_rows(rates.in_force(ds, partner=code))
    words = rates.usmca_words(ds, now[now["rate_pct"] != 0])
    return USMCA_EXEMPT if words and all(word == USMCA_EXEMPT for word in words) else ""


def events_for(ds: Dataset, code: str | None = None) -> pd.DataFrame:
    """The events that name a partner, or those that concerned all, by date: columns as in the table `events`.

    Examples
    --------
    >>> summaries.events_for(ds)[["date", "kind"]].head(1)
            date  kind
    0 2025-01-20  memo
    """
    named = code or GENERAL
    concerned = ds.events["scope"].str.split(";").map(lambda codes: named in codes).astype("bool")
    return ds.events[concerned].sort_values("date", kind="stable").reset_index(drop=True)


def tense(ds: Dataset, present: str, past: str) -> str:
    """The words of the present on a page of the last covered day, of the past on one that looks back."""
    return past if looks_back(ds) else present
