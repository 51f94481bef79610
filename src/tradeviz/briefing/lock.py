"""One build at a time in a folder.

The lock is the operating system's, so it goes with the process that holds it, however that ends; the
file that it is on says nothing by being there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from tradeviz.errors import BusyError

NAME = ".tradeviz.lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other builds out of a folder.

    Parameters
    ----------
    folder : Path
        The folder of the site, which is there.

    Raises
    ------
    BusyError
        If another build is at work there.
    """
    path = folder / NAME
    lock = FileLock(path, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(
            f"another build is at work in {folder}, and this one did nothing; try again when that has"
            " ended, or name another folder with --out"
        ) from None
    try:
        yield
    finally:
        with suppress(OSError):  # where an open file cannot be removed, it stays and does no harm
            path.unlink()  # while we hold it: whoever waits for this file finds it gone, and makes its own
        lock.release()
