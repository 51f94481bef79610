"""What the tables say, read by other means than the library's: texts, and the days they became known."""

from __future__ import annotations

import csv
import html
import re
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
TEXTS = {
    "meetings": ("end_date", ["outcome", "next_step"]),
    "milestones": ("date", ["summary", "document"]),
    "issues": ("date", ["summary"]),
    "commitments": ("announced", ["description"]),
    "events": ("date", ["title", "summary"]),
    "tariffs": ("announced", ["instrument", "order_id"]),
}


@cache
def texts_known(by: str, after: bool) -> frozenset[str]:
    """Texts of the tables that became known after a day, or by it."""
    found = set()
    for table, (day, columns) in TEXTS.items():
        for row in rows(table):
            if (row[day] > by) == after:
                found |= {" ".join(row[name].split()) for name in columns if len(row[name]) > 12}
    return frozenset(found)


def told_too_early(shown: str, as_of: str) -> list[str]:
    """Texts that a page shows although they became known only after its day."""
    early = texts_known(as_of, after=False)
    later = texts_known(as_of, after=True) - early
    told = [text for text in later if text in shown]
    return [text for text in told if not any(text in known for known in early)]


def rows(table: str) -> list[dict[str, str]]:
    """The rows of a table as they stand in its file."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words_of(markup: str) -> str:
    """The text that a reader of some HTML sees."""
    bare = re.sub(r"<style>.*?</style>|<[^>]+>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())
