"""What became known between two days, from every table, as one tidy frame."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.days import FIRST, read_day
from tradeviz.errors import UsageError
from tradeviz.frames import once_per_dataset, records, with_days
from tradeviz.vocabulary import (
    GENERAL,
    ISSUE_NAMES,
    ISSUE_STATUS_NAMES,
    LEVEL_NAMES,
    MILESTONE_NAMES,
    WORLD,
    layer_name,
)
from tradeviz.wording import day, rate, sentence

_Change = tuple[pd.Timestamp, str, str, str, str, str, str]
_COLUMNS = ["date", "partner", "kind", "text", "table", "key", "source_ids"]
_FORCE_KINDS = {"order": "order", "threat": "threat", "deal": "rate agreed"}
_STEP = ["layer", "product", "effective", "rate_pct", "basis"]
_IDENTITY = ("table", "kind", "key", "partner")

KINDS: tuple[str, ...] = (
    "meeting",
    "milestone",
    *_FORCE_KINDS.values(),
    "issue",
    "commitment",
    "status of a commitment",
    "event",
    "trade figures",
)
"""The kinds of changes."""


@once_per_dataset
def changes(
    ds: Dataset, since: str | date | pd.Timestamp, kinds: Collection[str] | None = None
) -> pd.DataFrame:
    """Everything that became known after `since` and by `ds.as_of`.

    The modelled effective rates are left out: they were computed in hindsight.

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
        the row within the table), source_ids; and, for orders, threats and agreed rates, layer, product,
        effective (day), rate_pct (percent) and basis of their first step, and n_steps (number of steps; 0 for
        other kinds).

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
    unknown = [kind for kind in kinds or () if kind not in KINDS]
    if unknown:
        raise UsageError(f'kind "{unknown[0]}" is unknown; use one of {", ".join(KINDS)}')
    tables = (_meetings, _milestones, _tariffs, _issues, _commitments, _statuses, _events, _trade)
    rows = [change for table in tables for change in table(ds)]
    frame = with_days(pd.DataFrame(rows, columns=_COLUMNS), ["date"])
    frame = frame[(frame["date"] > start) & frame["kind"].isin(kinds or KINDS)]
    order = {code: i for i, code in enumerate([GENERAL, WORLD, *ds.partners["partner"]])}
    frame = frame.assign(position=frame["partner"].map(order))
    frame = frame.sort_values(["date", "position"], ascending=[False, True], kind="stable")
    return _with_first_steps(ds, frame.drop(columns="position").reset_index(drop=True))


def newly_recorded(before: Dataset, ds: Dataset, kinds: Collection[str] | None = None) -> pd.DataFrame:
    """What entered the record between two of its days, however long it had been known to the world.

    Parameters
    ----------
    before, ds : Dataset
        Facts as known on one day, from `load(..., recorded_by=...)` an earlier and a later day of the record.
    kinds : collection of str, optional
        As for `changes`.

    Returns
    -------
    pandas.DataFrame
        The rows of `changes` that `ds` has and `before` has not, with their columns. A row that was put right
        under its old key is not among them.

    Examples
    --------
    >>> talks.newly_recorded(ds, ds).empty
    True
    """
    one, other = (changes(each, FIRST, kinds) for each in (before, ds))
    there = set(zip(*(one[name] for name in _IDENTITY), strict=True))
    new = [key not in there for key in zip(*(other[name] for name in _IDENTITY), strict=True)]
    return other[new].reset_index(drop=True)


