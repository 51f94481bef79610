"""The progress board: one row per partner, a band for the rung reached, marks for what happened."""

from __future__ import annotations

import calendar
import re
import textwrap
from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from tradeviz.charts import style
from tradeviz.frames import records
from tradeviz.vocabulary import LAYER_NAMES, LEVEL_NAMES, LEVELS, STAGE_NAMES, STAGES
from tradeviz.wording import bare_rate, capital, count, day, day_of_year, listing, rate

_FIRST_DAY = pd.Timestamp("2025-01-20")
_ROW = 0.3
_MOST_DEADLINES = 6
_BAND = 0.62
_CLIFFS_WITHIN = pd.Timedelta(days=365)
_RESTS_ON_WIDTH = 31
_LONG_MONTH = re.compile(rf"\b({'|'.join(calendar.month_name[1:])})\b")


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
) -> Axes:
    """Draw the progress of every partner up to a day.

    Parameters
    ----------
    stages, history, meetings, marks : pandas.DataFrame
        From `talks.stages`, `talks.stage_history`, `talks.meetings` and `talks.marks`.
    cliffs : pandas.DataFrame
        From `rates.cliffs`; the deadlines, drawn as thin lines.
    as_of : pandas.Timestamp
        Right edge of knowledge; the bands end there.

    Returns
    -------
    Axes
        Days along x, one row per partner along y, the first partner on top.
    """
    rows = board_order(stages)
    at = {row["partner"]: _place(i, row["track"], rows) for i, row in enumerate(records(rows))}
    lowest = max(at.values())
    deadlines = _deadlines(cliffs, rows, as_of)
    fig, (ax,) = style.figure(1.25 + _ROW * (lowest + 1) + 0.15 * len(deadlines))
    start = min([_FIRST_DAY, *history["start"]]) - pd.Timedelta(days=4)
    last = max([as_of, *deadlines])
    ax.set_ylim(lowest + 0.8, -0.8)
    style.day_axis(ax, start, last + (last - start) * 0.015)
    for row in records(history):
        _band(ax, row, at[row["partner"]])
    _meetings(ax, meetings[meetings["format"] != "letter"], at, as_of)
    _marks(ax, marks, at)
    _deadline_lines(ax, deadlines)
    style.as_of_line(ax, as_of)
    _names(ax, rows, at)
    _key(fig)
    return ax


def board_text(
    stages: pd.DataFrame, meetings: pd.DataFrame, cliffs: pd.DataFrame, as_of: pd.Timestamp
) -> str:
    """Say what the board shows: who stands where, how much they met, what is due next."""
    rows = board_order(stages)
    rows = rows[rows["track"] == "reciprocal"]
    parts = []
    for stage in (*reversed(STAGES), ""):
        names = list(rows.loc[rows["stage"] == stage, "name"])
        if names:
            parts.append(f"{STAGE_NAMES[stage]}: {listing(names)}")
    text = f"As of {day(as_of)}, from the furthest stage down: {'; '.join(parts)}."
    halted = list(rows.loc[rows["suspended"], "name"])
    if halted:
        text += f" Suspended: {listing(halted)}."
    met = meetings[meetings["format"] != "letter"]
    text += f" {capital(count(len(met), 'meeting and call', 'meetings and calls'))} are marked"
    levels = [f"{int((met['level'] == level).sum())} {LEVEL_NAMES[level]}" for level in reversed(LEVELS)]
    text += f" ({listing(levels)})." if len(met) else "."
    deadlines = _deadlines(cliffs, rows, as_of)
    return text + (
        f" Deadlines: {listing(list(deadlines.values()))}." if deadlines else " No deadline lies ahead."
    )


def _place(i: int, track: str, rows: pd.DataFrame) -> float:
    gap = 0.7 if track == "border" and (rows["track"] != "border").any() else 0.0
    return i + gap


def _band(ax: Axes, row: dict[str, Any], y: float) -> None:
    if not row["stage"]:
        return
    x = mdates.date2num(row["start"])
    width = mdates.date2num(row["end"]) - x
    colour = style.LADDER[row["stage"]]
    ax.add_patch(Rectangle((x, y - _BAND / 2), width, _BAND, facecolor=colour, linewidth=0, zorder=1))
    if row["suspended"]:
        dark = row["stage"] in style.DARK_STAGES
        hatch = Rectangle(
            (x, y - _BAND / 2), width, _BAND, facecolor="none", hatch="////", linewidth=0, zorder=1.5
        )
        hatch.set_edgecolor("white" if dark else style.MUTED)
        ax.add_patch(hatch)


def _meetings(ax: Axes, met: pd.DataFrame, at: dict[str, float], as_of: pd.Timestamp) -> None:
    for level in LEVELS:
        rows = met[met["level"] == level]
        days = mdates.date2num(rows["end_date"].where(~rows["under_way"], as_of))
        ax.scatter(
            days,
            [at[code] for code in rows["partner"]],
            s=style.LEVEL_SIZES[level] * 0.62,
            facecolor="white" if level == "technical" else style.INK,
            edgecolor="white" if level != "technical" else style.INK,
            linewidth=0.6 if level != "technical" else 0.8,
            zorder=3 + LEVELS.index(level) / 10,
        )


