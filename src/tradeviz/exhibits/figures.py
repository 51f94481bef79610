"""Charts and tables as figures: title, text alternative, source line, and the data behind them."""

from __future__ import annotations

import base64
import html
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from great_tables import GT
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tradeviz import columns
from tradeviz.charts import style
from tradeviz.exhibits.gathering import Shown, gather
from tradeviz.exhibits.mark import mark_figure, marked_rows
from tradeviz.exhibits.markup import heading, rows_folded, scrolled
from tradeviz.frames import iso_days

DATA_MIME = "application/vnd.tradeviz.exhibit+json"
ROWS_SHOWN = 200
ROWS_OPEN = 10
"""Rows of a table that stand open; the others are folded below them."""
_HEAVY_SVG = 48_000
"""Characters of a drawing from which on a picture of points is lighter."""
_LONG_ALT = 320
_KINDS = {"M": "date", "f": "number", "i": "integer", "b": "boolean"}


@dataclass(frozen=True)
class Exhibit:
    """Something that a notebook cell displays.

    Attributes
    ----------
    markup : str
        Its HTML.
    name : str
        Short name within the page, such as "staircase"; "" where it has no data.
    csv : str
        The data behind it as CSV; "" where it has none.
    fields : tuple of (str, str)
        Names and Frictionless types of the columns of the data.
    title, subtitle, source : str
        What stands over the picture or table, and the tables that it rests on.
    about : mapping of str to str
        What the page says about itself in its footer, such as the hash of its data.
    """

    markup: str
    name: str = ""
    csv: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    subtitle: str = ""
    source: str = ""

    def __repr__(self) -> str:
        return f"<Exhibit {self.name or 'of text'}>"  # short: an executed notebook stores it too

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/html": self.markup}
        carried: dict[str, Any] = {}
        if self.name:
            fields = [_described(name, kind) for name, kind in self.fields]
            about = columns.sentences(self.subtitle, f"Source: {self.source}" if self.source else "")
            metadata = {"title": self.title, "description": about, "fields": fields}
            carried |= {"name": self.name, "csv": self.csv, **metadata}
        if self.about:
            carried["about"] = dict(self.about)
        return bundle | ({DATA_MIME: carried} if carried else {})


def chart(
    draw: Callable[..., Any],
    *inputs: Any,
    name: str,
    title: str,
    subtitle: str,
    frame: pd.DataFrame,
    alt: str,
    source: str,
    empty: str,
    vector: bool = False,
    size: tuple[float, float] | None = None,
) -> Exhibit:
    """A chart as a figure, or words where there is nothing to draw.

    Parameters
    ----------
    draw : callable
        A chart function of `tradeviz.charts`.
    *inputs
        What it is called with.
    name : str
        Short name within the page; names the file of its data.
    title, subtitle : str
        The finding or question; measure, unit and marks.
    frame : pandas.DataFrame
        The data that the chart shows; when it is empty, `empty` stands in place of the chart.
    alt : str
        The text alternative, computed from the same data.
    source : str
        The tables for the source line.
    empty : str
        What to say where there is nothing to draw.
    vector : bool
        Keep the drawing as SVG however large it is: quicker, for what is looked at and not stored.
    size : tuple of float, optional
        Width and height in inches of one that stands beside another on paper; else the chart's own.

    Returns
    -------
    Exhibit
        A figure with picture, caption and data.

    Examples
    --------
    >>> met = talks.meetings(ds, "KOR")
    >>> shown = exhibits.chart(
    ...     charts.meetings, met, ds.as_of, name="met", title="Who met?", subtitle="One dot each", frame=met,
    ...     alt="Dots.", source="meetings", empty="Nobody met.",
    ... )
    >>> shown.name, "data:image/svg+xml" in shown.markup
    ('met', True)
    """
    if gather(Shown(name, title, subtitle, source, frame, draw, inputs)):
        return Exhibit("")
    if frame.empty:
        return _nothing(name, title, empty)
    short, details = _alternative(alt)
    with style.page_style(), rc_context({"figure.figsize": size} if size else {}):
        figure = figure_of(draw(*inputs))
        mark_figure(figure)
        picture = _picture(figure, short, vector)
    details += _details(marked_rows(frame))
    half = " tv-half" if size else ""
    return _exhibit(name, title, subtitle, scrolled(picture, title), frame, source, details, half)


