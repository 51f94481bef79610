"""The weekly strip: which partner met in which week, and at what level."""

from __future__ import annotations

from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.wording import capital, count, day, listing

_MIDWEEK = pd.Timedelta(days=3)
_LEAST_WEEKS = 12
_POINTS_WIDE = 370.0
_ROW_POINTS = 16.0


@style.styled
def strip(weekly: pd.DataFrame, quiet: pd.DataFrame, as_of: pd.Timestamp, *, ax: Axes | None = None) -> Axes:
    """Draw a row per partner and a mark for each week with a meeting, the longest silence on top.

    Parameters
    ----------
    weekly : pandas.DataFrame
        From `tempo.weekly_strip`; at least one row.
    quiet : pandas.DataFrame
        From `tempo.silence`: the order of the rows, and how far each record reaches.
    as_of : pandas.Timestamp
        Right edge of knowledge.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Weeks along x. The mark is that of the highest level of the week; the thin line of a row
        ends where the partner's record of meetings ends; the number of meetings stands right.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts
    >>> from tradeviz.talks import tempo
    >>> ds = tradeviz.load("2025-04-25")
    >>> ax = charts.strip(tempo.weekly_strip(ds), tempo.silence(ds), ds.as_of)
    >>> len(ax.get_yticklabels()) == len(ds.names)
    True
    """
    rows = records(quiet)
    places, names = parts.rows_by_track(rows)
    ax = parts.panel(ax, 0.75 + 0.222 * (max(places.values()) + 1))
    first = weekly["week"].min()
    start = min(first, as_of - pd.Timedelta(weeks=_LEAST_WEEKS)) - pd.Timedelta(days=4)
    parts.day_axis(ax, start, as_of + (as_of - start) * 0.012)
    scale = _scale((as_of - start).days / 7)
    totals = weekly.groupby("partner")["meetings"].sum()
    labels.at_edge(ax, "total", -0.75, va="bottom", color=palette.muted)
    for row in rows:
        y, through = places[row["partner"]], row["record_through"]
        ax.plot([start, through], [y, y], color=palette.faint, linewidth=0.8, zorder=1)
        labels.at_edge(ax, str(totals.get(row["partner"], 0)), y, color=palette.muted)
        for week in records(weekly[weekly["partner"] == row["partner"]]):
            _mark(ax, min(week["week"] + _MIDWEEK, as_of), y, week["level"], scale)
    parts.name_rows(ax, places, names, above=0.7)
    parts.as_of_line(ax, as_of, side="right")
    return ax


def strip_text(weekly: pd.DataFrame, quiet: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Say who met in most weeks, how many met lately, and who stands on top."""
    if weekly.empty:
        return f"No meeting or call is on record by {day(as_of)}."
    weeks = weekly.groupby("partner").size()
    most = [row["name"] for row in records(quiet) if weeks.get(row["partner"], 0) == weeks.max()]
    n_all = int(weekly["meetings"].sum())
    text = f"{capital(count(n_all, 'meeting or call', 'meetings and calls'))} by {day(as_of)}. "
    text += f"Weeks with a meeting were most with {listing(most)} ({int(weeks.max())}). "
    recent = weekly[weekly["week"] > as_of - pd.Timedelta(weeks=4)]["partner"].nunique()
    text += f"Of the {len(quiet)} partners, {recent or 'none'} met in the last four weeks. "
    longest = quiet.iloc[0]
    if pd.notna(longest["last_date"]):
        text += f"On top stands {longest['name']}, last met on {day(longest['last_date'])}."
    return text.strip()


def _scale(weeks: float) -> float:
    """How far marks shrink, so that the largest is hardly wider than a week and no higher than a row."""
    widest = min(1.5 * _POINTS_WIDE / weeks, _ROW_POINTS * 0.72)
    return float(min(1.0, widest**2 / style.LEVEL_SIZES["leaders"]))


def _mark(ax: Axes, when: pd.Timestamp, y: float, level: str, scale: float) -> None:
    face, edge, line = palette.ink, palette.paper, 0.5
    if level == "technical":
        face, edge, line = palette.paper, palette.ink, 0.9
    look: dict[str, Any] = {"s": style.LEVEL_SIZES[level] * scale, "facecolor": face, "edgecolor": edge}
    ax.scatter(mdates.date2num(when), y, linewidth=line, zorder=6, clip_on=False, **look)
