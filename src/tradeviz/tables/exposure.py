"""Tables of exposure: the three readings of the rate in one month, and what lies between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz.exposure import WEIGHTED
from tradeviz.frames import records
from tradeviz.tables.layout import great_table
from tradeviz.vocabulary import USMCA_EXEMPT
from tradeviz.wording import capital, rate


def month_rates(rows_of: pd.DataFrame, names: Mapping[str, str], border: Collection[str]) -> GT:
    """The three readings of one month side by side, one row per partner and one for the 18.

    Parameters
    ----------
    rows_of : pandas.DataFrame
        From `exposure.last_month_rates`.
    names : mapping of str to str
        Names of the partners by code.
    border : collection of str
        Codes of the border partners, whose goods under USMCA are exempt.
    """
    rows = [
        {
            "Partner": _who(row["partner"], names, border),
            "Headline": _percent(row["headline_pct"]),
            "Modelled": _percent(row["modelled_pct"]),
            "Charged": _percent(row["charged_pct"]),
            "Charged above 2024": _points(row["charged_added_pct"]),
            "Headline less that": _points(row["gap_pp"]),
        }
        for row in records(rows_of)
    ]
    return great_table(rows)


def wedges(rows_of: pd.DataFrame) -> GT:
    """What lies between the readings: each wedge in words, with its direction."""
    rows = [
        {
            "Wedge": capital(row["wedge"]),
            "From which reading to which": row["between"],
            "The second is": row["effect"],
            "Why": row["why"],
        }
        for row in records(rows_of)
    ]
    return great_table(rows)


def _who(code: str, names: Mapping[str, str], border: Collection[str]) -> str:
    if code == WEIGHTED:
        return "The 18, by 2024 imports"
    return f"{names[code]} ({USMCA_EXEMPT})" if code in border else names[code]


def _percent(value: Any) -> str:
    return "not known" if pd.isna(value) else rate(round(float(value), 1))


def _points(value: Any) -> str:
    if pd.isna(value):
        return "not known"
    points = round(float(value), 1)
    return f"{points:+.1f} pp" if points else "0.0 pp"
