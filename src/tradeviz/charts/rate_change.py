"""What changed the rate charged: rates themselves, or from whom goods are bought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.vocabulary import GENERAL
from tradeviz.wording import listing, number, rounded_rate, signed

_COLUMNS = {"rate_effect_pp": "Rates", "composition_effect_pp": "Composition", "change_pp": "Together"}
_ROOM = 0.42
"""Room for words at each end of a column, as a share of the reach of the bars."""


@style.styled
def rate_change(frame: pd.DataFrame, names: Mapping[str, str], *, ax: Axes | None = None) -> Axes:
    """Draw the two parts of the change of the charged rate, and their sum, as bars per partner.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `exposure.change_since_2024`; at least one row.
    names : mapping of str to str
        Names of the partners by code.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Three columns on one scale along x, in percentage points: the part of the rates, that of the
        composition, and both; all 18 together on top, then the partners from the largest addition
        to the largest deduction.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, exposure
    >>> ds = tradeviz.load("2025-12-31")
    >>> ax = charts.rate_change(exposure.change_since_2024(ds), ds.names)
    >>> ax.get_xlabel()
    'percentage points'
    """
    rows = _ranked(frame)
    places = [0.0, *(i + 0.6 for i in range(1, len(rows)))]
    ax = parts.panel(ax, 0.9 + 0.235 * len(rows))
    span = rows[list(_COLUMNS)]
    low, high = min(float(span.min().min()), 0.0), max(float(span.max().max()), 0.0)
    room = _ROOM * (high - low)
    wide = high - low + 2 * room
    zeros = [room - low + i * wide for i in range(len(_COLUMNS))]
    fills: tuple[dict[str, Any], ...] = (
        {"color": palette.ink},
        {"color": palette.faint, "hatch": "////"},
        {"color": palette.muted},
    )
    for zero, (column, head), fill in zip(zeros, _COLUMNS.items(), fills, strict=True):
        ax.barh(places, rows[column], height=0.68, left=zero, edgecolor=palette.ink, linewidth=0.4, **fill)
        for y, value in zip(places, rows[column], strict=True):
            right, weight = (3 if value >= 0 else -3), ("bold" if y == 0 else "normal")
            labels.beside(ax, signed(value, 2), (zero + value, y), right, fontweight=weight)
        ax.axvline(zero, color=palette.ink, linewidth=0.8)
        labels.beside(ax, head, (zero + low - room, -0.75), va="bottom", fontweight="bold")
    ax.set_xlim(0, wide * len(zeros))
    _ticks(ax, zeros, low, high)
    all_names = {**names, GENERAL: f"All {len(rows) - 1}"}
    ax.set_yticks(places, [all_names[code] for code in rows["partner"]])
    ax.set_ylim(len(rows) + 0.2, -0.6)
    ax.get_yticklabels()[0].set_fontweight("bold")
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("percentage points")
    return ax


def rate_change_text(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say how the charged rate changed, by which part, and through whom most."""
    if frame.empty:
        return "No month of 2025 was published."
    total = records(frame[frame["partner"] == GENERAL])[0]
    by_rates, by_composition, change = (signed(total[column], 2) for column in _COLUMNS)
    before, after = rounded_rate(total["from_charged_pct"]), rounded_rate(total["to_charged_pct"])
    text = f"From {total['from_month']:%B %Y} to {total['to_month']:%B %Y} the rate charged on imports from"
    text += f" the {len(frame) - 1} went from {before} to {after}:"
    text += f" {change} percentage points, of which {by_rates} by"
    text += f" changed rates and {by_composition} by a changed composition across partners."
    partners = frame[frame["partner"] != GENERAL].set_index("partner")
    for column, words in (("rate_effect_pp", "rates"), ("composition_effect_pp", "composition")):
        largest = partners[column].reindex(partners[column].abs().nlargest(3).index)
        named = [f"{names[str(code)]} ({signed(value, 2)})" for code, value in largest.items()]
        text += f" The largest parts by {words}: {listing(named)}."
    return text


def _ticks(ax: Axes, zeros: list[float], low: float, high: float) -> None:
    """Give each column ticks of its own, from the least of its bars to the greatest."""
    within = [tick for tick in MaxNLocator(4).tick_values(low, high) if low <= tick <= high]
    words = [number(tick) for tick in within] * len(zeros)
    ax.set_xticks([zero + tick for zero in zeros for tick in within], words)


def _ranked(frame: pd.DataFrame) -> pd.DataFrame:
    total = frame[frame["partner"] == GENERAL]
    partners = frame[frame["partner"] != GENERAL].sort_values("change_pp", ascending=False, kind="stable")
    return pd.concat([total, partners], ignore_index=True)
