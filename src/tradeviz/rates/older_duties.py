"""The Section 301 duties of 2018 to 2024, which every base rate of 2024 holds."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tradeviz.data import Dataset


def older_duties(ds: Dataset, partner: str, on: str | date | pd.Timestamp | None = None) -> pd.DataFrame:
    """The older Section 301 duties on goods of a partner on a day, by list.

    They were charged in 2024 already: the base rates hold them, and neither the headline nor the
    effective rate adds them. Steps of 2025 and 2026 on single goods are not in the effective rate.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str
        Partner code.
    on : date, optional
        The day asked for; `ds.as_of` when not given.

    Returns
    -------
    pandas.DataFrame
        In the order of the table: product (the list, or goods of the review of 2024), rate_pct (percent,
        additional), effective (day), fr_citation, source_ids. Empty for a partner without such duties.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> rates.older_duties(ds, "CHN")[["product", "rate_pct"]].head(4)
      product  rate_pct
    0  List 1      25.0
    1  List 2      25.0
    2  List 3      25.0
    3  List 4A       7.5
    """
    day = ds.as_of if on is None else pd.Timestamp(on)
    rows = ds.older_duties
    rows = rows[(rows["partner"] == ds.partner(partner)["partner"]) & (rows["effective"] <= day)]
    latest = rows.groupby("product", sort=False).tail(1)
    order = {name: position for position, name in enumerate(dict.fromkeys(rows["product"]))}
    latest = latest.sort_values("product", key=lambda names: names.map(order).astype("float64"))
    return latest[["product", "rate_pct", "effective", "fr_citation", "source_ids"]].reset_index(drop=True)
