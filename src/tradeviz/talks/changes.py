"""What became known between two days, from every table, as one tidy frame."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.days import read_day
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


@once_per_dataset
def changes(ds: Dataset, since: str | date | pd.Timestamp) -> pd.DataFrame:
    """Everything that became known after `since` and by `ds.as_of`.

    The modelled effective rates are left out: they were computed in hindsight.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    since : date
        The day after which changes count.

    Returns
    -------
    pandas.DataFrame
        Newest first, then in partner order: date (the day it became known), partner (ALL or WLD
        where it concerns all), kind (meeting, milestone, order, threat, rate agreed, issue,
        commitment, status of a commitment, event, trade figures), text, table, key (identifier of
        the row within the table), source_ids.

    Raises
    ------
    UsageError
        If `since` is no date or lies after as_of.

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
    kinds = (_meetings, _milestones, _tariffs, _issues, _commitments, _statuses, _events, _trade)
    rows = [change for kind in kinds for change in kind(ds)]
    frame = with_days(pd.DataFrame(rows, columns=_COLUMNS), ["date"])
    frame = frame[frame["date"] > start]
    order = {code: i for i, code in enumerate([GENERAL, WORLD, *ds.partners["partner"]])}
    frame = frame.assign(position=frame["partner"].map(order))
    frame = frame.sort_values(["date", "position"], ascending=[False, True], kind="stable")
    return frame.drop(columns="position").reset_index(drop=True)


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
