"""How much is on record: rows about the talks by partner and month, and rows by table and month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from tradeviz.charts import labels, parts, style
from tradeviz.charts.palette import palette
from tradeviz.evidence import TALKS_TABLES
from tradeviz.vocabulary import TABLE_NAMES
from tradeviz.wording import capital, count, listing

_STEPS = (1, 4, 8, 13, 20)
_DARK_FROM = 3
_LEAST_MONTHS = 9
_ROOM = 1.4
"""Height of a row of bars, as a multiple of the highest bar."""


@style.styled
def talks_rows(
    rows: pd.DataFrame,
    names: Mapping[str, str],
    border: Sequence[str],
    as_of: pd.Timestamp,
    *,
    ax: Axes | None = None,
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
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Months along x, partners along y; darker cells hold more rows, whose number they show.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, evidence
    >>> ds = tradeviz.load("2025-04-25")
    >>> ax = charts.talks_rows(evidence.rows_by(ds), ds.names, ds.border, ds.as_of)
    >>> len(ax.get_yticklabels()) == len(ds.names)
    True
    """
    counts = _by_partner(rows, names)
    months = list(pd.period_range(counts["month"].min(), as_of, freq="M"))
    places = parts.row_places(names, border)
    ax = parts.panel(ax, 0.65 + 0.25 * (max(places.values()) + 1))
    grid = counts.set_index(["partner", "month"])["rows"]
    for code, y in places.items():
        for x, month in enumerate(months):
            _cell(ax, x, y, int(grid.get((code, month), 0)))
        total = int(counts.loc[counts["partner"] == code, "rows"].sum())
        labels.beside(ax, str(total), (len(months), y), 24, ha="right")
    labels.beside(ax, "all", (len(months), -0.86), 24, ha="right")
    parts.name_rows(ax, places, names, below=0.5)
    month_names = [_month_label(month, i == 0, "{year}\n{name}") for i, month in enumerate(months)]
    ax.set_xticks([x + 0.48 for x in range(len(months))], month_names)
    ax.set_xlim(0, max(len(months), _LEAST_MONTHS))
    parts.without_frame(ax)
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
def table_rows(rows: pd.DataFrame, as_of: pd.Timestamp, *, ax: Axes | None = None) -> Axes:
    """Draw how many rows of each table became known in each month.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `evidence.rows_by_table`; at least one row.
    as_of : pandas.Timestamp
        The day whose month is the last.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Months along x; a row of bars for each table along y, all on one scale, with the number of
        the fullest month.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, evidence
    >>> ds = tradeviz.load("2025-04-25")
    >>> ax = charts.table_rows(evidence.rows_by_table(ds), ds.as_of)
    >>> ax.get_yticklabels()[0].get_text().splitlines()[0]
    'meetings'
    """
    tables = list(dict.fromkeys(rows["table"]))
    counts = _monthly(rows)
    months = list(pd.period_range(counts["month"].min(), as_of, freq="M"))
    ax = parts.panel(ax, 0.45 + 0.62 * len(tables))
    tall = int(counts["rows"].max()) * _ROOM
    feet = [tall * (len(tables) - 1 - y) for y in range(len(tables))]
    words = []
    for table, foot in zip(tables, feet, strict=True):
        by_month = counts[counts["table"] == table].set_index("month")["rows"]
        heights = [int(by_month.get(month, 0)) for month in months]
        _bars(ax, heights, foot)
        name = TABLE_NAMES[table].replace(" of ", " of\n")
        words.append(f"{name}\n{count(sum(heights), 'row')}")
    ax.set_ylim(0, tall * len(tables))
    ax.set_yticks([foot + tall * 0.4 for foot in feet], words)
    month_names = [_month_label(month, i == 0, "{name}\n{year}") for i, month in enumerate(months)]
    ax.set_xticks(range(len(months)), month_names)
    ax.set_xlim(-0.6, max(len(months), _LEAST_MONTHS) - 0.4)
    ax.tick_params(length=0)
    ax.tick_params(axis="y", colors=palette.ink)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    return ax


def table_rows_text(rows: pd.DataFrame) -> str:
    """Say how many rows each table has and in which month it gained most."""
    if rows.empty:
        return "No row about talks, rates or events is on record by this day."
    parts = []
    for table, group in rows.groupby("table", sort=False):
        months = group.set_index("month")["rows"]
        peak = f"most in {months.idxmax():%B %Y} ({months.max()})"
        parts.append(f"{TABLE_NAMES[str(table)]} {months.sum()}, {peak}")
    return f"Rows by table: {'; '.join(parts)}."


def _by_partner(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    about_talks = rows["table"].isin(TALKS_TABLES) & rows["partner"].isin(list(names))
    return _monthly(rows[about_talks]).groupby(["partner", "month"])["rows"].sum().reset_index()


def _monthly(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(month=rows["month"].dt.to_period("M"))


def _bars(ax: Axes, heights: list[int], foot: float) -> None:
    ax.bar(range(len(heights)), heights, width=0.7, bottom=foot, color=palette.muted)
    ax.plot([-0.5, len(heights) - 0.5], [foot, foot], color=palette.grey, linewidth=0.8)
    top = max(heights)
    labels.beside(ax, str(top), (heights.index(top), foot + top), up=2, ha="center", va="bottom")


def _cell(ax: Axes, x: float, y: float, n: int) -> None:
    step = sum(n >= least for least in _STEPS)
    face = palette.ladder[step - 1] if step else palette.paper
    cell = Rectangle((x, y - 0.46), 0.96, 0.92, facecolor=face, edgecolor=palette.faint, linewidth=0.5)
    ax.add_patch(cell)
    if n:
        colour = palette.on_dark if step > _DARK_FROM else palette.ink
        labels.beside(ax, str(n), (x + 0.48, y), ha="center", color=colour)


def _month_label(month: pd.Period, first: bool, with_year: str) -> str:
    name = month.strftime("%b")
    return with_year.format(name=name, year=month.year) if first or month.month == 1 else name
