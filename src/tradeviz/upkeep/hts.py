"""The Harmonized Tariff Schedule: revisions published after the newest one that the record cites.

Interface: hts.usitc.gov, `reststop/releaseList`, a list of revisions with name (2026HTSRev21), description,
date (10/07/2026) and status.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tradeviz.data import Tables
from tradeviz.errors import AnswerError
from tradeviz.upkeep.queue import DOCUMENT_COLUMNS, Row, clean, refused_keys
from tradeviz.upkeep.web import Web

FEED = "hts"
ADDRESS = "https://hts.usitc.gov"

_NAME = re.compile(r"20[0-9]{2}HTS[A-Za-z0-9]{1,20}")


def asked(web: Web) -> Any:
    """Ask for the list of revisions."""
    return web.ask("/reststop/releaseList")


def candidates(answer: Any, tables: Tables) -> list[Row]:
    """The revisions that came after the newest one cited in sources.csv, the oldest first.

    Parameters
    ----------
    answer : object
        The interface's answer.
    tables : Tables
        The record, uncut.

    Returns
    -------
    list of dict
        Rows of the queue; where the record cites no revision, only the newest.

    Raises
    ------
    AnswerError
        If the answer has not the documented form.
    """
    revisions = _revisions(answer)
    cited = set(_NAME.findall(" ".join(tables.frames["sources"]["url"])))
    refused = refused_keys(tables, FEED)
    known = [day for name, (day, _) in revisions.items() if name in cited]
    after = max(known) if known else sorted(day for day, _ in revisions.values())[-2:][0]
    newer = [(day, name) for name, (day, _) in revisions.items() if day > after and name not in cited]
    return [_row(name, revisions[name]) for _, name in sorted(newer) if name not in refused]


def _revisions(answer: Any) -> dict[str, tuple[str, str]]:
    """Day and description of each revision by name."""
    if not isinstance(answer, list) or not answer:
        raise AnswerError("the list of HTS revisions is empty or no list; has the interface changed?")
    found = {}
    for revision in answer:
        name, day = (revision.get("name"), _day(revision)) if isinstance(revision, Mapping) else (None, "")
        if isinstance(name, str) and _NAME.fullmatch(name) and day:
            found[name] = (day, clean(revision.get("description")) or name)
    if not found:
        raise AnswerError("no HTS revision has a name and a date; has the interface changed?")
    return found


def _day(revision: Mapping[str, Any]) -> str:
    try:
        return datetime.strptime(str(revision.get("date")), "%m/%d/%Y").date().isoformat()
    except ValueError:
        return ""


def _row(name: str, revision: tuple[str, str]) -> Row:
    day, description = revision
    return dict.fromkeys(DOCUMENT_COLUMNS, "") | {
        "feed": FEED,
        "key": name,
        "kind": "revision",
        "published": day,
        "title": description,
        "url": f"{ADDRESS}/reststop/file?release={name}&filename=Chapter%2099",
        "source_id": f"usitc-{day.replace('-', '')}-{name.lower()}",
        "publisher": "USITC",
        "source_kind": "primary",
    }
