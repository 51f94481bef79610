"""Tables of the deals: pledges with an amount, and who carried which deal out.

Each function chooses and words the columns of one frame; rows stay in the order given.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.tables.layout import Cite, cited, great_table
from tradeviz.vocabulary import COMMITMENT_KINDS, COMMITMENT_STATUS_NAMES, STAGE_NAMES
from tradeviz.wording import amount_bn, count, day


def pledges(ds: Dataset, rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """Pledges with an amount, beside the partner's exports of 2024."""
    return great_table(
        {
            "Partner": ds.name(row["partner"]) + (" (pledge by the U.S.)" if row["by"] == "US" else ""),
            "Kind": COMMITMENT_KINDS[row["kind"]],
            "Pledge": row["description"],
            "Amount": amount_bn(row["amount_usd_bn"], row["amount_per"]),
            "Until": "" if pd.isna(row["horizon_end"]) else day(row["horizon_end"]),
            "Against 2024 exports": _share(row["share_of_exports"]),
            "Status": _status(row),
            **cited(row, cite),
        }
        for row in records(rows_of)
    )


def pledge_totals(ds: Dataset, totals: pd.DataFrame) -> GT:
    """What each side has pledged in all, by kind, parts of larger pledges counted once."""
    return great_table(
        {
            "Partner": ds.name(row["partner"]) + (" (pledges by the U.S.)" if row["by"] == "US" else ""),
            "Kind": COMMITMENT_KINDS[row["kind"]],
            "In all": amount_bn(row["amount_usd_bn"], row["amount_per"]),
            "Pledges": str(row["pledges"]),
            "Left out as parts of them": str(row["parts"] or ""),
        }
        for row in records(totals)
    )


def implementation(ds: Dataset, rows_of: pd.DataFrame) -> GT:
    """Deals with the day of their first form, and the act of each side with what became of it."""
    return great_table(
        {
            "Partner": ds.name(row["partner"]),
            "Deal": f"{STAGE_NAMES[row['stage']]}, {day(row['day'])}",
            "U.S. act": _act(ds, row, "us"),
            "What became of it": row["us_outcome"],
            "Partner's act": _act(ds, row, "partner"),
            "What became of that": row["partner_outcome"],
        }
        for row in records(rows_of.fillna({"us_outcome": "", "partner_outcome": ""}))
    )


def _status(row: dict[str, Any]) -> str:
    status = COMMITMENT_STATUS_NAMES.get(row["status"], "no status on record")
    return status if pd.isna(row["status_date"]) else f"{status} since {day(row['status_date'])}"


def _share(share: float) -> str:
    if math.isnan(share):
        return ""
    return "less than 0.01 times" if share < 0.005 else f"{share:.2f} times"


def _act(ds: Dataset, row: dict[str, Any], side: str) -> str:
    days = row[f"{side}_days"]
    if math.isnan(days):
        return f"none on record after {count((ds.as_of - row['day']).days, 'day')}"
    when = day(row[f"{side}_day"])
    if days == 0:
        return f"{when}, the same day"
    return f"{when}, {count(abs(int(days)), 'day')} {'later' if days > 0 else 'before'}"
