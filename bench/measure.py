"""Run a command and measure it: seconds on the clock, and peak memory of it and all that it starts."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

EVERY = 0.1
"""Seconds between two looks at the memory."""

_GRACE = 5.0  # seconds for processes to end when asked to, before they are made to
_TAIL = 2000  # characters of a failed command's output that are shown


class CommandError(RuntimeError):
    """A measured command has failed, so its time means nothing."""


@dataclass(frozen=True)
class Measurement:
    """What one run took.

    Attributes
    ----------
    seconds : float
        From the start of the first command to the end of the last.
    peak : float
        Largest memory seen over all processes at one time, in MB (10^6 bytes).
    looking : float
        Processor seconds that the looks at the memory themselves took.
    """

    seconds: float
    peak: float
    looking: float


def memory_kind() -> str:
    """Say how memory is counted here.

    Returns
    -------
    str
        "PSS", where pages that processes share are counted once; else "RSS", where they are
        counted in each.
    """
    try:
        Path("/proc/self/smaps_rollup").read_bytes()
    except OSError:
        return "RSS"
    return "PSS"


def load_now() -> float:
    """The machine's load over the last minute; 0 where the system does not tell."""
    return os.getloadavg()[0] if sys.platform != "win32" else 0.0


def measure(commands: Sequence[Sequence[str]], log: Path, env: Mapping[str, str], cwd: Path) -> Measurement:
    """Run commands one after the other and measure them together.

    Parameters
    ----------
    commands : sequence of sequence of str
        Programs with their arguments.
    log : pathlib.Path
        File that takes their output.
    env : mapping of str to str
        Variables besides those of this process.
    cwd : pathlib.Path
        Folder in which they run.

    Returns
    -------
    Measurement
        Of all of them together.

    Raises
    ------
    CommandError
        When one of them fails.
    """
    inherited = dict(os.environ)
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # with it, every kernel would compile the library anew
    watch = _Watch()
    begun = time.perf_counter()
    try:
        with log.open("wb") as output:
            for command in commands:
                process = subprocess.Popen(
                    list(command),
                    cwd=cwd,
                    env=inherited | dict(env),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # Ctrl-C comes to us alone, and we end them all
                )
                if process.wait():
                    said = log.read_text(encoding="utf-8", errors="replace")[-_TAIL:]
                    raise CommandError(f"{' '.join(command)} failed with {process.returncode}:\n{said}")
        seconds = time.perf_counter() - begun
    finally:
        watch.end()
    return Measurement(seconds, watch.peak / 1e6, watch.looking)


class _Watch(threading.Thread):
    """Look at all processes below this one, again and again, until told to end."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.looking = 0.0
        self._over = threading.Event()
        self._seen: set[psutil.Process] = set()
        self._pss = memory_kind() == "PSS"
        self.start()

    def run(self) -> None:
        itself = psutil.Process()
        while not self._over.wait(EVERY):
            before = time.thread_time()
            now = itself.children(recursive=True)
            self._seen.update(now)
            self.peak = max(self.peak, sum(self._memory(process) for process in now))
            self.looking += time.thread_time() - before

    def end(self) -> None:
        """Look no more, and end what is still running of all that was seen."""
        self._over.set()
        self.join()
        left = list(self._seen | set(psutil.Process().children(recursive=True)))
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
        _, left = psutil.wait_procs(left, timeout=_GRACE)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=_GRACE)

    def _memory(self, process: psutil.Process) -> int:
        try:
            return _pss(process.pid) if self._pss else int(process.memory_info().rss)
        except (OSError, psutil.Error):  # it has ended meanwhile
            return 0


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return 1024 * int(line.split()[1])
    return 0  # a process that has ended and was not yet waited for
