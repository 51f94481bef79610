"""The command that copies the notebooks out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tradeviz.cli.common import app
from tradeviz.cli.paths import keep_off_tables, read_path
from tradeviz.errors import UsageError
from tradeviz.terminal import told


@app.command()
def notebooks(
    folder: Annotated[Path, typer.Argument(parser=read_path, metavar="DIR", help="Where to put them.")],
    force: Annotated[bool, typer.Option(help="Replace files that are there.")] = False,
) -> None:
    """Copy the notebooks out of the package."""
    with told():
        from tradeviz.briefing.files import make_folder, write_together
        from tradeviz.data import data_dir, notebooks_dir

        keep_off_tables(folder, "DIR", data_dir())
        make_folder(folder)
        found = sorted(notebooks_dir().glob("*.ipynb"))
        there = [path.name for path in found if (folder / path.name).exists()]
        if there and not force:
            raise UsageError(f"{folder} already has {', '.join(there)}; use --force to replace")
        write_together(folder, {path.name: path.read_bytes() for path in found})
        for path in found:
            print(folder / path.name)
