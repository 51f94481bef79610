"""The documentation: its code gives the outputs shown, it names all commands and functions, links hold."""

from __future__ import annotations

import importlib.util
import inspect
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tradeviz import errors
from tradeviz.cli import app

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [*DOCS.rglob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "data" / "README.md"]


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


build = script("build")
measure_pages = script("measure_pages")
run_pages = script("run_pages")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    run_pages.write_exported(folder)
    return folder


@pytest.mark.parametrize("page", run_pages.PAGES, ids=lambda page: page.stem)
def test_the_code_of_a_page_gives_the_outputs_below_it(
    page: Path, exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(exported)
    text = page.read_text(encoding="utf-8")
    assert run_pages.ran(text) == text, "python docs/run_pages.py --write"
    assert "```text" in text


def test_the_command_line_is_told_with_every_option_and_exit_code() -> None:
    text = build.commands()
    commands = app.commands
    parts = dict(re.findall(r"^## `tradeviz ([a-z]+)`\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    assert set(parts) == set(commands)
    for name, command in commands.items():
        options = [one for parameter in command.params for one in parameter.opts if one.startswith("--")]
        assert all(f"`{option}" in parts[name] for option in options), name
        assert f"* `{name}`: {command.help.splitlines()[0]}\n" in text


def test_the_readme_names_every_command_option_and_exit_code() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = app.commands
    assert not [name for name in listed if f"`tradeviz {name}" not in readme]
    options = {
        one
        for command in listed.values()
        for parameter in command.params
        for one in parameter.opts
        if one.startswith("--")
    }
    assert not {one for one in options if not re.search(rf"(?<![\w-]){one}(?![\w-])", readme)}
    codes = {
        one.exit_code
        for one in vars(errors).values()
        if inspect.isclass(one) and issubclass(one, errors.TradevizError)
    }
    told = {int(code) for code in re.findall(r"^\| (\d+)[ ,|]", readme, re.M)}
    assert codes <= told


def test_every_public_function_has_its_place_in_the_reference() -> None:
    pages = build.reference()
    for name, page in pages.items():
        assert name == "index.md" or "automodule" in page
    listed = set(re.findall(r"^   (\w+)$", "\n".join(pages.values()), re.M))
    assert {"load", "Dataset", "effective_panel", "with_orders"} - listed == {"with_orders"}
    for package in build.PACKAGES:
        names = build.public_names(importlib.import_module(package))
        assert names, package
    assert "``FIRST_MONTH``\n   " in pages["tradeviz.exposure.rst"]
    assert "\n   ``" not in pages["tradeviz.exposure.rst"], "a constant has no text below it"


def test_every_page_stands_in_the_contents() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    contents = set(re.findall(r"^([\w/-]+)$", index, re.M))
    pages = {str(page.relative_to(DOCS).with_suffix("")) for page in DOCS.glob("*.md")} - {"index"}
    made = {page.removesuffix(".md") for page in build.ELSEWHERE.values()} | {"cli", "reference/index"}
    assert contents - made - {"tutorials/index"} == pages


def test_links_between_pages_lead_to_a_file_and_a_heading() -> None:
    for page in PAGES:
        text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
            path, _, anchor = link.partition("#")
            if path.removesuffix(".md") in ("cli", "reference/index"):
                continue  # made by docs/build.py, whose pages are checked when it runs
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), f"{page.name}: {link}"
            if anchor:
                headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.M)
                assert anchor in {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


def test_links_of_built_pages_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="b.html#here">1</a><a href="b.html?v=1">2</a><a href="https://x.org">3</a><p id="top"></p>'
        '<a href="b.html#gone">4</a><img src="c.png"><a href="#top">5</a><a href="#bottom">6</a>'
    )
    (tmp_path / "b.html").write_text('<h1 id="here"></h1>')
    assert build.broken_links(tmp_path) == ["a.html: #bottom", "a.html: b.html#gone", "a.html: c.png"]


def test_outputs_of_notebooks_lead_into_the_example_site() -> None:
    markup = '<h3 class="x">T</h3><a href="data/a.csv"></a><a href="#s"></a><a href="https://x.org"></a>'
    cell = {"outputs": [{"data": {"text/html": markup, "application/json": {}}}]}
    (output,) = build.linked({"cells": [cell]})["cells"][0]["outputs"]
    assert output["data"] == {
        "text/html": '<p class="tv-heading">T</p><a href="../example-site/data/a.csv"></a>'
        '<a href="#s"></a><a href="https://x.org"></a>'
    }


def test_figures_of_the_briefings_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {
        name: {"notebook": notebook, "parameters": {"partner": code} if code else {}}
        for name, notebook, code in [
            ("deals", "04-deals.ipynb", ""),
            ("partner-KOR", "01-partner.ipynb", "KOR"),
            ("partner-JPN", "01-partner.ipynb", "JPN"),
        ]
    }
    manifest = {"edition": {"day": "2025-04-25"}, "pages": entries}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    for weight, name in enumerate(["index", *entries], start=1):
        (tmp_path / f"{name}.html").write_text("x" * 1000 * weight)
    (tmp_path / "files" / "stata").mkdir(parents=True)
    (tmp_path / "files" / "stata" / "a.dta").write_bytes(bytes(12_345_000))
    sheets = {"a4": 3, "letter": 4}
    monkeypatch.setattr(
        measure_pages.pdf, "printed", lambda page, day, paper: b"/Type /Page\n" * sheets[paper]
    )
    assert measure_pages.pages(tmp_path).splitlines()[4:] == [
        "| index | 1 | 3 | 4 |",
        "| partner (2 pages; lightest to heaviest) | 3-4 | 3 | 4 |",
        "| deals | 2 | 3 | 4 |",
    ]
    assert "| `files/`: Stata | 1 | 12,345 |" in measure_pages.weights(tmp_path)


def test_no_figure_of_the_briefings_is_typed() -> None:
    text = measure_pages.PAGE.read_text(encoding="utf-8")
    empty = measure_pages.written(text, dict.fromkeys(measure_pages.MEASURES, ""))
    shown = empty.split("## Figures")[1]
    assert not re.search(r"^\|", shown, re.M), "a table stands outside the marks"
    measured = text.split("## Figures")[1]
    assert all(
        f"| {name} |" in measured for name in ("index", "`data/`", "`files/`: workbook", "`files/`: Parquet")
    )
