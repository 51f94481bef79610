"""Processes that end when the process that they work for has ended, however that came about."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing import connection

TIME_TO_LEAVE = 15
"""Seconds for the main thread to clear up."""


def leave_with_parent(clear_up: Callable[[], None]) -> None:
    """Have this worker process of a pool end, as if by SIGTERM, once its parent is gone.

    Parameters
    ----------
    clear_up : callable
        What is left to do if the main thread hangs.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel, clear_up), daemon=True).start()


def leave() -> None:
    """From another thread than the main one: give that one time to clear up and end this process."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        time.sleep(TIME_TO_LEAVE)


def _watch(sentinel: int, clear_up: Callable[[], None]) -> None:
    connection.wait([sentinel])
    leave()
    clear_up()
    os._exit(1)
