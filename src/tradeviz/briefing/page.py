"""Making one page, in the process that it has to itself: run the notebook, export it, write its files."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tradeviz.briefing import files
from tradeviz.briefing.jobs import FAILED, OK, Job, Result
from tradeviz.briefing.links import linked_page
from tradeviz.briefing.plan import PARTNER, parameters_of
from tradeviz.errors import TradevizError
from tradeviz.stamp import of_scenario

OURS, PAPERMILLS_OWN = "tradeviz", "nbclient"
"""Names of Papermill's engines: that of `tradeviz.briefing.engine`, and the one with a kernel."""

_LONGEST_MESSAGE = 300


class CellError(TradevizError):
    """A cell of a notebook did not end well."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(f"cell {number}: {message}" if number else message)


def make_page(job: Job, site: Path, folder: Path, begin_cell: Callable[[int], None], engine: str) -> Result:
    """Execute one notebook and write its page, its data and its executed copy.

    Parameters
    ----------
    job : Job
        What to run.
    site : Path
        The folder of the site.
    folder : Path
        Where the notebook runs; the executed notebook goes there.
    begin_cell : callable
        Called with the number of each cell that begins, counting cells that run from 1, and 0 after the last.
    engine : str
        The Papermill engine, ours or its own.

    Returns
    -------
    Result
        "failed" where a cell raised an error; then only the executed copy is written.
    """
    begun = time.monotonic()
    edition = site / job.edition.folder
    executed = folder / f"{job.page}.ipynb"
    try:
        if job.edition.scenario:
            files.write(folder / f"{job.edition.scenario}.csv", job.edition.orders)
        notebook = execute(job, executed, begin_cell, engine)
        contents, resources = _exported(notebook, job, folder)
        files.write_together(edition, contents)
        (edition / FAILED / f"{job.page}.ipynb").unlink(missing_ok=True)
    except Exception as error:  # whatever a cell or an exporter raises fails its page only
        copies = () if files.is_refusal(error) else _keep(executed, job, edition)
        return failed(job, error, time.monotonic() - begun, copies)
    return Result(job, OK, tuple(sorted(contents)), resources, time.monotonic() - begun)


def execute(job: Job, executed: Path, begin_cell: Callable[[int], None], engine: str) -> Any:
    """Execute a notebook by Papermill.

    Parameters
    ----------
    job, begin_cell, engine
        As for `make_page`.
    executed : Path
        Where the executed copy goes; the notebook runs in its folder.

    Returns
    -------
    NotebookNode
        The executed notebook, all of whose cells have run.

    Raises
    ------
    CellError
        If a cell raised an error, printed without end or left the notebook.
    TradevizError
        If the notebook lacks a parameter.
    """
    from nbclient.exceptions import DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    from tradeviz.briefing.engine import EndlessOutputError

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # errors come as exceptions
    _check_parameters(job)
    number = 0

    def count(**_: Any) -> None:
        nonlocal number
        number += 1
        begin_cell(number)

    try:
        notebook = execute_notebook(
            str(job.notebook),
            str(executed),
            parameters=job.parameters,
            engine_name=engine,
            kernel_name="python3",
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=str(executed.parent),
            on_cell_execute=count,
        )
    except PapermillExecutionError as error:
        endless = error.ename == EndlessOutputError.__name__
        message = "prints without end; let it print less" if endless else f"{error.ename}: {error.evalue}"
        raise CellError(error.exec_count, message) from None
    except DeadKernelError:
        raise CellError(number, "its kernel ended or was killed; was there too little memory?") from None
    begin_cell(0)
    _check_end(notebook)
    return notebook


def failed(job: Job, error: BaseException, seconds: float = 0.0, written: tuple[str, ...] = ()) -> Result:
    """The result of a job that failed.

    Parameters
    ----------
    job : Job
        The job.
    error : BaseException
        Why it failed.
    seconds : float
        How long it took.
    written : tuple of str
        The files written.
    """
    return Result(job, FAILED, written, {}, seconds, in_short(error), files.is_refusal(error))


def in_short(error: BaseException) -> str:
    """Tell an error in one line."""
    name = "" if isinstance(error, CellError) else f"{type(error).__name__}: "
    line = f"{name}{' '.join(str(error).split())}".rstrip(": ")
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[: _LONGEST_MESSAGE - 1]}…"


def _check_parameters(job: Job) -> None:
    """Refuse a parameter that the notebook lacks, of which Papermill would only warn."""
    there = parameters_of(job.notebook)
    for name in job.parameters:
        if name not in there:
            allowed = ", ".join(sorted(there)) or "none"
            raise TradevizError(f"{job.notebook.name} has no parameter {name}; it has: {allowed}")


def _check_end(notebook: Any) -> None:
    """See that all of it was run: for Papermill all is well when a cell leaves by sys.exit(0)."""
    ran = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.execution_count]
    for cell in ran:
        if any(output.output_type == "error" for output in cell.outputs):
            raise CellError(cell.execution_count, "left the notebook by sys.exit; let it run to its end")


def _exported(
    notebook: Any, job: Job, folder: Path
) -> tuple[dict[str, str | bytes], dict[str, dict[str, Any]]]:
    from tradeviz.briefing import export, pdf, word

    content, edition = export.exported(notebook, job), job.edition
    page = linked_page(str(content.files[f"{job.page}.html"]), "", (), edition.base_url, job.page)
    if edition.pdf:
        content.files[f"{job.page}.pdf"] = pdf.printed(page, edition.day, folder, edition.paper)
    if edition.docx:
        content.files[f"{job.page}.docx"] = word.document(page, folder)
    sheet = pdf.sheet(page) if edition.brief else ""
    if sheet:
        code = job.parameters.get(PARTNER)
        name = f"brief-{of_scenario(code, edition.scenario) if code else job.page}"
        content.files[f"{name}.pdf"] = pdf.printed(sheet, edition.day, folder, edition.paper)
        content.files[f"{name}.png"] = pdf.picture(sheet, folder, edition.paper)
    return content.files, content.resources


def _keep(executed: Path, job: Job, folder: Path) -> tuple[str, ...]:
    """Keep the executed copy of a failed notebook, where there is one; name what was written."""
    import nbformat

    from tradeviz.briefing import export

    if not executed.is_file():
        return ()
    name = f"{FAILED}/{job.page}.ipynb"
    files.write(folder / name, export.published_notebook(nbformat.read(executed, as_version=4)))
    return (name,)
