"""Running a plan: each notebook in a kernel of its own, exported in the same worker process.

A failing notebook does not stop the others; its executed copy is kept, and an older complete
page of it stays as it was. A build that is stopped leaves complete files and no kernels behind.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from tradeviz import warm
from tradeviz.briefing import files
from tradeviz.briefing.plan import Job

if TYPE_CHECKING:
    from tradeviz.briefing.export import Written

OK = "ok"
FAILED = "failed"

CELL_TIMEOUT = 600
"""Seconds after which a cell counts as hanging."""

OUTPUT_TIMEOUT = 20
"""Seconds that the last output of a cell may take to arrive; nbclient's 4 are too few on a busy machine."""

_LONGEST_MESSAGE = 300
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


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
    """

    job: Job
    status: str
    files: tuple[str, ...] = ()
    fields: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    seconds: float = 0.0
    message: str = ""


def available_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "process_cpu_count"):  # from Python 3.13 on
        return int(os.process_cpu_count() or 1)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    jobs: Sequence[Job],
    site: Path,
    workers: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Result]:
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

    Yields
    ------
    Result
        As they come in. A worker that dies fails the jobs that it takes along, not the build.
    """
    if not jobs:
        return
    others = set(multiprocessing.active_children())
    with tempfile.TemporaryDirectory(prefix="tradeviz-", ignore_cleanup_errors=True) as scratch:
        pool = ProcessPoolExecutor(
            min(workers or available_cores(), len(jobs)),
            mp_context=multiprocessing.get_context("spawn"),
            initializer=begin_worker,
            initargs=(dict(environment or {}),),
        )
        try:
            running = {pool.submit(_work, job, site, Path(scratch)): job for job in jobs}
            for done in as_completed(running):
                error = done.exception()
                yield done.result() if error is None else _failed(running[done], in_short(error))
            pool.shutdown()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _end(set(multiprocessing.active_children()) - others)
            raise


def _work(job: Job, site: Path, scratch: Path) -> Result:
    """Make a page in a worker; once told to stop, leave for good when all is cleared up."""
    try:
        return make_page(job, site, scratch)
    except SystemExit as stopped:
        os._exit(int(stopped.code or 0))


def make_page(job: Job, site: Path, scratch: Path) -> Result:
    """Execute one notebook and write its page, its data and its executed copy.

    Parameters
    ----------
    job : Job
        What to run.
    site : Path
        The folder of the site.
    scratch : Path
        Where the kernel may leave files; the notebook runs in a folder of its own there.

    Returns
    -------
    Result
        "failed" where a cell raised an error; then only the executed copy is written.
    """
    from papermill.exceptions import PapermillExecutionError

    begun = time.monotonic()
    edition = site / job.edition.folder
    with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as folder:
        executed = Path(folder) / f"{job.page}.ipynb"
        try:
            with _quiet():
                notebook = _execute(job, executed)
            written = _published(notebook, job, edition)
        except PapermillExecutionError as error:
            message = _said(f"cell {error.exec_count}: {error.ename}", error.evalue)
            return _failed(job, message, time.monotonic() - begun, _keep(executed, job, edition))
        except Exception as error:  # a kernel that dies raises more kinds than can be named
            return _failed(job, in_short(error), time.monotonic() - begun, _keep(executed, job, edition))
    return Result(job, OK, written.files, written.fields, time.monotonic() - begun)


def _execute(job: Job, executed: Path) -> Any:
    from papermill import execute_notebook

    return execute_notebook(
        str(job.notebook),
        str(executed),
        parameters=job.parameters,
        engine_name="tradeviz-warm",
        kernel_name="python3",
        progress_bar=False,
        request_save_on_cell_execute=False,
        cwd=str(executed.parent),
        execution_timeout=CELL_TIMEOUT,
        iopub_timeout=OUTPUT_TIMEOUT,
        kernel_manager_class=_kernel_manager(executed.parent),
        shutdown_kernel="immediate",
    )


def _kernel_manager(folder: Path) -> type:
    """Manage a kernel of the Python that runs us, whichever kernel is registered as python3.

    Ports chosen by kernels that start at the same moment can collide (papermill issue 511), so
    they talk through sockets in the file system, where there are any.
    """
    from jupyter_client.manager import AsyncKernelManager

    transport = "tcp" if os.name == "nt" else "ipc"

    class OwnKernelManager(AsyncKernelManager):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings, transport=transport, connection_file=str(folder / "k.json"))

        def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", str(self.connection_file)]
            return command + (extra_arguments or [])

    return OwnKernelManager


def _published(notebook: Any, job: Job, folder: Path) -> Written:
    from tradeviz.briefing import export, pdf

    written = export.write_page(notebook, job, folder)
    if job.edition.pdf:
        printed = pdf.write(folder / f"{job.page}.html", job.edition.day)
        written = export.Written((*written.files, printed.name), written.fields)
    (folder / FAILED / f"{job.page}.ipynb").unlink(missing_ok=True)
    return written


def _keep(executed: Path, job: Job, folder: Path) -> tuple[str, ...]:
    """Keep the executed copy of a failed notebook, where there is one; name what was written."""
    import nbformat

    from tradeviz.briefing import export

    if not executed.is_file():
        return ()
    kept = f"{FAILED}/{job.page}.ipynb"
    files.write(folder / kept, export.published_notebook(nbformat.read(executed, as_version=4)))
    return (kept,)


def _failed(job: Job, message: str, seconds: float = 0.0, kept: tuple[str, ...] = ()) -> Result:
    return Result(job, FAILED, kept, {}, seconds, message)


def in_short(error: BaseException) -> str:
    """Tell an error in one line."""
    return _said(type(error).__name__, str(error))


def _said(name: str, value: str) -> str:
    line = f"{name}: {' '.join(value.split())}".rstrip(": ")
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[: _LONGEST_MESSAGE - 1]}…"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Papermill's and the kernel's chatter out of the log; errors reach us as exceptions."""
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    sys.stderr.flush()
    kept = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def begin_worker(environment: dict[str, str]) -> None:
    """Leave Ctrl-C to the parent process; let SIGTERM unwind, so that the kernel ends too."""

    def leave(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave)
    for name in _ONE_THREAD:  # pages run side by side; threads within each would only jostle
        os.environ.setdefault(name, "1")
    os.environ.update(environment)
    warm.start()  # it imports while this process does


def _end(workers: set[Any]) -> None:
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(5)
        if worker.is_alive():
            worker.kill()
            worker.join(5)
