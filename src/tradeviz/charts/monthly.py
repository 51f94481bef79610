"""Lines of monthly rates: where the mean of a month stands, and the names at the ends of the lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts
from tradeviz.wording import number

MID_MONTH = pd.Timedelta(days=14)
"""Where the mean of a month stands, from its first day."""

Looks = Mapping[str, Mapping[str, Any]]
"""How the line of each column is drawn."""

Ends = dict[str, tuple[float, float]]
"""Day and value of the last point of each line."""


def line(frame: pd.DataFrame, name: str, as_of: pd.Timestamp) -> tuple[Any, pd.Series]:
    """Days and values of a column of monthly means: at mid-month, the last one at as_of at the latest."""
    rows = frame.dropna(subset=[name])
    return mdates.date2num([min(month + MID_MONTH, as_of) for month in rows["month"]]), rows[name]


def lines(ax: Axes, frame: pd.DataFrame, looks: Looks, as_of: pd.Timestamp) -> Ends:
    """Draw the columns of monthly means that have a value; return the ends of their lines, lowest first."""
    ends = {}
    for name, look in looks.items():
        days, values = line(frame, name, as_of)
        if len(values):
            ax.plot(days, values, **look, clip_on=False, zorder=3)
            ends[name] = (float(days[-1]), float(values.iloc[-1]))
    return dict(sorted(ends.items(), key=lambda end: end[1][1]))


def name_ends(
    ax: Axes,
    ends: Ends,
    frame: pd.DataFrame,
    names: Mapping[str, str],
    looks: Looks,
    apart: float,
    foot: float,
) -> None:
    """Write name and value beside the end of each line; beside what was charged the last month published.

    Parameters
    ----------
    ax : Axes
        The panel, with its final reach along y.
    ends, frame, looks
        What `lines` has given, and was given; `frame` with charged_pct.
    names : mapping of str to str
        Words for each column.
    apart, foot : float
        The least distance between two names and below the lowest, as shares of the panel's height.
    """
    low, high = ax.get_ylim()
    places = parts.spread([value for _, value in ends.values()], (high - low) * apart)
    up = max(0.0, low + (high - low) * foot - places[0])
    published = frame.loc[frame["charged_pct"].notna(), "month"].max()
    for (name, end), y in zip(ends.items(), places, strict=True):
        words = f"{names[name]}: {number(round(end[1], 1))}"
        words += f"\n({published:%b %Y}, last published)" if name.startswith("charged") else ""
        labels.at_end(ax, words, end, y + up, looks[name]["color"])
