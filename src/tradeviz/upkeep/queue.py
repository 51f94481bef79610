"""The review queue: a CSV file of what a feed offers, for a person to read, fill in, accept or refuse."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from tradeviz.data import Tables
from tradeviz.errors import UsageError

Row = dict[str, str]

DOCUMENT_COLUMNS = [
    "feed",
    "key",
    "kind",
    "published",
    "filed",
    "title",
    "citation",
    "url",
    "partners",
    "layers",
    "source_id",
    "publisher",
    "source_kind",
]
"""Columns of a queue of documents; the last three are for the person who accepts one."""

TRADE_COLUMNS = [
    "feed",
    "key",
    "partner",
    "month",
    "released",
    "imports_for_consumption_usd_mn",
    "calculated_duties_usd_mn",
    "general_imports_usd_mn",
    "source_ids",
]
"""Columns of a queue of trade figures: rows ready for trade_monthly.csv."""

_LONGEST = 400
_RUN_BY_SPREADSHEETS = "=+-@\uff1d\uff0b\uff0d\uff20"


def read(path: Path) -> list[Row]:
    """Read a queue.

    Raises
    ------
    UsageError
        If there is no such file, or it is no queue.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"there is no queue {path}; `tradeviz watch` writes one") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8; save it as plain UTF-8") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="")
    if list(reader.fieldnames or []) not in (DOCUMENT_COLUMNS, TRADE_COLUMNS):
        raise UsageError(f"{path} is no queue: its header is not one that `tradeviz watch` writes")
    return [{name: cell for name, cell in row.items() if name} for row in reader]


def as_csv(columns: Iterable[str], rows: Iterable[Row]) -> str:
    """Write rows as CSV in the form of the tables."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def merged(there: Sequence[Row], offered: Sequence[Row]) -> list[Row]:
    """What is there, as a person may have filled it in, and then what is new."""
    known = {(row["feed"], row["key"]) for row in there}
    return [*there, *(row for row in offered if (row["feed"], row["key"]) not in known)]


def refused_keys(tables: Tables, feed: str) -> set[str]:
    """The keys of what somebody turned down of a feed."""
    refused = tables.frames["refused"]
    return set(refused.loc[refused["feed"] == feed, "key"])


def clean(text: object) -> str:
    """Make a text of somebody else's fit for a cell.

    It stands on one line, without characters that cannot be seen, no longer than 400 characters, and
    does not begin with what a spreadsheet would run.
    """
    if not isinstance(text, str):
        return ""
    shown = "".join(mark if mark.isprintable() else " " for mark in text)
    line = " ".join(shown.split()).lstrip(f"{_RUN_BY_SPREADSHEETS}'\" ")
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3].rstrip()}..."
