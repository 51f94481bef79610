"""Paths that commands are given: none is empty text, and nothing is written among the tables."""

from __future__ import annotations

from pathlib import Path

import click

from tradeviz.errors import UsageError


def read_path(text: str | Path) -> Path:
    """Take a path from the command line, where empty text would else mean the working directory.

    Parameters
    ----------
    text : str or Path
        What was given: the value of a variable that nobody has set may stand in a line of cron.

    Raises
    ------
    click.BadParameter
        If it names nothing.
    """
    if not str(text).strip():
        raise click.BadParameter("the path is empty text; name one, and see whether a variable is unset")
    if "\0" in str(text):
        raise click.BadParameter("the path holds a NUL byte; name another one")
    return Path(text)


def keep_off_tables(path: Path, option: str, data: Path) -> None:
    """Refuse to write into the folder of the tables.

    Parameters
    ----------
    path : Path
        Where something is to be written: a folder or a file.
    option : str
        What gave it, for the message.
    data : Path
        The folder of the tables.

    Raises
    ------
    UsageError
        If it is that folder or lies within.
    """
    if path.resolve().is_relative_to(data.resolve()):
        raise UsageError(f"{option} {path} lies in the folder of the tables, {data}; name another place")


def keep_site_apart(site: Path, option: str, data: Path, notebooks: Path) -> None:
    """Refuse a folder for a site whose own folders would be those of the tables or of the notebooks.

    Parameters
    ----------
    site : Path
        The folder of the site.
    option : str
        What gave it, for the message.
    data, notebooks : Path
        The folders that the site is made from.

    Raises
    ------
    UsageError
        If files of the site would come among them, or among tables that no site has written.
    """
    folder = site.resolve()
    written = {(folder / name).resolve() for name in ("data", "notebooks")}
    for source, what in ((data.resolve(), "tables"), (notebooks.resolve(), "notebooks")):
        if folder.is_relative_to(source):
            raise UsageError(
                f"{option} {site} lies in the folder of the {what}, {source}; name another place"
            )
        if source in written or (what == "tables" and source.parent == folder):
            raise UsageError(
                f"{option} {site} is the folder around the {what}, {source}, and a site has folders of these"
                f" names too; name another one, such as {site / 'site'}"
            )
    if (folder / "data" / "meetings.csv").is_file() and not (folder / "manifest.json").is_file():
        raise UsageError(
            f"{option} {site} holds tables, {site / 'data'}, that no build wrote; name another folder"
        )
