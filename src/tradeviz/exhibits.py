"""What a notebook displays: a chart or a table with its title, text alternative, source and data.

An exhibit shows itself in JupyterLab and in an exported page by the same HTML. It also carries
its data as CSV in a MIME type of its own, from which the exporter writes the file that the page
links to. All text that comes from the tables is escaped here.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import pandas as pd
from great_tables import GT
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tradeviz.charts import style
from tradeviz.data import Dataset, split_list
from tradeviz.frames import iso_days, records
from tradeviz.wording import day

DATA_MIME = "application/vnd.tradeviz.exhibit+json"
ROWS_SHOWN = 200
_HEAVY_SVG = 160_000

GLOSSARY = {
    "ad valorem": "a duty in percent of the customs value of the goods",
    "additional": "charged on top of the normal duty",
    "all-in": "a ceiling that contains the normal duty",
    "MFN duty": "the normal duty on goods of members of the World Trade Organization",
    "layer": "one legal ground for a duty; layers have schedules of their own",
    "in force, scheduled": "set by an order whose day has come, or is still to come",
    "threat, deal": "said, or agreed, but not ordered; neither changes what is charged",
    "IEEPA": "the emergency-powers act on which the reciprocal and fentanyl duties rested",
    "Section 122, 232, 301": "grounds in trade law: payments, national security, unfair practices",
    "as of": "what a reader of that evening could know",
}


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
    """

    markup: str
    name: str = ""
    csv: str = ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/html": self.markup}
        if self.name:
            bundle[DATA_MIME] = {"name": self.name, "csv": self.csv}
        return bundle


def header(title: str, ds: Dataset, lead: str, notes: Sequence[str] = ()) -> Exhibit:
    """The head of a page: title, as-of date, how far the data reach, lead paragraph, notes."""
    reach = f"As of {day(ds.as_of)} · data through {day(min(ds.as_of, ds.coverage_end))}"
    parts = [f"<h1>{html.escape(title)}</h1>", f'<p class="tv-asof">{reach}</p>']
    parts.append(f'<p class="tv-lead">{html.escape(lead)}</p>')
    parts += [f'<p class="tv-note">{html.escape(note)}</p>' for note in notes if note]
    return Exhibit(f'<header class="tv-header">{"".join(parts)}</header>')


