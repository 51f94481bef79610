"""Writing files so that a reader never meets half of one.

Nothing is forced to the disk here: a process that dies loses nothing that was in place, and after a
power cut the next build finds by their hash the pages whose files did not get there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from errno import EACCES, EDQUOT, EFBIG, EIO, ENOSPC, EPERM, EROFS
from pathlib import Path

from tradeviz.errors import UnwritableError, UsageError

BELOW = ("", "data", "failed", "files", "files/parquet", "files/stata", "notebooks")
"""The folders of an edition that hold files."""

SUBSCRIPTIONS = ("feed.xml", "feed.json", "deadlines.ics")
"""The files that readers of an edition subscribe to, see `subscriptions`."""

_REFUSALS = {EACCES, EDQUOT, EFBIG, EIO, ENOSPC, EPERM, EROFS}
_TEMPORARY = re.compile(r"\..+\.[a-z0-9_]{8}\.tmp")


def write(path: Path, content: str | bytes) -> None:
    """Write a file in one step: a complete old version until the complete new one is in place.

    Parameters
    ----------
    path : Path
        The file; its folder is made if need be.
    content : str or bytes
        Text is written as UTF-8 with short line ends.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left behind.
    """
    write_together(path.parent, {path.name: content})


def write_together(folder: Path, contents: Mapping[str, str | bytes]) -> None:
    """Write files that belong together: none is put in place until all of them have been written.

    Parameters
    ----------
    folder : Path
        Where they go; folders are made if need be.
    contents : mapping of str to str or bytes
        Their content by name, relative to the folder; they are put in place in this order.

    Raises
    ------
    OSError
        If one cannot be written, for want of space for example; it names the file, and all are as they were.
    """
    import tempfile  # with what it imports it takes as long as finding out that nothing is to be written

    written: list[tuple[str, Path]] = []
    umask = os.umask(0)  # it can only be read by setting it
    os.umask(umask)
    try:
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
            written.append((temporary, path))
            with os.fdopen(handle, "wb") as file:
                file.write(content.encode("utf-8") if isinstance(content, str) else content)
            Path(temporary).chmod(0o666 & ~umask)
        for temporary, path in written:
            Path(temporary).replace(path)
    except BaseException as error:
        for temporary, _ in written:
            Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(path)
        raise


def make_folder(folder: Path) -> None:
    """Make a folder to write in, or say before the work begins that this cannot be done.

    Raises
    ------
    UsageError
        If there is a file of that name, or in the way to it.
    UnwritableError
        If the folder cannot be made or written to.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"{folder} cannot be made: a file is in its way; name another folder") from None
    except OSError as error:
        raise UnwritableError(f"{folder} cannot be made: {error.strerror}; name another folder") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UnwritableError(f"{folder} cannot be written to; name another folder")


def make_place(path: Path, option: str) -> None:
    """Make the folder of a file to write, or say before the work begins that the file cannot be.

    Parameters
    ----------
    path : Path
        The file.
    option : str
        What gave it, for the message.

    Raises
    ------
    UsageError, UnwritableError
        If it is a folder, or its own folder cannot be made or written to.
    """
    if path.is_dir():
        raise UsageError(f"{option} {path} is a folder; name a file")
    make_folder(path.parent)


def remove_leftovers(folders: Iterable[Path]) -> None:
    """Remove from the folders of editions what a build that was killed had not put in place yet."""
    for leftover in leftovers(folders):
        leftover.unlink(missing_ok=True)


def leftovers(folders: Iterable[Path]) -> list[Path]:
    """Find in the folders of editions what a build has not put in place yet."""
    found = [path for folder in folders for below in BELOW for path in (folder / below).glob(".*.tmp")]
    return [path for path in found if _TEMPORARY.fullmatch(path.name)]


def is_refusal(error: BaseException) -> bool:
    """Whether the system would not have a file written: no space, no permission, a broken disk."""
    return isinstance(error, OSError) and error.errno in _REFUSALS
