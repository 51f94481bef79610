"""How old the last evidence on each partner is, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import style
from tradeviz.evidence import OLD_DAYS, TALKS_KINDS
from tradeviz.wording import count, day, listing, short_day

_KINDS = ("talks", *TALKS_KINDS, "rate")
_HEADS = {"talks": "any of\nthe talks"}
_APART = 0.5
_FRESH_DAYS = 30


@style.styled
def freshness(
    last: pd.DataFrame,
    coverage: pd.DataFrame,
    names: Mapping[str, str],
    border: Sequence[str],
    as_of: pd.Timestamp,
) -> Axes:
    """Draw the age of the last evidence per partner and kind, the oldest talks on top.

    Parameters
    ----------
    last : pandas.DataFrame
        From `evidence.last_evidence`.
    coverage : pandas.DataFrame
        The table coverage; says to which day each table was searched.
    names : mapping of str to str
        Names of the partners by code.
    border : sequence of str
        Partners that stand apart below the others.
    as_of : pandas.Timestamp
        The day from which ages count; a record that ends before it is told on the right.

    Returns
    -------
    Axes
        The first of the panels, one per kind, on one scale: days before as_of along x, partners
        along y. Dots are filled up to 60 days and hollow beyond; a dash stands for no evidence.
    """
    shown = last[last["kind"].isin(_KINDS)]
    ages = shown.pivot(index="partner", columns="kind", values="age_days")
    places = _places(ages["talks"], names, border)
    height = 0.75 + 0.27 * (max(places.values()) + 1)
    fig, row = plt.subplots(1, len(_KINDS), figsize=(style.WIDTH, height), sharey=True, layout="constrained")
    most = max(float(shown["age_days"].fillna(0).max()), 1.0)
    for ax, kind in zip(row, _KINDS, strict=True):
        _panel(ax, ages[kind], places, most)
        ax.set_title(_HEADS.get(kind, kind), fontsize=8.5, loc="left")
    row[0].set_yticks(list(places.values()), [names[code] for code in places])
    row[0].tick_params(axis="y", colors=style.INK)
    row[0].set_ylim(max(places.values()) + 0.6, -0.6)
    ends = _record_ends(coverage)
    if (ends < as_of).any():
        row[-1].annotate(
            "record to", (1, 1), (6, 4), xycoords="axes fraction", textcoords="offset points", fontsize=8.5
        )
        for code, y in places.items():
            _end(row[-1], y, ends.get(code), as_of)
    fig.supxlabel(f"days before {short_day(as_of)}", fontsize=9, color=style.MUTED)
    first: Axes = row[0]
    return first


def freshness_text(
    last: pd.DataFrame, coverage: pd.DataFrame, names: Mapping[str, str], as_of: pd.Timestamp
) -> str:
    """Say for whom the last evidence of the talks is old or missing, and where the record ends early."""
    talks = last[last["kind"] == "talks"].set_index("partner")["age_days"].reindex(list(names))
    old = talks[talks > OLD_DAYS].sort_values(ascending=False)
    parts = [
        f"The last fact about the talks is more than {OLD_DAYS} days old for {len(old) or 'none'} of"
        f" {len(names)} partners"
    ]
    if len(old):
        oldest = [f"{names[str(code)]} ({age:.0f} days)" for code, age in old.head(3).items()]
        parts[0] += f", the oldest {listing(oldest)}"
    without, fresh = talks[talks.isna()], talks[talks <= _FRESH_DAYS]
    if len(without):
        parts.append(f"there is none yet for {_whom(without, names)}")
    if len(fresh):
        parts.append(f"it is at most {_FRESH_DAYS} days old for {_whom(fresh, names)}")
    ends = _record_ends(coverage).reindex(list(names))
    early = ends[ends < as_of]
    text = f"{'; '.join(parts)}."
    if early.empty:
        return text
    first = f"{names[str(early.idxmin())]} ({day(early.min())})"
    return (
        f"{text} The record of the talks ends before {day(as_of)} for"
        f" {count(len(early), 'partner')}, earliest for {first}."
    )


def _whom(ages: pd.Series, names: Mapping[str, str]) -> str:
    return listing([names[code] for code in ages.index]) if len(ages) <= 6 else f"{len(ages)} partners"


def _places(talks: pd.Series, names: Mapping[str, str], border: Sequence[str]) -> dict[str, float]:
    ranked = talks.reindex(list(names)).sort_values(ascending=False, na_position="first", kind="stable")
    reciprocal = [code for code in ranked.index if code not in border]
    apart = [code for code in ranked.index if code in border]
    places = {code: float(y) for y, code in enumerate(reciprocal)}
    return places | {code: len(reciprocal) + y + _APART for y, code in enumerate(apart)}


def _panel(ax: Axes, ages: pd.Series, places: Mapping[str, float], most: float) -> None:
    for code, y in places.items():
        age = ages.get(code, float("nan"))
        if pd.isna(age):
            _say(ax, "none", 0.0, y, 2)
            continue
        face = style.INK if age <= OLD_DAYS else "white"
        ax.plot([0, age], [y, y], color=style.FAINT, linewidth=1.6, zorder=1)
        ax.plot(age, y, "o", markersize=5, markerfacecolor=face, markeredgecolor=style.INK, clip_on=False)
        _say(ax, f"{age:.0f}", age, y, 6)
    ax.set_xlim(0, most * 1.55)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)


def _say(ax: Axes, words: str, x: float, y: float, right: float) -> None:
    colour = style.INK if words != "none" else style.MUTED
    ax.annotate(
        words,
        (x, y),
        xytext=(right, 0),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
        color=colour,
        annotation_clip=False,
    )


def _end(ax: Axes, y: float, end: pd.Timestamp | None, as_of: pd.Timestamp) -> None:
    if end is None or end >= as_of:
        return
    ax.annotate(
        short_day(end),
        (1, y),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
        annotation_clip=False,
    )


def _record_ends(coverage: pd.DataFrame) -> pd.Series:
    tables = ["meetings", "milestones", "issues", "commitments"]
    return coverage[coverage["table"].isin(tables)].groupby("partner")["through"].max()
