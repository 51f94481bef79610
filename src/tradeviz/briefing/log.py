"""What a build did, for machines: a line of JSON for each event, in the order in which they happened."""

from __future__ import annotations

import json
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tradeviz.errors import UsageError


class Log:
    """A log file that lines are added to; without a file, nothing is kept.

    Each line is written at once and in one piece. It has `time` (UTC, ISO 8601), `build` (an
    identifier that all lines of a build share), `event`, and the facts of the event. A log that
    cannot be continued does not stop the build; `failure` then says why.

    Parameters
    ----------
    path : Path, optional
        The file; what is in it stays.

    Raises
    ------
    UsageError
        If it cannot be written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.failure = ""
        self._build = uuid.uuid4().hex
        if path is not None:
            try:
                self._append(b"" if _ends_a_line(path) else b"\n")
            except OSError as error:
                raise UsageError(
                    f"--log-json {path} cannot be written: {error.strerror}; name another file"
                ) from None

    def event(self, name: str, **facts: Any) -> None:
        """Add a line."""
        if self.path is None or self.failure:
            return
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": time, "build": self._build, "event": name, **facts}, ensure_ascii=False)
        try:
            self._append(line.encode("utf-8", "replace") + b"\n")
        except OSError as error:
            self.failure = f"the log {self.path} could not be written: {error.strerror}"

    def _append(self, raw: bytes) -> None:
        assert self.path is not None
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            written = os.write(handle, raw)
            if written < len(raw):  # the disk is full: a part that was written has to be told from a line
                os.write(handle, raw[written:])
        finally:
            os.close(handle)


def _ends_a_line(path: Path) -> bool:
    """Whether a line can follow: a full disk may have stopped an earlier build in the middle of one."""
    if not path.is_file() or path.stat().st_size == 0:
        return True
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"
