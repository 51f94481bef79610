"""A process that makes pages for a Dask worker, one after another, away from the worker's threads.

Papermill's event loop, signals and the redirected stderr belong to a process, not to one of its
threads. So a worker has a process of its own for each of its threads. It is started with plain
pipes, because Dask's workers may not use multiprocessing, and ends as soon as its worker is gone,
however that came about; its folders go with it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from tradeviz import warm
from tradeviz.briefing import orphans, preloaded
from tradeviz.briefing.plan import Job
from tradeviz.briefing.run import Result, begin_worker, make_page

LONGEST_IDLE = 600
"""Seconds without work after which the process ends: its build may be long dead."""

_PROGRAM = f"from {__name__} import main; main()"


@dataclass(frozen=True)
class Made:
    """What became of a job, with the files themselves.

    Attributes
    ----------
    result : Result
        As of a local build, its job with the notebook's place on the worker.
    contents : dict of str to bytes
        The content of each of the result's files.
    """

    result: Result
    contents: dict[str, bytes]


class PageProcessError(Exception):
    """The process ended before it had answered."""


class PageProcess:
    """The worker's side of such a process.

    Parameters
    ----------
    data : mapping of str to bytes
        The files of the data folder.
    environment : mapping of str to str
        Variables that the notebooks see besides those of this process.
    """

    def __init__(self, data: Mapping[str, bytes], environment: Mapping[str, str]) -> None:
        self._folder = tempfile.mkdtemp(prefix="tradeviz-pages-")
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        with contextlib.suppress(OSError):  # should it have ended already, `make` tells
            _send(self._process.stdin, (self._folder, dict(data), dict(environment)))

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def make(self, job: Job, notebook: bytes) -> Made:
        """Make a page and wait for it.

        Parameters
        ----------
        job : Job
            What to run.
        notebook : bytes
            The content of the notebook.

        Raises
        ------
        PageProcessError
            If the process ends over it.
        """
        try:
            _send(self._process.stdin, (job, notebook))
            return pickle.load(self._answers)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            raise PageProcessError(f"the process that made the page ended ({self._end()})") from None

    def stop(self) -> None:
        """Let it end, in the middle of a page if need be; do not wait."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()  # type: ignore[union-attr]

    @property
    def _answers(self) -> BinaryIO:
        assert self._process.stdout is not None
        return self._process.stdout  # type: ignore[return-value]

    def _end(self) -> str:
        """Say how it ended, once it has."""
        try:
            code = self._process.wait(orphans.TIME_TO_LEAVE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)  # it could not, if it was killed
        return f"signal {-code}" if code < 0 else f"exit code {code}"


def main() -> None:
    """Make pages until the pipe from the worker closes, or nothing comes for long."""
    code, folder = 0, ""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not pass for an answer
    try:
        folder, data, environment = pickle.load(sys.stdin.buffer)
        tables = Path(folder) / "data"
        begin_worker(preloaded.variables({**environment, "TRADEVIZ_DATA": str(tables)}))
        tables.mkdir()
        for name, content in data.items():
            (tables / name).write_bytes(content)
        _make_pages(Path(folder), answers)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    except (EOFError, BrokenPipeError):  # the worker is gone
        code = 1
    warm.stop()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(code)  # a thread of a library must not keep it


def _make_pages(folder: Path, answers: BinaryIO) -> None:
    orders: queue.SimpleQueue[tuple[Job, bytes]] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(orders,), daemon=True).start()
    while True:
        try:
            job, notebook = orders.get(timeout=LONGEST_IDLE)
        except queue.Empty:
            return
        _send(answers, _made(job, notebook, folder))


def _made(job: Job, notebook: bytes, folder: Path) -> Made:
    """Make a page in a folder that goes away, and take its files along."""
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as own:
        place = Path(own) / job.notebook.name
        place.write_bytes(notebook)
        site = Path(own) / "site"
        result = make_page(replace(job, notebook=place), site, folder)
        edition = site / job.edition.folder
        return Made(result, {name: (edition / name).read_bytes() for name in result.files})


def _receive(orders: queue.SimpleQueue[tuple[Job, bytes]]) -> None:
    """Take orders; end this process, whatever it is doing, once nobody can give any."""
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            orders.put(pickle.load(sys.stdin.buffer))
    orphans.leave()
    os._exit(1)


def _send(pipe: Any, message: object) -> None:
    pickle.dump(message, pipe)
    pipe.flush()
