"""How much of the trade comes from partners under a deal: framework, text, implementing order."""

from __future__ import annotations

from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.vocabulary import COVERED_NAMES
from tradeviz.wording import capital, count, day, day_of_year, listing, number, rate

_KINDS = tuple(COVERED_NAMES)
_SHORT = {"framework": "framework", "text": "text", "order": "order in force"}
_GAP, _LOWEST, _HIGHEST = 13.0, 5.0, 98.0


def covered_frame(shares: pd.DataFrame) -> pd.DataFrame:
    """Keep the days on which the covered shares are known.

    Parameters
    ----------
    shares : pandas.DataFrame
        From `exposure.covered_share`.

    Returns
    -------
    pandas.DataFrame
        Its rows and columns (shares 0 to 1); empty while the imports of 2024 are not published or
        no partner has come to a framework or an order.
    """
    known = shares.dropna()
    reached = (known[[f"{kind}_n" for kind in _KINDS]] > 0).to_numpy().any()
    return known.iloc[: len(known) if reached else 0].reset_index(drop=True)


@style.styled
def covered(frame: pd.DataFrame, as_of: pd.Timestamp, *, ax: Axes | None = None) -> Axes:
    """Draw three steps over time: the share of 2024 imports from partners under each kind of paper.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `covered_frame`; at least one row.
    as_of : pandas.Timestamp
        Right edge of knowledge.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Days along x, percent of the 2024 imports from the 18 along y. Light area: framework; darker
        area: text; line: implementing order. Each is labelled at the right with its share and
        number of partners, and the largest fall of the orders with its day.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, exposure
    >>> ds = tradeviz.load("2025-12-31")
    >>> frame = charts.covered_frame(exposure.covered_share(ds))
    >>> ax = charts.covered(frame, ds.as_of)
    >>> ax.get_ylabel()
    'percent of 2024 imports'
    """
    ax = parts.panel(ax, 3.6)
    start = frame["day"].min() - pd.Timedelta(days=10)
    parts.day_axis(ax, start, as_of)
    days = mdates.date2num(frame["day"])
    for kind, stage in (("framework", "framework_announced"), ("text", "text_published")):
        colour = palette.stage(stage)
        ax.fill_between(days, 100 * frame[f"{kind}_share"], step="post", color=colour, linewidth=0)
    ax.step(days, 100 * frame["order_share"], where="post", color=palette.ink, linewidth=2)
    ax.set_ylim(0, 104)
    ax.set_yticks(range(0, 101, 20))
    ax.set_ylabel("percent of 2024 imports")
    ax.grid(axis="y")
    _end_labels(ax, records(frame)[-1])
    for fall in _falls(frame):
        words = f"{day_of_year(fall['day'])}: orders of\n{count(fall['fewer'], 'partner')} lapse"
        at = (float(mdates.date2num(fall["day"])), 100 * fall["share"])
        line = {"arrowstyle": "-", "color": palette.on_dark, "linewidth": 0.8}
        labels.beside(ax, words, at, -8, -26, va="top", color=palette.on_dark, arrowprops=line)
    parts.as_of_line(ax, as_of)
    return ax


def covered_text(frame: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Say which shares of the imports of 2024 come from partners under each kind of paper."""
    if frame.empty:
        no_framework = f"No framework with one of these partners was on record by {day(as_of)}"
        return f"{no_framework}, or 2024 was not published."
    last = records(frame)[-1]
    under = COVERED_NAMES.items()
    parts = [f"{_share(last, kind)} from {_partners(last, kind)} with {words}" for kind, words in under]
    text = f"Of these 2024 imports, as of {day(as_of)}: {listing(parts)}."
    halves = [(kind, frame.loc[frame[f"{kind}_share"] > 0.5, "day"]) for kind in _KINDS[:2]]
    first = [f"a {kind} on {day(days.iloc[0])}" for kind, days in halves if len(days)]
    if first:
        text += f" Half the imports was passed with {listing(first)}."
    for fall in _falls(frame):
        text += f" On {day(fall['day'])} the orders of {count(fall['fewer'], 'partner')} lapsed, and the"
        text += f" share with an order fell from {_percent(fall['before'])} to {_percent(fall['share'])}."
    return capital(text)


def _percent(share: float) -> str:
    return rate(round(100 * share, 1))


def _share(row: dict[str, Any], kind: str) -> str:
    return _percent(row[f"{kind}_share"])


def _partners(row: dict[str, Any], kind: str) -> str:
    return count(int(row[f"{kind}_n"]), "partner")


def _falls(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The largest fall in the number of partners with an order, if there is one."""
    fewer = -frame["order_n"].diff().fillna(0)
    if frame.empty or fewer.max() <= 0:
        return []
    at = int(fewer.to_numpy().argmax())
    shares = frame["order_share"]
    fall = {"day": frame["day"].iloc[at], "fewer": int(fewer.iloc[at])}
    return [fall | {"before": float(shares.iloc[at - 1]), "share": float(shares.iloc[at])}]


def _end_labels(ax: Axes, last: dict[str, Any]) -> None:
    kinds = sorted(_KINDS, key=lambda kind: float(last[f"{kind}_share"]))
    heights = [100 * float(last[f"{kind}_share"]) for kind in kinds]
    top = [_HIGHEST - _GAP * (len(kinds) - 1 - i) for i in range(len(kinds))]
    places = [min(pair) for pair in zip(parts.spread(heights, _GAP), top, strict=True)]
    edge = ("axes fraction", "data")
    line = {"arrowstyle": "-", "color": palette.muted, "linewidth": 0.7, "relpos": (0, 0.5), "shrinkB": 0}
    for kind, height, at in zip(kinds, heights, places, strict=True):
        ax.annotate(
            f"{_SHORT[kind]}: {number(round(height, 1))}%\n{_partners(last, kind)}",
            (1, height),
            xycoords=edge,
            xytext=(1.03, max(at, _LOWEST)),
            textcoords=edge,
            va="center",
            fontsize=style.label_size(),
            fontweight="bold" if kind == "order" else "normal",
            annotation_clip=False,
            arrowprops=line,
        )
