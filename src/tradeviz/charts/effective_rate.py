"""The effective rate of one partner over time, beside what was charged and the headline."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import monthly, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.wording import day, rounded_rate

_LABELS = {
    "headline_total_pct": "headline on top\nof the 2024 rate",
    "effective_pct": "our effective rate",
    "charged_pct": "charged",
}


def _looks() -> dict[str, dict[str, Any]]:
    blue = palette.stage("text_published")
    return {
        "headline_total_pct": {"color": palette.muted, "linewidth": 1.2, "linestyle": (0, (4, 1.6))},
        "effective_pct": {"color": palette.ink, "linewidth": 2.0},
        "charged_pct": {"color": blue, "linewidth": 1.0, "marker": "o", "markersize": 4},
    }


@style.styled
def effective_rate(frame: pd.DataFrame, as_of: pd.Timestamp, *, ax: Axes | None = None) -> Axes:
    """Draw the effective rate of a partner by month, with the rate charged and the headline.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `exposure.effective_history`; at least one row.
    as_of : pandas.Timestamp
        Right edge of knowledge.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Months along x (a mean stands at mid-month, the last one at as_of at the latest), percent of
        customs value along y, the duty of 2024 in every line. Dark: our effective rate; dots: charged;
        dashed: the rate of 2024 with the headline on top.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, exposure
    >>> ds = tradeviz.load("2025-12-31")
    >>> ax = charts.effective_rate(exposure.effective_history(ds, "KOR"), ds.as_of)
    >>> ax.get_ylabel()
    'percent of customs value'
    """
    ax = parts.panel(ax, 3.4)
    start = frame["month"].min()
    parts.day_axis(ax, start, as_of + (as_of - start) * 0.01)
    top = float(frame[list(_LABELS)].max().max())
    ax.set_ylim(0, max(top * 1.08, 2))
    ax.set_ylabel("percent of customs value")
    ax.grid(axis="y")
    looks = _looks()
    ends = monthly.lines(ax, frame, looks, as_of)
    monthly.name_ends(ax, ends, frame, _LABELS, looks, apart=0.15, foot=0.04)
    parts.as_of_line(ax, as_of)
    return ax


def effective_rate_text(frame: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Say where the effective rate stood in 2024, at its peak and now, and what was charged last."""
    if frame.empty:
        return f"No effective rate could be known by {day(as_of)}."
    last = records(frame.tail(1))[0]
    peak = records(frame.nlargest(1, "effective_pct"))[0]
    text = f"Percent of customs value. Charged in 2024: {rounded_rate(last['base_2024_pct'])}."
    text += f" Our effective rate is {rounded_rate(last['effective_pct'])} in {last['month']:%B %Y}, up to"
    text += f" {day(as_of)}; its highest month is {peak['month']:%B %Y}"
    text += f" ({rounded_rate(peak['effective_pct'])})."
    text += f" The headline on top of the rate of 2024 gives {rounded_rate(last['headline_total_pct'])}."
    known = frame[frame["charged_pct"].notna()]
    if known.empty:
        return f"{text} No month of 2025 is published yet."
    row = records(known.tail(1))[0]
    text += f" In {row['month']:%B %Y}, the last month published, {rounded_rate(row['charged_pct'])} was"
    return f"{text} charged; our rate for that month is {rounded_rate(row['effective_pct'])}."
