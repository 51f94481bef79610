"""Tables of exposure: the readings of the rate in one month, what lies between, what duties come to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz.exposure import STEPS, WEIGHTED
from tradeviz.exposure.waterfall import LEVELS
from tradeviz.frames import records
from tradeviz.tables.layout import great_table
from tradeviz.vocabulary import OLD_S232, USMCA_EXEMPT, layer_name
from tradeviz.wording import capital, count, signed, true_minus

LEAST_USD_BN = 0.05
"""Duties that come to less a year stand in one line, billions of dollars."""


def month_rates(rows_of: pd.DataFrame, names: Mapping[str, str], border: Collection[str]) -> GT:
    """The readings of one month side by side, one row per partner and one for the 18; all above 2024.

    Parameters
    ----------
    rows_of : pandas.DataFrame
        From `exposure.last_month_rates`.
    names : mapping of str to str
        Names of the partners by code.
    border : collection of str
        Codes of the border partners, whose goods under USMCA are exempt.
    """
    return great_table(
        {
            "Partner": _who(row["partner"], names, border),
            "Headline": _step(row["headline_pct"], True),
            "Effective, ours": _step(row["effective_added_pct"], True),
            "Waugh's model": _step(row["modelled_pct"], True),
            "Charged": _step(row["charged_added_pct"], True),
            "Headline less charged": _points(row["gap_pp"]),
            "Ours less charged": _points(row["effective_added_pct"] - row["charged_added_pct"]),
        }
        for row in records(rows_of)
    )


def wedges(rows_of: pd.DataFrame) -> GT:
    """What lies between the readings: each wedge in words, with its direction."""
    return great_table(
        {
            "Wedge": capital(row["wedge"]),
            "From which reading to which": row["between"],
            "The second is": row["effect"],
            "Why": row["why"],
        }
        for row in records(rows_of)
    )


def waterfalls(rows_of: pd.DataFrame, names: Mapping[str, str], border: Collection[str]) -> GT:
    """The steps from the headline to what was charged, one row per partner and one for the 18.

    Parameters
    ----------
    rows_of : pandas.DataFrame
        From `exposure.waterfalls`.
    names : mapping of str to str
        Names of the partners by code.
    border : collection of str
        Codes of the border partners, whose goods under USMCA are exempt.
    """
    return great_table(
        {"Partner": _who(row["partner"], names, border)}
        | {capital(name): _step(row[f"{step}_points"], step in LEVELS) for step, name in STEPS.items()}
        for row in records(rows_of)
    )


def duty_bill(rows_of: pd.DataFrame) -> GT:
    """What the duties of a day come to in a year, and their sum: rows of `exposure.duty_bill`."""
    large = rows_of[(rows_of["usd_bn"].abs() >= LEAST_USD_BN) | (rows_of["layer"] == "base")]
    small, whole = rows_of.drop(index=large.index), rows_of[["points", "usd_bn"]].sum()
    rows = [_bill(_duty(row), row) for row in records(large)]
    if len(small):
        words = capital(count(len(small), "smaller duty", "smaller duties"))
        rows.append(_bill(words, small[["points", "usd_bn"]].sum()))
    return great_table([*rows, _bill("Together", whole)])


def _bill(words: str, row: Any) -> dict[str, str]:
    points = true_minus(f"{row['points']:z.2f}")
    return {"Duty": words, "Points": points, "A year": _dollars(row["usd_bn"])}


def _duty(row: dict[str, Any]) -> str:
    named = {
        "base": "Normal duty and older duties, as charged in 2024",
        OLD_S232: "Duties of 2018 since replaced",
    }
    return named.get(row["layer"]) or capital(layer_name(row["layer"], row["product"]))


def _dollars(usd_bn: float) -> str:
    sign = "−" if usd_bn < 0 else ""
    return f"{sign}${abs(usd_bn):,.1f} bn" if abs(usd_bn) >= LEAST_USD_BN else "under $0.1 bn"


def _step(points: float, level: bool) -> str:
    if pd.isna(points) or not level:
        return signed(points)
    return true_minus(f"{points:z.1f}")


def _who(code: str, names: Mapping[str, str], border: Collection[str]) -> str:
    if code == WEIGHTED:
        return f"The {len(names) - len(border)}, by 2024 imports"
    return f"{names[code]} ({USMCA_EXEMPT})" if code in border else names[code]


def _points(value: Any) -> str:
    return "not known" if pd.isna(value) else f"{signed(value)} pp"
