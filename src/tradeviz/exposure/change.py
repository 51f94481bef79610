"""How the rate charged changed, and whether rates or purchases changed it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from tradeviz.data import Dataset
from tradeviz.errors import UsageError
from tradeviz.exposure.trade import DUTIES, FIRST_MONTH, IMPORTS
from tradeviz.frames import with_days
from tradeviz.vocabulary import GENERAL


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
    for index, name in enumerate(("from_month", "to_month")):
        frame.insert(index + 1, name, months[index])
    return with_days(frame, ["from_month", "to_month"])


def month_of(month: str | date) -> pd.Timestamp:
    """Return the first day of a month, or raise UsageError where it is none."""
    try:
        return pd.Timestamp(month).to_period("M").start_time
    except ValueError:
        raise UsageError(f'month "{month}" is not a date; write it as 2025-03') from None


def _month(ds: Dataset, month: str | date) -> pd.DataFrame:
    first = month_of(month)
    rows = ds.trade_monthly[ds.trade_monthly["month"] == first].set_index("partner")
    rows = rows.reindex(ds.reciprocal)[[IMPORTS, DUTIES]]
    if rows.isna().to_numpy().any():
        raise UsageError(f"the figures for {first:%Y-%m} were not published by {ds.as_of:%Y-%m-%d}")
    return rows
