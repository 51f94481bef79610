"""Pickers of partner, day and chart for JupyterLab: any chart, seen from any day, in a moment.

The tables are read once and cut anew at each day. What is shown is the exhibit of the briefings,
with its text alternative and its data.
"""

from __future__ import annotations

import gc
import html
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
from IPython.display import Javascript, display

from tradeviz import exhibits, talks
from tradeviz.data import Dataset, Tables, load_tables
from tradeviz.errors import UsageError
from tradeviz.exhibits import Exhibit
from tradeviz.vocabulary import GENERAL
from tradeviz.wording import count, day, listing

try:
    import ipywidgets as widgets
except ImportError:
    raise UsageError(
        'tradeviz.explore needs ipywidgets, which is not installed; pip install "tradeviz[lab]"'
    ) from None

CHARTS: dict[str, Callable[[Dataset, str], Exhibit]] = {
    "Duty on goods of the partner": lambda ds, partner: exhibits.staircase(ds, partner, vector=True),
    "Meetings with the partner": lambda ds, partner: exhibits.meetings(ds, partner, vector=True),
    "Issues with the partner": lambda ds, partner: exhibits.issues(ds, partner, vector=True),
    "Issues with all partners": lambda ds, partner: exhibits.issues(ds, vector=True),
    "Progress of all partners": lambda ds, partner: exhibits.board(ds, vector=True),
    "Changes already ordered, all partners": lambda ds, partner: exhibits.cliffs(ds, vector=True),
}
"""The charts to pick from, by the name shown; put a function of (data set, partner code) in to add one."""


_CLASS = "tradeviz-explorer"

# JupyterLab takes arrow keys, Enter and letters for commands on cells, also while a picker has the focus
# (ipywidgets issue 3912), unless the element with the focus bears this attribute.
_OWN_KEYS = f"""
document.addEventListener("focusin", (event) => {{
    if (event.target.closest(".{_CLASS}")) event.target.setAttribute("data-lm-suppress-shortcuts", "true");
}});
"""


class Explorer(widgets.VBox):
    """Pickers and the chart that they ask for; every picker works by keyboard.

    Attributes
    ----------
    partner, chart : ipywidgets.Dropdown
        The partner (its value is the code) and the chart (its value is the name in `CHARTS`).
    as_of : ipywidgets.SelectionSlider
        The day of knowledge; arrow keys move it by a day.
    earlier, later : ipywidgets.Button
        Move the day to the last one before, or the next one after, with a fact on the partner.
    status, picture : ipywidgets.HTML
        What is known by that day, in a sentence, and the exhibit.
    """

    def __init__(self, tables: Tables, partner: str, as_of: str | date, chart: str) -> None:
        first = tables.at(as_of)
        self._tables = tables
        self._facts = talks.changes(tables.at(), tables.first_fact - pd.Timedelta(days=1))
        days = pd.date_range(tables.first_fact, max(tables.coverage_end, first.as_of))
        wide = {"style": {"description_width": "6em"}, "layout": {"width": "32em"}}
        names = [(name, code) for code, name in first.names.items()]
        self.partner = widgets.Dropdown(options=names, value=partner, description="Partner", **wide)
        self.chart = widgets.Dropdown(options=list(CHARTS), value=chart, description="Chart", **wide)
        self.as_of = widgets.SelectionSlider(
            options=[(day(moment), moment) for moment in days],
            value=first.as_of,
            description="As of",
            continuous_update=False,
            style=wide["style"],
            layout={"width": "44em", "max_width": "100%"},
        )
        self.earlier, self.later = (
            widgets.Button(description=words, tooltip=f"Go to the {words} on the partner", icon=icon)
            for words, icon in (("previous fact", "arrow-left"), ("next fact", "arrow-right"))
        )
        self.status, self.picture = widgets.HTML(), widgets.HTML()
        self.earlier.on_click(lambda _: self._go(-1))
        self.later.on_click(lambda _: self._go(1))
        for picker in (self.partner, self.chart, self.as_of):
            picker.observe(self._show, names="value")
        buttons = widgets.HBox([self.earlier, self.later])
        super().__init__([self.partner, self.chart, self.as_of, buttons, self.status, self.picture])
        self.add_class(_CLASS)
        self._show()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        display(Javascript(_OWN_KEYS))
        return super()._repr_mimebundle_(**kwargs)

    def fact_days(self) -> pd.DatetimeIndex:
        """The days on which a fact on the partner, or one for all partners, became known, ascending."""
        concerned = self._facts["partner"].isin([self.partner.value, GENERAL])
        return pd.DatetimeIndex(self._facts.loc[concerned, "date"].unique()).sort_values()

    def _go(self, step: int) -> None:
        """Go to the fact before or after the day, or else to the first or last day there is."""
        days, now = self.fact_days(), self.as_of.value
        there = days[days < now][::-1] if step < 0 else days[days > now]
        self.as_of.value = there[0] if len(there) else self.as_of.options[0 if step < 0 else -1][1]

    def _show(self, _: Any = None) -> None:
        ds = self._tables.at(self.as_of.value)
        self.status.value = f"<p>{html.escape(self._known(ds))}</p>"
        try:
            self.picture.value = CHARTS[self.chart.value](ds, self.partner.value).markup
        except Exception:  # an older picture must not stay under the new day
            self.picture.value = "<p>This chart cannot be drawn for this partner and day.</p>"
            raise

    def _known(self, ds: Dataset) -> str:
        by_then = self.fact_days()
        by_then = by_then[by_then <= ds.as_of]
        about = f"{ds.name(self.partner.value)} or on all partners"
        if by_then.empty:
            return f"As of {day(ds.as_of)} nothing on {about} was known."
        return (
            f"As of {day(ds.as_of)} facts on {about} had come out on {count(len(by_then), 'day')}, "
            f"the last on {day(by_then[-1])}."
        )


def explorer(partner: str = "KOR", as_of: str | date = "", chart: str = "") -> Explorer:
    """Pickers of partner, day and chart, with the chart below them.

    Parameters
    ----------
    partner : str
        ISO 3166 alpha-3 code of the partner at first, EUU for the European Union.
    as_of : date
        The day of knowledge at first; the last day that the data cover when "".
    chart : str
        The chart at first, a key of `CHARTS`; the first of them when "".

    Returns
    -------
    Explorer
        A widget that JupyterLab shows.

    Raises
    ------
    UsageError
        If there is no such partner, day or chart.
    """
    tables = load_tables()
    tables.at(as_of).partner(partner)
    if chart and chart not in CHARTS:
        raise UsageError(f'chart "{chart}" is unknown; use one of {listing(list(CHARTS), "or")}')
    made = Explorer(tables, partner, as_of, chart or next(iter(CHARTS)))
    gc.collect()
    gc.freeze()  # a collection that walks all libraries would make a redraw now and then twice as slow
    return made
