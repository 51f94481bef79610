"""Faults in a batch, one of each kind, and a build killed; `make soak` stages all and kills fifty builds."""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from soak import faults
from soak.place import NotPossibleError, Place

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc"),
]

WORDS = ("--partners", "KOR,JPN", "--jobs", "1")
KILLS = 1
STAGED = ("notebooks that fail", "full disk", "two builds", "killed with its workers")
"""One of each kind; `make soak` stages all."""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sites before and after, made once for all processes that run tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "faults"
    with FileLock(f"{folder}.lock"):
        if not (folder / "seconds").exists():
            seconds = Place(folder, WORDS).prepare()
            (folder / "seconds").write_text(str(seconds), encoding="utf-8")
    return folder


@pytest.fixture
def place(prepared: Path) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:  # short: there will be sockets below
        made = Place(Path(folder) / "p", WORDS)
        made.know(prepared)
        made.reset()
        yield made


@pytest.mark.parametrize("fault", [faults.FAULTS[name] for name in STAGED], ids=STAGED)
def test_a_fault_leaves_a_sound_site_that_the_next_build_finishes(fault: faults.Fault, place: Place) -> None:
    try:
        fault(place)
    except NotPossibleError as why:
        pytest.skip(str(why))


@pytest.mark.parametrize("part", range(KILLS))
def test_a_killed_build_leaves_a_sound_site_that_the_next_build_finishes(
    part: int, place: Place, prepared: Path
) -> None:
    seconds = float((prepared / "seconds").read_text(encoding="utf-8"))
    faults.kill_at(place, (part + random.Random(part).random()) / KILLS * seconds)
