"""Pledges of investment and purchases, each beside the partner's exports of a year."""

from __future__ import annotations

import math
from collections.abc import Mapping
from textwrap import shorten
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.charts.statuses import CROSSES, fill
from tradeviz.frames import records
from tradeviz.vocabulary import COMMITMENT_KINDS, COMMITMENT_STATUS_NAMES
from tradeviz.wording import amount_bn, capital, count, listing, number

_SHAPES = {"investment": "s", "purchase": "o"}
_PARTNER_AT, _WORDS_AT = -290, -205
_CHARACTERS = 46
_LEAST = 0.005
_NO_STATUS = "no status on record"


@style.styled
def pledges(frame: pd.DataFrame, names: Mapping[str, str], *, ax: Axes | None = None) -> Axes:
    """Draw each pledge with an amount at its amount, in partner order, shaded by its status.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `talks.deals.pledges`; at least one row.
    names : mapping of str to str
        Names of the partners by code.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Billions of dollars along x, logarithmic, as the amounts differ by a factor of thousands;
        one row per pledge. The column at the right is the amount divided by the goods that the
        United States imported from the partner in 2024. Amounts are not added up anywhere.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts
    >>> from tradeviz.talks import deals
    >>> ds = tradeviz.load("2025-12-31")
    >>> ax = charts.pledges(deals.pledges(ds), ds.names)
    >>> ax.get_xlabel()
    'billions of dollars, each line ten times the last'
    """
    rows = records(frame)
    own_figure = ax is None
    ax = parts.panel(ax, 1.4 + 0.235 * len(rows))
    if own_figure:
        parts.margins(ax, 4.068, 0.756, 0.55, 0.8)  # words of a fixed width stand beside the panel
    amounts = frame["amount_usd_bn"]
    low, high = min(float(amounts.min()) / 1.8, 1.0), max(float(amounts.max()) * 1.8, 100.0)
    ax.set_xscale("log")
    ax.set_xlim(low, high)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    for y, row in enumerate(rows):
        if y == 0 or rows[y - 1]["partner"] != row["partner"]:
            _beside(ax, names[row["partner"]], y, _PARTNER_AT, fontweight="bold")
            if y:
                _rule(ax, y - 0.5)
        _beside(ax, _brief(row), y, _WORDS_AT)
        _amount(ax, row, y, math.sqrt(low * high))
        labels.at_edge(ax, _share(row), y, 44 * style.font_scale(), ha="right")
    labels.above(ax, "times 2024\nexports to U.S.", (high, 1), (50, 4), ha="right", va="bottom")
    _amount_axis(ax, low, high)
    _key(ax, frame, own_figure)
    return ax


def _rule(ax: Axes, y: float) -> None:
    """Draw a line between two partners, through the words at both sides of the panel."""
    thin: dict[str, Any] = {"color": palette.faint, "linewidth": 0.7}
    line = {"arrowstyle": "-", "shrinkA": 0, "shrinkB": 0, **thin}
    for edge, points in ((0, _PARTNER_AT - 2), (1, 46)):
        ends: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        right = points * style.font_scale()
        ax.annotate("", (edge, y), (right, 0), **ends, arrowprops=line, annotation_clip=False)
    ax.axhline(y, **thin)


def pledges_text(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say how many pledges there are, which are the largest and what became of them, without a sum."""
    if frame.empty:
        return "No pledge of investment or purchases with an amount is on record by this day."
    largest = records(frame.sort_values("amount_usd_bn", ascending=False, kind="stable").head(5))
    parts = [
        f"{names[row['partner']]} {amount_bn(row['amount_usd_bn'], row['amount_per'])} ({_standing(row)})"
        for row in largest
    ]
    above = int((frame["share_of_exports"] > 1).sum())
    partners = count(frame["partner"].nunique(), "partner")
    return (
        f"{capital(count(len(frame), 'pledge'))} with an amount in deals with {partners}; they overlap in "
        f"places and are not added up. By status: {_by_status(frame)}. "
        f"{capital(count(above, 'pledge'))} above a year's exports to the United States (2024). "
        f"The largest: {listing(parts)}."
    )


def _by_status(frame: pd.DataFrame) -> str:
    counts = frame["status"].value_counts()
    words = {**COMMITMENT_STATUS_NAMES, "": _NO_STATUS}
    return listing([f"{counts[status]} {name}" for status, name in words.items() if status in counts.index])


def _standing(row: dict[str, Any]) -> str:
    kind = f"{COMMITMENT_KINDS[row['kind']]}, {COMMITMENT_STATUS_NAMES.get(row['status'], _NO_STATUS)}"
    share = row["share_of_exports"]
    return kind if math.isnan(share) else f"{kind}, {_times(share)} times the exports of 2024"


def _brief(row: dict[str, Any]) -> str:
    who = "by U.S.: " if row["by"] == "US" else ""
    words = row["description"].replace(", do not add", "").removesuffix(".")
    return shorten(f"{who}{words}", _CHARACTERS, placeholder=" ...")


def _beside(ax: Axes, words: str, y: int, points: float, **look: Any) -> None:
    right = points * style.font_scale()
    labels.beside(ax, words, (0, y), right, ha="left", xycoords=("axes fraction", "data"), **look)


def _amount(ax: Axes, row: dict[str, Any], y: int, middle: float) -> None:
    amount, status = row["amount_usd_bn"], row["status"]
    ax.plot(amount, y, linestyle="none", zorder=3, **_mark(row["kind"], status))
    if status in CROSSES:
        ax.plot(amount, y, marker=CROSSES[status], markersize=9, color=palette.ink, zorder=4)
    words = amount_bn(amount, row["amount_per"]).replace(" billion", "bn").replace(" million", "mn")
    if status not in ("pledged", "in_text"):
        words += f", {COMMITMENT_STATUS_NAMES.get(status, _NO_STATUS)}"
    side = -1 if amount > middle else 1
    labels.beside(ax, words, (amount, y), 8 * side, bbox=labels.ground(), annotation_clip=None)


def _mark(kind: str, status: str) -> dict[str, Any]:
    return parts.mark(_SHAPES[kind], 6, fill(status))


def _share(row: dict[str, Any]) -> str:
    share = row["share_of_exports"]
    if math.isnan(share):
        return ""
    return "< 0.01 x" if share < _LEAST else f"{share:.2f} x"


def _times(share: float) -> str:
    return "less than 0.01" if share < _LEAST else number(share)


def _amount_axis(ax: Axes, low: float, high: float) -> None:
    ticks = [10.0**power for power in range(-3, 6) if low <= 10.0**power <= high]
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    ax.set_xlabel("billions of dollars, each line ten times the last")
    ax.set_yticks([])
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)


def _key(ax: Axes, frame: pd.DataFrame, own_figure: bool) -> None:
    """Name the shapes (kinds) and the shades (statuses that need no word beside the amount)."""
    signs = [
        parts.sign(f"{COMMITMENT_KINDS[kind]}, {COMMITMENT_STATUS_NAMES[status]}", **_mark(kind, status))
        for kind in _SHAPES
        for status in ("pledged", "in_text")
        if ((frame["kind"] == kind) & (frame["status"] == status)).any()
    ]
    if signs:
        parts.key(ax, signs, 4, own_figure, raised=34, handletextpad=0.1)