def _with_first_steps(ds: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    """Put the first step of an order, threat or agreed rate beside its words."""
    keys = ["order_id", "partner"]
    steps = ds.tariffs.sort_values("effective", kind="stable")
    first = steps.groupby(keys, sort=False, as_index=False).first()[[*keys, *_STEP]]
    counted = steps.groupby(keys, sort=False, as_index=False).size().rename(columns={"size": "n_steps"})
    first = first.merge(counted, on=keys).assign(table="tariffs").rename(columns={"order_id": "key"})
    both = frame.merge(first, on=["table", "key", "partner"], how="left")
    words = {name: both[name].fillna("").astype("str") for name in ("layer", "product", "basis")}
    return both.assign(**words, n_steps=both["n_steps"].fillna(0).astype("int64"))


def _meetings(ds: Dataset) -> Iterator[_Change]:
    for row in records(ds.meetings):
        key, sources = row["meeting_id"], row["source_ids"]
        known = row["start_date"] if row["under_way"] else row["end_date"]
        text = f"{LEVEL_NAMES[row['level']]}: {row['outcome'] or 'under way'}"
        yield known, row["partner"], "meeting", sentence(text), "meetings", key, sources


def _milestones(ds: Dataset) -> Iterator[_Change]:
    for row in records(ds.milestones):
        name = MILESTONE_NAMES[row["stage"]] + (" (sector)" if row["scope"] == "sector" else "")
        text = sentence(f"{name}: {row['summary']}")
        key = f"{row['partner']}:{row['date']:%Y-%m-%d}:{row['stage']}"
        yield row["date"], row["partner"], "milestone", text, "milestones", key, row["source_ids"]


def _tariffs(ds: Dataset) -> Iterator[_Change]:
    by_order = ds.tariffs.groupby(["order_id", "force", "partner"], sort=False)
    for (order_id, force, partner), steps in by_order:
        parts = [_step(row) for row in records(steps)]
        text = sentence(f"{steps['instrument'].iloc[0]}: {'; '.join(parts)}")
        sources = ";".join(dict.fromkeys(";".join(steps["source_ids"]).split(";")))
        known = steps["announced"].iloc[0]
        yield known, str(partner), _FORCE_KINDS[str(force)], text, "tariffs", str(order_id), sources


def _step(row: dict[str, Any]) -> str:
    layer = layer_name(row["layer"], row["product"])
    start = ", no day named" if pd.isna(row["effective"]) else f" from {day(row['effective'])}"
    return f"{layer} {rate(row['rate_pct'], row['basis'])}{start}"


def _issues(ds: Dataset) -> Iterator[_Change]:
    for row in records(ds.issues):
        text = f"{ISSUE_NAMES[row['issue']]} {ISSUE_STATUS_NAMES[row['status']]}: {row['summary']}"
        key = f"{row['partner']}:{row['date']:%Y-%m-%d}:{row['issue']}:{row['status']}"
        yield row["date"], row["partner"], "issue", sentence(text), "issues", key, row["source_ids"]


def _commitments(ds: Dataset) -> Iterator[_Change]:
    for row in records(ds.commitments):
        text = sentence(row["description"])
        key = row["commitment_id"]
        yield row["announced"], row["partner"], "commitment", text, "commitments", key, row["source_ids"]


def _statuses(ds: Dataset) -> Iterator[_Change]:
    pledged = ds.commitments.set_index("commitment_id")[["partner", "description", "announced"]]
    for row in records(ds.commitment_status):
        pledge = pledged.loc[row["commitment_id"]]
        if row["date"] == pledge["announced"]:
            continue
        text = sentence(f"{row['status'].replace('_', ' ')}: {pledge['description']}")
        kind, key = "status of a commitment", f"{row['commitment_id']}:{row['date']:%Y-%m-%d}"
        yield row["date"], pledge["partner"], kind, text, "commitment_status", key, row["source_ids"]


def _events(ds: Dataset) -> Iterator[_Change]:
    known = set(ds.partners["partner"])
    for row in records(ds.events):
        text = sentence(f"{row['title']}: {row['summary']}")
        key = f"{row['date']:%Y-%m-%d}:{row['title']}"
        for code in [code for code in row["scope"].split(";") if code in known] or [GENERAL]:
            yield row["date"], code, "event", text, "events", key, row["source_ids"]


def _trade(ds: Dataset) -> Iterator[_Change]:
    for row in records(ds.trade_monthly.drop_duplicates("month")):
        text, key = f"Trade figures for {row['month']:%B %Y} published.", f"{row['month']:%Y-%m}"
        yield row["released"], WORLD, "trade figures", text, "trade_monthly", key, row["source_ids"]
