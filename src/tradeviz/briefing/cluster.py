"""Running a plan on a Dask cluster, whose workers need share no files with us.

A task takes the notebook and the tables along and brings the content of the page's files back; we
write them. So the site is the same, byte for byte, as when it is built here. A worker makes its pages as a
build on one machine does: forked from a prepared process, of which each of its threads has one.
"""

from __future__ import annotations

import logging
import os
import queue
import re
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from tradeviz.briefing import files
from tradeviz.briefing.inputs import DRAWN_WITH
from tradeviz.briefing.jobs import FAILED, OK, Job, Result
from tradeviz.briefing.page import in_short
from tradeviz.briefing.prepared import PreparedProcess
from tradeviz.errors import ClusterError, UsageError

if TYPE_CHECKING:
    from distributed import Client, Future

INSTALL = 'pip install "tradeviz[dask]"'
CONNECT_WITHIN = 5
"""Seconds to reach the scheduler."""
WORKER_WITHIN = 60
"""Seconds that a build waits while the scheduler has no worker at all."""
RETRIES = 2
"""How often a page is tried again when the process that pages are forked from failed."""

_ADDRESS = re.compile(r"((tcp|tls|ws|wss)://)?(\[[0-9a-fA-F:.]+\]|[^\s/:\[\]]+):\d+")
_LOOK_EVERY = 2
_PASSED_ON = ("SOURCE_DATE_EPOCH",)
"""Variables that change what is written, and so have to be the same on all machines."""


@dataclass(frozen=True)
class Build:
    """What all tasks of a build share: a task's worker keeps processes for it under its name."""

    name: str
    versions: dict[str, str]
    tables: dict[str, bytes] = field(repr=False)
    modules: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """What became of a job on a worker, with the content of each of its result's files."""

    result: Result
    contents: dict[str, bytes]


class PreparedProcessError(Exception):
    """The process that pages are forked from ended before it had answered."""


class Cluster:
    """Workers that make pages, reached when entered as a context.

    Parameters
    ----------
    address : str
        Where the Dask scheduler listens: tcp://host:8786.
    data : Path
        The folder of the tables, on this machine.
    modules : sequence of str
        What the notebooks import, see `plan.modules`.

    Raises
    ------
    UsageError
        If the address is none, or `distributed` is not installed.
    ClusterError
        When entered: if the scheduler cannot be reached, it has no workers, or they have another
        version of tradeviz.
    """

    def __init__(self, address: str, data: Path, modules: Sequence[str] = ()) -> None:
        if not _ADDRESS.fullmatch(address):
            raise UsageError(f'--scheduler "{address}" is not an address; write it as tcp://host:8786')
        self._address = address
        tables = {path.name: path.read_bytes() for path in sorted(data.iterdir()) if path.is_file()}
        passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self._build = Build(uuid.uuid4().hex, _versions(), tables, tuple(modules), passed_on)

    def __enter__(self) -> Self:
        self._client = _connect(self._address)
        try:
            _wait_for_workers(self._client, self._address)
            _check_versions(self._client, self._build)
        except BaseException:
            self._client.close(timeout=CONNECT_WITHIN)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _say_the_end(self._client, self._build)
        self._client.close(timeout=CONNECT_WITHIN)

    def make(
        self, jobs: Sequence[Job], site: Path, workers: int = 0, meanwhile: Callable[[], object] = int
    ) -> Generator[Result, None, None]:
        """Make pages, as `PreparedProcess.make` does; the cluster says how many at a time."""
        for job, made in _made(self._client, self._build, jobs, meanwhile):
            yield _written(job, made, site)


# On this machine


def _versions() -> dict[str, str]:
    """The versions that decide what a page looks like."""
    return {name: version(name) for name in ("tradeviz", *DRAWN_WITH)}


def _differs(name: str, theirs: str, ours: str) -> str:
    return (
        f"has {name} {theirs}, and the build's machine {ours}; install the same versions, such as those"
        " of requirements.lock, on all machines"
    )


