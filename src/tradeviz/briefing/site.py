"""The site around the pages: index, manifest and build log."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from tradeviz.briefing import files
from tradeviz.briefing.export import TEMPLATES, linked_page, navigation, style
from tradeviz.briefing.plan import AS_OF, PARTNER
from tradeviz.briefing.run import OK, Frame, Result

MANIFEST = "manifest.json"
BUILD_LOG = "build-log.json"
_REQUIRED = {"notebook", "parameters", "status", "data_hash", "files"}

Links = list[tuple[str, str]]


@dataclass(frozen=True)
class Front:
    """What the index says; handed in, because nothing here knows the analysis.

    Attributes
    ----------
    day : str
        The as-of date of the build, ISO.
    as_of, reach : str
        The same day, and how far the data reach by then, in prose.
    lead : str
        Where the talks stand, in a paragraph.
    groups : sequence of (str, sequence of mapping)
        Rows of the board under their headings; each row has page (name of its page), name, stage,
        rests_on, rate, deadline and last_met in words.
    hash_of : callable
        Gives the hash of the data now there, cut at an ISO day.
    """

    day: str
    as_of: str
    reach: str
    lead: str
    groups: Sequence[tuple[str, Sequence[Mapping[str, str]]]]
    hash_of: Callable[[str], str]


def publish(site: Path, results: Sequence[Result], frame: Frame, front: Front) -> None:
    """Write all that stands around the pages: manifest, links from page to page, index.

    Parameters
    ----------
    site : Path
        The folder of the site.
    results : sequence of Result
        What this build did; it may have been stopped before its end.
    frame : Frame
        What its pages share.
    front : Front
        What the index says.
    """
    before = read_manifest(site)["pages"]
    manifest = write_manifest(site, results, frame)
    _drop_leftovers(site, before, manifest["pages"])
    _link_pages(site, manifest["pages"], frame)
    write_index(site, manifest, frame, front)


def read_manifest(site: Path) -> dict[str, Any]:
    """Read the manifest of a site; an empty one where there is none that can be read."""
    try:
        manifest = json.loads((site / MANIFEST).read_text(encoding="utf-8"))
        sound = all(set(entry) >= _REQUIRED for entry in manifest["pages"].values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {"pages": {}}
    return manifest if sound else {"pages": {}}


def write_manifest(site: Path, results: Sequence[Result], frame: Frame) -> dict[str, Any]:
    """Write manifest.json: for each page its notebook, parameters, status, data hash and files.

    Pages of earlier builds that this one did not plan keep their entries. A page that failed keeps
    the entry of its older complete version, with its new status.

    Parameters
    ----------
    site : Path
        The folder of the site.
    results : sequence of Result
        What this build did.
    frame : Frame
        What its pages share.

    Returns
    -------
    dict
        The manifest as written.
    """
    pages = {
        name: entry
        for name, entry in read_manifest(site)["pages"].items()
        if entry["status"] != OK or _is_there(site, name)
    }
    for result in results:
        entry = {
            "notebook": result.job.notebook.name,
            "parameters": result.job.parameters,
            "status": result.status,
            "data_hash": frame.data_hash,
            "version": frame.version,
            "files": list(result.files),
        }
        if result.status != OK:
            older = pages.get(result.job.page) if _is_there(site, result.job.page) else None
            entry = {**(older or {**entry, "files": []}), "status": result.status, "error": result.message}
            entry["failed_copy"] = result.files[0] if result.files else ""
        pages[result.job.page] = entry
    manifest = {"pages": pages}
    files.write(site / MANIFEST, json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    return manifest


def write_build_log(site: Path, results: Sequence[Result], seconds: float, workers: int) -> None:
    """Write build-log.json: seconds and facts of the machine, apart from what must be the same bytes."""
    log = {
        "seconds": round(seconds, 3),
        "workers": workers,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "pages": {
            result.job.page: {
                "status": result.status,
                "seconds": round(result.seconds, 3),
                "error": result.message,
            }
            for result in results
        },
    }
    files.write(site / BUILD_LOG, json.dumps(log, indent=2, sort_keys=True) + "\n")


def write_index(site: Path, manifest: dict[str, Any], frame: Frame, front: Front) -> None:
    """Write index.html: the board of partners, and every page that is there.

    Parameters
    ----------
    site : Path
        The folder of the site.
    manifest : dict
        The manifest of the site.
    frame : Frame
        What the pages share.
    front : Front
        What the index says; pages that do not agree with the data now there are marked.
    """
    singles, series = _present(site, manifest["pages"], frame)
    marks = {name: _mark(manifest["pages"][name], front) for name, _ in singles + series}
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES / "site"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    content = templates.get_template("index.html.j2").render(
        style=style(), front=front, frame=frame, singles=singles, marks=marks
    )
    files.write(site / "index.html", content + "\n")


def _present(site: Path, pages: Mapping[str, Any], frame: Frame) -> tuple[Links, Links]:
    """Names and labels of the pages that can be read: those that stand alone, and the series."""
    there = [name for name in pages if _is_there(site, name)]
    in_series = {name for name, _ in frame.pages}
    alone = sorted(
        (pages[name]["notebook"], name) for name in there if name not in in_series and _is_single(pages[name])
    )
    singles = [(name, name.replace("-", " ").capitalize()) for _, name in alone]
    return singles, [(name, label) for name, label in frame.pages if name in there]


def _is_there(site: Path, name: str) -> bool:
    return (site / f"{name}.html").is_file()


def _is_single(entry: Mapping[str, Any]) -> bool:
    return PARTNER not in entry["parameters"]


def _link_pages(site: Path, pages: Mapping[str, Any], frame: Frame) -> None:
    """Link the pages to one another: a page can be new, or gone, that its neighbours do not know."""
    singles, series = _present(site, pages, frame)
    for name, _ in singles + series:
        path = site / f"{name}.html"
        old = path.read_text(encoding="utf-8")
        new = linked_page(old, navigation(name, singles, series))
        if new != old:
            files.write(path, new)


def _drop_leftovers(site: Path, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Remove files of data that an older version of a page had and the new one has not."""
    wanted = {name for entry in after.values() for name in entry["files"]}
    had = {name for entry in before.values() for name in entry["files"]}
    for name in sorted(had - wanted):
        if name.startswith("data/") and Path(name).name == name[len("data/") :]:
            (site / name).unlink(missing_ok=True)


def _mark(entry: Mapping[str, Any], front: Front) -> str:
    """What a reader has to know of a page that does not agree with the rest; "" where it does."""
    as_of = entry["parameters"].get(AS_OF, "")
    if entry["status"] != OK:
        return "older: its last build failed"
    if front.hash_of(as_of) != entry["data_hash"]:
        return "from earlier data"
    return f"as of {as_of}" if as_of and as_of != front.day else ""
