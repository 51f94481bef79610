"""A build, from what was asked for to the site: what has to be made, making it, what stands around it.

Where nothing has changed since the last build, that is found out without pandas or Jupyter.
"""

from __future__ import annotations

import csv
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradeviz.briefing import files, inputs, manifest
from tradeviz.briefing.jobs import Edition, Job, Options, Outcome, Request, Result
from tradeviz.briefing.plan import chosen, modules, plan
from tradeviz.data import places
from tradeviz.errors import UnwritableError
from tradeviz.vocabulary import BOUNDING_TABLES

if TYPE_CHECKING:
    from tradeviz.briefing.cluster import Cluster
    from tradeviz.briefing.prepared import PreparedProcess
    from tradeviz.briefing.site import Front
    from tradeviz.data import Dataset, Tables

Explain = Callable[[Job, str], None]
MakeFront = Callable[["Dataset", Path, "Path | None"], "Front"]
"""Gives what stands around the pages of a day, from the data of that day, the folder of the tables and, where
there is one, the folder for temporary files that is removed even when this process is killed."""

Progress = Callable[[int], AbstractContextManager[Callable[[Result], None]]]


def build(asked: Request, make_front: MakeFront, explain: Explain, progress: Progress) -> Outcome:
    """Make what is not up to date, and all that stands around the pages.

    Parameters
    ----------
    asked : Request
        What is asked for.
    make_front : callable
        Gives what stands around the pages of an edition.
    explain : callable
        Told of each page why it is made; "" where it is up to date.
    progress : callable
        Given the number of pages to make, opens something that is told each result.

    Returns
    -------
    Outcome
        What was done.

    Raises
    ------
    UsageError
        If a day, partner or notebook asked for is unknown.
    DataError
        If the tables break their rules.
    BusyError
        If another build is at work in the folder of the site.
    UnwritableError
        If the system would not have something written; pages made so far stay.
    """
    begun = time.monotonic()
    known = None if asked.scenario else _recorded(asked)
    if known is not None and not asked.force:
        reasons = _reasons(asked, known, _listed_partners(asked.data))
        if not any(why for _, why in reasons) and all(_is_whole(asked.out, edition) for edition in known):
            for job, why in reasons:
                explain(job, why)
            return _outcome(asked, reasons, [], begun)
    listed = set(asked.partners) <= set(_listed_partners(asked.data)) or asked.scenario
    if asked.scheduler or not listed:
        return _build(asked, None, make_front, explain, progress, begun)

    from tradeviz.briefing.prepared import PreparedProcess

    needed = modules(chosen(asked.notebook_folder, asked.notebooks or None))
    with PreparedProcess(needed, {places.VARIABLE: str(asked.data)}) as prepared:  # it imports meanwhile
        return _build(asked, prepared, make_front, explain, progress, begun)


