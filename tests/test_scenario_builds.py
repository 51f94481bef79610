"""A build of a scenario: every file says so, and one of no rows differs from the record by that alone."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from tradeviz import export
from tradeviz.cli import app

HEAD = "partner,layer,effective,rate_pct\n"
PAGE = "tariff-timeline-scenario-nothing"
STANDARD = ["MANIFEST.json", "datapackage.json", "index.html", "manifest.json"]
"""Files whose names others look for; what they hold says it."""

MARKS = (
    (r' · <a href="files/[^"]*" download>[^<]*</a>', ""),
    (r"-scenario-nothing", ""),
    (r'<p class="tv-scenario">[^<]*</p>', ""),
    (r" ?\(scenario nothing: not the record\)", ""),
    (r" Scenario nothing: not the record\.", ""),
    (r", scenario = nothing\.csv", ""),
    (r" -p scenario nothing\.csv", ""),
)
"""What a scenario adds to a page, and what was asked for of its build alone."""


def build(out: Path, *words: object) -> Result:
    asked = ["build", "--out", out, "--notebooks", "02-tariff-timeline", "--jobs", "1", *words]
    return CliRunner().invoke(app, [str(word) for word in asked])


@pytest.fixture(scope="module")
def site(one_page_process: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of one notebook: of the record, and of a scenario of no rows with all that can be written."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "nothing.csv").write_text(HEAD, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(export, "panel_sheets", lambda _: [])  # which take long, and are sheets like others
        for words in ([], ["--scenario", folder / "nothing.csv", "--files", "--docx"]):
            result = build(folder / "site", "--as-of", "2025-02-21", *words)
            assert result.exit_code == 0, result.stderr
    return folder / "site"


def read(path: Path) -> str:
    """What a file says, as text."""
    match path.suffix:
        case ".png":
            with Image.open(path) as picture:
                return str(picture.info)
        case ".xlsx" | ".docx":
            with zipfile.ZipFile(path) as packed:
                parts = (packed.read(name) for name in packed.namelist() if name.endswith(".xml"))
                return b"".join(parts).decode("utf-8")
        case ".sqlite":
            with sqlite3.connect(path) as base:
                return "\n".join(base.iterdump())
        case ".parquet":
            return f"{pq.read_schema(path).metadata}"
        case ".dta":
            with pd.io.stata.StataReader(path) as reader:
                return reader.data_label
    return path.read_text(encoding="utf-8")


def test_every_file_of_a_scenario_says_so(site: Path) -> None:
    folder = site / "scenario-nothing"
    made = [path for path in folder.rglob("*") if path.is_file()]
    kinds = {".csv", ".docx", ".dta", ".html", ".ipynb", ".json", ".parquet", ".png", ".sqlite", ".xlsx"}
    assert kinds <= {path.suffix for path in made}
    unnamed = {path.name for path in made if "scenario-nothing" not in path.name.replace("_", "-")}
    assert sorted(unnamed) == STANDARD
    silent = [path for path in made if not re.search(r"\bnothing\b", read(path))]
    assert [path.name for path in silent if path.suffix != ".csv" or len(pd.read_csv(path))] == []
    assert all("page_scenario" in read(path) for path in made if path.suffix == ".csv")


def test_every_sheet_and_table_to_take_away_has_the_scenario_in_a_column(site: Path) -> None:
    files = site / "scenario-nothing" / "files"
    package = json.loads((files / "tradeviz-scenario-nothing.json").read_text(encoding="utf-8"))
    assert len(package["tables"]) > 20
    for name, table in package["tables"].items():
        assert "(scenario nothing: not the record)" in table["title"], name
        assert {row["page_scenario"] for row in table["rows"]} <= {"nothing"}, name
    manifest = json.loads((files / "MANIFEST.json").read_text(encoding="utf-8"))
    assert manifest["scenario"] == "Scenario nothing: not the record"


def test_nobody_can_subscribe_to_orders_that_were_never_given(site: Path) -> None:
    assert {"feed.xml", "feed.json", "deadlines.ics"} <= {path.name for path in site.iterdir()}
    folder = site / "scenario-nothing"
    assert not [path for path in folder.rglob("*") if path.suffix in (".xml", ".ics")]
    told = (folder / "index.html").read_text(encoding="utf-8")
    told += (folder / f"{PAGE}.html").read_text(encoding="utf-8")
    assert "feed.xml" not in told
    assert "deadlines.ics" not in told


def test_the_links_of_a_scenario_lead_to_files_that_are_there(site: Path) -> None:
    folder = site / "scenario-nothing"
    for page in (folder / "index.html", folder / f"{PAGE}.html"):
        links = re.findall(r'href="([^"#:]+)"', page.read_text(encoding="utf-8"))
        assert len(links) > 5
        assert [link for link in links if not (folder / link).exists()] == []


def test_the_pages_of_the_record_stay_as_they_were(site: Path) -> None:
    assert (site / "tariff-timeline.html").is_file()
    assert "nothing" not in (site / "index.html").read_text(encoding="utf-8")


def test_a_scenario_of_no_rows_gives_the_same_bytes_but_for_its_mark(site: Path) -> None:
    folder = site / "scenario-nothing"
    page = (folder / f"{PAGE}.html").read_text(encoding="utf-8")
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


def test_a_scenario_tells_one_day_and_takes_no_empty_path(tmp_path: Path) -> None:
    (tmp_path / "nothing.csv").write_text(HEAD, encoding="utf-8")
    days = ["--as-of", "2025-02-21", "--as-of", "2025-04-25"]
    result = build(tmp_path / "site", "--scenario", tmp_path / "nothing.csv", *days)
    assert (result.exit_code, "tells one day" in result.stderr) == (2, True)
    result = build(tmp_path / "site", "--scenario", "")
    assert (result.exit_code, "empty text" in result.stderr) == (2, True)
    assert not (tmp_path / "site").exists()
