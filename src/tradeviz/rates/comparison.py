"""Two days of knowledge, or a scenario and the record, side by side: where their schedules differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import DAY, records, typed
from tradeviz.rates.at_stake import at_stake
from tradeviz.rates.cases import NO
from tradeviz.rates.effective_charges import charges
from tradeviz.rates.effective_terms import terms
from tradeviz.rates.schedules import SeriesKey, Step, schedules, typed_frame
from tradeviz.vocabulary import LAYERS

_SIDE = ("rate_pct", "basis", "order_id", "instrument", "announced")
_COLUMNS = ["partner", "layer", "product", "effective", "until"]
_COLUMNS += [f"{side}_{name}" for side in ("from", "to") for name in _SIDE] + ["general"]
_WEIGHTS = ["touched_usd_bn", "share_of_partner", "points", "known"]
_TYPES = {"rate_pct": "float64", "announced": DAY}
_NO_STEP: Step = {
    "rate_pct": float("nan"),
    "basis": "",
    "order_id": "",
    "instrument": "",
    "announced": pd.NaT,
    "general": False,
}


def compare(ds_a: Dataset, ds_b: Dataset, partner: str | None = None) -> pd.DataFrame:
    """The spans of days for which the schedules of two data sets say different rates.

    Sets side by side what was ordered by `ds_a.as_of` and by `ds_b.as_of`, for every day, past and to come;
    not the rates in force on these two days. A step that both know is no difference, whether or not its
    day came in between.

    Parameters
    ----------
    ds_a, ds_b : Dataset
        Facts as known on two days, or a scenario and the record.
    partner : str, optional
        Code to keep; all when not given.

    Returns
    -------
    pandas.DataFrame
        One row per partner, layer, product and span, in partner order: partner, layer, product,
        effective (first day of the span), until (first day after it; NaT where it stays open), from_rate_pct
        and from_basis, from_order_id, from_instrument, from_announced (what `ds_a` says; percent, NaN and ""
        where it knows no rate), to_rate_pct, to_basis, to_order_id, to_instrument, to_announced (what `ds_b`
        says), general (True where the step of `ds_b` comes from a row for all partners), touched_usd_bn
        (imports of 2024 in reach, billions of dollars), share_of_partner (of its imports, 0 to 1), points
        (percentage points by which the difference moves the partner's effective rate on the first day of the
        span, all else as `ds_b` knows it; NaN where it cannot be told), known (yes, partly or no, as in
        `at_stake`). A rate of 0 is no difference from none.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> later = tradeviz.load("2025-07-08")
    >>> found = rates.compare(ds, later, "JPN")
    >>> found.loc[found["layer"] == "reciprocal", ["effective", "until", "from_rate_pct", "to_rate_pct"]]
       effective      until  from_rate_pct  to_rate_pct
    0 2025-07-09 2025-08-01           24.0         10.0
    """
    if partner is not None and partner not in ds_a.names:
        ds_b.partner(partner)
    before, after = _by_series(ds_a, partner), _by_series(ds_b, partner)
    codes = list(dict.fromkeys([*ds_b.partners["partner"], *ds_a.partners["partner"]]))
    keys = sorted(
        before.keys() | after.keys(), key=lambda key: (codes.index(key[0]), LAYERS.index(key[1]), key[2])
    )
    rows = [row for key in keys for row in _spans(key, before.get(key, []), after.get(key, []))]
    types = {f"{side}_{name}": kind for side in ("from", "to") for name, kind in _TYPES.items()}
    return _weighed(ds_b, typed(typed_frame(rows, _COLUMNS), types))


def _by_series(ds: Dataset, partner: str | None) -> dict[SeriesKey, list[Step]]:
    """Steps by partner, layer and product; none for a partner that only the other data set has."""
    steps: dict[SeriesKey, list[Step]] = {}
    if partner is not None and partner not in ds.names:
        return steps
    for step in records(schedules(ds, partner)):
        steps.setdefault((step["partner"], step["layer"], step["product"]), []).append(step)
    return steps


def _spans(key: SeriesKey, before: list[Step], after: list[Step]) -> list[dict[str, Any]]:
    """The spans in which two schedules differ; neighbours with the same two rates are one span."""
    rows: list[dict[str, Any]] = []
    days = sorted({step["effective"] for step in before + after})
    for day, until in zip(days, [*days[1:], pd.NaT], strict=True):
        earlier, later = _on(before, day), _on(after, day)
        if _charged(earlier) == _charged(later):
            continue
        if rows and rows[-1]["until"] == day and rows[-1]["pair"] == (_charged(earlier), _charged(later)):
            rows[-1]["until"] = until
            continue
        row = dict(zip(("partner", "layer", "product"), key, strict=True))
        steps = (("from", earlier), ("to", later))
        sides = {f"{side}_{name}": step[name] for side, step in steps for name in _SIDE}
        pair = (_charged(earlier), _charged(later))
        rows.append(
            {**row, "effective": day, "until": until, **sides, "general": later["general"], "pair": pair}
        )
    return rows


def _on(steps: list[Step], day: pd.Timestamp) -> Step:
    return next((step for step in reversed(steps) if step["effective"] <= day), _NO_STEP)


def _charged(step: Step) -> tuple[float, str]:
    """Rate and basis; the same for no rate and for a rate of 0."""
    return (
        (0.0, "") if np.isnan(step["rate_pct"]) or not step["rate_pct"] else (step["rate_pct"], step["basis"])
    )


def _weighed(ds: Dataset, rows: pd.DataFrame) -> pd.DataFrame:
    sets = rows["to_rate_pct"].notna()
    asked = rows[["partner", "layer", "product", "effective"]].assign(
        rate_pct=rows["to_rate_pct"].where(sets, rows["from_rate_pct"]),
        basis=rows["to_basis"].where(sets, rows["from_basis"]),
        order_id="",
    )
    weighed = at_stake(ds, asked)[_WEIGHTS]
    points = _points(ds, rows[weighed["known"] != NO])
    return rows.join(weighed.assign(points=points.reindex(rows.index)))


def _points(ds: Dataset, rows: pd.DataFrame) -> pd.Series:
    """Effective rate on the first day of each span, less what it would be at the rate of `ds_a`."""
    known = terms(ds)
    found: dict[int, float] = {}
    for _, group in rows.groupby(["effective", "layer", "product"], sort=False):
        day = group["effective"].iloc[0]
        rates = before = known.steps.on(day)
        for row in records(group):
            column = known.imports.codes.index(row["partner"])
            all_in = row["from_basis"] == "all_in"
            before = before.with_rate((row["layer"], row["product"]), [column], row["from_rate_pct"], all_in)
        after, ahead = (known.imports.by_partner(charges(known, side, day).total) for side in (rates, before))
        for index, code in group["partner"].items():
            column = known.imports.codes.index(code)
            found[int(str(index))] = after[column] - ahead[column]
    return pd.Series(found, dtype="float64")
