"""`tradeviz build` with small notebooks: later builds into the same site, and interruption."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import small_notebooks
from tradeviz.cli import app

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_page_process")]


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    """The folder of small notebooks that `build` takes in place of the real ones."""
    folder = tmp_path / "notebooks"
    small_notebooks.write(folder / "01-partner.ipynb", small_notebooks.EXHIBIT)
    return folder


def build(site: Path, *words: str) -> Result:
    day = [] if "--as-of" in words else ["--as-of", "2025-04-25"]
    places = ["--out", str(site), "--notebook-folder", str(site.parent / "notebooks")]
    return CliRunner().invoke(app, ["build", *places, *day, *words])


def entries(site: Path) -> dict[str, Any]:
    return dict(json.loads((site / "manifest.json").read_text(encoding="utf-8"))["pages"])


def test_a_later_build_joins_the_pages_that_are_there(notebooks: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert build(site, "--partners", "KOR,JPN").exit_code == 0
    page = (site / "partner-JPN.html").read_bytes()
    assert b'href="partner-KOR.html" rel="next"' in page
    assert (site / "data" / "partner-KOR-numbers.csv").is_file()

    small_notebooks.write(notebooks / "01-partner.ipynb", "1 + 1")
    assert build(site, "--partners", "KOR", "--as-of", "2025-08-07").exit_code == 0
    days = {name: entry["parameters"]["as_of"] for name, entry in entries(site).items()}
    assert days == {"partner-KOR": "2025-08-07", "partner-JPN": "2025-04-25"}
    index = (site / "index.html").read_text(encoding="utf-8")
    assert index.count("(as of 2025-04-25)") == 1
    assert (site / "partner-JPN.html").read_bytes() == page
    # Data that the page no longer has are gone, those of the other page are not.
    assert [path.name for path in (site / "data").glob("partner-*.csv")] == ["partner-JPN-numbers.csv"]
    package = json.loads((site / "data" / "datapackage.json").read_text(encoding="utf-8"))
    of_pages = [one["path"] for one in package["resources"] if one["path"].startswith("partner-")]
    assert of_pages == ["partner-JPN-numbers.csv"]


def test_several_days_stand_side_by_side_with_the_newest_at_the_root(notebooks: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    days = ["--as-of", "2025-04-25", "--as-of", "2025-08-07", "--as-of", "2025-04-05"]
    assert build(site, "--partners", "KOR", *days).exit_code == 0
    assert (site / "partner-KOR.html").is_file()
    for folder, day in (("", "2025-08-07"), ("2025-04-25", "2025-04-25"), ("2025-04-05", "2025-04-05")):
        assert entries(site / folder)["partner-KOR"]["parameters"] == {"partner": "KOR", "as_of": day}
        assert "urn:uuid:" in (site / folder / "feed.xml").read_text(encoding="utf-8")
    index = (site / "index.html").read_text(encoding="utf-8")
    assert index.index('href="2025-04-25/index.html"') < index.index('href="2025-04-05/index.html"')
    older = (site / "2025-04-25" / "index.html").read_text(encoding="utf-8")
    assert 'href="../index.html"' in older
    assert "As of 25 April 2025" in older


def test_with_a_base_url_a_page_mailed_alone_still_leads_to_the_others(
    notebooks: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    days = ["--as-of", "2025-04-25", "--as-of", "2025-08-07"]
    assert build(site, "--partners", "KOR,JPN", *days, "--base-url", "https://example.org/t").exit_code == 0
    page = (site / "2025-04-25" / "partner-KOR.html").read_text(encoding="utf-8")
    for name in (
        "index.html",
        "partner-JPN.html",
        "data/partner-KOR-numbers.csv",
        "notebooks/partner-KOR.ipynb",
    ):
        assert f'href="https://example.org/t/2025-04-25/{name}"' in page
    feed = (site / "feed.xml").read_text(encoding="utf-8")
    assert 'href="https://example.org/t/partner-KOR.html"' in feed
    index = (site / "2025-04-25" / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="([^"#]+)"', index))
    assert all(link.startswith(("https://example.org/t/", "data:image/")) for link in links)
    assert {
        f"https://example.org/t/{name}" for name in ("index.html", "2025-04-25/partner-KOR.html")
    } <= links


def test_another_base_url_changes_links_and_runs_no_notebook(notebooks: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    words = ["--partners", "KOR", "--as-of", "2025-04-25"]
    assert build(site, *words).exit_code == 0
    page = site / "partner-KOR.html"
    relative, executed = page.read_text(encoding="utf-8"), (site / "notebooks" / "partner-KOR.ipynb").stat()
    moved = build(site, *words, "--base-url", "https://example.org/t", "--explain")
    assert "partner-KOR: up to date\n0 pages made" in moved.stdout
    whole = page.read_text(encoding="utf-8")
    assert 'href="https://example.org/t/data/partner-KOR-numbers.csv"' in whole
    assert ">https://example.org/t/partner-KOR.html#ex-numbers<" in whole
    assert '<link rel="canonical" href="https://example.org/t/partner-KOR.html">' in whole
    assert (site / "notebooks" / "partner-KOR.ipynb").stat() == executed
    assert build(site, *words).exit_code == 0
    assert page.read_text(encoding="utf-8") == relative


def test_a_base_url_that_is_none_is_told(notebooks: Path, tmp_path: Path) -> None:
    for address in ("javascript:alert(1)", "example.org", "https://"):
        result = build(tmp_path / "site", "--base-url", address)
        assert result.exit_code == 2
        assert f'--base-url "{address}" is not an address' in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_an_interrupted_build_leaves_complete_files_and_no_processes(notebooks: Path, tmp_path: Path) -> None:
    site, started = tmp_path / "site", tmp_path / "started"
    wait = f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    small_notebooks.write(notebooks / "00-slow.ipynb", wait, parameters="")
    command = [sys.executable, "-m", "tradeviz", "build", "--partners", "KOR"]
    command += ["--notebook-folder", str(notebooks), "--out", str(site)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 60
        while not started.exists() or not started.read_text(encoding="utf-8"):
            assert time.monotonic() < until
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 143
    assert "Traceback" not in told
    assert not list(site.rglob(".*"))
    assert "slow" not in entries(site)
    until = time.monotonic() + 10
    while Path(f"/proc/{started.read_text(encoding='utf-8')}").exists():
        assert time.monotonic() < until
        time.sleep(0.1)
