"""Rates around the deals: before, due or threatened, agreed, in force, one row per partner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.charts.steps import proposal_look
from tradeviz.frames import records
from tradeviz.wording import bare_rate, capital, count, day, listing, rate, short_day

WIDE_PCT = 60.0
"""A partner with a rate above this gets a panel with a scale of its own, in percent."""

_LANES = {"before": -0.29, "scheduled": -0.29, "threatened": -0.29, "agreed": 0.02, "in_force": 0.31}
_WORDS = {
    "before": "the day before the deal",
    "scheduled": "scheduled by then",
    "threatened": "highest threat",
    "agreed": "agreed",
    "in_force": "in force",
}
_HOLLOW: dict[str, Any] = {"markersize": 7, "markeredgewidth": 1.4, "markerfacecolor": "none"}
_LABEL = 0.07
"""Room that the number of a rate needs beside its mark, as a share of the panel's width."""


def _look(point: str) -> dict[str, Any]:
    """The mark of a rate: before, due, threatened, agreed or in force."""
    if point in ("threatened", "agreed"):
        look = proposal_look("threat" if point == "threatened" else "deal")
        return look | ({"markersize": 6} if point == "agreed" else _HOLLOW)
    if point == "scheduled":
        return {"marker": "|", "markersize": 10, "markeredgewidth": 1.6, "markeredgecolor": palette.ink}
    return parts.mark("o", 6, palette.ink if point == "in_force" else palette.paper)


def paths_frame(paths: pd.DataFrame) -> pd.DataFrame:
    """The rate paths of partners with a deal: those with a rate before it, or an agreed rate.

    Parameters
    ----------
    paths : pandas.DataFrame
        From `talks.deals.rate_paths`.

    Returns
    -------
    pandas.DataFrame
        The rows of those partners, columns as given (rate_pct in percent); empty before any deal.
    """
    with_deal = paths.loc[paths["point"].isin(["before", "agreed"]), "partner"]
    return paths[paths["partner"].isin(set(with_deal))].reset_index(drop=True)


@style.styled
def rate_paths(
    frame: pd.DataFrame,
    names: Mapping[str, str],
    as_of: pd.Timestamp,
    exempt: Mapping[str, str],
    *,
    axes: Sequence[Axes] | None = None,
) -> list[Axes]:
    """Draw each partner's rates in three lines: before the deal and due, agreed, in force.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `paths_frame`; at least one row.
    names : mapping of str to str
        Names of the partners by code.
    as_of : pandas.Timestamp
        The day on which the rates in force hold.
    exempt : mapping of str to str
        Words that stand beside a partner's rates, by code: an exemption; such partners come last.
    axes : sequence of Axes, optional
        Where to draw, one for each panel; a figure of its own when not given.

    Returns
    -------
    list of Axes
        Percent along x. Partners with a rate above `WIDE_PCT` stand in a first panel with a
        scale of its own, so that they do not squash the others.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts
    >>> from tradeviz.talks import deals
    >>> ds = tradeviz.load("2025-12-31")
    >>> frame = charts.paths_frame(deals.rate_paths(ds))
    >>> axes = charts.rate_paths(frame, ds.names, ds.as_of, {"CAN": "goods under USMCA exempt"})
    >>> axes[-1].get_xlabel()
    'percent of customs value; in force on 31 Dec 2025'
    """
    codes = parts.apart_last(dict.fromkeys(frame["partner"]), exempt)
    top = frame.groupby("partner")["rate_pct"].max()
    wide = [code for code in codes if top[code] > WIDE_PCT]
    groups = [group for group in (wide, [code for code in codes if code not in wide]) if group]
    heights = [len(group) + 0.9 for group in groups]
    own_figure = axes is None
    if axes is None:
        _, axes = parts.figure(0.6 + 0.5 * sum(heights), len(groups), height_ratios=heights)
    axes = parts.panels(axes, len(groups))
    for ax, group in zip(axes, groups, strict=True):
        _panel(ax, frame[frame["partner"].isin(group)], group, names, exempt)
    if len(groups) > 1:
        whose = listing([names[code] for code in wide])
        labels.above(axes[0], f"{whose}: a wider scale", (0, 1), (0, 3), color=palette.muted, va="bottom")
    axes[-1].set_xlabel(f"percent of customs value; in force on {short_day(as_of)}")
    points = [point for point in _WORDS if (frame["point"] == point).any()]
    signs = [parts.sign(_WORDS[point], **_look(point)) for point in points]
    parts.key(axes[0], signs, len(signs), own_figure, raised=18, handletextpad=0.1)
    return axes


def rate_paths_text(frame: pd.DataFrame, names: Mapping[str, str], as_of: pd.Timestamp) -> str:
    """Say for each partner what stood before, what was due or threatened, agreed, and is in force."""
    if frame.empty:
        return "No deal is on record by this day."
    parts = []
    for code, rows in frame.groupby("partner", sort=False):
        points = [f"{_WORDS[row['point']]} {rate(row['rate_pct'], row['basis'])}" for row in records(rows)]
        parts.append(f"{names[str(code)]}: {', '.join(points)}")
    return f"{_finding(frame, as_of)} {'; '.join(parts)}."


