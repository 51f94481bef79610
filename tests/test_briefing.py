"""From notebooks to a site: plan, run, pages, index and manifest; what fails and what stays."""

from __future__ import annotations

import csv
import json
import pickle
import re
import shutil
import tempfile
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner, Result
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import small_notebooks
import tradeviz
from known import known
from tradeviz import briefing, exhibits
from tradeviz.briefing import Edition, export, files, links, site
from tradeviz.briefing import manifest as manifests
from tradeviz.briefing.jobs import Job
from tradeviz.briefing.plan import page_name
from tradeviz.cli import app
from tradeviz.errors import TradevizError, UsageError
from tradeviz.export import table_sheets

APRIL = Edition("2025-04-25")
STYLE_LIMIT = 25_000

AS_OF = 'as_of: str = ""  # day'
GOOD = ("# Title for readers of the notebook", "## One & two", 'partner = "KOR"', small_notebooks.EXHIBIT)
RAISES = ("x = 1", 'raise ValueError("no\\nsuch <thing>")', "x = 2")
DIES = ("import os; os._exit(3)",)
RUNS = ("from IPython.display import HTML", "HTML('<script>1</script>')")

each_page = pytest.mark.parametrize("name", ["index", "overview", "partner-KOR"])


@dataclass(frozen=True)
class Told:
    """A build of small notebooks: what the command line said, and the site that it left."""

    result: Result
    site: Path
    files: dict[str, bytes]


