"""What became known, put in the order of what it is worth."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.talks.changes import changes

_FORCES = {"order": "order", "threat": "threat", "rate agreed": "deal"}
_MEASURES = ["touched_usd_bn", "share_of_partner", "points", "known"]
_SERIES = ["order_id", "force", "partner"]


def weighed_changes(ds: Dataset, since: str | date | pd.Timestamp) -> pd.DataFrame:
    """Everything that became known after `since` and by `ds.as_of`, what moves an average duty most first.

    Orders, threats and agreed rates are weighed; of one with several steps the largest move counts.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    since : date
        The day after which changes count.

    Returns
    -------
    pandas.DataFrame
        Rows of `changes` with touched_usd_bn, share_of_partner, points and known of `rates.at_stake` (NaN and
        "" where nothing can be weighed): by the size of points, then by imports touched, then the newest.

    Raises
    ------
    UsageError
        If `since` is no date or lies after as_of.

    Examples
    --------
    >>> news = talks.weighed_changes(tradeviz.load("2025-07-08"), since="2025-07-04")
    >>> news["kind"].iloc[0], bool(news["points"].iloc[0] > 10)
    ('order', True)
    """
    rows = changes(ds, since)
    keys = pd.DataFrame(
        {"order_id": rows["key"], "force": rows["kind"].map(_FORCES), "partner": rows["partner"]}
    ).assign(place=rows.index)
    steps = ds.tariffs.merge(keys[rows["table"] == "tariffs"], on=_SERIES)
    weighed = rates.at_stake(ds, steps)
    weighed = weighed.assign(size=weighed["points"].abs()).sort_values("size", kind="stable")
    most = weighed.dropna(subset="size").drop_duplicates("place", keep="last").set_index("place")
    rows = rows.join(most[_MEASURES])
    rows = rows.assign(known=rows["known"].astype("object").fillna("").astype("str"))
    order = pd.DataFrame(
        {
            "points": -rows["points"].abs().round(6),
            "touched": -rows["touched_usd_bn"],
            "date": -rows["date"].astype("int64"),
        }
    ).sort_values(["points", "touched", "date"], kind="stable", na_position="last")
    return rows.loc[order.index].reset_index(drop=True)
