"""Executing one notebook by Papermill, in a kernel of our own; whatever goes wrong is told by its cell."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tradeviz.briefing.plan import Job
from tradeviz.errors import TradevizError

OUTPUT_TIMEOUT = 20
"""Seconds that the last output of a cell may take to arrive; nbclient's 4 are too few on a busy machine."""

_LONGEST_SOCKET = 90
"""Characters of a folder in which the sockets of a kernel have names that are short enough everywhere."""


class CellError(TradevizError):
    """A cell of a notebook did not end well."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(f"cell {number}: {message}")


def execute(job: Job, executed: Path) -> Any:
    """Execute a notebook.

    Parameters
    ----------
    job : Job
        What to run.
    executed : Path
        Where the executed copy goes; the notebook runs in its folder.

    Returns
    -------
    NotebookNode
        The executed notebook, all of whose cells have run.

    Raises
    ------
    CellError
        If a cell raised an error, took too long, ended its kernel or left the notebook.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    begun: list[int] = []
    try:
        with _quiet():
            notebook = execute_notebook(
                str(job.notebook),
                str(executed),
                parameters=job.parameters,
                engine_name="tradeviz-warm",
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                cwd=str(executed.parent),
                execution_timeout=job.timeout,
                iopub_timeout=OUTPUT_TIMEOUT,
                on_cell_execute=lambda cell, cell_index: begun.append(cell_index),
                kernel_manager_class=_kernel_manager(executed.parent),
                shutdown_kernel="immediate",
            )
    except PapermillExecutionError as error:
        raise CellError(error.exec_count, f"{error.ename}: {error.evalue}") from None
    except CellTimeoutError as error:
        if "IOPub" in str(error):
            raise CellError(len(begun), "its output did not arrive; has the kernel closed it?") from None
        raise CellError(
            len(begun), f"took longer than {job.timeout} s; mend it, or give it more time with --timeout"
        ) from None
    except DeadKernelError:
        raise CellError(len(begun), "its kernel ended or was killed; was there too little memory?") from None
    _check_end(notebook)
    return notebook


def _check_end(notebook: Any) -> None:
    """See that all of it was run: for Papermill all is well when a cell leaves by sys.exit(0)."""
    ran = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.execution_count]
    for cell in ran:
        if any(output.output_type == "error" for output in cell.outputs):
            raise CellError(cell.execution_count, "left the notebook by sys.exit; let it run to its end")


def _kernel_manager(folder: Path) -> type:
    """Manage a kernel of the Python that runs us, whichever kernel is registered as python3.

    Ports chosen by kernels that start at the same moment can collide (papermill issue 511), so
    they talk through sockets in the file system, where there are any.
    """
    from jupyter_client.manager import AsyncKernelManager

    transport = "tcp" if os.name == "nt" or len(str(folder)) > _LONGEST_SOCKET else "ipc"

    class OwnKernelManager(AsyncKernelManager):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings, transport=transport, connection_file=str(folder / "k.json"))

        def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", str(self.connection_file)]
            return command + (extra_arguments or [])

    return OwnKernelManager


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
