"""Tables of rates: in force by layer, threatened, agreed, and due.

Each function chooses and words the columns of one frame; rows stay in the order given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz import rates
from tradeviz.data import Dataset, split_list
from tradeviz.frames import records
from tradeviz.rates.cases import NO, PARTLY
from tradeviz.tables.layout import Cite, cited, great_table
from tradeviz.vocabulary import GENERAL, LAYER_NAMES, layer_name
from tradeviz.wording import bare_rate, count_days, day, money_bn, rate, tenths

_NOT_CONFIRMED = ", scheduled; not confirmed"
NOT_KNOWN = "not known"
MOST_NAMES = 3
"""Partners beyond this number are counted instead of named."""


def rates_by_layer(ds: Dataset, rates_now: pd.DataFrame) -> GT:
    """The rates in force of one partner, layer by layer; layers at zero are left out.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    rates_now : pandas.DataFrame
        From `rates.in_force_at_stake`.
    """
    charged, scopes = rates_now[rates_now["rate_pct"] != 0], scope_words(ds)
    return great_table(
        {
            "Layer": LAYER_NAMES[row["layer"]],
            "Goods": goods_words(row, scopes),
            "Rate": rate_with_exemption(row, usmca),
            "Touches": touched(row),
            "Adds": _adds(row),
            "Since": day(row["effective"]),
            "By order": row["instrument"],
            "Announced": day(row["announced"]),
        }
        for row, usmca in zip(records(charged), rates.usmca_words(ds, charged), strict=True)
    )


def proposals(rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """Threats and deals: what was said or agreed, what it would move, and what has become of it.

    Parameters
    ----------
    rows_of : pandas.DataFrame
        From `rates.proposals`, weighed by `rates.at_stake`.
    cite : callable, optional
        Turns identifiers of sources into links.
    """
    return great_table(
        {
            "Announced": day(row["announced"]),
            "Layer": layer_name(row["layer"], row["product"]),
            "Rate": rate(row["rate_pct"], row["basis"]),
            "From": day(row["effective"]),
            "Document": row["instrument"],
            "Would touch": touched(row),
            "Would move": _points(row, sign=True),
            "Stands": f"open, {count_days(row['days_open'])} old" if row["alive"] else _ended(row),
            **cited(row, cite),
        }
        for row in records(rows_of)
    )


def partner_cliffs(due: pd.DataFrame) -> GT:
    """What is already ordered and due for one partner: rows of `rates.cliffs`, with those of `at_stake`."""
    return great_table(
        {
            "Day": day(row["effective"]),
            "In days": str(row["days_left"]),
            "Layer": layer_name(row["layer"], row["product"]),
            "From": rate(row["from_rate_pct"], row["from_basis"]),
            "To": rate(row["rate_pct"], row["basis"]),
            "Touches": touched(row),
            "Moves": _points(row, sign=True),
            "By order": row["instrument"],
        }
        for row in records(due)
    )


def cliffs_at_stake(calendar: pd.DataFrame, names: Mapping[str, str]) -> GT:
    """The changes already ordered, first what moves most: rows of `rates.cliff_calendar`, weighed and ranked.

    Parameters
    ----------
    calendar : pandas.DataFrame
        From `rates.cliff_calendar`, weighed by `rates.at_stake`, in the order of `rates.ranked`.
    names : mapping of str to str
        Names of the partners by code.
    """
    return great_table(
        {
            "Day": day(row["effective"]),
            "Layer": layer_name(row["layer"], row["product"]),
            "Partners": _partners(split_list(row["partners"]), names),
            "To": _range(row),
            "Touches of their goods": touched(row),
            "Moves their average": _points(row, sign=True),
        }
        for row in records(calendar)
    )


def whole_economy(ds: Dataset, rates_now: pd.DataFrame, partner: str) -> str:
    """The whole-economy rates of one partner in words: "10% reciprocal; 20% fentanyl (IEEPA)"."""
    rows = rates.whole_economy_rows(rates_now[rates_now["partner"] == partner])
    charged = rows[rows["rate_pct"] != 0]
    parts = [
        f"{rate(row['rate_pct'], row['basis'])} {layer_name(row['layer'], row['product'])}"
        + (_NOT_CONFIRMED if row["confidence"] == "unconfirmed" else "")
        + (f" ({usmca})" if usmca else "")
        for row, usmca in zip(records(charged), rates.usmca_words(ds, charged), strict=True)
    ]
    return "; ".join(parts) or "none"


def _partners(codes: list[str], names: Mapping[str, str]) -> str:
    if len(codes) == len(names):
        return "all"
    return ", ".join(names[code] for code in codes) if len(codes) <= MOST_NAMES else f"{len(codes)} partners"


def _range(row: dict[str, Any]) -> str:
    low, high = row["lowest_pct"], row["highest_pct"]
    return rate(high, row["basis"]) if low == high else f"{bare_rate(low)} to {rate(high, row['basis'])}"


def scope_words(ds: Dataset) -> dict[tuple[str, str], str]:
    """What limits the goods that a rate reaches, in words, by layer and product."""
    parts = ds.assumptions[(ds.assumptions["liable_share"] < 1) & (ds.assumptions["partner"] == GENERAL)]
    return {(row["layer"], row["product"]): row["why"] for row in records(parts)}


def goods_words(row: dict[str, Any], scopes: Mapping[tuple[str, str], str]) -> str:
    """The goods of a rate, and what limits them: rows of tariffs beside `scope_words`."""
    limit = scopes.get((row["layer"], row["product"]), "")
    goods = row["product"] or "all goods of the layer"
    return f"{goods} ({limit})" if limit else goods


def touched(row: dict[str, Any]) -> str:
    """The 2024 imports that a rate touches, in words: "$36.9 billion, 28.3%"."""
    if row["known"] == NO:
        return NOT_KNOWN
    share, usd_bn = 100 * row["share_of_partner"], row["touched_usd_bn"]
    if usd_bn == 0:
        return "none of its goods of 2024"
    least = "under 0.1" if share < 0.05 else f"{share:.1f}"
    words = f"{_rounded(usd_bn)}, {least}%"
    return f"{words} at most" if row["known"] == PARTLY else words


def _rounded(usd_bn: float) -> str:
    """Dollars with one decimal of a billion; what is less than that in millions, never as 0."""
    if usd_bn >= 0.05:
        return money_bn(round(usd_bn, 1))
    return money_bn(round(usd_bn, 3)) if usd_bn >= 0.0005 else "under $1 million"


def _points(row: dict[str, Any], sign: bool = False) -> str:
    """Points of the effective rate in words."""
    return NOT_KNOWN if row["known"] == NO else tenths(row["points"], sign)


def _adds(row: dict[str, Any]) -> str:
    """Points that a duty is of the effective rate; none of goods that are partly known is not nothing."""
    return NOT_KNOWN if row["known"] == PARTLY and not row["points"] else _points(row)


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
