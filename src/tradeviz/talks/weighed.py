"""What became known, put in the order of what it is worth."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.rates.schedules import without_overtaken
from tradeviz.talks.changes import FORCE_KINDS, changes

_FORCES = {kind: force for force, kind in FORCE_KINDS.items()}
_MEASURES = ["touched_usd_bn", "share_of_partner", "points", "known"]
_SERIES = ["order_id", "force", "partner"]


def weighed_changes(ds: Dataset, since: str | date | pd.Timestamp) -> pd.DataFrame:
    """Everything that became known after `since` and by `ds.as_of`, what moves an average duty most first.

    Orders, threats and agreed rates are weighed; of one with several steps the largest move counts,
    but none that a later order replaced.
    `weighed` weighs any changes, in their own order.

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
    rows = weighed(ds, changes(ds, since))
    order = pd.DataFrame(
        {
            "points": -rows["points"].abs().round(6),
            "touched": -rows["touched_usd_bn"],
            "date": -rows["date"].astype("int64"),
        }
    ).sort_values(["points", "touched", "date"], kind="stable", na_position="last")
    return rows.loc[order.index].reset_index(drop=True)


def weighed(ds: Dataset, changed: pd.DataFrame) -> pd.DataFrame:
    """Put beside changes what the orders, threats and agreed rates among them move.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    changed : pandas.DataFrame
        Rows of `changes` or `newly_recorded`.

    Returns
    -------
    pandas.DataFrame
        The rows, with touched_usd_bn, share_of_partner, points and known of `rates.at_stake`, those of the
        step that moves most (NaN and "" where nothing can be weighed).

    Examples
    --------
    >>> rows = talks.weighed(ds, talks.changes(ds, since="2025-04-08", kinds=["order"]))
    >>> rows.loc[rows["partner"] == "KOR", ["from_rate_pct", "to_rate_pct"]].to_numpy().tolist()
    [[25.0, 10.0]]
    """
    keys = pd.DataFrame(
        {"order_id": changed["key"], "force": changed["kind"].map(_FORCES), "partner": changed["partner"]}
    ).assign(position=changed.index)
    steps = without_overtaken(ds, ds.tariffs).merge(keys[changed["table"] == "tariffs"], on=_SERIES)
    stakes = rates.at_stake(ds, steps)
    stakes = stakes.assign(size=stakes["points"].abs()).sort_values("size", kind="stable")
    most = stakes.dropna(subset="size").drop_duplicates("position", keep="last").set_index("position")
    rows = changed.join(most[_MEASURES])
    return rows.assign(known=rows["known"].astype("object").fillna("").astype("str"))
