"""Who met when, and what was to follow, computed again from meetings.csv."""

from __future__ import annotations

from tests.oracle.tables import Row, closing_ids, days_between, known, partners, rows
from tradeviz.vocabulary import LEVELS

OVERDUE_DAYS = 60


def begun(code: str, as_of: str) -> list[Row]:
    """Meetings and calls with a partner that had begun by a day, by their last day; no letters."""
    met = [row for row in known("meetings", as_of) if row["partner"] == code and row["format"] != "letter"]
    met.sort(key=lambda row: (row["start_date"], row["end_date"]))
    return sorted(met, key=lambda row: min(row["end_date"], as_of))


def steps(code: str, as_of: str) -> tuple[int, int]:
    """How many agreed steps are open or due, and how many passed their day without an outcome."""
    partner_meetings = [row for row in known("meetings", as_of) if row["partner"] == code]
    waiting = overdue = 0
    for row in partner_meetings:
        if (
            row["end_date"] > as_of
            or not row["next_step"]
            or row["next_step_closed_by"] in closing_ids(as_of)
        ):
            continue
        due = row["next_step_due"]
        if not due:
            waiting += not any(_since_as_high(row, other) for other in partner_meetings)
        elif due >= as_of:
            waiting += 1
        else:
            overdue += days_between(due, as_of) <= OVERDUE_DAYS
    return waiting, overdue


def _since_as_high(row: Row, other: Row) -> bool:
    high = LEVELS.index(other["level"]) >= LEVELS.index(row["level"])
    return high and other["start_date"] > row["end_date"] and other["format"] != "letter"


def per_month(as_of: str) -> dict[str, int]:
    """Meetings and calls with the 18 by the month in which they began, from the first on."""
    months = sorted(row["start_date"][:7] for code in partners("reciprocal") for row in begun(code, as_of))
    counts: dict[str, int] = {}
    month = months[0] if months else "9999"
    while month <= as_of[:7]:
        counts[month] = months.count(month)
        year, number = int(month[:4]), int(month[5:])
        month = f"{year + number // 12}-{number % 12 + 1:02}"
    return counts


def through(table: str, code: str, as_of: str) -> str:
    """The last day, at most as_of, that a table covers for a partner."""
    days = [row["through"] for row in rows("coverage") if (row["table"], row["partner"]) == (table, code)]
    return min(max(days, default=""), as_of)