@pytest.fixture(scope="module")
def small(one_page_process: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """The same small site three times over: sound, then with notebooks that fail, then mended."""
    folder = tmp_path_factory.mktemp("small")
    stories = {
        "sound": {"00-good": GOOD, "01-bad": GOOD},
        "broken": {"00-good": GOOD, "01-bad": RAISES, "02-dies": DIES, "03-runs": RUNS},
        "mended": {"00-good": GOOD, "01-bad": GOOD},
    }
    told = {}
    for name, notebooks in stories.items():
        shelf = folder / f"notebooks-{name}"
        for stem, cells in notebooks.items():
            small_notebooks.write(shelf / f"{stem}.ipynb", *cells, parameters=AS_OF)
        words = ["--notebook-folder", str(shelf), *(["--jobs", "1"] if name == "mended" else [])]
        result = build(folder / "site", *words)
        kept = folder / f"site-{name}"
        shutil.copytree(folder / "site", kept)
        told[name] = Told(result, kept, contents(kept))
    return told


def build(out: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["build", "--as-of", "2025-04-25", "--out", str(out), *words])


def manifest(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["pages"])


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a site but build-log.json, which tells seconds."""
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in there.items() if name != "build-log.json"}


def page_of(markup: str) -> str:
    output = new_output("display_data", {"text/html": markup})
    notebook = new_notebook(cells=[new_code_cell("1", outputs=[output])])
    return export.page(notebook, Job(Path("00-a.ipynb"), "a"))


class Tags(HTMLParser):
    """The start tags of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def tags_of(path: Path) -> list[tuple[str, dict[str, str]]]:
    return Tags(path.read_text(encoding="utf-8")).found


# The plan


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    small_notebooks.write(tmp_path / "00-all.ipynb", parameters=AS_OF)
    small_notebooks.write(tmp_path / "01-partner.ipynb")
    small_notebooks.write(tmp_path / "02-none-at-all.ipynb", parameters="")
    small_notebooks.write(tmp_path / "explore.ipynb", tradeviz={"briefing": False})
    return tmp_path


def test_a_notebook_gets_the_parameters_that_its_own_cell_names(shelf: Path) -> None:
    jobs = briefing.plan(shelf, ["KOR", "JPN"], APRIL)
    assert [(job.page, job.parameters) for job in jobs] == [
        ("all", {"as_of": "2025-04-25"}),
        ("partner-KOR", {"partner": "KOR", "as_of": "2025-04-25"}),
        ("partner-JPN", {"partner": "JPN", "as_of": "2025-04-25"}),
        ("none-at-all", {}),
    ]
    assert pickle.loads(pickle.dumps(jobs)) == jobs
    assert jobs[1].command() == (
        "papermill notebooks/01-partner.ipynb partner-KOR.ipynb -p partner KOR -p as_of 2025-04-25"
    )


@pytest.mark.parametrize("name", ["01-partner", "partner", "01-partner.ipynb"])
def test_a_notebook_can_be_named_in_three_ways(shelf: Path, name: str) -> None:
    assert [job.page for job in briefing.plan(shelf, ["KOR"], APRIL, [name])] == ["partner-KOR"]


def test_an_unknown_notebook_is_told_with_those_that_there_are(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"use one of 00-all, 01-partner, 02-none-at-all$"):
        briefing.plan(shelf, ["KOR"], APRIL, ["explore"])
    with pytest.raises(UsageError, match="no notebook"):
        briefing.plan(tmp_path / "none", [], APRIL)


def test_only_a_number_in_front_is_left_out_of_a_page_name() -> None:
    assert page_name(Path("02-tariff-timeline.ipynb")) == "tariff-timeline"
    assert page_name(Path("g20.ipynb")) == "g20"


# The pages of the real notebooks


@pytest.mark.slow
def test_every_page_has_its_files_and_nothing_else_is_there(built_site: Path) -> None:
    pages = manifest(built_site)
    assert set(pages) == {"overview", "partner-KOR"}
    listed = [name for entry in pages.values() for name in entry["files"]]
    around = ["data/datapackage.json", "index.html", "manifest.json"]
    around += ["feed.xml", "feed.json", "deadlines.ics"]
    around += [f"feeds/partner-KOR.{ending}" for ending in ("xml", "json", "ics")]
    around += [f"data/{sheet.name}.csv" for sheet in table_sheets(known("2025-04-25"))]
    assert sorted(contents(built_site)) == sorted([*listed, *around])
    ds = known("2025-04-25")
    seen = {"overview": ds.data_hash(), "partner-KOR": ds.for_partner("KOR").data_hash()}
    assert {name: (entry["status"], entry["data_hash"]) for name, entry in pages.items()} == {
        name: ("ok", data_hash) for name, data_hash in seen.items()
    }
    assert pages["partner-KOR"]["notebook"] == "01-partner.ipynb"
    assert pages["partner-KOR"]["parameters"] == {"partner": "KOR", "as_of": "2025-04-25"}


@pytest.mark.slow
def test_times_are_in_the_build_log_only(built_site: Path) -> None:
    log = json.loads((built_site / "build-log.json").read_text(encoding="utf-8"))
    assert log["seconds"] > 0
    assert "second" not in (built_site / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.slow
@each_page
def test_a_page_needs_no_network_and_runs_nothing(built_site: Path, name: str) -> None:
    path = built_site / f"{name}.html"
    for tag, attributes in tags_of(path):
        assert tag not in {"script", "iframe", "object", "embed", "base"}
        assert tag != "link" or attributes["rel"] in ("icon", "alternate")
        assert attributes.get("rel") != "icon" or attributes["href"].startswith("data:")
        assert not [attribute for attribute in attributes if attribute.startswith("on")]
        for attribute in ("src", "srcset", "poster", "background"):
            assert attributes.get(attribute, "data:").startswith("data:")
        if tag != "a":
            assert not attributes.get("href", "").startswith("http")
    (style,) = re.findall(r"<style>(.*?)</style>", path.read_text(encoding="utf-8"), re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    assert len(style.encode()) < STYLE_LIMIT


@pytest.mark.slow
@each_page
def test_links_within_the_site_lead_somewhere(built_site: Path, name: str) -> None:
    found = tags_of(built_site / f"{name}.html")
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for link in [attributes["href"] for tag, attributes in found if tag == "a"]:
        if link.startswith("#"):
            assert link[1:] in ids
        elif not link.startswith(("http", "mailto:")):
            page, _, place = link.partition("#")
            assert (built_site / page).is_file(), link
            assert not place or f'id="{place}"' in (built_site / page).read_text(encoding="utf-8"), link


@pytest.mark.slow
@each_page
def test_a_page_can_be_read_by_everyone(built_site: Path, name: str) -> None:
    text = (built_site / f"{name}.html").read_text(encoding="utf-8")
    found = tags_of(built_site / f"{name}.html")
    for once in ("h1", "main", "title"):
        assert [tag for tag, _ in found].count(once) == 1
    assert ("html", {"lang": "en"}) in found
    assert all(len(attributes.get("alt", "")) > 20 for tag, attributes in found if tag == "img")
    title = re.search(r"<title>(.*) \(as of 25 April 2025\)</title>", text)
    assert title
    assert f"<h1>{title[1]}</h1>" in text
    metas = [one for tag, one in found if tag == "meta"]
    told = {one.get("property", one.get("name", "")): one.get("content", "") for one in metas}
    assert told["og:title"] == f"{title[1]} (as of 25 April 2025)"
    assert 40 < len(told["description"]) <= 310
    assert told["description"] == told["og:description"]


@pytest.mark.slow
def test_a_page_shows_no_code_and_names_what_made_it(built_site: Path) -> None:
    text = (built_site / "partner-KOR.html").read_text(encoding="utf-8")
    assert "import tradeviz" not in text
    assert "papermill notebooks/01-partner.ipynb partner-KOR.ipynb -p partner KOR -p as_of 2025-04-25" in text
    assert known("2025-04-25").for_partner("KOR").data_hash() in text
    assert f"tradeviz {tradeviz.__version__}" in text


@pytest.mark.slow
def test_the_index_has_every_partner_and_links_those_that_are_there(built_site: Path) -> None:
    index = (built_site / "index.html").read_text(encoding="utf-8")
    assert all(f"{name}<" in index for name in known("2025-04-25").partners["name"])
    linked = {attributes["href"] for tag, attributes in tags_of(built_site / "index.html") if tag == "a"}
    assert {"overview.html", "partner-KOR.html"} <= linked
    assert "partner-JPN.html" not in linked
    assert "As of 25 April 2025" in index


@pytest.mark.slow
def test_the_data_of_every_exhibit_can_be_read(built_site: Path) -> None:
    for path in (built_site / "data").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file))
        assert {len(line) for line in lines} == {len(lines[0])}, path.name


@pytest.mark.slow
def test_published_notebooks_hold_outputs_but_no_times(built_site: Path) -> None:
    for path in (built_site / "notebooks").iterdir():
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert set(notebook.metadata) <= {"kernelspec", "language_info"}
        assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
        codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert {cell.execution_count for cell in codes} == {None}
        assert any(cell.outputs for cell in codes)


@pytest.mark.slow
def test_no_place_of_this_machine_is_in_the_site(built_site: Path) -> None:
    for name, content in contents(built_site).items():
        for place in (Path.home(), tempfile.gettempdir(), Path(__file__).parents[1]):
            assert f"{place}/".encode() not in content, name


# Small notebooks, sound and failing


@pytest.mark.slow
def test_a_page_of_any_notebook_has_its_title_and_its_data(small: dict[str, Told]) -> None:
    assert small["sound"].result.exit_code == 0
    assert set(manifest(small["sound"].site)) == {"good", "bad"}
    page = small["sound"].files["good.html"].decode()
    assert "<title>Page of KOR &amp; co</title>" in page
    assert page.count("<h1>") == 1
    assert "One &amp; two</h2>" in page
    assert 'href="data/good-numbers.csv"' in page
    assert small["sound"].files["data/good-numbers.csv"] == b"partner,n\nKOR,1\n"
    for left_out in ("Title for readers", "_repr_mimebundle_", "<style>p {", "<script"):
        assert left_out not in page


@pytest.mark.slow
def test_plain_lines_tell_how_far_the_build_is(small: dict[str, Told]) -> None:
    lines = [line.split() for line in small["sound"].result.stderr.splitlines()]
    assert [line[0] for line in lines] == ["[1/2]", "[2/2]"]
    assert sorted(line[1] for line in lines) == ["bad", "good"]


@pytest.mark.slow
def test_a_failing_notebook_stops_no_other(small: dict[str, Told]) -> None:
    result, folder = small["broken"].result, small["broken"].site
    assert result.exit_code == 1
    assert "failed: bad: cell 4: ValueError: no such <thing>\n" in result.stderr
    assert re.search(r"failed: dies: cell 3: ended its process with exit code 3", result.stderr)
    assert re.search(r"failed: runs: TradevizError: .*script", result.stderr)
    assert "Traceback" not in result.output
    statuses = {name: entry["status"] for name, entry in manifest(folder).items()}
    assert statuses == {"good": "ok", "bad": "failed", "dies": "failed", "runs": "failed"}
    assert small["broken"].files["good.html"]
    for name in ("dies.html", "runs.html"):
        assert name not in small["broken"].files
        assert f'href="{name}"' not in small["broken"].files["index.html"].decode()
    log = json.loads((folder / "build-log.json").read_text(encoding="utf-8"))
    assert log["pages"]["bad"]["error"] == "cell 4: ValueError: no such <thing>"


@pytest.mark.slow
def test_the_executed_copy_of_a_failed_notebook_is_kept(small: dict[str, Told]) -> None:
    kept = nbformat.reads(small["broken"].files["failed/bad.ipynb"].decode(), as_version=4)
    outputs = [output for cell in kept.cells for output in cell.get("outputs", [])]
    assert [output["ename"] for output in outputs if output.output_type == "error"] == ["ValueError"]
    assert manifest(small["broken"].site)["bad"]["failed_copy"] == "failed/bad.ipynb"


@pytest.mark.slow
def test_a_page_that_fails_keeps_its_older_version(small: dict[str, Told]) -> None:
    before, after = small["sound"], small["broken"]
    for name in ("bad.html", "data/bad-numbers.csv", "notebooks/bad.ipynb"):
        assert after.files[name] == before.files[name]
    assert manifest(after.site)["bad"]["files"] == manifest(before.site)["bad"]["files"]
    assert "its last build failed" in after.files["index.html"].decode()


@pytest.mark.slow
def test_a_mended_notebook_gives_the_same_bytes_as_before(small: dict[str, Told]) -> None:
    assert small["mended"].result.exit_code == 0
    before, after = small["sound"].files, small["mended"].files
    assert "failed/bad.ipynb" not in after
    for name in before.keys() - {"manifest.json"}:
        assert before[name] == after[name], name


@pytest.mark.parametrize(
    "markup",
    [
        "<script>1</script>",
        '<img src="https://example.org/a.png">',
        '<link href="x.css">',
        "<iframe></iframe>",
        "<SCRIPT>1</SCRIPT>",
        "<IMG/SRC=https://example.org/a.png>",
    ],
)
def test_an_output_that_would_run_or_fetch_is_refused(markup: str) -> None:
    with pytest.raises(TradevizError, match="run or fetch"):
        page_of(markup)


def test_a_chart_before_the_first_section_has_a_heading_of_its_level() -> None:
    chart = '<h3 class="tv-title">Who met?</h3>'
    outputs = [new_output("display_data", {"text/html": f"<h1>A</h1>{chart}"})]
    later = [new_output("display_data", {"text/html": chart})]
    cells = [
        new_code_cell("1", outputs=outputs),
        new_markdown_cell("## B"),
        new_code_cell("2", outputs=later),
    ]
    page = export.page(new_notebook(cells=cells), Job(Path("00-a.ipynb"), "a"))
    assert re.findall(r"<h(\d)[^>]*>([^<]*)", page) == [
        ("1", "A"),
        ("2", "Who met?"),
        ("2", "B"),
        ("3", "Who met?"),
    ]


def test_a_page_explains_the_terms_that_it_uses() -> None:
    closing = exhibits.closing(known("2025-04-25")).markup
    page = page_of(f"<h1>A</h1><p>15% all-in under Section 232</p>{closing}")
    explained = page[page.index("tv-glossary") : page.index("</ul>", page.index("tv-glossary"))]
    assert re.findall("<b>(.*?)</b>", explained) == ["all-in", "Section 232", "as of"]


def test_a_page_without_a_heading_is_named_by_its_job() -> None:
    assert "<title>a</title>" in page_of("<p>text</p>")


# Around the pages


def test_the_index_marks_pages_that_do_not_agree_with_the_data(tmp_path: Path) -> None:
    pages = {}
    for name, day, data_hash in [
        ("new", "2025-04-25", "now"),
        ("day", "2025-04-01", "now"),
        ("old", "", "then"),
    ]:
        files.write(tmp_path / f"{name}.html", "<p></p>")
        parameters = {"as_of": day} if day else {}
        pages[name] = {"notebook": f"{name}.ipynb", "parameters": parameters, "status": "ok"}
        pages[name] |= {"data_hash": data_hash, "files": [f"{name}.html"]}
    words = ("Talks", "25 April 2025", "7 October 2026", "January to April 2025", "Lead & more.", "Note.")
    front = site.Front(*words, groups=[], series=[], subscriptions={}, hash_of=lambda *_: "now")
    site.write_index(tmp_path, replace(APRIL, data_release="2026.11.29"), pages, front)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    marks = dict(re.findall(r'<a href="(\w+)\.html">\w+</a>(?: <span class="tv-older">\((.*?)\))?', text))
    assert marks == {"new": "", "day": "as of 2025-04-01", "old": "from earlier data"}
    assert "Lead &amp; more." in text
    assert "data 2026.11.29," in text


@pytest.mark.parametrize("content", ["", "[]", '{"pages": 3}', '{"pages": {"a": {}}}', "{"])
def test_a_manifest_that_cannot_be_read_counts_as_none(content: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    assert manifests.read(tmp_path) == {"pages": {}}


def test_pages_link_to_those_before_and_after_them() -> None:
    series = [("partner-CHN", "China"), ("partner-KOR", "Korea"), ("partner-JPN", "Japan")]
    markup = links.navigation("partner-KOR", [("overview", "Overview")], series)
    expected = ["index.html", "overview.html", "partner-CHN.html", "partner-JPN.html"]
    assert re.findall(r'href="(.*?)"', markup) == expected


def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "below" / "page.html"
    files.write(path, "old")
    with pytest.raises(UnicodeEncodeError):
        files.write(path, "half of the new \ud800")
    assert path.read_text(encoding="utf-8") == "old"
    files.write(path, "new\n")
    assert path.read_bytes() == b"new\n"
    assert [one.name for one in path.parent.iterdir()] == ["page.html"]


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()
    with pytest.raises(OSError, match="directory"):
        files.write(tmp_path / "page.html", "new")
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]
