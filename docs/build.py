"""Build the documentation in build/docs: `make docs`.

Lays out in build/docs-source what Sphinx reads: the pages of this folder, the notebooks as the project's own
build ran them, and pages made from the code. Warnings of Sphinx are errors.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

import click

from tradeviz.cli import app

DOCS = Path(__file__).parent
ROOT = DOCS.parent
SOURCE = ROOT / "build" / "docs-source"
OUT = ROOT / "build" / "docs"

PACKAGES = {
    "tradeviz": "The data as they were known on a day.",
    "tradeviz.data": "Tables, their rules and where they stand.",
    "tradeviz.rates": "Statutory and effective rates, threats, deals, scheduled changes.",
    "tradeviz.talks": "Stages, meetings, issues, clauses, what changed.",
    "tradeviz.talks.deals": "Pledges and what became of them.",
    "tradeviz.talks.tempo": "How fast the talks move.",
    "tradeviz.talks.waits": "How long a step of the talks takes.",
    "tradeviz.exposure": "Imports, duties and who is exposed.",
    "tradeviz.evidence": "What the facts rest on, and how old they are.",
    "tradeviz.charts": "Frames in, Matplotlib axes out.",
    "tradeviz.tables": "Frames in, Great Tables out.",
    "tradeviz.summaries": "Sentences from facts.",
    "tradeviz.exhibits": "What a notebook displays.",
    "tradeviz.export": "The data in the formats of other tools.",
    "tradeviz.errors": "Errors that a user can mend, with their exit codes.",
}
"""The public packages, in the order in which data flow."""

ELSEWHERE = {
    "../data/README.md": "codebook.md",
    "../CONTRIBUTING.md": "contributing.md",
    "../CHANGELOG.md": "changelog.md",
    "../notebooks": "examples/index.md",
}
"""Links of the repository's pages, and where they lead in the documentation."""

EXAMPLE_SITE = ("--partners", "KOR", "--as-of", "2026-02-21")


