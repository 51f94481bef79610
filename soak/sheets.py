"""Whether the brief of every partner prints on one sheet, on six days and both papers.

Only the cells of a partner's page down to the end of its brief are run, in this process, and all
sheets are printed by one Chromium.
"""

from __future__ import annotations

import ast
import re
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click
import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Page, sync_playwright

import tradeviz
from tradeviz.briefing import export, pdf
from tradeviz.briefing.jobs import Job

DAYS = ("2025-02-05", "2025-04-25", "2025-08-07", "2025-11-13", "2026-02-21", "")
"""From the first effective rates on to the last covered day."""

_PAGES = re.compile(rb"/Type\s*/Page\b")
_NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "01-partner.ipynb"


def sheet_of(partner: str, day: str) -> str:
    """The brief of a partner on a day, as the page that `tradeviz build --brief` prints."""
    names: dict[str, Any] = {}
    cells = []
    for cell in nbformat.read(_NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "code":
            shown = _run(cell.source, names)
            if "parameters" in cell.metadata.get("tags", []):
                names |= {"partner": partner, "as_of": day}
            if shown is not None:
                output = new_output("display_data", shown._repr_mimebundle_())
                cells.append(new_code_cell(cell.source, outputs=[output]))
            if "brief_end" in cell.source:
                break
    return pdf.sheet(export.page(new_notebook(cells=cells), Job(_NOTEBOOK, f"partner-{partner}")))


def sheets_printed(page: Page, sheet: str, paper: str) -> int:
    """How many sheets of paper a brief takes."""
    page.set_content(sheet.replace("</head>", f"<style>@page {{ size: {paper}; }}</style></head>", 1))
    return len(_PAGES.findall(page.pdf(prefer_css_page_size=True)))


def _run(source: str, names: dict[str, Any]) -> Any:
    """Run a cell; what its last line shows, None for a statement."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, _NOTEBOOK.name, "exec"), names)
    return eval(compile(ast.Expression(last.value), _NOTEBOOK.name, "eval"), names) if last else None


def printed(partners: list[str], days: list[str]) -> Iterator[tuple[str, str, str, int]]:
    """Partner, day, paper and sheets of every brief; each data set is loaded once."""
    with sync_playwright() as playwright, patch.object(tradeviz, "load", cache(tradeviz.load)):
        chromium = playwright.chromium.launch(executable_path=pdf.chromium(), args=["--no-sandbox"])
        page = chromium.new_page()
        for day in days:
            for partner in partners:
                sheet = sheet_of(partner, day)
                for paper in pdf.PAPERS:
                    yield partner, day, paper, sheets_printed(page, sheet, paper)


@click.command()
@click.option("--partners", default="", help="Codes, comma-separated; all when empty.")
@click.option("--days", default="", help="ISO days, comma-separated; six when empty.")
def run(partners: str, days: str) -> None:
    """Print every brief and count the sheets of paper that it takes."""
    codes = partners.split(",") if partners else list(tradeviz.load().partners["partner"])
    asked = days.split(",") if days else list(DAYS)
    start, count, failed = time.monotonic(), 0, 0
    for partner, day, paper, sheets in printed(codes, asked):
        count += 1
        if sheets != 1:
            failed += 1
            print(f"{partner} {day or 'last day'} {paper}: {sheets} sheets", flush=True)
    print(f"{count} briefs printed in {time.monotonic() - start:.0f} s, {failed} not on one sheet")
    if failed:
        sys.exit(1)
