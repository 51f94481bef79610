"""The issue matrix: what is negotiated with whom, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Polygon, Rectangle

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.vocabulary import ISSUE_NAMES, ISSUE_STATUS_NAMES, ISSUE_STATUSES, ISSUES
from tradeviz.wording import capital, count, day, listing, short_day

_DARK = frozenset(ISSUE_STATUSES[3:])
_SHORT = {
    "": "",
    "raised": "raised",
    "under_discussion": "talks",
    "agreed_in_principle": "agreed",
    "in_text": "text",
    "implemented": "done",
}


@style.styled
def issue_matrix(matrix: pd.DataFrame, names: Mapping[str, str], *, ax: Axes | None = None) -> Axes:
    """Draw the latest status of each issue; one partner as a list, several as a matrix.

    Parameters
    ----------
    matrix : pandas.DataFrame
        From `talks.issue_matrix`; at least one row.
    names : mapping of str to str
        Partners to show, in order: names by code.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Issues along x (along y for one partner). Cells are shaded and worded by the latest
        status; a small word below names the furthest where it was further; a corner flag marks a
        dispute over the latest status.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, talks
    >>> ds = tradeviz.load("2025-04-25")
    >>> ax = charts.issue_matrix(talks.issue_matrix(ds), ds.names)
    >>> len(ax.get_xticklabels())
    8
    """
    return _list(ax, matrix, next(iter(names))) if len(names) == 1 else _matrix(ax, matrix, names)


def issue_matrix_text(matrix: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say what the matrix shows: for one partner each issue, for several how many stand where."""
    shown = matrix[matrix["partner"].isin(list(names))]
    if shown.empty:
        return "No issue of the talks is on record by this day."
    if len(names) == 1:
        parts = [f"{ISSUE_NAMES[row['issue']]} {_status(row)}" for row in records(shown)]
        return f"{capital('; '.join(parts))}."
    parts = []
    for status in reversed(ISSUE_STATUSES):
        n = int((shown["status"] == status).sum())
        if n:
            parts.append(f"{n} {ISSUE_STATUS_NAMES[status]}")
    disputed = int(shown["disputed"].sum())
    partners = count(shown["partner"].nunique(), "partner")
    what = f"{capital(count(len(shown), 'issue'))} with {partners} on record"
    return f"{what}: {listing(parts)}. {capital(count(disputed, 'issue'))} under dispute."


def _status(row: dict[str, Any]) -> str:
    text = ISSUE_STATUS_NAMES[row["status"]]
    if pd.notna(row["date"]):
        text += f" since {day(row['date'])}"
    if row["furthest"] != row["status"]:
        text += f" (had been {ISSUE_STATUS_NAMES[row['furthest']]})"
    if row["disputed"]:
        text += f", disputed since {day(row['disputed_since'])}"
    return text


def _list(ax: Axes | None, matrix: pd.DataFrame, partner: str) -> Axes:
    cells = {row["issue"]: row for row in records(matrix[matrix["partner"] == partner])}
    ax = parts.panel(ax, 0.45 + 0.34 * len(ISSUES))
    steps = len(ISSUE_STATUSES)
    for y, issue in enumerate(ISSUES):
        row = cells.get(issue)
        rung = ISSUE_STATUSES.index(row["status"]) + 1 if row and row["status"] else 0
        for x in range(steps):
            shade = _shade(ISSUE_STATUSES[x]) if x < rung else palette.paper
            edge = palette.faint if x >= rung else palette.paper
            ax.add_patch(Rectangle((x, y - 0.36), 0.96, 0.72, facecolor=shade, edgecolor=edge, linewidth=0.8))
        if row is None:
            continue
        if row["furthest"] and row["furthest"] != row["status"]:
            furthest = ISSUE_STATUSES.index(row["furthest"]) + 1
            ax.plot([furthest - 0.04] * 2, [y - 0.36, y + 0.36], color=palette.ink, linewidth=2)
        at = (steps + 0.12, y)
        if row["disputed"]:
            words = f"disputed since {short_day(row['disputed_since'])}"
            labels.beside(ax, words, at, color=palette.threat, fontweight="bold")
        else:
            labels.beside(ax, f"since {short_day(row['date'])}", at, color=palette.ink)
    issues = [capital(ISSUE_NAMES[issue]) for issue in ISSUES]
    parts.label_rows(ax, range(len(ISSUES)), issues, below=0.5)
    heads = [ISSUE_STATUS_NAMES[status] for status in ISSUE_STATUSES]
    heads = [head.replace(" in ", "\nin ").replace("under ", "under\n") for head in heads]
    ax.set_xticks([x + 0.48 for x in range(steps)], heads)
    ax.set_xlim(0, steps + 2.1)
    parts.without_frame(ax)
    return ax


def _matrix(ax: Axes | None, matrix: pd.DataFrame, names: Mapping[str, str]) -> Axes:
    ax = parts.panel(ax, 0.75 + 0.31 * len(names))
    rows = parts.row_places(names, ())
    look = {"facecolor": palette.paper, "edgecolor": palette.faint, "linewidth": 0.6}
    empty = [_box(x, y, **look) for y in rows.values() for x in range(len(ISSUES))]
    cells = records(matrix[matrix["partner"].isin(list(rows))])
    filled = [patch for row in cells for patch in _cell(ax, row, rows[row["partner"]])]
    parts.draw_together(ax, [*empty, *filled])
    parts.name_rows(ax, rows, names, above=0.5, below=0.5)
    heads = [_two_lines(ISSUE_NAMES[issue]) for issue in ISSUES]
    ax.set_xticks([x + 0.48 for x in range(len(ISSUES))], heads)
    ax.set_xlim(0, len(ISSUES))
    parts.without_frame(ax)
    return ax


def _box(x: int, y: float, **look: Any) -> Rectangle:
    return Rectangle((x, y - 0.46), 0.97, 0.92, **look)


def _cell(ax: Axes, row: dict[str, Any], y: float) -> list[Patch]:
    """Write the status of an issue, and give the patches that lie under it."""
    x = ISSUES.index(row["issue"])
    ink = palette.on_dark if row["status"] in _DARK else palette.ink
    look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": style.label_size(), "color": ink}
    ax.text(x + 0.46, y, _SHORT[row["status"]], in_layout=False, **look)  # cells do not move the panel
    if row["furthest"] != row["status"]:
        ax.plot(x + 0.1, y + 0.28, marker="^", markersize=4, color=ink)
    box = _box(x, y, facecolor=_shade(row["status"]), linewidth=0)
    corner = [(x + 0.97, y - 0.46), (x + 0.97, y + 0.02), (x + 0.72, y - 0.46)]
    return [box, Polygon(corner, facecolor=palette.threat, linewidth=0)] if row["disputed"] else [box]


def _two_lines(name: str) -> str:
    words = name.split()
    return f"{' '.join(words[:-1])}\n{words[-1]}" if len(words) > 1 else name


def _shade(status: str) -> str:
    return palette.ladder[ISSUE_STATUSES.index(status)] if status else palette.paper
