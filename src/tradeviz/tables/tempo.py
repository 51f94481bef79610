"""Tables of tempo: each partner's waits, and the medians."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.tables.layout import great_table
from tradeviz.talks.waits import TO_FRAMEWORK, TO_TEXT, question
from tradeviz.wording import capital, count_days, day, interval_words


def waits(ds: Dataset, rows_of: pd.DataFrame) -> GT:
    """Each partner's two waits on one row: when each clock started, and how long it ran or runs."""
    by_question = {(row["partner"], row["question"]): row for row in records(rows_of)}
    rows = []
    for code in ds.partners["partner"]:
        first, second = (by_question.get((code, question(pair))) for pair in (TO_FRAMEWORK, TO_TEXT))
        if first or second:
            rows.append(
                {
                    "Partner": ds.name(code),
                    "Clock started: talks": _started(first),
                    "Wait for a framework": _wait(first),
                    "Clock started: framework": _started(second),
                    "Wait for a text": _wait(second),
                }
            )
    return great_table(rows)


def medians(rows_of: pd.DataFrame) -> GT:
    """Median waits with their intervals, and the numbers behind them."""
    return great_table(
        {
            "Wait": capital(row["question"]),
            "Partners": str(row["n"]),
            "Day 0 (there at the start)": str(row["day_zero"]),
            "Still under way": str(row["censored"]),
            "Median": "not reached" if math.isnan(row["median_days"]) else count_days(row["median_days"]),
            "95% interval": interval_words(row["lower_days"], row["upper_days"]),
        }
        for row in records(rows_of)
    )


def _started(row: dict[str, Any] | None) -> str:
    return day(row["start"]) if row else ""


def _wait(row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    if row["day_zero"]:
        return "0 days, there at the start"
    if row["observed"]:
        return f"{count_days(row['days'])}, to {day(row['end'])}"
    words = f"under way, {count_days(row['days'])}"
    if row["record_through"] < row["end"]:
        words += f" (record of milestones ends {day(row['record_through'])})"
    return words
