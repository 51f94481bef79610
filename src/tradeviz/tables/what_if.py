"""Tables of scenarios: what each would mean for every partner, and the orders that it supposes."""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.rates.cases import PARTLY
from tradeviz.tables.layout import Cite, great_table
from tradeviz.vocabulary import GENERAL, layer_name
from tradeviz.wording import capital, day, rate, signed

_NOT_KNOWN = "not known"


def scenarios(ds: Dataset, rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """Rows of `exposure.scenarios`, the highest effective rate first; bills are static, at 2024 imports.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`, with the names of the partners.
    rows_of : pandas.DataFrame
        The rows of one scenario.
    cite : callable, optional
        Not used: nothing here has a source of its own.
    """
    rows_of = rows_of.sort_values("rank", kind="stable", na_position="last")
    return great_table(
        {
            "Partner": ds.name(row["partner"]),
            "Headline": _number(row["headline_pct"], "{:.1f}%"),
            "Effective rate": _number(row["effective_pct"], "{:.1f}%"),
            "Change": _change(row, "change_points", "{} points"),
            "Trade that added duties reach": _trade(row),
            "Duties a year": _number(row["bill_usd_bn"], "${:,.1f} bn"),
            "Change of duties": _change(row, "bill_change_usd_bn", "{} bn"),
            "Rank, and under the orders of the day": _rank(row),
        }
        for row in records(rows_of)
    )


def supposed_orders(ds: Dataset, rows_of: pd.DataFrame) -> GT:
    """Rows of `exposure.supposed_orders`: who would face which rate, and what it would weigh."""
    words = {"threats": "threat", "deals": "agreed", "scheduled": "scheduled", "own": "your own"}
    return great_table(
        {
            "Supposed": words[row["scenario"]],
            "Partner": "All partners" if row["partner"] == GENERAL else ds.name(row["partner"]),
            "Layer": capital(layer_name(row["layer"], row["product"])),
            "From": day(row["effective"]) if row["effective"] > ds.as_of else "at once",
            "Rate": rate(row["rate_pct"], row["basis"]),
            "Touches, of its 2024 imports": _share(row["share_of_partner"]),
            "Points": signed(row["points"], 2),
        }
        for row in records(rows_of)
    )


def _number(value: float, form: str) -> str:
    return _NOT_KNOWN if pd.isna(value) else form.format(value)


def _share(share: float) -> str:
    small = 0 < share < 0.0005
    return "under 0.1%" if small else _number(100 * share, "{:.1f}%")


def _change(row: dict[str, Any], name: str, form: str) -> str:
    """A change; what a supposed rate on goods of unknown trade would add to it is not known."""
    if pd.isna(row[name]):
        return _NOT_KNOWN
    shown = signed(row[name])
    words = shown if shown == "0" else form.format(shown)
    if row["known"] != PARTLY:
        return words
    return _NOT_KNOWN if shown == "0" else f"{words}, and a part not known"


def _trade(row: dict[str, Any]) -> str:
    if pd.isna(row["touched_usd_bn"]):
        return _NOT_KNOWN
    return f"${row['touched_usd_bn']:,.1f} bn ({100 * row['share_of_partner']:.0f}%)"


def _rank(row: dict[str, Any]) -> str:
    now, then = row["record_rank"], row["rank"]
    if pd.isna(then):
        return _NOT_KNOWN
    return f"{then:.0f}, {now:.0f}"
