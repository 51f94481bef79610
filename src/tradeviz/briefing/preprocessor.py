"""Readies an executed notebook for our nbconvert template: title, sections, contents, what made it.

The template names this preprocessor in its `conf.json`, so that it runs in our batch and also
under `jupyter nbconvert --to html --template tradeviz executed.ipynb`.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from tradeviz.briefing.jobs import papermill_command
from tradeviz.briefing.plan import parameters_in
from tradeviz.stamp import titled

CONTEXT = "tradeviz"
"""Where the template finds what the page says about itself, in nbconvert's `resources`."""

DATA_MIME = "application/vnd.tradeviz.exhibit+json"
_STYLE_BLOCK = re.compile(r"<style>.*?</style>", re.DOTALL)
_DATA_MARK = re.compile(r"<!--tradeviz:data ([a-z0-9-]+)-->")
_PICTURE = re.compile(r'src="data:image/(svg\+xml|png);base64,([A-Za-z0-9+/=]+)"')
_TERM = re.compile(r'<li data-term="([^"]*)">(.*?)</li>', re.DOTALL)
_EXHIBIT_TITLE = re.compile(r'<h([23]) class="tv-title">(.*?)</h\1>', re.DOTALL)
_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_MARKDOWN_SECTION = re.compile(r"^## +(.+?) *$", re.MULTILINE)
_SECTION = re.compile(r'<h2(?: id="[^"]*")?>([^<]*)</h2>')
_FEWEST_SECTIONS = 3
CONTENTS_PLACE = "<!--tradeviz:contents-->"
"""Where a page lists its sections; before the first of them where an output does not say."""


class Briefing(Preprocessor):
    """Turn the cells of an executed notebook into those of a briefing."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Ready a notebook.

        Parameters
        ----------
        nb : NotebookNode
            The executed notebook; it is left as it is.
        resources : dict
            nbconvert's; under "tradeviz" what the batch knows of the page, if it runs in the batch.

        Returns
        -------
        NotebookNode, dict
            Sections with anchors, and a list of them; titles of exhibits before the first section
            raised to its level; terms that the page does not use and style blocks of tables taken out; a
            markdown title taken out where an output has the page's own. Under "tradeviz": title, command,
            parameters, and what the batch gave.
        """
        given = dict(resources.get(CONTEXT, {}))
        shown = nbformat.from_dict(nb)
        for cell in shown.cells:
            _ready(cell, given)
        markups = [output.data["text/html"] for output in _html_outputs(shown)]
        title = next(filter(None, map(_TITLE.search, markups)), None)
        if title:
            shown.cells = [cell for cell in shown.cells if not _is_title(cell)]
        _leave_out_terms(shown)
        _raise_titles(shown)
        _list_sections(shown)
        named = resources.get("metadata", {}).get("name", "notebook")
        name = html.unescape(title[1]) if title else named
        resources[CONTEXT] = {"title": name, **_about(shown), **_made_by(nb), **given}
        return shown, resources


def exhibits(notebook: NotebookNode) -> list[dict[str, Any]]:
    """What the outputs of a notebook carry besides their HTML: data of exhibits, facts on the page."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output.data[DATA_MIME] for output in outputs if DATA_MIME in output.get("data", {})]


def pictures(notebook: NotebookNode) -> dict[str, bytes]:
    """The pictures that the page shows, by name of the exhibit and ending."""
    found = {}
    for output in _html_outputs(notebook):
        shown = output.data.get(DATA_MIME, {})
        picture = _PICTURE.search(joined(output.data["text/html"])) if "csv" in shown else None
        if picture:
            found[f"{shown['name']}.{picture[1].removesuffix('+xml')}"] = base64.b64decode(picture[2])
    return found


def joined(markup: str | list[str]) -> str:
    """The text of an output, which the notebook format allows to be a list of lines."""
    return markup if isinstance(markup, str) else "".join(markup)


def _ready(cell: NotebookNode, given: Mapping[str, Any]) -> None:
    if cell.cell_type == "markdown":
        cell.source = _MARKDOWN_SECTION.sub(lambda mark: _heading(html.escape(mark[1])), cell.source)
    for output in _html_outputs_of(cell):
        markup = _STYLE_BLOCK.sub("", joined(output.data["text/html"]))
        markup = _SECTION.sub(lambda mark: _heading(mark[1]), markup)
        links = _links(markup, given) if "data_base" in given else ""
        output.data["text/html"] = _DATA_MARK.sub(links.replace("\\", r"\\"), markup)


def _heading(words: str) -> str:
    return f'<h2 id="{_anchor(words)}">{words}</h2>'


def _anchor(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", html.unescape(words).lower()).strip("-")


def _links(markup: str, given: Mapping[str, Any]) -> str:
    """The links to an exhibit's data and picture, and how to cite it; there are such files in a site only."""
    mark, picture = _DATA_MARK.search(markup), _PICTURE.search(markup)
    if not mark:
        return ""
    files = {"data (CSV)": f"{given['data_base']}-{mark[1]}.csv"}
    if picture:
        ending = picture[1].removesuffix("+xml")
        files[f"picture ({ending.upper()})"] = f"{given['data_base']}-{mark[1]}.{ending}"
        if given.get("with_files"):
            files["picture to print (PNG)"] = f"{given['files_base']}-{mark[1]}.png"
    links = [f'<a href="{html.escape(to)}" download>{words}</a>' for words, to in files.items()]
    title = _EXHIBIT_TITLE.search(markup)
    anchor = html.escape(f"#ex-{mark[1]}")
    cited = f"tradeviz {given['version']}, United States tariff talks as of {given['day']}, data "
    what = titled(title[2] if title else mark[1], html.escape(given.get("scenario", "")))
    words = f'{cited}{given["data_hash"][:12]}: {what} <a class="tv-place" href="{anchor}">{anchor}</a>'
    cite = f'<details class="tv-cite"><summary>cite this</summary><p>{words}</p></details>'
    return f'<span class="tv-download"> · {" · ".join(links)}</span>{cite}'


