"""manifest.json: for each page of an edition what made it, how that went, and its files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tradeviz import __version__
from tradeviz.briefing import files
from tradeviz.briefing.run import OK, Result

NAME = "manifest.json"
_REQUIRED = {"notebook", "parameters", "status", "data_hash", "files"}


def read(folder: Path) -> dict[str, Any]:
    """Read the manifest of an edition; an empty one where there is none that can be read."""
    try:
        manifest = json.loads((folder / NAME).read_text(encoding="utf-8"))
        sound = all(set(entry) >= _REQUIRED for entry in manifest["pages"].values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {"pages": {}}
    return manifest if sound else {"pages": {}}


def write(folder: Path, results: Sequence[Result]) -> dict[str, Any]:
    """Write the manifest: for each page its notebook, parameters, status, data hash and files.

    Pages of earlier builds that this one did not plan keep their entries. A page that failed keeps
    the entry of its older complete version, with its new status.

    Parameters
    ----------
    folder : Path
        The folder of the edition.
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
            "files": list(result.files),
        }
        if result.status != OK:
            older = pages.get(result.job.page) if is_there(folder, result.job.page) else None
            entry = {**(older or {**entry, "files": []}), "status": result.status, "error": result.message}
            entry["failed_copy"] = result.files[0] if result.files else ""
        pages[result.job.page] = entry
    manifest = {"pages": pages}
    files.write(folder / NAME, json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    return manifest


def is_there(folder: Path, page: str) -> bool:
    """Whether a page can be read."""
    return (folder / f"{page}.html").is_file()
