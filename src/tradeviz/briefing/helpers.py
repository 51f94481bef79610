"""Programs that help to make a page: what they make is checked, and what they say is passed on."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tradeviz.briefing.processes import end_with
from tradeviz.errors import TradevizError

_NEAR_THE_END = 1024  # bytes after the mark that ends a PDF, as readers allow


def run(name: str, command: Sequence[str], seconds: float) -> str:
    """Run a helper to its end.

    Parameters
    ----------
    name : str
        What it is called, for the message.
    command : sequence of str
        The program and its arguments.
    seconds : float
        How long it may take.

    Returns
    -------
    str
        ", and said: " with the last line that it said, to end a message with.

    Raises
    ------
    TradevizError
        If it cannot be started, takes too long, or ends with another exit code than 0; the message has its
        exit code and the last line that it said.
    """
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            check=False,
            # Python has looked for a place that can be written to; Chromium would take TMPDIR as it is.
            env={**os.environ, "TMPDIR": tempfile.gettempdir()},
            preexec_fn=partial(end_with, os.getpid()) if sys.platform == "linux" else None,
        )
    except subprocess.TimeoutExpired as late:
        raise TradevizError(f"{name} took longer than {seconds:g} s{_said_last(late.stdout)}") from None
    except OSError as error:
        raise TradevizError(f"{name} could not be started: {error.strerror}") from None
    if done.returncode:
        how = f"was ended by signal {-done.returncode}"
        how = how if done.returncode < 0 else f"ended with exit code {done.returncode}"
        raise TradevizError(f"{name} {how}{_said_last(done.stdout)}")
    return _said_last(done.stdout)


def whole(path: Path, name: str, said: str, begin: bytes, end: bytes) -> bytes:
    """Read what a helper made, if it is a whole file of its kind.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What the helper is called, for the message.
    said : str
        What `run` returned.
    begin, end : bytes
        What such a file begins with, and what stands near its end.

    Raises
    ------
    TradevizError
        If there is no such file, or a part of one; a disk may be full though the helper said nothing.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TradevizError(f"{name} ended well, but made no {path.suffix}: {error.strerror}{said}") from None
    if not (raw.startswith(begin) and end in raw[-_NEAR_THE_END:]):
        raise TradevizError(
            f"{name} ended well, but its {path.suffix} of {len(raw)} bytes is not whole{said};"
            " is the disk full, or may it not write there?"
        )
    return raw


def _said_last(output: bytes | None) -> str:
    lines = [line.strip() for line in (output or b"").decode("utf-8", "replace").splitlines()]
    last = next((line for line in reversed(lines) if line), "")
    return f", and said: {last}" if last else ", and said nothing"