def _leave_out_terms(notebook: NotebookNode) -> None:
    """Let the page explain only the terms that it uses."""
    page_text = " ".join(_TERM.sub("", text) for cell in notebook.cells for text in _texts(cell))
    words = html.unescape(re.sub(r"<[^>]*>", " ", page_text)).lower()

    def term_if_used(mark: re.Match[str]) -> str:
        used = re.search(rf"\b{re.escape(html.unescape(mark[1]).lower())}", words)
        return f"<li>{mark[2]}</li>" if used else ""

    for output in _html_outputs(notebook):
        output.data["text/html"] = _TERM.sub(term_if_used, output.data["text/html"])


def _raise_titles(notebook: NotebookNode) -> None:
    """Let titles of exhibits that stand before the first section follow the page's own without a gap."""
    for cell in notebook.cells:
        if any(map(_SECTION.search, _texts(cell))):
            return
        for output in _html_outputs_of(cell):
            raised = _EXHIBIT_TITLE.sub(r'<h2 class="tv-title">\2</h2>', output.data["text/html"])
            output.data["text/html"] = raised


def _list_sections(notebook: NotebookNode) -> None:
    """List the sections where an output says so, else before the first of them."""
    in_order = []
    for cell in notebook.cells:
        in_order += [words for text in _texts(cell) for words in _SECTION.findall(text)]
    if len(in_order) < _FEWEST_SECTIONS:
        return
    items = "".join(f'<li><a href="#{_anchor(words)}">{words}</a></li>' for words in in_order)
    contents = f'<nav class="tv-contents" aria-label="On this page"><ul>{items}</ul></nav>'
    for output in _html_outputs(notebook):
        before, mark, rest = output.data["text/html"].partition(CONTENTS_PLACE)
        if mark:
            output.data["text/html"] = f"{before}{mark}\n{contents}{rest}"
            return
    first = next(cell for cell in notebook.cells if any(map(_SECTION.search, _texts(cell))))
    listed = new_markdown_cell(contents)
    notebook.cells.insert(notebook.cells.index(first), listed)


def _texts(cell: NotebookNode) -> list[str]:
    """What a page shows of a cell."""
    texts = [cell.source] if cell.cell_type == "markdown" else []
    return texts + [output.data["text/html"] for output in _html_outputs_of(cell)]


def _html_outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in _html_outputs_of(cell)]


def _html_outputs_of(cell: NotebookNode) -> list[NotebookNode]:
    return [output for output in cell.get("outputs", []) if "text/html" in output.get("data", {})]


def _is_title(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "markdown" and cell.source.startswith("# "))


def _about(notebook: NotebookNode) -> dict[str, str]:
    found = [exhibit["about"] for exhibit in exhibits(notebook) if "about" in exhibit]
    return dict(found[0]) if found else {}


def _made_by(notebook: NotebookNode) -> dict[str, str]:
    """The papermill command that a notebook says it was executed by; nothing where it was run by hand."""
    run = notebook.metadata.get("papermill", {})
    if not run.get("input_path"):
        return {}
    parameters = run.get("parameters", {})
    command = papermill_command(run["input_path"], run.get("output_path") or "executed.ipynb", parameters)
    listed = ", ".join(f"{name} = {value}{_lacking(name, notebook)}" for name, value in parameters.items())
    return {"command": command, "parameters": listed}


def _lacking(name: str, notebook: NotebookNode) -> str:
    """Say that a parameter had no effect: papermill only warns of one that the notebook lacks."""
    with suppress(SyntaxError):
        return "" if name in parameters_in(notebook) else " (not a parameter of the notebook: without effect)"
    return ""
