"""The command that validates the tables."""

from __future__ import annotations

import typer

from tradeviz.cli.common import DataOption, app
from tradeviz.terminal import told


@app.command()
def check(data: DataOption = None) -> None:
    """Validate every table; name each problem by file, line and column."""
    with told():
        from tradeviz.data import check as problems_of
        from tradeviz.wording import count

        problems = problems_of(data)
        for problem in problems:
            print(problem if problem.severity == "error" else f"{problem} (warning)")
        errors = sum(problem.severity == "error" for problem in problems)
        print(f"{count(errors, 'error')}, {count(len(problems) - errors, 'warning')}")
        if errors:
            raise typer.Exit(1)
