"""The site around the pages of an edition: index, links between pages, feeds, data package, log."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, select_autoescape

from tradeviz import __version__
from tradeviz.briefing import datapackage, files, inputs, manifest, subscriptions
from tradeviz.briefing.jobs import FAILED, OK, Edition, Result
from tradeviz.briefing.links import linked_page, navigation, own_address
from tradeviz.briefing.look import TEMPLATES, style
from tradeviz.briefing.plan import AS_OF, PARTNER
from tradeviz.briefing.subscriptions import Deadline, News, Subscription
from tradeviz.stamp import of_scenario

BUILD_LOG = "build-log.json"
FILES = "files"
"""Folder of an edition for what `--files` writes."""

Links = list[tuple[str, str]]
_Item = TypeVar("_Item", News, Deadline)


@dataclass(frozen=True)
class Front:
    """What stands around the pages of an edition; handed in, because nothing here knows the analysis.

    Attributes
    ----------
    title : str
        The heading of the index.
    as_of, reach : str
        The as-of date, and how far the data reach by then, in prose.
    staircase_span : str
        The time that the staircases of the board cover, in prose.
    lead : str
        Where the talks stand, in a paragraph.
    note : str
        How far the record ends before the as-of date; "" where it does not.
    groups : sequence of (str, sequence of mapping)
        Rows of the board under their headings; each row has page (name of its page), name, stage,
        rests_on, effective, moved, ahead, last_met in words, and staircase (a picture as markup).
    series : sequence of (str, str)
        Names and labels of the pages that a reader pages through, in their order.
    subscriptions : mapping of str to Subscription
        What can be followed, by page; "" is all partners. None of a scenario.
    hash_of : callable
        Gives the hash of the data now there, cut at an ISO day: of all that is there, or of what a page
        about one partner sees, where its code is given too.
    tables : callable
        Gives the source tables, as cut at the day, by name: of many days they would add up.
    files : callable
        Gives the files of `--files`, content by path, for the pages that are there.
    """

    title: str
    as_of: str
    reach: str
    staircase_span: str
    lead: str
    note: str
    groups: Sequence[tuple[str, Sequence[Mapping[str, str]]]]
    series: Sequence[tuple[str, str]]
    subscriptions: Mapping[str, Subscription]
    hash_of: Callable[[str, str], str]
    tables: Callable[[], Mapping[str, SourceTable]] = dict
    files: Callable[[Collection[str]], Mapping[str, bytes]] = lambda _: {}


@dataclass(frozen=True)
class SourceTable:
    """A source table as a file of the site.

    Attributes
    ----------
    csv : str
        Its content.
    metadata : mapping
        Title, description and fields, as in a Frictionless package.
    """

    csv: str
    metadata: Mapping[str, Any]


def publish(site: Path, edition: Edition, front: Front) -> None:
    """Write all that stands around the pages of an edition.

    Parameters
    ----------
    site : Path
        The folder of the site.
    edition : Edition
        The edition, whose manifest is up to date; the build may have been stopped before its end.
    front : Front
        What its index, its feeds and its calendars say.
    """
    folder = site / edition.folder
    pages = manifest.read(folder)["pages"]
    _drop_leftovers(folder, pages)
    tables = front.tables()
    paths = {f"data/{name}.csv": table for name, table in tables.items()}
    files.write_together(folder, {path: table.csv for path, table in paths.items()})
    datapackage.write(folder, edition, pages, {path: table.metadata for path, table in paths.items()})
    singles, series = _present(folder, pages, front)
    there = {name for name in pages if manifest.is_there(folder, name)}
    followed = _followed(front.subscriptions, there)
    for name in there:
        path = folder / f"{name}.html"
        old = path.read_text(encoding="utf-8")
        links = navigation(name, singles, series, edition.base_url)
        new = linked_page(old, links, there, edition.base_url, name, _head(name, edition, followed))
        if new != old:
            files.write(path, new)
    if edition.files:
        readable = {name for name in pages if manifest.is_there(folder, name)}
        files.write_together(folder / FILES, front.files(readable))
    subscriptions.write(site, edition, followed)
    write_index(site, edition, pages, front, tables)
    manifest.finish(folder, inputs.index(edition, pages, manifest.other_days(site, edition)))


def write_build_log(site: Path, results: Sequence[Result], seconds: float, workers: int) -> None:
    """Write build-log.json: seconds and facts of the machine, apart from what must be the same bytes."""
    log = {
        "seconds": round(seconds, 3),
        "workers": workers,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "pages": {
            str(Path(result.job.edition.folder) / result.job.page): {
                "status": result.status,
                "seconds": round(result.seconds, 3),
                "error": result.message,
            }
            for result in results
        },
    }
    files.write(site / BUILD_LOG, json.dumps(log, indent=2, sort_keys=True) + "\n")


def write_index(
    site: Path, edition: Edition, pages: Mapping[str, Any], front: Front, tables: Collection[str] = ()
) -> None:
    """Write index.html: the board of partners, every page that is there, and the other editions.

    Parameters
    ----------
    site : Path
        The folder of the site.
    edition : Edition
        The edition.
    pages : mapping
        The pages of its manifest; those that do not agree with the data now there are marked.
    front : Front
        What the index says.
    tables : collection of str, optional
        Names of the source tables beside it.
    """
    singles, series = _present(site / edition.folder, pages, front)
    marks = {name: _mark(pages[name], edition, front) for name, _ in singles + series}
    followed = _followed(front.subscriptions, marks)
    templates = Environment(
        loader=FileSystemLoader([TEMPLATES / "site", TEMPLATES / "tradeviz"]),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    content = templates.get_template("index.html.j2").render(
        style=style(),
        version=__version__,
        edition=edition,
        base=edition.base_url,
        newest=f"{edition.base_url.removesuffix(f'{edition.folder}/') or '../'}index.html",
        front=front,
        singles=singles,
        marks=marks,
        followed=[(name, label) for name, label in series if name in followed],
        others=manifest.other_days(site, edition),
        has_data=(site / edition.folder / datapackage.NAME).is_file(),
        tables=sorted(tables),
        files=f"{FILES}/{of_scenario('tradeviz', edition.scenario)}" if edition.files else "",
    )
    content = linked_page(content, "", head=_head("index", edition, followed))
    files.write(site / edition.folder / "index.html", content + "\n")


def _head(name: str, edition: Edition, followed: Mapping[str, Subscription]) -> str:
    """What the head of a page links to: its own address, and what can be followed from it."""
    base = edition.base_url
    return own_address(base, name) + subscriptions.discovery(followed, name, base)


def _present(folder: Path, pages: Mapping[str, Any], front: Front) -> tuple[Links, Links]:
    """Names and labels of the pages that can be read: those that stand alone, and the series."""
    there = [name for name in pages if manifest.is_there(folder, name)]
    in_series = {name for name, _ in front.series}
    alone = sorted(
        (pages[name]["notebook"], name)
        for name in there
        if name not in in_series and PARTNER not in pages[name]["parameters"]
    )
    singles = [(name, name.replace("-", " ").capitalize()) for _, name in alone]
    return singles, [(name, label) for name, label in front.series if name in there]


def _followed(offered: Mapping[str, Subscription], there: Collection[str]) -> dict[str, Subscription]:
    """What can be followed of the pages that are there; what leads to others leads to the index."""
    return {
        page: replace(item, news=_led(item.news, there), deadlines=_led(item.deadlines, there))
        for page, item in offered.items()
        if not page or page in there
    }


def _led(rows: Sequence[_Item], there: Collection[str]) -> list[_Item]:
    return [row if row.page in there else replace(row, page="index") for row in rows]


def _drop_leftovers(folder: Path, pages: Mapping[str, Any]) -> None:
    """Remove data of the pages that none of them has now: those of older versions, or half of a new one."""
    wanted = {name for entry in pages.values() for name in entry["files"]}
    for page, entry in pages.items():
        if entry["status"] == OK:
            for path in (folder / "data").glob(f"{page}-*"):
                if path.relative_to(folder).as_posix() not in wanted:
                    path.unlink()


def _mark(entry: Mapping[str, Any], edition: Edition, front: Front) -> str:
    """What a reader has to know of a page that does not agree with the rest; "" where it does."""
    as_of = entry["parameters"].get(AS_OF, "")
    if entry["status"] != OK:
        return f"older: its last build {'failed' if entry['status'] == FAILED else 'did not finish'}"
    of_today = {"": edition.data_hash, **edition.seen} if as_of in ("", edition.day) else {}
    sees = entry.get("sees", "")
    if (of_today.get(sees) or front.hash_of(as_of, sees)) != entry["data_hash"]:
        return "from earlier data"
    return f"as of {as_of}" if as_of and as_of != edition.day else ""
