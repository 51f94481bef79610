"""How long partners wait: a Kaplan-Meier curve with its band, median and numbers at risk."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.wording import capital, count, day, median_words, short_day

_TICKS = MaxNLocator(8, integer=True, steps=[1, 2, 5, 10])


@style.styled
def survival(
    curve: pd.DataFrame, middle: pd.DataFrame, as_of: pd.Timestamp, *, ax: Axes | None = None
) -> Axes:
    """Draw the share of partners that has reached the next rung.

    Parameters
    ----------
    curve : pandas.DataFrame
        From `waits.survival_curves`, of one wait.
    middle : pandas.DataFrame
        From `waits.medians`, of the same wait.
    as_of : pandas.Timestamp
        The day on which waits that still run are cut off.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Days since the clock started along x, share in percent along y; the grey band is the
        pointwise 95% band, a tick on the curve a partner still under way after so many days.
        Under the axis stands how many partners were still under way after so many days.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts
    >>> from tradeviz.talks import waits
    >>> ds, wait = tradeviz.load("2025-12-31"), waits.TO_FRAMEWORK
    >>> ax = charts.survival(waits.survival_curves(ds, wait), waits.medians(ds, wait), ds.as_of)
    >>> ax.get_ylabel()
    'share that has reached it'
    """
    ax = parts.panel(ax, 2.95)
    (row,) = records(middle)
    longest = max(float(curve["days"].max()), 7.0)
    _curve(ax, curve)
    _half(ax, row, longest)
    _frame(ax, curve, longest, as_of)
    ax.set_title(f"{capital(row['question'])}: {_counts(row)}")
    return ax


def survival_text(curves: pd.DataFrame, middle: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Say for each wait how many have ended, the median and its interval, and the width of the band."""
    if middle.empty:
        return f"No talks had been opened by {day(as_of)}."
    parts = []
    for row in records(middle):
        curve = curves[curves["question"] == row["question"]]
        text = f"{capital(row['question'])}: {_counts(row)} as of {day(as_of)}."
        if row["day_zero"]:
            there = capital(count(row["day_zero"], "partner"))
            text += f" {there} had done so when the clock started (day 0)."
        text += f" {capital(_median(row))}."
        parts.append(text + _band_at(curve, row))
    return " ".join(parts)


def _median(row: dict[str, Any]) -> str:
    return median_words(row["median_days"], row["lower_days"], row["upper_days"])


def _counts(row: dict[str, Any]) -> str:
    return f"reached by {row['reached'] or 'none'} of {count(row['n'], 'partner')}"


def _curve(ax: Axes, curve: pd.DataFrame) -> None:
    days, band = curve["days"], (curve["lower"] * 100, curve["upper"] * 100)
    ax.fill_between(days, *band, step="post", color=palette.faint, linewidth=0)
    ax.step(days, curve["reached_share"] * 100, where="post", color=palette.ink, linewidth=1.8)
    ended = curve[curve["censored"] > 0]
    tick: dict[str, Any] = {"marker": "|", "s": 70, "color": palette.ink, "linewidth": 1.3}
    ax.scatter(ended["days"], ended["reached_share"] * 100, zorder=4, clip_on=False, **tick)


def _half(ax: Axes, row: dict[str, Any], longest: float) -> None:
    """Lead from one half to the median's day, and write it where the band leaves room."""
    middle = row["median_days"]
    reached = not math.isnan(middle)
    far = middle if reached else longest
    line: dict[str, Any] = {"color": palette.muted, "linewidth": 0.9, "linestyle": (0, (3, 2))}
    ax.plot([0, far], [50, 50], **line)
    words, foot = "half not reached", (longest, 52.0)
    if reached:
        ax.plot([middle, middle], [0, 50], **line)
        words = f"half after {_median(row).removeprefix('median of ')}"
        foot = (middle, 6.0) if middle < 0.45 * longest else (0, 92.0)
    side = {"right": 5, "ha": "left"} if reached else {"ha": "right"}
    labels.beside(ax, words, foot, va="bottom", fontweight="bold", color=palette.ink, **side)


def _frame(ax: Axes, curve: pd.DataFrame, longest: float, as_of: pd.Timestamp) -> None:
    ax.set_ylim(0, 105)
    ax.set_yticks([0, 25, 50, 75, 100])
    ax.yaxis.set_major_formatter(PercentFormatter())
    ax.set_ylabel("share that has reached it")
    ax.set_xlim(0, longest * 1.02)
    ticks = [int(tick) for tick in _TICKS.tick_values(0, longest) if tick <= longest]
    ax.set_xticks(ticks, [f"{tick}\n{_under_way(curve, tick)}" for tick in ticks])
    ax.set_xlabel(f"days since the clock started; below: partners still under way; as of {short_day(as_of)}")
    ax.grid(axis="y")


def _under_way(curve: pd.DataFrame, tick: int) -> str:
    """Number of partners whose wait lasted at least so many days; "" beyond the longest."""
    later = curve[curve["days"] >= tick]
    return str(later["at_risk"].iloc[0]) if len(later) else ""


def _band_at(curve: pd.DataFrame, row: dict[str, Any]) -> str:
    if math.isnan(row["median_days"]):
        return ""
    there = curve[curve["days"] == row["median_days"]].iloc[0]
    if math.isnan(there["lower"]):
        return ""
    share, lower, upper = (round(there[name] * 100) for name in ("reached_share", "lower", "upper"))
    return f" On that day {share}% had reached it, with a 95% band from {lower}% to {upper}%."
