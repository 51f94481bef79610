"""Running a plan: each notebook in a kernel of its own, exported in the same worker process.

A failing notebook does not stop the others; its executed copy is kept, and an older complete
page of it stays as it was.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tradeviz.briefing import files
from tradeviz.briefing.plan import Job

FAILED = "failed"


@dataclass(frozen=True)
class Frame:
    """What every page of a site shares: its links and its footer.

    Attributes
    ----------
    version, data_hash : str
        Of tradeviz, and of the tables as cut at the site's as-of date.
    pages : tuple of (str, str)
        Page names and labels, in the order in which a reader pages through partners.
    """

    version: str
    data_hash: str
    pages: tuple[tuple[str, str], ...] = ()


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
        The files written, relative to the site.
    seconds : float
        How long it took.
    message : str
        For a failure: the cell and the error, in one line.
    """

    job: Job
    status: str
    files: tuple[str, ...] = ()
    seconds: float = 0.0
    message: str = field(default="")


def available_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    jobs: Sequence[Job],
    site: Path,
    frame: Frame,
    workers: int | None = None,
    environment: dict[str, str] | None = None,
    report: Callable[[Result], None] = lambda _: None,
) -> list[Result]:
    """Run a plan.

    Parameters
    ----------
    jobs : sequence of Job
        The pages to make.
    site : Path
        The folder of the site.
    frame : Frame
        What the pages share.
    workers : int, optional
        Number of worker processes; as many as there are cores when not given.
    environment : dict of str to str, optional
        Variables that the kernels see besides those of this process.
    report : callable
        Called with each result as it comes in.

    Returns
    -------
    list of Result
        In the order of the jobs.
    """
    os.environ.update(environment or {})
    workers = min(workers or available_cores(), len(jobs)) or 1
    results: dict[str, Result] = {}
    pool = ProcessPoolExecutor(workers)
    try:
        running = {pool.submit(make_page, job, site, frame): job for job in jobs}
        for done in as_completed(running):
            job = running[done]
            error = done.exception()
            result = done.result() if error is None else Result(job, FAILED, message=_one_line(error))
            results[job.page] = result
            report(result)
    except BaseException:
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    pool.shutdown()
    return [results[job.page] for job in jobs]


def make_page(job: Job, site: Path, frame: Frame) -> Result:
    """Execute one notebook and write its page, its data and its executed copy.

    Parameters
    ----------
    job : Job
        What to run.
    site : Path
        The folder of the site.
    frame : Frame
        What the pages share.

    Returns
    -------
    Result
        "failed" where a cell raised an error; then only the executed copy is written.
    """
    import nbformat
    from papermill.exceptions import PapermillExecutionError

    from tradeviz.briefing import export

    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tradeviz-") as scratch:
        executed = Path(scratch) / f"{job.page}.ipynb"
        try:
            with _quiet():
                _execute(job, executed, scratch)
        except PapermillExecutionError as error:
            kept = f"{FAILED}/{job.page}.ipynb"
            files.write(site / kept, export.published_notebook(nbformat.read(executed, as_version=4)))
            message = f"cell {error.exec_count}: {_said(error.ename, error.evalue)}"
            return Result(job, FAILED, (kept,), time.monotonic() - begun, message)
        except Exception as error:  # a kernel that dies raises more kinds than can be named
            return Result(job, FAILED, (), time.monotonic() - begun, _one_line(error))
        written = export.write_page(nbformat.read(executed, as_version=4), job, site, frame)
    (site / FAILED / f"{job.page}.ipynb").unlink(missing_ok=True)
    return Result(job, "ok", tuple(written), time.monotonic() - begun)


def _execute(job: Job, executed: Path, scratch: str) -> None:
    from papermill import execute_notebook

    execute_notebook(
        str(job.notebook),
        str(executed),
        parameters=job.parameters,
        kernel_name="python3",
        progress_bar=False,
        cwd=scratch,
    )


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


def _said(name: str, value: str) -> str:
    return f"{name}: {' '.join(value.split())}"


def _one_line(error: BaseException) -> str:
    return _said(type(error).__name__, str(error))
