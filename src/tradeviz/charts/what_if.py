"""What each scenario would do to the effective rate of each partner."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.exposure import RECORD, moving
from tradeviz.frames import records
from tradeviz.rates.cases import PARTLY
from tradeviz.wording import count, listing, signed

_ROOM = 0.9
"""Room for a number at each end of a column, as a share of the longest bar."""


@style.styled
def what_if(frame: pd.DataFrame, names: Mapping[str, str], *, ax: Axes | None = None) -> Axes:
    """Draw the change of each partner's effective rate under each scenario, as bars.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `what_if_frame` from `exposure.scenarios`: the record, and at least one scenario.
    names : mapping of str to str
        Names of the partners by code.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        One row per partner, the highest effective rate of the record on top, with that rate; one column of
        bars per scenario, all on one scale: percentage points by which it would rise (dark, to the right) or
        fall (hatched, to the left). "?" stands for what a rate on goods of unknown trade would add, and
        words where the imports of a partner are not known.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, exposure
    >>> ds = tradeviz.load("2025-12-31")
    >>> ax = charts.what_if(exposure.scenarios(ds), ds.names)
    >>> ax.get_xlabel().partition(";")[0]
    'percentage points of the effective rate'
    """
    record = frame[frame["scenario"] == RECORD].set_index("partner")["effective_pct"]
    supposed = frame[frame["scenario"] != RECORD]
    codes = list(dict.fromkeys([*record.sort_values(ascending=False).index, *supposed["partner"]]))
    titles = dict(zip(supposed["scenario"], supposed["title"], strict=True))
    ax = parts.panel(ax, 1.3 + 0.235 * len(codes))
    reach = max(float(supposed["change_points"].abs().max()), 0.1)
    wide = 2 * reach * (1 + _ROOM)
    for i, name in enumerate(titles):
        zero = (i + 0.5) * wide
        rows = supposed[supposed["scenario"] == name].set_index("partner").reindex(codes)
        _column(ax, rows["change_points"].to_list(), (rows["known"] == PARTLY).to_list(), zero)
        ax.axvline(zero, color=palette.muted, linewidth=0.6)
        head = fill(titles[name], 13)
        labels.beside(ax, head, (zero, -0.75), va="bottom", ha="center", fontweight="bold")
    ax.set_xlim(0, wide * len(titles))
    ax.set_xticks([])
    rates = [f"{record[code]:.1f}%" if record.get(code, 0) > 0 else "not known" for code in codes]
    words = [f"{names[code]}  {rate}" for code, rate in zip(codes, rates, strict=True)]
    parts.label_rows(ax, range(len(codes)), words)
    ax.spines["bottom"].set_visible(False)
    more = "; ?: also on goods whose trade is not known" if (supposed["known"] == PARTLY).any() else ""
    ax.set_xlabel(f"percentage points of the effective rate{more}")
    return ax


def what_if_frame(cases: pd.DataFrame) -> pd.DataFrame:
    """The rows that the chart draws: of cases that move a rate; none where no effective rate is known yet."""
    cases = moving(cases)
    known = cases.loc[cases["scenario"] != RECORD, "change_points"].notna().any()
    return cases if known else cases.iloc[:0]


def what_if_text(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say of each scenario whose effective rate it would move most, and by how much."""
    if frame.empty:
        return "There is no case that can be weighed yet."
    parts_of = []
    for _, rows in frame[frame["scenario"] != RECORD].groupby("scenario", sort=False):
        moved = rows[rows["change_points"].map(signed) != "0"].dropna(subset=["change_points"])
        largest = records(moved.reindex(moved["change_points"].abs().nlargest(3).index))
        named = [f"{names[row['partner']]} ({signed(row['change_points'])})" for row in largest]
        most = "most " if len(moved) > len(named) else ""
        said = f"moves the rate of {count(len(moved), 'partner')}, {most}{listing(named)}"
        said = said if named else "moves nobody's rate"
        partly = rows.loc[rows["known"] == PARTLY, "partner"]
        more = f"; what it adds on goods of unknown trade, for {_whom(partly, names)}, is not known"
        parts_of.append(f"{rows['title'].iloc[0]}: {said}{more if len(partly) else ''}.")
    return " ".join(["Change of the effective rate in percentage points.", *parts_of])


def _whom(codes: pd.Series, names: Mapping[str, str]) -> str:
    return "all partners" if len(codes) == len(names) else listing([names[code] for code in codes])


def _column(ax: Axes, values: list[float], partly: list[bool], zero: float) -> None:
    """The bars of one scenario, each with its number; words where the rate is not known."""
    for y, (value, more) in enumerate(zip(values, partly, strict=True)):
        if pd.isna(value):
            labels.beside(ax, "not known", (zero, y), ha="center", color=palette.muted)
            continue
        number = signed(value)
        if number == "0":
            labels.beside(ax, "?" if more else "0", (zero, y), 3, color=palette.muted)
            continue
        rises = value > 0
        look: dict[str, Any] = {"color": palette.ink} if rises else {"color": palette.faint, "hatch": "////"}
        ax.barh(y, value, height=0.68, left=zero, edgecolor=palette.ink, linewidth=0.4, **look)
        words = f"{number} ?" if more else number
        labels.beside(ax, words, (zero + value, y), 3 if rises else -3)
