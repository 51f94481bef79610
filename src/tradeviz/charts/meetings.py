"""The meetings of one partner over time, by level."""

from __future__ import annotations

from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.vocabulary import FORMAT_NAMES, LEVEL_NAMES, LEVELS
from tradeviz.wording import capital, count, day, listing

_ROWS = {level: y for y, level in enumerate(reversed(LEVELS))}
_LETTERS = len(LEVELS)
_MOST_LABELS = 9


@style.styled
def meetings(met: pd.DataFrame, as_of: pd.Timestamp, *, ax: Axes | None = None) -> Axes:
    """Draw the meetings, calls and letters of one partner on a line per level.

    Parameters
    ----------
    met : pandas.DataFrame
        From `talks.meetings` for one partner; at least one row.
    as_of : pandas.Timestamp
        Right edge of knowledge.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Days along x; leaders, ministers, technical and letters along y. Filled marks are meetings
        in person, hollow ones calls and video; leaders' meetings carry their place.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, talks
    >>> ds = tradeviz.load("2025-04-25")
    >>> ax = charts.meetings(talks.meetings(ds, "KOR"), ds.as_of)
    >>> ax.get_xlabel()
    'filled: in person; hollow: call or video; square: letter'
    """
    letters = (met["format"] == "letter").any()
    ax = parts.panel(ax, 2.2 if letters else 1.9)
    start = min(met["start_date"].min(), as_of - pd.Timedelta(days=60)) - pd.Timedelta(days=12)
    parts.day_axis(ax, start, as_of + (as_of - start) * 0.02)
    for row in records(met):
        letter = row["format"] == "letter"
        y = _LETTERS if letter else _ROWS[row["level"]]
        last = as_of if row["under_way"] else row["end_date"]
        x, until = mdates.date2num(row["start_date"]), mdates.date2num(last)
        if until > x:
            ax.plot([x, until], [y, y], color=palette.ink, linewidth=2, alpha=0.5, zorder=2)
        shape, face = "s" if letter else "o", palette.ink if row["format"] == "in_person" else palette.paper
        look: dict[str, Any] = {"s": style.LEVEL_SIZES[row["level"]] * 1.3, "facecolor": face}
        ax.scatter(until, y, marker=shape, edgecolor=palette.ink, linewidth=1.1, zorder=3, **look)
    _places(ax, met, as_of)
    names = [capital(LEVEL_NAMES[level]) for level in _ROWS] + (["Letters"] if letters else [])
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -1.15)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("filled: in person; hollow: call or video; square: letter")
    parts.as_of_line(ax, as_of)
    return ax


def meetings_text(met: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Say how often the two sides met at each level, and when last."""
    if met.empty:
        return f"No meeting, call or letter is on record by {day(as_of)}."
    contacts = met[met["format"] != "letter"]
    levels = [f"{int((contacts['level'] == level).sum())} {LEVEL_NAMES[level]}" for level in reversed(LEVELS)]
    n = capital(count(len(contacts), "meeting or call", "meetings and calls"))
    text = f"{n} by {day(as_of)}: {listing(levels)}."
    letters = len(met) - len(contacts)
    if letters:
        text += f" {capital(count(letters, 'letter'))}."
    if len(contacts):
        last = contacts.iloc[-1]
        where = last["city"] or FORMAT_NAMES[last["format"]]
        text += f" The last was on {day(last['start_date'])} ({LEVEL_NAMES[last['level']]}, {where})."
    if met["under_way"].any():
        text += " One is under way."
    return text


def _places(ax: Axes, met: pd.DataFrame, as_of: pd.Timestamp) -> None:
    leaders = met[(met["level"] == "leaders") & (met["format"] == "in_person") & (met["city"] != "")]
    shown = records(leaders.tail(_MOST_LABELS))
    if not shown:
        return
    positions = [mdates.date2num(as_of if row["under_way"] else row["end_date"]) for row in shown]
    low, high = ax.get_xlim()
    widest = max(len(row["city"]) for row in shown)
    wished = parts.spread(positions, (high - low) * 0.0135 * widest)
    over = max(0.0, wished[-1] - (high - (high - low) * 0.0065 * widest))
    line = {"arrowstyle": "-", "color": palette.muted, "linewidth": 0.6, "shrinkB": 4}
    look: dict[str, Any] = {"ha": "center", "va": "center", "color": palette.ink, "arrowprops": line}
    for row, x, label_x in zip(shown, positions, wished, strict=True):
        at = (label_x - over, -0.62)
        ax.annotate(row["city"], (x, 0), at, fontsize=style.label_size(), annotation_clip=False, **look)
