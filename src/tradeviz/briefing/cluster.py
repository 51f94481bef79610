"""Running a plan on a Dask cluster, whose workers need share no files with us.

A task takes the notebook and the tables along and brings the content of the page's files back; we
write them. So the site is the same, byte for byte, as when it is built by `run.run` here.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradeviz.briefing import files
from tradeviz.briefing.inputs import DRAWN_WITH
from tradeviz.briefing.page_process import Made, PageProcess, PageProcessError
from tradeviz.briefing.plan import Job
from tradeviz.briefing.run import FAILED, OK, Result, in_short
from tradeviz.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client, Future

INSTALL = 'pip install "tradeviz[dask]"'
CONNECT_WITHIN = 5
"""Seconds to reach the scheduler."""
WORKER_WITHIN = 60
"""Seconds that a build waits while the scheduler has no worker at all."""
RETRIES = 2
"""How often a page is tried again when its process, not its notebook, failed."""

_LOOK_EVERY = 2
_PASSED_ON = ("SOURCE_DATE_EPOCH",)
"""Variables that change what is written, and so have to be the same on all machines."""


@dataclass(frozen=True)
class Build:
    """What all tasks of a build share: a task's worker keeps processes for it under its name."""

    name: str
    versions: dict[str, str]
    data: dict[str, bytes] = field(repr=False)
    environment: dict[str, str] = field(default_factory=dict)


def run(jobs: Sequence[Job], site: Path, address: str, data: Path) -> Generator[Result, None, None]:
    """Run a plan on a cluster.

    Parameters
    ----------
    jobs : sequence of Job
        The pages to make.
    site : Path
        The folder of the site, on this machine.
    address : str
        Where the Dask scheduler listens: tcp://host:8786.
    data : Path
        The folder of the tables, on this machine.

    Yields
    ------
    Result
        As they come in. A page whose worker dies is made by another worker.

    Raises
    ------
    UsageError
        If `distributed` is not installed, the scheduler cannot be reached, it has no workers, or
        they have another version of tradeviz.
    """
    if not jobs:
        return
    build = Build(uuid.uuid4().hex, _versions(), _tables(data), _environment())
    with _connected(address) as client:
        _wait_for_workers(client, address)
        _check_versions(client, build)
        try:
            for job, made in _made(client, build, jobs):
                yield _written(job, made, site)
        finally:
            _say_the_end(client, build)


# On this machine


def _tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def _versions() -> dict[str, str]:
    """The versions that decide what a page looks like."""
    return {name: version(name) for name in ("tradeviz", *DRAWN_WITH)}


def _differs(name: str, theirs: str, ours: str) -> str:
    return (
        f"has {name} {theirs}, and the build's machine {ours}; install the same versions, such as those"
        " of requirements.lock, on all machines"
    )


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(f"--scheduler needs Dask, which is not installed; {INSTALL}") from None

    for name in ("distributed", "distributed.client"):  # what goes wrong is in the results
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECT_WITHIN, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {address} ({type(error).__name__}); start one with"
            " `dask scheduler` and name its address, tcp://host:8786"
        ) from None
    try:
        yield client
    finally:
        client.close(timeout=CONNECT_WITHIN)


def _wait_for_workers(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKER_WITHIN)
    except TimeoutError:
        raise UsageError(
            f"the scheduler at {address} has no workers; start some with `dask worker {address}`"
        ) from None


def _check_versions(client: Client, build: Build) -> None:
    """Compare versions, first by a function that workers without tradeviz have, too."""
    ours = build.versions["tradeviz"]
    found: Mapping[str, Any] = client.run(version, "tradeviz", on_error="return")
    for worker, theirs in sorted(found.items()):
        if isinstance(theirs, PackageNotFoundError):
            raise UsageError(f"the worker {worker} has no tradeviz; there, {INSTALL}")
        if theirs != ours:
            raise UsageError(f"the worker {worker} {_differs('tradeviz', theirs, ours)}")
    for worker, why in sorted(client.run(difference, build.versions, on_error="ignore").items()):
        if why:
            raise UsageError(f"the worker {worker} {why}")


def _made(client: Client, build: Build, jobs: Sequence[Job]) -> Iterator[tuple[Job, Made]]:
    """Yield jobs with what was made, as they come in; cancel the rest when left early."""
    shared = client.submit(_itself, build, key=f"tradeviz-{build.name}-tables")
    done: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
    running: dict[Future[Any], Job] = {}
    try:
        running.update(_submitted(client, build, jobs, shared))
        for each in running:
            each.add_done_callback(done.put)
        del each  # the cluster keeps what somebody here holds
        while running:
            future = _next(done, client)
            if future is None:
                for job in running.values():
                    yield job, _nothing(job, f"the cluster had no worker left for {WORKER_WITHIN} s")
                return
            job = running.pop(future)
            yield job, _outcome(future, job)
    finally:
        client.cancel([*running, shared], force=True)


