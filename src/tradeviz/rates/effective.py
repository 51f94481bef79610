"""The effective rate: the average U.S. duty on a partner's goods, at the weights of 2024.

Every rate here is percent of customs value and rests on what was known at `ds.as_of`. It is our
calculation from dated terms and the imports of 2024; it does not know what was collected (see
`charged`), nor how buyers responded. docs/methods.md has formula, assumptions and bias.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd

from tradeviz.data import Dataset
from tradeviz.days import read_day
from tradeviz.errors import UsageError
from tradeviz.frames import once_per_dataset
from tradeviz.rates.effective_charges import Charges, charges
from tradeviz.rates.effective_terms import Terms, terms, terms_then
from tradeviz.rates.panels import breaks, panel_days
from tradeviz.rates.steps import Numbers
from tradeviz.vocabulary import OLD_S232, REST_OF_GOODS, WORLD

BASE = "base"
"""Name of the normal duty among the parts of an effective rate."""

_IMPORTS, _DUTIES = "imports_for_consumption_usd_mn", "calculated_duties_usd_mn"


@once_per_dataset
def effective(
    ds: Dataset, on: str | date | pd.Timestamp | None = None, partner: str | None = None
) -> pd.DataFrame:
    """The effective rate of each partner on a day.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    on : date, optional
        The day asked for; `ds.as_of` when not given. A later day shows what was scheduled, an
        earlier one what is now known of it.
    partner : str, optional
        Code to keep; all when not given.

    Returns
    -------
    pandas.DataFrame
        One row per partner, in partner order: partner, base_pct (the rate charged in 2024: normal
        duty net of the preferences claimed, with the older Section 232 and 301 duties), added_pct
        (what came on top since), effective_pct (their sum). Percent of customs value; NaN before
        the imports of 2024 were published.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> rates.effective(ds).round(1).head(2)
      partner  base_pct  added_pct  effective_pct
    0     CHN      10.9       99.2          110.0
    1     EUU       1.2        7.5            8.8
    """
    known = terms(ds)
    day = ds.as_of if on is None else read_day(on, "on", ds.coverage_end)
    charged_on = charges(known, known.steps.on(day), day)
    base = known.imports.by_partner(known.imports.base + known.imports.old_s232)
    added = known.imports.by_partner(charged_on.total) - base
    codes = list(known.imports.codes)
    frame = pd.DataFrame({"partner": codes, "base_pct": base, "added_pct": added})
    frame["effective_pct"] = frame["base_pct"] + frame["added_pct"]
    return _partner_rows(ds, frame, partner)


@once_per_dataset
def effective_parts(
    ds: Dataset, on: str | date | pd.Timestamp | None = None, partner: str | None = None
) -> pd.DataFrame:
    """The effective rate taken apart, by layer and by group of goods; the parts add up exactly.

    Parameters
    ----------
    ds, on, partner
        As for `effective`.

    Returns
    -------
    pandas.DataFrame
        In partner order, then by layer: partner, layer, product, goods (the group in words; a group
        that no term known at as_of names stands with the other goods), points (percentage points
        of the partner's effective rate). Layer `base` is base_pct of `effective`; layer `old_s232`
        what of the duties of 2018 has been replaced since (0 or less); the others are those of
        tariffs. The sum of all parts of a partner is its effective_pct, that of all but `base` its
        added_pct. Parts of 0 are left out. Without rows before the imports were published.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> parts = rates.effective_parts(ds, partner="KOR")
    >>> parts.groupby("layer")["points"].sum().round(1).nlargest(3).to_dict()
    {'s232_autos': 7.1, 'reciprocal': 4.0, 's232_steel_aluminum': 1.2}
    """
    known = terms(ds)
    day = ds.as_of if on is None else read_day(on, "on", ds.coverage_end)
    frame = _parts(known, charges(known, known.steps.on(day), day))
    return _partner_rows(ds, frame, partner)


@once_per_dataset
def effective_panel(
    ds: Dataset,
    start: str | date | pd.Timestamp,
    end: str | date | pd.Timestamp,
    known: str = "now",
) -> pd.DataFrame:
    """The effective rate of every partner, day by day, both ends included.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    start, end : date
        First and last day.
    known : {"now", "then"}
        "now" gives every day with what is known at `ds.as_of`, orders made retroactive and lists
        corrected later among it; days after as_of show what is scheduled. "then" gives each day
        with what was known on its own evening: the panel that an event study needs.

    Returns
    -------
    pandas.DataFrame
        Indexed by day, one column per partner in partner order: effective_pct (percent of customs
        value, weights of 2024; NaN while the imports of 2024 were not published).

    Raises
    ------
    UsageError
        If the end lies before the start, `known` is neither, or "then" is asked for days after as_of.

    Examples
    --------
    >>> rates.effective_panel(ds, "2025-04-10", "2025-04-11", known="then")["TWN"].round(1).tolist()
    [9.6, 4.4]
    """
    days = panel_days(ds, start, end, known)
    if known == "then":
        moments = known_moments(ds, days)
        rows = [rate_on(each, day) for each, day in zip(terms_then(ds, tuple(moments)), moments, strict=True)]
    else:
        once = terms(ds)
        moments = breaks(once.days, days)
        rows = [rate_on(once, day) for day in moments]
    table = pd.DataFrame(rows, index=moments, columns=list(ds.partners["partner"]))
    return table.reindex(days, method="ffill").rename_axis("date")


def average(
    ds: Dataset,
    partners: Iterable[str] | None = None,
    weights: str | Mapping[str, float] = "imports",
    on: str | date | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """The effective rate of a set of partners together.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partners : iterable of str, optional
        Codes, such as `ds.reciprocal`; all partners when not given.
    weights : {"imports", "equal"} or mapping
        What partners count by: their imports of 2024, each the same, or weights of your own by code.
    on : date, optional
        The day asked for; `ds.as_of` when not given.

    Returns
    -------
    pandas.DataFrame
        One row: n_partners, base_pct, added_pct, effective_pct (percent, as in `effective`),
        share_of_us_imports (of all U.S. imports for consumption of 2024, 0 to 1: what the set covers).

    Raises
    ------
    UsageError
        If a partner is unknown or named twice, none is named, or the weights are not usable.

    Examples
    --------
    >>> rates.average(ds, ds.reciprocal)[["effective_pct", "share_of_us_imports"]].round(2)
       effective_pct  share_of_us_imports
    0          30.69                 0.63
    """
    codes = (
        list(ds.partners["partner"])
        if partners is None
        else [ds.partner(code)["partner"] for code in partners]
    )
    if not codes or len(set(codes)) < len(codes):
        raise UsageError("name at least one partner, and none twice")
    imports = ds.import_groups.groupby("partner")["imports_2024_usd_mn"].sum().reindex(codes)
    weight = _weights(codes, imports, weights)
    rates = effective(ds, on).set_index("partner").loc[codes]
    mean = rates.mul(weight / weight.sum(skipna=False), axis=0).sum(skipna=False)
    share = imports.sum(skipna=False) / us_imports_2024(ds)
    return pd.DataFrame([{"n_partners": len(codes), **mean, "share_of_us_imports": share}])


def us_imports_2024(ds: Dataset) -> float:
    """All U.S. imports for consumption of 2024, millions of dollars; NaN until the year is published."""
    months = ds.trade_monthly
    months = months[(months["partner"] == WORLD) & (months["month"].dt.year == 2024)]
    return float(months[_IMPORTS].sum()) if len(months) == 12 else float("nan")


def charged(ds: Dataset, partner: str = WORLD) -> pd.DataFrame:
    """The rate that customs charged on the goods of a month: duties over imports.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str
        Code; WLD, the default, is all U.S. imports.

    Returns
    -------
    pandas.DataFrame
        By month: month (its first day), imports_usd_mn, duties_usd_mn (millions of dollars; the
        Census Bureau's calculated duties, not reduced by refunds), charged_pct (percent of customs value).

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> rates.charged(ds).tail(1)[["month", "charged_pct"]].round({"charged_pct": 1})
           month  charged_pct
    13 2025-02-01         2.3
    """
    if partner != WORLD:
        ds.partner(partner)
    rows = ds.trade_monthly[ds.trade_monthly["partner"] == partner].sort_values("month")
    frame = rows.rename(columns={_IMPORTS: "imports_usd_mn", _DUTIES: "duties_usd_mn"})
    frame["charged_pct"] = 100 * frame["duties_usd_mn"] / frame["imports_usd_mn"]
    return frame[["month", "imports_usd_mn", "duties_usd_mn", "charged_pct"]].reset_index(drop=True)


def rate_on(known: Terms, day: pd.Timestamp) -> Numbers:
    """The effective rate of every partner on a day, in partner order, from what is known."""
    return known.imports.by_partner(charges(known, known.steps.on(day), day).total)


def _parts(known: Terms, paid: Charges) -> pd.DataFrame:
    imports = known.imports
    named = {row["group"] for row in known.group_terms} | {row["carveout"] for row in known.carveout_terms}
    rest = {
        name for group, name in zip(imports.group, imports.group_name, strict=True) if group == REST_OF_GOODS
    }
    goods = [
        name if group in named else next(iter(rest))
        for group, name in zip(imports.group, imports.group_name, strict=True)
    ]
    rows = {
        (BASE, ""): imports.base + imports.old_s232,
        (OLD_S232, ""): paid.old_s232 - imports.old_s232,
        **paid.added,
    }
    frames = [
        pd.DataFrame(
            {
                "partner": [imports.codes[position] for position in imports.partner],
                "layer": layer,
                "product": product,
                "goods": goods,
                "points": imports.weight * values,
                "position": imports.partner,
            }
        )[values != 0]
        for (layer, product), values in rows.items()
    ]
    frame = pd.concat(frames, ignore_index=True)
    keys = ["position", "partner", "layer", "product", "goods"]
    frame = frame.groupby(keys, sort=False, as_index=False)["points"].sum()
    frame = frame.sort_values("position", kind="stable", ignore_index=True)
    return frame.drop(columns="position").astype(dict.fromkeys(keys[1:], "str"))


def _partner_rows(ds: Dataset, frame: pd.DataFrame, partner: str | None) -> pd.DataFrame:
    if partner is None:
        return frame
    return frame[frame["partner"] == ds.partner(partner)["partner"]].reset_index(drop=True)


def known_moments(ds: Dataset, days: pd.DatetimeIndex) -> list[pd.Timestamp]:
    """The first of these days, and those on which something becomes known or comes into force."""
    tables = (ds.tariffs, ds.group_terms, ds.carveout_terms, ds.stacking, ds.assumptions)
    clocks = [table[name] for table in tables for name in ("announced", "effective")]
    clocks += [ds.import_groups["released"], ds.preference_shares["released"]]
    return breaks({day for clock in clocks for day in clock.dropna()}, days)


def _weights(codes: list[str], imports: pd.Series, weights: str | Mapping[str, float]) -> pd.Series:
    if weights == "imports":
        return imports
    if weights == "equal":
        return pd.Series(1.0, index=codes)
    if isinstance(weights, str):
        raise UsageError(f'weights "{weights}" are unknown; use imports, equal or a mapping by partner')
    chosen = pd.Series({code: float(weights.get(code, np.nan)) for code in codes})
    if not (np.isfinite(chosen) & (chosen >= 0)).all() or not chosen.sum() > 0:
        raise UsageError("weights need a number for every partner, none below 0 and not all 0")
    return chosen
