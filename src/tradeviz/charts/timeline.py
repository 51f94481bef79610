"""Small multiples of rates: one panel per partner on shared axes, with what was said beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import parts, style
from tradeviz.charts.labels import Label, above, place_labels
from tradeviz.charts.palette import palette
from tradeviz.charts.steps import last_ahead, merged, proposal_look, treads
from tradeviz.frames import records
from tradeviz.vocabulary import layer_name
from tradeviz.wording import bare_rate, capital, count, day, listing, rate, short_day

LINEAR_TO = 50.0
"""Up to this rate (percent) the axis is linear; above it is compressed."""

_COLUMNS = 4
_KEY_WIDTH = 106
_PANEL_HEIGHT, _LINE_HEIGHT = 0.95, 0.152
_SECOND_LAYERS = {"fentanyl": "fentanyl", "country_special": "special"}
_TICKS = (0, 10, 25, 50, 100)


@style.styled
def timeline(
    rows: pd.DataFrame,
    events: pd.DataFrame,
    names: Mapping[str, str],
    border: Sequence[str],
    as_of: pd.Timestamp,
    *,
    axes: Sequence[Axes] | None = None,
) -> list[Axes]:
    """Draw the whole-economy rates of every partner over time, with threats and deals as marks.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `rates.timeline`.
    events : pandas.DataFrame
        From `rates.general_events`: thin lines, lettered above the top row, told below the panels;
        those before the first day drawn are left out.
    names : mapping of str to str
        Names of the partners by code, in order.
    border : sequence of str
        Partners drawn last, on a grey ground.
    as_of : pandas.Timestamp
        Right edge of knowledge; beyond it only what was scheduled.
    axes : sequence of Axes, optional
        Where to draw, one for each panel; a figure of its own when not given.

    Returns
    -------
    list of Axes
        One panel per partner, days along x, percent along y on one scale: linear to `LINEAR_TO`,
        compressed above.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, rates
    >>> ds = tradeviz.load("2025-04-25")
    >>> rows, events = rates.timeline(ds), rates.general_events(ds)
    >>> axes = charts.timeline(rows, events, ds.names, ds.border, ds.as_of)
    >>> len(axes) == len(ds.names)
    True
    """
    codes = parts.apart_last(names, border)
    start, end = _reach(rows, as_of)
    events = events[events["date"] >= start]
    lettered = _lettered(events, (end - start).days * 0.085)
    key = ["Grey panels: goods under USMCA exempt", *_key_lines(lettered)]
    own_figure = axes is None
    if axes is None:
        axes, below = _grid(len(codes), len(key))
    axes = parts.panels(axes, len(codes))
    _scales(axes, rows, (start, end))
    for ax, code in zip(axes, codes, strict=True):
        ax.set_title(names[code], pad=16 if ax in axes[:_COLUMNS] and lettered and own_figure else 4)
        ax.set_facecolor(palette.ground if code in border else palette.paper)
        for event in records(events):
            ax.axvline(mdates.date2num(event["date"]), color=palette.grey, linewidth=0.6, zorder=1)
        parts.as_of_line(ax, as_of, label=False)
    if own_figure:
        _letters(axes[:_COLUMNS], lettered)
        _key(below, key)
    style.lay_out(parts.whole_figure(axes[0]))  # labels are placed by the final size of the panels
    for ax, code in zip(axes, codes, strict=True):
        labels = _partner(ax, rows[rows["partner"] == code], as_of, end)
        place_labels(ax, labels)
    return axes


def timeline_text(
    rows: pd.DataFrame, names: Mapping[str, str], border: Sequence[str], as_of: pd.Timestamp
) -> str:
    """Say what the panels show: rates in force and due by partner, the highest, the threats and deals."""
    orders = rows[rows["kind"] == "order"]
    before = orders.groupby(["partner", "layer", "product"], sort=False)["rate_pct"].shift().fillna(0.0)
    orders = orders[(orders["rate_pct"] != 0) | ((orders["state"] == "scheduled") & (before != 0))]
    if rows.empty:
        return f"No rate was ordered, threatened or agreed by {day(as_of)}."
    parts = [f"Rates of {count(rows['partner'].nunique(), 'partner')} as of {day(as_of)}."]
    if len(orders):
        top = max(records(orders), key=lambda row: row["rate_pct"])
        parts.append(
            f"Highest: {names[top['partner']]}, {layer_name(top['layer'], top['product'])}"
            f" {rate(top['rate_pct'], top['basis'])} from {day(top['day'])}."
        )
    for state, words in (("in_force", "In force"), ("scheduled", "Scheduled")):
        found = orders[orders["state"] == state]
        if len(found):
            parts.append(f"{words}: {'; '.join(_said(found, names, border))}.")
    for kind, noun in (("threat", "threat"), ("deal", "agreed rate")):
        said = rows[(rows["kind"] == kind) & ((rows["rate_pct"] > 0) | (kind == "deal"))]
        if len(said):
            still = int((said["state"] == "open").sum())
            parts.append(f"{capital(count(len(said), noun))} marked, {still or 'none'} still open.")
    return " ".join(parts)


def _said(found: pd.DataFrame, names: Mapping[str, str], border: Sequence[str]) -> list[str]:
    """Rates in words, each with the partners that have just these."""
    said: dict[str, list[str]] = {}
    for code, rows in found.groupby("partner", sort=False):
        rates = [
            f"{rate(row['rate_pct'], row['basis'])} {layer_name(row['layer'], row['product'])}"
            + (f" from {day(row['day'])}" if row["state"] == "scheduled" else "")
            for row in records(rows)
        ]
        exempt = " (goods under USMCA exempt)" if code in border else ""
        said.setdefault(listing(rates) + exempt, []).append(names[str(code)])
    return [f"{words}: {listing(whom)}" for words, whom in said.items()]


def _reach(rows: pd.DataFrame, as_of: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp]:
    start = min(rows["day"].min(), as_of - pd.Timedelta(days=60))
    later = rows.loc[rows["state"] == "scheduled", "day"]
    last = last_ahead(later, as_of)
    span = (last - start).days
    pad = 0.14 if last > as_of else 0.03
    return start - pd.Timedelta(days=span * 0.03), last + pd.Timedelta(days=span * pad)


def _grid(number: int, key_lines: int) -> tuple[list[Axes], Axes]:
    """Panels on one scale, row by row, and a place for the key below them."""
    tall = -(-number // _COLUMNS)
    heights = [_PANEL_HEIGHT] * tall + [key_lines * _LINE_HEIGHT]
    size = parts.figure_size(sum(heights) + 0.27 * tall + 0.55)
    fig = plt.figure(figsize=size, layout="constrained")
    grid = fig.add_gridspec(tall + 1, _COLUMNS, height_ratios=heights)
    axes: list[Axes] = []
    for i in range(number):
        share = axes[0] if axes else None
        ax = fig.add_subplot(grid[i // _COLUMNS, i % _COLUMNS], sharex=share, sharey=share)
        ax.tick_params(labelleft=i % _COLUMNS == 0, labelbottom=i + _COLUMNS >= number)
        axes.append(ax)
    return axes, fig.add_subplot(grid[tall, :])


def _scales(axes: list[Axes], rows: pd.DataFrame, reach: tuple[pd.Timestamp, pd.Timestamp]) -> None:
    top = max(float(rows["rate_pct"].max()), 10.0)
    ticks = [tick for tick in _TICKS if tick <= top * 1.35]
    months = next((step for step in (1, 2, 3, 6, 12) if (reach[1] - reach[0]).days / 30.4 / step <= 4.5), 12)
    locator = mdates.MonthLocator(bymonth=range(1, 13, months))
    for ax in axes:
        if top > LINEAR_TO:
            ax.set_yscale("symlog", linthresh=LINEAR_TO, linscale=1.2)
        ax.set_ylim(0, top * 1.35)
        ax.set_yticks(ticks, [f"{tick}%" for tick in ticks])
        ax.minorticks_off()
        parts.day_ticks(ax, reach[0], reach[1], locator)
        ax.grid(axis="y")


def _lettered(events: pd.DataFrame, gap: float) -> list[tuple[str, list[dict[str, Any]]]]:
    """Gather events that lie too near to each other for a letter of their own."""
    groups: list[list[dict[str, Any]]] = []
    for event in records(events):
        if groups and (event["date"] - groups[-1][0]["date"]).days < gap:
            groups[-1].append(event)
        else:
            groups.append([event])
    return [(chr(ord("A") + i), group) for i, group in enumerate(groups)]


def _letters(top: list[Axes], lettered: list[tuple[str, list[dict[str, Any]]]]) -> None:
    for ax in top:
        low, high = ax.get_xlim()
        middles = [sum(mdates.date2num(e["date"]) for e in group) / len(group) for _, group in lettered]
        for (letter, _), x in zip(lettered, parts.spread(middles, (high - low) * 0.075), strict=True):
            above(ax, letter, (x, 1), (0, 2), ha="center", va="bottom", color=palette.muted)


def _key_lines(lettered: list[tuple[str, list[dict[str, Any]]]]) -> list[str]:
    lines: list[str] = []
    for letter, group in lettered:
        words = "; ".join(f"{short_day(event['date'])}: {event['title']}" for event in group)
        line = f"{letter}  {words}"
        lines += textwrap.wrap(line, _KEY_WIDTH, subsequent_indent="     ", break_on_hyphens=False)
    return lines


def _key(ax: Axes, lines: list[str]) -> None:
    ax.set_axis_off()
    words = above(ax, "\n".join(lines), (0, 1), (0, 0), va="top", color=palette.muted)
    words.set_in_layout(False)


def _partner(ax: Axes, rows: pd.DataFrame, as_of: pd.Timestamp, end: pd.Timestamp) -> list[Label]:
    orders = rows[rows["kind"] == "order"]
    series = [merged(_stacked(layer)) for _, layer in orders.groupby("layer", sort=False)]
    running = [steps for steps in series if any(_current(row) for row in steps)]
    labels: list[Label] = []
    for steps in series:
        labels += _line(ax, steps, as_of, end, named=len(running) > 1)
    past = [row for steps in series for row in steps if row["rate_pct"]]
    peak = max(past, key=lambda row: row["rate_pct"], default=None)
    if peak and all(peak["rate_pct"] != label.level for label in labels):
        words = bare_rate(peak["rate_pct"], peak["basis"])
        labels.append(Label(peak["day"], peak["rate_pct"], words, palette.ink, 1))
    raised = rows[(rows["kind"] == "deal") | ((rows["kind"] == "threat") & (rows["rate_pct"] > 0))]
    said = records(raised.drop_duplicates(["kind", "day", "rate_pct", "basis"]))
    for row in said:
        _mark(ax, row)
    loudest = max((r for r in said if r["kind"] == "threat"), key=lambda r: r["rate_pct"], default=None)
    if loudest:
        words = bare_rate(loudest["rate_pct"], loudest["basis"])
        labels.append(Label(loudest["day"], loudest["rate_pct"], words, palette.threat, 2))
    seen: dict[tuple[float, str, str], Label] = {}
    for label in labels:
        seen.setdefault((label.level, label.text, label.colour), label)
    return list(seen.values())


def _stacked(layer: pd.DataFrame) -> list[dict[str, Any]]:
    """One series per layer; programmes of a layer that stand together are added up."""
    if layer["product"].nunique() < 2 or (layer["basis"] == "all_in").any():
        return records(layer)
    steps = []
    for when in sorted(set(layer["day"])):
        latest = layer[layer["day"] <= when].groupby("product", sort=False).tail(1)
        news = records(latest[latest["day"] == when])[-1]
        parts = [value for value in latest["rate_pct"] if value]
        words = "+".join(bare_rate(value) for value in parts) if len(parts) > 1 else ""
        steps.append(news | {"rate_pct": float(sum(parts)), "words": words})
    begun = [step for step in steps if step["state"] == "in_force"]
    for step in begun[:-1]:
        step["state"] = "past"
    return steps


def _current(row: dict[str, Any]) -> bool:
    return bool(row["rate_pct"]) and row["state"] in ("in_force", "scheduled")


def _line(
    ax: Axes, steps: list[dict[str, Any]], as_of: pd.Timestamp, end: pd.Timestamp, named: bool
) -> list[Label]:
    layer = steps[0]["layer"]
    second = layer in _SECOND_LAYERS
    colour, width = (palette.muted, 1.3) if second else (palette.ink, 2.0)
    labels = []
    untils = [row["day"] for row in steps[1:]] + [end]
    for i, (row, until) in enumerate(zip(steps, untils, strict=True)):
        if i + 1 == len(steps) and row["day"] <= as_of:
            until = as_of
        _tread(ax, row, until, as_of, colour, width)
        after = steps[i + 1] if i + 1 < len(steps) else None
        if _current(row) and (after is None or after["rate_pct"] != row["rate_pct"]):
            text = row.get("words") or bare_rate(row["rate_pct"], row["basis"])
            text += f" {_SECOND_LAYERS[layer]}" if second and named else ""
            x = min(until, as_of) if row["state"] == "in_force" else until
            labels.append(Label(x, row["rate_pct"], text, colour, 0))
    _risers(ax, steps, as_of, colour)
    return labels


def _tread(
    ax: Axes, row: dict[str, Any], until: pd.Timestamp, as_of: pd.Timestamp, colour: str, width: float
) -> None:
    if not row["rate_pct"]:
        return
    left, right = ax.get_xlim()
    if row["state"] == "in_force" and (as_of - row["day"]).days < 0.02 * (right - left):
        # it has just begun: a dot, for a line would be too short to see
        ax.plot(mdates.date2num(as_of), row["rate_pct"], marker="s", markersize=4.5, color=colour, zorder=6)
    level, all_in = [row["rate_pct"]] * 2, row["basis"] == "all_in"
    for span, line in treads(row["state"], row["day"], until, as_of):
        ax.plot(span, level, color=colour, linewidth=width + 1.6 * all_in, linestyle=line, zorder=3)
        if all_in:
            ax.plot(span, level, color=palette.paper, linewidth=1.2, zorder=3.1)


def _risers(ax: Axes, steps: list[dict[str, Any]], as_of: pd.Timestamp, colour: str) -> None:
    for before, after in pairwise([{"rate_pct": 0.0}, *steps]):
        if before["rate_pct"] != after["rate_pct"]:
            x = mdates.date2num(after["day"])
            look = ":" if after["day"] > as_of else "-"
            ends = [before["rate_pct"], after["rate_pct"]]
            ax.plot([x, x], ends, color=colour, linewidth=0.8, linestyle=look)


def _mark(ax: Axes, row: dict[str, Any]) -> None:
    size = 5 if row["kind"] == "threat" else 4
    look = proposal_look(row["kind"])
    at = mdates.date2num(row["day"]), row["rate_pct"]
    ax.plot(*at, markersize=size, markeredgewidth=1.2, zorder=6, clip_on=False, **look)
