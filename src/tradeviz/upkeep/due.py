"""What the record says must have happened since it ends, or is about to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from tradeviz import talks
from tradeviz.data import Tables
from tradeviz.frames import records, with_days
from tradeviz.vocabulary import GENERAL, TABLE_NAMES, WORLD

AHEAD_DAYS = 30
"""Days ahead of today that count as about to happen."""

_COLUMNS = ["section", "day", "days_late", "partner", "kind", "text", "table", "key"]
_LATE, _SOON = "late", "soon"
_Item = dict[str, Any]


def due(tables: Tables, today: date, ahead_days: int = AHEAD_DAYS) -> pd.DataFrame:
    """List what the record itself dates and does not tell the outcome of.

    Parameters
    ----------
    tables : Tables
        All tables, uncut.
    today : date
        The day that counts as today.
    ahead_days : int
        How many days ahead to look.

    Returns
    -------
    pandas.DataFrame
        Late first, then by day: section (late: its day has passed and the record does not reach it;
        soon: it comes within `ahead_days`), day, days_late (negative for what is to come), partner
        (codes, `;`-separated), kind (rate step, agreed rate, threat, term ends, pledge ends, next
        step, clause deadline, trade figures, release calendar, search), text, table, key (identifier
        of the row within the table; "" for a search).

    Raises
    ------
    UsageError
        If today lies before the first fact.

    Examples
    --------
    >>> from datetime import date
    >>> from tradeviz import data, upkeep
    >>> items = upkeep.due(data.load_tables(), date(2025, 7, 1))
    >>> items.loc[items["kind"] == "rate step", "day"].min().date().isoformat()
    '2025-07-09'
    """
    now = pd.Timestamp(today)
    last = now + pd.Timedelta(days=ahead_days)
    rows = [*_expected(tables, now, last), *_releases(tables, last), *_searches(tables, last)]
    frame = with_days(pd.DataFrame(rows, columns=_COLUMNS), ["day"])
    late = frame["day"] < now
    frame = frame.assign(
        section=late.map({True: _LATE, False: _SOON}), days_late=(now - frame["day"]).dt.days
    )
    return frame.sort_values(["section", "day"], kind="stable").reset_index(drop=True)


def _expected(tables: Tables, now: pd.Timestamp, last: pd.Timestamp) -> Iterator[_Item]:
    """Facts dated ahead whose day the table does not cover yet, or that a curator marked unconfirmed."""
    ds = tables.at(now)
    open_steps = tables.frames["tariffs"]
    open_steps = open_steps[open_steps["confidence"] == "unconfirmed"]
    unconfirmed = set(zip(open_steps["order_id"], open_steps["effective"], strict=True))
    for row in records(talks.expectations(ds, tables.first_fact, last)):
        if row["day"] <= row["through"] and (row["key"], row["day"]) not in unconfirmed:
            continue
        if row["overtaken"] and row["day"] >= now:
            continue
        by = f", by {row['by']}" if row["by"] else ""
        overtaken = "; a later order stands in its place" if row["overtaken"] else ""
        yield {name: row[name] for name in ("day", "partner", "kind", "table", "key")} | {
            "text": f"{row['text']}{by}{overtaken}"
        }


def _releases(tables: Tables, last: pd.Timestamp) -> Iterator[_Item]:
    """Months of trade figures that are out by the announced calendar, and the end of that calendar."""
    releases = tables.frames["releases"].sort_values("month")
    there = set(tables.frames["trade_monthly"]["month"])
    for row in records(releases[(releases["due"] <= last) & ~releases["month"].isin(there)]):
        sure = "" if row["confidence"] == "confirmed" else "; the day is not confirmed"
        text = f"trade figures for {row['month']:%B %Y}{sure}"
        yield _item(row["due"], WORLD, "trade figures", text, "trade_monthly", f"{row['month']:%Y-%m}")
    end = releases["due"].max()
    if end <= last:
        text = f"releases.csv names no release after that of {releases['month'].max():%B %Y}"
        yield _item(end, WORLD, "release calendar", text, "releases", f"{releases['month'].max():%Y-%m}")


def _searches(tables: Tables, last: pd.Timestamp) -> Iterator[_Item]:
    """Tables in which somebody has to look again, the partners of a table and day together."""
    coverage = tables.frames["coverage"]
    again = coverage[coverage["look_again_by"] <= last]
    for (table, day), rows in again.groupby(["table", "look_again_by"], sort=False):
        partners = ";".join(rows["partner"])
        oldest = rows["through"].min()
        whom = "" if partners in (GENERAL, WORLD) else f" of {len(rows)} partners"
        text = f"look again for {TABLE_NAMES.get(str(table), table)}{whom}, last to {oldest:%Y-%m-%d}"
        yield _item(day, partners, "search", text, str(table), "")


def _item(day: Any, partner: str, kind: str, text: str, table: str, key: str) -> _Item:
    return {"day": day, "partner": partner, "kind": kind, "text": text, "table": table, "key": key}
