"""Who has not met for how long, and how much of that time the record covers."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.vocabulary import LEVEL_NAMES
from tradeviz.wording import day, listing, short_day

_ROOM_FOR_WORDS = 0.42


@style.styled
def silence(quiet: pd.DataFrame, as_of: pd.Timestamp, *, ax: Axes | None = None) -> Axes:
    """Draw the days since each partner's last meeting or call, longest on top.

    Parameters
    ----------
    quiet : pandas.DataFrame
        From `tempo.silence`; partners never met have no row in the picture.
    as_of : pandas.Timestamp
        The day from which the days are counted.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Days along x, from as_of (left). The mark is the last meeting, by its level. The line is
        solid over days that the record covers and dotted over days after its end.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts
    >>> from tradeviz.talks import tempo
    >>> ds = tradeviz.load("2025-04-25")
    >>> ax = charts.silence(tempo.silence(ds), ds.as_of)
    >>> ax.get_xlabel()
    'days from the last meeting or call to 25 Apr 2025'
    """
    rows = records(quiet[quiet["days_since"] >= 0])
    places, names = parts.rows_by_track(rows)
    ax = parts.panel(ax, 0.8 + 0.222 * (max(places.values()) + 1))
    longest = max(max(row["days_since"] for row in rows), 1)
    for row in rows:
        y, days = places[row["partner"]], row["days_since"]
        _line(ax, y, row)
        labels.beside(ax, f"{days} (since {short_day(row['last_date'])})", (days, y), 8, color=palette.ink)
    parts.name_rows(ax, places, names, above=0.7)
    ax.set_xlim(0, longest / (1 - _ROOM_FOR_WORDS))
    ticks = MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]).tick_values(0, longest)
    ax.set_xticks([tick for tick in ticks if tick <= longest])
    ax.spines["bottom"].set_bounds(0, longest)
    ax.set_xlabel(f"days from the last meeting or call to {short_day(as_of)}", loc="left")
    ax.spines["left"].set(color=palette.ink, linewidth=1.6, visible=True)
    return ax


def silence_text(quiet: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Say who has been silent longest, who never met, and for how many the record ends earlier."""
    met = quiet[quiet["days_since"] >= 0]
    if met.empty:
        return f"No meeting or call is on record by {day(as_of)}."
    the_18, border = (records(met[met["track"] == track]) for track in ("reciprocal", "border"))
    text = f"Days from the last meeting or call to {day(as_of)}, longest first: {listing(_words(the_18))}."
    text += f" Apart: {listing(_words(border))}." if border else ""
    return f"{text} {unknown_silence(quiet, as_of)}".strip()


def unknown_silence(quiet: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Say who never met, and for how many partners silence may be missing evidence.

    Parameters
    ----------
    quiet : pandas.DataFrame
        From `tempo.silence`.
    as_of : pandas.Timestamp
        The day from which it is seen.

    Returns
    -------
    str
        One to two sentences.
    """
    met = quiet[quiet["days_since"] >= 0]
    never = list(quiet.loc[quiet["days_since"] < 0, "name"])
    sentences = [f"No meeting or call is on record with {listing(never, 'or')}."] if never else []
    ended = met[met["uncovered_days"] > 0]
    if len(ended):
        text = f"For {_of(len(ended), len(met))} the record of meetings ends before {day(as_of)}"
        at_once = int((ended["uncovered_days"] == ended["days_since"]).sum())
        if at_once:
            whom = "all of these" if at_once == len(ended) else at_once
            text += f", for {whom} with the last meeting itself"
        sentences.append(f"{text}: there, silence may be missing evidence.")
    elif len(met):
        sentences.append(f"The record of meetings reaches to {day(as_of)} for every partner shown.")
    return " ".join(sentences)


def _words(rows: list[dict[str, Any]]) -> list[str]:
    return [
        f"{row['name']} {row['days_since']} ({LEVEL_NAMES[row['level']]}, {day(row['last_date'])})"
        for row in rows
    ]


def _of(n: int, whole: int) -> str:
    return f"all {whole} partners" if n == whole else f"{n} of {whole} partners"


def _line(ax: Axes, y: float, row: dict[str, Any]) -> None:
    open_days = min(row["uncovered_days"], row["days_since"])
    ax.plot([0, open_days], [y, y], color=palette.muted, linewidth=1.2, linestyle=(0, (1, 2)))
    ax.plot([open_days, row["days_since"]], [y, y], color=palette.ink, linewidth=1.6)
    face = palette.paper if row["level"] == "technical" else palette.ink
    look: dict[str, Any] = {"s": style.LEVEL_SIZES[row["level"]], "facecolor": face}
    ax.scatter(row["days_since"], y, edgecolor=palette.ink, linewidth=1, zorder=3, clip_on=False, **look)
