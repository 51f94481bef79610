"""What changed the rate charged: rates themselves, or from whom goods are bought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import style
from tradeviz.vocabulary import GENERAL
from tradeviz.wording import listing, rate

_PANELS = {
    "rate_effect_pp": ("Rates", style.INK, ""),
    "composition_effect_pp": ("Composition", style.FAINT, "////"),
    "change_pp": ("Together", style.MUTED, ""),
}


@style.styled
def rate_change(frame: pd.DataFrame, names: Mapping[str, str]) -> list[Axes]:
    """Draw the two parts of the change of the charged rate, and their sum, as bars per partner.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `exposure.change_since_2024`; at least one row.
    names : mapping of str to str
        Names of the partners by code.

    Returns
    -------
    list of Axes
        Three panels with common axes: percentage points along x, all 18 together on top, then the
        partners from the largest addition to the largest deduction.
    """
    rows = _ranked(frame)
    labels = ["All 18" if code == GENERAL else names[code] for code in rows["partner"]]
    height = 0.9 + 0.235 * len(rows)
    size = (style.WIDTH, height)
    _, grid = plt.subplots(1, 3, figsize=size, sharex=True, sharey=True, layout="constrained")
    for ax, (column, (title, colour, hatch)) in zip(grid, _PANELS.items(), strict=True):
        values = rows[column].to_numpy()
        places = [0, *(i + 0.6 for i in range(1, len(rows)))]
        ax.barh(places, values, height=0.68, color=colour, hatch=hatch, edgecolor=style.INK, linewidth=0.4)
        for place, value in zip(places, values, strict=True):
            ax.annotate(
                f"{value:+.2f}" if round(value, 2) else "0.00",
                (value, place),
                xytext=(3 if value >= 0 else -3, 0),
                textcoords="offset points",
                ha="left" if value >= 0 else "right",
                va="center",
                fontsize=8.5,
                fontweight="bold" if place == 0 else "normal",
            )
        ax.axvline(0, color=style.INK, linewidth=0.8)
        ax.set_title(title)
        ax.spines["left"].set_visible(False)
        ax.set_yticks(places, labels)
    span = rows[list(_PANELS)]
    low, high = min(float(span.min().min()), 0.0), max(float(span.max().max()), 0.0)
    room = 0.34 * (high - low)
    grid[0].set_xlim(low - room, high + room)
    grid[0].set_ylim(len(rows) + 0.2, -0.6)
    grid[0].get_yticklabels()[0].set_fontweight("bold")
    grid[1].set_xlabel("percentage points")
    return list(grid)


def rate_change_text(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say how the charged rate changed, by which part, and through whom most."""
    if frame.empty:
        return "No month of 2025 was published."
    rows = frame.set_index("partner")
    total = rows.loc[GENERAL]
    text = f"From {total['from_month']:%B %Y} to {total['to_month']:%B %Y} the rate charged on imports from"
    text += f" the 18 went from {_near(total['from_charged_pct'])} to {_near(total['to_charged_pct'])}:"
    text += (
        f" {total['change_pp']:+.2f} percentage points, of which {total['rate_effect_pp']:+.2f} by changed"
    )
    text += f" rates and {total['composition_effect_pp']:+.2f} by a changed composition across partners."
    own = rows.drop(index=GENERAL)
    for column, words in (("rate_effect_pp", "rates"), ("composition_effect_pp", "composition")):
        largest = own[column].reindex(own[column].abs().nlargest(3).index)
        named = [f"{names[str(code)]} ({value:+.2f})" for code, value in largest.items()]
        text += f" The largest parts by {words}: {listing(named)}."
    return text


def _near(rate_pct: Any) -> str:
    return rate(round(float(rate_pct), 1))


def _ranked(frame: pd.DataFrame) -> pd.DataFrame:
    total = frame[frame["partner"] == GENERAL]
    own = frame[frame["partner"] != GENERAL].sort_values("change_pp", ascending=False, kind="stable")
    return pd.concat([total, own], ignore_index=True)
