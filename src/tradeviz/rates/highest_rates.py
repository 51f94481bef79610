"""The highest rate threatened and the highest ever ordered, beside the rate in force, by partner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import isnan
from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import by_partner, once_per_dataset, records, with_days
from tradeviz.rates.measures import base_rates, whole_economy_rows
from tradeviz.rates.proposals import proposals
from tradeviz.rates.schedules import Step, schedules
from tradeviz.vocabulary import GENERAL

ORDERED_STATES: tuple[str, ...] = ("applied", "scheduled", "replaced")
"""What became of a rate once ordered: its day came, is still to come, or never came."""

_TEXTS = ("basis", "layers", "order_ids")
_THREATENED = ("pct", "basis", "layers", "day", "order_ids", "open")
_ORDERED = ("pct", "basis", "converted", "layers", "announced", "day", "order_ids", "state")
_IN_FORCE = ("pct", "basis", "converted", "layers", "day", "order_ids")


@once_per_dataset
def highest_rates(ds: Dataset) -> pd.DataFrame:
    """Set the highest threat, the highest rate ordered and the rate in force beside each other.

    Threatened: the highest single threat so far on a layer of the headline; it names the rate of
    its own layer, so what stood on other layers came on top. Ordered: the highest total of the
    whole-economy layers that the orders known on some day had set for any day, whether or not that
    day came. In force: the total at `ds.as_of`. Totals follow `stacked`; what is highest is judged
    by what a rate adds to the normal duty, and among equals the one that applied goes first, then
    the earliest.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    pandas.DataFrame
        Partners with a threat or an ordered rate above zero, in partner order: partner;
        threatened_pct (percent; NaN without a threat), threatened_basis, threatened_layers,
        threatened_day (announced), threatened_order_ids, threatened_open (still alive);
        ordered_pct (percent; NaN without an order), ordered_basis, ordered_converted,
        ordered_layers, ordered_announced (day from which the orders known set it), ordered_day (day set
        for it), ordered_order_ids, ordered_state (see `ORDERED_STATES`); in_force_pct (percent; 0
        where nothing is in force), in_force_basis, in_force_converted, in_force_layers,
        in_force_day (last step in it began), in_force_order_ids. Lists are `;`-separated.
        Unconfirmed steps are not in force.

    Examples
    --------
    >>> highest = rates.highest_rates(ds).set_index("partner")
    >>> highest.loc[["KOR", "CHN"], ["ordered_pct", "ordered_state", "in_force_pct"]]
             ordered_pct ordered_state  in_force_pct
    partner
    KOR             25.0       applied          10.0
    CHN            145.0       applied         145.0
    """
    base = base_rates(ds)
    now = by_partner(whole_economy_rows(schedules(ds)))
    threats = whole_economy_rows(proposals(ds, "threat"))
    candidates = _ordered(ds, base, now)
    rows = []
    for code in ds.partners["partner"]:
        threat = _threatened(threats[threats["partner"].isin([code, GENERAL])], base[code])
        ordered = max(candidates.get(code, []), key=lambda total: _rank(total, base[code]), default={})
        if not threat and not ordered:
            continue
        steps_in_force = [step for step in now.get(code, []) if step["state"] == "in_force"]
        current = stacked(steps_in_force, base[code])
        parts = (("threatened", threat), ("ordered", ordered), ("in_force", current))
        rows.append(
            {"partner": code} | {f"{head}_{name}": part[name] for head, part in parts for name in part}
        )
    return _typed(pd.DataFrame(rows, columns=_columns()))


def stacked(steps: Iterable[Step], base_pct: float) -> dict[str, Any]:
    """Add up the rates that stand beside each other on one day; never two bases as if the same.

    Parameters
    ----------
    steps : iterable of dict
        Steps of different layers and programmes of one partner; those at zero are left out.
    base_pct : float
        The partner's base rate of 2024 (percent; NaN where not known).

    Returns
    -------
    dict
        pct (percent), basis (all_in where a ceiling is the only rate; where a ceiling meets other
        rates it counts as what it adds, max(0, rate - base), and the total is additional; NaN
        where the base is not known), converted (True where that was done), layers and order_ids
        (`;`-separated, "" for none), day (the latest effective day, or NaT).

    Examples
    --------
    >>> steps = rates.whole_economy_rows(rates.in_force(ds, partner="CHN"))
    >>> total = rates.stacked(steps.to_dict("records"), base_pct=11.0)
    >>> total["pct"], total["basis"], total["layers"]
    (145.0, 'additional', 'reciprocal;fentanyl')
    """
    steps = [step for step in steps if step["rate_pct"] != 0]
    ceiling = any(step["basis"] == "all_in" for step in steps)
    converted = ceiling and len(steps) > 1
    total = sum(added(s["rate_pct"], s["basis"], base_pct) if converted else s["rate_pct"] for s in steps)
    return {
        "pct": float(total),
        "basis": "all_in" if ceiling and not converted else "additional",
        "converted": converted,
        "layers": ";".join(dict.fromkeys(step["layer"] for step in steps)),
        "day": max((step["effective"] for step in steps), default=pd.NaT),
        "order_ids": ";".join(dict.fromkeys(step["order_id"] for step in steps)),
    }


def added(rate_pct: float, basis: str, base_pct: float) -> float:
    """What a rate adds to the normal duty: itself, or for a ceiling what lies above the base rate."""
    if basis != "all_in":
        return rate_pct
    return float("nan") if isnan(base_pct) else max(0.0, rate_pct - base_pct)


def _threatened(threats: pd.DataFrame, base: float) -> dict[str, Any]:
    rows = [
        {
            "pct": row["rate_pct"],
            "basis": row["basis"],
            "layers": row["layer"],
            "day": row["announced"],
            "order_ids": row["order_id"],
            "open": row["alive"],
        }
        for row in records(threats[threats["rate_pct"] > 0])
    ]
    return max(rows, key=lambda row: _weight(row, base), default={})


def _ordered(ds: Dataset, base: pd.Series, now: dict[str, list[Step]]) -> dict[str, list[dict[str, Any]]]:
    """Every total that was ever ordered, by partner, as each order changed what was known."""
    orders = whole_economy_rows(ds.tariffs[ds.tariffs["force"] == "order"])
    found: dict[str, list[dict[str, Any]]] = {}
    for announced, news in orders.groupby("announced"):
        then = replace(ds, tariffs=orders[orders["announced"] <= announced])
        touched = set(news["partner"])
        for code, steps in by_partner(schedules(then)).items():
            if code not in touched and GENERAL not in touched:
                continue
            for day in sorted({step["effective"] for step in steps}):
                total = stacked(_on(steps, day), base[code])
                if not total["layers"]:
                    continue
                today = stacked(_on(now[code], day), base[code])
                found.setdefault(code, []).append(
                    total | {"announced": announced, "day": day, "state": _state(total, today, day, ds.as_of)}
                )
    return found


def _state(total: dict[str, Any], today: dict[str, Any], day: pd.Timestamp, as_of: pd.Timestamp) -> str:
    if (total["pct"], total["basis"]) != (today["pct"], today["basis"]):
        return "replaced"
    return "scheduled" if day > as_of else "applied"


def _on(steps: list[Step], day: pd.Timestamp) -> list[Step]:
    latest = {(step["layer"], step["product"]): step for step in steps if step["effective"] <= day}
    return list(latest.values())


def _weight(rate: dict[str, Any], base: float) -> float:
    weight = added(rate["pct"], rate["basis"], base)
    return rate["pct"] if isnan(weight) else weight


def _rank(total: dict[str, Any], base: float) -> tuple[float, int, float]:
    return _weight(total, base), -ORDERED_STATES.index(total["state"]), -total["announced"].timestamp()


def _columns() -> list[str]:
    parts = (("threatened", _THREATENED), ("ordered", _ORDERED), ("in_force", _IN_FORCE))
    return ["partner", *(f"{head}_{name}" for head, names in parts for name in names)]


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    heads = ("threatened", "ordered", "in_force")
    texts = [*(f"{head}_{name}" for head in heads for name in _TEXTS), "ordered_state"]
    flags = ["threatened_open", "ordered_converted", "in_force_converted"]
    frame = frame.astype(dict.fromkeys([*texts, *flags], "object"))
    frame = frame.fillna(dict.fromkeys(texts, "") | dict.fromkeys(flags, False))
    frame = frame.astype(dict.fromkeys(["partner", *texts], "str") | dict.fromkeys(flags, "bool"))
    frame = frame.astype({f"{head}_pct": "float64" for head in heads})
    return with_days(frame, ["threatened_day", "ordered_announced", "ordered_day", "in_force_day"])
