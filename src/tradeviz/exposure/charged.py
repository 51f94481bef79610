"""Three readings of the tariff rate month by month, how the rate charged changed, and duties."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from tradeviz.data import Dataset
from tradeviz.errors import UsageError
from tradeviz.frames import DAY, with_days
from tradeviz.rates import headline_panel, import_weights
from tradeviz.vocabulary import GENERAL

WEIGHTED = "WEIGHTED"
"""Code of the import-weighted rows over the 18 partners."""

FIRST_MONTH = pd.Timestamp("2025-01-01")
"""First month of the comparison of rates; 2024 is its base."""

IMPORTS, DUTIES = "imports_for_consumption_usd_mn", "calculated_duties_usd_mn"
_RATES = ["headline_pct", "modelled_pct", "charged_pct"]


def three_rates(ds: Dataset) -> pd.DataFrame:
    """Statutory headline, modelled and charged rates by month, per partner and weighted.

    Weighted rows take the 18 with the weights of 2024 imports for consumption; the charged rate
    is given with the imports of the month itself as well (a lower figure where purchases moved
    away from what is taxed).

    Returns
    -------
    pandas.DataFrame
        In partner order, then WEIGHTED, each by month from January 2025 to that of as_of:
        partner, month (its first day), days (of the month up to as_of, the base of the first two
        means), headline_pct (mean of the daily statutory headline), modelled_pct (mean of the
        daily added rate of `effective_rates_model`, each level kept until the next, 0 before the
        first: computed in hindsight; NaN where none is on record), charged_pct (calculated duties
        / imports for consumption; NaN until published), charged_own_weights_pct (the same for a
        partner; in weighted rows duties of the 18 / imports of the 18), base_2024_charged_pct,
        charged_added_pct (charged_pct - base_2024_charged_pct). All in percent.

    Examples
    --------
    >>> rows = exposure.three_rates(ds)
    >>> rows["month"].max().date().isoformat()
    '2025-04-01'
    """
    if ds.as_of < FIRST_MONTH:
        return _rates_frame([])
    days = pd.date_range(FIRST_MONTH, ds.as_of, unit="us")
    months = days.to_period("M").to_timestamp()
    starts = months.unique()
    duty, value = (_traded(ds, name, starts) for name in (DUTIES, IMPORTS))
    tables = {
        "headline_pct": headline_panel(ds, FIRST_MONTH, ds.as_of).groupby(months).mean(skipna=False),
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


def rate_change(ds: Dataset, from_month: str | date, to_month: str | date) -> pd.DataFrame:
    """Split the change of the rate charged on imports from the 18 into rates and composition.

    With s the share of a partner in the imports of the 18 and r its charged rate, the overall
    rate is R = sum s r, and exactly R1 - R0 = sum s~ (r1 - r0) + sum (r~ - R~) (s1 - s0), where ~
    is the mean of both months (Bennet 1920; the weights of Marshall and Edgeworth). Composition
    here is across partners only; shifts among the goods of one partner stay in its rate effect.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    from_month, to_month : date
        Any day of the month, or text as 2025-03. Both must be published by as_of.

    Returns
    -------
    pandas.DataFrame
        One row per partner of the 18, then ALL (their sum): partner, from_share, to_share (0 to
        1), from_charged_pct, to_charged_pct (percent; NaN in a month without imports),
        rate_effect_pp, composition_effect_pp, change_pp (percentage points).

    Raises
    ------
    UsageError
        If a month is no date or is not published for all 18 by as_of.

    Examples
    --------
    >>> change = exposure.rate_change(ds, "2024-02-01", "2025-02-01").set_index("partner")
    >>> change.loc[["CHN", "KOR"], ["from_charged_pct", "to_charged_pct"]].round(1)
             from_charged_pct  to_charged_pct
    partner
    CHN                  11.5            13.1
    KOR                   0.2             0.4
    """
    before, after = (_month(ds, month) for month in (from_month, to_month))
    share0, share1 = (month[IMPORTS] / month[IMPORTS].sum() for month in (before, after))
    rate0, rate1 = (100 * month[DUTIES] / month[IMPORTS].replace(0, np.nan) for month in (before, after))
    all0, all1 = (100 * month[DUTIES].sum() / month[IMPORTS].sum() for month in (before, after))
    known0, known1 = rate0.fillna(rate1).fillna(0), rate1.fillna(rate0).fillna(0)
    by_rate = (share0 + share1) / 2 * (known1 - known0)
    by_share = ((known0 + known1) / 2 - (all0 + all1) / 2) * (share1 - share0)
    frame = pd.DataFrame(
        {
            "partner": ds.reciprocal,
            "from_share": share0.to_numpy(),
            "to_share": share1.to_numpy(),
            "from_charged_pct": rate0.to_numpy(),
            "to_charged_pct": rate1.to_numpy(),
            "rate_effect_pp": by_rate.to_numpy(),
            "composition_effect_pp": by_share.to_numpy(),
        }
    )
    total = [GENERAL, 1.0, 1.0, all0, all1, by_rate.sum(), by_share.sum()]
    frame = pd.concat([frame, pd.DataFrame([total], columns=frame.columns)], ignore_index=True)
    return frame.assign(change_pp=frame["rate_effect_pp"] + frame["composition_effect_pp"])


def months_compared(ds: Dataset) -> list[pd.Timestamp]:
    """Choose the months for `rate_change`: the last one published, and the same month of 2024.

    The same month, since imports are not seasonally adjusted; of 2024, since that year lies before
    the duties and before the purchases made ahead of them. An empty list while no month of 2025 is
    published.

    Examples
    --------
    >>> [month.date().isoformat() for month in exposure.months_compared(ds)]
    ['2024-02-01', '2025-02-01']
    """
    months = ds.trade_monthly.loc[ds.trade_monthly["partner"].isin(ds.reciprocal), "month"]
    last = months.max()
    return [last.replace(year=2024), last] if len(months) and last >= FIRST_MONTH else []


def change_since_2024(ds: Dataset) -> pd.DataFrame:
    """Split the change of the charged rate from the same month of 2024 to the last month published.

    Returns
    -------
    pandas.DataFrame
        As `rate_change`, with from_month and to_month (their first days) behind partner; empty
        while `months_compared` has no months.

    Examples
    --------
    >>> change = exposure.change_since_2024(ds)
    >>> effects = change["rate_effect_pp"] + change["composition_effect_pp"]
    >>> bool((effects - change["change_pp"]).abs().max() < 1e-9)
    True
    """
    months = months_compared(ds)
    if not months:
        return pd.DataFrame(columns=["partner", "from_month", "to_month", "change_pp"])
    frame = rate_change(ds, *months)
    for position, name in enumerate(("from_month", "to_month")):
        frame.insert(position + 1, name, months[position])
    return with_days(frame, ["from_month", "to_month"])


def last_month_rates(ds: Dataset) -> pd.DataFrame:
    """The rows of `three_rates` for the last month with a charged rate, with the gap to the headline.

    Returns
    -------
    pandas.DataFrame
        As `three_rates`, and gap_pp (headline_pct - charged_added_pct, percentage points); empty
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
    frame = three_rates(ds)
    frame = frame[frame["month"] == frame.loc[frame["charged_pct"].notna(), "month"].max()]
    frame = frame.assign(gap_pp=frame["headline_pct"] - frame["charged_added_pct"])
    return frame.reset_index(drop=True)


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
    positions = {code: i for i, code in enumerate(ds.partners["partner"])}
    rows = ds.trade_monthly[ds.trade_monthly["partner"].isin(list(positions))]
    rows = rows.assign(position=rows["partner"].map(positions), duties_usd_bn=rows[DUTIES] / 1000)
    rows = rows.sort_values(["month", "position"], kind="stable")
    return rows[["month", "partner", "duties_usd_bn"]].reset_index(drop=True)


