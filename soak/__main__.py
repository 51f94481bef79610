"""`make soak` runs every part; `make soak ARGS="bad-data --seed 1"` runs one.

A part is a module with a command `run` that needs no option: it prints its figures and ends with
exit code 1 if anything went wrong. It is listed in PARTS, and that is all.
"""

from __future__ import annotations

import sys

import click

from soak import attacks, bad_data, days, faults, sheets, summaries, surroundings, truth

PARTS = {
    "bad-data": bad_data.run,
    "attacks": attacks.run,
    "faults": faults.run,
    "surroundings": surroundings.run,
    "truth": truth.run,
    "summaries": summaries.run,
    "sheets": sheets.run,
    "days": days.run,
}


@click.group(commands=dict(PARTS))
def app() -> None:
    """Long runs that try to break tradeviz."""


@app.command("all")
@click.pass_context
def run_all(context: click.Context) -> None:
    """Run every part with its defaults, each to its end, then say which failed."""
    failed = []
    for name, part in PARTS.items():
        print(f"== {name}", flush=True)
        try:
            context.invoke(part)
        except SystemExit as stopped:
            failed += [name] if stopped.code else []
    if failed:
        print(f"failed: {', '.join(failed)}")
        sys.exit(1)


if __name__ == "__main__":
    app()
