"""The Federal Register: documents published and filed for public inspection that the record lacks.

Interface: federalregister.gov, API version 1, `documents.json` (paged; an answer without documents has
a count of 0 and no results) and `public-inspection-documents/current.json` (one list).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tradeviz.data import Tables
from tradeviz.data.cells import url_flaw
from tradeviz.errors import AnswerError
from tradeviz.upkeep import topics
from tradeviz.upkeep.queue import Row, clean, refused_keys
from tradeviz.upkeep.web import Web

FEED = "federal-register"
ADDRESS = "https://www.federalregister.gov/api/v1"

_AGENCIES = (
    "trade-representative-office-of-united-states",
    "international-trade-commission",
    "industry-and-security-bureau",
    "u-s-customs-and-border-protection",
    "international-trade-administration",
)
_FIELDS = ("document_number", "title", "type", "abstract", "publication_date", "html_url", "citation")
_PER_PAGE = 100
_MOST_PAGES = 60
_NUMBER = re.compile(r"[A-Z]?[0-9]{1,4}-[0-9]{3,6}(?:-[0-9]{1,3})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOSTS = re.compile(r"https://(?:www\.)?(?:federalregister|govinfo)\.gov/[^\s\"'<>\\`{}|^]+")


@dataclass(frozen=True)
class Seen:
    """What a feed held.

    Attributes
    ----------
    rows : tuple of dict
        Candidates, rows of the queue.
    documents : int
        Number of documents in the answer, each once.
    on_record, refused, unrelated : int
        Of these, the number cited by sources.csv or tariffs.csv, turned down earlier, and without a
        word about layers or trade with a partner.
    """

    rows: tuple[Row, ...]
    documents: int
    on_record: int
    refused: int
    unrelated: int


def asked(web: Web, since: date) -> list[Any]:
    """Ask for presidential documents, those of the agencies of trade, and what is filed for inspection.

    Parameters
    ----------
    web : Web
        The interface.
    since : date
        The first day of publication.

    Returns
    -------
    list
        The answers as they came.
    """
    from_day = ("conditions[publication_date][gte]", since.isoformat())
    agencies = [("conditions[agencies][]", agency) for agency in _AGENCIES]
    answers = _pages(web, [from_day, ("conditions[type][]", "PRESDOCU")])
    answers += _pages(web, [from_day, *agencies, ("conditions[term]", "tariff | duties | duty")])
    return [*answers, web.ask("/public-inspection-documents/current.json")]


def _pages(web: Web, conditions: Sequence[tuple[str, str]]) -> list[Any]:
    """All pages of one question; the first one names how many there are."""
    fixed = [*conditions, ("order", "oldest"), ("per_page", str(_PER_PAGE))]
    fixed += [("fields[]", field) for field in _FIELDS]
    answers: list[Any] = []
    pages = 1
    while len(answers) < pages:
        answer = web.ask("/documents.json", [*fixed, ("page", str(len(answers) + 1))])
        results(answer)
        answers.append(answer)
        named = answer.get("total_pages", 1)
        if not isinstance(named, int) or named > _MOST_PAGES:
            raise AnswerError(f"the Federal Register names {named!r} pages; ask for less with --since")
        pages = max(named, 1)
    return answers


def results(answer: Any) -> list[Mapping[str, Any]]:
    """The documents of one answer.

    Raises
    ------
    AnswerError
        If the answer has not the documented form.
    """
    if isinstance(answer, dict) and isinstance(answer.get("results"), list):
        return [document for document in answer["results"] if isinstance(document, dict)]
    if isinstance(answer, dict) and answer.get("count") == 0:
        return []
    raise AnswerError("the Federal Register's answer has no results; has the interface changed?")


def candidates(answers: Sequence[Any], tables: Tables) -> Seen:
    """Compare documents with the record, and keep those that seem to touch it.

    Parameters
    ----------
    answers : sequence
        Answers of the interface.
    tables : Tables
        The record, uncut.

    Returns
    -------
    Seen
        The candidates, published ones first, and how many documents there were of each other kind.

    Raises
    ------
    AnswerError
        If an answer has not the documented form, or no document in it has.
    """
    found = [document for answer in answers for document in results(answer)]
    documents = _each_once(found)
    if found and not documents:
        raise AnswerError("no document has a document_number and a title; has the interface changed?")
    recorded, refused = _on_record(tables), refused_keys(tables, FEED)
    names = topics.partner_words(tables.frames["partners"])
    rows: list[Row] = []
    counts = {"on_record": 0, "refused": 0, "unrelated": 0}
    for document in documents:
        marks = {document["document_number"], clean(document.get("citation"))} - {""}
        if marks & refused:
            counts["refused"] += 1
        elif marks & recorded:
            counts["on_record"] += 1
        elif row := _row(document, names):
            rows.append(row)
        else:
            counts["unrelated"] += 1
    return Seen(tuple(rows), len(documents), **counts)


def _each_once(found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Documents with a number and a title; one that is both filed and published counts as published."""
    once: dict[str, Mapping[str, Any]] = {}
    for document in sorted(found, key=lambda document: "filed_at" in document):
        number = document.get("document_number")
        if isinstance(number, str) and _NUMBER.fullmatch(number) and clean(document.get("title")):
            once.setdefault(number, document)
    return list(once.values())


def _on_record(tables: Tables) -> set[str]:
    """Document numbers and citations that sources.csv and tariffs.csv name."""
    sources, tariffs = tables.frames["sources"], tables.frames["tariffs"]
    texts = [*sources["url"], *sources["title"], *tariffs["fr_citation"]]
    numbers = {number for text in texts for number in _NUMBER.findall(text)}
    return numbers | {citation for text in texts for citation in re.findall(r"[0-9]+ FR [0-9]+", text)}


def _row(document: Mapping[str, Any], names: dict[str, re.Pattern[str]]) -> Row | None:
    title = clean(document.get("title"))
    text = " ".join(filter(None, [title, clean(document.get("abstract")), clean(document.get("excerpts"))]))
    partners, layers = topics.partners_in(text, names), topics.layers_in(text)
    if not layers and not (partners and topics.is_about_trade(text)):
        return None
    number = str(document["document_number"])
    filed = _day(document.get("filed_at"))
    published = _day(document.get("publication_date"))
    return {
        "feed": FEED,
        "key": number,
        "kind": clean(document.get("type")),
        "published": published,
        "filed": filed,
        "title": title,
        "citation": clean(document.get("citation")),
        "url": _address(document, number),
        "partners": ";".join(partners),
        "layers": ";".join(layers),
        "source_id": f"fr-{(published or filed).replace('-', '')}-{number.lower()}",
        "publisher": "Federal Register",
        "source_kind": "primary",
    }


def _day(value: Any) -> str:
    begin = value[:10] if isinstance(value, str) else ""
    return begin if _DAY.fullmatch(begin) else ""


def _address(document: Mapping[str, Any], number: str) -> str:
    """The document's address; that of its number where the answer gives one elsewhere."""
    given = document.get("html_url")
    trusted = isinstance(given, str) and _HOSTS.fullmatch(given) and not url_flaw(given)
    return str(given) if trusted else f"https://www.federalregister.gov/d/{number}"
