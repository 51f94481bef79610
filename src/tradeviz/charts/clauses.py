"""The matrix of clauses: what each side owes on each topic, and how firmly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from tradeviz.charts import parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.topics import HEADING_NAMES, STRENGTH_NAMES, STRENGTHS, TOPIC_NAMES, TOPICS_BY_HEADING
from tradeviz.wording import capital, count, listing

_GREYS = ("#e0e0e0", "#b8b8b8", "#858585", "#404040", "#000000")
"""From recognises to done; steps that stay apart on paper."""

_INCHES_PER_ROW = 0.148


@style.styled
def clause_matrix(matrix: pd.DataFrame, names: Mapping[str, str], *, ax: Axes | None = None) -> Axes:
    """Draw what each side owes on each topic; darker is firmer.

    Parameters
    ----------
    matrix : pandas.DataFrame
        From `talks.clause_matrix`; at least one row.
    names : mapping of str to str
        Names by code; the partners in the matrix are drawn, in this order.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Partners along x, topics under their headings along y. In a cell a square on the left
        stands for the partner, a disc on the right for the United States; the shade is the
        strongest clause of the side, no mark is silence.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, talks
    >>> ds = tradeviz.load("2025-05-12")
    >>> ax = charts.clause_matrix(talks.clause_matrix(ds), ds.names)
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['China', 'United Kingdom']
    """
    columns = [code for code in names if (matrix["partner"] == code).any()]
    rows, heads = _places(matrix)
    last = max(rows.values())
    own_figure = ax is None
    ax = parts.panel(ax, 1.5 + _INCHES_PER_ROW * (last + 1))
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(last + 0.6, -0.8)
    for y in rows.values():
        ax.axhline(y, color=palette.faint, linewidth=0.5, zorder=0)
    for x in range(len(columns) - 1):
        ax.axvline(x + 0.5, color=palette.faint, linewidth=0.5, zorder=0)
    for row in records(matrix):
        _cell(ax, row, columns.index(row["partner"]), rows[row["topic"]])
    ax.set_yticks(
        [*rows.values(), *heads.values()],
        [*(capital(TOPIC_NAMES[topic]) for topic in rows), *(capital(HEADING_NAMES[name]) for name in heads)],
    )
    for label in ax.get_yticklabels()[len(rows) :]:
        label.set_fontweight("bold")
    parts.without_frame(ax)
    ax.set_xticks(range(len(columns)), [names[code] for code in columns], rotation=90)
    parts.key(ax, _key(), 4, own_figure, raised=90)
    return ax


def clause_matrix_text(matrix: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say what the matrix shows: for each partner on how many topics each side owes what, how firmly."""
    if matrix.empty:
        return "No text of a deal is on record by this day."
    topics, partners = matrix["topic"].nunique(), matrix["partner"].nunique()
    sentences = [f"Texts with {count(partners, 'partner')} say something on {count(topics, 'topic')}."]
    for code, name in names.items():
        partner_rows = matrix[matrix["partner"] == code]
        if len(partner_rows):
            sides = [
                f"{who} {_firmness(partner_rows[f'{side}_strength'])}"
                for side, who in (("partner", "the partner"), ("us", "the United States"))
            ]
            sentences.append(f"{name}, {count(len(partner_rows), 'topic')}: {'; '.join(sides)}.")
    return " ".join(sentences)


def _firmness(strengths: pd.Series) -> str:
    counts = strengths.value_counts()
    owed = [f"{STRENGTH_NAMES[name]} on {counts[name]}" for name in reversed(STRENGTHS) if name in counts]
    return listing(owed) if owed else "owes nothing"


def _places(matrix: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Heights of the topics that occur, and of their headings."""
    rows: dict[str, float] = {}
    heads: dict[str, float] = {}
    y = 0.0
    for heading, topics in TOPICS_BY_HEADING.items():
        there = [topic for topic in topics if (matrix["topic"] == topic).any()]
        if not there:
            continue
        heads[heading] = y
        rows |= {topic: y + n for n, topic in enumerate(there, 1)}
        y += len(there) + 1.2
    return rows, heads


def _cell(ax: Axes, row: dict[str, Any], x: float, y: float) -> None:
    for side, offset in (("partner", -0.24), ("us", 0.24)):
        strength = row[f"{side}_strength"]
        if strength:
            ax.plot(x + offset, y, linestyle="", **_look(strength, "s" if side == "partner" else "o"))


def _look(strength: str, marker: str) -> dict[str, Any]:
    look = parts.mark(marker, 5.8, _GREYS[STRENGTHS.index(strength)], palette.mid)
    return look | {"markeredgewidth": 0.5, "clip_on": False}


def _key() -> list[Line2D]:
    sides = [("partner owes", "s"), ("United States owes", "o")]
    signs = [parts.sign(words, **_look("shall", marker)) for words, marker in sides]
    return signs + [parts.sign(STRENGTH_NAMES[name], **_look(name, "s")) for name in reversed(STRENGTHS)]
