"""Four readings of the tariff rate: statutory headline, effective, modelled by others, charged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tradeviz.data import Dataset
from tradeviz.exposure.trade import DUTIES, FIRST_MONTH, IMPORTS, WEIGHTED, traded, year_2024
from tradeviz.frames import DAY, once_per_dataset
from tradeviz.rates import effective, effective_panel, headline_panel, import_weights

_RATES = ["headline_pct", "effective_added_pct", "modelled_pct", "charged_pct"]


@once_per_dataset
def rate_readings(ds: Dataset) -> pd.DataFrame:
    """Four readings of the tariff rate by month, per partner and weighted.

    Weighted rows take the 18 with the weights of 2024 imports for consumption; the charged rate
    is given with the imports of the month itself as well (a lower figure where purchases moved
    away from what is taxed).

    Returns
    -------
    pandas.DataFrame
        In partner order, then WEIGHTED, each by month from January 2025 to that of as_of:
        partner, month (its first day), days (of the month up to as_of, the base of the first three
        means), headline_pct (mean of the daily statutory headline), effective_added_pct (mean of the
        daily added_pct of `rates.effective`, with what is known at as_of; NaN before the imports of
        2024 were published), modelled_pct (mean of the daily added rate of `effective_rates_model`,
        M. E. Waugh's, each level kept until the next, 0 before the first: computed in hindsight, a
        projection after its day; NaN where none is on record), charged_pct (calculated duties
        / imports for consumption; NaN until published), charged_own_weights_pct (the same for a
        partner; in weighted rows duties of the 18 / imports of the 18), base_2024_charged_pct,
        charged_added_pct (charged_pct - base_2024_charged_pct). All in percent; headline, effective,
        modelled and charged_added lie on one basis: above the level of 2024.

    Examples
    --------
    >>> rows = exposure.rate_readings(ds)
    >>> rows["month"].max().date().isoformat()
    '2025-04-01'
    """
    if ds.as_of < FIRST_MONTH:
        return _rates_frame([])
    days = pd.date_range(FIRST_MONTH, ds.as_of, unit="us")
    months = days.to_period("M").to_timestamp()
    starts = months.unique()
    duty, value = (traded(ds, name, starts) for name in (DUTIES, IMPORTS))
    tables = {
        "headline_pct": headline_panel(ds, FIRST_MONTH, ds.as_of).groupby(months).mean(skipna=False),
        "effective_added_pct": _effective_added(ds).groupby(months).mean(skipna=False),
        "modelled_pct": _modelled(ds, days).groupby(months).mean(skipna=False),
        "charged_pct": 100 * duty / value,
    }
    year = year_2024(ds)
    base = 100 * year[DUTIES] / year[IMPORTS]
    parts = []
    for code in ds.partners["partner"]:
        rates: dict[str, Any] = {name: table[code] for name, table in tables.items()}
        rates["charged_own_weights_pct"] = rates["charged_pct"]
        rates["base_2024_charged_pct"] = base.get(code, np.nan)
        parts.append(pd.DataFrame({"partner": code, **rates}, index=starts))
    eighteen = ds.reciprocal
    weights = import_weights(ds) / import_weights(ds).sum(skipna=False)
    rates = {name: (table[eighteen] * weights).sum(axis=1, skipna=False) for name, table in tables.items()}
    summed = [table[eighteen].sum(axis=1, skipna=False) for table in (duty, value)]
    rates["charged_own_weights_pct"] = 100 * summed[0] / summed[1]
    totals = year.reindex(eighteen).sum(skipna=False)
    rates["base_2024_charged_pct"] = 100 * totals[DUTIES] / totals[IMPORTS]
    parts.append(pd.DataFrame({"partner": WEIGHTED, **rates}, index=starts))
    counts = pd.Series(1, index=months).groupby(level=0).sum()
    return _rates_frame([part.assign(month=starts, days=counts) for part in parts])


def last_month_rates(ds: Dataset) -> pd.DataFrame:
    """The rows of `rate_readings` for the last month with a charged rate, with the gap to the headline.

    Returns
    -------
    pandas.DataFrame
        As `rate_readings`, and gap_pp (headline_pct - charged_added_pct, percentage points); empty
        before the first month of 2025 is published.

    Examples
    --------
    >>> rows = exposure.last_month_rates(ds).set_index("partner")
    >>> rows.loc[["CHN", "KOR"], ["headline_pct", "charged_pct"]].round(1)
             headline_pct  charged_pct
    partner
    CHN               8.9         13.1
    KOR               0.0          0.4
    """
    frame = rate_readings(ds)
    frame = frame[frame["month"] == frame.loc[frame["charged_pct"].notna(), "month"].max()]
    frame = frame.assign(gap_pp=frame["headline_pct"] - frame["charged_added_pct"])
    return frame.reset_index(drop=True)


def effective_history(ds: Dataset, partner: str) -> pd.DataFrame:
    """The readings of one partner as totals, with the duty of 2024 in all of them.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str
        Partner code.

    Returns
    -------
    pandas.DataFrame
        By month from January 2025: month (its first day), days, effective_pct (mean of the daily effective
        rate), headline_total_pct (the rate charged in 2024 and the mean headline on top of it),
        charged_pct (NaN until published), base_2024_pct. Percent of customs value. Empty before the
        imports of 2024 were published.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> exposure.effective_history(ds, "KOR")[["effective_pct", "charged_pct"]].round(1).iloc[[1, 3]]
       effective_pct  charged_pct
    1            0.2          0.4
    3           11.4          NaN
    """
    code = ds.partner(partner)["partner"]
    rows = rate_readings(ds)
    rows = rows[(rows["partner"] == code) & rows["effective_added_pct"].notna()]
    base = rows["base_2024_charged_pct"]
    frame = rows[["month", "days"]].assign(
        effective_pct=base + rows["effective_added_pct"],
        headline_total_pct=base + rows["headline_pct"],
        charged_pct=rows["charged_pct"],
        base_2024_pct=base,
    )
    return frame.reset_index(drop=True)


def _effective_added(ds: Dataset) -> pd.DataFrame:
    base = effective(ds).set_index("partner")["base_pct"]
    return effective_panel(ds, FIRST_MONTH, ds.as_of) - base


def _modelled(ds: Dataset, days: pd.DatetimeIndex) -> pd.DataFrame:
    levels = ds.effective_rates_model.pivot(index="date", columns="partner", values="added_rate_pct")
    daily = levels.reindex(levels.index.union(days)).ffill().reindex(days).fillna(0.0)
    return daily.reindex(columns=list(ds.partners["partner"]))


def _rates_frame(parts: list[pd.DataFrame]) -> pd.DataFrame:
    floats = [*_RATES, "charged_own_weights_pct", "base_2024_charged_pct"]
    columns = ["partner", "month", "days", *floats]
    frame = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    frame = frame.astype({"partner": "str", "month": DAY, "days": "int64"} | dict.fromkeys(floats, "float64"))
    return frame.assign(charged_added_pct=frame["charged_pct"] - frame["base_2024_charged_pct"])
