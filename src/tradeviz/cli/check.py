"""The command that validates the tables."""

from __future__ import annotations

from pathlib import Path

from tradeviz.cli import options
from tradeviz.cli.common import app


@app.command()
@options.data
def check(data: Path | None) -> None:
    """Validate every table; name each problem by file, line and column."""
    from tradeviz.data import check as problems_of
    from tradeviz.wording import count

    problems = problems_of(data)
    for problem in problems:
        print(problem if problem.severity == "error" else f"{problem} (warning)")
    errors = sum(problem.severity == "error" for problem in problems)
    print(f"{count(errors, 'error')}, {count(len(problems) - errors, 'warning')}")
    if errors:
        raise SystemExit(1)
