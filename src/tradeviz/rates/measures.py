"""What the schedules say on a day: rates in force, cliffs, the headline, means and panels.

Everything is computed from one `Dataset`, so it knows only what was known at its `as_of`. It
does not know what was collected (see `trade_monthly`), nor exemptions below the level of the
table's product groups.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.errors import UsageError
from tradeviz.frames import records
from tradeviz.rates.proposals import proposals, touches
from tradeviz.rates.schedules import Step, schedules, typed_frame
from tradeviz.vocabulary import GENERAL, HEADLINE_LAYERS, WHOLE_ECONOMY_PROGRAMMES
from tradeviz.wording import bare_rate, number

IN_FORCE_COLUMNS = [
    "partner",
    "layer",
    "product",
    "rate_pct",
    "basis",
    "order_id",
    "effective",
    "announced",
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
        announced (day), confidence. Zero rows stay; general schedules are expanded to every
        partner without a schedule of its own.

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
    day = ds.as_of if on is None else pd.Timestamp(on)
    steps = schedules(ds, partner, layer)
    steps = steps[steps["effective"] <= day]
    latest = steps.groupby(["partner", "layer", "product"], sort=False).tail(1)
    return latest[[*IN_FORCE_COLUMNS, "confidence"]].reset_index(drop=True)


def cliffs(ds: Dataset, partner: str | None = None, layer: str | None = None) -> pd.DataFrame:
    """Steps already ordered, due after `ds.as_of`, that change a rate or its basis.

    Returns
    -------
    pandas.DataFrame
        Sorted by day, then partner, layer, product: partner, layer, product, effective (day),
        from_rate_pct (percent; NaN where no rate stands before), from_basis, rate_pct (percent),
        basis, order_id, announced (day), general, deal_order_id (a live deal on the same layer
        and product, else ""), days_left (from as_of).

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
    columns += ["rate_pct", "basis", "order_id", "announced", "general", "deal_order_id", "days_left"]
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
    programme = (rows["layer"] == "s301") & rows["product"].isin(WHOLE_ECONOMY_PROGRAMMES)
    return rows[rows["layer"].isin(HEADLINE_LAYERS) & ((rows["product"] == "") | programme)]


def base_rates(ds: Dataset) -> pd.Series:
    """The base rate of 2024 of each partner, percent; NaN where none is published by as_of.

    Examples
    --------
    >>> bool(rates.base_rates(ds)["KOR"] < 1)  # percent; most of it came in free
    True
    """
    known = ds.effective_rates_model.groupby("partner")["base_2024_rate_pct"].first()
    return known.reindex(list(ds.partners["partner"])).astype("float64")


def headline(ds: Dataset, on: str | date | pd.Timestamp | None = None) -> pd.DataFrame:
    """The statutory headline rate: the whole-economy layers added up, on top of the MFN duty.

    Sums reciprocal, fentanyl, country_special, s122 and s301, whole-economy rows only (a blank
    product, or a Section 301 programme that reaches all goods). An all-in rate is converted to
    what it adds: max(0, rate - 2024 base rate of the partner, from `effective_rates_model`).

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    on : date, optional
        The day asked for; `ds.as_of` when not given.

    Returns
    -------
    pandas.DataFrame
        One row per partner, in partner order: partner, headline_pct (percent; NaN where an
        all-in rate cannot be converted), converted (True where an all-in rate was), parts (text).

    Examples
    --------
    >>> rates.headline(ds).set_index("partner").loc[["KOR", "CHN"], "headline_pct"]
    partner
    KOR     10.0
    CHN    145.0
    Name: headline_pct, dtype: float64
    """
    rows = whole_economy_rows(in_force(ds, on)).copy()
    base = base_rates(ds)
    all_in = rows["basis"] == "all_in"
    added = (rows["rate_pct"] - rows["partner"].map(base)).clip(lower=0)
    rows["added_pct"] = rows["rate_pct"].where(~all_in, added)
    result = []
    for code in ds.partners["partner"]:
        own = rows[(rows["partner"] == code) & (rows["rate_pct"] != 0)]
        result.append(
            {
                "partner": code,
                "headline_pct": float(own["added_pct"].sum(skipna=False)),
                "converted": bool((own["basis"] == "all_in").any()),
                "parts": "; ".join(_part(row) for row in records(own)),
            }
        )
    return pd.DataFrame(result)


