"""manifest.json: for each page of an edition what made it, how that went, and its files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tradeviz import __version__
from tradeviz.briefing import files
from tradeviz.briefing.plan import Edition
from tradeviz.briefing.run import OK, Result

NAME = "manifest.json"
_ABOUT = ("day", "data_hash", "looks_back", "tables")
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


def write(folder: Path, edition: Edition, results: Sequence[Result]) -> dict[str, Any]:
    """Write the manifest: for each page its notebook, parameters, inputs, status, data hash and files.

    Pages of earlier builds that this one did not make keep their entries. A page that failed keeps
    the entry of its older complete version, with its new status. The hash of the index is left
    out until the index is there, see `finish`.

    Parameters
    ----------
    folder : Path
        The folder of the edition.
    edition : Edition
        The edition.
    results : sequence of Result
        What this build did for the edition.

    Returns
    -------
    dict
        The manifest as written.
    """
    pages = {
        name: entry
        for name, entry in read(folder)["pages"].items()
        if entry["status"] != OK or is_there(folder, name)
    }
    for result in results:
        entry = {
            "notebook": result.job.notebook.name,
            "parameters": result.job.parameters,
            "status": result.status,
            "data_hash": result.job.edition.data_hash,
            "version": __version__,
            "inputs": result.job.inputs,
            "files": list(result.files),
        }
        if result.status != OK:
            older = pages.get(result.job.page) if is_there(folder, result.job.page) else None
            entry = {**(older or {**entry, "files": []}), "status": result.status, "error": result.message}
            entry["failed_copy"] = result.files[0] if result.files else ""
        pages[result.job.page] = entry
    about = {name: getattr(edition, name) for name in _ABOUT}
    manifest = {"edition": about, "pages": pages}
    _write(folder, manifest)
    return manifest


def finish(folder: Path, index: str) -> None:
    """Write into the manifest from what the index was made, once all else of an edition is there."""
    _write(folder, {**read(folder), "index": index})


def recorded(site: Path, edition: Edition) -> Edition | None:
    """Give an edition with what its manifest knows of the tables; None if it was made from others."""
    about = read(site / edition.folder).get("edition", {})
    if not isinstance(about, dict) or (about.get("day"), about.get("tables")) != (
        edition.day,
        edition.tables,
    ):
        return None
    return replace(edition, data_hash=about["data_hash"], looks_back=about["looks_back"])


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
