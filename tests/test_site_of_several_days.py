"""The whole site, all kinds of pages and several days: complete, without hindsight, the same each time."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from frictionless import Package

import tradeviz.briefing.pdf
from conftest import EARLIER_DAYS
from facts import words_of
from known import known
from tradeviz.briefing import links
from tradeviz.cli import app
from tradeviz.data import notebooks_dir

ATOM = "{http://www.w3.org/2005/Atom}"
APRIL = "2025-04-25"

pytestmark = [pytest.mark.slow, pytest.mark.living]
each_day = pytest.mark.parametrize("folder", ["", *EARLIER_DAYS])


def build(out: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["build", "--out", str(out), *words])


def pages_of(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}


@each_day
def test_every_notebook_has_its_page_on_every_day(whole_site: Path, folder: str) -> None:
    pages = json.loads((whole_site / folder / "manifest.json").read_text(encoding="utf-8"))["pages"]
    assert {entry["status"] for entry in pages.values()} == {"ok"}
    notebooks = {path.name for path in notebooks_dir().glob("[0-9]*.ipynb")}
    assert {entry["notebook"] for entry in pages.values()} == notebooks
    assert {entry["parameters"]["as_of"] for entry in pages.values()} == {folder or str(last_day())}


def last_day() -> str:
    return f"{known().as_of:%Y-%m-%d}"


def trade_figures_of() -> str:
    """The month whose vintage the trade figures are of."""
    return f"{known().trade_monthly['released'].max():%B %Y}"


@pytest.mark.parametrize("day", [day for day in EARLIER_DAYS if day < "2026"])
def test_no_page_of_early_2025_names_2026(whole_site: Path, day: str) -> None:
    for name, text in pages_of(whole_site / day).items():
        # The days on which a source was published later may stand in the list of sources.
        body = re.sub(r'(?s)<ol class="tv-sources">.*?</ol>| title="[^"]*"', "", text)
        named = re.findall(r"\w+ 2026(?!\.?\d)", words_of(body))
        # When the model was computed, and of when the trade figures are: the page has to say so.
        assert set(named) <= {"July 2026", trade_figures_of()}, name


@each_day
def test_a_figure_has_a_picture_that_is_told_in_words_and_its_data(whole_site: Path, folder: str) -> None:
    for name, text in pages_of(whole_site / folder).items():
        if name == "index":
            continue
        for exhibit in re.findall(r'(?s)<section class="tv-exhibit".*?</section>', text):
            if "tv-empty" in exhibit:
                assert "<img" not in exhibit
                assert "<table" not in exhibit
                assert len(words_of(re.findall(r'(?s)<p class="tv-empty">.*?</p>', exhibit)[0])) > 20
            else:
                assert "<figcaption" in exhibit or "tv-folded" in exhibit
                assert "Source: " in exhibit
                assert re.search(r'href="data/[\w-]+\.csv"', exhibit), name
                for alt in re.findall(r'<img alt="([^"]*)"', exhibit):
                    assert len(alt) > 40


def test_before_any_talks_the_pages_say_so_in_words(whole_site: Path) -> None:
    pages = {name: words_of(text) for name, text in pages_of(whole_site / EARLIER_DAYS[-1]).items()}
    for name in ("overview", "partner-KOR", "tempo", "deals", "exposure"):
        assert "by 21 January 2025" in pages[name]
        assert re.search(r"No [a-z0-9 ]+ (was|were) on record", pages[name]), name


@each_day
def test_the_feed_is_valid_atom_newest_first(whole_site: Path, folder: str) -> None:
    feed = ElementTree.parse(whole_site / folder / "feed.xml").getroot()
    assert feed.tag == f"{ATOM}feed"
    day = folder or last_day()
    entries = feed.findall(f"{ATOM}entry")
    for part in [feed, *entries]:
        for once in ("id", "title", "updated"):
            (found,) = part.findall(f"{ATOM}{once}")
            assert found.text
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", part.findtext(f"{ATOM}updated", ""))
        for link in part.findall(f"{ATOM}link"):
            assert (whole_site / folder / link.attrib["href"]).is_file()
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))
    days = [entry.findtext(f"{ATOM}updated", "")[:10] for entry in entries]
    assert days == sorted(days, reverse=True)
    assert all(one <= day for one in days)
    if day > "2025-02":
        assert entries


def test_the_data_of_all_charts_are_a_valid_data_package(whole_site: Path) -> None:
    for folder in ("", APRIL):
        place = whole_site / folder / "data"
        package = Package(str(place / "datapackage.json"))
        assert {resource.path for resource in package.resources} == {
            path.name for path in place.glob("*.csv")
        }
        report = package.validate()
        assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])


def test_the_index_shows_a_small_staircase_for_each_partner(whole_site: Path) -> None:
    index = (whole_site / "index.html").read_text(encoding="utf-8")
    told = re.findall(r'<img class="tv-small" alt="([^"]*)"', index)
    assert len(told) == len(known().partners)
    (china,) = [text for text in told if text.startswith("China: ")]
    assert "highest 145% on 10 April 2025" in china
    for day in EARLIER_DAYS:
        assert f'href="{day}/index.html"' in index


def test_a_second_build_gives_the_same_bytes(whole_site: Path, tmp_path: Path) -> None:
    some = ("--partners", "ISR", "--notebooks", "03-tempo", "--jobs", "1")
    assert build(tmp_path, *some).exit_code == 0
    pages = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["pages"]
    assert list(pages) == ["tempo"]
    for path in [path for entry in pages.values() for path in entry["files"]]:
        one, other = ((site / path).read_bytes() for site in (tmp_path, whole_site))
        if path.endswith(".html"):  # the links differ: other pages are not there
            one, other = (links.linked_page(page.decode(), "").encode() for page in (one, other))
        assert one == other, path


def test_without_chromium_pdf_says_so_and_builds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tradeviz.briefing.pdf.chromium.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    result = build(tmp_path / "site", "--pdf")
    assert result.exit_code == 2
    assert "--pdf needs Chromium, and none is installed" in result.stderr
    assert not (tmp_path / "site").exists()


def split_words(printed: bytes, page: str, folder: Path) -> list[str]:
    """Words of a page that break in the middle of a line's end on paper; none where nothing reads the PDF."""
    if not shutil.which("pdftotext"):
        return []
    (folder / "page.pdf").write_bytes(printed)
    told = subprocess.run(["pdftotext", folder / "page.pdf", "-"], capture_output=True, text=True, check=True)
    (folder / "page.pdf").unlink()
    words = set(re.findall(r"\w+", words_of(page)))
    tokens = re.sub(r"\(https?://[^)]*\)", " ", told.stdout).split()
    return [a + b for a, b in pairwise(tokens) if a not in words and a + b in words]


@pytest.mark.browser
def test_a_page_is_printed_with_the_same_bytes_each_time_and_no_place_of_this_machine(
    built_site: Path, tmp_path: Path
) -> None:
    import browser

    browser.place_of_chromium()
    tradeviz.briefing.pdf.chromium.cache_clear()
    page = (built_site / "partner-KOR.html").read_text(encoding="utf-8")
    first = tradeviz.briefing.pdf.printed(page, APRIL, tmp_path)
    assert first.startswith(b"%PDF")
    assert b"D:20250425000000" in first
    assert b"file://" not in first
    assert b"/Outlines" in first
    assert split_words(first, page, tmp_path) == []
    assert tradeviz.briefing.pdf.printed(page, APRIL, tmp_path) == first
    assert not list(tmp_path.iterdir())
