"""Running a plan on this machine.

A failing notebook does not stop the others; its executed copy is kept, and an older complete
page of it stays as it was. A run that is stopped leaves complete files and no process behind.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

from tradeviz.briefing import cores
from tradeviz.briefing.jobs import Job, Result
from tradeviz.briefing.plan import modules


def run(
    jobs: Sequence[Job], site: Path, workers: int | None = None, environment: Mapping[str, str] | None = None
) -> Generator[Result, None, None]:
    """Run a plan.

    Parameters
    ----------
    jobs : sequence of Job
        The pages to make.
    site : Path
        The folder of the site.
    workers : int, optional
        How many pages are made at a time; as many as there are cores when not given.
    environment : mapping of str to str, optional
        Variables that the notebooks see besides those of this process.

    Yields
    ------
    Result
        As they come in. A process that dies fails its page, not the others.
    """
    from tradeviz.briefing.prepared import PreparedProcess  # to import the package needs no processes

    if jobs:
        needed = modules(dict.fromkeys(job.notebook for job in jobs))
        with PreparedProcess(needed, environment or {}) as prepared:
            yield from prepared.make(jobs, site, workers or cores.available())
