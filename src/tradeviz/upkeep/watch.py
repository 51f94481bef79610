"""One poll of a feed: ask, compare with the record, and write what is new into the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from tradeviz.briefing import files
from tradeviz.data import Tables
from tradeviz.errors import AnswerError, UsageError
from tradeviz.upkeep import census, federal_register, hts, queue, web
from tradeviz.upkeep.queue import Row
from tradeviz.wording import count

ADDRESSES = {module.FEED: module.ADDRESS for module in (federal_register, census, hts)}
"""Where each feed begins."""


@dataclass(frozen=True)
class Poll:
    """What to ask, and how.

    Attributes
    ----------
    feed : str
        federal-register, census or hts.
    today : datetime.date
        The day that counts as today.
    since : datetime.date
        First day of publication to ask the Federal Register for.
    stored : tuple of Path
        Files with stored answers, to be read in place of the network.
    address : str
        Where the interface begins; "" for its own address.
    key : str
        The key of the Census interface; "" for none.
    jumps : tuple of str
        Partners whose jump in trade a person has looked at.
    limits : web.Limits
        How patient to be.
    """

    feed: str
    today: date
    since: date
    stored: tuple[Path, ...] = ()
    address: str = ""
    key: str = ""
    jumps: tuple[str, ...] = ()
    limits: web.Limits = field(default_factory=web.Limits)


def watch(poll: Poll, tables: Tables, out: Path) -> str:
    """Poll a feed and add what is new to its queue.

    Parameters
    ----------
    poll : Poll
        What to ask, and how.
    tables : Tables
        The record, uncut.
    out : Path
        The queue; rows that are there stay as they are.

    Returns
    -------
    str
        What was found, in a sentence.

    Raises
    ------
    UsageError
        If a file or the queue cannot be read, or httpx is not installed.
    UnreachableError
        If the interface gave no answer.
    AnswerError
        If its answer has not the documented form, or its figures do not hold; the queue is as it was.
    """
    offered, summary = _POLLS[poll.feed](poll, tables)
    if not offered:
        return f"nothing new: {summary}"
    columns = queue.TRADE_COLUMNS if poll.feed == census.FEED else queue.DOCUMENT_COLUMNS
    there = queue.read(out) if out.exists() else []
    rows = queue.merged(there, offered)
    files.write(out, queue.as_csv(columns, rows))
    return f"{count(len(rows) - len(there), 'new row')} in {out} ({len(rows)} in all): {summary}"


def _federal_register(poll: Poll, tables: Tables) -> tuple[Sequence[Row], str]:
    answers = _answers(poll, lambda interface: federal_register.asked(interface, poll.since))
    seen = federal_register.candidates(answers, tables)
    summary = (
        f"{count(seen.documents, 'document')} seen, {seen.on_record} on record, {seen.refused} turned down"
        f" earlier, {seen.unrelated} about something else"
    )
    return seen.rows, summary


def _census(poll: Poll, tables: Tables) -> tuple[Sequence[Row], str]:
    due = census.due_month(tables, pd.Timestamp(poll.today))
    if due is None:
        return [], "no month of trade figures is out by releases.csv that is not on record"
    month, released, sure = due
    (answer,) = _answers(poll, lambda interface: [census.asked(interface, month, poll.key)])
    if answer is None:
        return [], f"the figures for {month:%B %Y}, due on {released:%Y-%m-%d}, are not out yet"
    rows = census.rows(answer, tables, month, released, poll.jumps)
    doubt = "" if sure else "; that day is not confirmed, compare it with the release"
    return rows, f"trade figures for {month:%B %Y}, released on {released:%Y-%m-%d}{doubt}"


def _hts(poll: Poll, tables: Tables) -> tuple[Sequence[Row], str]:
    (answer,) = _answers(poll, lambda interface: [hts.asked(interface)])
    return hts.candidates(answer, tables), "revisions of the HTS after the newest one on record"


_POLLS = {federal_register.FEED: _federal_register, census.FEED: _census, hts.FEED: _hts}


def _answers(poll: Poll, ask: Callable[[web.Web], list[Any]]) -> list[Any]:
    """The answers in the files given, or else those of the interface."""
    found = []
    for path in poll.stored:
        try:
            found.append(web.read_json(path.read_bytes(), str(path)))
        except OSError as error:
            raise UsageError(f"--from {path} cannot be read ({error.strerror})") from None
    if len(found) > 1 and poll.feed != federal_register.FEED:
        raise AnswerError(f"{poll.feed} gives one answer; name one file with --from")
    if found:
        return found
    with web.opened(poll.address or ADDRESSES[poll.feed], poll.limits) as interface:
        return ask(interface)