def _marks(ax: Axes, marks: pd.DataFrame, at: dict[str, float]) -> None:
    for row in records(marks):
        x, y = mdates.date2num(row["date"]), at[row["partner"]]
        if row["stage"] == "collapsed":
            ax.plot(x, y, marker="x", markersize=8, markeredgewidth=2.2, color=style.THREAT, zorder=4)
        elif row["scope"] == "sector":
            ax.plot(x, y + 0.36, marker="^", markersize=4, color=style.MUTED, zorder=4)
        else:
            ends = (y - 0.45, y - 0.22) if row["stage"] == "us_implemented" else (y + 0.22, y + 0.45)
            ax.plot([x, x], ends, color=style.INK, linewidth=1.8, zorder=4)


def _deadlines(cliffs: pd.DataFrame, rows: pd.DataFrame, as_of: pd.Timestamp) -> dict[pd.Timestamp, str]:
    shown = cliffs[cliffs["partner"].isin(rows["partner"]) & (cliffs["effective"] <= as_of + _CLIFFS_WITHIN)]
    words = {}
    names = rows.set_index("partner")["name"]
    for when, due in list(shown.groupby("effective"))[:_MOST_DEADLINES]:
        first = due[due["layer"] == due["layer"].iloc[0]]
        partners = due["partner"].nunique()
        who = names[due["partner"].iloc[0]] if partners == 1 else f"{partners} partners"
        layer = LAYER_NAMES[first["layer"].iloc[0]].removeprefix("Section 232 ")
        low, high = bare_rate(first["rate_pct"].min()), rate(first["rate_pct"].max())
        to = high if low == high.removesuffix("%") else f"{low}-{high}"
        to += " and others" if len(first) < len(due) else ""
        stamp = pd.Timestamp(str(when))
        words[stamp] = f"{day_of_year(stamp)}: {layer} to {to}, {who}"
    return words


def _deadline_lines(ax: Axes, deadlines: dict[pd.Timestamp, str]) -> None:
    positions = [mdates.date2num(when) for when in deadlines]
    low, high = ax.get_xlim()
    for i, (x, words) in enumerate(zip(positions, deadlines.values(), strict=True)):
        ax.axvline(x, color=style.MUTED, linewidth=0.8, linestyle=(0, (4, 2)), zorder=2)
        right = x > (low + high) / 2
        ax.annotate(
            words,
            (x, 0),
            xycoords=("data", "axes fraction"),
            xytext=(-2 if right else 2, -18 - 11 * i),
            textcoords="offset points",
            ha="right" if right else "left",
            va="top",
            fontsize=8.5,
            color=style.MUTED,
            annotation_clip=False,
        )


def _names(ax: Axes, rows: pd.DataFrame, at: dict[str, float]) -> None:
    ax.set_yticks([at[code] for code in rows["partner"]], list(rows["name"]))
    ax.tick_params(axis="y", colors=style.INK)
    ax.spines["left"].set_visible(False)
    for row in records(rows):
        words = row["rests_on"]
        if row["broken_off"]:
            words = f"broken off; {words}"
        if row["suspended"]:
            words = f"suspended; {words}"
        words = _LONG_MONTH.sub(lambda month: month[0][:3], words)
        words = "\n".join(textwrap.wrap(words, _RESTS_ON_WIDTH, max_lines=2, placeholder="..."))
        ax.annotate(
            words,
            (1, at[row["partner"]]),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            linespacing=1.0,
            color=style.INK,
            annotation_clip=False,
        )


def _key(fig: Any) -> None:
    handles: list[Any] = [
        Rectangle((0, 0), 1, 1, facecolor=style.LADDER[stage], edgecolor=style.MUTED, linewidth=0.3)
        for stage in STAGES
    ]
    labels = [STAGE_NAMES[stage] for stage in STAGES]
    for level in reversed(LEVELS):
        hollow = level == "technical"
        (dot,) = fig.axes[0].plot(
            [],
            [],
            marker="o",
            linestyle="",
            markersize=(style.LEVEL_SIZES[level] * 0.62) ** 0.5,
            markerfacecolor="white" if hollow else style.INK,
            markeredgecolor=style.INK,
        )
        handles.append(dot)
        labels.append(LEVEL_NAMES[level])
    (tick,) = fig.axes[0].plot(
        [], [], marker="|", linestyle="", markersize=8, markeredgewidth=1.8, color=style.INK
    )
    (mark,) = fig.axes[0].plot([], [], marker="^", linestyle="", markersize=4, color=style.MUTED)
    handles += [tick, mark]
    labels += ["carried out (above: U.S.)", "sector deal"]
    fig.legend(
        handles,
        labels,
        loc="outside upper left",
        ncols=4,
        frameon=False,
        fontsize=8.5,
        handlelength=1.2,
        columnspacing=1.2,
    )
