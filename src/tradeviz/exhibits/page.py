"""The head and the end of a page, and paragraphs between exhibits."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from tradeviz import summaries
from tradeviz.data import Dataset, data_dir
from tradeviz.data.places import data_release
from tradeviz.exhibits.figures import Exhibit
from tradeviz.exhibits.mark import line
from tradeviz.stamp import notice, titled
from tradeviz.wording import day

GLOSSARY = {
    "effective rate": "the average duty on all goods of a partner at the imports of 2024; our calculation",
    "points": "percentage points by which something moves the effective rate, all else as it is",
    "headline": "what the orders say for goods without an exemption; sector duties are not in it",
    "ad valorem": "a duty in percent of the customs value of the goods",
    "additional": "charged on top of the normal duty",
    "all-in": "a ceiling that contains the normal duty",
    "MFN": "the normal duty on goods of members of the World Trade Organization",
    "layer": "one legal ground for a duty; layers have schedules of their own",
    "in force": "set by an order whose day has come",
    "scheduled": "set by an order whose day is still to come",
    "threat": "said, but not ordered; it changes nothing that is charged",
    "agreed": "settled between the two sides, but not ordered; it changes nothing that is charged",
    "IEEPA": "the emergency-powers act on which the reciprocal and fentanyl duties rested",
    "Section 122": "a ground in trade law: payments",
    "Section 232": "a ground in trade law: national security",
    "Section 301": "a ground in trade law: unfair practices",
    "Section 338": "a ground in trade law: discrimination against U.S. trade",
    "as of": "what a reader of that evening could know",
}
"""Terms that pages explain; a page of the site only those that it uses."""


def header(
    title: str, ds: Dataset, lead: str, notes: Sequence[str] = (), partner: str | None = None
) -> Exhibit:
    """The head of a page: title, as-of date, how far the data reach, lead paragraph, notes.

    Of a scenario a note says what the record lacks to tell it; with `partner`, what it lacks of that one.

    Examples
    --------
    >>> "South Korea" in exhibits.header("South Korea", ds, "In one paragraph.").markup
    True
    """
    return Exhibit(
        f'<header class="tv-header">{head(title, ds, lead, notes, partner)}</header>', about=about(ds, lead)
    )


def head(title: str, ds: Dataset, lead: str, notes: Sequence[str] = (), partner: str | None = None) -> str:
    """What stands in the head of a page, as HTML."""
    reach = f"As of {day(ds.as_of)} · data through {day(min(ds.as_of, ds.coverage_end))}"
    parts = [
        f"<h1>{html.escape(titled(title, ds.scenario))}</h1>",
        line(ds.scenario),
        f'<p class="tv-asof">{reach}</p>',
    ]
    noted = [*notes, summaries.scenario_gaps(ds, partner)]
    parts.append(f'<p class="tv-lead">{html.escape(lead)}</p>')
    return "".join([*parts, *(f'<p class="tv-note">{html.escape(note)}</p>' for note in noted if note)])


def about(ds: Dataset, lead: str) -> dict[str, str]:
    """What a page says about itself in its head and its footer."""
    return {
        "as_of": day(ds.as_of),
        "description": lead,
        "version": version("tradeviz"),
        "data_release": data_release(data_dir()),
        "data_hash": ds.data_hash(),
    }


def text(paragraph: str) -> Exhibit:
    """A paragraph of plain text; nothing where there is none.

    Examples
    --------
    >>> exhibits.text("Rates < 10%").markup
    '<p class="tv-text">Rates &lt; 10%</p>'
    """
    return Exhibit(f'<p class="tv-text">{html.escape(paragraph)}</p>' if paragraph else "")


def elsewhere(page: str, section: str, what: str) -> Exhibit:
    """Say on which page of the site something stands; a link where that page is there.

    Examples
    --------
    >>> exhibits.elsewhere("overview", "What changed", "All changes").markup.count("overview")
    2
    """
    anchor = re.sub(r"[^a-z0-9]+", "-", section.lower()).strip("-")
    words = f"{what} stand once for all partners, on the page "
    link = f"<!--tradeviz:to {page}#{anchor}-->{html.escape(page)}<!--/tradeviz:to-->"
    return Exhibit(
        f'<p class="tv-text">{html.escape(words)}{link} of this site, under: {html.escape(section)}.</p>'
    )


def pages(series: str, names: Mapping[str, str], what: str) -> Exhibit:
    """List the pages of a notebook that makes one for each partner; links where they are there.

    Examples
    --------
    >>> "vintages-KOR" in exhibits.pages("vintages", ds.names, "The schedules of each partner").markup
    True
    """
    links = [
        f"<!--tradeviz:to {series}-{code}-->{html.escape(name)}<!--/tradeviz:to-->"
        for code, name in names.items()
    ]
    return Exhibit(f'<p class="tv-text">{html.escape(what)}: {", ".join(links)}.</p>')


def closing(ds: Dataset) -> Exhibit:
    """A short glossary, how to cite, and what the page is not.

    Examples
    --------
    >>> "not an official source" in exhibits.closing(ds).markup
    True
    """
    items = [
        f'<li data-term="{html.escape(term)}"><b>{html.escape(term)}</b>: {html.escape(words)}</li>'
        for term, words in GLOSSARY.items()
    ]
    release = data_release(data_dir())
    data = f", data {release}" if release else ""
    scenario = f" {notice(ds.scenario)}." if ds.scenario else ""
    cite = (
        f"tradeviz {version('tradeviz')}{data}, United States tariff talks as of {day(ds.as_of)}.{scenario}"
    )
    parts = [
        '<h2>Terms</h2><details class="tv-cited"><summary>Terms that this page uses</summary>'
        f'<ul class="tv-glossary">{"".join(items)}</ul></details>',
        f'<h2>How to cite</h2><p class="tv-text">{html.escape(cite)} Data: CC BY 4.0.</p>',
        '<p class="tv-text">This is not an official source. Check a rate against the order that sets it.</p>',
    ]
    return Exhibit("".join(parts))
