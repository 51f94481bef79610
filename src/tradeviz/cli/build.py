"""The command that builds a site."""

from __future__ import annotations

import re
import signal
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from tradeviz import clock
from tradeviz.cli import options
from tradeviz.cli.common import app, known, names
from tradeviz.cli.paths import keep_off_tables, keep_site_apart
from tradeviz.errors import StaleDataError, Terminated, TradevizError, UsageError
from tradeviz.terminal import progress
from tradeviz.vocabulary import TABLE_NAMES

if TYPE_CHECKING:
    from tradeviz.briefing.jobs import Job, Outcome
    from tradeviz.briefing.site import Front
    from tradeviz.data import Dataset


class Paper(StrEnum):
    """Sizes of paper."""

    letter = "letter"
    a4 = "a4"


class Order(StrEnum):
    """What orders the partners in the index: how far, how high, or what comes next."""

    stage = "stage"
    effective = "effective"
    date = "date"


@app.command(
    epilog="Exit codes: 0 done; 1 the data are wrong, or a page failed; 2 a parameter is wrong; 3 done, but"
    " the data are older than --max-age; 4 another build is at work in the folder; 5 a file could not be"
    " written (disk full, read-only, no permission); 6 the cluster of --scheduler does not answer or"
    " does not fit; 130 and 143 stopped by Ctrl-C or SIGTERM."
)
@click.option(
    "--as-of",
    multiple=True,
    help="Day of knowledge, 2025-04-25; else the last one. Given several times: the newest at the root of"
    " the site, each older one in a folder of its own.",
)
@options.partners
@click.option("--notebooks", default="", help="Names with commas between, 01-partner; else all.")
@options.path("--out", metavar="DIR", default=Path("site"), show_default=True, help="Folder of the site.")
@options.number("--jobs", 0, "Worker processes; 0 for as many as there are cores to use.", min=0)
@click.option(
    "--files", is_flag=True, help="Write a workbook, a database and pictures to print beside each day too."
)
@click.option("--pdf", is_flag=True, help="Print each page to PDF too; needs Chromium.")
@click.option(
    "--brief", is_flag=True, help="Print the first sheet of each partner to PDF and PNG too; needs Chromium."
)
@click.option("--docx", is_flag=True, help="Write each page as a Word document too; needs the extra docx.")
@options.choice("--paper", default=Paper.letter, help="Paper to print on.")
@options.choice("--sort", default=Order.stage, help="Order of partners in the index.")
@click.option(
    "--base-url",
    default="",
    help="Where the site will be published, https://example.org/; makes links whole.",
)
@click.option("--scheduler", default="", help="Dask scheduler whose workers make the pages, tcp://host:8786.")
@click.option("--force", is_flag=True, help="Make also what is up to date.")
@click.option("--explain", is_flag=True, help="Say of each page why it is made, or that it is up to date.")
@options.number("--timeout", 600, "Seconds that a cell may take before its page fails.", min=1)
@click.option(
    "--max-age",
    type=click.IntRange(min=0),
    help="Exit with code 3, after the build, if a table ends more days ago.",
)
@options.path("--notebook-folder", metavar="DIR", help="Folder of the notebooks; else those of the package.")
@options.path(
    "--log-json", metavar="FILE", help="Add what happens to this file, a line of JSON for each event."
)
@options.scenario
@options.data
def build(
    as_of: tuple[str, ...],
    partners: str,
    notebooks: str,
    out: Path,
    jobs: int,
    files: bool,
    pdf: bool,
    brief: bool,
    docx: bool,
    paper: Paper,
    sort: Order,
    base_url: str,
    scheduler: str,
    force: bool,
    explain: bool,
    timeout: int,
    max_age: int | None,
    notebook_folder: Path | None,
    log_json: Path | None,
    scenario: Path | None,
    data: Path | None,
) -> None:
    """Run the notebooks of the pages that are not up to date, and write the site."""
    from tradeviz.briefing import batch, cores, journal
    from tradeviz.briefing.jobs import Request
    from tradeviz.data.places import data_dir, notebooks_dir

    asked = Request(
        days=as_of or ("",),
        partners=tuple(names(partners)),
        notebooks=tuple(names(notebooks)),
        out=out,
        data=data_dir(data).resolve(),
        workers=jobs or cores.available(),
        base_url=_base_url(base_url),
        scheduler=scheduler,
        pdf=pdf,
        files=files,
        brief=brief,
        docx=docx,
        paper=paper.value,
        sort=sort.value,
        force=force,
        timeout=timeout,
        notebook_folder=(notebook_folder or notebooks_dir()).resolve(),
        scenario=scenario,
    )
    if scenario is not None and len(asked.days) > 1:
        raise UsageError("--scenario tells one day; give one --as-of")
    keep_site_apart(out, "--out", asked.data, asked.notebook_folder)
    if log_json is not None:
        keep_off_tables(log_json, "--log-json", asked.data)
    with journal.recording(log_json, asked, max_age) as log:
        if pdf or brief:
            from tradeviz.briefing.pdf import chromium

            chromium("--pdf" if pdf else "--brief")
        if docx:
            from tradeviz.briefing import word

            word.check()
        newest = max(asked.days)
        if newest > batch.last_day(asked.data):
            known(newest, asked.data)  # says how far the record is behind
        usual = signal.signal(signal.SIGTERM, _interrupt)
        try:
            outcome = batch.build(
                asked,
                partial(_front, sort.value, asked.notebook_folder, scenario),
                *log.listeners(_explained if explain else _unexplained, progress),
            )
        finally:
            signal.signal(signal.SIGTERM, usual)
        _finish(outcome, out, max_age, clock.today())


