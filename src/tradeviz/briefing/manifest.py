"""manifest.json: for each page of an edition what made it, how that went, and its files.

It is true at any moment, also of a site whose build was killed: before a build touches a page, the
page is marked as unfinished; as soon as the page is there, its entry follows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import tradeviz
from tradeviz.briefing import files
from tradeviz.briefing.jobs import OK, Edition, Job, Result
from tradeviz.briefing.links import linked_page
from tradeviz.stamp import notice

NAME = "manifest.json"
UNFINISHED = "unfinished"
"""The status of a page that a build has begun, or was about to, and not recorded."""
_ABOUT = ("day", "data_hash", "seen", "looks_back", "tables")
_KNOWN = {"data_hash": str, "seen": dict, "looks_back": bool}
"""What the manifest of an edition knows of its tables, and the kinds of these."""
_REQUIRED = {"notebook", "parameters", "status", "data_hash", "files"}


def read(folder: Path) -> dict[str, Any]:
    """Read the manifest of an edition; an empty one where there is none that can be read and trusted."""
    try:
        manifest = json.loads((folder / NAME).read_text(encoding="utf-8"))
        pages = manifest["pages"].items()
        sound = all(set(entry) >= _REQUIRED and Path(name).name == name for name, entry in pages)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {"pages": {}}
    return manifest if sound else {"pages": {}}


def begin(folder: Path, edition: Edition, jobs: Iterable[Job]) -> None:
    """Write down what a build is about to touch, before it does.

    Pages of earlier builds that this one does not make keep their entries. The hash of the index is
    left out until the index is there, see `finish`.

    Parameters
    ----------
    folder : Path
        The folder of the edition.
    edition : Edition
        The edition.
    jobs : iterable of Job
        The pages of the edition that will be made.
    """
    pages = {
        name: entry
        for name, entry in read(folder)["pages"].items()
        if entry["status"] != OK or is_there(folder, name)
    }
    for job in jobs:
        if job.page in pages:
            pages[job.page] = {**pages[job.page], "status": UNFINISHED}
    about = {name: getattr(edition, name) for name in _ABOUT}
    about |= {"scenario": notice(edition.scenario)} if edition.scenario else {}
    _write(folder, {"edition": about, "pages": pages})


def add(folder: Path, result: Result) -> None:
    """Record a page: its notebook, parameters, inputs, status, data hash and files.

    A page that failed keeps the entry of its older complete version, with its new status.

    Parameters
    ----------
    folder : Path
        The folder of the edition.
    result : Result
        What became of the page, whose files are in place.
    """
    job, manifest = result.job, read(folder)
    pages = manifest["pages"]
    entry = {
        "notebook": job.notebook.name,
        "parameters": job.parameters,
        "status": result.status,
        "data_hash": job.data_hash,
        "sees": job.sees,
        "version": tradeviz.__version__,
        "inputs": job.inputs,
        "files": list(result.files),
    }
    if result.status == OK:
        entry["content"] = content(folder, result.files)
    else:
        older = pages.get(job.page) if is_there(folder, job.page) else None
        entry = {**(older or {**entry, "files": []}), "status": result.status, "error": result.message}
        entry["failed_copy"] = result.files[0] if result.files else ""
    pages[job.page] = entry
    _write(folder, manifest)


def finish(folder: Path, index: str) -> None:
    """Write into the manifest from what the index was made, once all else of an edition is there."""
    _write(folder, {**read(folder), "index": index})


def content(folder: Path, names: Iterable[str]) -> str:
    """Hash the files of a page, links to other pages apart; "" where one cannot be read."""
    digest = hashlib.sha256()
    for name in sorted(names):
        try:
            raw = (folder / name).read_bytes()
        except OSError:
            return ""
        if name.endswith(".html"):
            raw = linked_page(raw.decode("latin-1"), "").encode("latin-1")  # marks are ASCII
        digest.update(f"{name} {len(raw)}\n".encode())
        digest.update(raw)
    return digest.hexdigest()


def recorded(site: Path, edition: Edition) -> Edition | None:
    """Give an edition with what its manifest knows of the tables; None if it was made from others."""
    about = read(site / edition.folder).get("edition", {})
    if not isinstance(about, dict) or (about.get("day"), about.get("tables")) != (
        edition.day,
        edition.tables,
    ):
        return None
    if not all(isinstance(about.get(name), kind) for name, kind in _KNOWN.items()):
        return None
    return replace(edition, **{name: about[name] for name in _KNOWN})


def other_days(site: Path, edition: Edition) -> list[str]:
    """The dated editions that an index leads to, newest first: from the root all, from a dated one none."""
    if edition.folder:
        return []
    return sorted((path.parent.name for path in site.glob("????-??-??/" + NAME)), reverse=True)


def _write(folder: Path, manifest: dict[str, Any]) -> None:
    files.write(folder / NAME, json.dumps(manifest, indent=2, sort_keys=True) + "\n")


def is_there(folder: Path, page: str) -> bool:
    """Whether a page can be read."""
    return (folder / f"{page}.html").is_file()
