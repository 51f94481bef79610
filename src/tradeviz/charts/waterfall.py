"""From the headline to the effective rate and to what was charged: what lies between, step by step."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.wording import capital, listing, signed, true_minus

_LEAST = 0.05
"""A step of fewer points is neither drawn nor told."""


@style.styled
def waterfall(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the steps from the headline to the rate charged, one below the other.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `exposure.waterfall`. Steps that are not known are left out, and so are those of less
        than 0.05 points.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Percentage points above the level of 2024 along x. Full bars are rates, floating bars what
        lies between two of them: grey takes away, hatched adds.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, exposure
    >>> ds = tradeviz.load("2025-12-31")
    >>> ax = charts.waterfall(exposure.waterfall(ds, "KOR", "2025-09"))
    >>> ax.get_xlabel()
    'percentage points above the rate charged in 2024'
    """
    rows = _shown(frame)
    ax = parts.panel(ax, 0.7 + 0.36 * len(rows))
    low = min(0.0, *(min(row["from_pct"], row["to_pct"]) for row in rows))
    high = max(0.0, *(max(row["from_pct"], row["to_pct"]) for row in rows))
    for y, row in enumerate(rows):
        ax.barh(y, row["points"], left=row["from_pct"], height=0.66, **_look(row))
        if y + 1 < len(rows) and not rows[y + 1]["level"]:
            ax.plot([row["to_pct"]] * 2, [y + 0.33, y + 0.67], color=palette.muted, linewidth=0.8)
        end = max(row["from_pct"], row["to_pct"])
        weight = "bold" if row["level"] else "normal"
        labels.beside(ax, _points(row), (end, y), 4, fontweight=weight, color=palette.ink)
    parts.label_rows(ax, range(len(rows)), [capital(row["name"]) for row in rows])
    for tick, row in zip(ax.get_yticklabels(), rows, strict=True):
        tick.set_fontweight("bold" if row["level"] else "normal")
    ax.set_xlim(low * 1.05, max(high * 1.12, 1.0))
    ax.axvline(0, color=palette.ink, linewidth=0.8)
    ax.grid(axis="x")
    ax.set_xlabel("percentage points above the rate charged in 2024")
    return ax


def waterfall_text(frame: pd.DataFrame, who: str) -> str:
    """Say where the headline stood, what lies between it and the effective rate, and what was charged."""
    rows = {row["step"]: row for row in _shown(frame)}
    if "effective" not in rows and "headline" not in rows:
        return f"For {who}, no rate above the level of 2024 is known."
    when = f"{frame['month'].iloc[0]:%B %Y}"
    text = f"{capital(who)}, {when}, in percentage points above the level of 2024."
    levels = {name: rows[name]["points"] if name in rows else 0.0 for name in ("headline", "effective")}
    steps = [row for name, row in rows.items() if not row["level"] and name != "rest"]
    between = [f"{row['name']} ({_points(row)})" for row in steps]
    text += f" The statutory headline is {_level(levels['headline'])}"
    text += f"; with {listing(between)}" if between else ""
    text += f" our effective rate is {_level(levels['effective'])}."
    charged = frame.set_index("step")["points"]["charged"]
    if math.isnan(charged):
        return f"{text} What was charged is not published yet."
    text += f" Charged was {_level(charged)}"
    return f"{text}; the rest ({_points(rows['rest'])}) is not explained." if "rest" in rows else f"{text}."


def _shown(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        row
        for row in records(frame)
        if not math.isnan(row["points"]) and (row["level"] or abs(row["points"]) >= _LEAST)
    ]


def _look(row: dict[str, Any]) -> dict[str, Any]:
    if row["level"]:
        fills = {"headline": palette.muted, "effective": palette.ink}
        return {"color": fills.get(row["step"], palette.stage("text_published"))}
    if row["points"] < 0:
        return {"facecolor": palette.faint, "edgecolor": palette.muted, "linewidth": 0.6}
    return {"facecolor": palette.paper, "edgecolor": palette.ink, "linewidth": 0.6, "hatch": "////"}


def _level(points: float) -> str:
    return true_minus(f"{points:z.1f}")


def _points(row: dict[str, Any]) -> str:
    return _level(row["points"]) if row["level"] else signed(row["points"])
