"""Threats and deals: rates that were said or agreed, and whether they are still alive.

A threat (a letter, a post) and a deal (agreed, not yet ordered) never change a schedule. Threats
on the same partner, layer and product replace each other like orders, and so do deals. A threat
ends when a later order or deal sets its layer, or when its day passes without an order: it is
ordered by an order that sets its rate, and overtaken by one that sets another. A deal ends with
the order that carries it out, or with one that repeals the layer.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import once_per_dataset, records, with_days
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
_END_COLUMNS = ["alive", "ended", "ended_by", "ended_instrument", "ended_rate_pct", "ended_basis"]
_END_COLUMNS += ["end_reason", "days_open"]
_Ending = tuple[pd.Timestamp, str, Step]
"""The day of an end, its reason, and the row that ended it; an empty one where a day passed."""


@once_per_dataset
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
        alive, ended (day or NaT), ended_by and ended_instrument (order_id and name of the document
        that ended it, or ""), ended_rate_pct and ended_basis (the rate that this document sets in
        the end; percent, NaN and "" where none ended it), end_reason, days_open (days from
        announced to the end or as_of). A withdrawal ends a threat and is no row of its own.
        end_reason is "" for a live row, else: replaced, withdrawn, ordered, overtaken, agreed or
        day passed for a threat; replaced, carried out, already in force or overtaken for a deal.

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
        if row["force"] != force or (force == "threat" and row["rate_pct"] == 0):
            continue
        beside = [other for other in by_layer[row["layer"]] if _same_series(row, other, partner)]
        endings = _threat_endings(row, beside, ds.as_of) if force == "threat" else _deal_endings(row, beside)
        result.append({**{name: row[name] for name in _COLUMNS}, **_ended(row, endings, ds.as_of)})
    frame = pd.DataFrame(result, columns=_COLUMNS + _END_COLUMNS)
    frame = with_days(frame, ["announced", "effective", "ended"])
    numbers = dict.fromkeys(["rate_pct", "ended_rate_pct"], "float64")
    return frame.astype(numbers | {"alive": "bool", "days_open": "int64"})


def touches(product: str, other: str) -> bool:
    """Whether two product groups of a layer meet; a blank one is the whole layer."""
    return product == other or not product or not other


def _same_series(row: Step, other: Step, partner: str | None) -> bool:
    reach = {row["partner"], GENERAL} | ({partner} if partner else set())
    return other["partner"] in reach and touches(other["product"], row["product"])


def _threat_endings(row: Step, beside: list[Step], as_of: pd.Timestamp) -> list[_Ending]:
    later = [other for other in beside if other["announced"] > row["announced"]]
    endings: list[_Ending] = []
    for other in later:
        if other["force"] == "order":
            steps = [step for step in later if step["order_id"] == other["order_id"]]
            carried_out = any(_same_rate(step, row) for step in steps)
            end = _rate_in_the_end(steps, row)
            endings.append((other["announced"], "ordered" if carried_out else "overtaken", end))
        elif other["force"] == "deal":
            endings.append((other["announced"], "agreed", other))
        elif other["partner"] == row["partner"]:
            reason = "withdrawn" if other["rate_pct"] == 0 else "replaced"
            endings.append((other["announced"], reason, other))
    if pd.notna(row["effective"]) and row["effective"] < as_of:
        endings.append((row["effective"], "day passed", {}))
    return endings


def _rate_in_the_end(steps: list[Step], row: Step) -> Step:
    """The last step of an order for a threat's partner and product; no rate where products differ."""
    for column in ("partner", "product"):
        steps = [step for step in steps if step[column] == row[column]] or steps
    last = max(steps, key=lambda step: step["effective"])
    if len({step["product"] for step in steps}) > 1:
        return {**last, "rate_pct": float("nan"), "basis": ""}
    return last


def _deal_endings(row: Step, beside: list[Step]) -> list[_Ending]:
    endings: list[_Ending] = []
    if _already_in_force(row, beside):
        endings.append((row["announced"], "already in force", {}))
    for other in beside:
        if other["force"] == "order" and other["announced"] >= row["announced"]:
            if _same_rate(other, row):
                endings.append((other["announced"], "carried out", other))
            elif other["rate_pct"] == 0 and other["announced"] > row["announced"]:
                endings.append((other["announced"], "overtaken", other))
        elif other["force"] == "deal" and other["announced"] > row["announced"]:
            endings.append((other["announced"], "replaced", other))
    return endings


def _already_in_force(row: Step, beside: list[Step]) -> bool:
    earlier = [other for other in beside if other["force"] == "order"]
    steps = folded_steps(other for other in earlier if other["announced"] < row["announced"])
    first: pd.Timestamp = row["announced"]
    if pd.notna(row["effective"]):
        first = max(first, row["effective"])
    begun = [step for step in steps if step["effective"] <= first]
    return bool(begun) and _same_rate(begun[-1], row)


def _same_rate(step: Step, other: Step) -> bool:
    return step["rate_pct"] == other["rate_pct"] and step["basis"] == other["basis"]


def _ended(row: Step, endings: list[_Ending], as_of: pd.Timestamp) -> dict[str, Any]:
    ended, reason, by = min(endings, key=lambda ending: ending[0], default=(pd.NaT, "", {}))
    last = as_of if pd.isna(ended) else ended
    return {
        "alive": not reason,
        "ended": ended,
        "ended_by": by.get("order_id", ""),
        "ended_instrument": by.get("instrument", ""),
        "ended_rate_pct": by.get("rate_pct", float("nan")),
        "ended_basis": by.get("basis", ""),
        "end_reason": reason,
        "days_open": (last - row["announced"]).days,
    }
