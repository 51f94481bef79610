"""Payloads in every text column and in every parameter, and the pages that come of them."""

from __future__ import annotations

import csv
import re
import shutil
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import click
from click.testing import CliRunner

import tradeviz
from soak import pages
from soak.mutations import Sheet, sheets, written
from soak.parameters import faults_of_parameters
from soak.payloads import PAYLOADS
from tradeviz.cli import app
from tradeviz.data import data_dir
from tradeviz.data.models import MODELS
from tradeviz.data.validation import about, schema

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

_ATOM = "{http://www.w3.org/2005/Atom}"
_ACTIONS = (b"/JavaScript", b"/JS ", b"/Launch", b"/OpenAction", b"/SubmitForm", b"/EmbeddedFile")
_NAMING_PEOPLE = ("us_lead", "partner_lead")
_OF_A_FORM = (
    *("next_step_closed_by", "fr_citation", "currency", "part_of"),
    *("milestone", "locator", "commitment_id", "due_after"),
)
"""Columns of text that take no other words; `bad_data` attacks them."""

_BORNE_OUT = {"horizon_end": "", "amount_per": "total"}
"""What a pledge's description has to bear out, and what stands there where its words are an attack."""


@click.command()
@click.option("--partners", default="KOR,JPN", show_default=True, help="Partners whose pages are made.")
@click.option("--notebooks", default="", help="Notebooks to run; all when not given.")
def run(partners: str, notebooks: str) -> None:
    """Put attacks into every text and parameter; nothing may run, be fetched or leave its place."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tradeviz-soak-") as scratch:
        folder, site = attacked_tables(Path(scratch) / "data"), Path(scratch) / "site"
        days = ["--as-of", "", "--as-of", "2025-08-07"]
        faults = build(folder, site, "--pdf", *days, "--partners", partners, "--notebooks", notebooks)
        made = sorted(site.rglob("*.html"))
        said, found = seen(made)
        asked, left = faults_of_parameters(Path(scratch) / "parameters")
        faults += [*found, *not_shown(said), *faults_of_files(site), *faults_of_prints(site), *left]
    print(*faults, sep="\n")
    print(
        f"tradeviz {tradeviz.__version__}: {len(PAYLOADS)} payloads in {columns()} columns, {len(made)} pages"
        f" in Chromium, {asked} parameters, {time.monotonic() - begun:.0f} s; {len(faults)} at fault"
    )
    if faults:
        sys.exit(1)


def attacked_tables(folder: Path) -> Path:
    """Copy the tables and write a payload into every filled cell of every text column."""
    shutil.copytree(data_dir(), folder)
    turn = 0
    names: dict[str, str] = {}
    for sheet in sorted(sheets(folder, list(MODELS)), key=lambda sheet: sheet.name != "people"):
        rows = [list(row) for row in sheet.rows if sheet.name != "corrections"]  # they repeat other cells
        for at, column in enumerate(sheet.columns):
            if column in _NAMING_PEOPLE:
                for row in rows:
                    row[at] = ";".join(names.get(name, name) for name in row[at].split(";"))
            if sheet.kind(column) == "text" and column not in _OF_A_FORM:
                turn += 1
                chosen = _attack(sheet, rows, at, turn)
                names |= chosen if (sheet.name, column) == ("people", "name") else {}
            for row in rows if column in _BORNE_OUT else ():
                row[at] = _BORNE_OUT[column] if row[at] else ""
        (folder / f"{sheet.name}.csv").write_bytes(written(sheet.columns, rows))
    return folder


def _attack(sheet: Sheet, rows: list[list[str]], at: int, turn: int) -> dict[str, str]:
    """Write payloads into a column; cells that were the same stay the same, as they may be names."""
    listed = sheet.name == "people"  # lists in other tables hold these cells
    longest = about(sheet.name, sheet.columns[at])["longest"]
    chosen: dict[str, str] = {}
    for row in rows:
        if row[at] and row[at] not in chosen:
            number = f" {len(chosen)}"
            fitting = [
                payload
                for payload in PAYLOADS.values()
                if len(payload) + len(number) <= longest and not (listed and ";" in payload)
            ]
            chosen[row[at]] = fitting[(turn + len(chosen)) % len(fitting)] + number
        row[at] = chosen.get(row[at], "")
    return chosen


def columns() -> int:
    """How many columns of text are attacked."""
    every = [(table, name) for table in MODELS for name in schema(table).columns]
    return sum(about(table, name)["kind"] == "text" and name not in _OF_A_FORM for table, name in every)


def build(folder: Path, site: Path, *words: str) -> list[str]:
    """Check the tables and build the site; say what went wrong."""
    faults = []
    data = ["--data", str(folder)]
    for command in (["check", *data], ["build", *data, "--out", str(site), *words]):
        result = CliRunner().invoke(app, command)
        if result.exit_code != 0:
            faults.append(f"{command[0]} ended with {result.exit_code}: {result.output[-1500:]}")
    return faults


def seen(made: list[Path], running: BrowserContext | None = None) -> tuple[str, list[str]]:
    """Look at pages in Chromium, a running one or one of its own: what they say, and what must not be."""
    with nullcontext(running) if running else pages.started() as context:
        looked = [pages.looked_at(context, page) for page in made]
    return " ".join(said for said, _ in looked), [fault for _, found in looked for fault in found]


def not_shown(said: str) -> list[str]:
    """The payloads that no page shows as they were written; spaces aside."""
    squeezed = " ".join(said.split())
    missing = [name for name, payload in PAYLOADS.items() if " ".join(payload.split()) not in squeezed]
    return [f"not shown as text: {name}" for name in missing]


def faults_of_files(site: Path) -> list[str]:
    """Whether feed and data hold the payloads as they were written, in sound XML and CSV."""
    faults = []
    words = ""
    for feed in site.rglob("feed.xml"):
        root = ElementTree.fromstring(feed.read_bytes())
        tags = [element.tag for element in root.iter()]
        faults += [f"{feed.name} has <{tag}>" for tag in tags if not tag.startswith(_ATOM)]
        words += " ".join(root.itertext())
    if not any(payload in words for payload in PAYLOADS.values()):
        faults.append("no payload in the feed")
    cells: set[str] = set()
    for path in site.rglob("data/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file, strict=True)
        faults += [f"{path.name} has a torn row" for row in rows if len(row) != len(header)]
        cells.update(cell.rpartition(" ")[0] for row in rows for cell in row)
    unchanged = sum(payload in cells for payload in PAYLOADS.values())
    few = [f"only {unchanged} payloads are in the data unchanged"]
    return faults + ([] if unchanged > len(PAYLOADS) / 2 else few)


def faults_of_prints(site: Path) -> list[str]:
    """Whether a PDF could do more than be read, or tells where it was made."""
    faults = []
    for path in site.rglob("*.pdf"):
        raw = path.read_bytes()
        faults += [f"{path.name} has {name.decode()}" for name in _ACTIONS if name in raw]
        urls = re.findall(rb"/URI \((.*?)\)", raw)
        wrong = [url.decode("latin-1") for url in urls if not url.startswith((b"http://", b"https://"))]
        faults += [f"{path.name} links to {url[:60]}" for url in sorted(set(wrong))[:3]]
    return faults
