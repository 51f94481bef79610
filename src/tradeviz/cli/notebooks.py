"""The command that copies the notebooks out."""

from __future__ import annotations

from pathlib import Path

import click

from tradeviz.cli.common import app
from tradeviz.cli.paths import keep_off_tables, read_path
from tradeviz.errors import UsageError


@app.command()
@click.argument("folder", type=read_path, metavar="DIR", help="Where to put them.")
@click.option("--force/--no-force", help="Replace files that are there.")
def notebooks(folder: Path, force: bool) -> None:
    """Copy the notebooks out of the package."""
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
