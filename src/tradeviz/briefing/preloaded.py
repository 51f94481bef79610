"""Processes that have imported what a build needs; its workers and their kernels are forked from them.

There are two: one for the workers, Python's own, with Papermill and nbconvert in it; and one for the
kernels, ours, with the libraries of the notebooks, see `tradeviz.warm`. All workers share them.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping
from multiprocessing import resource_tracker
from multiprocessing.context import BaseContext

from tradeviz import warm
from tradeviz.briefing import socket_folder

WORKER_MODULES = (
    "tradeviz.briefing.socket_folder",
    "papermill",
    "tradeviz.briefing.run",
    "tradeviz.briefing.export",
)
"""What every worker needs, and none of which starts a thread."""

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def start(environment: Mapping[str, str]) -> None:
    """Start both, so that their imports run while this process does other things.

    Parameters
    ----------
    environment : mapping of str to str
        Variables that the kernels will see besides those of this process.
    """
    if kernels(environment) is not None:
        _start_for_workers()


def kernels(environment: Mapping[str, str]) -> warm.Door | None:
    """The way into the process that kernels are forked from, started if need be."""
    return warm.door(variables(environment))


def workers() -> BaseContext:
    """How workers are started: forked where that is safe, else each by itself."""
    return multiprocessing.get_context("forkserver" if warm.can_fork() else "spawn")


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """All variables of a worker: these, those of this process, and one thread where nothing is said.

    Pages are made side by side; threads within each would only jostle.
    """
    return {**dict.fromkeys(_ONE_THREAD, "1"), **os.environ, **environment}


def _start_for_workers() -> None:
    from multiprocessing import forkserver

    forkserver.set_forkserver_preload(list(WORKER_MODULES))
    resource_tracker.ensure_running()  # it would let Ctrl-C through if it were started below
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with socket_folder.told():
            forkserver.ensure_running()  # Ctrl-C is for this process, also while that one imports
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
