"""Four readings of the tariff rate over time, above the level of 2024: headline, ours, modelled, charged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from tradeviz.charts import monthly, parts, style
from tradeviz.charts.palette import palette
from tradeviz.exposure import WEIGHTED
from tradeviz.frames import records
from tradeviz.wording import day, listing, rounded_rate

_LABELS = {
    "headline_pct": "statutory headline",
    "effective_added_pct": "effective, ours",
    "modelled_pct": "Waugh's model,\nJuly 2026",
    "charged_added_pct": "charged",
}
_COLUMNS = 5
_LEAST_TOP = 5.0
_OUTLYING = 1.5
"""A partner's peak that is so many times the next one runs out of its panel and is written in its title."""


def _looks() -> dict[str, dict[str, Any]]:
    """The line of each reading of the rate."""
    blue = palette.stage("text_published")
    return {
        "headline_pct": {"color": palette.muted, "linewidth": 1.6},
        "effective_added_pct": {"color": palette.ink, "linewidth": 2.0},
        "modelled_pct": {"color": palette.mid, "linewidth": 1.1, "linestyle": (0, (4, 1.6))},
        "charged_added_pct": {"color": blue, "linewidth": 1.0, "marker": "o", "markersize": 4},
    }


def weighted_frame(three: pd.DataFrame) -> pd.DataFrame:
    """Keep the import-weighted rows of the 18 with a headline.

    Parameters
    ----------
    three : pandas.DataFrame
        From `exposure.rate_readings`.

    Returns
    -------
    pandas.DataFrame
        Its columns, one row per month (rates in percent); empty while the weights of 2024 are not
        published.
    """
    rows = three[(three["partner"] == WEIGHTED) & three["headline_pct"].notna()]
    return rows.reset_index(drop=True)


