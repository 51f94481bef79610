"""The site around the pages: index, manifest and build log."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from tradeviz.briefing import files
from tradeviz.briefing.export import TEMPLATES, style
from tradeviz.briefing.run import Frame, Result

MANIFEST = "manifest.json"
BUILD_LOG = "build-log.json"


def read_manifest(site: Path) -> dict[str, Any]:
    """Read the manifest of a site; an empty one where there is none that can be read."""
    try:
        manifest = json.loads((site / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"pages": {}}
    return manifest if isinstance(manifest.get("pages"), dict) else {"pages": {}}


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
        if (site / f"{name}.html").is_file()
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
        if result.status != "ok":
            older = pages.get(result.job.page)
            entry = {**(older or entry), "status": result.status, "error": result.message}
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


def write_index(
    site: Path,
    manifest: dict[str, Any],
    frame: Frame,
    as_of: str,
    reach: str,
    rows: Sequence[Mapping[str, str]],
) -> None:
    """Write index.html: the board of partners, and every page that is there.

    Parameters
    ----------
    site : Path
        The folder of the site.
    manifest : dict
        The manifest of the site.
    frame : Frame
        What the pages share; pages made from other data are marked as older.
    as_of, reach : str
        The day of knowledge, and the last day that the data cover, in prose.
    rows : sequence of mapping
        One per partner: name, page (name of its page), and what the columns of the board hold.
    """
    pages = manifest["pages"]
    there = {
        name: _is_current(entry, frame) for name, entry in pages.items() if (site / f"{name}.html").is_file()
    }
    on_board = {row["page"] for row in rows}
    others = [
        (name, name.replace("-", " ").capitalize(), there[name])
        for name in sorted(there)
        if name not in on_board
    ]
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES / "site"), autoescape=select_autoescape(default=True)
    )
    content = templates.get_template("index.html.j2").render(
        style=style(), rows=rows, there=there, others=others, as_of=as_of, reach=reach, frame=frame
    )
    files.write(site / "index.html", content + "\n")


def _is_current(entry: dict[str, Any], frame: Frame) -> bool:
    return bool(entry["status"] == "ok" and entry["data_hash"] == frame.data_hash)
