"""The process that pages are forked from: it has imported and loaded what their notebooks need.

It is started by a build, or by a worker of a cluster, away from their threads, their settings and their
working directory, and ends when they do, however that comes about.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import logging
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from tradeviz.briefing import surroundings
from tradeviz.briefing.jobs import Job, Result
from tradeviz.briefing.page import CellError, failed
from tradeviz.briefing.processes import make_pages, why_no_fork
from tradeviz.data.places import VARIABLE
from tradeviz.errors import TradevizError
from tradeviz.imports import without

_INLINE = "module://matplotlib_inline.backend_inline"  # what a kernel sets for Matplotlib
_PROGRAM = f"from {__name__} import main; main()"
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
LONGEST_IDLE = 600
"""Seconds without work after which the process ends: a worker may outlive the build."""
_TIME_TO_END = 5.0  # seconds for the processes of pages to be ended

_log = logging.getLogger(__name__)


class PreparedProcess:
    """A process that makes pages, started at once, so that its imports run while this one does other things.

    Where pages cannot be forked on this system, they are made from this process, by Papermill's own engine.

    Parameters
    ----------
    modules : sequence of str
        What the notebooks import, see `plan.modules`.
    environment : mapping of str to str
        Variables that the notebooks see besides those of this process.
    tables : mapping of str to bytes, optional
        Files of the data folder, where this machine has none.
    """

    def __init__(
        self,
        modules: Sequence[str],
        environment: Mapping[str, str],
        tables: Mapping[str, bytes] | None = None,
    ) -> None:
        self.folder = surroundings.temporary_folder("build")
        self._variables = variables(environment, self.folder)
        if tables is not None:
            data = self.folder / "data"
            data.mkdir()
            for name, content in tables.items():
                (data / name).write_bytes(content)
            self._variables[VARIABLE] = str(data)
        self._process: subprocess.Popen[bytes] | None = None
        self._busy = False
        if not hasattr(os, "fork") or sys.platform == "darwin":
            return
        ours, theirs = socket.socketpair()
        self._socket, self._connection = ours, Connection(os.dup(ours.fileno()))
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, str(theirs.fileno()), *modules],
                env=self._variables,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for this process
            )

    def make(
        self, jobs: Sequence[Job], site: Path, workers: int, meanwhile: Callable[[], object] = int
    ) -> Generator[Result, None, None]:
        """Make pages.

        Parameters
        ----------
        jobs : sequence of Job
            What to make.
        site : Path
            The folder of the site.
        workers : int
            How many are made at a time.
        meanwhile : callable, optional
            What this process can do while the first pages are made.

        Yields
        ------
        Result
            As they come in.
        """
        if not jobs:
            return
        site = site.resolve()
        if self._process is None:
            _say_that_it_takes_longer(why_no_fork())
            yield from make_pages(jobs, site, workers, self.folder, self._variables)
            return
        left = {(job.edition.folder, job.page): job for job in jobs}
        self._busy = True
        try:
            with contextlib.suppress(OSError):  # if the process has ended, `_receive` finds out
                self._connection.send((jobs, site, workers))
            meanwhile()
            while left and (result := self._receive()) is not None:
                del left[result.job.edition.folder, result.job.page]
                yield result
            self._busy = False
        finally:
            if self._busy:  # the caller left the loop before its end
                self.stop()
        for job in left.values():
            yield failed(job, CellError(0, f"the process that makes the pages {self._end()}"))

    def alive(self) -> bool:
        """Whether it can make pages."""
        return self._process is None or self._process.poll() is None

    def _receive(self) -> Result | None:
        """The next result; None when the process has ended."""
        try:
            return self._connection.recv()
        except (EOFError, OSError):
            return None

    def _end(self) -> str:
        """Say how it ended, once it has."""
        assert self._process is not None
        try:
            code = self._process.wait(_TIME_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"

    def stop(self) -> None:
        """End it with all that it makes, and remove what it has left."""
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)  # also wakes a thread that waits for an answer
            self._socket.close()
            if not self._busy:  # it has no pages to end, but may have modules to import
                self._process.kill()
            self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def variables(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """All variables of the process: those of this one but for what would let the user's settings in.

    Parameters
    ----------
    environment : mapping of str to str
        What is added.
    folder : Path
        Where libraries find their settings: none.

    Returns
    -------
    dict of str to str
        One thread for numerical libraries where nothing is said: pages are made side by side, and
        threads within each would only jostle.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in surroundings.OTHERS}
    path = [str(Path(part).absolute()) for part in inherited.pop("PYTHONPATH", "").split(os.pathsep) if part]
    settings = surroundings.own_folders(folder)
    if path:
        settings["PYTHONPATH"] = os.pathsep.join(path)
    return {**dict.fromkeys(_ONE_THREAD, "1"), **inherited, **settings, "MPLBACKEND": _INLINE, **environment}


def main() -> None:
    """Make the pages that are asked for through a socket, until nobody can ask any more."""
    orders, folder = Connection(int(sys.argv[1])), Path.cwd()
    try:
        prepare(sys.argv[2:], folder)
        if why := why_no_fork():
            _say_that_it_takes_longer(why)
        while orders.poll(LONGEST_IDLE):
            jobs, site, workers = orders.recv()
            for result in make_pages(jobs, site, workers, folder, {}, orders):
                orders.send(result)
    except (EOFError, ConnectionError):  # the build that sends the orders has ended
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # without the exit handlers of libraries


def prepare(modules: Sequence[str], folder: Path) -> None:
    """Import, load and make what every page needs, so that none has to do it again.

    Parameters
    ----------
    modules : sequence of str
        What the notebooks import.
    folder : Path
        Where IPython keeps its files.
    """
    gc.disable()
    with without("rfc3987_syntax"):  # its grammar of addresses, which no notebook holds, takes a second
        from tradeviz.briefing import engine, export

    engine.shell(folder / "ipython")  # before all else: some modules ask whether they run in IPython
    export.exporter()
    for name in modules:
        _import(name)
    if "matplotlib" in sys.modules:
        from matplotlib.figure import Figure

        surroundings.draw_with_own_fonts()
        Figure().savefig(io.BytesIO(), format="svg")
    if "tradeviz.data" in sys.modules:
        with contextlib.suppress(TradevizError):  # the first cell that loads them reports the error
            sys.modules["tradeviz.data"].load_tables()
    gc.collect()
    gc.freeze()  # pages never scan what is here now, so that its memory stays shared


def _import(name: str) -> None:
    """Import a module, or else the one that has something of that name; what is not there, a page tells."""
    for candidate in (name, name.rpartition(".")[0]):
        with contextlib.suppress(Exception):
            importlib.import_module(candidate)
            return


def _say_that_it_takes_longer(why: str) -> None:
    _log.warning("%s; so each page is made in a process of its own that is started anew", why)
