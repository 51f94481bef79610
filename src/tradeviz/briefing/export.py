"""From an executed notebook to a page: nbconvert with our own template, and the data beside it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode

from tradeviz import __version__
from tradeviz.briefing.jobs import Job
from tradeviz.briefing.look import TEMPLATES
from tradeviz.briefing.preprocessor import CONTEXT, exhibits, joined, pictures
from tradeviz.errors import TradevizError

_RUNS_OR_FETCHES = frozenset(("script", "iframe", "object", "embed", "link", "base", "form"))
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+(?=>)")
_NOTEBOOK_METADATA = ("kernelspec", "language_info")


@dataclass(frozen=True)
class Content:
    """What makes up one page.

    Attributes
    ----------
    files : dict of str to str or bytes
        The content of each file by its name, relative to the folder of the edition; the page itself
        comes last.
    resources : dict of str to dict
        For each file of data its title, description and fields, as in a Frictionless package.
    """

    files: dict[str, str | bytes] = field(default_factory=dict)
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)


class PageExporter(HTMLExporter):
    """nbconvert's exporter of HTML, but for its last step.

    That parses the page and writes it anew, to give pictures a text alternative and cells the focus,
    which our template does itself; it takes four times as long as all that is before it.
    """

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> Any:
        """Convert a notebook as nbconvert does it for any template."""
        return TemplateExporter.from_notebook_node(self, nb, resources, **options)


@cache
def exporter() -> PageExporter:
    """The exporter with our template, made once per process."""
    made = PageExporter(  # type: ignore[no-untyped-call]
        extra_template_basedirs=[str(TEMPLATES)], template_name="tradeviz"
    )
    made.exclude_input = True
    made.exclude_input_prompt = True
    made.exclude_output_prompt = True
    made.exclude_anchor_links = True
    return made


def exported(notebook: NotebookNode, job: Job) -> Content:
    """Export an executed notebook: its page, the data of its exhibits and its published copy.

    Parameters
    ----------
    notebook : NotebookNode
        The executed notebook.
    job : Job
        What was run.
    """
    notebook = _without_addresses(notebook)
    shown = {f"data/{job.page}-{entry['name']}.csv": entry for entry in exhibits(notebook) if "csv" in entry}
    contents: dict[str, str | bytes] = {
        **{name: entry["csv"] for name, entry in shown.items()},
        **{f"data/{job.page}-{name}": picture for name, picture in pictures(notebook).items()},
        f"notebooks/{job.page}.ipynb": published_notebook(notebook),
        f"{job.page}.html": page(notebook, job),
    }
    metadata = {
        name: {key: entry.get(key, "") for key in ("title", "description", "fields")}
        for name, entry in shown.items()
    }
    plain = json.loads(json.dumps(metadata))  # the build that is sent this need not import nbformat for it
    return Content(contents, plain)


def page(notebook: NotebookNode, job: Job) -> str:
    """Render the page of an executed notebook as HTML, its links relative and those to other pages apart.

    Raises
    ------
    TradevizError
        If an output would run a script or fetch something: a page shows itself with no network.
    """
    resources = {"metadata": {"name": job.page}, CONTEXT: _context(job)}
    body, _ = exporter().from_notebook_node(notebook, resources)
    watch = _Watch()
    watch.feed(body)
    watch.close()
    return body


class _Watch(HTMLParser):
    """Refuses a page with an element that runs or fetches something."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fetches = any(
            name.startswith("on") or (name in ("src", "srcset") and not (value or "").startswith("data:"))
            for name, value in attrs
        )
        given = dict(attrs)
        icon = tag == "link" and given.get("rel") == "icon" and (given.get("href") or "").startswith("data:")
        if fetches or (tag in _RUNS_OR_FETCHES and not icon):
            raise TradevizError(
                f"an output would run or fetch something: {(self.get_starttag_text() or tag)[:60]}"
            )


def published_notebook(notebook: NotebookNode) -> str:
    """The executed notebook as text, without times, counts and machine facts."""
    copy = nbformat.from_dict(notebook)
    copy.metadata = {name: copy.metadata[name] for name in _NOTEBOOK_METADATA if name in copy.metadata}
    for number, cell in enumerate(copy.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
        if cell.cell_type == "code":
            cell.execution_count = None
            shown = [output for output in cell.outputs if output.output_type != "stream"]
            cell.outputs = [_without_counts(output) for output in shown]
    return nbformat.writes(copy) + "\n"


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
    return {
        "version": __version__,
        "day": job.edition.day,
        "with_files": job.edition.files,
        "data_hash": job.data_hash,
        "scenario": job.edition.scenario,
        "data_base": f"data/{job.page}",
        "files_base": f"files/{job.page}",
        "parameters": ", ".join(f"{name} = {value}" for name, value in job.parameters.items()),
        "command": job.command(),
        "notebook": f"notebooks/{job.page}.ipynb",
    }
