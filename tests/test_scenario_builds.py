"""A build of a scenario: every file says so, and one of no rows differs from the record by that alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tradeviz.cli import app

HEAD = "partner,layer,effective,rate_pct\n"
MARKS = (
    (r"-scenario-nothing", ""),
    (r'<p class="tv-scenario">[^<]*</p>', ""),
    (r" ?\(scenario nothing(: not the record)?\)", ""),
    (r" Scenario nothing: not the record\.", ""),
    (r", scenario = nothing\.csv", ""),
    (r" -p scenario nothing\.csv", ""),
)
"""What a scenario adds to a page."""


def build(out: Path, *words: object) -> Result:
    asked = ["build", "--out", out, "--notebooks", "02-tariff-timeline", "--jobs", "1", *words]
    return CliRunner().invoke(app, [str(word) for word in asked])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of one notebook, of the record and of a scenario of no rows."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "nothing.csv").write_text(HEAD, encoding="utf-8")
    for words in ([], ["--scenario", folder / "nothing.csv"]):
        result = build(folder / "site", "--as-of", "2025-02-21", *words)
        assert result.exit_code == 0, result.stderr
    return folder / "site"


def test_every_file_of_a_scenario_says_so(site: Path) -> None:
    folder = site / "scenario-nothing"
    made = [path for path in folder.rglob("*") if path.is_file()]
    assert len(made) > 20
    own = [path for path in made if path.parent != folder or path.suffix == ".html"]
    unnamed = [path.name for path in own if "-scenario-nothing" not in path.name]
    assert sorted(unnamed) == ["datapackage.json", "index.html"]
    for path in made:
        if path.suffix == ".csv":
            head, *rows = path.read_text(encoding="utf-8").splitlines()
            assert "page_scenario" in head, path.name
            assert all(re.search(r"(^|,)nothing$", row) for row in rows[-1:]), path.name
        elif path.suffix not in (".png", ".svg"):
            assert "nothing" in path.read_text(encoding="utf-8"), path.name


def test_the_pages_of_the_record_stay_as_they_were(site: Path) -> None:
    assert (site / "tariff-timeline.html").is_file()
    assert "nothing" not in (site / "index.html").read_text(encoding="utf-8")


def test_a_scenario_of_no_rows_gives_the_same_bytes_but_for_its_mark(site: Path) -> None:
    folder = site / "scenario-nothing"
    page = (folder / "tariff-timeline-scenario-nothing.html").read_text(encoding="utf-8")
    record = (site / "tariff-timeline.html").read_text(encoding="utf-8")
    for mark, nothing in MARKS:
        page = re.sub(mark, nothing, page)
    assert _without_pictures(page) == _without_pictures(record)
    for path in (site / "data").glob("*.csv"):
        marked = (folder / "data" / _marked(path.stem)).read_text(encoding="utf-8").splitlines()
        assert [line.rpartition(",")[0] for line in marked] == path.read_text(encoding="utf-8").splitlines()


def _marked(stem: str) -> str:
    page, name = ("tariff-timeline", stem.removeprefix("tariff-timeline")) if "-" in stem else (stem, "")
    return f"{page}-scenario-nothing{name}.csv"


def _without_pictures(page: str) -> str:
    """The page without its pictures, which bear the mark within, and what the browser shows of their data."""
    page = re.sub(r'src="data:image/[^"]*"', "", page)
    page = re.sub(r'<th scope="col">page_scenario</th>|<td>nothing</td>', "", page)
    page = re.sub(r'\("?picture \((SVG|PNG)\)', "", page)
    return re.sub(r"<!--tradeviz:(nav|head)-->.*?<!--/tradeviz:\1-->", "", page, flags=re.DOTALL)


def test_a_scenario_takes_no_files_and_no_empty_path(tmp_path: Path) -> None:
    (tmp_path / "nothing.csv").write_text(HEAD, encoding="utf-8")
    result = build(tmp_path / "site", "--scenario", tmp_path / "nothing.csv", "--files")
    assert (result.exit_code, "takes no --files" in result.stderr) == (2, True)
    result = build(tmp_path / "site", "--scenario", "")
    assert (result.exit_code, "empty text" in result.stderr) == (2, True)
    assert not (tmp_path / "site").exists()
