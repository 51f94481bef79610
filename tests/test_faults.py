"""A full disk, and a build killed at its work; `make soak` stages all faults and kills fifty builds.

How pages fail, how a build is interrupted and how two builds exclude each other, other tests show.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from filelock import FileLock

from soak import faults
from soak.place import Builds, Done, NotPossibleError
from tradeviz.cli import app

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc"),
]

WORDS = ("--partners", "KOR,JPN", "--jobs", "1")


class BuiltHere(Builds):
    """A folder whose builds run in this process: they begin sooner, and nobody disturbs them."""

    def build(self, *words: str, site: Path | None = None, **options: Any) -> Done:
        given = ["--out", str(site or self.site), "--notebook-folder", str(self.notebooks)]
        ran = CliRunner().invoke(app, ["build", *self.words, *given, *words])
        return Done(ran.exit_code, ran.stderr)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sites before and after, made once for all processes that run tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "faults"
    with FileLock(f"{folder}.lock"):
        if not (folder / "new").exists():
            BuiltHere(folder, WORDS).prepare()
    return folder


@pytest.fixture
def builds(prepared: Path) -> Iterator[Builds]:
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:  # short: there will be sockets below
        made = Builds(Path(folder) / "p", WORDS)
        made.know(prepared)
        made.reset()
        yield made


def test_a_full_disk_leaves_a_sound_site_that_the_next_build_finishes(builds: Builds) -> None:
    try:
        faults.full_disk(builds)
    except NotPossibleError as why:
        pytest.skip(str(why))


def test_a_killed_build_leaves_a_sound_site_that_the_next_build_finishes(builds: Builds) -> None:
    faults.kill_at_work(builds)
