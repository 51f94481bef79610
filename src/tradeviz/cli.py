"""The command line: build, check, status, rates, changes, notebooks.

Heavy modules are imported by the command that needs them, so that help and `check` start fast.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from tradeviz import __version__
from tradeviz.errors import TradevizError, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from tradeviz.briefing.run import Frame, Result
    from tradeviz.data import Dataset

app = typer.Typer(
    help="Where the United States' reciprocal-tariff talks stand, with each partner, on any given day.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of the tables; else TRADEVIZ_DATA.")]
AsOfOption = Annotated[str, typer.Option("--as-of", help="Day of knowledge, 2025-04-25; else the last one.")]
FormatOption = Annotated[
    Format, typer.Option("--format", help="A table for people, csv or json for machines.")
]


def _version(asked: bool) -> None:
    if asked:
        print(f"tradeviz {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    pass


@app.command()
def build(
    as_of: AsOfOption = "",
    partners: Annotated[str, typer.Option(help="Codes with commas between, KOR,JPN; else all.")] = "",
    notebooks: Annotated[str, typer.Option(help="Names with commas between, 01-partner; else all.")] = "",
    out: Annotated[Path, typer.Option(help="Folder of the site.")] = Path("site"),
    jobs: Annotated[int, typer.Option(min=0, help="Worker processes; 0 for as many as there are cores.")] = 0,
    data: DataOption = None,
) -> None:
    """Run the notebooks and write the pages of the site."""
    with _told():
        from tradeviz import briefing
        from tradeviz.briefing import site
        from tradeviz.briefing.run import available_cores
        from tradeviz.data import data_dir, load, notebooks_dir

        ds = load(as_of or None, data)
        codes = [str(ds.partner(code)["partner"]) for code in _names(partners)] or list(
            ds.partners["partner"]
        )
        _usable(out)
        day = f"{ds.as_of:%Y-%m-%d}"
        planned = briefing.plan(notebooks_dir(), codes, day, _names(notebooks) or None)
        frame = _frame(ds)
        begun = time.monotonic()
        workers = jobs or available_cores()
        environment = {"TRADEVIZ_DATA": str(data_dir(data).resolve())}
        with _progress(len(planned)) as report:
            results = briefing.run(planned, out, frame, workers, environment, report)
        manifest = site.write_manifest(out, results, frame)
        site.write_index(out, manifest, frame, *_reach(ds), _index_rows(ds))
        site.write_build_log(out, results, time.monotonic() - begun, workers)
        _finish(results, out, time.monotonic() - begun)


@app.command()
def check(data: DataOption = None) -> None:
    """Validate every table; name each problem by file, line and column."""
    with _told():
        from tradeviz.data import check as problems_of
        from tradeviz.wording import count

        problems = problems_of(data)
        for problem in problems:
            print(problem if problem.severity == "error" else f"{problem} (warning)")
        errors = sum(problem.severity == "error" for problem in problems)
        print(f"{count(errors, 'error')}, {count(len(problems) - errors, 'warning')}")
        if errors:
            raise typer.Exit(1)


@app.command()
def status(as_of: AsOfOption = "", format: FormatOption = Format.table, data: DataOption = None) -> None:  # noqa: A002
    """One row per partner: stage, rate in force, next deadline, last meeting."""
    with _told():
        from tradeviz import tables, talks
        from tradeviz.data import load

        ds = load(as_of or None, data)
        words = tables.board_words(ds, talks.stages(ds))
        short = ["name", "stage", "rate", "deadline", "last_met"]
        _print(words, format, f"As of {ds.as_of:%Y-%m-%d}", short)


@app.command()
def rates(
    on: Annotated[
        str, typer.Option(help="The day asked for; else as-of. A later one shows what is scheduled.")
    ] = "",
    as_of: AsOfOption = "",
    partner: Annotated[str | None, typer.Option(help="Partner code, KOR.")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer, reciprocal.")] = None,
    format: FormatOption = Format.table,  # noqa: A002
    data: DataOption = None,
) -> None:
    """Statutory rates on a day, by partner, layer and product."""
    with _told():
        from tradeviz import rates as measures
        from tradeviz.data import load

        ds = load(as_of or None, data)
        day = _day(on, "--on") if on else ds.as_of
        rows = measures.in_force(ds, day, partner, layer)
        _print(rows.drop(columns="confidence"), format, f"On {day:%Y-%m-%d}, as of {ds.as_of:%Y-%m-%d}")


@app.command()
def changes(
    since: Annotated[str, typer.Option(help="What became known after this day, 2025-04-18.")],
    as_of: AsOfOption = "",
    partner: Annotated[str | None, typer.Option(help="Partner code, KOR; facts for all stay in.")] = None,
    format: FormatOption = Format.table,  # noqa: A002
    data: DataOption = None,
) -> None:
    """Everything that became known between two days, newest first."""
    with _told():
        from tradeviz import talks
        from tradeviz.data import load

        ds = load(as_of or None, data)
        rows = talks.changes(ds, _day(since, "--since"))
        if partner is not None:
            rows = rows[rows["partner"].isin([ds.partner(partner)["partner"], "ALL", "WLD"])]
        title = f"After {since}, up to {ds.as_of:%Y-%m-%d}"
        _print(rows, format, title, ["date", "partner", "kind", "text"])


@app.command()
def notebooks(
    folder: Annotated[Path, typer.Argument(help="Where to put them.")],
    force: Annotated[bool, typer.Option(help="Replace files that are there.")] = False,
) -> None:
    """Copy the notebooks out of the package."""
    with _told():
        from tradeviz.data import notebooks_dir

        _usable(folder)
        found = sorted(notebooks_dir().glob("*.ipynb"))
        there = [path.name for path in found if (folder / path.name).exists()]
        if there and not force:
            raise UsageError(f"{folder} already has {', '.join(there)}; use --force to replace")
        folder.mkdir(parents=True, exist_ok=True)
        for path in found:
            shutil.copyfile(path, folder / path.name)
            print(folder / path.name)


@contextmanager
def _told() -> Iterator[None]:
    """Turn errors that a user can mend into one message on stderr and an exit code."""
    try:
        yield
    except TradevizError as error:
        _stop(str(error), 2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        _stop(f"{error.strerror or error}{place}; nothing half-written was left behind", 1)
    except KeyboardInterrupt:
        _stop("interrupted; every page is a complete old or new one", 130)


def _stop(message: str, code: int) -> NoReturn:
    print(f"tradeviz: {message}", file=sys.stderr)
    raise typer.Exit(code) from None


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _day(text: str, option: str) -> pd.Timestamp:
    from datetime import date

    import pandas as pd

    try:
        return pd.Timestamp(date.fromisoformat(text))
    except ValueError:
        raise UsageError(f'{option} "{text}" is not a date; write it as 2025-04-25') from None


def _usable(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder")


def _frame(ds: Dataset) -> Frame:
    from tradeviz.briefing.run import Frame

    pages = tuple(
        (f"partner-{row.partner}", str(row.name)) for row in ds.partners.itertuples(index=False, name="R")
    )
    return Frame(__version__, ds.data_hash(), pages)


def _reach(ds: Dataset) -> tuple[str, str]:
    from tradeviz.wording import day

    return day(ds.as_of), day(ds.coverage_end)


def _index_rows(ds: Dataset) -> list[dict[str, str]]:
    from tradeviz import tables, talks
    from tradeviz.frames import records

    words = tables.board_words(ds, talks.stages(ds))
    return records(words.assign(page="partner-" + words["partner"]))


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Result], None]]:
    """Report results: a bar on a terminal, plain lines elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("pages", total=total)

        def report(result: Result) -> None:
            bar.update(task, advance=1, description=result.job.page)
            if result.status != "ok":
                console.print(
                    f"failed: {result.job.page}: {result.message}",
                    markup=False,
                    highlight=False,
                    soft_wrap=True,
                )
            elif not console.is_terminal:
                console.print(f"{result.job.page} {result.seconds:.1f} s", markup=False, highlight=False)

        yield report


def _finish(results: Sequence[Result], out: Path, seconds: float) -> None:
    from tradeviz.wording import count

    failed = [result for result in results if result.status != "ok"]
    written = len(results) - len(failed)
    print(f"{count(written, 'page')} in {out}, {seconds:.0f} s; open {out / 'index.html'}")
    if failed:
        names = ", ".join(result.job.page for result in failed)
        _stop(f"{count(len(failed), 'page')} failed: {names}; executed copies are in {out / 'failed'}", 1)


def _print(frame: pd.DataFrame, form: Format, title: str, short: Sequence[str] | None = None) -> None:
    from tradeviz.frames import iso_days

    shown = iso_days(frame)
    if form is Format.csv:
        sys.stdout.write(shown.to_csv(index=False, lineterminator="\n"))
    elif form is Format.json:
        print(shown.to_json(orient="records", indent=2, force_ascii=False))
    else:
        _print_table(shown[list(short)] if short else shown, title)


def _print_table(frame: pd.DataFrame, title: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", show_lines=False)
    for name in frame.columns:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(_cell(value)) for value in row))
    Console().print(table)


def _cell(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
