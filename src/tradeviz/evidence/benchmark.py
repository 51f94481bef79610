"""Our effective rates beside those that others published for the same days."""

from __future__ import annotations

import pandas as pd

from tradeviz.caveats import benchmark_reason
from tradeviz.data import Dataset
from tradeviz.frames import typed
from tradeviz.rates import effective
from tradeviz.rates.effective_terms import as_known

MODELLER = "M. E. Waugh"
"""Whose model `effective_rates_model` is."""

_COLUMNS = ["publisher", "on", "partner", "published_pct", "effective_pct", "difference_pp", "reason"]


def benchmark(ds: Dataset) -> pd.DataFrame:
    """Set our effective rate, as known then, beside published ones.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    pandas.DataFrame
        By publisher and day, in partner order: publisher, on (day), partner, published_pct (percent of
        customs value, the normal duty in it; for Waugh's model the rate of 2024 and the level added then),
        effective_pct (ours, with what was known on that day), difference_pp (ours less theirs, percentage
        points), reason (what is known to lie behind differences). Empty before the first was published.

    Examples
    --------
    >>> len(evidence.benchmark(ds))  # none had been published by 25 April 2025
    0
    """
    rows = ds.published_rates.rename(columns={"rate_pct": "published_pct"})
    days = sorted(set(rows["on"]))
    parts = [rows[["publisher", "on", "partner", "published_pct"]]]
    for on in days:
        model = ds.effective_rates_model[ds.effective_rates_model["date"] <= on]
        last = model.drop_duplicates("partner", keep="last")
        total = last["base_2024_rate_pct"] + last["added_rate_pct"]
        parts.append(last[["partner"]].assign(publisher=MODELLER, on=on, published_pct=total))
    frame = pd.concat(parts, ignore_index=True)
    ours = {
        (on, row.partner): row.effective_pct
        for on in days
        for row in effective(as_known(ds, on)).itertuples(index=False)
    }
    keys = list(zip(frame["on"], frame["partner"], strict=True))
    frame["effective_pct"] = pd.Series([ours[key] for key in keys], index=frame.index, dtype="float64")
    frame["difference_pp"] = frame["effective_pct"] - frame["published_pct"]
    frame["reason"] = [
        benchmark_reason(publisher, on) for publisher, on in zip(frame["publisher"], frame["on"], strict=True)
    ]
    position = {code: at for at, code in enumerate(ds.partners["partner"])}
    frame = frame.assign(position=frame["partner"].map(position).astype("float64"))
    frame = frame.sort_values(["publisher", "on", "position"], kind="stable", ignore_index=True)
    return typed(frame[_COLUMNS], {"publisher": "str", "partner": "str", "reason": "str"})
