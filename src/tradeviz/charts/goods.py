"""What a partner sells to the United States, and how much of it each duty touches."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.frames import records
from tradeviz.rates.cases import PARTLY
from tradeviz.vocabulary import layer_name
from tradeviz.wording import capital, count, listing, rate, tenths

MOST_ROWS = 9
"""Sections and duties beyond this number are drawn as one bar, or left out."""

_LEAST_SHARE = 0.0005
_BETWEEN = 1.2
"""Rows between goods and duties, with what is below written in them."""


@style.styled
def goods(sections: pd.DataFrame, touched: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw what a partner sells, and below it the share of it that each duty in force touches.

    Parameters
    ----------
    sections : pandas.DataFrame
        From `exposure.sections`; at least one row.
    touched : pandas.DataFrame
        From `exposure.layers_touched`.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Percent of the partner's 2024 imports along x. Above: sections of goods, largest first.
        Below: duties in force, each with its rate and what it adds to the effective rate; a good
        can be under several, so these shares do not add up.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, exposure
    >>> ds = tradeviz.load("2025-12-31")
    >>> ax = charts.goods(exposure.sections(ds, "KOR"), exposure.layers_touched(ds, "KOR"))
    >>> ax.get_xlabel()
    'percent of 2024 imports from it'
    """
    sold, reached = _sold(sections), _reached(touched)
    first = len(sold) + _BETWEEN
    rows = [*enumerate(sold), *((first + i, row) for i, row in enumerate(reached))]
    end = first + max(len(reached), 1)
    ax = parts.panel(ax, 0.7 + 0.245 * (end + 1))
    fills = [palette.stage("text_published")] * len(sold) + [palette.ink] * len(reached)
    for (y, row), fill in zip(rows, fills, strict=True):
        ax.barh(y, 100 * row["share"], height=0.66, color=fill)
        labels.beside(ax, row["words"], (100 * row["share"], y), 4)
    if not reached:
        labels.beside(ax, "none whose reach is known", (0, first), 4, color=palette.muted)
    parts.label_rows(ax, [y for y, _ in rows], [row["name"] for _, row in rows])
    ax.set_ylim(end - 0.4, -0.6)
    ax.set_xlim(0, 100 * max(row["share"] for _, row in rows) * (1.9 if reached else 1.3))
    ax.grid(axis="x")
    ax.set_title("What it sold in 2024", loc="left", fontsize=style.label_size(), fontweight="bold", pad=3)
    labels.beside(ax, "What each duty in force touches of it", (0, first - 1), fontweight="bold")
    ax.set_xlabel("percent of 2024 imports from it")
    return ax


def goods_text(sections: pd.DataFrame, touched: pd.DataFrame) -> str:
    """Say what the partner sells most, and which duties touch most of it."""
    if sections.empty:
        return "The imports of 2024 were not published."
    largest = records(sections.head(3))
    first = [f"{row['section_name'].lower()} ({row['share_of_partner']:.0%})" for row in largest]
    text = f"Of what it sold in 2024, the largest sections are {listing(first)}."
    rows = _reached(touched)
    if not rows:
        return f"{text} No duty in force has a reach that is known."
    named = [f"{row['name']} {row['words']}" for row in rows]
    return f"{text} {capital(count(len(rows), 'duty', 'duties'))} in force: {'; '.join(named)}."


def _sold(sections: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {"section_name": "name", "share_of_partner": "share", "imports_2024_usd_bn": "usd_bn"}
    rows = records(sections[list(columns)].rename(columns=columns))
    if len(rows) > MOST_ROWS:
        rows, rest = rows[: MOST_ROWS - 1], rows[MOST_ROWS - 1 :]
        sums = {name: sum(row[name] for row in rest) for name in ("share", "usd_bn")}
        rows.append({"name": capital(count(len(rest), "smaller section")), **sums})
    return [row | {"words": f"{row['share']:.1%}  (${row['usd_bn']:,.1f} bn)"} for row in rows]


def _reached(touched: pd.DataFrame) -> list[dict[str, Any]]:
    rows = touched[touched["share_of_partner"] >= _LEAST_SHARE].head(MOST_ROWS)
    return [
        {
            "name": capital(layer_name(row["layer"], row["product"])).replace("Section 232", "s.232"),
            "share": row["share_of_partner"],
            "words": f"{row['share_of_partner']:.1%} at {rate(row['rate_pct'], row['basis'])}: "
            + _points(row),
        }
        for row in records(rows)
    ]


def _points(row: dict[str, Any]) -> str:
    if row["known"] == PARTLY and not row["points"]:
        return "points not known"
    return f"{tenths(row['points'])} points"
