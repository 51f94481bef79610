"""The schedules that orders write.

For one partner, layer and product the statutory rate is a step function of the day. Orders are
applied in the sequence in which they were announced; each replaces the schedule from its own
first effective day on and keeps what came before. A partner's own schedule stands in place of
the general one (partner ALL) of the same layer and product from its first effective day on.

Only rows of force `order` write schedules; threats and deals are in `proposals`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.errors import UsageError
from tradeviz.frames import DAY, once_per_dataset, records, typed
from tradeviz.vocabulary import GENERAL, LAYERS

Step = dict[str, Any]
SeriesKey = tuple[str, str, str]

SCHEDULE_COLUMNS = [
    "partner",
    "layer",
    "product",
    "effective",
    "rate_pct",
    "basis",
    "order_id",
    "announced",
    "instrument",
    "fr_citation",
    "confidence",
    "source_ids",
]
_TYPES: dict[str, Any] = {
    "effective": DAY,
    "announced": DAY,
    "until": DAY,
    "date": DAY,
    "rate_pct": "float64",
    "from_rate_pct": "float64",
    "general": "bool",
    "days_left": "int64",
}


@once_per_dataset
def schedules(ds: Dataset, partner: str | None = None, layer: str | None = None) -> pd.DataFrame:
    """The statutory schedule of every partner, layer and product, as ordered by `ds.as_of`.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner, layer : str, optional
        Codes to keep; all when not given.

    Returns
    -------
    pandas.DataFrame
        One row per step, sorted by partner, layer, product and effective day: partner, layer,
        product, effective (day), rate_pct (percent), basis, order_id, announced (day),
        instrument, fr_citation, confidence, source_ids, general (True where the step comes from
        a row for all partners), until (first day of the next step, or NaT), state: past,
        in_force, scheduled (its day lies after as_of) or unconfirmed (its day has come, but no
        source says that it applied).

    Raises
    ------
    UsageError
        If the partner or the layer is unknown.

    Examples
    --------
    >>> rates.schedules(ds, "KOR", "reciprocal")[["effective", "rate_pct", "basis", "state"]]
       effective  rate_pct       basis      state
    0 2025-04-05      10.0  additional       past
    1 2025-04-09      25.0  additional       past
    2 2025-04-10      10.0  additional   in_force
    3 2025-07-09      25.0  additional  scheduled
    """
    rows: list[Step] = []
    for key, steps in _written(ds, partner, layer).items():
        ends = [step["effective"] for step in steps[1:]] + [pd.NaT]
        for step, until, state in zip(steps, ends, states(steps, ds.as_of), strict=True):
            general = step["partner"] == GENERAL
            rows.append({**step, "partner": key[0], "general": general, "until": until, "state": state})
    return typed_frame(rows, [*SCHEDULE_COLUMNS, "general", "until", "state"])


def folded_steps(orders: Iterable[Step]) -> list[Step]:
    """Apply orders in the sequence announced; each replaces what lies on or after its first day.

    Parameters
    ----------
    orders : iterable of dict
        Rows of force order of one partner, layer and product, each with order_id, announced,
        effective and rate_pct. Orders announced on the same day keep their sequence.

    Returns
    -------
    list of dict
        The steps of the schedule, by effective day.
    """
    by_order: dict[str, list[Step]] = defaultdict(list)
    for row in sorted(orders, key=lambda row: row["announced"]):
        by_order[row["order_id"]].append(row)
    steps: list[Step] = []
    for rows in by_order.values():
        rows = sorted(rows, key=lambda row: row["effective"])
        steps = [step for step in steps if step["effective"] < rows[0]["effective"]] + rows
    return steps


def without_overtaken(ds: Dataset, rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out the steps of orders that a later order replaced: set against it, a rise would seem a cut.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    rows : pandas.DataFrame
        Rows of `ds.tariffs`; threats and agreed rates stay.

    Returns
    -------
    pandas.DataFrame
        The other rows.
    """
    standing, keys = _standing(ds), zip(*(rows[name] for name in _STEP), strict=True)
    stands = [force != "order" or key in standing for force, key in zip(rows["force"], keys, strict=True)]
    return rows.loc[stands]


_STEP = ["order_id", "partner", "layer", "product", "effective"]


@once_per_dataset
def _standing(ds: Dataset) -> set[tuple[Any, ...]]:
    """The steps that schedules still hold, of a partner or of all."""
    written: dict[SeriesKey, list[Step]] = defaultdict(list)
    for order in records(ds.tariffs.loc[ds.tariffs["force"] == "order", SCHEDULE_COLUMNS]):
        written[order["partner"], order["layer"], order["product"]].append(order)
    return {tuple(step[name] for name in _STEP) for rows in written.values() for step in folded_steps(rows)}


def own_or_general(own_steps: list[Step], general: list[Step]) -> list[Step]:
    """Put a partner's own steps in place of the general ones, from its first effective day on."""
    before = [step for step in general if not own_steps or step["effective"] < own_steps[0]["effective"]]
    return before + own_steps


def known_layer(layer: str) -> str:
    """Return the layer, or raise UsageError with the layers that there are."""
    if layer not in LAYERS:
        raise UsageError(f'layer "{layer}" is unknown; use one of {", ".join(LAYERS)}')
    return layer


def _written(ds: Dataset, partner: str | None, layer: str | None) -> dict[SeriesKey, list[Step]]:
    codes = list(ds.partners["partner"]) if partner is None else [ds.partner(partner)["partner"]]
    layers = LAYERS if layer is None else (known_layer(layer),)
    orders = ds.tariffs[ds.tariffs["force"] == "order"]
    written: dict[SeriesKey, list[Step]] = defaultdict(list)
    for row in records(orders[SCHEDULE_COLUMNS]):
        written[row["partner"], row["layer"], row["product"]].append(row)
    series = {key: folded_steps(rows) for key, rows in written.items()}
    products = {
        name: sorted({product for _, in_layer, product in series if in_layer == name}) for name in layers
    }
    result: dict[SeriesKey, list[Step]] = {}
    for code in codes:
        for name in layers:
            for product in products[name]:
                own_steps = series.get((code, name, product), [])
                steps = own_or_general(own_steps, series.get((GENERAL, name, product), []))
                if steps:
                    result[code, name, product] = steps
    return result


def states(steps: list[Step], as_of: pd.Timestamp) -> list[str]:
    """Say of each step of one schedule whether it is past, in_force, scheduled or unconfirmed."""
    begun = [step["effective"] <= as_of for step in steps]
    confirmed = [i for i, step in enumerate(steps) if begun[i] and step["confidence"] != "unconfirmed"]
    current = confirmed[-1] if confirmed else -1
    return [
        "scheduled"
        if not begun[i]
        else "past"
        if i < current
        else "in_force"
        if i == current
        else "unconfirmed"
        for i in range(len(steps))
    ]


def typed_frame(rows: list[Step], columns: list[str]) -> pd.DataFrame:
    """Make a frame of these columns with the dtypes that all frames of rates share."""
    return typed(pd.DataFrame(rows, columns=columns), {name: _TYPES.get(name, "str") for name in columns})
