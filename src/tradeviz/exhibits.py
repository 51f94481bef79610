"""What a notebook displays: a chart or a table with its title, text alternative, source and data.

An exhibit shows itself in JupyterLab and in an exported page by the same HTML. It also carries
its data as CSV in a MIME type of its own, from which the exporter writes the file that the page
links to. All text that comes from the tables is escaped here.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from great_tables import GT
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tradeviz.charts import style
from tradeviz.data import Dataset, split_list
from tradeviz.frames import records
from tradeviz.wording import day, iso

DATA_MIME = "application/vnd.tradeviz.exhibit+json"
ROWS_SHOWN = 200
_HEAVY_SVG = 160_000


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
    reach = f"As of {day(ds.as_of)} · data through {day(ds.coverage_end)}"
    parts = [f"<h1>{html.escape(title)}</h1>", f'<p class="tv-asof">{reach}</p>']
    parts.append(f'<p class="tv-lead">{html.escape(lead)}</p>')
    parts += [f'<p class="tv-note">{html.escape(note)}</p>' for note in notes if note]
    return Exhibit(f'<header class="tv-header">{"".join(parts)}</header>')


def text(paragraph: str) -> Exhibit:
    """A paragraph of plain text."""
    return Exhibit(f'<p class="tv-text">{html.escape(paragraph)}</p>')


def chart(
    axes: Any, *, name: str, title: str, subtitle: str, frame: pd.DataFrame, alt: str, source: str
) -> Exhibit:
    """A chart as a figure.

    Parameters
    ----------
    axes : Axes or array of Axes
        What a chart function returned; its figure is closed here.
    name : str
        Short name within the page; names the file of its data.
    title, subtitle : str
        The finding or question; measure, unit and reach.
    frame : pandas.DataFrame
        The data that the chart shows.
    alt : str
        The text alternative, computed from the same data.
    source : str
        The tables and notes for the source line.

    Returns
    -------
    Exhibit
        A figure with picture, caption and data.
    """
    picture = _picture(_figure_of(axes), alt)
    body = (
        f'<div class="tv-scroll" tabindex="0" role="group" aria-label="{html.escape(title)}">{picture}</div>'
    )
    return _exhibit(name, title, subtitle, body, frame, source, data_table=True)


def table(gt: GT, *, name: str, title: str, frame: pd.DataFrame, source: str, subtitle: str = "") -> Exhibit:
    """A table as a figure, with the frame that it shows as data.

    Parameters
    ----------
    gt : GT
        What a function of `tradeviz.tables` returned.
    name, title, subtitle, frame, source
        As for `chart`.

    Returns
    -------
    Exhibit
        A figure with table, caption and data.
    """
    markup = gt.as_raw_html(inline_css=False)
    caption = f'<caption class="tv-caption">{html.escape(title)}</caption>'
    head, bracket, rest = markup.partition("<table")
    opening, end, body = rest.partition(">")
    named = f"{head}{bracket}{opening}{end}{caption}{body}"
    scrolled = (
        f'<div class="tv-scroll" tabindex="0" role="group" aria-label="{html.escape(title)}">{named}</div>'
    )
    return _exhibit(name, title, subtitle, scrolled, frame, source, data_table=False)


def nothing(name: str, title: str, words: str) -> Exhibit:
    """What stands in place of a chart or table that would be empty: its title, and why."""
    inner = f'<h3 class="tv-title">{html.escape(title)}</h3><p class="tv-empty">{html.escape(words)}</p>'
    return Exhibit(f'<section class="tv-exhibit" id="ex-{name}">{inner}</section>')


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


def definitions(terms: dict[str, str]) -> Exhibit:
    """A short glossary."""
    items = [f"<dt>{html.escape(term)}</dt><dd>{html.escape(words)}</dd>" for term, words in terms.items()]
    return Exhibit(f'<dl class="tv-glossary">{"".join(items)}</dl>')


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
    return _with_iso_days(frame).to_csv(index=False, lineterminator="\n")


def _with_iso_days(frame: pd.DataFrame) -> pd.DataFrame:
    days = frame.select_dtypes("datetime").columns
    return frame.assign(**{name: frame[name].map(iso, na_action=None) for name in days})


def _details(frame: pd.DataFrame) -> str:
    shown = _with_iso_days(frame.head(ROWS_SHOWN)).fillna("").astype("str")
    head = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in shown.columns)
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>"
        for row in shown.itertuples(index=False)
    )
    count = f"first {ROWS_SHOWN} of {len(frame)} rows" if len(frame) > ROWS_SHOWN else f"{len(frame)} rows"
    return (
        f'<details class="tv-data"><summary>Data behind this chart ({count})</summary>'
        f'<div class="tv-scroll" tabindex="0" role="group" aria-label="Data"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></details>"
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