def partner_frame(three: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of the partners.

    Parameters
    ----------
    three : pandas.DataFrame
        From `exposure.rate_readings`.

    Returns
    -------
    pandas.DataFrame
        Its columns, by partner and month (rates in percent); empty before any duty of 2025 on was
        ordered or any month since published.
    """
    rows = three[three["partner"] != WEIGHTED]
    shown = (rows["headline_pct"] > 0).any() or rows["charged_pct"].notna().any()
    return rows.iloc[: len(rows) if shown else 0].reset_index(drop=True)


@style.styled
def weighted_rates(frame: pd.DataFrame, as_of: pd.Timestamp, *, ax: Axes | None = None) -> Axes:
    """Draw the four import-weighted rates by month.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `weighted_frame`; at least one row.
    as_of : pandas.Timestamp
        Right edge of knowledge.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Months along x (a mean stands at mid-month, the last one at as_of at the latest), percent
        above the level of 2024 along y. Grey line: statutory headline; dark: our effective rate; dashed:
        Waugh's model; blue dots: charged.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, exposure
    >>> ds = tradeviz.load("2025-12-31")
    >>> frame = charts.weighted_frame(exposure.rate_readings(ds))
    >>> ax = charts.weighted_rates(frame, ds.as_of)
    >>> ax.get_ylabel()
    'percentage points above the level of 2024'
    """
    ax = parts.panel(ax, 4.0)
    start = frame["month"].min()
    parts.day_axis(ax, start, as_of + (as_of - start) * 0.01)
    looks = _looks()
    ends = monthly.lines(ax, frame, looks, as_of)
    top = float(frame[list(_LABELS)].max().max())
    low = min(float(frame["charged_added_pct"].fillna(0).min()), 0.0)
    ax.set_ylim(low * 1.1, max(top * 1.08, 5))
    ax.set_ylabel("percentage points above the level of 2024")
    ax.grid(axis="y")
    monthly.name_ends(ax, ends, frame, _LABELS, looks, apart=0.135, foot=0.03)
    parts.as_of_line(ax, as_of)
    return ax


def weighted_rates_text(frame: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Say where the import-weighted headline peaked and where the four readings stand."""
    if frame.empty:
        return f"No import-weighted rate could be known by {day(as_of)}."
    peak = _highest(frame, "headline_pct")
    last = frame.iloc[-1]
    top, now = (rounded_rate(rate) for rate in (peak["headline_pct"], last["headline_pct"]))
    text = "Import-weighted means, above the level of 2024. The statutory headline peaked at"
    text += f" {top} in {peak['month']:%B %Y}; in {last['month']:%B %Y}, up to {day(as_of)}, it is {now},"
    text += f" our effective rate {rounded_rate(last['effective_added_pct'])} and Waugh's model"
    text += f" {rounded_rate(last['modelled_pct'])}."
    charged = frame[frame["charged_added_pct"].notna()]
    if charged.empty:
        return f"{text} No month of 2025 is published yet."
    known, high = charged.iloc[-1], _highest(charged, "charged_added_pct")
    text += f" The rate charged was highest at {rounded_rate(high['charged_added_pct'])} above its level of"
    text += f" 2024 in {high['month']:%B %Y}; in {known['month']:%B %Y}, the last month published, it was"
    text += f" {rounded_rate(known['charged_added_pct'])} above it, and our effective rate"
    return f"{text} {rounded_rate(known['effective_added_pct'])}."


def _highest(frame: pd.DataFrame, name: str) -> dict[str, Any]:
    return records(frame.nlargest(1, name))[0]


@style.styled
def partner_rates(
    frame: pd.DataFrame,
    names: Mapping[str, str],
    border: Collection[str],
    as_of: pd.Timestamp,
    *,
    axes: Sequence[Axes] | None = None,
) -> list[Axes]:
    """Draw the four rates of each partner in a small panel of its own.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `partner_frame`; at least one row.
    names : mapping of str to str
        Names of the partners by code, in the order of the panels.
    border : collection of str
        Codes of the border partners, whose goods under USMCA are exempt.
    as_of : pandas.Timestamp
        Right edge of knowledge.
    axes : sequence of Axes, optional
        Where to draw, one for each panel; a figure of its own when not given.

    Returns
    -------
    list of Axes
        One panel per partner with common axes: months along x, percentage points above the level of
        2024 along y. Grey: headline; dark: our effective rate; dashed: Waugh's model; dots: charged. A
        partner far above all others runs out of its panel, with the peak of its headline in the title.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import charts, exposure
    >>> ds = tradeviz.load("2025-12-31")
    >>> frame = charts.partner_frame(exposure.rate_readings(ds))
    >>> axes = charts.partner_rates(frame, ds.names, ds.border, ds.as_of)
    >>> len(axes) == len(ds.names)
    True
    """
    own_figure = axes is None
    if axes is None:
        rows = -(-len(names) // _COLUMNS)
        _, axes = parts.figure(0.5 + 1.35 * rows, rows, _COLUMNS, sharex=True, sharey=True)
    axes = parts.panels(axes, len(names))
    looks = _looks()
    top = _common_top(frame)
    low = float(frame["charged_added_pct"].fillna(0).min())
    for ax, code in zip(axes, names, strict=True):
        rates = frame[frame["partner"] == code]
        for name in _LABELS:
            look = looks[name] | ({"markersize": 2.6} if "marker" in looks[name] else {})
            ax.plot(*monthly.line(rates, name, as_of), **look)
        title = names[code] + ("*" if code in border else _peak(rates, top))
        ax.set_title(title, fontsize=style.label_size(), pad=3)
        ax.grid(axis="y")
        ax.set_ylim(-0.03 * top if low > -0.03 * top else low * 1.1, top)
        ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        _year_ticks(ax, frame["month"].min(), as_of)
    if own_figure:
        look = {"fontsize": mpl.rcParams["axes.labelsize"], "color": mpl.rcParams["axes.labelcolor"]}
        parts.whole_figure(axes[0]).supylabel("percentage points above 2024", **look)
    else:
        axes[0].set_ylabel("points above 2024")
    return axes


def _common_top(frame: pd.DataFrame) -> float:
    peaks = frame.groupby("partner")[list(_LABELS)].max().max(axis=1).sort_values()
    first, second = float(peaks.iloc[-1]), float(peaks.iloc[-2])
    outlying = first > _OUTLYING * second and second > _LEAST_TOP
    return max((second if outlying else first) * 1.1, _LEAST_TOP)


def _peak(rates: pd.DataFrame, top: float) -> str:
    """Words for a line that runs out of its panel."""
    peak = rates["headline_pct"].max()
    return f" (to {round(peak):g})" if peak > top else ""


def _year_ticks(ax: Axes, start: pd.Timestamp, as_of: pd.Timestamp) -> None:
    end = max(as_of, start + pd.Timedelta(days=75))
    ax.set_xlim(mdates.date2num(start), mdates.date2num(end))
    long = (end - start).days > 300
    ax.xaxis.set_major_locator(mdates.YearLocator() if long else mdates.MonthLocator(bymonth=(1, 4, 7, 10)))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y" if long else "%b"))


def partner_rates_text(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say for which partners the headline and the charged rate lie furthest apart, and where China peaked."""
    if frame.empty:
        return "No duty ordered, and no month of 2025 published yet."
    high = _highest(frame, "headline_pct")
    text = f"The highest monthly headline is {rounded_rate(high['headline_pct'])} on {names[high['partner']]}"
    text += f" in {high['month']:%B %Y}."
    known = frame[frame["charged_added_pct"].notna()]
    if known.empty:
        return f"{text} No month of 2025 is published yet."
    last = known[known["month"] == known["month"].max()]
    gaps = (last["headline_pct"] - last["charged_added_pct"]).set_axis(last["partner"])
    widest = [f"{names[code]} ({gap:.1f})" for code, gap in gaps.nlargest(3).items()]
    text += f" In {last['month'].iloc[0]:%B %Y}, the last month published, the headline lay furthest above"
    text += f" what was charged beyond the level of 2024, in percentage points, for {listing(widest)}"
    under = [names[code] for code, gap in gaps.items() if gap < 0]
    return text + (f"; it lay below for {listing(under)}." if under else ".")
