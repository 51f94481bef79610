"""Running a plan: each notebook in a kernel of its own, exported in the same worker process.

A failing notebook does not stop the others; its executed copy is kept, and an older complete
page of it stays as it was. A build that is stopped leaves complete files and no kernels behind.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import util
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from tradeviz import cores, warm
from tradeviz.briefing import files, orphans, preloaded, scratch
from tradeviz.briefing.execute import CellError, execute
from tradeviz.briefing.plan import Job

if TYPE_CHECKING:
    from tradeviz.briefing.export import Content

OK = "ok"
FAILED = "failed"

_LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Result:
    """What became of one job.

    Attributes
    ----------
    job : Job
        The job.
    status : str
        "ok" or "failed".
    files : tuple of str
        The files written, relative to the folder of the edition.
    fields : dict of str to list
        Names and types of the columns of each file of data.
    seconds : float
        How long it took.
    message : str
        For a failure: the cell and the error, in one line.
    refused : bool
        Whether it failed because the system would not have its files written.
    """

    job: Job
    status: str
    files: tuple[str, ...] = ()
    fields: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    seconds: float = 0.0
    message: str = ""
    refused: bool = False


def run(
    jobs: Sequence[Job],
    site: Path,
    workers: int | None = None,
    environment: Mapping[str, str] | None = None,
    meanwhile: Callable[[], object] = int,
) -> Generator[Result, None, None]:
    """Run a plan.

    Parameters
    ----------
    jobs : sequence of Job
        The pages to make.
    site : Path
        The folder of the site.
    workers : int, optional
        Number of worker processes; as many as there are cores when not given.
    environment : mapping of str to str, optional
        Variables that the kernels see besides those of this process.
    meanwhile : callable, optional
        What this process can do while the workers begin.

    Yields
    ------
    Result
        As they come in. A worker that dies fails the jobs that it takes along, not the build.
    """
    if not jobs:
        return
    others = set(multiprocessing.active_children())
    environment = environment or {}
    kernels = preloaded.kernels(environment)
    with scratch.named() as place:
        pool = ProcessPoolExecutor(
            min(workers or cores.available(), len(jobs)),
            mp_context=preloaded.workers(),
            initializer=_begin_pool_worker,
            initargs=(place, preloaded.variables(environment), kernels),
        )
        try:
            running = {pool.submit(_work, job, site, place): job for job in jobs}
            meanwhile()
            for done in as_completed(running):
                job, error = running.pop(done), done.exception()  # whoever takes the result may drop it
                yield done.result() if error is None else _failed(job, error)
            pool.shutdown()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _end(set(multiprocessing.active_children()) - others)
            raise
        finally:
            warm.shut(kernels)


def _begin_pool_worker(place: Path, variables: Mapping[str, str], kernels: warm.Door | None) -> None:
    try:
        begin_worker(variables, kernels)
    except SystemExit as stopped:  # the pool would tell of it at length
        os._exit(int(stopped.code or 0))
    orphans.leave_with_parent(lambda: scratch.clear(place))
    util.Finalize(None, scratch.clear, args=(place,), exitpriority=0)


def _work(job: Job, site: Path, place: Path) -> Result:
    """Make a page in a worker; once told to stop, leave for good when all is cleared up."""
    try:
        return make_page(job, site, scratch.own(place))
    except SystemExit as stopped:
        warm.stop()
        scratch.clear(place)
        os._exit(int(stopped.code or 0))


def make_page(job: Job, site: Path, place: Path) -> Result:
    """Execute one notebook and write its page, its data and its executed copy.

    Parameters
    ----------
    job : Job
        What to run.
    site : Path
        The folder of the site.
    place : Path
        Where the kernel may leave files; the notebook runs in a folder of its own there.

    Returns
    -------
    Result
        "failed" where a cell raised an error; then only the executed copy is written.
    """
    begun = time.monotonic()
    edition = site / job.edition.folder
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder:
        executed = Path(folder) / f"{job.page}.ipynb"
        try:
            content = _exported(execute(job, executed), job, executed.parent)
            files.write_together(edition, content.files)
            (edition / FAILED / f"{job.page}.ipynb").unlink(missing_ok=True)
        except Exception as error:  # a kernel that dies raises more kinds than can be named
            kept = () if files.is_refusal(error) else _keep(executed, job, edition)
            return _failed(job, error, time.monotonic() - begun, kept)
    return Result(job, OK, tuple(sorted(content.files)), content.fields, time.monotonic() - begun)


def _exported(notebook: Any, job: Job, place: Path) -> Content:
    from tradeviz.briefing import export, pdf

    content = export.exported(notebook, job)
    if job.edition.pdf:
        page = str(content.files[f"{job.page}.html"])
        content.files[f"{job.page}.pdf"] = pdf.printed(page, job.edition.day, place)
    return content


def _keep(executed: Path, job: Job, folder: Path) -> tuple[str, ...]:
    """Keep the executed copy of a failed notebook, where there is one; name what was written."""
    import nbformat

    from tradeviz.briefing import export

    if not executed.is_file():
        return ()
    kept = f"{FAILED}/{job.page}.ipynb"
    files.write(folder / kept, export.published_notebook(nbformat.read(executed, as_version=4)))
    return (kept,)


def _failed(job: Job, error: BaseException, seconds: float = 0.0, kept: tuple[str, ...] = ()) -> Result:
    return Result(job, FAILED, kept, {}, seconds, in_short(error), files.is_refusal(error))


def in_short(error: BaseException) -> str:
    """Tell an error in one line."""
    name = "" if isinstance(error, CellError) else f"{type(error).__name__}: "
    line = f"{name}{' '.join(str(error).split())}".rstrip(": ")
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[: _LONGEST_MESSAGE - 1]}…"


def begin_worker(variables: Mapping[str, str], kernels: warm.Door | None = None) -> None:
    """Leave Ctrl-C to the parent process; let SIGTERM unwind, so that the kernel ends too.

    Parameters
    ----------
    variables : mapping of str to str
        All variables of the environment, see `preloaded.variables`.
    kernels : warm.Door, optional
        Where to take kernels from; a process of this worker's own when not given.
    """

    def leave(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave)
    if hasattr(signal, "pthread_sigmask"):  # see `preloaded`: kernels must not inherit it
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.environ.clear()
    os.environ.update(variables)
    warm.enter(kernels)


def _end(workers: set[Any]) -> None:
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(5)
        if worker.is_alive():
            worker.kill()
            worker.join(5)
