"""The log of a build for machines (`--log-json`): what was asked for, page by page what came of it, the end.

docs/reliability.md describes the events.
"""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tradeviz import __version__
from tradeviz.batch import Explain, Outcome, Progress, Request
from tradeviz.briefing import Job, Result
from tradeviz.briefing.log import Log
from tradeviz.errors import UnwritableError
from tradeviz.terminal import explained


class Journal:
    """What is written into the log of one build.

    Parameters
    ----------
    log : Log
        The file.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._counts: Counter[str] = Counter()
        self._coverage_end = ""

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

    def built(self, outcome: Outcome) -> None:
        """Note how far the data of the build reach."""
        self._coverage_end = outcome.coverage_end

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
def kept(path: Path | None, asked: Request, max_age: int | None) -> Iterator[Journal]:
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
    journal = Journal(log)
    log.event(
        "build-started",
        tradeviz=__version__,
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
