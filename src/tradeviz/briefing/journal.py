"""The log of a build for machines (`--log-json`): what was asked for, page by page what came of it, the end.

docs/reliability.md describes the events.
"""

from __future__ import annotations

import json
import os
import platform
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tradeviz
from tradeviz.briefing.batch import Explain, Progress, last_day
from tradeviz.briefing.jobs import Job, Request, Result
from tradeviz.errors import UnwritableError, UsageError, explained


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
            if written < len(raw):  # a full disk took a part; writing the rest raises its error
                os.write(handle, raw[written:])
        finally:
            os.close(handle)


class Journal:
    """What is written into the log of one build.

    Parameters
    ----------
    log : Log
        The file.
    coverage_end : str
        The last day that the tables cover, ISO; "" where they do not say.
    """

    def __init__(self, log: Log, coverage_end: str) -> None:
        self._log = log
        self._counts: Counter[str] = Counter()
        self._coverage_end = coverage_end

    def listeners(self, explain: Explain, progress: Progress) -> tuple[Explain, Progress]:
        """Give what `batch.build` reports to: both are written down, and passed on."""

        def explain_and_note(job: Job, why: str) -> None:
            self._counts["planned" if why else "up_to_date"] += 1
            if why:
                self._log.event("page-planned", **_names(job), reason=why)
            explain(job, why)

        @contextmanager
        def progress_and_note(total: int) -> Iterator[Callable[[Result], None]]:
            with progress(total) as report:

                def report_and_note(result: Result) -> None:
                    self._note(result)
                    report(result)

                yield report_and_note

        return explain_and_note, progress_and_note

    def finish(self, exit_code: int, message: str, seconds: float) -> None:
        """Write the last line."""
        counts = {name: self._counts[name] for name in ("planned", "made", "failed", "up_to_date")}
        facts = {"exit_code": exit_code, "message": message, "coverage_end": self._coverage_end}
        self._log.event("build-finished", **facts, **counts, seconds=round(seconds, 3))

    def _note(self, result: Result) -> None:
        done = result.status == "ok"
        self._counts["made" if done else "failed"] += 1
        facts = {**_names(result.job), "seconds": round(result.seconds, 3)}
        if done:
            self._log.event("page-done", **facts)
        else:
            self._log.event("page-failed", **facts, message=result.message)


@contextmanager
def recording(path: Path | None, asked: Request, max_age: int | None) -> Iterator[Journal]:
    """Keep the log of a build, to its end, however that comes about.

    Parameters
    ----------
    path : Path or None
        The file; None for no log.
    asked : Request
        What is asked for.
    max_age : int or None
        How many days ago the data may end.

    Raises
    ------
    UsageError
        If the file cannot be written, before anything else happens.
    UnwritableError
        If it could not be continued, after all else is done.
    """
    begun, log = time.monotonic(), Log(path)
    journal = Journal(log, last_day(asked.data))
    if path is not None:
        log.event(
            "build-started",
            tradeviz=tradeviz.__version__,
            python=platform.python_version(),
            parameters={name: _plain(value) for name, value in asdict(asked).items()} | {"max_age": max_age},
        )
    try:
        yield journal
    except BaseException as error:
        message, code = explained(error)
        journal.finish(code, message or f"{type(error).__name__}: {error}", time.monotonic() - begun)
        raise
    journal.finish(0, "", time.monotonic() - begun)
    if log.failure:
        raise UnwritableError(f"{log.failure}; the build itself was done")


def _names(job: Job) -> dict[str, str]:
    return {"page": job.page, "day": job.edition.day}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def _ends_a_line(path: Path) -> bool:
    """Whether a line can follow: a full disk may have stopped an earlier build in the middle of one."""
    if not path.is_file() or path.stat().st_size == 0:
        return True
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"
