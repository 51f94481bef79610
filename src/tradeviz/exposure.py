"""Exposure: imports, what part of them the deals cover, and three readings of the tariff rate.

The statutory headline, the modelled rate and the rate charged answer different questions; the
wedges between them are named, not estimated (`wedges`). Imports and duties are today's vintage of
the Census figures, shown from the day a month was first published. Nothing here knows who bears
a duty, nor what trade would have been without it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from tradeviz.caveats import wedges
from tradeviz.data import Dataset
from tradeviz.errors import UsageError
from tradeviz.frames import DAY, records, with_days
from tradeviz.rates import headline, headline_panel, import_weights
from tradeviz.rates.schedules import folded_steps
from tradeviz.talks import acts, stage_history, stages
from tradeviz.vocabulary import GENERAL, STAGES

__all__ = [
    "FIRST_MONTH",
    "WEIGHTED",
    "change_since_2024",
    "covered_share",
    "duties",
    "imports_and_rates",
    "last_month_rates",
    "months_compared",
    "rate_change",
    "three_rates",
    "wedges",
]

WEIGHTED = "WEIGHTED"
"""Code of the import-weighted rows over the 18 partners."""

FIRST_MONTH = pd.Timestamp("2025-01-01")
"""First month of the comparison of rates; 2024 is its base."""

_FRAMEWORK = STAGES.index("framework_announced")
_TEXT = STAGES.index("text_published")
_IMPORTS, _DUTIES = "imports_for_consumption_usd_mn", "calculated_duties_usd_mn"
_RATES = ["headline_pct", "modelled_pct", "charged_pct"]


def imports_and_rates(ds: Dataset) -> pd.DataFrame:
    """2024 imports of each partner beside its headline rate and stage at `ds.as_of`.

    Returns
    -------
    pandas.DataFrame
        One row per partner, in partner order: partner, name, track, imports_2024_usd_bn (U.S.
        imports for consumption, billions of dollars, customs value; NaN until the whole year is
        published), headline_pct (percent, see `rates.headline`), converted, stage, rung.

    Examples
    --------
    >>> rows = exposure.imports_and_rates(ds).set_index("partner")
    >>> rows.loc[["CHN", "KOR"], ["imports_2024_usd_bn", "headline_pct"]].round(1)
             imports_2024_usd_bn  headline_pct
    partner
    CHN                    431.0         145.0
    KOR                    130.4          10.0
    """
    frame = stages(ds)[["partner", "name", "track", "stage", "rung"]]
    frame["imports_2024_usd_bn"] = frame["partner"].map(_year_2024(ds)[_IMPORTS]).astype("float64") / 1000
    frame = frame.merge(headline(ds)[["partner", "headline_pct", "converted"]], on="partner")
    columns = ["partner", "name", "track", "imports_2024_usd_bn", "headline_pct", "converted"]
    return frame[[*columns, "stage", "rung"]]


def covered_share(ds: Dataset) -> pd.DataFrame:
    """Share of the 2024 imports from the 18 that come from partners with a deal, over time.

    Counts all imports from a partner, whether or not the deal reaches the goods. Framework and
    text follow the stages (broken-off talks fall back). An implementing order of a partner is an
    order announced on the day of a `us_implemented` act of scope deal; it counts on the days when,
    by the orders announced until then, one of its confirmed steps is the current one of its layer
    and product (also a part that outlives the rest, as Section 232 rates do).

    Returns
    -------
    pandas.DataFrame
        Step frame: one row per day with a change, from the first milestone on, and one for
        as_of; values hold until the next row: day, framework_share, text_share, order_share (0
        to 1; NaN while the 2024 imports are not published), framework_n, text_n, order_n (number
        of partners).

    Examples
    --------
    >>> shares = exposure.covered_share(tradeviz.load("2025-08-07")).iloc[-1]
    >>> int(shares["framework_n"]), float(round(shares["framework_share"], 2))
    (12, 0.83)
    """
    columns = [f"{name}_{kind}" for kind in ("share", "n") for name in ("framework", "text", "order")]
    spans = stage_history(ds)
    spans = spans[spans["partner"].isin(ds.reciprocal)]
    series = _implementing(ds)
    orders_met = [row for orders, _ in series.values() for row in orders]
    moves = {row[clock] for row in orders_met for clock in ("effective", "announced")}
    days = sorted({*spans["start"], *moves, ds.as_of})
    days = [day for day in days if len(spans) and spans["start"].min() <= day <= ds.as_of]
    weights = import_weights(ds)
    rows: list[dict[str, Any]] = []
    for day in days:
        on = spans[(spans["start"] <= day) & ((day < spans["end"]) | (spans["end"] == ds.as_of))]
        on = on.drop_duplicates("partner", keep="last")
        covered = {
            "framework": set(on.loc[on["rung"] >= _FRAMEWORK, "partner"]),
            "text": set(on.loc[on["rung"] >= _TEXT, "partner"]),
            "order": {key[0] for key, (orders, ids) in series.items() if _current(orders, day) in ids},
        }
        row: dict[str, Any] = {"day": day}
        for name, codes in covered.items():
            share = weights[sorted(codes)].sum(skipna=False) / weights.sum(skipna=False)
            row |= {f"{name}_share": share, f"{name}_n": len(codes)}
        if not rows or day == ds.as_of or any(row[f"{n}_n"] != rows[-1][f"{n}_n"] for n in covered):
            rows.append(row)
    frame = with_days(pd.DataFrame(rows, columns=["day", *columns]), ["day"])
    return frame.astype(dict.fromkeys(columns[:3], "float64") | dict.fromkeys(columns[3:], "int64"))


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
    duty, value = (_traded(ds, name, starts) for name in (_DUTIES, _IMPORTS))
    tables = {
        "headline_pct": headline_panel(ds, FIRST_MONTH, ds.as_of).groupby(months).mean(skipna=False),
        "modelled_pct": _modelled(ds, days).groupby(months).mean(skipna=False),
        "charged_pct": 100 * duty / value,
    }
    year = _year_2024(ds)
    base = 100 * year[_DUTIES] / year[_IMPORTS]
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
    rates["base_2024_charged_pct"] = 100 * totals[_DUTIES] / totals[_IMPORTS]
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
    share0, share1 = (month[_IMPORTS] / month[_IMPORTS].sum() for month in (before, after))
    rate0, rate1 = (100 * month[_DUTIES] / month[_IMPORTS].replace(0, np.nan) for month in (before, after))
    all0, all1 = (100 * month[_DUTIES].sum() / month[_IMPORTS].sum() for month in (before, after))
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
    for place, name in enumerate(("from_month", "to_month")):
        frame.insert(place + 1, name, months[place])
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
    place = {code: i for i, code in enumerate(ds.partners["partner"])}
    rows = ds.trade_monthly[ds.trade_monthly["partner"].isin(list(place))]
    rows = rows.assign(place=rows["partner"].map(place), duties_usd_bn=rows[_DUTIES] / 1000)
    rows = rows.sort_values(["month", "place"], kind="stable")
    return rows[["month", "partner", "duties_usd_bn"]].reset_index(drop=True)


def _year_2024(ds: Dataset) -> pd.DataFrame:
    rows = ds.trade_monthly[ds.trade_monthly["month"].dt.year == 2024]
    grouped = rows.groupby("partner")[[_IMPORTS, _DUTIES]]
    return grouped.sum().where(grouped.count() == 12)


def _implementing(ds: Dataset) -> dict[tuple[str, str, str], tuple[list[dict[str, Any]], set[str]]]:
    """Orders of each series that an act of the United States wrote, and the ids of those orders."""
    orders = ds.tariffs[(ds.tariffs["force"] == "order") & (ds.tariffs["confidence"] != "unconfirmed")]
    orders = orders[orders["layer"] != "retaliation"]
    known = acts(ds)
    known = known[(known["stage"] == "us_implemented") & (known["scope"] == "deal")]
    series: dict[tuple[str, str, str], tuple[list[dict[str, Any]], set[str]]] = {}
    for act in records(known[known["partner"].isin(ds.reciprocal)]):
        own = orders[orders["partner"] == act["partner"]]
        for row in records(own[own["announced"] == act["date"]]):
            key = (row["partner"], row["layer"], row["product"])
            beside = own[(own["layer"] == row["layer"]) & (own["product"] == row["product"])]
            series.setdefault(key, (records(beside), set()))[1].add(row["order_id"])
    return series


def _current(orders: list[dict[str, Any]], day: pd.Timestamp) -> str:
    steps = folded_steps(row for row in orders if row["announced"] <= day)
    begun = [step["order_id"] for step in steps if step["effective"] <= day]
    return begun[-1] if begun else ""


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
    rows = rows.reindex(ds.reciprocal)[[_IMPORTS, _DUTIES]]
    if rows.isna().to_numpy().any():
        raise UsageError(f"the figures for {first:%Y-%m} were not published by {ds.as_of:%Y-%m-%d}")
    return rows