def _connect(address: str) -> Client:
    try:
        from distributed import Client, Security
    except ImportError:
        raise UsageError(f"--scheduler needs Dask, which is not installed; {INSTALL}") from None

    for name in ("distributed", "distributed.client"):  # what goes wrong is in the results
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if address.startswith("tls") and Security().get_connection_args("client")["ssl_context"] is None:
        why = "Dask's configuration names no certificates; set ca-file, client.cert and client.key"
        raise ClusterError(f"{address} cannot be asked: {why} of distributed.comm.tls")
    try:
        return Client(address, timeout=CONNECT_WITHIN, set_as_default=False)
    except Exception as error:  # whatever a transport raises
        why = f"no Dask scheduler answers at {address} ({in_short(error)}); start one with `dask scheduler`"
        raise ClusterError(f"{why} and name its address, tcp://host:8786") from None


def _wait_for_workers(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKER_WITHIN)
    except TimeoutError:
        none = f"the scheduler at {address} has no workers; start some with `dask worker {address}`"
        raise ClusterError(none) from None


def _check_versions(client: Client, build: Build) -> None:
    """Compare versions, first by a function that workers without tradeviz have, too."""
    ours = build.versions["tradeviz"]
    found: Mapping[str, Any] = client.run(version, "tradeviz", on_error="return")
    for worker, theirs in sorted(found.items()):
        if isinstance(theirs, PackageNotFoundError):
            raise ClusterError(f"the worker {worker} has no tradeviz; there, {INSTALL}")
        if theirs != ours:
            raise ClusterError(f"the worker {worker} {_differs('tradeviz', theirs, ours)}")
    for worker, why in sorted(client.run(difference, build.versions, on_error="ignore").items()):
        if why:
            raise ClusterError(f"the worker {worker} {why}")


def _made(
    client: Client, build: Build, jobs: Sequence[Job], meanwhile: Callable[[], object]
) -> Iterator[tuple[Job, Made]]:
    """Yield jobs with what was made, as they come in; cancel the rest when left early."""
    shared = client.submit(_itself, build, key=f"tradeviz-{build.name}-tables")
    done: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
    running: dict[Future[Any], Job] = {}
    try:
        running.update(_submitted(client, build, jobs, shared))
        for each in running:
            each.add_done_callback(done.put)
        del each  # a reference that stays here keeps the cluster from freeing that result
        meanwhile()
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
        died = f"{killed.allowed_failures + 1} workers died, one after the other, while they had this page"
        return _nothing(job, f"{died}; see their logs")
    except CancelledError:
        return _nothing(job, "the scheduler gave the page up, or is gone; see its log")
    except PreparedProcessError as error:
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

_processes: dict[str, list[PreparedProcess]] = {}
_idle: dict[str, list[PreparedProcess]] = {}
_ended: set[str] = set()
_taking = threading.Lock()


def difference(wanted: Mapping[str, str]) -> str:
    """Say which package is here in another version than wanted; nothing if all are the same."""
    for name, ours in _versions().items():
        if ours != wanted[name]:
            return _differs(name, ours, wanted[name])
    return ""


def make(job: Job, notebook: bytes, build: Build) -> Made:
    """Make a page, from a prepared process that this thread of the worker has to itself meanwhile."""
    if why := difference(build.versions):  # a worker may have joined since the build began
        return _nothing(job, f"the worker {why}")
    prepared = _take(build)
    with tempfile.TemporaryDirectory(dir=prepared.folder, ignore_cleanup_errors=True) as folder:
        here = replace(job, notebook=Path(folder) / job.notebook.name)
        here.notebook.write_bytes(notebook)
        site = Path(folder) / "site"
        (result,) = prepared.make([here], site, 1)
        if not prepared.alive():
            prepared.stop()
            raise PreparedProcessError(result.message)
        contents = {name: (site / job.edition.folder / name).read_bytes() for name in result.files}
    with _taking:
        if build.name not in _ended:
            _idle[build.name].append(prepared)
    return Made(result, contents)


def _take(build: Build) -> PreparedProcess:
    with _taking:
        if build.name in _ended:
            raise PreparedProcessError("the build has ended")
        there = _idle.setdefault(build.name, [])
        while there:
            if (prepared := there.pop()).alive():
                return prepared
        prepared = PreparedProcess(build.modules, build.environment, build.tables)
        _processes.setdefault(build.name, []).append(prepared)
        return prepared


def end_build(name: str) -> None:
    """End the processes that this worker has for a build."""
    with _taking:
        _ended.add(name)
        _idle.pop(name, None)
        for prepared in _processes.pop(name, []):
            prepared.stop()


def _itself(build: Build) -> Build:
    return build