def _build(
    asked: Request,
    prepared: PreparedProcess | None,
    make_front: MakeFront,
    explain: Explain,
    progress: Progress,
    begun: float,
) -> Outcome:
    from tradeviz.briefing import lock

    tables, editions = _editions(asked)
    codes = list(_at(tables, editions[0].day, asked).partners["partner"])
    plan(asked.notebook_folder, codes, editions[0], asked.notebooks or None)  # refuses a missing notebook
    files.make_folder(asked.out)
    with lock.locked(asked.out):
        reasons = _reasons(asked, editions, codes)
        for job, why in reasons:
            explain(job, why)
        planned = [job for job, why in reasons if why]

        @cache
        @_uninterrupted()
        def fronts() -> list[tuple[Edition, Front]]:
            temporary = prepared.folder if prepared else None
            return [
                (edition, make_front(_at(tables, edition.day, asked), asked.data, temporary))
                for edition in editions
            ]

        with _maker(asked, prepared, planned) as maker:  # a cluster answers before anything is touched
            made = _made(maker, planned, asked, fronts)
            results = _made_and_published(asked, editions, planned, made, fronts, progress, begun)
        return _outcome(asked, reasons, results, begun)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait: a module whose import was broken off cannot be imported again."""
    if threading.current_thread() is not threading.main_thread():  # only that one gets signals
        yield
        return
    asked: list[int] = []
    stops = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda number, _: asked.append(number)) for number in stops}
    try:
        yield
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)
        for number in asked:
            signal.raise_signal(number)


def _made_and_published(
    asked: Request,
    editions: Sequence[Edition],
    planned: Sequence[Job],
    made: Generator[Result, None, None],
    fronts: Callable[[], list[tuple[Edition, Front]]],
    progress: Progress,
    begun: float,
) -> list[Result]:
    """Make the pages, record each as soon as it is there, and then write all that stands around them."""
    from tradeviz.briefing import datapackage, site

    files.remove_leftovers(asked.out / edition.folder for edition in editions)
    results: list[Result] = []
    try:
        for edition in editions:
            jobs = [job for job in planned if job.edition == edition]
            manifest.begin(asked.out / edition.folder, edition, jobs)
        with progress(len(planned)) as report, closing(made):
            for result in made:
                folder = asked.out / result.job.edition.folder
                datapackage.add(folder, result)
                manifest.add(folder, result)
                results.append(replace(result, resources={}))  # written down; of many pages they would add up
                report(result)
                if result.refused:
                    raise UnwritableError(
                        f"{result.job.page} could not be written: {result.message}; mend that and build"
                        " again, the pages that are there are kept"
                    )
    finally:
        for edition, front in reversed(fronts()):  # the root comes last: it leads to the others
            site.publish(asked.out, edition, front)
        site.write_build_log(asked.out, results, time.monotonic() - begun, asked.workers)
    return results


def _outcome(
    asked: Request, reasons: Sequence[tuple[Job, str]], results: Sequence[Result], begun: float
) -> Outcome:
    seconds = time.monotonic() - begun
    return Outcome(tuple(reasons), tuple(results), seconds, covered(asked.data))


def _maker(
    asked: Request, prepared: PreparedProcess | None, planned: Sequence[Job]
) -> AbstractContextManager[PreparedProcess | Cluster | None]:
    """What makes the pages: the prepared process, or else the cluster; None where there are none to make."""
    if prepared is not None or not planned:
        return nullcontext(prepared)

    from tradeviz.briefing.cluster import Cluster

    return Cluster(asked.scheduler, asked.data, modules({job.notebook for job in planned}))


def _made(
    maker: PreparedProcess | Cluster | None,
    planned: Sequence[Job],
    asked: Request,
    meanwhile: Callable[[], object],
) -> Generator[Result, None, None]:
    if maker is not None:
        yield from maker.make(planned, asked.out, asked.workers, meanwhile)


def _reasons(asked: Request, editions: Sequence[Edition], partners: Sequence[str]) -> list[tuple[Job, str]]:
    """Plan the pages, and say of each why it has to be made, or "" if it is up to date."""
    codes = [code for code in partners if not asked.partners or code in asked.partners]
    reasons = []
    for edition in editions:
        folder = asked.out / edition.folder
        pages = manifest.read(folder)["pages"]
        for job in plan(asked.notebook_folder, codes, edition, asked.notebooks or None):
            job = replace(job, inputs=inputs.of(job), timeout=asked.timeout)
            why = inputs.reason(job, pages.get(job.page), folder)
            reasons.append((job, why or ("it was forced" if asked.force else "")))
    return reasons


def _recorded(asked: Request) -> list[Edition] | None:
    """The editions asked for, as their manifests know them; None unless all were made from these tables."""
    if not set(asked.partners) <= set(_listed_partners(asked.data)):
        return None
    try:
        days = [day or last_day(asked.data) for day in asked.days]
        if days != [date.fromisoformat(day).isoformat() for day in days]:  # another way to write a day
            return None
    except ValueError:
        return None
    known = [manifest.recorded(asked.out, edition) for edition in _placed(asked, set(days))]
    return [edition for edition in known if edition] if all(known) else None


def _editions(asked: Request) -> tuple[Tables, list[Edition]]:
    """The tables, and the editions asked for, the newest first.

    No more than one day's data are held at a time: days can be many.
    """
    from tradeviz.data import load_tables
    from tradeviz.data.seen import partner_hashes

    tables = load_tables(asked.data)
    made_from: dict[str, dict[str, Any]] = {}
    for day in asked.days:
        ds = _at(tables, day, asked)
        for code in asked.partners:
            ds.partner(code)
        made_from[f"{ds.as_of:%Y-%m-%d}"] = {
            "data_hash": ds.data_hash(),
            "seen": partner_hashes(ds),
            "looks_back": bool(ds.as_of < ds.coverage_end),
        }
    placed = _placed(asked, made_from)
    return tables, [replace(edition, **made_from[edition.day]) for edition in placed]


def _at(tables: Tables, day: str, asked: Request) -> Dataset:
    """What the pages of a day tell: the record, or the scenario asked for."""
    ds = tables.at(day or None)
    if asked.scenario is None:
        return ds
    from tradeviz.data.scenario import read_scenario

    return read_scenario(asked.scenario, ds)


def _placed(asked: Request, days: Iterable[str]) -> list[Edition]:
    """Give each day its folder: the newest the root of the site, each older one a folder of its own."""
    editions: list[Edition] = []
    made_from, release = inputs.tables(asked.data), places.data_release(asked.data)
    scenario = asked.scenario.stem if asked.scenario else ""
    orders = asked.scenario.read_text(encoding="utf-8-sig") if asked.scenario else ""
    for day in sorted(days, reverse=True):
        folder = day if editions else f"scenario-{scenario}" if scenario else ""
        address = f"{asked.base_url}{folder}/" if asked.base_url and folder else asked.base_url
        options = {option.name: getattr(asked, option.name) for option in fields(Options)}
        options["base_url"] = address
        placed = Edition(day, folder, tables=made_from, data_release=release, **options)
        editions.append(replace(placed, scenario=scenario, orders=orders))
    return editions


def _is_whole(site: Path, edition: Edition) -> bool:
    """Whether what stands around the pages of an edition is that of its manifest."""
    folder = site / edition.folder
    there = manifest.read(folder)
    wanted = inputs.index(edition, there["pages"], manifest.other_days(site, edition))
    return (
        there.get("index") == wanted
        and (folder / "index.html").is_file()
        and all((folder / name).is_file() for name in files.SUBSCRIPTIONS)
        and not files.leftovers([folder])
    )


def _listed_partners(data: Path) -> list[str]:
    return [row.get("partner") or "" for row in _rows(data / "partners.csv")]


def last_day(data: Path) -> str:
    """Give the last day that the tables of a folder cover, ISO; "" where they do not say."""
    rows = [row for row in _rows(data / "coverage.csv") if row.get("table") in BOUNDING_TABLES]
    return min((row.get("through") or "" for row in rows), default="")


def covered(data: Path) -> dict[str, str]:
    """The last ISO day that each table covers: the earliest of its rows that give no reason to end there."""
    found: dict[str, str] = {}
    for row in _rows(data / "coverage.csv"):
        table, through = row.get("table") or "", row.get("through") or ""
        if not row.get("reason") or table in BOUNDING_TABLES:
            found[table] = min(found.get(table, through), through)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table that was found valid before; the loader reports what is wrong with it."""
    if not path.is_file():  # to open a pipe could take for ever
        return []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return []
