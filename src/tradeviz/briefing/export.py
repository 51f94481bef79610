"""From an executed notebook to a page: nbconvert with our own template, and the data beside it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from tradeviz.briefing import files
from tradeviz.briefing.plan import Job
from tradeviz.briefing.preprocessor import CONTEXT, exhibits, joined
from tradeviz.errors import TradevizError

TEMPLATES = Path(__file__).with_name("templates")
_NAVIGATION = re.compile(r"(<!--tradeviz:nav-->).*?(<!--/tradeviz:nav-->)", re.DOTALL)
_RUNS_OR_FETCHES = re.compile(
    r"<(?:script|iframe|object|embed|link)\b[^>]*>|<[a-z]+\s[^>]*\bsrc=(?![\"']?data:)[^>]*>"
)
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+(?=>)")
_NOTEBOOK_METADATA = ("kernelspec", "language_info")


@cache
def exporter() -> HTMLExporter:
    """The exporter with our template, made once per process."""
    made = HTMLExporter(extra_template_basedirs=[str(TEMPLATES)], template_name="tradeviz")
    made.exclude_input = True
    made.exclude_input_prompt = True
    made.exclude_output_prompt = True
    made.exclude_anchor_links = True
    return made


def write_page(notebook: NotebookNode, job: Job, site: Path, frame: Any) -> list[str]:
    """Write the page of an executed notebook, the data of its exhibits and its published copy.

    Parameters
    ----------
    notebook : NotebookNode
        The executed notebook.
    job : Job
        What was run.
    site : Path
        The folder of the site.
    frame : Frame
        What the pages of the site share.

    Returns
    -------
    list of str
        The files written, relative to the site; the page itself is written last.
    """
    notebook = _without_addresses(notebook)
    data = {f"data/{job.page}-{one['name']}.csv": one["csv"] for one in exhibits(notebook) if "csv" in one}
    contents = {
        **data,
        f"notebooks/{job.page}.ipynb": published_notebook(notebook),
        f"{job.page}.html": page(notebook, job, frame),
    }
    for name, content in contents.items():
        files.write(site / name, content)
    return sorted(contents)


def page(notebook: NotebookNode, job: Job, frame: Any) -> str:
    """Render the page of an executed notebook as HTML, links to other pages apart.

    Raises
    ------
    TradevizError
        If an output would run a script or fetch something: a page shows itself with no network.
    """
    resources = {"metadata": {"name": job.page}, CONTEXT: _context(job, frame)}
    body, _ = exporter().from_notebook_node(notebook, resources)
    found = _RUNS_OR_FETCHES.search(str(body))
    if found:
        raise TradevizError(f"an output would run or fetch something: {found[0][:60]}")
    return str(body)


def linked_page(content: str, navigation: str) -> str:
    """A page with its links to other pages replaced."""
    return _NAVIGATION.sub(lambda mark: f"{mark[1]}\n{navigation}\n{mark[2]}", content)


def navigation(name: str, singles: Sequence[tuple[str, str]], series: Sequence[tuple[str, str]]) -> str:
    """The links from one page to the others.

    Parameters
    ----------
    name : str
        The page's own name.
    singles, series : sequence of (str, str)
        Names and labels of the pages that are there: those that stand alone, which every page
        links to, and those that a reader pages through.
    """
    links = ['<a href="index.html">All partners</a>']
    for other, label in singles:
        here = ' aria-current="page"' if other == name else ""
        links.append(f'<a href="{html.escape(other)}.html"{here}>{html.escape(label)}</a>')
    names = [other for other, _ in series]
    if name in names:
        at = names.index(name)
        if at > 0:
            links.append(f'<a href="{names[at - 1]}.html" rel="prev">← {html.escape(series[at - 1][1])}</a>')
        if at + 1 < len(names):
            links.append(f'<a href="{names[at + 1]}.html" rel="next">{html.escape(series[at + 1][1])} →</a>')
    return "\n".join(links)


def published_notebook(notebook: NotebookNode) -> str:
    """The executed notebook as text, without times, counts and machine facts."""
    kept = nbformat.from_dict(notebook)
    kept.metadata = {name: kept.metadata[name] for name in _NOTEBOOK_METADATA if name in kept.metadata}
    for number, cell in enumerate(kept.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
        if cell.cell_type == "code":
            cell.execution_count = None
            shown = [output for output in cell.outputs if output.output_type != "stream"]
            cell.outputs = [_without_counts(output) for output in shown]
    return nbformat.writes(kept) + "\n"


def _without_addresses(notebook: NotebookNode) -> NotebookNode:
    """The notebook without the places in memory that Python prints of an object: they differ each time."""
    cleaned = nbformat.from_dict(notebook)
    for cell in cleaned.cells:
        for output in cell.get("outputs", []):
            if "text/plain" in output.get("data", {}):
                output.data["text/plain"] = _ADDRESS.sub("", joined(output.data["text/plain"]))
    return cleaned


def _without_counts(output: NotebookNode) -> NotebookNode:
    if "execution_count" in output:
        output["execution_count"] = None
    return output


def _context(job: Job, frame: Any) -> dict[str, Any]:
    return {
        "version": frame.version,
        "data_hash": frame.data_hash,
        "data_base": f"data/{job.page}",
        "parameters": ", ".join(f"{name} = {value}" for name, value in job.parameters.items()),
        "command": job.command(),
        "notebook": f"notebooks/{job.page}.ipynb",
    }


@cache
def style() -> str:
    """The style sheet of all pages."""
    return (TEMPLATES / "tradeviz" / "style.css").read_text(encoding="utf-8")
