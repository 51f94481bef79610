"""data/datapackage.json: the data behind the charts of an edition as a Frictionless data package."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tradeviz.briefing import files
from tradeviz.briefing.run import Result

NAME = "data/datapackage.json"


def write(folder: Path, day: str, results: Sequence[Result], pages: Mapping[str, Any]) -> None:
    """Describe every file of data of an edition.

    Parameters
    ----------
    folder : Path
        The folder of the edition.
    day : str
        Its as-of date, ISO.
    results : sequence of Result
        What this build did; files of pages that it did not make keep their description.
    pages : mapping
        The pages of the manifest; what none of them has is left out.
    """
    described = _read(folder)
    for result in results:
        described |= {name: _resource(name, fields) for name, fields in result.fields.items()}
    there = {name for entry in pages.values() for name in entry["files"]}
    package = {
        "name": f"tradeviz-briefings-{day}",
        "title": f"Data behind the charts and tables of the tradeviz briefings as of {day}",
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "Creative Commons Attribution 4.0",
            }
        ],
        "resources": [described[name] for name in sorted(described) if name in there],
    }
    if package["resources"]:  # a package without resources would not be valid
        files.write(folder / NAME, json.dumps(package, indent=2) + "\n")
    else:
        (folder / NAME).unlink(missing_ok=True)


def _read(folder: Path) -> dict[str, Any]:
    try:
        package = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {f"data/{resource['path']}": resource for resource in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _resource(name: str, fields: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    path = Path(name).name
    return {
        "name": path.removesuffix(".csv").lower(),
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": [dict(field) for field in fields], "missingValues": [""]},
    }
