"""The schedules laid out day by day, as known now or as known on each day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from tradeviz.data import Dataset
from tradeviz.days import read_day
from tradeviz.errors import UsageError
from tradeviz.frames import once_per_dataset
from tradeviz.rates.measures import base_rates
from tradeviz.rates.schedules import SeriesKey, schedules, typed_frame
from tradeviz.vocabulary import LAYERS

KNOWN: tuple[str, ...] = ("now", "then")
"""What a panel knows: all days with the knowledge of as_of, or each day with its own."""

_SERIES = ["partner", "layer", "product"]
_COLUMNS = ["date", *_SERIES, "rate_pct", "basis"]


@once_per_dataset
def panel(
    ds: Dataset,
    start: str | date | pd.Timestamp,
    end: str | date | pd.Timestamp,
    layer: str | None = None,
    partner: str | None = None,
    wide: bool = False,
    converted: bool = False,
    known: str = "now",
) -> pd.DataFrame:
    """The schedules laid out day by day, both ends included; all series start on the first day.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    start, end : date
        First and last day.
    layer, partner : str, optional
        Codes to keep; all when not given.
    wide : bool
        One column for each partner, layer and product instead of one row for each day of them. All
        rates must then be of one basis: of `additional`, or converted.
    converted : bool
        Count an all-in rate as what it adds to the normal duty: max(0, rate - 2024 base rate of the partner).
    known : {"now", "then"}
        "now" gives every day with the orders known at `ds.as_of`; "then" each day with those known
        on its own evening.

    Returns
    -------
    pandas.DataFrame
        date, partner, layer, product, rate_pct (percent; 0 before the first step, for no duty of the
        layer was charged), basis, and with `converted` added_pct (percent on top of the normal duty; NaN
        where no base rate is known by as_of). With `wide` rate_pct or, converted, added_pct alone: indexed by
        date, columns partner, layer, product.

    Raises
    ------
    UsageError
        If a code is unknown, the end lies before the start, `known` is neither, "then" is asked for days
        after as_of, or `wide` would put two bases into one table.

    Examples
    --------
    >>> days = rates.panel(ds, "2025-04-08", "2025-04-10", "reciprocal", "KOR")
    >>> days["rate_pct"].tolist()
    [10.0, 25.0, 10.0]
    >>> rates.panel(ds, "2025-04-08", "2025-04-10", "reciprocal", "KOR", wide=True, known="then")
    partner           KOR
    layer      reciprocal
    product
    date
    2025-04-08       10.0
    2025-04-09       25.0
    2025-04-10       10.0
    """
    days = panel_days(ds, start, end, known)
    rates: dict[SeriesKey, Any] = {}
    bases: dict[SeriesKey, Any] = {}
    for first, last, then in _spans(ds, days, known):
        for key, steps in schedules(then, partner, layer).groupby(
            ["partner", "layer", "product"], sort=False
        ):
            series: SeriesKey = (str(key[0]), str(key[1]), str(key[2]))
            rate = rates.setdefault(series, np.zeros(len(days)))
            basis = bases.setdefault(series, np.full(len(days), "additional", dtype=object))
            step = steps["effective"].searchsorted(days[first:last], side="right") - 1
            begun = step >= 0
            rate[first:last][begun] = steps["rate_pct"].to_numpy()[step[begun]]
            basis[first:last][begun] = steps["basis"].to_numpy()[step[begun]]
    codes = list(ds.partners["partner"])
    keys = sorted(rates, key=lambda key: (codes.index(key[0]), LAYERS.index(key[1]), key[2]))
    frame = _long(days, keys, rates, bases)
    if converted:
        base = frame["partner"].map(base_rates(ds)).astype("float64")
        added = (frame["rate_pct"] - base).clip(lower=0)
        frame["added_pct"] = frame["rate_pct"].where(frame["basis"] != "all_in", added)
    return _wide(frame, "added_pct" if converted else "rate_pct") if wide else frame


def panel_days(
    ds: Dataset, start: str | date | pd.Timestamp, end: str | date | pd.Timestamp, known: str
) -> pd.DatetimeIndex:
    """The days of a panel, or UsageError with what is wrong with what was asked for."""
    first, last = (read_day(bound, name, ds.coverage_end) for bound, name in ((start, "start"), (end, "end")))
    if known not in KNOWN:
        raise UsageError(f'known "{known}" is neither "now" nor "then"')
    if last < first:
        raise UsageError(f"end {last:%Y-%m-%d} lies before start {first:%Y-%m-%d}; swap them")
    if known == "then" and last > ds.as_of:
        raise UsageError(
            f"what is known on {last:%Y-%m-%d} is not known by {ds.as_of:%Y-%m-%d};"
            ' end then, or use known="now" for what is scheduled'
        )
    return pd.date_range(first, last, freq="D", unit="us")


def breaks(changes: Iterable[pd.Timestamp], days: pd.DatetimeIndex) -> list[pd.Timestamp]:
    """The first day, and the later ones from which something is different."""
    return sorted({days[0]} | {day for day in changes if days[0] < day <= days[-1]})


def _spans(ds: Dataset, days: pd.DatetimeIndex, known: str) -> Iterator[tuple[int, int, Dataset]]:
    """Runs of days that share what is known of orders: first index, index after the last, what is known."""
    if known == "now":
        yield 0, len(days), ds
        return
    orders = ds.tariffs[ds.tariffs["force"] == "order"]
    firsts = breaks(orders["announced"], days)
    starts = [(day - days[0]).days for day in firsts]
    for day, start, following in zip(firsts, starts, [*starts[1:], len(days)], strict=True):
        yield start, following, replace(ds, as_of=day, tariffs=orders[orders["announced"] <= day])


def _long(
    days: pd.DatetimeIndex, keys: list[SeriesKey], rates: dict[SeriesKey, Any], bases: dict[SeriesKey, Any]
) -> pd.DataFrame:
    if not keys:
        return typed_frame([], _COLUMNS)
    names = {
        name: np.repeat(np.array([key[position] for key in keys], dtype=object), len(days))
        for position, name in enumerate(["partner", "layer", "product"])
    }
    frame = pd.DataFrame(
        {
            "date": np.tile(days.to_numpy(), len(keys)),
            **names,
            "rate_pct": np.concatenate([rates[key] for key in keys]),
            "basis": np.concatenate([bases[key] for key in keys]),
        }
    )
    return frame.astype(dict.fromkeys(["partner", "layer", "product", "basis"], "str"))


def _wide(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    if measure == "rate_pct" and (frame["basis"] == "all_in").any():
        raise UsageError("some of these rates are all-in, others come on top; ask for converted=True too")
    series = frame[_SERIES].drop_duplicates()
    table = frame.pivot(index="date", columns=_SERIES, values=measure)
    return table[list(series.itertuples(index=False, name=None))]