def lay_out() -> None:
    """Copy the pages of the repository to where Sphinx reads them, with links as they are there."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(DOCS, SOURCE, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    for name, page in {
        "data/README.md": "codebook.md",
        "CONTRIBUTING.md": "contributing.md",
        "CHANGELOG.md": "changelog.md",
    }.items():
        shutil.copyfile(ROOT / name, SOURCE / page)
    for path in SOURCE.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        for link, page in ELSEWHERE.items():
            text = text.replace(f"]({link})", f"]({page})")
        text = re.sub(r"\]\(docs/([\w-]+\.md)", r"](\1", text)
        path.write_text(text, encoding="utf-8")


def commands() -> str:
    """Return the reference of the command line: of each command, then the exit codes."""
    listed = "".join(f"* `{name}`: {one.help}\n" for name, one in app.commands.items())
    said = f"# Command line\n\n{app.help}\n\n{listed}" + "".join(map(_command, app.commands.values()))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    codes = re.search(r"\| exit code \| meaning \|\n(?:\|.*\n)+", readme)
    assert codes is not None, "README.md lacks its table of exit codes"
    return f"{said}\n## Exit codes\n\n{codes[0]}"


def _command(command: click.Command) -> str:
    """The part on one command: how it is called, what each parameter is, how it ends."""
    name = f"tradeviz {command.name}"
    with click.Context(command, info_name=name) as context:
        usage = " ".join([name, *command.collect_usage_pieces(context)])
        parameters = [one.get_help_record(context) for one in command.get_params(context)]
    told = "".join(f"* `{names}`: {about}\n" for names, about in filter(None, parameters))
    parts = [f"## `{name}`", command.help, f"```console\n$ {usage}\n```", told, command.epilog]
    return "".join(f"\n{part.rstrip()}\n" for part in parts if part)


def reference() -> dict[str, str]:
    """Return the pages of the reference by path: one for each public package, with the list of them."""
    pages: dict[str, str] = {}
    listed_before: set[int] = set()
    for package in PACKAGES:
        module = importlib.import_module(package)
        heading = f"{package}\n{'=' * len(package)}\n\n.. automodule:: {package}\n   :no-members:\n"
        names = [name for name in public_names(module) if callable(getattr(module, name))]
        names = [name for name in names if id(getattr(module, name)) not in listed_before]
        listed_before |= {id(getattr(module, name)) for name in names}
        listed = "".join(f"   {name}\n" for name in sorted(names, key=str.lower))
        summary = f".. currentmodule:: {package}\n\n.. autosummary::\n   :toctree: {package}\n\n{listed}"
        constants = "\n".join(constants_of(module))
        pages[f"{package}.rst"] = "\n".join(part for part in (heading, summary, constants) if part)
    rows = [f"- {{doc}}`{package}`: {about}" for package, about in PACKAGES.items()]
    toctree = ["```{toctree}", ":hidden:", "", *PACKAGES, "```"]
    pages["index.md"] = "\n".join(["# Reference", "", REFERENCE, "", *rows, "", *toctree, ""])
    return pages


REFERENCE = """Data flow in one direction, from the first of these packages to the last. Functions take a
data set or frames and return frames, axes or tables; each names its parameters, its columns with their units,
and its errors."""


def public_names(module: ModuleType) -> list[str]:
    """Return the names that a module offers: those of `__all__`, or what it defines without a low line."""
    named = getattr(module, "__all__", None)
    if named is not None:
        return [name for name in named if not name.startswith("__")]
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    ]


def constants_of(module: ModuleType) -> Iterator[str]:
    """Describe the public constants of a package, each with the text that stands below it in the code."""
    values = [name for name in public_names(module) if not callable(getattr(module, name))]
    if not values:
        return
    sources = [inspect.getsource(one) for one in _with_submodules(module)]
    yield "Constants\n---------\n"
    for name in sorted(values):
        pattern = rf'^{name}\b[^\n]*=(?:.|\n)*?\n"""((?:.|\n)*?)"""'
        told = next((found[1] for text in sources if (found := re.search(pattern, text, re.M))), "")
        about = " ".join(told.split()).replace("`", "``")
        yield f"``{name}``\n   {about or f'``{getattr(module, name)!r}``'}\n"


def _with_submodules(module: ModuleType) -> Iterator[ModuleType]:
    yield module
    for one in pkgutil.iter_modules(getattr(module, "__path__", [])):
        yield importlib.import_module(f"{module.__name__}.{one.name}")


def build_example() -> None:
    """Run the notebooks of a day: their site is laid beside the pages, and they become pages themselves."""
    site = SOURCE / "site" / "example-site"
    command = [sys.executable, "-m", "tradeviz", "build", *EXAMPLE_SITE, "--out", str(site)]
    subprocess.run(command, check=True)
    listed = []
    for path in sorted((site / "notebooks").glob("*.ipynb")):
        notebook = linked(json.loads(path.read_text(encoding="utf-8")))
        (SOURCE / "examples" / path.name).write_text(json.dumps(notebook), encoding="utf-8")
        listed.append(path.stem)
    index = SOURCE / "examples" / "index.md"
    toctree = ["```{toctree}", ":maxdepth: 1", "", *listed, "```"]
    index.write_text("\n".join([index.read_text(encoding="utf-8"), *toctree, ""]), encoding="utf-8")


def linked(notebook: dict[str, Any]) -> dict[str, Any]:
    """Keep of the outputs of a notebook what a browser shows, with links into the example site.

    Their headings become paragraphs: those of the page are the notebook's own.
    """
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            markup = "".join(output.get("data", {}).get("text/html", ""))
            if markup:
                shown = _HREF.sub(r"\1../example-site/", markup)
                output["data"] = {"text/html": _HEADING.sub(_paragraph, shown)}
    return notebook


_HREF = re.compile(r'(href=")(?!https?:|#|mailto:)')
_HEADING = re.compile(r"<(/?)h[1-6]\b([^>]*)>")


def _paragraph(heading: re.Match[str]) -> str:
    return "</p>" if heading[1] else '<p class="tv-heading">'


def broken_links(folder: Path) -> list[str]:
    """Name the links between the pages of a folder that lead nowhere; no network is asked."""
    paths = [path for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts]
    pages = {path: Page.read(path) for path in paths}
    found = []
    for path, page in pages.items():
        for link in sorted(page.links):
            address, anchor = urlsplit(link).path, urlsplit(link).fragment
            target = (path.parent / unquote(address)).resolve() if address else path
            target = target / "index.html" if target.is_dir() else target
            known = pages.get(target)
            if not target.exists() or (anchor and known and unquote(anchor) not in known.anchors):
                found.append(f"{path.relative_to(folder)}: {link}")
    return found


class Page(HTMLParser):
    """The links of a page to others beside it, and the anchors that lead into it."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = {""}

    @classmethod
    def read(cls, path: Path) -> Page:
        """Read the page of a file."""
        page = cls()
        page.feed(path.read_text(encoding="utf-8"))
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag links to and how it can be linked to."""
        for name, value in attrs:
            if name == "id" or (name == "name" and tag == "a"):
                self.anchors.add(value or "")
            elif name in ("href", "src") and value and not re.match(r"[a-z]+:|//", value):
                self.links.add(value)


def main() -> int:
    """Lay out the sources, run Sphinx, and check what it made."""
    lay_out()
    (SOURCE / "cli.md").write_text(commands(), encoding="utf-8")
    (SOURCE / "reference").mkdir()
    for name, text in reference().items():
        (SOURCE / "reference" / name).write_text(text, encoding="utf-8")
    build_example()
    shutil.rmtree(OUT, ignore_errors=True)
    sphinx = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q", "-d"]
    ran = subprocess.run([*sphinx, str(ROOT / "build" / "doctrees"), str(SOURCE), str(OUT)], check=False)
    broken = broken_links(OUT) if ran.returncode == 0 else []
    for link in broken:
        print(f"leads nowhere: {link}", file=sys.stderr)
    if ran.returncode or broken:
        return 1
    if shutil.which("chromium"):
        import look_at_pages

        if look_at_pages.main():
            return 1
    print(f"wrote {OUT / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
