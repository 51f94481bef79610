"""How old the last evidence on each partner is, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.evidence import OLD_DAYS, TALKS_KINDS
from tradeviz.wording import count, day, listing, short_day

_KINDS = ("talks", *TALKS_KINDS, "rate")
_HEADS = {"talks": "any of\nthe talks"}
_COLUMN = 1.75
"""Width of a column, as a multiple of the greatest age."""
_FRESH_DAYS = 30


@style.styled
def freshness(
    last: pd.DataFrame,
    coverage: pd.DataFrame,
    names: Mapping[str, str],
    border: Sequence[str],
    as_of: pd.Timestamp,
    *,
    ax: Axes | None = None,
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
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        A column per kind along x, all on one scale of days before as_of; partners along y. Dots are
        filled up to 60 days and hollow beyond.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, evidence
    >>> ds = tradeviz.load("2025-04-25")
    >>> last = evidence.last_evidence(ds)
    >>> ax = charts.freshness(last, ds.coverage, ds.names, ds.border, ds.as_of)
    >>> ax.get_xlabel()
    'days before 25 Apr 2025'
    """
    shown = last[last["kind"].isin(_KINDS)]
    ages = shown.pivot(index="partner", columns="kind", values="age_days")
    talks = ages["talks"].reindex(list(names))
    ranked = talks.sort_values(ascending=False, na_position="first", kind="stable")
    places = parts.row_places([str(code) for code in ranked.index], border)
    ax = parts.panel(ax, 0.75 + 0.27 * (max(places.values()) + 1))
    wide = _COLUMN * max(float(shown["age_days"].fillna(0).max()), 1.0)
    for i, kind in enumerate(_KINDS):
        _column(ax, ages[kind], places, i * wide)
        labels.beside(ax, _HEADS.get(kind, kind), (i * wide, -0.75), va="bottom", fontweight="bold")
    parts.name_rows(ax, places, names)
    ax.set_xlim(0, len(_KINDS) * wide)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ends = _record_ends(coverage)
    if (ends < as_of).any():
        labels.at_edge(ax, "record to", -0.75, va="bottom")
        for code, y in places.items():
            if code in ends.index and ends[code] < as_of:
                labels.at_edge(ax, short_day(ends[code]), y)
    ax.set_xlabel(f"days before {short_day(as_of)}", color=palette.muted)
    return ax


def freshness_text(
    last: pd.DataFrame, coverage: pd.DataFrame, names: Mapping[str, str], as_of: pd.Timestamp
) -> str:
    """Say for whom the last evidence of the talks is old or missing, and where the record ends early."""
    talks = last[last["kind"] == "talks"].set_index("partner")["age_days"].reindex(list(names))
    old = talks[talks > OLD_DAYS].sort_values(ascending=False)
    whose = f"for {len(old) or 'none'} of {len(names)} partners"
    if len(old):
        oldest = [f"{names[str(code)]} ({age:.0f} days)" for code, age in old.head(3).items()]
        whose += f", the oldest {listing(oldest)}"
    parts = [f"The last fact about the talks is more than {OLD_DAYS} days old {whose}"]
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


def _column(ax: Axes, ages: pd.Series, places: Mapping[str, float], left: float) -> None:
    ax.plot([left, left], [-0.6, max(places.values()) + 0.6], color=palette.mid, linewidth=0.8)
    for code, y in places.items():
        age = ages.get(code, float("nan"))
        if pd.isna(age):
            labels.beside(ax, "none", (left, y), 2, color=palette.muted)
            continue
        face = palette.ink if age <= OLD_DAYS else palette.paper
        ax.plot([left, left + age], [y, y], color=palette.faint, linewidth=1.6, zorder=1)
        ax.plot(left + age, y, linestyle="", clip_on=False, **parts.mark("o", 5, face))
        labels.beside(ax, f"{age:.0f}", (left + age, y), 6, color=palette.ink)


def _record_ends(coverage: pd.DataFrame) -> pd.Series:
    tables = ["meetings", "milestones", "issues", "commitments"]
    return coverage[coverage["table"].isin(tables)].groupby("partner")["through"].max()
