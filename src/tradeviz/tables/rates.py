"""Tables of rates: in force by layer, threatened, agreed, and due.

Each function chooses and words the columns of one frame; rows stay in the order given.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.tables.layout import Cite, cited, great_table
from tradeviz.vocabulary import LAYER_NAMES, layer_name
from tradeviz.wording import day, rate

_NOT_CONFIRMED = ", scheduled; not confirmed"


def rates_by_layer(ds: Dataset, rates_now: pd.DataFrame) -> GT:
    """The rates in force of one partner, layer by layer; layers at zero are left out."""
    charged = rates_now[rates_now["rate_pct"] != 0]
    rows = [
        {
            "Layer": LAYER_NAMES[row["layer"]],
            "Goods": row["product"] or "all goods of the layer",
            "Rate": rate_with_exemption(row, usmca),
            "Since": day(row["effective"]),
            "By order": row["instrument"],
            "Announced": day(row["announced"]),
        }
        for row, usmca in zip(records(charged), rates.usmca_words(ds, charged), strict=True)
    ]
    return great_table(rows)


def proposals(rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """Threats and deals: what was said or agreed, and what has become of it."""
    rows = [
        {
            "Announced": day(row["announced"]),
            "Layer": layer_name(row["layer"], row["product"]),
            "Rate": rate(row["rate_pct"], row["basis"]),
            "From": day(row["effective"]),
            "Document": row["instrument"],
            "Stands": f"open, {row['days_open']} days old" if row["alive"] else _ended(row),
            **cited(row, cite),
        }
        for row in records(rows_of)
    ]
    return great_table(rows)


def partner_cliffs(due: pd.DataFrame) -> GT:
    """What is already ordered and due for one partner."""
    rows = [
        {
            "Day": day(row["effective"]),
            "In days": str(row["days_left"]),
            "Layer": layer_name(row["layer"], row["product"]),
            "From": rate(row["from_rate_pct"], row["from_basis"]),
            "To": rate(row["rate_pct"], row["basis"]),
            "By order": row["instrument"],
        }
        for row in records(due)
    ]
    return great_table(rows)


def whole_economy(ds: Dataset, rates_now: pd.DataFrame, partner: str) -> str:
    """The whole-economy rates of one partner in words: "10% reciprocal; 20% fentanyl (IEEPA)"."""
    own = rates.whole_economy_rows(rates_now[rates_now["partner"] == partner])
    charged = own[own["rate_pct"] != 0]
    parts = [
        f"{rate(row['rate_pct'], row['basis'])} {layer_name(row['layer'], row['product'])}"
        + (_NOT_CONFIRMED if row["confidence"] == "unconfirmed" else "")
        + (f" ({usmca})" if usmca else "")
        for row, usmca in zip(records(charged), rates.usmca_words(ds, charged), strict=True)
    ]
    return "; ".join(parts) or "none"


def rate_with_exemption(row: dict[str, Any], usmca: str) -> str:
    """A rate in words, with the exemption that stands beside it in brackets."""
    text = rate(row["rate_pct"], row["basis"])
    if row["confidence"] == "unconfirmed":
        return f"{text}{_NOT_CONFIRMED}"
    return f"{text} ({usmca})" if usmca else text


def _ended(row: dict[str, Any]) -> str:
    """What ended a threat or deal: its day, the document, and the rate where it is another one."""
    text = f"{row['end_reason']} on {day(row['ended'])}"
    if not row["ended_instrument"]:
        return text
    text += f" by {row['ended_instrument']}"
    if row["end_reason"] not in ("overtaken", "agreed", "replaced") or pd.isna(row["ended_rate_pct"]):
        return text
    return f"{text}, at {rate(row['ended_rate_pct'], row['ended_basis'])}"
