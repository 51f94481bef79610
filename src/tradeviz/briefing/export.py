"""From an executed notebook to a page: nbconvert with our own template, and the data beside it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from tradeviz import __version__
from tradeviz.briefing import files
from tradeviz.briefing.plan import Job
from tradeviz.briefing.preprocessor import CONTEXT, exhibits, joined
from tradeviz.errors import TradevizError

TEMPLATES = Path(__file__).with_name("templates")
_NAVIGATION = re.compile(r"(<!--tradeviz:nav-->).*?(<!--/tradeviz:nav-->)", re.DOTALL)
_ATTRIBUTE = r"""\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?"""
_RUNS_OR_FETCHES = re.compile(
    rf"""<(?:script|iframe|object|embed|link|base|form)\b[^>]*>"""
    rf"""|<[a-z]+(?=\s)(?:{_ATTRIBUTE})*?\s+(?:(?:src|srcset)\s*=\s*(?!["']?data:)|on[a-z]+\s*=)[^>]*>""",
    re.IGNORECASE,
)
"""Goes attribute by attribute, as one may quote what looks like another."""

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+(?=>)")
_NOTEBOOK_METADATA = ("kernelspec", "language_info")


@dataclass(frozen=True)
class Written:
    """What was written for one page.

    Attributes
    ----------
    files : tuple of str
        Names, relative to the folder of the edition.
    fields : dict of str to list
        For each file of data the names and types of its columns, as in a Frictionless schema.
    """

    files: tuple[str, ...] = ()
    fields: dict[str, list[dict[str, str]]] = field(default_factory=dict)


@cache
def exporter() -> HTMLExporter:
    """The exporter with our template, made once per process."""
    made = HTMLExporter(extra_template_basedirs=[str(TEMPLATES)], template_name="tradeviz")
    made.exclude_input = True
    made.exclude_input_prompt = True
    made.exclude_output_prompt = True
    made.exclude_anchor_links = True
    return made


def write_page(notebook: NotebookNode, job: Job, folder: Path) -> Written:
    """Write the page of an executed notebook, the data of its exhibits and its published copy.

    Parameters
    ----------
    notebook : NotebookNode
        The executed notebook.
    job : Job
        What was run.
    folder : Path
        The folder of the edition.

    Returns
    -------
    Written
        The files written, relative to the folder; the page itself is written last.
    """
    notebook = _without_addresses(notebook)
    shown = {f"data/{job.page}-{one['name']}.csv": one for one in exhibits(notebook) if "csv" in one}
    contents = {
        **{name: one["csv"] for name, one in shown.items()},
        f"notebooks/{job.page}.ipynb": published_notebook(notebook),
        f"{job.page}.html": page(notebook, job),
    }
    for name, content in contents.items():
        files.write(folder / name, content)
    return Written(tuple(sorted(contents)), {name: one["fields"] for name, one in shown.items()})


def page(notebook: NotebookNode, job: Job) -> str:
    """Render the page of an executed notebook as HTML, links to other pages apart.

    Raises
    ------
    TradevizError
        If an output would run a script or fetch something: a page shows itself with no network.
    """
    resources = {"metadata": {"name": job.page}, CONTEXT: _context(job)}
    body, _ = exporter().from_notebook_node(notebook, resources)
    found = _RUNS_OR_FETCHES.search(str(body))
    if found:
        raise TradevizError(f"an output would run or fetch something: {found[0][:60]}")
    return str(body)


def linked_page(content: str, navigation: str) -> str:
    """A page with its links to other pages replaced."""
    return _NAVIGATION.sub(lambda mark: f"{mark[1]}\n{navigation}\n{mark[2]}", content)


def navigation(
    name: str, singles: Sequence[tuple[str, str]], series: Sequence[tuple[str, str]], base_url: str = ""
) -> str:
    """The links from one page to the others.

    Parameters
    ----------
    name : str
        The page's own name.
    singles, series : sequence of (str, str)
        Names and labels of the pages that are there: those that stand alone, which every page
        links to, and those that a reader pages through.
    base_url : str
        What the links start with; "" for relative ones.
    """
    links = [_link(base_url, "index", "All partners")]
    for other, label in singles:
        links.append(_link(base_url, other, label, ' aria-current="page"' if other == name else ""))
    names = [other for other, _ in series]
    if name in names:
        at = names.index(name)
        if at > 0:
            links.append(_link(base_url, names[at - 1], f"← {series[at - 1][1]}", ' rel="prev"'))
        if at + 1 < len(names):
            links.append(_link(base_url, names[at + 1], f"{series[at + 1][1]} →", ' rel="next"'))
    return "\n".join(links)


def _link(base_url: str, page: str, label: str, attributes: str = "") -> str:
    return f'<a href="{html.escape(f"{base_url}{page}")}.html"{attributes}>{html.escape(label)}</a>'


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


def _context(job: Job) -> dict[str, Any]:
    base = job.edition.base_url
    return {
        "version": __version__,
        "data_hash": job.edition.data_hash,
        "data_base": f"{base}data/{job.page}",
        "parameters": ", ".join(f"{name} = {value}" for name, value in job.parameters.items()),
        "command": job.command(),
        "notebook": f"{base}notebooks/{job.page}.ipynb",
    }


@cache
def style() -> str:
    """The style sheet of all pages."""
    return (TEMPLATES / "tradeviz" / "style.css").read_text(encoding="utf-8")
