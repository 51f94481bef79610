"""Mutations of the real tables: each is read as equivalent, or stopped with a message that helps."""

from __future__ import annotations

from typing import Annotated

import typer


def run(
    count: Annotated[int, typer.Option(help="How many mutations.")] = 5_000,
    seed: Annotated[int, typer.Option(help="The seed of all of them.")] = 1,
) -> None:
    """Mutate the tables; nothing may be read as something else, and nothing may end in a traceback."""
    print(f"{count} mutations, seed {seed}: not written yet")
