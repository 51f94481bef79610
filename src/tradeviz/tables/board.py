"""The board of partners as a table and in words."""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz import rates, talks
from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.tables.layout import Cite, cited, great_table
from tradeviz.tables.rates import whole_economy
from tradeviz.vocabulary import LEVEL_NAMES, MILESTONE_NAMES, layer_name
from tradeviz.wording import count, day, rate

BOARD_LABELS = {
    "name": "Partner",
    "stage": "Stage",
    "rests_on": "Rests on",
    "rate": "Whole-economy rates in force",
    "deadline": "Next deadline",
    "last_met": "Last met on record",
}


def board(ds: Dataset, stages: pd.DataFrame, cite: Cite | None = None) -> GT:
    """The board: stage, what it rests on, rates, next deadline, last meeting of each partner."""
    words = board_words(ds, stages).drop(columns=["partner", "track", "suspended"])
    rows = records(words.rename(columns=BOARD_LABELS))
    rows = [row | cited(stage, cite) for row, stage in zip(rows, records(stages), strict=True)]
    return great_table(rows)


def board_words(ds: Dataset, stages: pd.DataFrame) -> pd.DataFrame:
    """Put the board into words.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    stages : pandas.DataFrame
        Rows of `talks.stages`, in the order wanted.

    Returns
    -------
    pandas.DataFrame
        partner, name, track, stage (with suspension, break-off or the end of its term), rests_on,
        suspended, rate (the whole-economy rates in force), deadline (the next cliff), last_met: text,
        but for suspended.
    """
    met = talks.last_meetings(ds).set_index("partner")
    only = str(stages["partner"].iloc[0]) if len(stages) == 1 else None
    due, rates_now = rates.cliffs(ds, only), rates.in_force(ds, partner=only)
    rows = [
        {
            "partner": row["partner"],
            "name": row["name"],
            "track": row["track"],
            "stage": _stage(row),
            "rests_on": row["rests_on"],
            "suspended": row["suspended"],
            "rate": whole_economy(ds, rates_now, row["partner"]),
            "deadline": _next_deadline(due, row["partner"]),
            "last_met": _last_met(met.loc[row["partner"]]),
        }
        for row in records(stages)
    ]
    return pd.DataFrame(rows)


def _stage(row: dict[str, Any]) -> str:
    name = MILESTONE_NAMES[row["stage"]]
    if row["suspended"]:
        return f"{name}; suspended since {day(row['suspended_since'])}"
    if row["broken_off"]:
        lost = f" and {MILESTONE_NAMES[row['lost_stage']]} lost" if row["lost_stage"] else ""
        return f"{name}; broken off{lost} on {day(row['broken_off_on'])}"
    if row["term_ended"]:
        return f"term ended on {day(row['ends'])}"
    return name


def _next_deadline(due: pd.DataFrame, partner: str) -> str:
    rows = due[due["partner"] == partner]
    if rows.empty:
        return "none ordered"
    whole = rates.whole_economy_rows(rows)
    first = (whole if len(whole) else rows).iloc[0]
    layer, to = layer_name(first["layer"], first["product"]), rate(first["rate_pct"], first["basis"])
    return f"{day(first['effective'])}: {layer} to {to}"


def _last_met(row: pd.Series) -> str:
    if pd.isna(row["last_date"]):
        return "not yet"
    met = f"{day(row['last_date'])} ({LEVEL_NAMES[row['level']]})"
    ends, gaps = row["record_through"], row["gaps_after"]
    if not row["days_since"]:
        return met
    later = f", {count(gaps, 'later contact')} not dated" if gaps else ""
    return f"{met}; record of meetings to {day(ends)}{later}"
