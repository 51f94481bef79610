"""The progress board: one row per partner, a band for the rung reached, marks for what happened."""

from __future__ import annotations

import calendar
import re
import textwrap
from typing import Any

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import alike, records
from tradeviz.rates import whole_economy_rows
from tradeviz.vocabulary import LAYER_NAMES, LEVEL_NAMES, LEVELS, STAGE_NAMES, STAGES
from tradeviz.wording import bare_rate, capital, count, day, day_of_year, listing, rate, short_day

_FIRST_DAY = pd.Timestamp("2025-01-20")
_ROW = 0.3
_MOST_DEADLINES = 8
_BAND = 0.62
_DASHES = (0, (2, 1))
_LEAST_AHEAD = pd.Timedelta(days=100)
_SHARE_AHEAD = 0.4
_RESTS_ON_WIDTH = 31
_LONG_MONTH = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(calendar.month_name[1:])})\b")


def board_order(stages: pd.DataFrame) -> pd.DataFrame:
    """Sort partners for the board: the 18 by stage, furthest first, then by the day it was reached.

    Canada and Mexico come last, apart from the 18.
    """
    border = stages["track"] == "border"
    keyed = stages.assign(_border=border, _down=-stages["rung"])
    ordered = keyed.sort_values(["_border", "_down", "since"], kind="stable", na_position="last")
    return ordered.drop(columns=["_border", "_down"]).reset_index(drop=True)


