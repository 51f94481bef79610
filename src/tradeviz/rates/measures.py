"""What the schedules say on a day: rates in force, cliffs, and the base of 2024.

Everything is computed from one `Dataset`, so it knows only what was known at its `as_of`. It
does not know what was collected (see `trade_monthly`), nor exemptions below the level of the
table's product groups.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.days import read_day
from tradeviz.frames import once_per_dataset, records
from tradeviz.rates.proposals import proposals, touches
from tradeviz.rates.schedules import schedules
from tradeviz.vocabulary import GENERAL, HEADLINE_LAYERS, WHOLE_ECONOMY_PROGRAMMES

IN_FORCE_COLUMNS = [
    "partner",
    "layer",
    "product",
    "rate_pct",
    "basis",
    "order_id",
    "effective",
    "announced",
    "instrument",
]


def in_force(
    ds: Dataset,
    on: str | date | pd.Timestamp | None = None,
    partner: str | None = None,
    layer: str | None = None,
) -> pd.DataFrame:
    """The statutory rates on a day: for each partner, layer and product the latest step by then.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    on : date, optional
        The day asked for; `ds.as_of` when not given. A later day shows what was scheduled.
    partner, layer : str, optional
        Codes to keep; all when not given.

    Returns
    -------
    pandas.DataFrame
        partner, layer, product, rate_pct (percent), basis, order_id, effective (day),
        announced (day), instrument (name of the document), confidence. Zero rows stay; general
        schedules are expanded to every partner without a schedule of its own.

    Raises
    ------
    UsageError
        If the partner or the layer is unknown.

    Examples
    --------
    >>> rates.in_force(ds, partner="KOR", layer="reciprocal")[["effective", "rate_pct", "basis"]]
       effective  rate_pct       basis
    0 2025-04-10      10.0  additional
    >>> rates.in_force(ds, on="2025-07-09", partner="KOR", layer="reciprocal")["rate_pct"].tolist()
    [25.0]
    """
    day = ds.as_of if on is None else read_day(on, "on", ds.coverage_end)
    steps = schedules(ds, partner, layer)
    steps = steps[steps["effective"] <= day]
    latest = steps.groupby(["partner", "layer", "product"], sort=False).tail(1)
    return latest[[*IN_FORCE_COLUMNS, "confidence"]].reset_index(drop=True)


@once_per_dataset
def cliffs(ds: Dataset, partner: str | None = None, layer: str | None = None) -> pd.DataFrame:
    """Steps already ordered, due after `ds.as_of`, that change a rate or its basis.

    Returns
    -------
    pandas.DataFrame
        Sorted by day, then partner, layer, product: partner, layer, product, effective (day),
        from_rate_pct (percent; NaN where no rate stands before), from_basis, rate_pct (percent),
        basis, order_id, instrument (name of the document), announced (day), general, deal_order_id
        (a live deal on the same layer and product, else ""), days_left (from as_of).

    Raises
    ------
    UsageError
        If the partner or the layer is unknown.

    Examples
    --------
    >>> rates.cliffs(ds, "KOR", "reciprocal")[["effective", "from_rate_pct", "rate_pct", "basis"]]
       effective  from_rate_pct  rate_pct       basis
    0 2025-07-09           10.0      25.0  additional
    """
    steps = schedules(ds, partner, layer)
    before = steps.groupby(["partner", "layer", "product"], sort=False)[["rate_pct", "basis"]].shift()
    steps["from_rate_pct"] = before["rate_pct"]
    steps["from_basis"] = before["basis"].fillna("")
    changed = (steps["rate_pct"] != steps["from_rate_pct"].fillna(0.0)) | (
        (steps["basis"] != steps["from_basis"]) & (steps["from_basis"] != "")
    )
    due = steps[(steps["state"] == "scheduled") & changed].sort_values("effective", kind="stable")
    due = due.assign(
        deal_order_id=_live_deals_beside(ds, due),
        days_left=(due["effective"] - ds.as_of).dt.days,
    )
    columns = ["partner", "layer", "product", "effective", "from_rate_pct", "from_basis"]
    columns += ["rate_pct", "basis", "order_id", "instrument", "announced", "general"]
    columns += ["deal_order_id", "days_left"]
    return due[columns].reset_index(drop=True)


def cliff_calendar(ds: Dataset) -> pd.DataFrame:
    """The cliffs of all partners gathered by day, order, layer and product.

    Returns
    -------
    pandas.DataFrame
        effective (day), days_left, order_id, layer, product, partners (codes, `;`-separated),
        n_partners, general, lowest_pct, highest_pct (percent, over the partners), basis (of the
        first), from_lowest_pct, from_highest_pct, deal_order_ids (`;`-separated), deal_partners
        (codes of the partners of these deals, `;`-separated).

    Examples
    --------
    >>> rates.cliff_calendar(ds)[["effective", "layer", "lowest_pct", "highest_pct", "n_partners"]].head(2)
       effective            layer  lowest_pct  highest_pct  n_partners
    0 2025-05-03  s232_auto_parts        25.0         25.0          20
    1 2025-07-09       reciprocal        17.0         49.0          14
    """
    due = cliffs(ds)
    due = due.assign(deal_partner=due["partner"].where(due["deal_order_id"] != "", ""))
    grouped = due.groupby(["effective", "order_id", "layer", "product"], sort=False, as_index=False)
    return grouped.agg(
        days_left=("days_left", "first"),
        partners=("partner", ";".join),
        n_partners=("partner", "size"),
        general=("general", "first"),
        lowest_pct=("rate_pct", "min"),
        highest_pct=("rate_pct", "max"),
        basis=("basis", "first"),
        from_lowest_pct=("from_rate_pct", "min"),
        from_highest_pct=("from_rate_pct", "max"),
        deal_order_ids=("deal_order_id", lambda ids: ";".join(sorted(set(ids) - {""}))),
        deal_partners=("deal_partner", lambda codes: ";".join(code for code in codes if code)),
    )


def whole_economy_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of the layers that the headline adds up and that reach all goods of a partner.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows with layer and product, such as those of `in_force` or `cliffs`.

    Returns
    -------
    pandas.DataFrame
        Rows of reciprocal, fentanyl, country_special, s122 and s301 with a blank product, or a
        Section 301 programme that reaches all goods.

    Examples
    --------
    >>> rates.whole_economy_rows(rates.in_force(ds, partner="CAN"))["layer"].tolist()
    ['reciprocal', 'fentanyl']
    """
    whole = (rows["product"] == "") | rows["product"].isin(WHOLE_ECONOMY_PROGRAMMES)
    return rows[rows["layer"].isin(HEADLINE_LAYERS) & whole]


def base_rates(ds: Dataset) -> pd.Series:
    """The base rate of 2024 of each partner, percent; NaN where none is published by as_of.

    Examples
    --------
    >>> bool(rates.base_rates(ds)["KOR"] < 1)  # percent; most of it came in free
    True
    """
    known = ds.effective_rates_model.groupby("partner")["base_2024_rate_pct"].first()
    return known.reindex(list(ds.partners["partner"])).astype("float64")


def _live_deals_beside(ds: Dataset, due: pd.DataFrame) -> list[str]:
    if due.empty:
        return []
    deals = proposals(ds, "deal")
    live = records(deals[deals["alive"]])
    found = []
    for row in records(due):
        beside = [
            deal["order_id"]
            for deal in live
            if deal["partner"] in (row["partner"], GENERAL)
            and deal["layer"] == row["layer"]
            and touches(deal["product"], row["product"])
        ]
        found.append(beside[-1] if beside else "")
    return found
