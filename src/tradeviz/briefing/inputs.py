"""What a page is made from, as hashes, and whether any of it has changed since the page was made.

Needs neither pandas nor Jupyter, so that a build with nothing to do is over at once.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tradeviz import clock
from tradeviz.briefing import manifest
from tradeviz.briefing.jobs import Edition, Job
from tradeviz.briefing.look import TEMPLATES

_PACKAGE = Path(__file__).resolve().parents[1]
DRAWN_WITH = ("great-tables", "matplotlib", "nbconvert", "numpy", "pandas", "papermill")
"""Packages whose versions can change a page."""

NAMES: dict[str, str] = {
    "notebook": "its notebook",
    "parameters": "its parameters",
    "tables": "what it can see of the tables",
    "library": "the library",
    "template": "the template",
    "settings": "a setting of the build",
}
"""The inputs of a page, in words."""


def of(job: Job) -> dict[str, str]:
    """Give the hash of each input of a page, by the names of `NAMES`."""
    edition = job.edition
    made = str(clock.set_moment()).encode() if edition.pdf or edition.brief else b""  # PDFs state it
    on_paper = edition.pdf or edition.brief or edition.docx  # a page in HTML gets its links afterwards
    address = edition.base_url if on_paper else ""
    made_also = str((edition.pdf, edition.files, edition.brief, edition.docx, edition.paper))
    return {
        "notebook": _hash([job.notebook.read_bytes()]),
        "parameters": _hash([json.dumps(job.parameters, sort_keys=True).encode()]),
        "tables": _hash(
            [job.data_hash.encode(), str(edition.looks_back).encode(), edition.data_release.encode()]
        ),
        "library": library(),
        "template": template(),
        "settings": _hash([address.encode(), made_also.encode(), made]),
    }


def reason(job: Job, entry: Mapping[str, Any] | None, folder: Path) -> str:
    """Say why a page has to be made; "" where it is up to date.

    Parameters
    ----------
    job : Job
        The page, with its inputs.
    entry : mapping or None
        Its entry in the manifest, if it has one.
    folder : Path
        The folder of its edition.
    """
    if entry is None:
        return "it is new"
    if entry["status"] != "ok":
        return f"its last build {'failed' if entry['status'] == 'failed' else 'did not finish'}"
    made_from = entry.get("inputs", {})
    changed = [words for name, words in NAMES.items() if made_from.get(name) != job.inputs[name]]
    if changed:
        return f"{' and '.join(changed)} changed"
    missing = [name for name in entry["files"] if not (folder / name).is_file()]
    if missing:
        return f"{missing[0]} is missing"
    same = entry.get("content") == manifest.content(folder, entry["files"])
    return "" if same else "its files are not as they were made"


def index(edition: Edition, pages: Mapping[str, Any], others: Iterable[str]) -> str:
    """Give the hash of all that the index of an edition is made from.

    Parameters
    ----------
    edition : Edition
        The edition.
    pages : mapping
        The pages of its manifest.
    others : iterable of str
        The other editions that it leads to.
    """
    standing = {name: [entry["status"], entry.get("inputs", {})] for name, entry in pages.items()}
    said = [
        edition.day,
        edition.tables,
        edition.data_release,
        edition.looks_back,
        edition.base_url,
        edition.sort,
        standing,
        list(others),
    ]
    return _hash([json.dumps(said, sort_keys=True).encode(), library().encode(), template().encode()])


def tables(folder: Path) -> str:
    """Hash the files of the tables, whole."""
    return _files(folder.glob("*.csv"), folder)


@cache
def library() -> str:
    """Hash the code of tradeviz, and the versions of what draws and exports."""
    code = _files(_PACKAGE.rglob("*.py"), _PACKAGE) + _files(_PACKAGE.rglob("*.mplstyle"), _PACKAGE)
    return _hash([code.encode(), sys.version.encode(), str(versions(DRAWN_WITH)).encode()])


@cache
def template() -> str:
    """Hash the template of the pages and of the index."""
    return _files(TEMPLATES.rglob("*"), TEMPLATES)


def versions(names: Iterable[str]) -> dict[str, str]:
    """Give the versions of installed packages, "" for one that is not there.

    They stand in the names of the folders that installers leave: pandas-3.0.1.dist-info. importlib.metadata
    reads them from files within, and its import alone takes longer than this.
    """
    left = [path.stem for folder in reversed(sys.path) for path in Path(folder).glob("*-info")]
    parts = [name.partition("-") for name in left]
    installed = {name.replace("_", "-").lower(): version for name, _, version in parts}
    return {name: installed.get(name, "") for name in names}


def _files(paths: Iterable[Path], folder: Path) -> str:
    found = sorted(path for path in paths if path.is_file())
    return _hash(
        part for path in found for part in (path.relative_to(folder).as_posix().encode(), path.read_bytes())
    )


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
