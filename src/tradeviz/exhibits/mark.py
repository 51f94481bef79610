"""The mark of a scenario: on everything that a page shows, so that nobody takes it for the record."""

from __future__ import annotations

import html

import pandas as pd
from matplotlib.figure import Figure

from tradeviz.charts.palette import palette
from tradeviz.data import Dataset
from tradeviz.stamp import notice

_marked = {"scenario": ""}
"""The scenario of the page that is being made; a notebook is one page."""


def mark(ds: Dataset) -> None:
    """Mark whatever is shown from here on as of the scenario that a data set tells; of the record, not.

    Examples
    --------
    >>> import pandas as pd
    >>> orders = {"partner": ["KOR"], "layer": ["s122"], "effective": ["2025-05-01"], "rate_pct": [5]}
    >>> exhibits.mark(ds.with_orders(pd.DataFrame(orders), "korea-5"))
    >>> exhibits.staircase(ds, "KOR").csv.splitlines()[0].split(",")[-1]
    'page_scenario'
    >>> exhibits.mark(ds)
    """
    _marked["scenario"] = ds.scenario


def line(scenario: str | None = None) -> str:
    """The mark as a line of HTML; "" for the record."""
    name = _marked["scenario"] if scenario is None else scenario
    return f'<p class="tv-scenario">{html.escape(notice(name))}</p>' if name else ""


def marked_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the scenario in a last column; as they are for the record."""
    name = _marked["scenario"]
    return frame.assign(page_scenario=name) if name else frame


def mark_figure(figure: Figure) -> None:
    """Write the mark over a chart, so that the picture alone tells it too."""
    name = _marked["scenario"]
    if name:
        figure.suptitle(notice(name), x=0.01, ha="left", color=palette.threat, fontweight="bold", fontsize=9)
