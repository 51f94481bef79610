"""Rates as steps over time: how far a chart reaches ahead, and how steps and what was said are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.dates as mdates
import pandas as pd

from tradeviz.charts.palette import palette

_FARTHEST = pd.Timedelta(days=400)
"""How far ahead of as_of a chart of rates reaches."""


def treads(state: str, start: pd.Timestamp, until: pd.Timestamp, as_of: pd.Timestamp) -> list[Any]:
    """Days and line of a step up to as_of and after it: solid, dashed ahead, dotted where unconfirmed."""
    known, dashes, dots = min(until, max(as_of, start)), (0, (2.2, 1.2)), (0, (1, 1))
    sides = ((start, known, dashes if start > as_of else "-"), (known, until, dashes))
    shown = [(mdates.date2num([low, high]), line) for low, high, line in sides if high > low]
    return [(days, dots if state == "unconfirmed" else line) for days, line in shown]


def last_ahead(days: pd.Series, as_of: pd.Timestamp) -> pd.Timestamp:
    """The last of the days to which a chart reaches, at most 400 days ahead; as_of where it is later."""
    return max([as_of, *days[days <= as_of + _FARTHEST]])


def merged(steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join steps that only order the same rate again; an unconfirmed one stays on its own."""
    joined: list[dict[str, Any]] = []
    for step in steps:
        last = joined[-1] if joined else {}
        same = all(last.get(name) == step[name] for name in ("rate_pct", "basis"))
        if not same or step["state"] == "unconfirmed":
            joined.append(dict(step))
            continue
        if "until" in step:
            last["until"] = step["until"]
        if step["state"] == "in_force":
            last["state"] = "in_force"
    return joined


def proposal_look(kind: str) -> dict[str, Any]:
    """Mark of a threat (hollow triangle) or of an agreed rate (diamond)."""
    marker, colour = ("^", palette.threat) if kind == "threat" else ("D", palette.deal)
    face = palette.paper if kind == "threat" else colour
    return {"marker": marker, "markerfacecolor": face, "markeredgecolor": colour, "linestyle": ""}
