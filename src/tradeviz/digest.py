"""A digest: what changed since a day or since the last digest, what moves most first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader

from tradeviz import __version__, mail, news, rates, summaries, talks
from tradeviz.briefing.look import TEMPLATES
from tradeviz.briefing.subscriptions import Deadline
from tradeviz.data import Dataset
from tradeviz.errors import TradevizError
from tradeviz.frames import records
from tradeviz.talks.deadlines import STANDING
from tradeviz.talks.recorded import Correction, Entry
from tradeviz.vocabulary import GENERAL, WORLD
from tradeviz.wording import capital, count, day, money_bn, rounded_rate, sentence

LIMIT = 100_000
"""Bytes that a digest has at most; what is left out is counted."""

AHEAD = pd.Timedelta(days=60)
"""How far ahead the dates of a digest reach."""

FIRST_SPAN = pd.Timedelta(days=30)
"""What the first digest of a folder tells: the days before as_of."""

_MOST = 200
_MOST_DATES = 20
_BEFORE_ALL = "2024-01-01"
_Row = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """One thing that became known.

    Attributes
    ----------
    day, who, text : str
        The day in prose, whom it concerns, and what happened.
    weight : str
        Points and trade at stake; "" where neither is known.
    corrected : bool
        Whether an earlier digest told it otherwise.
    sources : sequence of (str, str)
        Publishers and addresses.
    """

    day: str
    who: str
    text: str
    weight: str
    corrected: bool
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Digest:
    """What a digest says.

    Attributes
    ----------
    title, lead, note : str
        Its title, what is in it in one sentence, and how far the record reaches.
    moving, others : sequence of Item
        What moves an average duty, the most first; the rest, the newest first.
    begun : sequence of Deadline
        Rates that took effect, those that move an average duty most first.
    moved : sequence of str
        Average duties that are others than before.
    dates : sequence of Deadline
        The dates ahead.
    left_out : int
        How many things of the rest are left out.
    as_of, since : str
        ISO days.
    data_hash : str
        Of the data.
    """

    title: str
    lead: str
    note: str
    moving: tuple[Item, ...]
    others: tuple[Item, ...]
    begun: tuple[Deadline, ...]
    moved: tuple[str, ...]
    dates: tuple[Deadline, ...]
    left_out: int
    as_of: str
    since: str
    data_hash: str


def digest(
    ds: Dataset,
    before: Dataset,
    partners: Collection[str] = (),
    earlier: Mapping[str, str] | None = None,
    since: pd.Timestamp | None = None,
    corrected: Mapping[Entry, Correction] | None = None,
) -> Digest | None:
    """Gather what changed.

    Parameters
    ----------
    ds, before : Dataset
        Facts as known now, and on the day after which changes count.
    partners : collection of str
        Codes to keep, beside what concerns all; all where there is none.
    earlier : mapping, optional
        What earlier digests told, as `told_by` gives it: then all else counts, whatever its day.
    since : pandas.Timestamp, optional
        The day after which changes count, where that is before the first fact; else that of `before`.
    corrected : mapping, optional
        From `talks.recorded.corrected_entries`: what was told under a key that was put right since is known.

    Returns
    -------
    Digest or None
        None where nothing changed.
    """
    start = before.as_of if since is None else since
    first = start if earlier is None else pd.Timestamp(_BEFORE_ALL)
    rows = talks.weighed_changes(ds, first)
    rows = _of(partners, rows)
    rows = rows.assign(told_as=news.keys_of(rows, corrected))
    if earlier is not None:
        rows = rows[[earlier.get(row["told_as"]) != _content(row) for row in records(rows)]]
    begun = _begun(ds, before, partners)
    if rows.empty and not begun:
        return None
    counts = rows["points"].abs() >= news.LEAST_POINTS
    others = rows[~counts].sort_values("date", ascending=False, kind="stable")
    items = [[_item(ds, row, earlier or {}) for row in records(part)] for part in (rows[counts], others)]
    span = f"{day(start)} to {day(ds.as_of)}" if start < ds.as_of else day(ds.as_of)
    return Digest(
        title=f"Tariff talks: what changed, {span}",
        lead=f"{capital(count(len(rows), 'thing'))} became known, {count(sum(counts), 'rate')} among them"
        f" that would move an average duty; {count(len(begun), 'rate')} took effect.",
        note=summaries.reach_note(ds),
        moving=tuple(items[0]),
        others=tuple(items[1]),
        begun=tuple(begun),
        moved=tuple(_moved(ds, before, partners)),
        dates=tuple(_dates(ds, partners)),
        left_out=0,
        as_of=f"{ds.as_of:%Y-%m-%d}",
        since=f"{start:%Y-%m-%d}",
        data_hash=ds.data_hash(),
    )


def told_by(
    ds: Dataset, partners: Collection[str] = (), corrected: Mapping[Entry, Correction] | None = None
) -> dict[str, str]:
    """What has been told once a digest of `ds` is out: a hash of each thing, by what tells it from others."""
    rows = _of(partners, talks.changes(ds, _BEFORE_ALL))
    keys = news.keys_of(rows, corrected)
    return {key: _content(row) for key, row in zip(keys, records(rows), strict=True)}


def as_html(content: Digest) -> str:
    """Write a digest as a page that fetches nothing, of less than 100 kB."""
    return _fitted(content, lambda shorter: _rendered("digest.html.j2", shorter))


def as_markdown(content: Digest) -> str:
    """Write a digest as Markdown, of less than 100 kB."""
    return _fitted(content, lambda shorter: _rendered("digest.md.j2", shorter))


def as_mail(content: Digest, head: Mapping[str, str] | None = None, sent: date | None = None) -> str:
    """Write a digest as a mail (RFC 5322) with the page and its text, of less than 100 kB.

    Parameters
    ----------
    content : Digest
        What it says.
    head : mapping of str to str, optional
        From and To, as `mail.addresses` gives them; without From it is a draft.
    sent : date, optional
        The day that it states as its own; that of the digest when not given.
    """
    day_sent = sent or date.fromisoformat(content.as_of)

    def write(shorter: Digest) -> str:
        page, text = _rendered("digest.html.j2", shorter), _rendered("digest.md.j2", shorter)
        return mail.message(shorter.title, head or {}, day_sent, text, page)

    return _fitted(content, write)


def read_told(path: Path) -> tuple[str, dict[str, str]] | None:
    """Read what the last digest told: its day, and what `told_by` gave; None where there was none.

    Raises
    ------
    TradevizError
        If the file is no state of a digest.
    """
    if not path.exists():
        return None
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        return str(state["as_of"]), {str(key): str(value) for key, value in state["told"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TradevizError(f"{path} is no state of a digest; remove it to begin anew") from None


def told_text(
    ds: Dataset, partners: Collection[str] = (), corrected: Mapping[Entry, Correction] | None = None
) -> str:
    """What `read_told` reads, as text."""
    state = {"as_of": f"{ds.as_of:%Y-%m-%d}", "told": told_by(ds, partners, corrected)}
    return json.dumps(state, indent=0, sort_keys=True) + "\n"


def _of(partners: Collection[str], rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["partner"].isin([*partners, GENERAL, WORLD])] if partners else rows


def _content(row: _Row) -> str:
    return hashlib.sha256(f"{row['date']:%Y-%m-%d} {row['text']}".encode()).hexdigest()[:12]


def _item(ds: Dataset, row: _Row, earlier: Mapping[str, str]) -> Item:
    who, text = news.describe(ds, row)
    return Item(
        day=day(row["date"]),
        who=who,
        text=sentence(text),
        weight=_weight(row),
        corrected=row["told_as"] in earlier,
        sources=tuple(_sources(ds, row["source_ids"])),
    )


def _weight(row: _Row) -> str:
    parts: list[str] = [] if pd.isna(row["points"]) else [news.points(row["points"])]
    if row["touched_usd_bn"] >= news.LEAST_POINTS:
        parts.append(f"{money_bn(round(row['touched_usd_bn'], 1))} of imports")
    return ", ".join(parts)


def _sources(ds: Dataset, cited: str) -> list[tuple[str, str]]:
    """The first three documents that a reader of the day could open."""
    rows = ds.sources[ds.sources["source_id"].isin(cited.split(";")) & (ds.sources["published"] <= ds.as_of)]
    return [(row["publisher"], row["url"]) for row in records(rows.head(3))]


def _moved(ds: Dataset, before: Dataset, partners: Collection[str]) -> list[str]:
    """Average duties of the two days, as each knew them; those that differ by what is told."""
    columns = ["partner", "effective_pct"]
    then, now = (dict(rates.effective(known)[columns].to_numpy()) for known in (before, ds))
    moves = {code: now[code] - then[code] for code in now if code in then}
    shown = [code for code in moves if abs(moves[code]) >= news.LEAST_POINTS]
    return [
        f"{ds.name(code)}: {rounded_rate(then[code])} to {rounded_rate(now[code])}"
        f" ({news.points(moves[code])})"
        for code in sorted(shown, key=lambda code: -abs(moves[code]))
        if not partners or code in partners
    ]


def _begun(ds: Dataset, before: Dataset, partners: Collection[str]) -> list[Deadline]:
    """What orders had scheduled for the days since, with what each step moved."""
    rows = _of(partners, talks.deadlines(ds, before.as_of))
    came = (rows["day"] > before.as_of) & (rows["day"] <= ds.as_of) & (rows["kind"] == "rate step")
    steps = rows[came & (rows["state"] == STANDING)].rename(columns={"day": "effective"})
    weighed = rates.ranked(rates.at_stake(ds, steps)).rename(columns={"effective": "day"})
    return news.deadlines(ds, weighed)


def _dates(ds: Dataset, partners: Collection[str]) -> list[Deadline]:
    rows = _of(partners, talks.deadlines(ds))
    ahead = rows[(rows["day"] > ds.as_of) & (rows["day"] <= ds.as_of + AHEAD)]
    deadlines = [deadline for deadline in news.deadlines(ds, ahead) if deadline.status != "CANCELLED"]
    return deadlines[:_MOST_DATES]


def _fitted(content: Digest, write: Any) -> str:
    """Write it with as many items as the limit admits; those that move duties stay the longest."""
    most = _MOST
    while True:
        moving = content.moving[:most]
        others = content.others[: max(0, most - len(moving))]
        left_out = len(content.moving) + len(content.others) - len(moving) - len(others)
        text: str = write(replace(content, moving=moving, others=others, left_out=left_out))
        if len(text.encode()) < LIMIT or not most:
            return text
        most = most * 3 // 4


def _rendered(template: str, content: Digest) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "digest"),
        autoescape=template.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(plain=_plain, day=day)
    return environment.get_template(template).render(digest=content, version=__version__) + "\n"


def _plain(text: str) -> str:
    """Escape text for Markdown, on one line."""
    for mark in "\\`*_[]<>#|":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())
