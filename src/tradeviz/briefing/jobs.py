"""What is asked for, what is to be made, and what became of it: requests, editions, jobs, results."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tradeviz.data import places

CELL_TIMEOUT = 600
"""Seconds after which a cell counts as hanging, unless told otherwise."""

OK = "ok"
FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is asked for of all pages.

    Attributes
    ----------
    base_url : str
        The address under which the site will be published, ending in "/"; "" where pages link to
        one another by relative addresses.
    pdf, docx : bool
        Whether each page is printed to PDF, or written as a Word document, as well.
    files : bool
        Whether a workbook, a database and printable pictures are written beside the day.
    brief : bool
        Whether the first sheet of a partner's page is printed on its own.
    paper : str
        The paper that is printed on, "letter" or "a4".
    sort : str
        The order of the partners in the index: "stage", "effective" or "date".
    """

    base_url: str = ""
    pdf: bool = False
    files: bool = False
    brief: bool = False
    docx: bool = False
    paper: str = "letter"
    sort: str = "stage"


@dataclass(frozen=True)
class Edition(Options):
    """The site as of one day, and what its pages share.

    Attributes
    ----------
    day : str
        The as-of date, ISO.
    folder : str
        The edition's folder within the site; "" for the newest one, at the root.
    data_hash : str
        Hash of the tables as cut at the day.
    looks_back : bool
        Whether the tables reach beyond the day.
    tables : str
        Hash of the files of the tables, whole.
    seen : dict of str to str
        Hash of what a page about one partner sees of the tables, by partner code.
    data_release : str
        The version of the data, 2026.11.29; "" where they name none.
    scenario, orders : str
        Name of the scenario that the pages tell, "" for the record; and the text of its CSV file.
    """

    day: str = ""
    folder: str = ""
    data_hash: str = ""
    looks_back: bool = False
    tables: str = ""
    seen: dict[str, str] = field(default_factory=dict)
    data_release: str = ""
    scenario: str = ""
    orders: str = ""


@dataclass(frozen=True)
class Job:
    """One page to make.

    Attributes
    ----------
    notebook : Path
        The notebook to run.
    page : str
        Name of the page, without `.html`: overview, partner-KOR.
    parameters : dict of str to str
        What the notebook is run with.
    edition : Edition
        The edition of the site that the page belongs to.
    inputs : dict of str to str
        Hashes of all that the page is made from, as `inputs.of` gives them.
    timeout : int
        Seconds that a cell may take.
    sees : str
        Code of the partner whose facts the notebook sees, see `Dataset.for_partner`; "" where it sees all.
    """

    notebook: Path
    page: str
    parameters: dict[str, str] = field(default_factory=dict)
    edition: Edition = field(default_factory=Edition)
    inputs: dict[str, str] = field(default_factory=dict)
    timeout: int = CELL_TIMEOUT
    sees: str = ""

    @property
    def data_hash(self) -> str:
        """Hash of what the page sees of the tables."""
        return self.edition.seen.get(self.sees, "") if self.sees else self.edition.data_hash

    def command(self) -> str:
        """The papermill command that reproduces the page's notebook."""
        return papermill_command(f"notebooks/{self.notebook.name}", f"{self.page}.ipynb", self.parameters)


def papermill_command(notebook: str, executed: str, parameters: Mapping[str, Any]) -> str:
    """Write the command by which papermill executes a notebook with parameters."""
    given = [word for name, value in parameters.items() for word in ("-p", name, str(value))]
    return shlex.join(["papermill", notebook, executed, *given])


@dataclass(frozen=True)
class Result:
    """What became of one job.

    Attributes
    ----------
    job : Job
        The job.
    status : str
        "ok" or "failed".
    files : tuple of str
        The files written, relative to the folder of the edition.
    resources : dict of str to dict
        Title, description and fields of each file of data, as in a Frictionless package.
    seconds : float
        How long it took.
    message : str
        For a failure: the cell and the error, in one line.
    refused : bool
        Whether it failed because the system would not have its files written.
    """

    job: Job
    status: str
    files: tuple[str, ...] = ()
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0
    message: str = ""
    refused: bool = False


@dataclass(frozen=True)
class Request(Options):
    """What a build is asked for.

    Attributes
    ----------
    days : tuple of str
        As-of dates; "" is the last day that the data cover.
    partners, notebooks : tuple of str
        Codes and names; all where there is none.
    out, data : Path
        The folder of the site, and that of the tables.
    workers : int
        Number of worker processes.
    scheduler : str
        The address of a Dask scheduler whose workers make the pages; "" to make them here.
    force : bool
        Make also pages that are up to date.
    timeout : int
        Seconds that a cell may take.
    notebook_folder : Path
        The folder of the notebooks.
    scenario : Path or None
        CSV file of orders that were never given, which all pages tell of.
    """

    days: tuple[str, ...]
    partners: tuple[str, ...]
    notebooks: tuple[str, ...]
    out: Path
    data: Path
    workers: int
    scheduler: str = ""
    force: bool = False
    timeout: int = CELL_TIMEOUT
    notebook_folder: Path = field(default_factory=places.notebooks_dir)
    scenario: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """What a build did.

    Attributes
    ----------
    reasons : tuple of (Job, str)
        Every page planned, and why it was made; "" where it was up to date.
    results : tuple of Result
        What became of those that were made.
    seconds : float
        How long it took.
    covered : mapping of str to str
        The last ISO day that each table covers: the earliest of its rows that give no reason to end there.
    """

    reasons: tuple[tuple[Job, str], ...]
    results: tuple[Result, ...]
    seconds: float
    covered: Mapping[str, str]

    @property
    def failed(self) -> list[Result]:
        """What did not become a page."""
        return [result for result in self.results if result.status != OK]
