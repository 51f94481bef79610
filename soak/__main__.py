"""`make soak` runs every part; `make soak ARGS="bad-data --seed 1"` runs one.

A part is a module with a function `run` whose arguments all have defaults: it prints its figures
and raises typer.Exit(1) if anything went wrong. It is listed in PARTS, and that is all.
"""

from __future__ import annotations

from collections.abc import Callable

import typer

from soak import attacks, bad_data, days, faults, sheets, summaries, surroundings, truth

PARTS: dict[str, Callable[..., None]] = {
    "bad-data": bad_data.run,
    "attacks": attacks.run,
    "faults": faults.run,
    "surroundings": surroundings.run,
    "truth": truth.run,
    "summaries": summaries.run,
    "sheets": sheets.run,
    "days": days.run,
}

app = typer.Typer(
    help="Long runs that try to break tradeviz.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for name, part in PARTS.items():
    app.command(name)(part)


@app.command("all")
def run_all() -> None:
    """Run every part with its defaults, each to its end, then say which failed."""
    failed = []
    for name, part in PARTS.items():
        print(f"== {name}", flush=True)
        try:
            part()
        except typer.Exit as stopped:
            failed += [name] if stopped.exit_code else []
    if failed:
        print(f"failed: {', '.join(failed)}")
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