def headline_panel(
    ds: Dataset, start: str | date | pd.Timestamp, end: str | date | pd.Timestamp
) -> pd.DataFrame:
    """The statutory headline rate of every partner, day by day, both ends included.

    Returns
    -------
    pandas.DataFrame
        Indexed by day, one column per partner in partner order: the headline_pct of `headline`
        on that day (percent; 0 before the first step).

    Raises
    ------
    UsageError
        If the end lies before the start.

    Examples
    --------
    >>> rates.headline_panel(ds, "2025-04-08", "2025-04-10").iloc[:, :3]
    partner       CHN   EUU   JPN
    date
    2025-04-08   30.0  10.0  10.0
    2025-04-09  104.0  20.0  24.0
    2025-04-10  145.0  10.0  10.0
    """
    rows = pd.concat([panel(ds, start, end, layer) for layer in HEADLINE_LAYERS], ignore_index=True)
    whole = (rows["product"] == "") | rows["product"].isin(WHOLE_ECONOMY_PROGRAMMES)
    rows = rows[whole & (rows["rate_pct"] != 0)]
    base = base_rates(ds)
    added = (rows["rate_pct"] - rows["partner"].map(base)).clip(lower=0)
    rows = rows.assign(added_pct=rows["rate_pct"].where(rows["basis"] != "all_in", added))
    table = rows.groupby(["date", "partner"])["added_pct"].agg(["sum", "size", "count"])
    summed = table["sum"].where(table["size"] == table["count"]).unstack("partner")
    known = table["size"].unstack("partner")
    days = pd.date_range(start, end, freq="D", unit="us", name="date")
    codes = list(ds.partners["partner"])
    summed, known = (frame.reindex(index=days, columns=codes) for frame in (summed, known))
    return summed.where(known.notna(), 0.0)


def weighted_mean(
    ds: Dataset,
    layer: str,
    on: str | date | pd.Timestamp | None = None,
    product: str = "",
) -> pd.DataFrame:
    """Import-weighted mean rate of one layer over the 18 partners, each basis on its own.

    Weights are the partners' 2024 imports for consumption (`trade_monthly`, customs value).

    Returns
    -------
    pandas.DataFrame
        One row per basis met: basis, rate_pct (percent; NaN while the 2024 figures are not
        all published), partners (number), import_share (share of the imports of the 18 that
        these partners supply, 0 to 1).

    Raises
    ------
    UsageError
        If the layer is unknown.

    Examples
    --------
    >>> mean = rates.weighted_mean(ds, "reciprocal")
    >>> mean[["basis", "partners"]]
            basis  partners
    0  additional        18
    """
    weights = import_weights(ds)
    rows = in_force(ds, on, layer=layer)
    rows = rows[rows["partner"].isin(ds.reciprocal) & (rows["product"] == product)]
    rows = rows.assign(weight=rows["partner"].map(weights))
    result = []
    for basis, group in rows.groupby("basis", sort=True):
        weight = group["weight"].sum(skipna=False)
        result.append(
            {
                "basis": basis,
                "rate_pct": (group["rate_pct"] * group["weight"]).sum(skipna=False) / weight,
                "partners": len(group),
                "import_share": weight / weights.sum(skipna=False),
            }
        )
    return pd.DataFrame(result, columns=["basis", "rate_pct", "partners", "import_share"])


def import_weights(ds: Dataset) -> pd.Series:
    """2024 imports for consumption of each of the 18, millions of dollars; NaN until published.

    Examples
    --------
    >>> weights = rates.import_weights(ds)  # millions of dollars
    >>> round(100 * weights["CHN"] / weights.sum())
    21
    """
    months = ds.trade_monthly
    months = months[(months["month"].dt.year == 2024) & months["partner"].isin(ds.reciprocal)]
    totals = months.groupby("partner")["imports_for_consumption_usd_mn"].agg(["sum", "size"])
    complete = totals["sum"].where(totals["size"] == 12)
    return complete.reindex(ds.reciprocal)


def panel(
    ds: Dataset,
    start: str | date | pd.Timestamp,
    end: str | date | pd.Timestamp,
    layer: str | None = None,
) -> pd.DataFrame:
    """The schedules laid out day by day, both ends included.

    Returns
    -------
    pandas.DataFrame
        date, partner, layer, product, rate_pct (percent), basis: one row per partner, layer,
        product and day from the first step on.

    Raises
    ------
    UsageError
        If the layer is unknown, or the end lies before the start.

    Examples
    --------
    >>> days = rates.panel(ds, "2025-04-08", "2025-04-10", layer="reciprocal")
    >>> days.loc[days["partner"] == "KOR", "rate_pct"].tolist()
    [10.0, 25.0, 10.0]
    """
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if last < first:
        raise UsageError(f"end {last:%Y-%m-%d} lies before start {first:%Y-%m-%d}; swap them")
    days = pd.date_range(first, last, freq="D", unit="us")
    parts = []
    columns = ["date", "partner", "layer", "product", "rate_pct", "basis"]
    for (code, name, product), steps in schedules(ds, layer=layer).groupby(
        ["partner", "layer", "product"], sort=False
    ):
        position = steps["effective"].searchsorted(days, side="right") - 1
        known = position >= 0
        step = steps.iloc[position[known]]
        parts.append(
            pd.DataFrame(
                {
                    "date": days[known],
                    "partner": code,
                    "layer": name,
                    "product": product,
                    "rate_pct": step["rate_pct"].to_numpy(),
                    "basis": step["basis"].to_numpy(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else typed_frame([], columns)


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


def _part(row: Step) -> str:
    name = row["product"] or row["layer"]
    text = f"{name} {bare_rate(row['rate_pct'], row['basis'])}"
    return text + (f" (adds {number(row['added_pct'])})" if row["basis"] == "all_in" else "")
