"""What has become of the commitments of each deal: one square for each, sorted by status."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.vocabulary import COMMITMENT_STATUS_NAMES
from tradeviz.wording import capital, count, listing

_NAMES = {**COMMITMENT_STATUS_NAMES, "": "no status\non record"}
CROSSES = {"disputed": "x", "void": "_"}
"""What is drawn over the mark of a commitment that is disputed or void."""

_LEAST_TOTAL = 40.0
_GAP, _LEAST_WIDTH = 3.0, 3.5


def fill(status: str) -> str:
    """Fill of a commitment's mark by its status: grey in a text, dark when delivered, else hollow."""
    return {"in_text": palette.mid, "delivered": palette.ink}.get(status, palette.paper)


@style.styled
def statuses(
    frame: pd.DataFrame, names: Mapping[str, str], apart: Collection[str] = (), *, ax: Axes | None = None
) -> Axes:
    """Draw a square for each commitment in the column of its latest status, with their number.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `talks.deals.pledge_statuses`; at least one row.
    names : mapping of str to str
        Names of the partners by code.
    apart : collection of str
        Codes of the partners that stand below a line.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Statuses along x, partners along y; a status that no commitment has is left out.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts
    >>> from tradeviz.talks import deals
    >>> ds = tradeviz.load("2025-12-31")
    >>> ax = charts.statuses(deals.pledge_statuses(ds), ds.names, ds.border)
    >>> ax.get_xticklabels()[0].get_text()
    'pledged'
    """
    counts = _counts(frame)
    codes = parts.apart_last(counts.index, apart)
    ax = parts.panel(ax, 0.6 + 0.26 * len(codes))
    starts = _starts(counts)
    for status, start in starts.items():
        for y, code in enumerate(codes):
            _squares(ax, int(counts[status][code]), start, y, status)
    for y in range(1, len(codes)):
        parts.rule(ax, y, codes, apart)
    parts.name_rows(ax, parts.row_places(codes, ()), names, above=0.5, below=0.5)
    ax.set_xticks(list(starts.values()), [_NAMES[status] for status in starts], ha="left")
    ax.set_xlim(-0.7, max(_LEAST_TOTAL, max(starts.values()) + float(counts.iloc[:, -1].max()) + _GAP))
    parts.without_frame(ax)
    return ax


def statuses_text(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say how many commitments have which status, and with whom any was delivered, disputed or void."""
    if frame.empty:
        return "No commitment is on record by this day."
    counts = _counts(frame)
    total = int(counts.to_numpy().sum())
    by_status = [f"{int(counts[code].sum())} {_NAMES[code].replace(chr(10), ' ')}" for code in counts.columns]
    whole = f"{capital(count(total, 'commitment'))} with {count(len(counts), 'partner')}"
    sentences = [f"{whole}: {listing(by_status)}."]
    for status in ("delivered", "disputed", "void"):
        if status in counts.columns:
            by_partner = counts.loc[counts[status] > 0, status]
            whom = [f"{names[str(code)]} {n}" for code, n in by_partner.items()]
            sentences.append(f"{capital(_NAMES[status])}: {listing(whom)}.")
    return " ".join(sentences)


def _counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Commitments by partner (rows, in the order given) and status (columns, those in use)."""
    table = frame.pivot(index="partner", columns="status", values="commitments")
    table = table.reindex(index=list(dict.fromkeys(frame["partner"])), columns=list(_NAMES), fill_value=0)
    return table.loc[:, (table > 0).any()]


def _starts(counts: pd.DataFrame) -> dict[str, float]:
    """Where the column of each status begins, in squares."""
    starts, at = {}, 0.0
    for status in counts.columns:
        starts[str(status)] = at
        at += max(float(counts[status].max()), _LEAST_WIDTH) + _GAP
    return starts


def _squares(ax: Axes, number: int, start: float, y: int, status: str) -> None:
    if not number:
        return
    xs, ys = [start + i for i in range(number)], [y] * number
    look: dict[str, Any] = {"markeredgecolor": palette.ink, "linestyle": "none", "clip_on": False}
    ax.plot(xs, ys, marker="s", markersize=6.5, markerfacecolor=fill(status), **look)
    if status in CROSSES:
        ax.plot(xs, ys, marker=CROSSES[status], markersize=9, **look)
    labels.beside(ax, str(number), (start + number - 1, y), 8)