@style.styled
def board(
    stages: pd.DataFrame,
    history: pd.DataFrame,
    meetings: pd.DataFrame,
    marks: pd.DataFrame,
    cliffs: pd.DataFrame,
    as_of: pd.Timestamp,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the progress of every partner up to a day.

    Parameters
    ----------
    stages, history, meetings, marks : pandas.DataFrame
        From `talks.stages`, `talks.stage_history`, `talks.meetings` and `talks.marks`.
    cliffs : pandas.DataFrame
        From `rates.cliffs`; the deadlines, drawn as thin lines.
    as_of : pandas.Timestamp
        Right edge of knowledge; the bands end there. Where the term of what a partner's stage rests on has
        ended before, only the outline of its band goes on.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Days along x, one row per partner along y, the first partner on top.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, rates, talks
    >>> ds = tradeviz.load("2025-04-25")
    >>> stages, history = talks.stages(ds), talks.stage_history(ds)
    >>> met, marks, due = talks.meetings(ds), talks.marks(ds), rates.cliffs(ds)
    >>> ax = charts.board(stages, history, met, marks, due, ds.as_of)
    >>> len(ax.get_yticklabels()) == len(ds.names)
    True
    """
    rows = board_order(stages)
    at, names = parts.rows_by_track(records(rows))
    lowest = max(at.values())
    deadlines = _deadlines(cliffs, rows, as_of)
    own_figure = ax is None
    ax = parts.panel(ax, 1.25 + _ROW * (lowest + 1) + 0.15 * len(deadlines))
    start = min([_FIRST_DAY, *history["start"]]) - pd.Timedelta(days=4)
    last = max([as_of, *deadlines])
    parts.name_rows(ax, at, names, above=0.8, below=0.8)
    parts.day_axis(ax, start, last + (last - start) * 0.015)
    bands = [row for row in records(history) if row["stage"]]
    parts.draw_together(ax, [_band(row, at[row["partner"]]) for row in bands])
    for row in bands:
        if row["suspended"]:
            _hatch(ax, row, at[row["partner"]])
    ended = rows[rows["term_ended"]]
    for row in records(ended):
        _after_the_term(ax, row, at[row["partner"]], as_of)
    _meetings(ax, meetings[meetings["format"] != "letter"], at, as_of)
    _marks(ax, marks, at)
    _deadline_lines(ax, deadlines)
    parts.as_of_line(ax, as_of, side="right" if deadlines else "")
    _stand(ax, rows, at)
    _key(ax, own_figure, 20 + 12 * len(deadlines), len(ended) > 0)
    return ax


def board_text(
    stages: pd.DataFrame, meetings: pd.DataFrame, cliffs: pd.DataFrame, as_of: pd.Timestamp
) -> str:
    """Say what the board shows: who stands where, how much they met, what is due next."""
    rows = board_order(stages)
    apart = rows["track"] == "border"
    text = f"As of {day(as_of)}, from the furthest stage down: {_standing(rows[~apart])}."
    if apart.any():
        text += f" Beside them: {_standing(rows[apart])}."
    for flag, word in (("suspended", "Suspended"), ("broken_off", "Broken off")):
        names = list(rows.loc[rows[flag], "name"])
        text += f" {word}: {listing(names)}." if names else ""
    met = meetings[meetings["format"] != "letter"]
    text += f" {capital(count(len(met), 'meeting and call', 'meetings and calls'))} are marked"
    levels = [f"{int((met['level'] == level).sum())} of {LEVEL_NAMES[level]}" for level in reversed(LEVELS)]
    levels[-1] = levels[-1].replace(" of ", " ")
    text += f" ({listing(levels)})." if len(met) else "."
    deadlines = _deadlines(cliffs, rows, as_of)
    if deadlines:
        return f"{text} Deadlines: {'; '.join(deadlines.values())}."
    return f"{text} No deadline lies {'ahead' if cliffs.empty else 'in the time shown'}."


def _standing(rows: pd.DataFrame) -> str:
    parts = []
    for stage in (*reversed(STAGES), ""):
        reached = rows["stage"] == stage
        for words, ended in ((STAGE_NAMES[stage], False), ("term ended", True)):
            names = list(rows.loc[reached & (rows["term_ended"] == ended), "name"])
            if names:
                parts.append(f"{words}: {listing(names)}")
    return "; ".join(parts)


def _band(row: dict[str, Any], y: float, **look: Any) -> Rectangle:
    x = mdates.date2num(row["start"])
    look = {"facecolor": palette.stage(row["stage"]), **look}
    return Rectangle((x, y - _BAND / 2), mdates.date2num(row["end"]) - x, _BAND, linewidth=0, **look)


def _hatch(ax: Axes, row: dict[str, Any], y: float) -> None:
    colour = palette.on_dark if row["stage"] in style.DARK_STAGES else palette.muted
    ax.add_patch(_band(row, y, facecolor="none", edgecolor=colour, hatch="////", zorder=1.5))


def _after_the_term(ax: Axes, row: dict[str, Any], y: float, as_of: pd.Timestamp) -> None:
    """Leave only the outline of a band after the last day of the document that it rests on."""
    x = mdates.date2num(row["ends"]) + 1
    outline = Rectangle((x, y - _BAND / 2), mdates.date2num(as_of) - x, _BAND, zorder=1.6)
    outline.set(facecolor=palette.paper, edgecolor=palette.stage(row["stage"]), linestyle=_DASHES)
    ax.add_patch(outline)


def _meetings(ax: Axes, met: pd.DataFrame, at: dict[str, float], as_of: pd.Timestamp) -> None:
    for level in LEVELS:
        rows = met[met["level"] == level]
        days = mdates.date2num(rows["end_date"].where(~rows["under_way"], as_of))
        face, edge, line = palette.ink, palette.paper, 0.6
        if level == "technical":
            face, edge, line = palette.paper, palette.ink, 0.8
        look: dict[str, Any] = {"s": style.LEVEL_SIZES[level] * 0.62, "facecolor": face, "edgecolor": edge}
        look |= {"linewidth": line, "zorder": 6 + LEVELS.index(level) / 10}
        ax.scatter(days, [at[code] for code in rows["partner"]], clip_on=False, **look)


def _marks(ax: Axes, marks: pd.DataFrame, at: dict[str, float]) -> None:
    x, y = mdates.date2num(marks["date"]), marks["partner"].map(at).to_numpy("float64")
    broken_off, sector = marks["stage"] == "collapsed", marks["scope"] == "sector"
    cross: dict[str, Any] = {"marker": "x", "markersize": 8, "markeredgewidth": 2.2, "color": palette.threat}
    ax.plot(x[broken_off], y[broken_off], linestyle="", zorder=7, **cross)
    beside, acts = sector & ~broken_off, ~(sector | broken_off)
    triangle: dict[str, Any] = {"marker": "^", "markersize": 4, "color": palette.muted}
    ax.plot(x[beside], y[beside] + 0.36, linestyle="", zorder=4, **triangle)
    low = y + np.where(marks["stage"] == "us_implemented", -0.45, 0.22)
    ax.vlines(x[acts], low[acts], low[acts] + 0.23, color=palette.ink, linewidth=1.8, zorder=4)


def _deadlines(cliffs: pd.DataFrame, rows: pd.DataFrame, as_of: pd.Timestamp) -> dict[pd.Timestamp, str]:
    ahead = max(_LEAST_AHEAD, _SHARE_AHEAD * (as_of - _FIRST_DAY))  # the bands keep most of the width
    shown = cliffs[cliffs["partner"].isin(rows["partner"]) & (cliffs["effective"] <= as_of + ahead)]
    shown = shown.assign(broad=shown.index.isin(whole_economy_rows(shown).index))
    names = dict(zip(rows["partner"], rows["name"], strict=True))
    words = {}
    for due in alike(shown, ["effective"])[:_MOST_DEADLINES]:
        when = due[0]["effective"]
        on = day_of_year(when) if when.year == as_of.year else short_day(when)
        words[when] = f"{on}: {_due(due, names)}"
    return words


def _due(due: list[dict[str, Any]], names: dict[str, str]) -> str:
    """Put what is due on one day into words: the layer that reaches most goods, and how many more."""
    lead = next((row for row in due if row["broad"]), due[0])
    same = [row for row in due if (row["layer"], row["basis"]) == (lead["layer"], lead["basis"])]
    low, high = min(row["rate_pct"] for row in same), max(row["rate_pct"] for row in same)
    to = ("" if low == high else f"{bare_rate(low)}-") + rate(high, lead["basis"])
    codes = list(dict.fromkeys(row["partner"] for row in same))
    who = "all partners" if len(codes) == len(names) else f"{len(codes)} partners"
    who = names[codes[0]] if len(codes) == 1 else who
    layer = LAYER_NAMES[lead["layer"]].removeprefix("Section 232 ").removesuffix(" on U.S. goods")
    more = len({(row["layer"], row["basis"]) for row in due}) - 1
    return f"{layer} to {to}, {who}" + (f" (+{more} more)" if more else "")


def _deadline_lines(ax: Axes, deadlines: dict[pd.Timestamp, str]) -> None:
    look: dict[str, Any] = {"color": palette.muted, "linewidth": 0.8, "linestyle": (0, (4, 2))}
    for i, (when, words) in enumerate(deadlines.items()):
        x = mdates.date2num(when)
        ax.axvline(x, zorder=2, **look)
        foot, height = (x, 1), 16 + 12 * i
        stem = {"arrowstyle": "-", "shrinkA": 0, "shrinkB": 0, **look}
        labels.above(ax, "", foot, (0, height + 9), arrowprops=stem)
        labels.above(ax, words, foot, (-3, height), ha="right", va="bottom", color=palette.muted)


def _stand(ax: Axes, rows: pd.DataFrame, at: dict[str, float]) -> None:
    """Write beside each band what the stage rests on."""
    for row in records(rows):
        flags = (("suspended", "suspended; "), ("broken_off", "broken off; "))
        words = "".join(said for flag, said in flags if row[flag]) + row["rests_on"]
        words = _LONG_MONTH.sub(lambda found: f"{found[1]} {found[2][:3]}", words)
        words = "\n".join(textwrap.wrap(words, _RESTS_ON_WIDTH, max_lines=2, placeholder="..."))
        labels.at_edge(ax, words, at[row["partner"]], linespacing=1.0, color=palette.ink)


def _key(ax: Axes, own_figure: bool, raised: float, with_ended: bool) -> None:
    """Name the colours of the stages, and the marks."""
    dark = palette.ink
    handles: list[Any] = [
        _box(words, palette.stage(stage), palette.muted, linewidth=0.3)
        for stage, words in STAGE_NAMES.items()
        if stage
    ]
    for level in reversed(LEVELS):
        face = palette.paper if level == "technical" else dark
        mark = parts.mark("o", (style.LEVEL_SIZES[level] * 0.62) ** 0.5, face)
        handles.append(parts.sign(LEVEL_NAMES[level], **mark))
    handles += [
        parts.sign("carried out (above: U.S.)", marker="|", markersize=8, markeredgewidth=1.8, color=dark),
        parts.sign("sector deal", marker="^", markersize=4, color=palette.muted),
        parts.sign("broken off", marker="x", markersize=7, markeredgewidth=2.2, color=palette.threat),
        _box("suspended", palette.paper, palette.muted, hatch="//////", linewidth=0),
    ]
    if with_ended:
        handles.append(_box("term ended", palette.paper, dark, linestyle=_DASHES, linewidth=0.8))
    parts.key(ax, handles, 5, own_figure, raised, handlelength=1.2)


def _box(words: str, face: str, edge: str, **look: Any) -> Rectangle:
    return Rectangle((0, 0), 1, 1, facecolor=face, edgecolor=edge, label=words, **look)
