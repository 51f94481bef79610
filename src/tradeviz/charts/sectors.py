"""The sector calendar: Section 232 duties by product over time, with the partners' own rates below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.textpath import TextPath

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.charts.steps import last_ahead, merged
from tradeviz.frames import records
from tradeviz.vocabulary import GENERAL, LAYER_NAMES
from tradeviz.wording import bare_rate, capital, count, day, listing, rate

_ROW_INCHES = 0.22
_LEFT_INCHES = 2.15
_Row = tuple[str, list[dict[str, Any]], bool]


@style.styled
def sectors(
    calendar: pd.DataFrame, names: Mapping[str, str], as_of: pd.Timestamp, *, ax: Axes | None = None
) -> Axes:
    """Draw the rates of each product as bars over time, partners with rates of their own below.

    Parameters
    ----------
    calendar : pandas.DataFrame
        From `rates.sector_calendar`.
    names : mapping of str to str
        Names of the partners by code.
    as_of : pandas.Timestamp
        Right edge of knowledge; beyond it only what was scheduled.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Days along x; along y one dark row per product for all countries, and one thin grey row for
        partners that share a schedule of their own. The rate in percent stands in or beside its
        bar; what is scheduled is hollow with a dashed edge.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, rates
    >>> ds = tradeviz.load("2025-04-25")
    >>> ax = charts.sectors(rates.sector_calendar(ds), ds.names, ds.as_of)
    >>> ax.get_xlabel()
    'rates in percent; * goods under USMCA pay less or nothing'
    """
    start, end = _reach(calendar, as_of)
    rows = _rows(calendar, names)
    places: list[float] = []
    y = 0.5
    for label, _, general in rows:
        tall = (1.6 if "\n" in label else 1.0) + (0.25 if general and places else 0.0)
        places.append(y + tall - (0.8 if "\n" in label else 0.5))
        y += tall
    height = 0.75 + _ROW_INCHES * y
    own_figure = ax is None
    ax = parts.panel(ax, height)
    if own_figure:
        parts.margins(ax, _LEFT_INCHES, 0.1, 0.5, 0.25)
    parts.day_axis(ax, start, end)
    ax.set_ylim(y + 0.1, 0.4)
    width_points = ax.get_window_extent().width * 72 / parts.whole_figure(ax).dpi
    for middle, (_, steps, general) in zip(places, rows, strict=True):
        _bars(ax, middle, steps, as_of, end, general, width_points / (end - start).days)
    ax.set_yticks(places, [label for label, _, _ in rows])
    for tick, (_, _, general) in zip(ax.get_yticklabels(), rows, strict=True):
        tick.set(color=palette.ink if general else palette.muted)
    parts.as_of_line(ax, as_of)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    starred = any("*" in label for label, _, _ in rows)
    ax.set_xlabel("rates in percent" + ("; * goods under USMCA pay less or nothing" if starred else ""))
    return ax


def sectors_text(calendar: pd.DataFrame, names: Mapping[str, str], as_of: pd.Timestamp) -> str:
    """Say for each product which rate is in force and due for all, and who has one of their own."""
    if calendar.empty:
        return f"No Section 232 duty was ordered by {day(as_of)}."
    general = calendar[calendar["partner"] == GENERAL]
    partner_steps = calendar[(calendar["partner"] != GENERAL) & (calendar["state"] == "in_force")]
    parts = []
    for (layer, product), steps in general.groupby(["layer", "product"], sort=False):
        said = [_in_words(row) for row in records(steps) if row["state"] != "past"]
        same = partner_steps[(partner_steps["layer"] == layer) & (partner_steps["product"] == product)]
        shared: dict[str, list[str]] = {}
        for row in records(same):
            exempt = f" ({row['usmca']})" if row["usmca"] else ""
            shared.setdefault(rate(row["rate_pct"], row["basis"]) + exempt, []).append(names[row["partner"]])
        beside = [f"{words} for {listing(whom)}" for words, whom in shared.items()]
        words = "; own schedules: " + ", ".join(beside) if beside else ""
        parts.append(f"{capital(_goods(str(layer), str(product)))}: {', '.join(said)}{words}.")
    n = count(len(parts), "group of goods", "groups of goods")
    return f"{capital(n)} under Section 232 as of {day(as_of)}. {' '.join(parts)}"


def _in_words(row: dict[str, Any]) -> str:
    words = rate(row["rate_pct"], row["basis"])
    if row["state"] == "unconfirmed":
        return f"{words} from {day(row['effective'])} (scheduled; not confirmed)"
    ahead = " scheduled" if row["state"] == "scheduled" else ""
    return f"{words}{ahead} from {day(row['effective'])}"


def _goods(layer: str, product: str) -> str:
    name = LAYER_NAMES[layer].removeprefix("Section 232 ")
    return f"{name}: {product}" if product else name


def _rows(calendar: pd.DataFrame, names: Mapping[str, str]) -> list[_Row]:
    rows: list[_Row] = []
    for (layer, product), group in calendar.groupby(["layer", "product"], sort=False):
        alike: dict[tuple[Any, ...], tuple[list[str], list[dict[str, Any]]]] = {}
        for code, steps in group.groupby("partner", sort=False):
            joined = merged(records(steps))
            key = tuple((row["effective"], row["rate_pct"], row["basis"]) for row in joined)
            if code == GENERAL:
                rows.append((_wrapped(_goods(str(layer), str(product))), joined, True))
            else:
                star = " *" if steps["usmca"].any() else ""
                alike.setdefault(key, ([], joined))[0].append(names[str(code)] + star)
        rows += [(_brief(whom), steps, False) for whom, steps in alike.values()]
    return rows


def _wrapped(words: str) -> str:
    return words if len(words) <= 30 else words.replace(": ", ":\n", 1)


def _brief(whom: list[str]) -> str:
    words = ", ".join(whom)
    if len(words) <= 30:
        return words
    half = -(-len(whom) // 2)
    return f"{', '.join(whom[:half])},\n{', '.join(whom[half:])}"


def _reach(calendar: pd.DataFrame, as_of: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp]:
    start = min(calendar["effective"].min(), as_of - pd.Timedelta(days=30))
    last = last_ahead(calendar["effective"], as_of)
    span = max((last - start).days, 30)
    return start - pd.Timedelta(days=span * 0.02), last + pd.Timedelta(days=round(span * 0.16))


def _bars(
    ax: Axes,
    y: float,
    steps: list[dict[str, Any]],
    as_of: pd.Timestamp,
    end: pd.Timestamp,
    general: bool,
    points_per_day: float,
) -> None:
    for row in steps:
        begun = row["state"] != "scheduled" and row["effective"] <= as_of
        until = row["until"] if pd.notna(row["until"]) else as_of if begun else end
        solid_to = min(until, as_of)
        if begun:
            _bar(ax, y, row["effective"], solid_to, general, row["state"])
        if until > as_of:
            _bar(ax, y, max(row["effective"], as_of), until, general, "scheduled")
        words = bare_rate(row["rate_pct"], row["basis"])
        room = ((solid_to if begun else until) - row["effective"]).days * points_per_day
        inside = TextPath((0, 0), words, size=style.label_size()).get_extents().width + 6 < room
        last = row is steps[-1] or until > as_of
        if inside or last:
            x = row["effective"] if inside or not begun else solid_to
            filled = inside and begun and row["state"] != "unconfirmed"
            look: dict[str, Any] = {"color": palette.paper if filled else palette.ink, "zorder": 7}
            weight = "bold" if general else "normal"
            labels.beside(ax, words, (float(mdates.date2num(x)), y), 4, fontweight=weight, **look)


def _bar(ax: Axes, y: float, start: pd.Timestamp, until: pd.Timestamp, general: bool, state: str) -> None:
    tall = 0.86 if general else 0.7
    left, right = mdates.date2num(start), mdates.date2num(until)
    colour = palette.ink if general else palette.mid
    hollow = state in ("scheduled", "unconfirmed")
    bar = Rectangle((left, y - tall / 2), right - left, tall, linewidth=1.0, zorder=3)
    face, edge = (palette.paper, colour) if hollow else (colour, palette.paper)
    line = {"scheduled": "--", "unconfirmed": ":"}.get(state, "-")
    bar.set(facecolor=face, edgecolor=edge, linestyle=line)
    ax.add_patch(bar)
