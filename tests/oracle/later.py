"""What nobody could know on a day, from the tables alone: texts, names, numbers and days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from tests.oracle.tables import (
    KNOWN_ON,
    Row,
    cache,
    known,
    known_day,
    last_day,
    later,
    partners,
    people_met,
    rows,
    split,
)
from tradeviz.data.fields import LONGEST_NAME
from tradeviz.data.models import MODELS

_HINDSIGHT = ("hindsight", "note")
_REFERENCES = ("next_step_closed_by", "commitment_id", "part_of")
"""Columns that name other rows, which may be later."""

_PHRASES = ("deadline", "amount", "article", "locator", "due_after")
"""Columns of clauses with a few words each ("from the day of signature"), which other texts share."""


def _prose(name: str, metadata: dict[str, Any]) -> bool:
    """Whether a column holds sentences or names of documents, which nobody writes by chance."""
    written = metadata["longest"] > LONGEST_NAME or name.startswith("document")
    return bool(metadata["kind"] == "text" and written and name not in (*_HINDSIGHT, *_REFERENCES, *_PHRASES))


def _columns(wanted: Callable[[str, dict[str, Any]], bool]) -> dict[str, tuple[str, ...]]:
    """Columns by table, of the tables that are cut by day, as the models name and describe them."""
    found = {}
    for table in KNOWN_ON:
        fields = MODELS[table].to_schema().columns.items()
        names = tuple(name for name, field in fields if wanted(name, field.metadata or {}))
        found |= {table: names} if names else {}
    return found


TEXTS = _columns(_prose)
"""Columns of free text that pages may print from the day on which their row became known."""

NEVER_PRINTED = _columns(lambda name, _: name in _HINDSIGHT)
IDS: dict[str, str] = {"meetings": "meeting_id", "tariffs": "order_id", "commitments": "commitment_id"}

SHORT = 12
"""A text of at most so many characters can stand on a page by chance."""

MONTHS = [date(2025, month, 1).strftime("%B") for month in range(1, 13)]
_MONTH = "|".join([*MONTHS, *(name[:3] for name in MONTHS)])
_DAY = re.compile(rf"\b(\d{{4}})-(\d\d)-(\d\d)\b|\b(\d{{1,2}}) ({_MONTH})\.? (\d{{4}})\b")
_US_DAY = re.compile(rf"\b({_MONTH})\.? (\d{{1,2}}),? (\d{{4}})\b")
_BARE_MONTH = re.compile(
    rf"(?<!\d )(?<!\d)\b({_MONTH}) (\d{{4}})\b|(?<![\w/-])(\d{{4}})-(0[1-9]|1[0-2])(?![-\w])"
)
_ACT = re.compile(r"\b(Executive Order|EO|E\.O\.|Proclamations?) (\d{5})\b")


@dataclass(frozen=True)
class Later:
    """What became known only after a day.

    Attributes
    ----------
    as_of : str
        The day, as ISO text.
    texts : frozenset of str
        Free texts of later rows, titles of later sources, and texts that no page prints.
    ids : frozenset of str
        Identifiers of later meetings, orders and pledges, of sources that only later rows cite,
        and Federal Register citations of later orders.
    names : frozenset of str
        People who had not met yet.
    acts : frozenset of str
        Numbers of executive orders and proclamations that were not signed yet.
    days : frozenset of str
        The later days, as ISO text, that were named or scheduled by then; all others were not.
    months : frozenset of str
        The same for months, as 2025-08.
    published : frozenset of str
        Days on which sources of known rows were published, be it later; lists of sources name them.
    """

    as_of: str
    texts: frozenset[str]
    ids: frozenset[str]
    names: frozenset[str]
    acts: frozenset[str]
    days: frozenset[str]
    months: frozenset[str]
    published: frozenset[str]


@cache
def than(as_of: str) -> Later:
    """Gather what became known only after a day, as ISO text."""
    words = printable_texts(as_of)
    days = set(days_in("\n".join(words))) | _scheduled(as_of)
    sources = cited(as_of)
    return Later(
        as_of=as_of,
        texts=frozenset(_not_within(_later_texts(as_of), words)),
        ids=frozenset(_later_ids(as_of)),
        names=frozenset(_not_within(_later_names(as_of), words)),
        acts=frozenset(_acts(_texts("later", as_of)) - _acts(words)),
        days=frozenset(days),
        months=frozenset({day[:7] for day in days} | set(months_in("\n".join(words)))),
        published=frozenset(row["published"] for row in rows("sources") if row["source_id"] in sources),
    )


def days_in(text: str) -> list[str]:
    """All days with a year that a text names, as ISO text."""
    found = []
    for year, month, day, d, name, y in _DAY.findall(text):
        found.append(f"{year}-{month}-{day}" if year else f"{y}-{_number(name)}-{int(d):02}")
    return found + [f"{y}-{_number(name)}-{int(d):02}" for name, d, y in _US_DAY.findall(text)]


def months_in(text: str) -> list[str]:
    """All months without a day that a text names, as 2025-08."""
    return [f"{y}-{_number(name)}" if name else f"{y2}-{m2}" for name, y, y2, m2 in _BARE_MONTH.findall(text)]


def acts_in(text: str) -> set[str]:
    """Numbers of the executive orders and proclamations that a text names."""
    return {number for _, number in _ACT.findall(text)}


def _number(month: str) -> str:
    return f"{[name[:3] for name in MONTHS].index(month[:3]) + 1:02}"


def _texts(side: str, as_of: str) -> set[str]:
    pick = known if side == "known" else later
    found = {row[name] for table, names in TEXTS.items() for row in pick(table, as_of) for name in names}
    return {" ".join(text.split()) for text in found if text}


@cache
def printable_texts(as_of: str) -> set[str]:
    """All that pages of the day may print: texts of known rows, titles of sources published by then."""
    words = _texts("known", as_of) - _open_outcomes(as_of)
    whole = as_of >= last_day()
    if whole:
        words |= {row["reason"] for row in rows("coverage")}
    words |= {row[name] for row in known("clauses", as_of) for name in _PHRASES}
    sources = cited(as_of)
    for row in rows("sources"):
        if row["source_id"] in sources and (row["published"] <= as_of if row["published"] else whole):
            words.add(" ".join(row["title"].split()))
    return words | {row["publisher"] for row in rows("sources") if row["source_id"] in sources}


def _open_outcomes(as_of: str) -> set[str]:
    """Outcomes and next steps of meetings that have begun and not ended."""
    open_rows = [row for row in known("meetings", as_of) if row["end_date"] > as_of]
    closed = {row[name] for row in known("meetings", as_of) if row["end_date"] <= as_of for name in _OUTCOME}
    return {" ".join(row[name].split()) for row in open_rows for name in _OUTCOME} - closed


_OUTCOME = ("outcome", "next_step")


def _later_texts(as_of: str) -> set[str]:
    texts = _texts("later", as_of) | _open_outcomes(as_of)
    texts |= {row[name] for table, names in NEVER_PRINTED.items() for row in rows(table) for name in names}
    if as_of < last_day():
        texts |= {row["reason"] for row in rows("coverage")}
        texts |= {row["title"] for row in rows("sources") if not row["published"] or row["published"] > as_of}
    texts |= {row["title"] for row in rows("sources") if row["source_id"] not in cited(as_of)}
    met = people_met(as_of)
    offices = {row["office"] for row in rows("people") if row["name"] in met}
    texts |= {row["office"] for row in rows("people")}
    return {" ".join(text.split()) for text in _not_within(texts, offices) if len(text) > SHORT}


def _not_within(wanted: Iterable[str], words: set[str]) -> set[str]:
    """Those that no text known by then contains."""
    whole = "\n".join(words)
    return {text for text in wanted if text not in whole}


def _later_ids(as_of: str) -> set[str]:
    ids = {row[key] for table, key in IDS.items() for row in later(table, as_of)}
    ids -= {row[key] for table, key in IDS.items() for row in known(table, as_of)}
    ids |= {row["source_id"] for row in rows("sources")} - cited(as_of)
    return ids | (_citations(later("tariffs", as_of)) - _citations(known("tariffs", as_of)))


def _citations(orders: Iterable[Row]) -> set[str]:
    return {citation for row in orders for citation in split(row["fr_citation"])}


def _later_names(as_of: str) -> set[str]:
    return people_met(last_day()) - people_met(as_of)


def _acts(texts: set[str]) -> set[str]:
    return {number for text in texts for number in acts_in(text)}


@cache
def cited(as_of: str) -> frozenset[str]:
    """Identifiers of the sources that rows known by a day cite, people and partners included."""
    met = people_met(as_of)
    cells = {row.get("source_ids", "") for table in _CITING for row in known(table, as_of)}
    cells |= {row["source_ids"] for row in rows("people") if row["name"] in met}
    lists = {row["carveout"] for row in known("carveout_terms", as_of)}
    cells |= {row["source_ids"] for row in rows("carveout_shares") if row["carveout"] in lists}
    return frozenset(source_id for cell in cells for source_id in split(cell))


_CITING = (*KNOWN_ON, "older_duties", "partners", "trade_annual")


def _scheduled(as_of: str) -> set[str]:
    """Days after as_of that a known row sets: effective, due, expiry, horizon."""
    days = {row["effective"] for row in known("tariffs", as_of)}
    days |= {row["expires"] for row in known("milestones", as_of)}
    days |= {row["horizon_end"] for row in known("commitments", as_of)}
    days |= {row["due"] for row in known("clauses", as_of)} | set(_terms_end(as_of))
    days |= {row["next_step_due"] for row in known("meetings", as_of) if row["end_date"] <= as_of}
    return days - {""}


def _terms_end(as_of: str) -> Iterable[str]:
    """Days on which a term of a known clause ends, from the day the text came out or entered into force."""
    begun = [row for row in known("milestones", as_of) if row["stage"] == "entered_into_force"]
    for row in known("clauses", as_of):
        if row["due_after"]:
            number, unit = int(row["due_after"][1:-1]), row["due_after"][-1]
            term = pd.DateOffset(**{{"Y": "years", "M": "months", "D": "days"}[unit]: number})
            in_force = [milestone["date"] for milestone in begun if milestone["partner"] == row["partner"]]
            for start in [row["published"], *in_force]:
                yield f"{pd.Timestamp(start) + term:%Y-%m-%d}"


def rates(as_of: str) -> set[tuple[str, str, float]]:
    """Every (partner, layer, rate in percent) that a row known by then names; ALL stands for all."""
    found = {(row["partner"], row["layer"], float(row["rate_pct"])) for row in known("tariffs", as_of)}
    return found | {(code, layer, rate) for who, layer, rate in found if who == "ALL" for code in partners()}


def amounts(as_of: str) -> dict[str, set[float]]:
    """Amounts, billions of dollars, of the pledges known by then, by partner."""
    found: dict[str, set[float]] = {}
    for row in known("commitments", as_of):
        if row["amount_usd_bn"]:
            found.setdefault(row["partner"], set()).add(float(row["amount_usd_bn"]))
    return found


def months_out(as_of: str) -> set[str]:
    """Months of trade, as 2025-08, whose figures were out by then."""
    return {row["month"] for row in rows("trade_monthly") if known_day("trade_monthly", row) <= as_of}
