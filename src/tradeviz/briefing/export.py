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
from tradeviz.errors import TradevizError

DATA_MIME = "application/vnd.tradeviz.exhibit+json"
TEMPLATES = Path(__file__).with_name("templates")
_STYLE_BLOCK = re.compile(r"<style>.*?</style>", re.DOTALL)
_DATA_MARK = re.compile(r"<!--tradeviz:data ([a-z0-9-]+)-->")
_NAVIGATION = re.compile(r"(<!--tradeviz:nav-->).*?(<!--/tradeviz:nav-->)", re.DOTALL)
_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_SECTION = re.compile(r"<h2>([^<]*)</h2>")
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
    """Render the page of an executed notebook as HTML, links to other pages apart.

    Raises
    ------
    TradevizError
        If an output would run a script or fetch something: a page shows itself with no network.
    """
    shown = nbformat.from_dict(notebook)
    for cell in shown.cells:
        for output in cell.get("outputs", []):
            markup = output.get("data", {}).get("text/html")
            if markup is not None:
                output.data["text/html"] = _linked(_STYLE_BLOCK.sub("", _joined(markup)), job.page)
    has_header = any("<h1" in _joined(markup) for markup in _outputs(shown))
    shown.cells = [cell for cell in shown.cells if not (has_header and _is_title(cell))]
    body, _ = exporter().from_notebook_node(shown, {"tradeviz": _context(shown, job, frame)})
    found = _RUNS_OR_FETCHES.search(str(body))
    if found:
        raise TradevizError(f"an output would run or fetch something: {found[0][:60]}")
    return _with_contents(str(body))


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
                output.data["text/plain"] = _ADDRESS.sub("", _joined(output.data["text/plain"]))
    return cleaned


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


def _outputs(notebook: NotebookNode) -> list[str | list[str]]:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output.get("data", {}).get("text/html", "") for output in outputs]


def _linked(markup: str, name: str) -> str:
    address = rf"data/{name}-\1.csv"
    link = f'<span class="tv-download"> · <a href="{address}" download>data (CSV)</a></span>'
    return _DATA_MARK.sub(link, markup)


def _joined(markup: str | list[str]) -> str:
    return markup if isinstance(markup, str) else "".join(markup)


def _is_title(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "markdown" and cell.source.startswith("# "))


def _with_contents(content: str) -> str:
    """Name the sections, and list them below the head of the page."""
    sections = _SECTION.findall(content)
    if len(sections) < 3 or "</header>" not in content:
        return content
    items = "".join(f'<li><a href="#{_anchor(words)}">{words}</a></li>' for words in sections)
    contents = f'<nav class="tv-contents" aria-label="On this page"><ul>{items}</ul></nav>'
    named = _SECTION.sub(lambda mark: f'<h2 id="{_anchor(mark[1])}">{mark[1]}</h2>', content)
    return named.replace("</header>", f"</header>\n{contents}", 1)


def _anchor(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def _context(notebook: NotebookNode, job: Job, frame: Any) -> dict[str, Any]:
    title = _TITLE.search("".join(_joined(markup) for markup in _outputs(notebook)))
    return {
        "title": html.unescape(title[1]) if title else job.page,
        "style": style(),
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
