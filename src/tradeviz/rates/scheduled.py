"""What orders scheduled for a later day, and what became of it: kept, or replaced before its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.rates.schedules import SCHEDULE_COLUMNS, Step, folded_steps, own_or_general, typed_frame
from tradeviz.vocabulary import GENERAL, LAYERS

_COLUMNS = [*SCHEDULE_COLUMNS, "general", "step", "replaced_by", "replaced_on"]


def scheduled(ds: Dataset, partner: str | None = None) -> pd.DataFrame:
    """Every change of a rate that an order scheduled for a later day, replaced ones included.

    The schedule is written anew for each day on which an order was announced; what the next one no
    longer holds was replaced. A step that was in force before it was rewritten counts as kept.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str, optional
        Code to keep; all when not given.

    Returns
    -------
    pandas.DataFrame
        One row per partner, layer, product and step that changed the rate or its basis, in the order of
        partners and layers, then as announced: the columns of `schedules` up to general, step (which of
        the days of its order this is, from 1), replaced_by (order_id of what stands in its place, or "")
        and replaced_on (the day on which that was announced, or NaT).

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> rows = rates.scheduled(tradeviz.load("2025-07-08"), "KOR")
    >>> rows.loc[rows["layer"] == "reciprocal", ["effective", "rate_pct", "replaced_by"]]
       effective  rate_pct replaced_by
    0 2025-04-05      10.0
    1 2025-04-09      25.0
    2 2025-04-10      10.0
    3 2025-07-09      25.0    eo-14316
    4 2025-08-01      25.0
    """
    codes = list(ds.partners["partner"]) if partner is None else [ds.partner(partner)["partner"]]
    orders = ds.tariffs[ds.tariffs["force"] == "order"]
    by_series: dict[tuple[str, str], dict[str, list[Step]]] = defaultdict(lambda: defaultdict(list))
    for row in records(orders[SCHEDULE_COLUMNS]):
        by_series[row["layer"], row["product"]][row["partner"]].append(row)
    order_days = {key: _days_of_orders(list(rows.values())) for key, rows in by_series.items()}
    found = []
    for code in codes:
        for key in sorted(by_series, key=lambda key: (LAYERS.index(key[0]), key[1])):
            own_rows, general = (by_series[key].get(name, []) for name in (code, GENERAL))
            for step in _history(own_rows, general):
                days = order_days[key][step["order_id"]]
                facts = {"general": step["partner"] == GENERAL, "step": days.index(step["effective"]) + 1}
                found.append({**step, **facts, "partner": code})
    frame = typed_frame(found, _COLUMNS)
    return frame.astype({"step": "int64", "replaced_on": "datetime64[us]"})


def _days_of_orders(rows_of_partners: list[list[Step]]) -> dict[str, list[pd.Timestamp]]:
    """The days from which each order sets a rate, of all partners together."""
    days: dict[str, set[pd.Timestamp]] = defaultdict(set)
    for row in (row for rows in rows_of_partners for row in rows):
        days[row["order_id"]].add(row["effective"])
    return {order_id: sorted(effective) for order_id, effective in days.items()}


def _history(own_rows: list[Step], general: list[Step]) -> Iterator[dict[str, Any]]:
    """The steps of one schedule that were ahead when ordered, with what replaced them."""
    found: dict[tuple[str, pd.Timestamp], dict[str, Any]] = {}
    before: dict[tuple[str, pd.Timestamp], Step] = {}
    for day in sorted({row["announced"] for row in own_rows + general}):
        steps = own_or_general(_folded_by(day, own_rows), _folded_by(day, general))
        now = {(step["order_id"], step["effective"]): step for step in steps}
        new = [key for key in now if key not in before]
        for key in (before.keys() - now.keys()) & found.keys():
            if key[1] > day:
                found[key] |= {"replaced_by": new[0][0] if new else "", "replaced_on": day}
        for earlier, step in zip([None, *steps], steps, strict=False):
            key = (step["order_id"], step["effective"])
            if key in new and step["effective"] > day and _differ(earlier, step):
                found[key] = {**step, "replaced_by": "", "replaced_on": pd.NaT}
        before = now
    yield from found.values()


def _folded_by(day: pd.Timestamp, rows: list[Step]) -> list[Step]:
    return folded_steps(row for row in rows if row["announced"] <= day)


def _differ(earlier: Step | None, step: Step) -> bool:
    """Whether a step changes what is charged; a first rate of 0 changes nothing."""
    if earlier is None:
        return bool(step["rate_pct"])
    return (earlier["rate_pct"], earlier["basis"]) != (step["rate_pct"], step["basis"])
