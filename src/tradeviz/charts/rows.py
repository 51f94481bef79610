"""How much is on record: rows about the talks by partner and month, and rows by table and month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from tradeviz.charts import style
from tradeviz.evidence import TALKS_TABLES
from tradeviz.vocabulary import TABLE_NAMES
from tradeviz.wording import capital, count, listing

_STEPS = (1, 4, 8, 13, 20)
_SHADES = tuple(style.LADDER.values())[:5]
_DARK_FROM = 3
_APART = 0.5
_LEAST_MONTHS = 9


@style.styled
def talks_rows(
    rows: pd.DataFrame, names: Mapping[str, str], border: Sequence[str], as_of: pd.Timestamp
) -> Axes:
    """Draw how many rows about the talks became known for each partner in each month.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `evidence.rows_by`; only tables about the talks are drawn.
    names : mapping of str to str
        Names of the partners by code, in order.
    border : sequence of str
        Partners that stand apart below the others.
    as_of : pandas.Timestamp
        The day whose month is the last column.

    Returns
    -------
    Axes
        Months along x, partners along y; darker cells hold more rows, whose number they show.
    """
    counts = _by_partner(rows, names)
    months = list(pd.period_range(counts["month"].min(), as_of, freq="M"))
    places = _places(names, border)
    _, (ax,) = style.figure(0.65 + 0.25 * (max(places.values()) + 1))
    grid = counts.set_index(["partner", "month"])["rows"]
    for code, y in places.items():
        for x, month in enumerate(months):
            _cell(ax, x, y, int(grid.get((code, month), 0)))
        total = int(counts.loc[counts["partner"] == code, "rows"].sum())
        _total(ax, str(total), len(months), y)
    _total(ax, "all", len(months), -0.86)
    ax.set_yticks(list(places.values()), [names[code] for code in places])
    labels = [_month_label(month, i == 0, "{year}\n{name}") for i, month in enumerate(months)]
    ax.set_xticks([x + 0.48 for x in range(len(months))], labels)
    ax.set_xlim(0, max(len(months), _LEAST_MONTHS))
    ax.set_ylim(max(places.values()) + 0.5, -0.6)
    ax.xaxis.tick_top()
    ax.tick_params(length=0, colors=style.INK)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return ax


def talks_rows_text(rows: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say how many rows about the talks there are, in which month most, and for whom most and fewest."""
    counts = _by_partner(rows, names)
    if counts.empty:
        return "No row about the talks is on record by this day."
    months = counts.groupby("month")["rows"].sum()
    each = counts.groupby("partner")["rows"].sum().reindex(list(names), fill_value=0)
    without = [names[str(code)] for code, n in each.items() if n == 0]
    most = listing([f"{names[str(code)]} ({n})" for code, n in each[each > 0].nlargest(3).items()])
    peak = pd.Timestamp(str(months.idxmax()))
    text = (
        f"{capital(count(int(each.sum()), 'row'))} about the talks, most of them in"
        f" {peak:%B %Y} ({months.max()}). Most rows: {most}."
    )
    if without:
        whom = listing(without, "or") if len(without) <= 6 else f"{len(without)} partners"
        return f"{text} None on {whom}."
    return f"{text} Fewest: {names[str(each.idxmin())]} ({each.min()})."


@style.styled
def table_rows(rows: pd.DataFrame, as_of: pd.Timestamp) -> Axes:
    """Draw how many rows of each table became known in each month.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `evidence.rows_by_table`; at least one row.
    as_of : pandas.Timestamp
        The day whose month is the last.

    Returns
    -------
    Axes
        The lowest of the panels, one for each table, with months along x and rows along y, on one
        scale.
    """
    tables = list(dict.fromkeys(rows["table"]))
    counts = _monthly(rows)
    months = list(pd.period_range(counts["month"].min(), as_of, freq="M"))
    _, axes = style.figure(0.45 + 0.62 * len(tables), len(tables), sharex=True, sharey=True)
    for ax, table in zip(axes, tables, strict=True):
        own = counts[counts["table"] == table].set_index("month")["rows"]
        _bars(ax, [int(own.get(month, 0)) for month in months], TABLE_NAMES[table])
    axes[0].set_ylim(0, int(counts["rows"].max()) * 1.4)
    labels = [_month_label(month, i == 0, "{name}\n{year}") for i, month in enumerate(months)]
    axes[-1].set_xticks(range(len(months)), labels)
    axes[-1].set_xlim(-0.6, max(len(months), _LEAST_MONTHS) - 0.4)
    return axes[-1]


def table_rows_text(rows: pd.DataFrame) -> str:
    """Say how many rows each table has and in which month it gained most."""
    if rows.empty:
        return "No row about talks, rates or events is on record by this day."
    parts = []
    for table, own in rows.groupby("table", sort=False):
        months = own.set_index("month")["rows"]
        peak = f"most in {months.idxmax():%B %Y} ({months.max()})"
        parts.append(f"{TABLE_NAMES[str(table)]} {months.sum()}, {peak}")
    return f"Rows by table: {'; '.join(parts)}."


def _by_partner(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    about_talks = rows["table"].isin(TALKS_TABLES) & rows["partner"].isin(list(names))
    return _monthly(rows[about_talks]).groupby(["partner", "month"])["rows"].sum().reset_index()


def _monthly(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(month=rows["month"].dt.to_period("M"))


def _bars(ax: Axes, heights: list[int], name: str) -> None:
    ax.bar(range(len(heights)), heights, width=0.7, color=style.MUTED)
    top = max(heights)
    foot = (heights.index(top), top)
    ax.annotate(str(top), foot, (0, 2), textcoords="offset points", ha="center", fontsize=8.5)
    words = f"{_two_lines(name)}\n{count(sum(heights), 'row')}"
    ax.set_ylabel(words, rotation=0, ha="right", va="center", color=style.INK)
    ax.set_yticks([])
    ax.tick_params(axis="x", length=0)
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_bounds(-0.5, len(heights) - 0.5)


def _two_lines(name: str) -> str:
    return name.replace(" of ", " of\n")


def _total(ax: Axes, words: str, x: float, y: float) -> None:
    ax.annotate(
        words,
        (x, y),
        xytext=(24, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=8.5,
        annotation_clip=False,
    )


def _places(names: Mapping[str, str], border: Sequence[str]) -> dict[str, float]:
    reciprocal = [code for code in names if code not in border]
    apart = [code for code in names if code in border]
    places = {code: float(y) for y, code in enumerate(reciprocal)}
    return places | {code: len(reciprocal) + y + _APART for y, code in enumerate(apart)}


def _cell(ax: Axes, x: float, y: float, n: int) -> None:
    step = sum(n >= least for least in _STEPS)
    face = _SHADES[step - 1] if step else "white"
    cell = Rectangle((x, y - 0.46), 0.96, 0.92, facecolor=face, edgecolor=style.FAINT, linewidth=0.5)
    ax.add_patch(cell)
    if n:
        colour = "white" if step > _DARK_FROM else style.INK
        ax.annotate(str(n), (x + 0.48, y), ha="center", va="center", fontsize=8.5, color=colour)


def _month_label(month: pd.Period, first: bool, with_year: str) -> str:
    name = month.strftime("%b")
    return with_year.format(name=name, year=month.year) if first or month.month == 1 else name
