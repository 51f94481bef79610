"""What has become of the commitments of each deal: one square for each, sorted by status."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import style
from tradeviz.vocabulary import COMMITMENT_STATUS_NAMES
from tradeviz.wording import capital, count, listing

_NAMES = {**COMMITMENT_STATUS_NAMES, "": "no status\non record"}
FILLS = {"pledged": "white", "in_text": "#9a9a9a", "delivered": style.INK}
"""Fill of a commitment's mark by its status; white for the others."""

CROSSES = {"disputed": "x", "void": "_"}
"""What is drawn over the mark of a commitment that is disputed or void."""

_LEAST_TOTAL = 40.0
_GAP, _LEAST_WIDTH = 3.0, 3.5


@style.styled
def statuses(frame: pd.DataFrame, names: Mapping[str, str], apart: Collection[str] = ()) -> Axes:
    """Draw a square for each commitment in the column of its latest status, with their number.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `talks.deals.pledge_statuses`; at least one row.
    names : mapping of str to str
        Names of the partners by code.
    apart : collection of str
        Codes of the partners that stand below a line.

    Returns
    -------
    Axes
        Statuses along x, partners along y; a status that no commitment has is left out.
    """
    counts = _counts(frame)
    codes = [one for one in counts.index if one not in apart] + [one for one in counts.index if one in apart]
    _, (ax,) = style.figure(0.6 + 0.26 * len(codes))
    starts = _starts(counts)
    for status, start in starts.items():
        for y, code in enumerate(codes):
            _squares(ax, int(counts[status][code]), start, y, status)
    for y in range(1, len(codes)):
        last_of_18 = codes[y] in apart and codes[y - 1] not in apart
        ax.axhline(y - 0.5, color=style.INK if last_of_18 else style.FAINT, linewidth=0.7)
    ax.set_yticks(range(len(codes)), [names[code] for code in codes])
    ax.set_xticks(list(starts.values()), [_NAMES[status] for status in starts], ha="left")
    ax.set_xlim(-0.7, max(_LEAST_TOTAL, max(starts.values()) + float(counts.iloc[:, -1].max()) + _GAP))
    ax.set_ylim(len(codes) - 0.5, -0.5)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0, colors=style.INK)
    ax.tick_params(axis="y", colors=style.INK)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return ax


def statuses_text(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say how many commitments have which status, and with whom any was delivered, disputed or void."""
    if frame.empty:
        return "No commitment is on record by this day."
    counts = _counts(frame)
    total = int(counts.to_numpy().sum())
    by_status = [f"{int(counts[one].sum())} {_NAMES[one].replace(chr(10), ' ')}" for one in counts.columns]
    sentences = [
        f"{capital(count(total, 'commitment'))} with {count(len(counts), 'partner')}: {listing(by_status)}."
    ]
    for status in ("delivered", "disputed", "void"):
        if status in counts.columns:
            held = counts.loc[counts[status] > 0, status]
            whom = [f"{names[str(code)]} {n}" for code, n in held.items()]
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
    look: dict[str, Any] = {"markeredgecolor": style.INK, "linestyle": "none", "clip_on": False}
    ax.plot(xs, ys, marker="s", markersize=6.5, markerfacecolor=FILLS.get(status, "white"), **look)
    if status in CROSSES:
        ax.plot(xs, ys, marker=CROSSES[status], markersize=9, **look)
    ax.annotate(
        str(number),
        (start + number - 1, y),
        (8, 0),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
    )
