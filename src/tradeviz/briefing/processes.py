"""Pages made side by side, each in a process of its own that is watched, and ended if need be.

A process is forked from this one where that is safe, and else started anew. What it says of the page comes
through a pipe; how it ends tells the rest.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tradeviz.briefing.jobs import CELL_TIMEOUT, Job, Result
from tradeviz.briefing.page import OURS, PAPERMILLS_OWN, CellError, failed, make_page

_LOOK_ROUND = 1.0  # seconds between two looks at processes whose pipe somebody else may hold open
_TIME_TO_END = 2.0  # seconds for a process that has closed its pipe
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


def why_no_fork() -> str:
    """Say why pages cannot be forked from this process; nothing if they can."""
    if not hasattr(os, "fork"):
        return "this system cannot fork"
    if sys.platform == "darwin":
        return "forking is not safe on macOS"
    others = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    return f"threads are running: {', '.join(others)}" if others else ""


def make_pages(
    jobs: Sequence[Job],
    site: Path,
    workers: int,
    folder: Path,
    environment: Mapping[str, str],
    until: Connection | None = None,
) -> Iterator[Result]:
    """Make pages, each in a process forked from this one, or else started anew.

    Parameters
    ----------
    jobs : sequence of Job
        The pages to make.
    site : Path
        The folder of the site.
    workers : int
        How many are made at a time.
    folder : Path
        Where each page gets a folder to run in.
    environment : mapping of str to str
        Variables that the notebooks see besides those of this process.
    until : Connection, optional
        Where nothing is to be heard: once it is closed there, no more is made.

    Yields
    ------
    Result
        As they come in.
    """
    waiting, running = deque(jobs), dict[Connection, _Page]()
    watched = [until] if until else []
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                page = _Page(waiting.popleft(), site, folder, environment)
                running[page.messages] = page
            ready = connection.wait([*running, *watched], _LOOK_ROUND)
            if until in ready:
                return
            for page in list(running.values()):
                result = page.result(page.messages in ready)
                if result is not None:
                    del running[page.messages]
                    yield result
    finally:
        for page in running.values():
            page.end()


class _Page:
    """A page in the making."""

    def __init__(self, job: Job, site: Path, folder: Path, environment: Mapping[str, str]) -> None:
        self.job, self.cell = job, 0
        self.begun = self.cell_begun = time.monotonic()
        self.folder = Path(tempfile.mkdtemp(prefix="page-", dir=folder))
        anew = bool(why_no_fork())
        context: Any = multiprocessing.get_context("spawn" if anew else "fork")
        engine = PAPERMILLS_OWN if anew else OURS
        self.messages, theirs = context.Pipe(duplex=False)
        arguments = (job, site, self.folder, theirs, engine, environment, os.getpid())
        self.process = context.Process(target=_make, args=arguments)
        with warnings.catch_warnings():  # Python warns of the threads of numerical libraries
            warnings.filterwarnings("ignore", ".*multi-threaded, use of fork", DeprecationWarning)
            self.process.start()
        theirs.close()

    def result(self, heard: bool) -> Result | None:
        """What has become of the page; None while it is being made."""
        try:
            while heard and self.messages.poll():
                message = self.messages.recv()
                if isinstance(message, Result):
                    self.end()
                    return message
                self.cell, self.cell_begun = message, time.monotonic()
        except (EOFError, OSError):
            return self._failed(self._how_it_ended())
        if not heard and not self.process.is_alive():
            return None if self.messages.poll() else self._failed(self._how_it_ended())
        limit = self.job.timeout if self.cell else CELL_TIMEOUT
        if time.monotonic() - self.cell_begun > limit:
            return self._failed(f"took longer than {limit} s; mend it, or give it more time with --timeout")
        return None

    def end(self) -> None:
        """End the process and all that it has started, and remove its folder."""
        if self.process.pid is not None and hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()  # it may not lead its group yet
        self.process.join()
        self.process.close()
        self.messages.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _how_it_ended(self) -> str:
        end = time.monotonic() + _TIME_TO_END
        while (code := self.process.exitcode) is None and time.monotonic() < end:
            time.sleep(0.01)  # to join would wait for ever where the cell has closed all pipes
        if code is None:
            return "closed the connection to the build"
        if code >= 0:
            return f"ended its process with exit code {code}"
        memory = "; was there too little memory?" if -code == signal.SIGKILL else ""
        return f"its process was ended by signal {-code}{memory}"

    def _failed(self, message: str) -> Result:
        self.end()
        return failed(self.job, CellError(self.cell, message), time.monotonic() - self.begun)


def _make(
    job: Job,
    site: Path,
    folder: Path,
    messages: Connection,
    engine: str,
    environment: Mapping[str, str],
    parent: int,
) -> None:
    """Make a page and say what became of it; all that this process does."""
    end_with(parent)
    if hasattr(os, "setsid"):
        os.setsid()  # so that what the notebook starts can be ended with it
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    _be_quiet()
    os.environ.update(environment)
    os.chdir(folder)
    if "numpy" in sys.modules:  # which keeps its state over a fork, other than Python itself
        sys.modules["numpy"].random.seed()
    gc.enable()
    messages.send(make_page(job, site, folder, messages.send, engine))
    os._exit(0)


def end_with(parent: int) -> None:
    """Have this process end when its parent does, however that comes about.

    Parameters
    ----------
    parent : int
        The number of the parent.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:  # the parent ended before the call
            os._exit(1)
    else:
        threading.Thread(target=_watch_parent, daemon=True).start()


def _watch_parent() -> None:
    above = multiprocessing.parent_process()
    assert above is not None
    above.join()
    os._exit(1)


def _be_quiet() -> None:
    """Keep what a library or a program that the notebook starts prints out of the terminal."""
    with Path(os.devnull).open("r+b") as nowhere:
        for descriptor in (0, 1, 2):
            os.dup2(nowhere.fileno(), descriptor)
