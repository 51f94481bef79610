"""The processes that workers and kernels are forked from: shared by all workers, gone after the build."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

import small_notebooks
from tradeviz import warm
from tradeviz.briefing import Edition, Job, preloaded, run

CELL = """
import os, pathlib
pathlib.Path(os.environ["SEEN"], f"{os.getppid()}-{os.getpid()}").touch()
"""


@pytest.mark.slow
@pytest.mark.skipif(not warm.can_fork(), reason="kernels are forked nowhere here")
def test_the_kernels_of_all_workers_come_from_one_process_that_ends_with_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEVIZ_WARM_MODULES", "json")
    seen = tmp_path / "seen"
    seen.mkdir()
    notebook = small_notebooks.write(tmp_path / "00-a.ipynb", CELL, parameters="")
    jobs = [Job(notebook, f"page-{n}", {}, Edition("2025-04-25")) for n in range(4)]
    results = list(run(jobs, tmp_path / "site", 2, {"SEEN": str(seen)}))
    assert [result.message for result in results] == [""] * 4
    servers, kernels = zip(*(path.name.split("-") for path in seen.iterdir()), strict=True)
    assert (len(set(servers)), len(set(kernels))) == (1, 4)
    assert not psutil.pid_exists(int(servers[0]))


def test_one_thread_each_where_nothing_else_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    told = preloaded.variables({"MORE": "1"})
    assert (told["OMP_NUM_THREADS"], told["MKL_NUM_THREADS"], told["MORE"]) == ("3", "1", "1")
    assert told["PATH"] == os.environ["PATH"]
