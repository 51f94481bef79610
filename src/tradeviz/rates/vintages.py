"""What was expected, and what came: schedules and rates as known on each day, against what followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import DAY, typed
from tradeviz.rates.comparison import compare
from tradeviz.rates.effective import effective_panel, known_moments, rate_on
from tradeviz.rates.effective_terms import Terms, as_known, terms_then
from tradeviz.rates.panels import breaks
from tradeviz.rates.schedules import schedules, typed_frame
from tradeviz.vocabulary import GENERAL, IMPORT_LAYERS

FIRST_DAY = pd.Timestamp("2025-01-20")
"""The day from which schedules are drawn: the first of the second Trump administration."""

AHEAD: tuple[int, ...] = (30, 90, 180)
"""How many days ahead a rate is expected."""

_STEP = ["layer", "product", "effective", "rate_pct", "basis", "order_id"]
_VINTAGE = ["known", "partner", *_STEP, "until", "announced", "instrument", "source_ids"]
_RETROACTIVE = ["partner", "layer", "product", "effective", "until", "paid_rate_pct", "paid_basis"]
_RETROACTIVE += ["set_rate_pct", "set_basis", "points", "order_id", "instrument", "announced"]
_SURPRISE = ["partner", "announced", "order_ids", "instruments", "effective", "days_ahead"]
_SURPRISE += ["expected_pct", "set_pct", "surprise_points", "source_ids"]
_READ = ["partners", "tariffs", "import_groups", "preference_shares", "carveout_shares", "group_terms"]
_READ += ["carveout_terms", "stacking", "assumptions", "omissions"]
_DAY_BEFORE = pd.Timedelta(days=1)


def vintages(ds: Dataset, partner: str) -> pd.DataFrame:
    """The schedules of a partner as they stood on each day on which an order changed one of them.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str
        Partner code.

    Returns
    -------
    pandas.DataFrame
        One block per such day, oldest first, each the whole of `schedules` as an evening's reader had it:
        known (the day), partner, layer, product, effective (day), rate_pct (percent), basis, order_id, until
        (first day of the next step, or NaT), announced (day), instrument, source_ids.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> rows = rates.vintages(ds, "KOR")
    >>> steps = rows[rows["layer"] == "reciprocal"]
    >>> steps[["known", "effective", "rate_pct"]].tail(4).to_string(index=False, header=False).split()[-3:]
    ['2025-04-09', '2025-07-09', '25.0']
    """
    code = ds.partner(partner)["partner"]
    rows, before = [], pd.DataFrame()
    for day, then in _evenings(ds, code):
        steps = schedules(then, code)
        if not steps[_STEP].equals(before):
            rows.append(steps.assign(known=day)[_VINTAGE])
            before = steps[_STEP]
    types = dict.fromkeys(("known", "effective", "until", "announced"), DAY)
    return typed(pd.concat(rows, ignore_index=True) if rows else typed_frame([], _VINTAGE), types)


def expected(ds: Dataset, partner: str | None, ahead: Iterable[int] = AHEAD) -> pd.DataFrame:
    """The effective rate that orders known so many days before made one expect, against what came.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str or None
        Partner code; None for all of them, which takes some seconds.
    ahead : iterable of int
        Numbers of days.

    Returns
    -------
    pandas.DataFrame
        By partner, days ahead and day, from the day on which the imports of 2024 were published: partner,
        ahead_days, day (the day that the rate is of), expected_pct (known that many days before; percent of
        customs value), came_pct (known on the day itself), surprise_points (came less expected,
        percentage points). Without rows where no such day has come.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> later = tradeviz.load("2025-08-07")
    >>> rows = rates.expected(later, "KOR", [30]).set_index("day")
    >>> rows.loc["2025-08-07", ["expected_pct", "came_pct"]].round(1).tolist()
    [20.7, 17.5]
    """
    narrowed = ds if partner is None else of_partner(ds, partner)
    codes = list(narrowed.partners["partner"])
    columns = ["partner", "ahead_days", "day", "expected_pct", "came_pct", "surprise_points"]
    start = ds.import_groups["released"].min()
    if pd.isna(start):
        return _typed_days(pd.DataFrame(columns=columns), ["day"], columns[3:])
    days = pd.date_range(start, ds.as_of, unit="us")
    came = effective_panel(narrowed, start, ds.as_of, known="then")
    found = {length: np.full((len(days), len(codes)), np.nan) for length in ahead}
    moments = known_moments(narrowed, days)
    nexts = [*moments[1:], ds.as_of + _DAY_BEFORE]
    for moment, following, known in zip(moments, nexts, terms_then(narrowed, tuple(moments)), strict=True):
        for length, table in found.items():
            first, last = moment + pd.Timedelta(days=length), following + pd.Timedelta(days=length - 1)
            _fill(table, days, known, first, min(last, ds.as_of))
    parts = [
        pd.DataFrame(
            {
                "partner": code,
                "ahead_days": length,
                "day": days,
                "expected_pct": table[:, column],
                "came_pct": came[code].to_numpy(),
            }
        )
        for column, code in enumerate(codes)
        for length, table in found.items()
    ]
    frame = pd.concat(parts, ignore_index=True).dropna(subset=["expected_pct"])
    frame = frame.assign(surprise_points=frame["came_pct"] - frame["expected_pct"])
    return _typed_days(frame, ["day"], columns[3:]).reset_index(drop=True)


def mean_surprise(rows: pd.DataFrame) -> pd.DataFrame:
    """How far the effective rate that came lay from the one expected, on average over the days.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `expected`.

    Returns
    -------
    pandas.DataFrame
        By partner and days ahead, in the order of the rows: partner, ahead_days, n_days (days compared),
        mean_points (mean absolute surprise, percentage points), bias_points (mean surprise: above 0 where
        more came than was expected).

    Examples
    --------
    >>> rates.mean_surprise(rates.expected(ds, "KOR"))[["ahead_days", "n_days"]].to_numpy().tolist()
    [[30, 50]]
    """
    keys = ["partner", "ahead_days"]
    grouped = rows.assign(mean_points=rows["surprise_points"].abs()).groupby(keys, sort=False, as_index=False)
    frame = grouped.agg(
        n_days=("day", "size"), mean_points=("mean_points", "mean"), bias_points=("surprise_points", "mean")
    )
    return frame.astype({"ahead_days": "int64", "n_days": "int64"})


def surprises(ds: Dataset, partner: str | None) -> pd.DataFrame:
    """By how much the orders of each day moved what had been expected the evening before.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str or None
        Partner code; None for all of them, which takes some seconds.

    Returns
    -------
    pandas.DataFrame
        The largest move first: partner, announced (day), order_ids and instruments (of the U.S. orders
        announced on that day that reach the partner, `;`-separated), effective (the first day from which one
        of them applies), days_ahead (from announced to effective; below 0 for a retroactive one),
        expected_pct (the effective rate of that day as known the evening before; percent of customs value),
        set_pct (as known on the evening of the announcement), surprise_points (the difference, percentage
        points; lists of goods made known on the same day are in it), source_ids. Moves below 0.005 points
        are left out, and so is what came before the imports of 2024 were published.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> rows = rates.surprises(ds, "KOR")
    >>> rows.loc[0, "order_ids"], int(rows.loc[0, "days_ahead"])
    ('eo-14266', 1)
    """
    narrowed = ds if partner is None else of_partner(ds, partner)
    charged = narrowed.tariffs["layer"].isin(IMPORT_LAYERS)
    orders = narrowed.tariffs[(narrowed.tariffs["force"] == "order") & charged]
    days = sorted(set(orders["announced"]))
    moments = sorted({moment for day in days for moment in (day - _DAY_BEFORE, day)})
    columns = {code: column for column, code in enumerate(narrowed.partners["partner"])}
    rows: list[dict[str, Any]] = []
    before: Terms | None = None
    for moment, known in zip(moments, terms_then(narrowed, tuple(moments)), strict=True):
        given = orders[orders["announced"] == moment]
        if before is not None and len(given):
            rows += _surprises_of(given, before, known, columns)
        before = known
    frame = pd.DataFrame(rows, columns=_SURPRISE)
    frame = frame[frame["surprise_points"].astype("float64").abs() >= 0.005]
    order = frame["surprise_points"].astype("float64").abs().sort_values(ascending=False, kind="stable").index
    numbers = ["expected_pct", "set_pct", "surprise_points"]
    frame = _typed_days(frame.loc[order], ["announced", "effective"], numbers)
    return frame.astype({"days_ahead": "int64"}).reset_index(drop=True)


def retroactive(ds: Dataset, partner: str | None) -> pd.DataFrame:
    """Rates that an order set for days gone by: what was charged then, and what counted later.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str or None
        Partner code; None for all of them, which takes some seconds.

    Returns
    -------
    pandas.DataFrame
        In the sequence announced: partner, layer, product, effective and until (the span: its first day, and
        the first day after it), paid_rate_pct and paid_basis (what the orders known in those days said;
        percent, NaN where none did), set_rate_pct and set_basis (what was set later), points (by which the
        difference moves the effective rate on the first day of the span), order_id, instrument, announced
        (day).

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> rows = rates.retroactive(tradeviz.load("2025-12-31"), "CHE")
    >>> rows[["paid_rate_pct", "set_rate_pct", "set_basis"]].head(1).to_numpy().tolist()
    [[39.0, 15.0, 'all_in']]
    """
    narrowed = ds if partner is None else of_partner(ds, partner)
    orders = narrowed.tariffs[narrowed.tariffs["force"] == "order"]
    backward = orders[orders["effective"] < orders["announced"]]
    parts = []
    for day in sorted(set(backward["announced"])):
        eve, evening = (as_known(narrowed, moment) for moment in (day - _DAY_BEFORE, day))
        spans = compare(eve, evening)
        spans = spans[spans["effective"] < day]
        parts.append(spans.assign(until=spans["until"].fillna(day).clip(upper=day)))
    names = {
        f"{old}_{what}": f"{new}_{what}"
        for old, new in (("from", "paid"), ("to", "set"))
        for what in ("rate_pct", "basis")
    }
    names |= {f"to_{name}": name for name in ("order_id", "instrument", "announced")}
    if not parts:
        return _typed_days(
            pd.DataFrame(columns=_RETROACTIVE), ["effective", "until", "announced"], ["points"]
        )
    return pd.concat(parts, ignore_index=True).rename(columns=names)[_RETROACTIVE]


def of_partner(ds: Dataset, partner: str) -> Dataset:
    """The data set with the rows of one partner, and those for all, in what the effective rate reads."""
    code = ds.partner(partner)["partner"]
    tables = {name: getattr(ds, name) for name in _READ}
    return replace(ds, **{name: rows[rows["partner"].isin([code, GENERAL])] for name, rows in tables.items()})


def _evenings(ds: Dataset, code: str) -> Iterator[tuple[pd.Timestamp, Dataset]]:
    """The days on which an order was announced that may reach a partner, each with what was known then."""
    orders = ds.tariffs[(ds.tariffs["force"] == "order") & ds.tariffs["partner"].isin([code, GENERAL])]
    for day in sorted(set(orders["announced"])):
        yield day, replace(ds, as_of=day, tariffs=orders[orders["announced"] <= day])


def _fill(
    table: np.ndarray, days: pd.DatetimeIndex, known: Terms, first: pd.Timestamp, last: pd.Timestamp
) -> None:
    """Write the rates that one state of knowledge gives for a span of days into their rows."""
    if first > last:
        return
    begin, end = (first - days[0]).days, (last - days[0]).days + 1
    moments = breaks(known.days, days[begin:end])
    starts = [*((day - days[0]).days for day in moments), end]
    for day, start, following in zip(moments, starts, starts[1:], strict=False):
        table[start:following] = rate_on(known, day)


def _surprises_of(
    given: pd.DataFrame, before: Terms, after: Terms, columns: dict[str, int]
) -> Iterator[dict[str, Any]]:
    """What the orders of one day changed for each partner on the first day from which one applies to it."""
    changed: dict[pd.Timestamp, tuple[Any, Any]] = {}
    for code, column in columns.items():
        orders = given[given["partner"].isin([code, GENERAL])]
        if orders.empty:
            continue
        first = orders["effective"].min()
        if first not in changed:
            changed[first] = (rate_on(before, first), rate_on(after, first))
        expected_pct, set_pct = (float(rates[column]) for rates in changed[first])
        first_steps = orders.drop_duplicates("order_id")
        yield {
            "partner": code,
            "announced": orders["announced"].iloc[0],
            "order_ids": ";".join(first_steps["order_id"]),
            "instruments": ";".join(dict.fromkeys(first_steps["instrument"])),
            "effective": first,
            "days_ahead": (first - orders["announced"].iloc[0]).days,
            "expected_pct": expected_pct,
            "set_pct": set_pct,
            "surprise_points": set_pct - expected_pct,
            "source_ids": ";".join(dict.fromkeys(";".join(first_steps["source_ids"]).split(";"))),
        }


def _typed_days(frame: pd.DataFrame, days: list[str], numbers: list[str]) -> pd.DataFrame:
    return typed(frame, dict.fromkeys(days, DAY) | dict.fromkeys(numbers, "float64"))
