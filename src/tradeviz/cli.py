"""The command line: build, check, status, rates, changes, notebooks.

Heavy modules are imported by the command that needs them, so that help and `check` start fast.
"""

from __future__ import annotations

import re
import shutil
import signal
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from tradeviz import __version__
from tradeviz.errors import StaleDataError, Terminated, TradevizError, UsageError
from tradeviz.terminal import Format, OneLineErrors, print_frame, progress, told

if TYPE_CHECKING:
    import pandas as pd

    from tradeviz.batch import Outcome
    from tradeviz.briefing import Job

app = typer.Typer(
    cls=OneLineErrors,
    help="Where the United States' reciprocal-tariff talks stand, with each partner, on any given day.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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


@app.command(
    epilog="Exit codes: 0 done; 1 the data are wrong, or a page failed; 2 a parameter is wrong; 3 done, but"
    " the data are older than --max-age; 4 another build is at work in the folder; 5 a file could not be"
    " written (disk full, read-only, no permission); 130 and 143 stopped by Ctrl-C or SIGTERM."
)
def build(
    as_of: Annotated[
        list[str] | None,
        typer.Option(
            help="Day of knowledge, 2025-04-25; else the last one. Given several times: the newest at"
            " the root of the site, each older one in a folder of its own."
        ),
    ] = None,
    partners: Annotated[str, typer.Option(help="Codes with commas between, KOR,JPN; else all.")] = "",
    notebooks: Annotated[str, typer.Option(help="Names with commas between, 01-partner; else all.")] = "",
    out: Annotated[Path, typer.Option(help="Folder of the site.")] = Path("site"),
    jobs: Annotated[
        int, typer.Option(min=0, help="Worker processes; 0 for as many as there are cores to use.")
    ] = 0,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print each page to PDF too; needs Chromium.")] = False,
    base_url: Annotated[
        str, typer.Option(help="Where the site will be published, https://example.org/; makes links whole.")
    ] = "",
    scheduler: Annotated[
        str, typer.Option(help="Dask scheduler whose workers make the pages, tcp://host:8786.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Make also what is up to date.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of each page why it is made, or that it is up to date.")
    ] = False,
    timeout: Annotated[
        int, typer.Option(min=1, help="Seconds that a cell may take before its page fails.")
    ] = 600,
    max_age: Annotated[
        int | None,
        typer.Option(min=0, help="Exit with code 3, after the build, if the data end more days ago."),
    ] = None,
    log_json: Annotated[
        Path | None, typer.Option(help="Add what happens to this file, a line of JSON for each event.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Run the notebooks of the pages that are not up to date, and write the site."""
    with told():
        from tradeviz import batch, cores, journal
        from tradeviz.briefing.pdf import chromium
        from tradeviz.data.places import data_dir

        asked = batch.Request(
            days=tuple(as_of or [""]),
            partners=tuple(_names(partners)),
            notebooks=tuple(_names(notebooks)),
            out=out,
            data=data_dir(data).resolve(),
            workers=jobs or cores.available(),
            base_url=_base_url(base_url),
            scheduler=scheduler,
            pdf=pdf,
            force=force,
            timeout=timeout,
        )
        with journal.kept(log_json, asked, max_age) as log:
            if pdf:
                chromium()
            usual = signal.signal(signal.SIGTERM, _interrupt)
            try:
                outcome = batch.build(
                    asked, *log.listeners(_explained if explain else _unexplained, progress)
                )
            finally:
                signal.signal(signal.SIGTERM, usual)
            log.built(outcome)
            _finish(outcome, out, max_age, _today())


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


@app.command()
def status(as_of: AsOfOption = "", format: FormatOption = Format.table, data: DataOption = None) -> None:  # noqa: A002
    """One row per partner: stage, rate in force, next deadline, last meeting."""
    with told():
        from tradeviz import tables, talks
        from tradeviz.data import load

        ds = load(as_of or None, data)
        words = tables.board_words(ds, talks.stages(ds))
        short = ["name", "stage", "rate", "deadline", "last_met"]
        print_frame(words, format, f"As of {ds.as_of:%Y-%m-%d}", short)


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
    with told():
        from tradeviz import rates as measures
        from tradeviz.data import load

        ds = load(as_of or None, data)
        day = _day(on, "--on") if on else ds.as_of
        rows = measures.in_force(ds, day, partner, layer)
        print_frame(rows.drop(columns="confidence"), format, f"On {day:%Y-%m-%d}, as of {ds.as_of:%Y-%m-%d}")


@app.command()
def changes(
    since: Annotated[str, typer.Option(help="What became known after this day, 2025-04-18.")],
    as_of: AsOfOption = "",
    partner: Annotated[str | None, typer.Option(help="Partner code, KOR; facts for all stay in.")] = None,
    format: FormatOption = Format.table,  # noqa: A002
    data: DataOption = None,
) -> None:
    """Everything that became known between two days, newest first."""
    with told():
        from tradeviz import talks
        from tradeviz.data import load

        ds = load(as_of or None, data)
        rows = talks.changes(ds, _day(since, "--since"))
        if partner is not None:
            rows = rows[rows["partner"].isin([ds.partner(partner)["partner"], "ALL", "WLD"])]
        title = f"After {since}, up to {ds.as_of:%Y-%m-%d}"
        print_frame(rows, format, title, ["date", "partner", "kind", "text"])


@app.command()
def notebooks(
    folder: Annotated[Path, typer.Argument(help="Where to put them.")],
    force: Annotated[bool, typer.Option(help="Replace files that are there.")] = False,
) -> None:
    """Copy the notebooks out of the package."""
    with told():
        from tradeviz.briefing.files import make_folder
        from tradeviz.data import notebooks_dir

        make_folder(folder)
        found = sorted(notebooks_dir().glob("*.ipynb"))
        there = [path.name for path in found if (folder / path.name).exists()]
        if there and not force:
            raise UsageError(f"{folder} already has {', '.join(there)}; use --force to replace")
        for path in found:
            shutil.copyfile(path, folder / path.name)
            print(folder / path.name)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _day(text: str, option: str) -> pd.Timestamp:
    import pandas as pd

    try:
        return pd.Timestamp(date.fromisoformat(text.strip()))
    except ValueError:
        raise UsageError(f'{option} "{text}" is not a date; write it as 2025-04-25') from None


def _interrupt(_signal: int, _where: object) -> NoReturn:
    raise Terminated


def _base_url(text: str) -> str:
    from urllib.parse import urlsplit

    from tradeviz.data.cells import ADDRESS, url_flaw

    if not text:
        return ""
    wrong = not re.fullmatch(ADDRESS, text) or url_flaw(text)
    if wrong or urlsplit(text).query or urlsplit(text).fragment:
        raise UsageError(f'--base-url "{text}" is not an address; write it as https://example.org/talks/')
    return text if text.endswith("/") else f"{text}/"


def _explained(job: Job, why: str) -> None:
    place = f"{job.edition.folder}/" if job.edition.folder else ""
    print(f"{place}{job.page}: {f'made because {why}' if why else 'up to date'}")


def _unexplained(job: Job, why: str) -> None:
    pass


def _finish(outcome: Outcome, out: Path, max_age: int | None, today: date) -> None:
    """Say what was done; raise where pages failed or the data are too old."""
    failed = outcome.failed
    written = len(outcome.results) - len(failed)
    kept = len(outcome.reasons) - len(outcome.results)
    fresh = f", {kept} up to date" if kept else ""
    print(f"{_pages(written)} made in {out}{fresh}, {outcome.seconds:.0f} s; open {out / 'index.html'}")
    late = _late(outcome.coverage_end, max_age, today)
    if failed:
        names = ", ".join(result.job.page for result in failed)
        copies = f"; executed copies are in {out / 'failed'}" if any(one.files for one in failed) else ""
        raise TradevizError(f"{_pages(len(failed))} failed: {names}{copies}{f'; and {late}' if late else ''}")
    if late:
        raise StaleDataError(f"the site was built, but {late}")


def _late(coverage_end: str, max_age: int | None, today: date) -> str:
    """Say that the data end too long ago; nothing if they do not."""
    if max_age is None:
        return ""
    age = (today - date.fromisoformat(coverage_end)).days
    if age <= max_age:
        return ""
    return (
        f"the data end on {coverage_end}, {age} days ago, more than the {max_age} of --max-age: add what"
        " happened since and set coverage.csv, or install a newer tradeviz"
    )


def _today() -> date:
    return datetime.now(UTC).date()


def _pages(n: int) -> str:
    return "1 page" if n == 1 else f"{n} pages"
