"""The schedules laid out as arrays: the rate of every series and partner on any day."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradeviz.data import Dataset
from tradeviz.frames import once_per_dataset
from tradeviz.rates.schedules import schedules

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Series = tuple[str, str]
"""A layer and a product of it."""


class Rates(NamedTuple):
    """Rates in force on a day, by series (row) and partner (column).

    Attributes
    ----------
    series : list of tuple
        Layer and product of each row.
    rate_pct : array of float
        Percent; NaN where there is no rate.
    all_in : array of bool
        Whether the rate is a ceiling.
    """

    series: list[Series]
    rate_pct: Numbers
    all_in: Flags

    def with_rate(self, key: Series, columns: list[int], rate_pct: float, all_in: bool) -> Rates:
        """The same rates, but for one series of some partners; NaN takes its rate away."""
        series = self.series if key in self.series else [*self.series, key]
        rates, flags = self.rate_pct, self.all_in
        if len(series) > len(self.series):
            rates = np.vstack([rates, np.full((1, rates.shape[1]), np.nan)])
            flags = np.vstack([flags, np.zeros((1, flags.shape[1]), dtype=bool)])
        rates, flags = rates.copy(), flags.copy()
        rates[series.index(key), columns] = rate_pct
        flags[series.index(key), columns] = all_in
        return Rates(series, rates, flags)


class Steps(NamedTuple):
    """Every step of every schedule, by series and partner and then by day."""

    series: list[Series]
    partners: int
    cell: NDArray[np.int64]  # of the table of series and partners, row by row
    first: NDArray[np.int64]  # step of each of these cells
    effective: NDArray[np.datetime64]
    rate_pct: Numbers
    all_in: Flags
    order_id: NDArray[np.object_]
    general: Flags

    def on(self, day: pd.Timestamp, before: bool = False) -> Rates:
        """The rates in force on a day; `before` leaves out the steps of the day itself."""
        last = self.last(day, before)
        known = last >= 0
        rate = (
            np.where(known, self.rate_pct[last], np.nan)
            if len(self.effective)
            else np.full(last.shape, np.nan)
        )
        return Rates(self.series, rate, known & self.all_in[last] if len(self.effective) else known)

    def last(self, day: pd.Timestamp, before: bool = False) -> NDArray[np.int64]:
        """The last step of each series and partner by a day; -1 where there is none."""
        last = np.full((len(self.series), self.partners), -1)
        if len(self.effective):
            moment = np.datetime64(day)
            begun = self.effective < moment if before else self.effective <= moment
            counts = np.add.reduceat(begun, self.first)
            last.flat[self.cell] = np.where(counts > 0, self.first + counts - 1, -1)
        return last


@once_per_dataset
def steps(ds: Dataset) -> Steps:
    """Lay out the schedules in force and ahead as arrays."""
    frame = schedules(ds)
    codes = list(ds.partners["partner"])
    series = list(dict.fromkeys(zip(frame["layer"], frame["product"], strict=True)))
    row = {key: index for index, key in enumerate(series)}
    column = {code: index for index, code in enumerate(codes)}
    keys = zip(frame["partner"], frame["layer"], frame["product"], strict=True)
    cells = np.array([row[layer, product] * len(codes) + column[code] for code, layer, product in keys], int)
    first = np.flatnonzero(np.diff(cells, prepend=-1)) if len(cells) else cells
    return Steps(
        series,
        len(codes),
        cells[first],
        first,
        frame["effective"].to_numpy(),
        frame["rate_pct"].to_numpy(),
        (frame["basis"] == "all_in").to_numpy(),
        frame["order_id"].to_numpy(dtype=object),
        frame["general"].to_numpy(),
    )
