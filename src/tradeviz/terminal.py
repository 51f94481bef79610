"""What the command line prints: tables, progress, and errors in one line each.

Knows terminals and frames; nothing of tariffs.
"""

from __future__ import annotations

import errno
import io
import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradeviz.errors import UsageError, explained

if TYPE_CHECKING:
    import pandas as pd

    from tradeviz.briefing import Result

_WIDE = 180
"""Columns of a table where no terminal says how wide it is."""

_NARROWEST = 80
"""Columns of a table on a narrower terminal, which breaks its lines: in fewer, cells would be left out."""


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"
    latex = "latex"
    md = "md"
    docx = "docx"


class CommandLine(click.Group):
    """A group of commands that tells in one line, with an exit code, what a user can mend."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line; a usage error is one line on stderr and exit code 2."""
        if not extra.get("standalone_mode", True):
            return super().main(*args, **extra)
        _let_output_through()
        try:
            _expect_a_working_directory()
            code = super().main(*args, **{**extra, "standalone_mode": False})
            sys.stdout.flush()
        except OSError as error:  # where help or a version cannot be written; `invoke` tells of commands
            _write_nothing_more()
            message, code = explained(error)
            _say(message)
        except click.ClickException as error:
            code = error.exit_code
            if isinstance(error, click.exceptions.NoArgsIsHelpError):
                print(error.format_message())
            else:
                said = " ".join(error.format_message().split())
                _say(f"{said.rstrip('.')}; see `tradeviz --help`")
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is asked for; an error that a user can mend is one line on stderr."""
        with _errors_reported():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands in their order, each with its whole sentence, which Click would cut."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help or "") for name, command in self.commands.items()])


def _let_output_through() -> None:
    """Let no setting of the terminal end a command: what its encoding lacks is replaced."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started the command
            setattr(sys, name, io.StringIO())
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace" if name == "stdout" else "backslashreplace")


def _expect_a_working_directory() -> None:
    """Tell at once that the working directory was removed: libraries look for it as they are imported."""
    try:
        Path.cwd()
    except FileNotFoundError:
        gone = "the working directory no longer exists; change into one that does"
        raise OSError(errno.ENOENT, gone) from None


def _write_nothing_more() -> None:
    """Drop what stdout still holds: Python would try to write it as it ends, and fail once more."""
    with suppress(OSError, ValueError):  # it may be no file at all
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str) -> None:
    """Print one line on stderr, if it can be written."""
    with suppress(OSError):
        print(f"tradeviz: {visible(message)}", file=sys.stderr, flush=True)


def write_for_machines(text: str) -> None:
    """Write CSV or JSON to stdout: always UTF-8 with short line ends, whatever the terminal is set to."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(text)


@contextmanager
def _errors_reported() -> Iterator[None]:
    """Turn errors that a user can mend into one line on stderr and an exit code."""
    try:
        try:
            yield
        finally:  # so that the output comes before the error message
            sys.stdout.flush()
    except BaseException as error:
        if isinstance(error, OSError):
            _write_nothing_more()
        if isinstance(error, BrokenPipeError):
            raise SystemExit(1) from None
        message, code = explained(error)
        if not message:
            raise
        _say(message)
        raise SystemExit(code) from None


def visible(line: str) -> str:
    """Write out what a terminal would obey or break the line at: a message may quote what somebody wrote."""
    return line if line.isprintable() else repr(line)[1:-1]


def print_frame(
    frame: pd.DataFrame,
    form: Format,
    title: str,
    short: Sequence[str] | None = None,
    paper: Callable[[], tuple[pd.DataFrame, list[str]]] | None = None,
) -> None:
    """Print a frame.

    Parameters
    ----------
    frame : pandas.DataFrame
        What to print.
    form : Format
        As a table, or with all columns as CSV or JSON, days in ISO form.
    title : str
        Stands over the table.
    short : sequence of str, optional
        Columns that the table keeps; all when not given.
    paper : callable, optional
        Gives the words and the notes of the table for a paper; else it is `short` without notes.
    """
    from tradeviz.frames import iso_days

    shown = iso_days(frame)
    if form in (Format.latex, Format.md, Format.docx):
        plain = shown[list(short or shown.columns)]
        plain = plain.astype("object").where(plain.notna(), "").map(str)
        _print_paper(*(paper() if paper else (plain, [])), form, title)
    elif form is Format.csv:
        write_for_machines(shown.to_csv(index=False, lineterminator="\n"))
    elif form is Format.json:
        write_for_machines(shown.to_json(orient="records", indent=2, force_ascii=False) + "\n")
    else:
        _print_table(shown[list(short)] if short else shown, title)


def _print_paper(frame: pd.DataFrame, notes: Sequence[str], form: Format, title: str) -> None:
    from tradeviz import paper

    if form is not Format.docx:
        print((paper.latex if form is Format.latex else paper.markdown)(frame, title, notes), end="")
        return
    if sys.stdout.isatty():
        raise UsageError("a Word document is no text; write it to a file: ... --format docx > table.docx")
    content = paper.word(frame, title, notes)
    sys.stdout.flush()
    sys.stdout.buffer.write(content)


def _print_table(frame: pd.DataFrame, title: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", show_lines=False)
    for name in frame.columns:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(_cell(value)) for value in row))
    console = Console()
    told_width = console.is_terminal or os.environ.get("COLUMNS", "").isdecimal()
    Console(width=max(console.width, _NARROWEST) if told_width else _WIDE).print(table)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:g}"
    return str(value)


@contextmanager
def progress(total: int) -> Iterator[Callable[[Result], None]]:
    """Report results on stderr: a bar on a terminal, plain lines elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    width, done = len(str(total)), 0

    def say(line: str) -> None:
        console.print(visible(line), markup=False, highlight=False, soft_wrap=True)

    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("pages", total=total)

        def report(result: Result) -> None:
            nonlocal done
            done += 1
            bar.update(task, advance=1, description=result.job.page)
            if result.status != "ok":
                say(f"failed: {result.job.page}: {result.message}")
            elif not console.is_terminal:
                say(f"[{done:{width}}/{total}] {result.job.page} {result.seconds:.1f} s")

        yield report
