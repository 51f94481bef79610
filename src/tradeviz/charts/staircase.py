"""The rate staircase of one partner: in force, scheduled, threatened and agreed, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.charts.steps import last_ahead, proposal_look, treads
from tradeviz.frames import records
from tradeviz.vocabulary import HEADLINE_LAYERS, layer_name
from tradeviz.wording import bare_rate, capital, count, day, day_of_year, listing, rate


class _Reach(NamedTuple):
    """The first and the last day of the panels, and the right edge of knowledge between them."""

    start: pd.Timestamp
    end: pd.Timestamp
    as_of: pd.Timestamp

    @property
    def days(self) -> int:
        return int((self.end - self.start).days)


@style.styled
def staircase(
    schedule: pd.DataFrame,
    threats: pd.DataFrame,
    deals: pd.DataFrame,
    as_of: pd.Timestamp,
    notes: Mapping[str, str] | None = None,
    *,
    axes: Sequence[Axes] | None = None,
) -> list[Axes]:
    """Draw the whole-economy rates of one partner as steps over time, one panel per layer.

    Parameters
    ----------
    schedule : pandas.DataFrame
        Steps of one partner, from `rates.schedules`; sector layers are left out.
    threats, deals : pandas.DataFrame
        From `rates.proposals` for the same partner.
    as_of : pandas.Timestamp
        Right edge of knowledge; beyond it only what was scheduled, threatened or agreed.
    notes : mapping of str to str, optional
        Words that belong to the rates of a layer, such as an exemption, by its code.
    axes : sequence of Axes, optional
        Where to draw, one for each panel; a figure of its own when not given.

    Returns
    -------
    list of Axes
        One panel per layer with a step or a proposal, days along x, percent along y.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, rates
    >>> ds = tradeviz.load("2025-04-25")
    >>> threats, agreed = (rates.proposals(ds, force, "KOR") for force in ("threat", "deal"))
    >>> axes = charts.staircase(rates.schedules(ds, "KOR"), threats, agreed, ds.as_of)
    >>> [ax.get_title(loc="left") for ax in axes]
    ['Reciprocal']
    """
    schedule, threats, deals = (_whole(frame) for frame in (schedule, threats, deals))
    moved = [schedule[schedule["rate_pct"] != 0], threats, deals]
    names = [name for name in HEADLINE_LAYERS if any((frame["layer"] == name).any() for frame in moved)]
    if not names:
        raise ValueError("no whole-economy rate to draw; say so in words instead")
    reach = _reach(schedule, threats, deals, as_of)
    heights = [2.3 if name == names[0] else 1.7 for name in names]
    if axes is None:
        grid: dict[str, Any] = {"sharex": True, "gridspec_kw": {"height_ratios": heights}}
        _, axes = parts.figure(sum(heights) + 0.3, len(names), **grid)
    axes = parts.panels(axes, len(names))
    proposed = []
    for ax, name in zip(axes, names, strict=True):
        steps = schedule[schedule["layer"] == name]
        threatened, agreed = (frame[frame["layer"] == name] for frame in (threats, deals))
        proposed.append(_panel(ax, steps, threatened, agreed, reach))
        note = (notes or {}).get(name, "")
        words = capital(layer_name(name)) + (f" ({note})" if note else "")
        ax.set_title(words, pad=18 if note and ax is axes[0] else 6)
        ax.set_ylabel("percent")
        ax.grid(axis="y")
        parts.as_of_line(ax, as_of, label=ax is axes[0])
        parts.day_axis(ax, reach.start, reach.end)
    if parts.whole_figure(axes[0]).get_size_inches()[1] < _LOW * len(names):
        _make_room(axes)
    labels.drop_covered(axes)
    for ax, said in zip(axes, proposed, strict=True):
        labels.place_labels(ax, said)
    return axes


_LOW = 0.8
"""Inches of a figure for each panel, below which the rates beside steps would reach into titles."""

_CEILING = 1.32
"""Upper end of a panel, as a multiple of its highest rate."""

_LONGEST_NAME = 24
"""Characters of the products beside a rate."""


def staircase_frame(schedule: pd.DataFrame, threats: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """Gather what the staircase draws.

    Returns
    -------
    pandas.DataFrame
        kind (order, threat or deal), layer, product, day (effective for an order, announced for
        the others), rate_pct (percent), basis, state (of an order; open or ended for the others),
        order_id. Empty where no whole-economy layer has a rate above zero or a proposal.
    """
    schedule, threats, deals = (_whole(frame) for frame in (schedule, threats, deals))
    parts = [schedule.assign(kind="order", day=schedule["effective"])]
    for rows, kind in ((threats, "threat"), (deals, "deal")):
        state = rows["alive"].map({True: "open", False: "ended"}).astype("str")
        parts.append(rows.assign(kind=kind, day=rows["announced"], state=state))
    if not len(threats) and not len(deals) and not (schedule["rate_pct"] != 0).any():
        parts = [part.iloc[:0] for part in parts]
    columns = ["kind", "layer", "product", "day", "rate_pct", "basis", "state", "order_id"]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def staircase_text(
    schedule: pd.DataFrame, threats: pd.DataFrame, deals: pd.DataFrame, as_of: pd.Timestamp
) -> str:
    """Say what the staircase shows: rates in force, what is scheduled, what was threatened or agreed."""
    schedule, threats, deals = (_whole(frame) for frame in (schedule, threats, deals))
    parts = []
    for (layer, product), steps in schedule.groupby(["layer", "product"], sort=False):
        walked = [
            f"{rate(row['rate_pct'], row['basis'])} from {day(row['effective'])}{_not_yet(row['state'])}"
            for row in records(steps)
        ]
        parts.append(f"{capital(layer_name(str(layer), str(product)))}: {listing(walked)}.")
    for rows, noun in ((threats, "threat"), (deals, "agreed rate")):
        if len(rows):
            alive = int(rows["alive"].sum())
            parts.append(f"{capital(count(len(rows), noun))} marked, {alive or 'none'} still open.")
    return " ".join(parts) or f"No rate was ordered, threatened or agreed by {day(as_of)}."


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["layer"].isin(HEADLINE_LAYERS)]


def _not_yet(state: str) -> str:
    return {"scheduled": " (scheduled)", "unconfirmed": " (scheduled; not confirmed)"}.get(state, "")


def _reach(schedule: pd.DataFrame, threats: pd.DataFrame, deals: pd.DataFrame, as_of: pd.Timestamp) -> _Reach:
    days = pd.concat([schedule["effective"], threats["announced"], deals["announced"]]).dropna()
    alive = [rows.loc[rows["alive"], "effective"] for rows in (threats, deals)]
    ahead: pd.Series = pd.concat([*alive, schedule["effective"]]).dropna()
    start = min(days.min(), as_of - pd.Timedelta(days=60)) - pd.Timedelta(days=10)
    last = last_ahead(ahead, as_of)
    room = pd.Timedelta(days=round(max((last - start).days, 30) * 0.13))
    return _Reach(start, last + room, as_of)


def _panel(
    ax: Axes, steps: pd.DataFrame, threats: pd.DataFrame, deals: pd.DataFrame, reach: _Reach
) -> list[labels.Label]:
    """Draw the steps and the marks of a layer; give the words that belong beside the marks."""
    each = [records(series) for _, series in steps.groupby("product", sort=False)]
    for series, name in zip(each, _names_at_the_end(each), strict=True):
        _steps(ax, series, reach, name if len(each) > 1 else "")
    known = pd.concat([steps["rate_pct"], threats["rate_pct"], deals["rate_pct"]])
    top = max(known.max() if len(known) else 0, 10)
    ax.set_ylim(-0.04 * top, top * _CEILING)
    return [*_marks(ax, threats, "threat", reach.days), *_marks(ax, deals, "deal", reach.days)]


def _make_room(axes: Sequence[Axes]) -> None:
    """Raise the upper ends of low panels, so that the rate beside the highest step stands below the title."""
    fig = parts.whole_figure(axes[0])
    style.lay_out(fig)
    for ax in axes:
        free = 1 - (1.3 * style.label_size() + 2) / (ax.get_window_extent().height * 72 / fig.dpi)
        low, high = ax.get_ylim()
        ax.set_ylim(low, max(high, high / _CEILING / max(free, 0.3)))


def _names_at_the_end(each: list[list[dict[str, Any]]]) -> list[str]:
    """The product beside the last rate of each series; series that end alike are named together, once."""
    last = [series[-1] for series in each]
    ends = [(row["rate_pct"], row["basis"], row["state"]) for row in last]
    alike = {end: [row["product"] for row, at in zip(last, ends, strict=True) if at == end] for end in ends}
    return [_named(alike[end]) if ends.index(end) == i else "" for i, end in enumerate(ends)]


def _named(products: list[str]) -> str:
    """Products in a few words: many names would cover what is drawn; the table has them."""
    return words if len(words := listing(products)) <= _LONGEST_NAME else f"on {count(len(products), 'list')}"


def _steps(ax: Axes, series: list[dict[str, Any]], reach: _Reach, name: str) -> None:
    end, as_of = reach.end, reach.as_of
    starts = [row["effective"] for row in series]
    for i, row in enumerate(series):
        until = starts[i + 1] if i + 1 < len(series) else end if row["effective"] > as_of else as_of
        _tread(ax, row, row["effective"], until, as_of)
        if i and row["effective"] != starts[i - 1]:
            before = series[i - 1]["rate_pct"]
            later = row["effective"] > as_of
            x, line = mdates.date2num(row["effective"]), ":" if later else "-"
            ax.plot([x, x], [before, row["rate_pct"]], color=palette.ink, linewidth=0.9, linestyle=line)
    _labels(ax, series, reach, name)


def _tread(
    ax: Axes, row: dict[str, Any], start: pd.Timestamp, until: pd.Timestamp, as_of: pd.Timestamp
) -> None:
    if start == until:  # it begins on the last day that is known: a dot, for a line would have no length
        dot: dict[str, Any] = {"marker": "s", "markersize": 4, "color": palette.ink}
        ax.plot(mdates.date2num(start), row["rate_pct"], zorder=6, **dot)
    for span, line in treads(row["state"], start, until, as_of):
        ax.plot(span, [row["rate_pct"]] * 2, color=palette.ink, linewidth=2.6, linestyle=line, zorder=3)


def _labels(ax: Axes, series: list[dict[str, Any]], reach: _Reach, name: str) -> None:
    end, as_of, days = reach.end, reach.as_of, reach.days
    shown = [row for i, row in enumerate(series) if not i or _changed(row, series[i - 1])]
    for i, row in enumerate(shown):
        following = shown[i + 1]["effective"] if i + 1 < len(shown) else end
        stays = (following - row["effective"]).days > days * 0.04
        last = i + 1 == len(shown)
        if not (stays or last or _peak(shown, i)):
            continue
        words = _label(row, shown[:i]) + (f" {name}" if name and last else "")
        crosses = row["effective"] <= as_of and (as_of - row["effective"]).days < days * 0.014 * len(words)
        x, right, ha = row["effective"], 2, "left" if stays or last else "center"
        if crosses and last:
            x, right, ha = as_of, -3, "right"
        at = (float(mdates.date2num(x)), row["rate_pct"])
        look = {"va": "bottom", "color": palette.ink, "zorder": 8 if last else 6}
        labels.beside(ax, words, at, right, 2, ha=ha, **look)


def _label(row: dict[str, Any], before: list[dict[str, Any]]) -> str:
    words = bare_rate(row["rate_pct"], row["basis"])
    if row["state"] == "unconfirmed":
        return f"{words}, scheduled; not confirmed"
    if row["state"] != "scheduled":
        return words
    back = "back to " if any(not _changed(row, earlier) for earlier in before) else ""
    return f"{day_of_year(row['effective'])}: {back}{words}"


def _peak(shown: list[dict[str, Any]], i: int) -> bool:
    neighbours = [shown[j]["rate_pct"] for j in (i - 1, i + 1) if 0 <= j < len(shown)]
    return all(row < shown[i]["rate_pct"] for row in neighbours)


def _changed(row: dict[str, Any], before: dict[str, Any]) -> bool:
    return (row["rate_pct"], row["basis"]) != (before["rate_pct"], before["basis"])


def _marks(ax: Axes, rows: pd.DataFrame, kind: str, days: int) -> list[labels.Label]:
    look = proposal_look(kind)
    shown = records(rows.drop_duplicates(["announced", "rate_pct", "basis", "effective"]))
    said = []
    for i, row in enumerate(shown):
        at = (mdates.date2num(row["announced"]), row["rate_pct"])
        ax.plot(*at, markersize=7, markeredgewidth=1.4, zorder=7, clip_on=False, **look)
        if not any(_crowded(row, later, days) for later in shown[i + 1 :]):
            words, colour = _said(row, kind), look["markeredgecolor"]
            rank = 1 if row["alive"] else 2  # what is still open is named before what is over
            said.append(labels.Label(row["announced"], row["rate_pct"], words, colour, rank))
    return said


def _crowded(row: dict[str, Any], later: dict[str, Any], days: int) -> bool:
    same = row["rate_pct"] == later["rate_pct"]
    return bool(same and (later["announced"] - row["announced"]).days < days * 0.15)


def _said(row: dict[str, Any], kind: str) -> str:
    if kind == "threat" and row["rate_pct"] == 0:
        return "threat withdrawn"
    since = f", open {row['days_open']} days" if row["alive"] and pd.isna(row["effective"]) else ""
    return f"{kind} {bare_rate(row['rate_pct'], row['basis'])}{since}"
