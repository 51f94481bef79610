"""The statutory headline of each partner, day by day, and import-weighted means of rates."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import once_per_dataset, records
from tradeviz.rates.measures import base_rates, in_force, whole_economy_rows
from tradeviz.rates.panels import panel
from tradeviz.rates.schedules import Step
from tradeviz.vocabulary import HEADLINE_LAYERS, WHOLE_ECONOMY_PROGRAMMES
from tradeviz.wording import bare_rate, number


@once_per_dataset
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
    added = (rows["rate_pct"] - rows["partner"].map(base).astype("float64")).clip(lower=0)
    rows["added_pct"] = rows["rate_pct"].where(~all_in, added)
    result = []
    for code in ds.partners["partner"]:
        partner_rows = rows[(rows["partner"] == code) & (rows["rate_pct"] != 0)]
        result.append(
            {
                "partner": code,
                "headline_pct": float(partner_rows["added_pct"].sum(skipna=False)),
                "converted": bool((partner_rows["basis"] == "all_in").any()),
                "parts": "; ".join(_part(row) for row in records(partner_rows)),
            }
        )
    return pd.DataFrame(result)


@once_per_dataset
def headline_panel(
    ds: Dataset,
    start: str | date | pd.Timestamp,
    end: str | date | pd.Timestamp,
    known: str = "now",
) -> pd.DataFrame:
    """The statutory headline rate of every partner, day by day, both ends included.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    start, end : date
        First and last day.
    known : {"now", "then"}
        "now" gives every day with the orders known at `ds.as_of`; "then" each day with those known
        on its own evening. The base rates of 2024 that convert all-in rates are those of `ds.as_of`.

    Returns
    -------
    pandas.DataFrame
        Indexed by day, one column per partner in partner order: the headline_pct of `headline`
        on that day (percent; 0 before the first step).

    Raises
    ------
    UsageError
        If the end lies before the start, `known` is neither, or "then" is asked for days after as_of.

    Examples
    --------
    >>> rates.headline_panel(ds, "2025-04-08", "2025-04-10").iloc[:, :3]
    partner       CHN   EUU   JPN
    date
    2025-04-08   30.0  10.0  10.0
    2025-04-09  104.0  20.0  24.0
    2025-04-10  145.0  10.0  10.0
    """
    rows = pd.concat(
        [panel(ds, start, end, layer, known=known) for layer in HEADLINE_LAYERS], ignore_index=True
    )
    whole = (rows["product"] == "") | rows["product"].isin(WHOLE_ECONOMY_PROGRAMMES)
    rows = rows[whole & (rows["rate_pct"] != 0)]
    base = base_rates(ds)
    added = (rows["rate_pct"] - rows["partner"].map(base).astype("float64")).clip(lower=0)
    rows = rows.assign(added_pct=rows["rate_pct"].where(rows["basis"] != "all_in", added))
    table = rows.groupby(["date", "partner"])["added_pct"].agg(["sum", "size", "count"])
    summed = table["sum"].where(table["size"] == table["count"]).unstack("partner")
    steps = table["size"].unstack("partner")
    days = pd.date_range(start, end, freq="D", unit="us", name="date")
    codes = list(ds.partners["partner"])
    summed, steps = (frame.reindex(index=days, columns=codes) for frame in (summed, steps))
    return summed.where(steps.notna(), 0.0)


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
    rows = rows.assign(weight=rows["partner"].map(weights).astype("float64"))
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


def _part(row: Step) -> str:
    name = row["product"] or row["layer"]
    text = f"{name} {bare_rate(row['rate_pct'], row['basis'])}"
    return text + (f" (adds {number(row['added_pct'])})" if row["basis"] == "all_in" else "")
