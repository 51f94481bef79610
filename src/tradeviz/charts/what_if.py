"""What each scenario would do to the effective rate of each partner."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.exposure import RECORD
from tradeviz.frames import records
from tradeviz.wording import count, listing

_ROOM = 0.9
"""Room for a number at each end of a column, as a share of the longest bar."""

_LEAST = 0.05
"""A change below this is written as none, percentage points."""


@style.styled
def what_if(frame: pd.DataFrame, names: Mapping[str, str], *, ax: Axes | None = None) -> Axes:
    """Draw the change of each partner's effective rate under each scenario, as bars.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `what_if_frame` from `exposure.scenarios`: the record, and at least one scenario.
    names : mapping of str to str
        Names of the partners by code.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        One row per partner, the highest effective rate of the record on top, with that rate; one column of
        bars per scenario, all on one scale: percentage points by which it would rise (dark, to the right) or
        fall (hatched, to the left). A partner whose imports are not known has a row of words.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, exposure
    >>> ds = tradeviz.load("2025-12-31")
    >>> ax = charts.what_if(exposure.scenarios(ds), ds.names)
    >>> ax.get_xlabel()
    'percentage points of the effective rate'
    """
    record = frame[frame["scenario"] == RECORD].set_index("partner")["effective_pct"]
    supposed = frame[frame["scenario"] != RECORD]
    codes = list(dict.fromkeys([*record.sort_values(ascending=False).index, *supposed["partner"]]))
    titles = dict(zip(supposed["scenario"], supposed["title"], strict=True))
    ax = parts.panel(ax, 1.3 + 0.235 * len(codes))
    reach = max(float(supposed["change_points"].abs().max()), _LEAST)
    wide = 2 * reach * (1 + _ROOM)
    for place, name in enumerate(titles):
        zero = (place + 0.5) * wide
        own = supposed[supposed["scenario"] == name].set_index("partner")["change_points"]
        _column(ax, [own.get(code, float("nan")) for code in codes], zero)
        ax.axvline(zero, color=palette.muted, linewidth=0.6)
        head = fill(titles[name], 13)
        labels.beside(ax, head, (zero, -0.75), va="bottom", ha="center", fontweight="bold")
    ax.set_xlim(0, wide * len(titles))
    ax.set_xticks([])
    rates = [f"{record[code]:.1f}%" if record.get(code, 0) > 0 else "not known" for code in codes]
    ax.set_yticks(
        range(len(codes)), [f"{names[code]}  {rate}" for code, rate in zip(codes, rates, strict=True)]
    )
    ax.set_ylim(len(codes) - 0.4, -0.6)
    ax.tick_params(axis="y", colors=palette.ink)
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.set_xlabel("percentage points of the effective rate")
    return ax


def what_if_frame(cases: pd.DataFrame) -> pd.DataFrame:
    """The rows that the chart draws; none where there is no case, or no effective rate is known yet."""
    known = cases.loc[cases["scenario"] != RECORD, "change_points"].notna().any()
    return cases if known else cases.iloc[:0]


def what_if_text(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say of each scenario whose effective rate it would move most, and by how much."""
    if frame.empty:
        return "There is no case that can be weighed yet."
    parts_of = []
    for _, own in frame[frame["scenario"] != RECORD].groupby("scenario", sort=False):
        moved = own[own["change_points"].abs() >= _LEAST]
        largest = records(moved.reindex(moved["change_points"].abs().nlargest(3).index))
        named = [f"{names[row['partner']]} ({row['change_points']:+.1f})" for row in largest]
        said = (
            f"moves the rate of {count(len(moved), 'partner')}, most {listing(named)}"
            if named
            else "moves nobody's rate"
        )
        parts_of.append(f"{own['title'].iloc[0]}: {said}.")
    return " ".join(["Change of the effective rate in percentage points.", *parts_of])


def _column(ax: Axes, values: list[float], zero: float) -> None:
    """The bars of one scenario, each with its number; words where the rate is not known."""
    for place, value in enumerate(values):
        if pd.isna(value):
            labels.beside(ax, "not known", (zero, place), ha="center", color=palette.muted)
            continue
        if abs(value) < _LEAST:
            labels.beside(ax, "0", (zero, place), 3, color=palette.muted)
            continue
        rises = value > 0
        look: dict[str, Any] = {"color": palette.ink} if rises else {"color": palette.faint, "hatch": "////"}
        ax.barh(place, value, height=0.68, left=zero, edgecolor=palette.ink, linewidth=0.4, **look)
        labels.beside(
            ax, f"{value:+.1f}", (zero + value, place), 3 if rises else -3, ha="left" if rises else "right"
        )
