"""The command that writes the data for other tools."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tradeviz.cli import options
from tradeviz.cli.common import app
from tradeviz.cli.paths import keep_off_tables, read_path


@app.command()
@click.argument("folder", type=read_path, metavar="DIR", help="Where to write the files.")
@options.as_of
@click.option(
    "--format",
    "formats",
    default="",
    help="Any of xlsx, sqlite, parquet, dta, json, with commas between; else all whose packages are"
    " installed.",
)
@options.data
def export(folder: Path, as_of: str, formats: str, data: Path | None) -> None:
    """Write tables, exhibits of the pages and the panel of rates for Excel, SQL, Parquet, Stata and JSON."""
    from tradeviz.briefing.files import make_folder, write_together
    from tradeviz.briefing.surroundings import nobodys_settings
    from tradeviz.data import data_dir, load, notebooks_dir

    with nobodys_settings():
        from tradeviz.export import all_sheets, check_formats, export_files, installed

    keep_off_tables(folder, "DIR", data_dir(data))
    chosen = [name.strip() for name in formats.split(",")] if formats else []
    if not formats:
        chosen, absent = installed()
        for line in absent:
            print(f"tradeviz: left out: {line}", file=sys.stderr)
    check_formats(chosen)
    ds = load(as_of or None, data)
    make_folder(folder)
    contents = export_files(ds, all_sheets(ds, notebooks_dir(), data), chosen)
    write_together(folder, contents)
    print(f"wrote {len(contents)} files to {folder}; MANIFEST.json lists them")
