"""The tables read by plain code, so that what the library says can be held against them."""

from __future__ import annotations

import csv
import functools
import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import ParamSpec, TypeVar

LIVING = Path(__file__).resolve().parents[2] / "data"
"""The tables of the checkout, which grow."""

FROZEN = Path(__file__).resolve().parents[1] / "frozen"
"""The tables as they stood once, for tests that tell a story; `freeze.py` made them."""

Row = dict[str, str]
P = ParamSpec("P")
R = TypeVar("R")

KNOWN_ON: dict[str, str] = {
    "meetings": "start_date",
    "milestones": "date",
    "tariffs": "announced",
    "issues": "date",
    "commitments": "announced",
    "commitment_status": "date",
    "events": "date",
    "effective_rates_model": "date",
    "trade_monthly": "released",
    "known_gaps": "last_day",
    "clauses": "published",
    "issues_without_clause": "date",
    "group_terms": "announced",
    "carveout_terms": "announced",
    "stacking": "announced",
    "assumptions": "announced",
    "omissions": "announced",
    "import_groups": "released",
    "import_sections": "released",
    "preference_shares": "released",
    "published_rates": "published",
}
"""The column with the day on which a row became known; the other tables have rules of their own."""


def tables_dir() -> Path:
    """The folder of the tables to read: that which the library would read, too."""
    return Path(os.environ.get("TRADEVIZ_DATA") or LIVING)


def cache(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function gives for each folder of tables."""
    cached = functools.cache(lambda _folder, *args, **kwargs: function(*args, **kwargs))

    @functools.wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        return cached(os.environ.get("TRADEVIZ_DATA"), *args, **kwargs)

    return answer


@cache
def rows(table: str) -> tuple[Row, ...]:
    """All rows of a table as they stand in its file; not to be changed."""
    with (tables_dir() / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def header(table: str) -> list[str]:
    """The columns of a table, also of one without rows."""
    with (tables_dir() / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def known_day(table: str, row: Row) -> str:
    """The day on which a row became known, as ISO text; "" for reference tables."""
    if table == "trade_annual":
        return f"{int(row['year']) + 1}-03-15"
    return row[KNOWN_ON[table]] if table in KNOWN_ON else ""


@cache
def known(table: str, as_of: str) -> tuple[Row, ...]:
    """The rows of a table that were known by the evening of a day."""
    return tuple(row for row in rows(table) if known_day(table, row) <= as_of)


@cache
def later(table: str, as_of: str) -> tuple[Row, ...]:
    """The rows of a table that became known after a day."""
    return tuple(row for row in rows(table) if known_day(table, row) > as_of)


def last_day() -> str:
    """The last day that the data cover: the earliest to which rates and events were searched."""
    return min(row["through"] for row in rows("coverage") if row["table"] in ("tariffs", "events"))


def split(cell: str) -> list[str]:
    """The parts of a `;`-separated cell."""
    return [part for part in cell.split(";") if part]


def words(day: str) -> str:
    """An ISO day in words: "24 April 2025"."""
    when = date.fromisoformat(day)
    return f"{when.day} {when:%B %Y}"


def days_between(start: str, end: str) -> int:
    """The number of days from one ISO day to another."""
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def partners(track: str = "") -> list[str]:
    """The codes of the partners in their order; of one track, where it is named."""
    return [row["partner"] for row in rows("partners") if track in ("", row["track"])]


def name_of(partner: str) -> str:
    """The English short name of a partner."""
    return next(row["name"] for row in rows("partners") if row["partner"] == partner)


def names_of(codes: Iterable[str]) -> tuple[str, ...]:
    """The names of partners, in the order of their codes here."""
    return tuple(map(name_of, codes))


def closing_ids(as_of: str) -> set[str]:
    """What can close a next step by a day: meetings, orders, and milestones as partner:date:stage."""
    ids = {row["meeting_id"] for row in known("meetings", as_of)}
    ids |= {row["order_id"] for row in known("tariffs", as_of)}
    return ids | {f"{row['partner']}:{row['date']}:{row['stage']}" for row in known("milestones", as_of)}


def people_met(as_of: str) -> set[str]:
    """Everybody named in a meeting that had begun by a day."""
    met = known("meetings", as_of)
    return {name for row in met for side in ("us_lead", "partner_lead") for name in split(row[side])}