def _front(
    order: str, notebooks: Path, scenario: Path | None, ds: Dataset, folder: Path, temporary: Path | None
) -> Front:
    from tradeviz.briefing.surroundings import nobodys_settings

    with nobodys_settings(temporary):
        from tradeviz import frontpage

    return frontpage.front(ds, folder, order, notebooks, scenario and scenario.resolve())


def _interrupt(_signal: int, _where: object) -> NoReturn:
    raise Terminated


def _base_url(text: str) -> str:
    if not text:
        return ""

    from urllib.parse import urlsplit

    from tradeviz.data.cells import ADDRESS, url_flaw

    wrong = not re.fullmatch(ADDRESS, text) or url_flaw(text)
    if wrong or urlsplit(text).query or urlsplit(text).fragment:
        raise UsageError(f'--base-url "{text}" is not an address; write it as https://example.org/talks/')
    return text if text.endswith("/") else f"{text}/"


def _explained(job: Job, why: str) -> None:
    folder = f"{job.edition.folder}/" if job.edition.folder else ""
    print(f"{folder}{job.page}: {f'made because {why}' if why else 'up to date'}")


def _unexplained(job: Job, why: str) -> None:
    pass


def _finish(outcome: Outcome, out: Path, max_age: int | None, today: date) -> None:
    """Say what was done; raise where pages failed or the data are too old."""
    failed = outcome.failed
    written = len(outcome.results) - len(failed)
    unchanged = len(outcome.reasons) - len(outcome.results)
    fresh = f", {unchanged} up to date" if unchanged else ""
    print(f"{_pages(written)} made in {out}{fresh}, {outcome.seconds:.0f} s; open {_index(out, outcome)}")
    late = _late(outcome.covered, max_age, today)
    if failed:
        names = ", ".join(result.job.page for result in failed)
        copies = f"; executed copies are in {out / 'failed'}" if any(page.files for page in failed) else ""
        raise TradevizError(f"{_pages(len(failed))} failed: {names}{copies}{f'; and {late}' if late else ''}")
    if late:
        raise StaleDataError(f"the site was built, but {late}")


def _index(out: Path, outcome: Outcome) -> Path:
    """The index to open: of the newest day, or of a scenario in its own folder."""
    folders = [job.edition.folder for job, _ in outcome.reasons if job.edition.scenario]
    return out / (folders[0] if folders else "") / "index.html"


def _late(covered: Mapping[str, str], max_age: int | None, today: date) -> str:
    """Say which tables end too long ago, the stalest by name; nothing if none does."""
    if max_age is None:
        return ""
    ages = {table: (today - date.fromisoformat(end)).days for table, end in covered.items()}
    old = sorted((table for table, age in ages.items() if age > max_age), key=lambda table: -ages[table])
    if not old:
        return ""
    stalest = old[0]
    more = f" (and {len(old) - 1} more)" if len(old) > 1 else ""
    return (
        f"the table of {TABLE_NAMES.get(stalest, stalest)} ends on {covered[stalest]}, {ages[stalest]} days"
        f" ago{more}, more than the {max_age} of --max-age: add what happened since and set coverage.csv, or"
        " install a newer tradeviz"
    )


def _pages(n: int) -> str:
    return "1 page" if n == 1 else f"{n} pages"
