"""What was imported and what was charged on it, month by month."""

from __future__ import annotations

import pandas as pd

from tradeviz.data import Dataset

WEIGHTED = "WEIGHTED"
"""Code of the import-weighted rows over the 18 partners."""

FIRST_MONTH = pd.Timestamp("2025-01-01")
"""First month of the comparison of rates; 2024 is its base."""

IMPORTS, DUTIES = "imports_for_consumption_usd_mn", "calculated_duties_usd_mn"


def duties(ds: Dataset) -> pd.DataFrame:
    """Calculated duties by month and partner, for the months published by `ds.as_of`.

    An estimate made from entries, not Treasury cash: without antidumping and countervailing
    duties, and not reduced by later refunds.

    Returns
    -------
    pandas.DataFrame
        By month, then in partner order (20 partners, without the world total): month (its first
        day), partner, duties_usd_bn (billions of dollars).

    Examples
    --------
    >>> exposure.duties(ds)["month"].max().date().isoformat()  # what was published by then
    '2025-02-01'
    """
    position = {code: i for i, code in enumerate(ds.partners["partner"])}
    rows = ds.trade_monthly[ds.trade_monthly["partner"].isin(list(position))]
    rows = rows.assign(position=rows["partner"].map(position), duties_usd_bn=rows[DUTIES] / 1000)
    rows = rows.sort_values(["month", "position"], kind="stable")
    return rows[["month", "partner", "duties_usd_bn"]].reset_index(drop=True)


def year_2024(ds: Dataset) -> pd.DataFrame:
    """Imports and duties of 2024 by partner, millions of dollars; NaN until the whole year is published."""
    rows = ds.trade_monthly[ds.trade_monthly["month"].dt.year == 2024]
    grouped = rows.groupby("partner")[[IMPORTS, DUTIES]]
    return grouped.sum().where(grouped.count() == 12)


def traded(ds: Dataset, value: str, months: pd.DatetimeIndex) -> pd.DataFrame:
    """A column of trade_monthly by month and partner; NaN where it is not published."""
    table = ds.trade_monthly.pivot(index="month", columns="partner", values=value)
    return table.reindex(index=months, columns=list(ds.partners["partner"]))
