"""The cliff calendar: what is already ordered and due, in the order of its days."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.data import split_list
from tradeviz.frames import records
from tradeviz.vocabulary import layer_name
from tradeviz.wording import bare_rate, capital, count, day, listing, rate, short_day, signed

MOST_ROWS = 18


@style.styled
def cliff_calendar(
    calendar: pd.DataFrame, names: Mapping[str, str], as_of: pd.Timestamp, *, ax: Axes | None = None
) -> Axes:
    """Draw what is due as arrows from the rate before to the rate ordered, soonest on top.

    Parameters
    ----------
    calendar : pandas.DataFrame
        From `rates.cliff_calendar`; at most the 18 soonest rows are drawn. With the columns of
        `rates.at_stake` each says which share of trade it touches, and by how many points it moves.
    names : mapping of str to str
        Names of the partners by code.
    as_of : pandas.Timestamp
        The day from which it is seen.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Percent along x, one row per day, order, layer and product along y.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, rates
    >>> ds = tradeviz.load("2025-04-25")
    >>> ax = charts.cliff_calendar(rates.cliff_calendar(ds), ds.names, ds.as_of)
    >>> ax.get_xlabel()
    'percent; ordered by 25 Apr 2025'
    """
    rows = records(calendar.head(MOST_ROWS))
    ax = parts.panel(ax, 0.8 + 0.42 * len(rows))
    row_names = []
    for y, row in enumerate(rows):
        before, after = _before(row), row["highest_pct"]
        arrow = {"arrowstyle": "-|>", "color": palette.ink, "linewidth": 1.6, "linestyle": (0, (2.2, 1.2))}
        ax.annotate("", (after, y), (before, y), arrowprops=arrow)
        ax.plot(before, y, clip_on=False, **parts.mark("o", 5, palette.paper))
        words = "\n".join(filter(None, (_change(row, names), _weight(row))))
        labels.beside(ax, words, (max(before, after), y), 9)
        who = _who(row, names)
        when = f"{short_day(row['effective'])} (in {count(row['days_left'], 'day')})"
        row_names.append(f"{when}\n{_brief(who)}: {_layer(row)}")
    ax.set_yticks(range(len(rows)), row_names)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, max(_room(row, names) for row in rows))
    ax.set_xlabel(f"percent; ordered by {short_day(as_of)}")
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def cliff_calendar_text(calendar: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say what is due: day, who, layer, from which rate to which."""
    parts = [
        f"{day(row['effective'])}, {_who(row, names)}: {_layer(row)} {_change(row, names)}"
        + (f", {weight}" if (weight := _weight(row)) else "")
        for row in records(calendar.head(MOST_ROWS))
    ]
    more = len(calendar) - MOST_ROWS
    tail = f" {capital(count(more, 'further step'))} later." if more > 0 else ""
    return f"{capital(count(len(calendar), 'step'))} ordered and due. {'; '.join(parts)}.{tail}"


def _room(row: dict[str, Any], names: Mapping[str, str]) -> float:
    """The right end of the axis that leaves room for the words beside a row's arrow."""
    reach = max(row["highest_pct"], _before(row), 1)
    longest = max(len(_change(row, names)), len(_weight(row)))
    words = min(0.04 + 0.0195 * longest, 0.8)
    return float(reach / (1 - words))


def _before(row: dict[str, Any]) -> float:
    return 0.0 if math.isnan(row["from_highest_pct"]) else float(row["from_highest_pct"])


def _change(row: dict[str, Any], names: Mapping[str, str]) -> str:
    after = _range(row["lowest_pct"], row["highest_pct"], row["basis"])
    deals = listing([names[code] for code in split_list(row["deal_partners"])])
    beside = f" (deal: {deals})" if deals else ""
    if math.isnan(row["from_lowest_pct"]):
        return f"new, {after}{beside}"
    before = _range(row["from_lowest_pct"], row["from_highest_pct"], "additional")
    return f"{before} to {after}{beside}"


def _weight(row: dict[str, Any]) -> str:
    """The trade at stake in a change, in words; "" where the rows were not weighed."""
    if "known" not in row:
        return ""
    if row["known"] == "no":
        return "trade not weighed"
    return f"{row['share_of_partner']:.1%} of their goods, {signed(row['points'], 2)} points"


def _range(low: float, high: float, basis: str) -> str:
    return rate(high, basis) if low == high else f"{bare_rate(low)}-{rate(high, basis)}"


def _who(row: dict[str, Any], names: Mapping[str, str]) -> str:
    codes = row["partners"].split(";")
    if len(codes) == len(names):
        return "all partners"
    return ", ".join(names[code] for code in codes) if len(codes) <= 3 else f"{len(codes)} partners"


def _brief(who: str) -> str:
    return who if len(who) <= 32 else who[:30].rstrip(" ,") + "..."


def _layer(row: dict[str, Any]) -> str:
    return layer_name(row["layer"], row["product"]).replace("Section 232", "s.232")
