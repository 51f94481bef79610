"""Threats and deals: rates that were said or agreed, and whether they are still alive.

A threat (a letter, a post) and a deal (agreed, not yet ordered) never change a schedule. Threats
on the same partner, layer and product replace each other like orders, and so do deals. A threat
ends when a later order or deal sets its layer, or when its day passes without an order. A deal
ends with the order that carries it out, or with one that repeals the layer.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import records, with_days
from tradeviz.rates.schedules import Step, folded_steps, known_layer
from tradeviz.vocabulary import GENERAL

_COLUMNS = [
    "partner",
    "layer",
    "product",
    "order_id",
    "announced",
    "effective",
    "rate_pct",
    "basis",
    "instrument",
    "source_ids",
]
_END_COLUMNS = ["alive", "ended", "ended_by", "end_reason", "days_open"]
_Ending = tuple[pd.Timestamp, str, str]


def proposals(ds: Dataset, force: str, partner: str | None = None, layer: str | None = None) -> pd.DataFrame:
    """Threats or deals known at `ds.as_of`, each with what has become of it.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    force : {"threat", "deal"}
        Which of the two.
    partner : str, optional
        Partner code; rows for all partners (code ALL) are kept beside its own, and end for it
        also by its own orders and deals. All rows when not given.
    layer : str, optional
        Layer to keep.

    Returns
    -------
    pandas.DataFrame
        In the sequence announced: partner, layer, product, order_id, announced (day), effective
        (day, or NaT where none was named), rate_pct (percent), basis, instrument, source_ids,
        alive, ended (day or NaT), ended_by (order_id or ""), end_reason, days_open (days from
        announced to the end or as_of). end_reason is "" for a live row, else: replaced,
        withdrawn, ordered, agreed or day passed for a threat; replaced, carried out, already in
        force or overtaken for a deal.

    Raises
    ------
    UsageError
        If the partner or the layer is unknown.

    Examples
    --------
    >>> threats = rates.proposals(tradeviz.load("2025-07-08"), "threat", "KOR")
    >>> threats[["rate_pct", "announced", "effective", "alive"]].tail(1)
       rate_pct  announced  effective  alive
    0      25.0 2025-07-07 2025-08-01   True
    """
    rows = ds.tariffs
    if layer is not None:
        rows = rows[rows["layer"] == known_layer(layer)]
    if partner is not None:
        rows = rows[rows["partner"].isin([ds.partner(partner)["partner"], GENERAL])]
    known = records(rows.sort_values("announced", kind="stable"))
    by_layer: dict[str, list[Step]] = defaultdict(list)
    for row in known:
        by_layer[row["layer"]].append(row)
    result = []
    for row in known:
        if row["force"] != force:
            continue
        beside = [other for other in by_layer[row["layer"]] if _same_series(row, other, partner)]
        endings = _threat_endings(row, beside, ds.as_of) if force == "threat" else _deal_endings(row, beside)
        result.append({**{name: row[name] for name in _COLUMNS}, **_ended(row, endings, ds.as_of)})
    frame = pd.DataFrame(result, columns=_COLUMNS + _END_COLUMNS)
    frame = with_days(frame, ["announced", "effective", "ended"])
    return frame.astype({"rate_pct": "float64", "alive": "bool", "days_open": "int64"})


def touches(product: str, other: str) -> bool:
    """Whether two product groups of a layer meet; a blank one is the whole layer."""
    return product == other or not product or not other


def _same_series(row: Step, other: Step, partner: str | None) -> bool:
    reach = {row["partner"], GENERAL} | ({partner} if partner else set())
    return other["partner"] in reach and touches(other["product"], row["product"])


def _threat_endings(row: Step, beside: list[Step], as_of: pd.Timestamp) -> list[_Ending]:
    endings: list[_Ending] = []
    if row["rate_pct"] == 0:
        endings.append((row["announced"], row["order_id"], "withdrawn"))
    for other in beside:
        if other["announced"] <= row["announced"]:
            continue
        if other["force"] == "threat":
            if other["partner"] == row["partner"]:
                reason = "withdrawn" if other["rate_pct"] == 0 else "replaced"
                endings.append((other["announced"], other["order_id"], reason))
        else:
            reason = "ordered" if other["force"] == "order" else "agreed"
            endings.append((other["announced"], other["order_id"], reason))
    if pd.notna(row["effective"]) and row["effective"] < as_of:
        endings.append((row["effective"], "", "day passed"))
    return endings


def _deal_endings(row: Step, beside: list[Step]) -> list[_Ending]:
    endings: list[_Ending] = []
    if _already_in_force(row, beside):
        endings.append((row["announced"], "", "already in force"))
    for other in beside:
        if other["force"] == "order" and other["announced"] >= row["announced"]:
            if _same_rate(other, row):
                endings.append((other["announced"], other["order_id"], "carried out"))
            elif other["rate_pct"] == 0 and other["announced"] > row["announced"]:
                endings.append((other["announced"], other["order_id"], "overtaken"))
        elif other["force"] == "deal" and other["announced"] > row["announced"]:
            endings.append((other["announced"], other["order_id"], "replaced"))
    return endings


def _already_in_force(row: Step, beside: list[Step]) -> bool:
    earlier = [other for other in beside if other["force"] == "order"]
    steps = folded_steps(other for other in earlier if other["announced"] < row["announced"])
    first: pd.Timestamp = row["announced"]
    if pd.notna(row["effective"]):
        first = max(first, row["effective"])
    begun = [step for step in steps if step["effective"] <= first]
    return bool(begun) and _same_rate(begun[-1], row)


def _same_rate(one: Step, other: Step) -> bool:
    return one["rate_pct"] == other["rate_pct"] and one["basis"] == other["basis"]


def _ended(row: Step, endings: list[_Ending], as_of: pd.Timestamp) -> dict[str, Any]:
    ended, by, reason = min(endings, key=lambda ending: ending[0], default=(pd.NaT, "", ""))
    last = as_of if pd.isna(ended) else ended
    return {
        "alive": not reason,
        "ended": ended,
        "ended_by": by,
        "end_reason": reason,
        "days_open": (last - row["announced"]).days,
    }