def _finding(frame: pd.DataFrame, as_of: pd.Timestamp) -> str:
    rates, bases = (_points(frame, name) for name in ("rate_pct", "basis"))
    both = rates.dropna(subset=["agreed", "in_force"])
    same = both["agreed"] == both["in_force"]
    same &= (bases["agreed"] == bases["in_force"]).loc[both.index]
    due = rates[["scheduled", "threatened"]].max(axis=1)
    known = rates["agreed"].notna() & due.notna()
    below = int((rates["agreed"] < due)[known].sum())
    who = count(len(rates), "partner")
    sentences = [f"{capital(who)} with a deal or an agreed rate by {day(as_of)}."]
    if known.any():
        sentences.append(
            f"For {below} of {int(known.sum())} the agreed rate lies below the highest one that was "
            "scheduled by then or threatened."
        )
    if len(both):
        equal = f"For {int(same.sum())} of {len(both)} the rate in force equals the agreed one"
        sentences.append(f"{equal}{_moved(frame)}.")
    return " ".join(sentences)


def _points(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """A row for each partner, a column for each point of its path."""
    return frame.pivot(index="partner", columns="point", values=name).reindex(columns=list(_WORDS))


def _moved(frame: pd.DataFrame) -> str:
    """Say for how many the rate in force rests on none of the layers of the agreed one."""
    layers = _points(frame, "layers").dropna(subset=["agreed", "in_force"])
    moved = [set(row["agreed"].split(";")).isdisjoint(row["in_force"].split(";")) for row in records(layers)]
    return f", for {sum(moved)} it rests on another legal ground" if any(moved) else ""


def _panel(
    ax: Axes, frame: pd.DataFrame, codes: list[str], names: Mapping[str, str], exempt: Mapping[str, str]
) -> None:
    reach = max(float(frame["rate_pct"].max()), 10.0) * 1.12
    for y, code in enumerate(codes):
        by_point = {row["point"]: row for row in records(frame[frame["partner"] == code])}
        path = [by_point[point] for point in ("before", "agreed", "in_force") if point in by_point]
        lanes = [y + _LANES[row["point"]] for row in path]
        ax.plot([row["rate_pct"] for row in path], lanes, color=palette.muted, linewidth=0.7)
        _upper(ax, [by_point[p] for p in ("before", "scheduled", "threatened") if p in by_point], y, reach)
        for point in ("agreed", "in_force"):
            if point in by_point:
                row = by_point[point]
                _mark(ax, row, y)
                _label(ax, bare_rate(row["rate_pct"], row["basis"]), row, y, 1)
        if y:
            parts.rule(ax, y, codes, exempt)
    own_names = {code: _name(code, names, exempt) for code in codes}
    parts.name_rows(ax, parts.row_places(codes, ()), own_names, above=0.55, below=0.55)
    ax.set_xlim(0, reach)
    ax.grid(axis="x")


def _name(code: str, names: Mapping[str, str], exempt: Mapping[str, str]) -> str:
    if code not in exempt:
        return names[code]
    return f"{names[code]}\n({exempt[code].replace('under ', 'under' + chr(10))})"


def _upper(ax: Axes, rows: list[dict[str, Any]], y: int, reach: float) -> None:
    """Draw what stood, was due and was threatened; equal rates share one number."""
    values = sorted({(row["rate_pct"], row["basis"]) for row in rows})
    if len(values) > 1:
        ends, lanes = [values[0][0], values[-1][0]], [y + _LANES["before"]] * 2
        ax.plot(ends, lanes, color=palette.muted, linewidth=0.7, linestyle=(0, (3, 2)))
    for row in rows:
        _mark(ax, row, y)
    for i, (value, basis) in enumerate(values):
        row = next(row for row in rows if (row["rate_pct"], row["basis"]) == (value, basis))
        words = bare_rate(value, basis)
        room = values[i + 1][0] - value if i + 1 < len(values) else reach
        leftmost = i == 0 and len(values) > 1 and value > reach * _LABEL
        _label(ax, words, row, y, -1 if leftmost or room < reach * _LABEL else 1)


def _mark(ax: Axes, row: dict[str, Any], y: int) -> None:
    look = {"linestyle": "", **_look(row["point"])}
    ax.plot(row["rate_pct"], y + _LANES[row["point"]], zorder=4, clip_on=False, **look)


def _label(ax: Axes, words: str, row: dict[str, Any], y: int, side: int) -> None:
    weight = "bold" if row["point"] == "in_force" else "normal"
    at = (row["rate_pct"], y + _LANES[row["point"]])
    labels.beside(ax, words, at, 8 * side, fontweight=weight, bbox=labels.ground(), zorder=3)
