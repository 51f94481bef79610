"""What became known between two days, from every table, as one tidy frame."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.days import read_day
from tradeviz.errors import UsageError
from tradeviz.frames import alike, once_per_dataset, records, with_days
from tradeviz.vocabulary import (
    GENERAL,
    ISSUE_NAMES,
    ISSUE_STATUS_NAMES,
    LEVEL_NAMES,
    MILESTONE_NAMES,
    WORLD,
    layer_name,
)
from tradeviz.wording import day, iso, rate, sentence

_Change = tuple[pd.Timestamp, str, str, str, str, str, str]
_COLUMNS = ["date", "partner", "kind", "text", "table", "key", "source_ids"]
FORCE_KINDS = {"order": "order", "threat": "threat", "deal": "rate agreed"}
_STEP = ["layer", "product", "effective", "rate_pct", "basis"]
_SET = {"rate_pct": "to_rate_pct", "basis": "to_basis"}
CHANGED = [
    "layer",
    "product",
    "effective",
    "from_rate_pct",
    "from_basis",
    "to_rate_pct",
    "to_basis",
    "n_steps",
]
"""Columns about the first step of an order, threat or agreed rate."""

_WORDS = ["layer", "product", "from_basis", "to_basis"]

KINDS: tuple[str, ...] = (
    "meeting",
    "milestone",
    *FORCE_KINDS.values(),
    "issue",
    "commitment",
    "status of a commitment",
    "event",
    "trade figures",
)
"""The kinds of changes."""

ENTRY_KEYS: dict[str, tuple[str, ...]] = {
    "meetings": ("meeting_id",),
    "milestones": ("partner", "date", "stage"),
    "tariffs": ("order_id",),
    "issues": ("partner", "date", "issue", "status"),
    "commitments": ("commitment_id",),
    "commitment_status": ("commitment_id", "date"),
    "events": ("date", "title"),
    "trade_monthly": ("month",),
}
"""The columns of each table that tell its changes apart; those of tariffs also by partner."""


@once_per_dataset
def changes(
    ds: Dataset, since: str | date | pd.Timestamp, kinds: Collection[str] | None = None
) -> pd.DataFrame:
    """Everything that became known after `since` and by `ds.as_of`.

    The modelled effective rates are left out: they were computed in hindsight. What entered the record since
    a day, however long it had been known, is `newly_recorded`.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    since : date
        The day after which changes count.
    kinds : collection of str, optional
        Those of `KINDS` to keep; all when not given.

    Returns
    -------
    pandas.DataFrame
        Newest first, then in partner order: date (the day it became known), partner (ALL or WLD
        where it concerns all), kind (meeting, milestone, order, threat, rate agreed, issue,
        commitment, status of a commitment, event, trade figures), text, table, key (identifier of
        the row within the table), source_ids; and, for orders, threats and agreed rates, of their first step
        layer, product, effective (day), from_rate_pct and from_basis (what the orders known the evening
        before had set for that day; percent, NaN and "" where none had), to_rate_pct and to_basis, and
        n_steps (number of steps; 0 for other kinds). `weighed` adds what they move.

    Raises
    ------
    UsageError
        If `since` is no date or lies after as_of, or a kind is unknown.

    Examples
    --------
    >>> news = talks.changes(ds, since="2025-04-23")
    >>> news.loc[news["partner"] == "KOR", "table"].unique().tolist()
    ['meetings', 'milestones', 'issues']
    """
    start = read_day(since, "since", ds.coverage_end)
    if start > ds.as_of:
        raise UsageError(
            f"since {start:%Y-%m-%d} lies after as_of {ds.as_of:%Y-%m-%d}; choose an earlier one"
        )
    wanted = known_kinds(kinds, KINDS)
    tables = (_meetings, _milestones, _tariffs, _issues, _commitments, _statuses, _events, _trade)
    rows = [change for table in tables for change in table(ds)]
    frame = with_days(pd.DataFrame(rows, columns=_COLUMNS), ["date"])
    frame = frame[(frame["date"] > start) & frame["kind"].isin(wanted)]
    return _with_first_steps(ds, newest_first(frame, ["date"], ds.names))


def known_kinds(kinds: Collection[str] | None, known: Collection[str]) -> Collection[str]:
    """Return the kinds asked for, all where none is, or raise UsageError with those that there are."""
    unknown = [kind for kind in kinds or () if kind not in known]
    if unknown:
        raise UsageError(f'kind "{unknown[0]}" is unknown; use one of {", ".join(known)}')
    return kinds or known


def newest_first(frame: pd.DataFrame, days: list[str], partners: Iterable[str]) -> pd.DataFrame:
    """Sort changes by these days, the newest first, then by partner: all, the world, then in their order."""
    order = {code: i for i, code in enumerate([GENERAL, WORLD, *partners])}
    frame = frame.assign(position=frame["partner"].map(order))
    ascending = [False] * len(days) + [True]
    frame = frame.sort_values([*days, "position"], ascending=ascending, kind="stable")
    return frame.drop(columns="position").reset_index(drop=True)


def _with_first_steps(ds: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    """Put the first step of an order, threat or agreed rate beside its words, and the rate before it."""
    keys = ["order_id", "partner"]
    steps = ds.tariffs.sort_values("effective", kind="stable")
    first = steps.groupby(keys, sort=False, as_index=False).first()[[*keys, *_STEP]].rename(columns=_SET)
    counted = steps.groupby(keys, sort=False, as_index=False).size().rename(columns={"size": "n_steps"})
    first = first.merge(counted, on=keys).assign(table="tariffs").rename(columns={"order_id": "key"})
    both = frame.merge(first, on=["table", "key", "partner"], how="left")
    set_here = both["table"] == "tariffs"
    before = rates.rates_before(ds, both[set_here].rename(columns={"date": "announced"}))
    both = both.join(before)
    words = {name: both[name].fillna("").astype("str") for name in _WORDS}
    both = both.assign(**words, n_steps=both["n_steps"].fillna(0).astype("int64"))
    return both[[*_COLUMNS, *CHANGED]]


def entry_key(table: str, cells: Mapping[str, Any]) -> str:
    """What tells the change that a row of a table makes from others of the table."""
    return ":".join(
        iso(cell) if isinstance(cell, date) else cell for cell in (cells[name] for name in ENTRY_KEYS[table])
    )


def _meetings(ds: Dataset) -> Iterator[_Change]:
    for row in records(ds.meetings):
        key, sources = entry_key("meetings", row), row["source_ids"]
        known = row["start_date"] if row["under_way"] else row["end_date"]
        text = f"{LEVEL_NAMES[row['level']]}: {row['outcome'] or 'under way'}"
        yield known, row["partner"], "meeting", sentence(text), "meetings", key, sources


def _milestones(ds: Dataset) -> Iterator[_Change]:
    for row in records(ds.milestones):
        name = MILESTONE_NAMES[row["stage"]] + (" (sector)" if row["scope"] == "sector" else "")
        text = sentence(f"{name}: {row['summary']}")
        key = entry_key("milestones", row)
        yield row["date"], row["partner"], "milestone", text, "milestones", key, row["source_ids"]


def _tariffs(ds: Dataset) -> Iterator[_Change]:
    for steps in alike(ds.tariffs, ["order_id", "force", "partner"]):
        first = steps[0]
        text = sentence(f"{first['instrument']}: {'; '.join(map(_step, steps))}")
        sources = ";".join(dict.fromkeys(";".join(step["source_ids"] for step in steps).split(";")))
        kind = FORCE_KINDS[first["force"]]
        yield first["announced"], first["partner"], kind, text, "tariffs", first["order_id"], sources


def _step(row: dict[str, Any]) -> str:
    layer = layer_name(row["layer"], row["product"])
    start = ", no day named" if pd.isna(row["effective"]) else f" from {day(row['effective'])}"
    return f"{layer} {rate(row['rate_pct'], row['basis'])}{start}"


def _issues(ds: Dataset) -> Iterator[_Change]:
    for row in records(ds.issues):
        text = f"{ISSUE_NAMES[row['issue']]} {ISSUE_STATUS_NAMES[row['status']]}: {row['summary']}"
        key = entry_key("issues", row)
        yield row["date"], row["partner"], "issue", sentence(text), "issues", key, row["source_ids"]


def _commitments(ds: Dataset) -> Iterator[_Change]:
    for row in records(ds.commitments):
        text = sentence(row["description"])
        key = entry_key("commitments", row)
        yield row["announced"], row["partner"], "commitment", text, "commitments", key, row["source_ids"]


def _statuses(ds: Dataset) -> Iterator[_Change]:
    pledged = ds.commitments.set_index("commitment_id")[["partner", "description", "announced"]]
    for row in records(ds.commitment_status):
        pledge = pledged.loc[row["commitment_id"]]
        if row["date"] == pledge["announced"]:
            continue
        text = sentence(f"{row['status'].replace('_', ' ')}: {pledge['description']}")
        kind, key = "status of a commitment", entry_key("commitment_status", row)
        yield row["date"], pledge["partner"], kind, text, "commitment_status", key, row["source_ids"]


def _events(ds: Dataset) -> Iterator[_Change]:
    known = set(ds.partners["partner"])
    for row in records(ds.events):
        text = sentence(f"{row['title']}: {row['summary']}")
        key = entry_key("events", row)
        for code in [code for code in row["scope"].split(";") if code in known] or [GENERAL]:
            yield row["date"], code, "event", text, "events", key, row["source_ids"]


def _trade(ds: Dataset) -> Iterator[_Change]:
    for row in records(ds.trade_monthly.drop_duplicates("month")):
        text, key = f"Trade figures for {row['month']:%B %Y} published.", f"{row['month']:%Y-%m}"
        yield row["released"], WORLD, "trade figures", text, "trade_monthly", key, row["source_ids"]