def _submitted(
    client: Client, build: Build, jobs: Sequence[Job], shared: Future[Any]
) -> dict[Future[Any], Job]:
    """Hand in all pages as one group, of which the scheduler gives each worker no more than it can do."""
    futures = client.map(
        make,
        jobs,
        [job.notebook.read_bytes() for job in jobs],
        build=shared,
        key=[(f"tradeviz-{build.name}", job.edition.day, job.page) for job in jobs],
        retries=RETRIES,
    )
    return dict(zip(futures, jobs, strict=True))


def _next(done: queue.SimpleQueue[Future[Any]], client: Client) -> Future[Any] | None:
    """Wait for a page; give up only when there has been no worker for long."""
    last_seen = time.monotonic()
    while time.monotonic() - last_seen < WORKER_WITHIN:
        try:
            return done.get(timeout=_LOOK_EVERY)
        except queue.Empty:
            if _has_workers(client):
                last_seen = time.monotonic()
    return None


def _has_workers(client: Client) -> bool:
    try:
        return bool(client.nthreads())
    except (OSError, ValueError):  # the scheduler does not answer
        return False


def _outcome(future: Future[Any], job: Job) -> Made:
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker as killed:
        times = killed.allowed_failures + 1
        return _nothing(
            job, f"{times} workers died, one after the other, while they had this page; see their logs"
        )
    except CancelledError:
        return _nothing(job, "the scheduler gave the page up, or is gone; see its log")
    except PageProcessError as error:
        return _nothing(job, f"{error}, and so did {RETRIES} more")
    except Exception as error:  # whatever a worker raises fails its page only
        return _nothing(job, in_short(error))


def _nothing(job: Job, message: str) -> Made:
    return Made(Result(job, FAILED, message=message), {})


def _written(job: Job, made: Made, site: Path) -> Result:
    """Write what a worker made, the page itself last."""
    folder = site / job.edition.folder
    in_order = sorted(made.contents, key=lambda name: (name.endswith(".html"), name))
    files.write_together(folder, {name: made.contents[name] for name in in_order})
    if made.result.status == OK:
        (folder / FAILED / f"{job.page}.ipynb").unlink(missing_ok=True)
    return replace(made.result, job=job, refused=False)  # on a worker's disk, which others need not share


def _say_the_end(client: Client, build: Build) -> None:
    """Have the workers end their processes; do not wait long for a worker that hangs."""

    def say() -> None:
        with suppress(Exception):  # there may be no scheduler any more; idle processes end by themselves
            client.run(end_build, build.name, on_error="ignore")

    thread = threading.Thread(target=say, daemon=True)
    thread.start()
    thread.join(CONNECT_WITHIN)


# On a worker

_processes: dict[str, list[PageProcess]] = {}
_idle: dict[str, list[PageProcess]] = {}
_ended: set[str] = set()
_taking = threading.Lock()


def difference(wanted: Mapping[str, str]) -> str:
    """Say which package is here in another version than wanted; nothing if all are the same."""
    for name, ours in _versions().items():
        if ours != wanted[name]:
            return _differs(name, ours, wanted[name])
    return ""


def make(job: Job, notebook: bytes, build: Build) -> Made:
    """Make a page, in a process that this thread of the worker has to itself meanwhile."""
    if why := difference(build.versions):  # a worker may have joined since the build began
        return _nothing(job, f"the worker {why}")
    process = _take(build)
    made = process.make(job, notebook)
    with _taking:
        if build.name not in _ended:
            _idle[build.name].append(process)
    return made


def _take(build: Build) -> PageProcess:
    with _taking:
        if build.name in _ended:
            raise PageProcessError("the build has ended")
        there = _idle.setdefault(build.name, [])
        while there:
            process = there.pop()
            if process.alive():
                return process
        process = PageProcess(build.data, build.environment)
        _processes.setdefault(build.name, []).append(process)
        return process


def end_build(name: str) -> None:
    """End the processes that this worker has for a build."""
    with _taking:
        _ended.add(name)
        _idle.pop(name, None)
        for process in _processes.pop(name, []):
            process.stop()


def _itself(build: Build) -> Build:
    return build
