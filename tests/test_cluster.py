"""A plan on a Dask cluster: the same site as here, whatever becomes of the workers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import distributed
import psutil
import pytest
from click.testing import CliRunner

import small_notebooks
from tradeviz import briefing
from tradeviz.briefing import Edition, Job, Result, cluster
from tradeviz.cli import app
from tradeviz.errors import ClusterError, UsageError

pytestmark = pytest.mark.slow

MAIN, OLDER = Edition("2025-08-07"), Edition("2025-04-25", "2025-04-25")
READS_THE_DATA = """
import os, pathlib, hashlib
folder = pathlib.Path(os.environ["TRADEVIZ_DATA"])
{path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
"""
RAISES = ("x = 1", 'raise ValueError("no such thing")')
SLOW = ("import time; time.sleep(0.5)", small_notebooks.EXHIBIT)
KILLS = """
import psutil
for above in psutil.Process().parents():
    if {mark!r} in " ".join(above.cmdline()):
        above.kill()
        break
"""
PAGE_PROCESS, DASK_WORKER = "briefing.prepared", "multiprocessing.spawn"


@dataclass(frozen=True)
class Cluster:
    """A scheduler and two workers, each a process under a nanny that starts it again."""

    address: str
    nannies: list[psutil.Process]
    scratch: Path

    def workers(self) -> list[psutil.Process]:
        below = [child for nanny in self.nannies for child in nanny.children()]
        return [child for child in below if DASK_WORKER in " ".join(child.cmdline())]

    def page_processes(self) -> list[psutil.Process]:
        """Those whose worker has died have another parent: they are known by their environment."""
        return [one for one in psutil.process_iter() if self._is_page_process(one)]

    def _is_page_process(self, process: psutil.Process) -> bool:
        try:
            ours = process.environ().get("TMPDIR") == str(self.scratch)
            return ours and PAGE_PROCESS in " ".join(process.cmdline())
        except psutil.Error:
            return False


FREE_PORTS = ("--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0")
"""For a scheduler; also without a dashboard it opens the port of one, and warns where that is taken."""


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("dask")
    scratch = folder / "scratch"
    scratch.mkdir()
    env = {
        **os.environ,
        "TMPDIR": str(scratch),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    }
    place = folder / "scheduler.json"
    common = ["--no-dashboard", "--scheduler-file", str(place)]
    processes: list[subprocess.Popen[bytes]] = []

    def start(program: str, *words: str) -> None:
        with (folder / f"{program}-{len(processes)}.log").open("wb") as log:
            command = [sys.executable, "-m", f"distributed.cli.{program}", *common, *words]
            processes.append(subprocess.Popen(command, env=env, stdout=log, stderr=log))

    with ended(processes):
        start("dask_scheduler", *FREE_PORTS)
        for _ in range(2):
            start("dask_worker", "--nthreads", "1", "--host", "127.0.0.1")
        until(lambda: place.exists() and place.read_text().endswith("}"))
        address = json.loads(place.read_text())["address"]
        nannies = [psutil.Process(one.pid) for one in processes[1:]]
        made = Cluster(address, nannies, scratch)
        until(lambda: len(made.workers()) == 2)
        yield made
    until(lambda: not made.page_processes())
    assert not list(scratch.glob("tradeviz-*"))


@contextmanager
def ended(processes: list[subprocess.Popen[bytes]]) -> Iterator[None]:
    """End processes with all that they have started."""
    try:
        yield
    finally:
        below = [child for one in processes for child in psutil.Process(one.pid).children(recursive=True)]
        for one in reversed(processes):  # the scheduler last: workers take their leave of it
            one.terminate()
            try:
                one.wait(5)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
        for child in psutil.wait_procs(below, timeout=5)[1]:
            child.kill()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meetings.csv").write_bytes(b"a,b\r\n1,2\r\n")
    return tmp_path / "data"


def jobs_of(folder: Path, *editions: Edition, **notebooks: tuple[str, ...]) -> list[Job]:
    jobs = []
    for name, cells in notebooks.items():
        path = small_notebooks.write(folder / f"00-{name}.ipynb", *cells)
        jobs += [Job(path, name, {"partner": "JPN"}, edition) for edition in editions or (MAIN,)]
    return jobs


def contents(folder: Path) -> dict[str, bytes]:
    there = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in there}


def run(jobs: list[Job], site: Path, address: str, data: Path) -> Generator[Result, None, None]:
    with cluster.Cluster(address, data) as reached:
        yield from reached.make(jobs, site)


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_files_and_the_results_are_those_of_a_local_build(
    dask: Cluster, data: Path, tmp_path: Path
) -> None:
    good = ("# Title", READS_THE_DATA, small_notebooks.EXHIBIT)
    jobs = jobs_of(tmp_path, MAIN, OLDER, good=good, bad=RAISES)
    here, there = tmp_path / "here", tmp_path / "there"
    for site in (here, there):  # a page that failed in an earlier build is sound now
        (site / "failed").mkdir(parents=True)
        (site / "failed" / "good.ipynb").write_text("{}")
    local = list(briefing.run(jobs, here, 1, {"TRADEVIZ_DATA": str(data)}))
    remote = list(run(jobs, there, dask.address, data))
    assert contents(there) == contents(here)
    assert {"good.html", "2025-04-25/good.html", "failed/bad.ipynb"} < set(contents(there))
    assert "failed/good.ipynb" not in contents(there)
    for job in jobs:
        (ours,) = [one for one in local if one.job == job]
        (theirs,) = [one for one in remote if one.job == job]
        assert (theirs.status, theirs.files, theirs.resources) == (ours.status, ours.files, ours.resources)
        assert theirs.message == ours.message
        assert theirs.seconds > 0
    until(lambda: not dask.page_processes())


def test_a_worker_that_is_killed_loses_nothing(dask: Cluster, data: Path, tmp_path: Path) -> None:
    jobs = jobs_of(tmp_path, **{f"slow{number}": SLOW for number in range(3)})
    results = []
    for result in run(jobs, tmp_path / "site", dask.address, data):
        if not results:  # now the other worker is in the middle of a page, or this one of its next
            victim = dask.workers()[0]
            victim.kill()
        results.append(result)
    assert not victim.is_running()
    assert sorted(result.job.page for result in results) == [f"slow{number}" for number in range(3)]
    assert {result.status for result in results} == {"ok"}
    pages = {name for name in contents(tmp_path / "site") if name.endswith(".html")}
    assert pages == {f"slow{number}.html" for number in range(3)}
    until(lambda: not dask.page_processes())


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (PAGE_PROCESS, "the process that makes the pages was ended by signal 9, and so did 1 more"),
        (DASK_WORKER, "2 workers died, one after the other, while they had this page; see their logs"),
    ],
)
def test_what_kills_again_and_again_is_one_failure(
    dask: Cluster, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str, said: str
) -> None:
    monkeypatch.setattr(cluster, "RETRIES", 1)
    until(lambda: len(dask.workers()) == 2)
    jobs = jobs_of(tmp_path, kills=(KILLS.format(mark=mark),))
    (result,) = run(jobs, tmp_path / "site", dask.address, data)
    assert (result.job, result.status, result.message) == (jobs[0], "failed", said)
    assert contents(tmp_path / "site") == {}


def test_a_build_that_is_stopped_leaves_complete_files_and_no_process(
    dask: Cluster, data: Path, tmp_path: Path
) -> None:
    jobs = jobs_of(tmp_path, quick=(small_notebooks.EXHIBIT,), endless=("import time; time.sleep(600)",))
    running = run(jobs, tmp_path / "site", dask.address, data)
    assert next(running).job.page == "quick"
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        running.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
    until(lambda: not dask.page_processes())
    until(lambda: not list(dask.scratch.glob("tradeviz-*")))
    assert time.monotonic() - begun < 20
    assert set(contents(tmp_path / "site")) == {
        *("quick.html", "data/quick-numbers.csv", "notebooks/quick.ipynb")
    }


# What a user can mend


def test_a_scheduler_that_is_not_there_is_told_soon(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cluster.CONNECT_WITHIN <= 5
    monkeypatch.setattr(cluster, "CONNECT_WITHIN", 1)
    begun = time.monotonic()
    with pytest.raises(
        ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1 .*`dask scheduler`"
    ):
        list(run(jobs_of(tmp_path, a=("1",)), tmp_path / "site", "tcp://127.0.0.1:1", data))
    assert time.monotonic() - begun < 5
    with pytest.raises(
        ClusterError, match=r"^tls://127.* cannot be asked: Dask's configuration names no cert"
    ):
        list(run(jobs_of(tmp_path, a=("1",)), tmp_path / "site", "tls://127.0.0.1:1", data))


@pytest.mark.parametrize(
    "address", ["nonsense://x", "tcp://", "8786", "tcp://host:8786/path", "http://host:1"]
)
def test_what_is_no_address_of_a_scheduler_is_told_at_once(address: str, data: Path) -> None:
    with pytest.raises(UsageError, match="is not an address; write it as tcp://host:8786"):
        cluster.Cluster(address, data)


def test_nothing_of_a_site_is_touched_before_the_workers_have_answered(
    built_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_WITHIN", 1)
    site = shutil.copytree(built_site, tmp_path / "site")
    words = ["build", "--as-of", "2025-04-25", "--partners", "KOR", "--notebooks", "01-partner", "--force"]
    told = CliRunner().invoke(app, [*words, "--out", str(site), "--scheduler", "tcp://127.0.0.1:1"])
    assert told.exit_code == 6
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in told.stderr
    assert contents(site) == contents(built_site)


@pytest.mark.parametrize("name", ["tradeviz", "matplotlib"])
def test_another_version_on_a_worker_is_told(
    dask: Cluster, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    here = cluster._versions()
    monkeypatch.setattr(cluster, "_versions", lambda: {**here, name: "99.1"})
    said = rf"has {name} {re.escape(here[name])}, and the build's machine 99\.1; install the same versions"
    with pytest.raises(ClusterError, match=said):
        list(run(jobs_of(tmp_path, a=("1",)), tmp_path / "site", dask.address, data))


def test_a_worker_of_another_version_that_joins_late_fails_its_page(tmp_path: Path) -> None:
    build = cluster.Build("late", {**cluster._versions(), "pandas": "1.0"}, {})
    made = cluster.make(jobs_of(tmp_path, a=("1",))[0], b"", build)
    assert made.result.status == "failed"
    assert "and the build's machine 1.0" in made.result.message


def test_a_scheduler_without_workers_is_told(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "WORKER_WITHIN", 0.5)
    with distributed.LocalCluster(
        n_workers=0, processes=False, protocol="tcp://", dashboard_address=None
    ) as empty:
        address = empty.scheduler_address
        with pytest.raises(ClusterError, match=f"has no workers; start some with `dask worker {address}`"):
            list(run(jobs_of(tmp_path, a=("1",)), tmp_path / "site", address, data))


def test_without_dask_it_is_told_how_to_install_it(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r'pip install "tradeviz\[dask\]"'):
        list(run(jobs_of(tmp_path, a=("1",)), tmp_path / "site", "tcp://127.0.0.1:1", data))
