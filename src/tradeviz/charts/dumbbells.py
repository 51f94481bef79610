"""Threatened, ordered, in force: how far the highest rate said lies from what is charged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.charts.timeline import LINEAR_TO
from tradeviz.frames import records
from tradeviz.wording import bare_rate, capital, count, day, listing, rate, short_day

_APART = 0.6
_WORDS_AT = {"threatened": 10, "ordered": 119, "in_force": 220}
"""Left ends of the columns of words, in points from the panel, for letters of the project's size."""


@style.styled
def dumbbells(
    highest: pd.DataFrame,
    names: Mapping[str, str],
    border: Sequence[str],
    as_of: pd.Timestamp,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the highest threat, the highest rate ordered and the rate in force on one line per partner.

    Parameters
    ----------
    highest : pandas.DataFrame
        From `rates.highest_rates`.
    names : mapping of str to str
        Names of the partners by code, in order.
    border : sequence of str
        Partners that stand apart below the others.
    as_of : pandas.Timestamp
        The day of the rate in force.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Percent along x, linear to 50 and compressed above where a rate lies higher; partners along
        y. Hollow triangle: threatened; ring: ordered; dot: in force; the rates stand beside.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, rates
    >>> ds = tradeviz.load("2025-04-25")
    >>> ax = charts.dumbbells(rates.highest_rates(ds), ds.names, ds.border, ds.as_of)
    >>> ax.get_xlabel()
    'percent, as of 25 Apr 2025; * goods under USMCA exempt'
    """
    rows = {row["partner"]: row for row in records(highest)}
    places = parts.row_places(rows, border, _APART)
    own_figure = ax is None
    ax = parts.panel(ax, 0.85 + 0.26 * (max(places.values()) + 1))
    if own_figure:
        parts.margins(ax, 1.116, 3.924, 0.55, 0.3)  # the columns of words stand at the right
    top = max(float(highest[["threatened_pct", "ordered_pct", "in_force_pct"]].max().max()), 10.0)
    if top > LINEAR_TO:
        ax.set_xscale("symlog", linthresh=LINEAR_TO, linscale=1.1)
    ticks = [tick for tick in (0, 10, 25, 50, 100) if tick <= top * 1.1]
    ax.set_xlim(-1, top * 1.15)
    ax.set_xticks(ticks, [f"{tick}%" for tick in ticks])
    ax.minorticks_off()
    for code, y in places.items():
        _row(ax, y, rows[code])
    heads = {"threatened": "threatened, on", "ordered": "ordered, for", "in_force": "in force"}
    for head, words in heads.items():
        _words(ax, head, -0.95, words, palette.muted)
    starred_names = {code: names[code] + (" *" if code in border else "") for code in rows}
    parts.name_rows(ax, places, starred_names)
    ax.tick_params(axis="y", colors=mpl.rcParams["ytick.color"])
    starred = "; * goods under USMCA exempt" if any(code in border for code in rows) else ""
    ax.set_xlabel(f"percent, as of {short_day(as_of)}{starred}")
    ax.grid(axis="x")
    return ax


def dumbbells_text(
    highest: pd.DataFrame, names: Mapping[str, str], border: Sequence[str], as_of: pd.Timestamp
) -> str:
    """Say who was threatened, ordered and charged most, and how rates in force compare with both."""
    if highest.empty:
        return f"No rate was threatened or ordered by {day(as_of)}."
    inner = highest[~highest["partner"].isin(border)]
    parts = [f"{capital(count(len(highest), 'partner'))} with a rate threatened or ordered."]
    heads = {"threatened": "threat", "ordered": "rate ordered", "in_force": "in force"}
    for head, words in heads.items():
        known = highest[highest[f"{head}_pct"] > 0]
        if len(known):
            row = max(records(known), key=lambda record: record[f"{head}_pct"])
            top = rate(row[f"{head}_pct"], row[f"{head}_basis"])
            parts.append(f"Highest {words}: {names[row['partner']]}, {top}.")
    same = inner["in_force_pct"] == inner["ordered_pct"]
    same &= inner["in_force_basis"] == inner["ordered_basis"]
    ordered = inner["ordered_pct"] > 0
    parts.append(
        f"Border partners apart, {count(int((ordered & ~same).sum()), 'partner')} of {int(ordered.sum())}"
        f" had less in force on {day(as_of)} than was once ordered."
    )
    for head, words in (("replaced", "never applied"), ("scheduled", "still to come")):
        whom = [names[code] for code in highest.loc[highest["ordered_state"] == head, "partner"]]
        if whom:
            parts.append(f"The highest rate ordered is {words} for {listing(whom)}.")
    said = [
        f"{names[code]} threatened {_threat(row)}, ordered {_ordered(row)}, in force {_in_force(row)}"
        for code, row in zip(highest["partner"], records(highest), strict=True)
    ]
    return f"{' '.join(parts)} {'; '.join(said)}."


def _row(ax: Axes, y: float, row: dict[str, Any]) -> None:
    known = [row[f"{head}_pct"] for head in _WORDS_AT if row[f"{head}_pct"] >= 0]
    ax.plot([min(known), max(known)], [y, y], color=palette.grey, linewidth=1.2, zorder=2)
    looks = {
        "ordered": parts.mark("o", 8, palette.paper),
        "in_force": parts.mark("o", 5, palette.ink),
        "threatened": parts.mark("^", 8, "none", palette.threat),
    }
    for zorder, (head, look) in enumerate(looks.items(), start=3):
        ax.plot(row[f"{head}_pct"], y, linestyle="", markeredgewidth=1.3, zorder=zorder, **look)
    columns = {"threatened": _threat(row), "ordered": _ordered(row), "in_force": _in_force(row)}
    for head, words in columns.items():
        colour = palette.threat if head == "threatened" else palette.ink
        _words(ax, head, y, words, palette.muted if words == "none" else colour, head == "in_force")


def _words(ax: Axes, column: str, y: float, words: str, colour: str, bold: bool = False) -> None:
    right = _WORDS_AT[column] * style.font_scale()
    labels.at_edge(ax, words, y, right, color=colour, fontweight="bold" if bold else "normal")


def _threat(row: dict[str, Any]) -> str:
    if not row["threatened_pct"] > 0:
        return "none"
    still = ", open" if row["threatened_open"] else ""
    words = bare_rate(row["threatened_pct"], row["threatened_basis"])
    return f"{words} ({short_day(row['threatened_day'])}{still})"


def _ordered(row: dict[str, Any]) -> str:
    if not row["ordered_pct"] > 0:
        return "none"
    ends = {"applied": "", "scheduled": ", due", "replaced": ", never"}[row["ordered_state"]]
    words = bare_rate(row["ordered_pct"], row["ordered_basis"])
    return f"{words} ({short_day(row['ordered_day'])}{ends})"


def _in_force(row: dict[str, Any]) -> str:
    if not row["in_force_pct"] > 0:
        return "none"
    converted = " converted" if row["in_force_converted"] else ""
    return bare_rate(row["in_force_pct"], row["in_force_basis"]) + converted
