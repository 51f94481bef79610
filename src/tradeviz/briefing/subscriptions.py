"""What readers subscribe to: news as Atom (RFC 4287) and JSON Feed 1.1, deadlines as a calendar (RFC 5545).

Of all partners, and of each page that has news of its own.
"""

from __future__ import annotations

import html
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

from tradeviz.briefing import files
from tradeviz.briefing.jobs import Edition

ATOM, JSON, CALENDAR = files.SUBSCRIPTIONS
"""The files about all partners."""

FOLDER = "feeds"
"""Where those about one page lie, named after it."""

_TYPES = {ATOM: "application/atom+xml", JSON: "application/feed+json", CALENDAR: "text/calendar"}
_SHORT = {ATOM: "news", JSON: "news (JSON)", CALENDAR: "deadlines"}
_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_OID, "tradeviz")
_DAILY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class News:
    """One thing that became known.

    Attributes
    ----------
    key : str
        What tells it from all others, the same in each build and after a correction of its day or text.
    day : str
        The ISO day on which it became known.
    title, text : str
        What it is about, and what happened.
    page : str
        Name of the page that tells more.
    corrected : str
        The ISO day on which it was put right last; "" where it never was.
    """

    key: str
    day: str
    title: str
    text: str
    page: str
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that somebody notes in a calendar.

    Attributes
    ----------
    key : str
        What tells it from all others, the same in each build, also when the day is corrected.
    day : str
        The ISO day.
    title, text : str
        What happens on it, and what is known of that.
    status : str
        CONFIRMED, TENTATIVE or CANCELLED, as calendars have it.
    revision : int
        How often its status has changed.
    changed : str
        The ISO day on which it became known as it stands.
    kind : str
        Its category.
    page : str
        Name of the page that tells more.
    """

    key: str
    day: str
    title: str
    text: str
    status: str
    revision: int
    changed: str
    kind: str
    page: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """What can be followed: of all partners, or of one page.

    Attributes
    ----------
    title : str
        Its title.
    note : str
        What else to say of it; "" for nothing.
    news : sequence of News
        What became known, newest first.
    deadlines : sequence of Deadline
        Days ahead and past, in their order.
    """

    title: str
    note: str = ""
    news: Sequence[News] = field(default_factory=tuple)
    deadlines: Sequence[Deadline] = field(default_factory=tuple)


def file_path(kind: str, page: str = "") -> str:
    """Where a file lies in its edition: `file_path(ATOM, "partner-KOR")` is feeds/partner-KOR.xml."""
    return f"{FOLDER}/{page}{Path(kind).suffix}" if page else kind


def discovery(subscriptions: Mapping[str, Subscription], page: str, base_url: str) -> str:
    """The links by which browsers and feed readers find what can be followed from a page.

    Parameters
    ----------
    subscriptions : mapping
        What there is to follow, by page; "" is all partners.
    page : str
        The page; its own come first.
    base_url : str
        What the links start with; "" for relative ones.
    """
    found = []
    for name in dict.fromkeys((page, "")):
        if name in subscriptions:
            title = html.escape(subscriptions[name].title)
            for kind, mime in _TYPES.items():
                address = html.escape(f"{base_url}{file_path(kind, name)}")
                found.append(
                    f'<link rel="alternate" type="{mime}" title="{title}: {_SHORT[kind]}" href="{address}">'
                )
    return "\n".join(found)


def write(site: Path, edition: Edition, subscriptions: Mapping[str, Subscription]) -> None:
    """Write the files of all subscriptions of an edition.

    Parameters
    ----------
    site : Path
        The folder of the site. Where there is no base_url its place tells a feed from those of other sites.
    edition : Edition
        Its day is that of the feeds; its base_url starts their links.
    subscriptions : mapping
        What can be followed, by page; "" is all partners.
    """
    contents: dict[str, str | bytes] = {}
    for page, subscription in subscriptions.items():
        contents[file_path(ATOM, page)] = atom(subscription, page, edition, site)
        contents[file_path(JSON, page)] = json_feed(subscription, page, edition)
        contents[file_path(CALENDAR, page)] = calendar(subscription, page, edition)
    files.write_together(site / edition.folder, contents)


def atom(subscription: Subscription, page: str, edition: Edition, site: Path) -> bytes:
    """Give an Atom feed.

    Parameters
    ----------
    subscription : Subscription
        What it holds.
    page : str
        The page that it is about; "" for all partners.
    edition, site
        As for `write`.
    """
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    where = edition.base_url or f"{site.resolve().as_uri()}/{edition.folder}"
    _text(feed, "id", _id(f"{where} {page}"))
    _text(feed, "title", _title(subscription, edition))
    if subscription.note:
        _text(feed, "subtitle", subscription.note)
    _text(feed, "updated", _moment(max([edition.day, *(news.corrected for news in subscription.news)])))
    _text(_child(feed, "author"), "name", "tradeviz")
    base = edition.base_url or _up(page)
    _child(feed, "link", rel="self", type=_TYPES[ATOM], href=_self(ATOM, page, edition))
    _child(feed, "link", rel="alternate", type="text/html", href=f"{base}{page or 'index'}.html")
    for news in subscription.news:
        entry = _child(feed, "entry")
        _text(entry, "id", _id(news.key))
        _text(entry, "title", news.title)
        _text(entry, "published", _moment(news.day))
        _text(entry, "updated", _moment(max(news.day, news.corrected)))
        _child(entry, "link", rel="alternate", type="text/html", href=f"{base}{news.page}.html")
        _text(entry, "summary", news.text)
    ElementTree.indent(feed)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def json_feed(subscription: Subscription, page: str, edition: Edition) -> str:
    """Give a JSON Feed; parameters as for `atom`."""
    base = edition.base_url or _up(page)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(subscription, edition),
        "description": subscription.note,
        "home_page_url": f"{base}{page or 'index'}.html",
        "feed_url": _self(JSON, page, edition),
        "language": "en",
        "authors": [{"name": "tradeviz"}],
        "items": [
            {
                "id": _id(news.key),
                "url": f"{base}{news.page}.html",
                "title": news.title,
                "content_text": news.text,
                "date_published": _moment(news.day),
                **({"date_modified": _moment(news.corrected)} if news.corrected else {}),
            }
            for news in subscription.news
        ],
    }
    return json.dumps(feed, indent=2, ensure_ascii=False) + "\n"


def calendar(subscription: Subscription, page: str, edition: Edition) -> bytes:
    """Give a calendar of all-day events; parameters as for `atom`.

    Its events keep their identifiers from build to build. One that is called off stays as cancelled, so that
    a calendar that took it over loses it.
    """
    import icalendar

    made = icalendar.Calendar()
    made.add("prodid", "-//tradeviz//deadlines//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        made.add(name, f"{_title(subscription, edition)}: deadlines")
    made.add("description", f"As of {edition.day}. {subscription.note or 'This is not an official source.'}")
    made.add("refresh-interval", icalendar.vDuration(_DAILY), parameters={"value": "DURATION"})
    made.add("x-published-ttl", "P1D")
    for deadline in subscription.deadlines:
        event = icalendar.Event()
        event.add("uid", f"{uuid.uuid5(_NAMESPACE, deadline.key)}@tradeviz")
        changed = datetime.fromisoformat(deadline.changed).replace(tzinfo=UTC)
        event.add("dtstamp", changed)
        event.add("last-modified", changed)
        event.add("dtstart", date.fromisoformat(deadline.day))
        event.add("sequence", deadline.revision)
        event.add("status", deadline.status)
        event.add("summary", deadline.title)
        event.add("description", deadline.text)
        event.add("categories", [deadline.kind])
        event.add("transp", "TRANSPARENT")
        if edition.base_url:
            event.add("url", f"{edition.base_url}{deadline.page}.html")
        made.add_component(event)
    return made.to_ical()


def _title(subscription: Subscription, edition: Edition) -> str:
    """The title, with the day where the edition stays as of that day."""
    return f"{subscription.title} (as of {edition.day})" if edition.folder else subscription.title


def _self(kind: str, page: str, edition: Edition) -> str:
    """The address of a file; without a base_url as seen from its own folder."""
    name = file_path(kind, page)
    return f"{edition.base_url}{name}" if edition.base_url else Path(name).name


def _up(page: str) -> str:
    """The way from a file of a subscription to the pages."""
    return "../" if page else ""


def _child(parent: ElementTree.Element, name: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)


def _text(parent: ElementTree.Element, name: str, words: str) -> None:
    _child(parent, name).text = words


def _id(key: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, key)}"


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"