def text(paragraph: str) -> Exhibit:
    """A paragraph of plain text."""
    return Exhibit(f'<p class="tv-text">{html.escape(paragraph)}</p>')


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

    Returns
    -------
    Exhibit
        A figure with picture, caption and data.
    """
    if frame.empty:
        return _nothing(name, title, empty)
    picture = _picture(_figure_of(draw(*inputs)), alt)
    return _exhibit(name, title, subtitle, _scrolled(picture, title), frame, source, data_table=True)


def table(
    make: Callable[..., GT],
    *inputs: Any,
    name: str,
    title: str,
    frame: pd.DataFrame,
    source: str,
    empty: str,
    subtitle: str = "",
) -> Exhibit:
    """A table as a figure, or words where it would have no rows.

    Parameters
    ----------
    make : callable
        A function of `tradeviz.tables`.
    *inputs
        What it is called with.
    name, title, subtitle, frame, source, empty
        As for `chart`.

    Returns
    -------
    Exhibit
        A figure with table, caption and data.
    """
    if frame.empty:
        return _nothing(name, title, empty)
    head, bracket, rest = make(*inputs).as_raw_html(inline_css=False).partition("<table")
    opening, end, body = rest.partition(">")
    caption = f'<caption class="tv-caption">{html.escape(title)}</caption>'
    named = _scrolled(f"{head}{bracket}{opening}{end}{caption}{body}", title)
    return _exhibit(name, title, subtitle, named, frame, source, data_table=False)


def sources(ds: Dataset, frames: Iterable[pd.DataFrame]) -> Exhibit:
    """The documents that the frames cite, listed and linked, in order of first mention.

    A source published after as_of is linked by publisher and day alone: its title could tell
    what nobody knew yet. So is one whose day of publication is not known, on a page that looks back.
    """
    columns = ("source_ids", "status_source_ids")
    cells = [cell for frame in frames for name in columns if name in frame for cell in frame[name]]
    cited = list(dict.fromkeys(part for cell in cells for part in split_list(cell)))
    known = {row["source_id"]: row for row in records(ds.sources)}
    items = [f"<li>{_source(known[one])}</li>" for one in cited if one in known]
    if not items:
        return Exhibit('<p class="tv-empty">No fact on this page has a source by this day.</p>')
    return Exhibit(f'<ol class="tv-sources">{"".join(items)}</ol>')


def closing(ds: Dataset) -> Exhibit:
    """A short glossary, how to cite, and what the page is not."""
    items = [f"<li><b>{html.escape(term)}</b>: {html.escape(words)}</li>" for term, words in GLOSSARY.items()]
    cite = f"tradeviz {version('tradeviz')}, United States tariff talks as of {day(ds.as_of)}."
    parts = [
        f'<h2>Terms</h2><ul class="tv-glossary">{"".join(items)}</ul>',
        f'<h2>How to cite</h2><p class="tv-text">{html.escape(cite)} Data: CC BY 4.0.</p>',
        '<p class="tv-text">This is not an official source. Check a rate against the order that sets it.</p>',
    ]
    return Exhibit("".join(parts))


def _nothing(name: str, title: str, words: str) -> Exhibit:
    inner = f'<h3 class="tv-title">{html.escape(title)}</h3><p class="tv-empty">{html.escape(words)}</p>'
    return Exhibit(f'<section class="tv-exhibit" id="ex-{name}">{inner}</section>')


def _scrolled(inner: str, label: str) -> str:
    return f'<div class="tv-scroll" tabindex="0" role="group" aria-label="{html.escape(label)}">{inner}</div>'


def _exhibit(
    name: str, title: str, subtitle: str, body: str, frame: pd.DataFrame, source: str, *, data_table: bool
) -> Exhibit:
    shown = f'<h3 class="tv-title">{html.escape(title)}</h3>'
    shown += f'<p class="tv-subtitle">{html.escape(subtitle)}</p>' if subtitle else ""
    caption = (
        f'<figcaption class="tv-source">Source: {html.escape(source)}<!--tradeviz:data {name}--></figcaption>'
    )
    details = _details(frame) if data_table else ""
    markup = f'<figure class="tv-exhibit" id="ex-{name}">{shown}{body}{caption}{details}</figure>'
    return Exhibit(markup, name, as_csv(frame))


def as_csv(frame: pd.DataFrame) -> str:
    """Write a frame as CSV with ISO days and short line ends."""
    return iso_days(frame).to_csv(index=False, lineterminator="\n")


def _details(frame: pd.DataFrame) -> str:
    shown = iso_days(frame.head(ROWS_SHOWN)).fillna("").astype("str")
    head = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in shown.columns)
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>"
        for row in shown.itertuples(index=False)
    )
    reach = f"first {ROWS_SHOWN} of {len(frame)} rows" if len(frame) > ROWS_SHOWN else f"{len(frame)} rows"
    cells = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return (
        f'<details class="tv-data"><summary>Data behind this chart ({reach})</summary>'
        f"{_scrolled(cells, 'Data')}</details>"
    )


def _figure_of(axes: Any) -> Figure:
    one = axes if isinstance(axes, Axes) else axes.flat[0] if hasattr(axes, "flat") else axes[0]
    figure = one.get_figure()
    assert isinstance(figure, Figure)
    return figure


def _picture(figure: Figure, alt: str) -> str:
    drawing = style.svg(figure).encode()
    kind = "svg+xml"
    if len(drawing) > _HEAVY_SVG:
        drawing, kind = style.png(figure), "png"
    style.close(figure)
    encoded = base64.b64encode(drawing).decode()
    return f'<img alt="{html.escape(alt)}" src="data:image/{kind};base64,{encoded}">'


def _source(row: dict[str, Any]) -> str:
    publisher = html.escape(row["publisher"])
    dated = "" if pd.isna(row["published"]) else f", {day(row['published'])}"
    if row["published_later"]:
        what = "published later" if dated else "day of publication not known, title withheld"
        words = f"{publisher}{dated}, {what}"
    else:
        words = f"{publisher}: {html.escape(row['title'])}{dated}"
    return f'<a href="{html.escape(row["url"])}" rel="noopener">{words}</a>'
