"""The table of orders: what was ordered, when, for whom, and where it is published."""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz.data import Dataset, split_list
from tradeviz.frames import records
from tradeviz.tables.layout import Cite, cited, great_table
from tradeviz.vocabulary import GENERAL, LAYER_NAMES
from tradeviz.wording import capital, count, day

MOST_NAMES = 4
"""Partners beyond this number are counted instead of named."""


def orders(ds: Dataset, rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """The orders of `rates.orders`, one row each; long lists of partners are counted."""
    return great_table(
        {
            "Announced": day(row["announced"]),
            "Applies from": _days(row),
            "Order": "; ".join(split_list(row["instruments"])) or row["order_id"],
            "Published": "; ".join(split_list(row["fr_citations"])) or "no citation on record",
            "Layers": capital("; ".join(LAYER_NAMES[layer] for layer in split_list(row["layers"]))),
            "Partners": _partners(ds, split_list(row["partners"])),
            **cited(row, cite),
        }
        for row in records(rows_of)
    )


def _days(row: dict[str, Any]) -> str:
    first, last = row["first_effective"], row["last_effective"]
    return day(first) if first == last else f"{day(first)}, last step {day(last)}"


def _partners(ds: Dataset, codes: list[str]) -> str:
    named = [code for code in codes if code != GENERAL]
    if len(named) > MOST_NAMES:
        words = "all partners" if len(named) == len(ds.partners) else count(len(named), "partner")
    else:
        words = ", ".join(ds.name(code) for code in named)
    if GENERAL not in codes:
        return words
    return f"all countries; own rates for {words}" if words else "all countries"
