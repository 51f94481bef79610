"""What was measured so far, kept beside the page of results, so that a run can be gone on with."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from measure import Measurement
from report import Results, Sized


def json_path(page: Path) -> Path:
    """The file of the measurements behind a page of results."""
    return page.with_suffix(".json")


def save(results: Results, page: Path) -> None:
    """Keep what was measured."""
    json_path(page).write_text(json.dumps(asdict(results)) + "\n", encoding="utf-8")


def load(page: Path) -> Results:
    """Give what was measured; what failed is left out, to be tried again.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError
        If there is nothing, or it cannot be understood.
    """
    stored = json.loads(json_path(page).read_text(encoding="utf-8"))
    ways = {way: [Measurement(**run) for run in runs] for way, runs in stored["ways"].items()}
    sizes = [
        Sized(row["briefings"], row["days"], row["workers"], tuple(Measurement(**run) for run in row["runs"]))
        for row in stored["sizes"]
    ]
    whole = {name: stored[name] for name in ("as_of", "stages", "explorer", "load")}
    return Results(partners=tuple(stored["partners"]), ways=ways, sizes=sizes, **whole)