def year_2024(ds: Dataset) -> pd.DataFrame:
    """Imports and duties of 2024 by partner, millions of dollars; NaN before all months are published."""
    rows = ds.trade_monthly[ds.trade_monthly["month"].dt.year == 2024]
    grouped = rows.groupby("partner")[[IMPORTS, DUTIES]]
    return grouped.sum().where(grouped.count() == 12)


def _modelled(ds: Dataset, days: pd.DatetimeIndex) -> pd.DataFrame:
    levels = ds.effective_rates_model.pivot(index="date", columns="partner", values="added_rate_pct")
    daily = levels.reindex(levels.index.union(days)).ffill().reindex(days).fillna(0.0)
    return daily.reindex(columns=list(ds.partners["partner"]))


def _traded(ds: Dataset, value: str, months: pd.DatetimeIndex) -> pd.DataFrame:
    table = ds.trade_monthly.pivot(index="month", columns="partner", values=value)
    return table.reindex(index=months, columns=list(ds.partners["partner"]))


def _rates_frame(parts: list[pd.DataFrame]) -> pd.DataFrame:
    floats = [*_RATES, "charged_own_weights_pct", "base_2024_charged_pct"]
    columns = ["partner", "month", "days", *floats]
    frame = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    frame = frame.astype({"partner": "str", "month": DAY, "days": "int64"} | dict.fromkeys(floats, "float64"))
    return frame.assign(charged_added_pct=frame["charged_pct"] - frame["base_2024_charged_pct"])


def _month(ds: Dataset, month: str | date) -> pd.DataFrame:
    try:
        first = pd.Timestamp(month).to_period("M").start_time
    except ValueError:
        raise UsageError(f'month "{month}" is not a date; write it as 2025-03') from None
    rows = ds.trade_monthly[ds.trade_monthly["month"] == first].set_index("partner")
    rows = rows.reindex(ds.reciprocal)[[IMPORTS, DUTIES]]
    if rows.isna().to_numpy().any():
        raise UsageError(f"the figures for {first:%Y-%m} were not published by {ds.as_of:%Y-%m-%d}")
    return rows
