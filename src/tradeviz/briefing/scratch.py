"""Where the workers of a build keep what is of no use after it, and how that goes away in any case.

The parent gives the folder a name, the workers make it, and whoever comes last removes it: the
parent at the end, or the workers when the parent was killed. What is left where all of them were
killed at once is removed by a later build.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OLD = 7 * 24 * 3600
"""Seconds after which nobody can be at work any more in a folder that nobody has touched."""

_PREFIX = "tradeviz-build-"


@contextmanager
def named() -> Iterator[Path]:
    """Name a folder that is not there yet; remove it afterwards, and old ones now."""
    place = Path(tempfile.gettempdir())
    for folder in place.glob(f"{_PREFIX}*"):
        _remove_if_old(folder)
    scratch = place / f"{_PREFIX}{secrets.token_hex(4)}"
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def own(scratch: Path) -> Path:
    """Give the part of it that belongs to this process, which nobody else on the machine can read."""
    folder = scratch / str(os.getpid())
    for each in (scratch, folder):
        each.mkdir(mode=0o700, exist_ok=True)
    return folder


def clear(scratch: Path) -> None:
    """Remove the part of this process, and all if it is the last one."""
    shutil.rmtree(scratch / str(os.getpid()), ignore_errors=True)
    with suppress(OSError):  # another process has its part
        scratch.rmdir()


def _remove_if_old(folder: Path) -> None:
    with suppress(OSError):
        touched = max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
        if time.time() - touched > OLD:
            shutil.rmtree(folder, ignore_errors=True)