def table(
    make: Callable[..., GT],
    *inputs: Any,
    name: str,
    title: str,
    frame: pd.DataFrame,
    source: str,
    empty: str,
    subtitle: str = "",
    rows_open: int | None = ROWS_OPEN,
) -> Exhibit:
    """A table as a figure, or words where it would have no rows; after the first rows the others are folded.

    Parameters
    ----------
    make : callable
        A function of `tradeviz.tables`.
    *inputs
        What it is called with.
    name, title, subtitle, frame, source, empty
        As for `chart`.
    rows_open : int, optional
        How many rows stand open; all of them when None, as in a table with a row for each partner.

    Returns
    -------
    Exhibit
        A figure with table, caption and data.

    Examples
    --------
    >>> now = rates.in_force_at_stake(ds, partner="KOR")
    >>> shown = exhibits.table(
    ...     tables.rates_by_layer, ds, now, name="now", title="Rates", frame=now, source="tariffs", empty="-"
    ... )
    >>> shown.name, "reciprocal" in shown.markup
    ('now', True)
    """
    if gather(Shown(name, title, subtitle, source, frame)):
        return Exhibit("")
    if frame.empty:
        return _nothing(name, title, empty)
    named = rows_folded(make(*inputs), f"tv-{name}", title, rows_open)
    return _exhibit(name, title, subtitle, named, frame, source)


def _nothing(name: str, title: str, words: str) -> Exhibit:
    inner = f'<h3 class="tv-title">{html.escape(title)}</h3><p class="tv-empty">{html.escape(words)}</p>'
    return Exhibit(f'<section class="tv-exhibit" id="ex-{name}">{inner}</section>')


def _exhibit(
    name: str,
    title: str,
    subtitle: str,
    body: str,
    frame: pd.DataFrame,
    source: str,
    details: str = "",
    half: str = "",
) -> Exhibit:
    frame = marked_rows(frame)
    rests_on = f"Source: {html.escape(source)}<!--tradeviz:data {name}-->"
    caption = f'<figcaption class="tv-source">{rests_on}</figcaption>'
    figure = f"<figure>{heading(title, subtitle)}{body}{caption}</figure>"
    markup = f'<section class="tv-exhibit{half}" id="ex-{name}">{figure}{details}</section>'
    fields = tuple(field_types(frame).items())
    return Exhibit(markup, name, as_csv(frame), fields, title=title, subtitle=subtitle, source=source)


def field_types(frame: pd.DataFrame) -> dict[str, str]:
    """Return the Frictionless type of each column of a frame.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import exhibits
    >>> exhibits.field_types(tradeviz.load("2025-04-25").events)["date"]
    'date'
    """
    return {str(name): _KINDS.get(dtype.kind, "string") for name, dtype in frame.dtypes.items()}


def _described(name: str, kind: str) -> dict[str, str]:
    """A column as a Frictionless field."""
    column = columns.describe(name)
    described = {"name": name, "type": kind, "title": column.title, "description": column.description}
    return described | ({"unit": column.unit} if column.unit else {})


def _alternative(alt: str) -> tuple[str, str]:
    """What a picture says in its own text alternative, and the whole of it below where it is long."""
    if len(alt) <= _LONG_ALT:
        return alt, ""
    end = alt.rfind(". ", 0, _LONG_ALT) + 1
    short = alt[:end] if end else alt[: alt.rfind(" ", 0, _LONG_ALT)] + " ..."
    whole = f'<p class="tv-text">{html.escape(alt)}</p>'
    details = f'<details class="tv-data"><summary>This chart in words</summary>{whole}</details>'
    return f"{short} The whole is told below, under: This chart in words.", details


def as_csv(frame: pd.DataFrame) -> str:
    """Write a frame as CSV with ISO days and short line ends.

    Examples
    --------
    >>> exhibits.as_csv(ds.partners[["partner", "name"]]).splitlines()[:2]
    ['partner,name', 'CHN,China']
    """
    return iso_days(frame).to_csv(index=False, lineterminator="\n")


def _details(frame: pd.DataFrame) -> str:
    columns = [name for name in frame.columns if not str(name).endswith("source_ids")]  # listed at the end
    shown = iso_days(frame[columns].head(ROWS_SHOWN)).astype("object").fillna("").astype("str")
    head = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in shown.columns)
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>"
        for row in shown.itertuples(index=False)
    )
    reach = f"first {ROWS_SHOWN} of {len(frame)} rows" if len(frame) > ROWS_SHOWN else f"{len(frame)} rows"
    cells = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return (
        f'<details class="tv-data"><summary>Data behind this chart ({reach})</summary>'
        f"{scrolled(cells, 'Data')}</details>"
    )


def figure_of(axes: Any) -> Figure:
    """Return the figure of the axes that a chart has returned."""
    ax = axes if isinstance(axes, Axes) else axes.flat[0] if hasattr(axes, "flat") else axes[0]
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    return figure


def _picture(figure: Figure, alt: str, vector: bool) -> str:
    drawing, kind = style.svg(figure, math.inf if vector else _HEAVY_SVG).encode(), "svg+xml"
    if not drawing:
        drawing, kind = style.png(figure), "png"
    style.close(figure)
    encoded = base64.b64encode(drawing).decode()
    return f'<img alt="{html.escape(alt)}" src="data:image/{kind};base64,{encoded}">'
