"""feed.xml: what became known, newest first, as an Atom feed (RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tradeviz.briefing import files
from tradeviz.briefing.jobs import Edition

NAME = "feed.xml"
_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_OID, "tradeviz")


@dataclass(frozen=True)
class News:
    """One thing that became known.

    Attributes
    ----------
    key : str
        What tells it from all others, the same in each build.
    day : str
        The ISO day on which it became known.
    title, text : str
        What it is about, and what happened.
    page : str
        Name of the page that tells more.
    """

    key: str
    day: str
    title: str
    text: str
    page: str


def write(folder: Path, edition: Edition, title: str, news: Sequence[News], note: str = "") -> None:
    """Write the feed of an edition.

    Parameters
    ----------
    folder : Path
        The folder of the edition.
    edition : Edition
        Its day is that of the feed; its base_url starts the links.
    title : str
        The title of the feed.
    news : sequence of News
        The entries, newest first.
    note : str
        The subtitle of the feed; "" for none.
    """
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _text(feed, "id", _id(edition.base_url or "feed"))
    _text(feed, "title", title)
    if note:
        _text(feed, "subtitle", note)
    _text(feed, "updated", _moment(edition.day))
    _text(_child(feed, "author"), "name", "tradeviz")
    _child(feed, "link", rel="self", href=f"{edition.base_url}{NAME}")
    _child(feed, "link", rel="alternate", href=f"{edition.base_url}index.html")
    for one in news:
        entry = _child(feed, "entry")
        _text(entry, "id", _id(one.key))
        _text(entry, "title", one.title)
        _text(entry, "updated", _moment(one.day))
        _child(entry, "link", rel="alternate", href=f"{edition.base_url}{one.page}.html")
        _text(entry, "summary", one.text)
    ElementTree.indent(feed)
    raw = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    files.write(folder / NAME, raw + b"\n")


def _child(parent: ElementTree.Element, name: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)


def _text(parent: ElementTree.Element, name: str, words: str) -> None:
    _child(parent, name).text = words


def _id(key: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, key)}"


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"
