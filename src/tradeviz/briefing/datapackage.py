"""data/datapackage.json: the data behind the charts of an edition as a Frictionless data package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tradeviz.briefing import files
from tradeviz.briefing.jobs import Edition, Result
from tradeviz.stamp import of_scenario, titled

NAME = "data/datapackage.json"


def add(folder: Path, result: Result) -> None:
    """Describe the data of a page as soon as they are there, beside all that is described already.

    Parameters
    ----------
    folder : Path
        The folder of the edition.
    result : Result
        What became of the page.
    """
    if result.resources:
        new = {name: _resource(name, metadata) for name, metadata in result.resources.items()}
        _write(folder, result.job.edition, _read(folder) | new, indent=None)


def write(
    folder: Path, edition: Edition, pages: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]
) -> None:
    """Describe the data of the pages of an edition and its source tables, and nothing else.

    Parameters
    ----------
    folder : Path
        The folder of the edition.
    edition : Edition
        The edition.
    pages : mapping
        The pages of the manifest, each of which has been added.
    tables : mapping of str to mapping
        Title, description and fields of each source table, by the name of its file.
    """
    there = {name for entry in pages.values() for name in entry["files"]}
    described = {name: resource for name, resource in _read(folder).items() if name in there}
    described |= {name: _resource(name, metadata) for name, metadata in tables.items()}
    if described:
        _write(folder, edition, described, indent=2)
    else:  # a package without resources would not be valid
        (folder / NAME).unlink(missing_ok=True)


def _write(folder: Path, edition: Edition, described: Mapping[str, Any], indent: int | None) -> None:
    title = f"Data behind the charts and tables of the tradeviz briefings as of {edition.day}"
    package = {
        "name": of_scenario(f"tradeviz-briefings-{edition.day}", edition.scenario),
        "title": titled(title, edition.scenario),
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "Creative Commons Attribution 4.0",
            }
        ],
        "resources": [described[name] for name in sorted(described)],
    }
    files.write(folder / NAME, json.dumps(package, indent=indent) + "\n")


def _read(folder: Path) -> dict[str, Any]:
    try:
        package = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {f"data/{resource['path']}": resource for resource in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _resource(name: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    path = Path(name).name
    units = dict.fromkeys(field["unit"] for field in metadata["fields"] if field.get("unit"))
    words = {key: metadata[key] for key in ("title", "description") if metadata.get(key)}
    words |= {"unit": "; ".join(units)} if units else {}
    return {
        "name": path.removesuffix(".csv").lower(),
        **words,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": [dict(field) for field in metadata["fields"]], "missingValues": [""]},
    }
