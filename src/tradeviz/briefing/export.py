"""From an executed notebook to a page: nbconvert with our own template, and the data beside it."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from tradeviz.briefing import files
from tradeviz.briefing.plan import Job

DATA_MIME = "application/vnd.tradeviz.exhibit+json"
TEMPLATES = Path(__file__).with_name("templates")
_STYLE_BLOCK = re.compile(r"<style>.*?</style>", re.DOTALL)
_DATA_MARK = re.compile(r"<!--tradeviz:data ([a-z0-9-]+)-->")
_TITLE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
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
        The files written, relative to the site.
    """
    data = {f"data/{job.page}-{name}.csv": content for name, content in _exhibits(notebook).items()}
    contents = {
        **data,
        f"notebooks/{job.page}.ipynb": published_notebook(notebook),
        f"{job.page}.html": page(notebook, job, frame),
    }
    for name, content in contents.items():
        files.write(site / name, content)
    return sorted(contents)


def page(notebook: NotebookNode, job: Job, frame: Any) -> str:
    """Render the page of an executed notebook as HTML."""
    shown = nbformat.from_dict(notebook)
    for cell in shown.cells:
        for output in cell.get("outputs", []):
            markup = output.get("data", {}).get("text/html")
            if markup is not None:
                output.data["text/html"] = _linked(_STYLE_BLOCK.sub("", _joined(markup)), job.page)
    shown.cells = [cell for cell in shown.cells if not _is_title(cell)]
    body, _ = exporter().from_notebook_node(shown, {"tradeviz": _context(shown, job, frame)})
    return str(body)


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


def _without_counts(output: NotebookNode) -> NotebookNode:
    if "execution_count" in output:
        output["execution_count"] = None
    return output


def _exhibits(notebook: NotebookNode) -> dict[str, str]:
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            exhibit = output.get("data", {}).get(DATA_MIME)
            if exhibit:
                found[exhibit["name"]] = exhibit["csv"]
    return found


def _linked(markup: str, name: str) -> str:
    link = rf' · <a class="tv-download" href="data/{name}-\1.csv" download>data (CSV)</a>'
    return _DATA_MARK.sub(link, markup)


def _joined(markup: str | list[str]) -> str:
    return markup if isinstance(markup, str) else "".join(markup)


def _is_title(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "markdown" and cell.source.startswith("# "))


def _context(notebook: NotebookNode, job: Job, frame: Any) -> dict[str, Any]:
    markup = "".join(
        _joined(output.get("data", {}).get("text/html", ""))
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )
    title = _TITLE.search(markup)
    names = [name for name, _ in frame.pages]
    at = names.index(job.page) if job.page in names else None
    return {
        "title": html.unescape(title[1]) if title else job.page,
        "style": style(),
        "sections": [cell.source[3:] for cell in notebook.cells if cell.source.startswith("## ")],
        "previous": frame.pages[at - 1] if at else None,
        "next": frame.pages[at + 1] if at is not None and at + 1 < len(names) else None,
        "version": frame.version,
        "data_hash": frame.data_hash,
        "parameters": ", ".join(f"{name} = {value}" for name, value in job.parameters.items()),
        "command": job.command(),
        "notebook": f"notebooks/{job.page}.ipynb",
    }


@cache
def style() -> str:
    """The style sheet of all pages."""
    return (TEMPLATES / "tradeviz" / "style.css").read_text(encoding="utf-8")
