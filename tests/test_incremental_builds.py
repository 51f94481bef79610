"""A page is made again when something that it is made from has changed, and only then."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

import small_notebooks
from tests.oracle.tables import FROZEN
from tradeviz import Dataset, frontpage
from tradeviz.briefing import Edition, Job, inputs, manifest
from tradeviz.briefing.site import Front
from tradeviz.cli import app

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_page_process")]

DAYS = ("2025-04-25", "2025-08-07")


class Place:
    """The folders of tables, of two small notebooks, and of the site made from them."""

    def __init__(self, folder: Path) -> None:
        self.data, self.notebooks, self.site = (folder / name for name in ("data", "notebooks", "site"))

    def build(self, *words: str) -> dict[str, str]:
        """Build, and give for each page why it was made; "" where it was up to date."""
        days = [word for day in DAYS for word in ("--as-of", day)]
        asked = ["build", *days, "--partners", "KOR", "--out", str(self.site), "--data", str(self.data)]
        asked += ["--notebook-folder", str(self.notebooks)]
        result = CliRunner().invoke(app, [*asked, "--explain", *words])
        assert result.exit_code in (0, 1), result.stderr
        lines = re.findall(r"^(\S+): (?:made because (.+)|up to date)$", result.stdout, re.MULTILINE)
        return dict(lines)

    def edit(self, table: str, column: str, after: str, day: str) -> None:
        """Change the text of the first row of a table that became known after a day."""
        path = self.data / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        row = next(row for row in rows if row[day] > after)
        row[column] += " Told again."
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture(scope="module", autouse=True)
def front_of_each_day() -> Iterator[None]:
    """Compute what stands around a day once, however its tables change: no test here reads it."""
    compute = frontpage.front
    kept: dict[pd.Timestamp, Front] = {}

    def front(ds: Dataset, *others: Any) -> Front:
        if ds.as_of not in kept:
            kept[ds.as_of] = compute(ds, *others)
        return kept[ds.as_of]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frontpage, "front", front)
        yield


@pytest.fixture(scope="module")
def first(one_page_process: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A first build, to be copied, and why it made each page."""
    folder = tmp_path_factory.mktemp("first") / "place"
    place = Place(folder)
    shutil.copytree(FROZEN, place.data)
    small_notebooks.write(place.notebooks / "00-all.ipynb", parameters='as_of: str = ""  # day')
    small_notebooks.write(place.notebooks / "01-partner.ipynb", small_notebooks.EXHIBIT)
    return folder, place.build()


@pytest.fixture
def place(first: tuple[Path, dict[str, str]], tmp_path: Path) -> Place:
    """What a first build has made."""
    return Place(shutil.copytree(first[0], tmp_path / "place"))


def test_nothing_is_made_twice_unless_it_is_forced(first: tuple[Path, dict[str, str]], place: Place) -> None:
    new = first[1]
    assert set(new.values()) == {"it is new"}
    assert set(new) == {"all", "partner-KOR", "2025-04-25/all", "2025-04-25/partner-KOR"}
    before = {path: path.stat().st_mtime_ns for path in place.site.rglob("*") if path.is_file()}
    assert set(place.build().values()) == {""}
    assert {path: path.stat().st_mtime_ns for path in place.site.rglob("*") if path.is_file()} == before
    assert set(place.build("--force").values()) == {"it was forced"}


def test_a_cell_dated_after_a_page_rebuilds_nothing_for_it(place: Place) -> None:
    page = (place.site / "2025-04-25" / "partner-KOR.html").stat().st_mtime_ns
    place.edit("events", "summary", DAYS[0], "date")
    told = place.build()
    assert told == {
        "all": "what it can see of the tables changed",
        "partner-KOR": "what it can see of the tables changed",
        "2025-04-25/all": "",
        "2025-04-25/partner-KOR": "",
    }
    assert (place.site / "2025-04-25" / "partner-KOR.html").stat().st_mtime_ns == page
    place.edit("meetings", "outcome", DAYS[1], "end_date")
    assert set(place.build().values()) == {""}


@pytest.fixture
def job(tmp_path: Path) -> Job:
    notebook = small_notebooks.write(tmp_path / "01-partner.ipynb", small_notebooks.EXHIBIT)
    return Job(notebook, "partner-KOR", {"partner": "KOR"}, Edition("2025-04-25", data_hash="of-that-day"))


def entry(job: Job, status: str = "ok") -> dict[str, Any]:
    files = [job.notebook.name]
    made = {"status": status, "inputs": inputs.of(job), "files": files}
    return {**made, "content": manifest.content(job.notebook.parent, files)}


def why(job: Job, made: dict[str, Any]) -> str:
    return inputs.reason(replace(job, inputs=inputs.of(job)), made, job.notebook.parent)


def test_each_thing_that_a_page_is_made_from_has_its_reason(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = entry(job)
    assert why(job, made) == ""
    assert why(replace(job, parameters={"partner": "JPN"}), made) == "its parameters changed"
    seen = (Edition("2025-04-25", data_hash="other"), replace(job.edition, looks_back=True))
    for edition in (*seen, replace(job.edition, data_release="2026.11.29")):
        assert why(replace(job, edition=edition), made) == "what it can see of the tables changed"
    assert why(replace(job, edition=replace(job.edition, pdf=True)), made) == "a setting of the build changed"
    published = replace(job.edition, base_url="https://example.org/")  # links get it after the page is made
    assert why(replace(job, edition=published), made) == ""
    assert why(replace(job, edition=replace(job.edition, tables="other")), made) == ""
    assert why(job, {**made, "files": ["partner-KOR.html"]}) == "partner-KOR.html is missing"
    assert why(job, {**made, "content": "other"}) == "its files are not as they were made"
    assert why(job, {**made, "status": "failed"}) == "its last build failed"
    assert why(job, {**made, "status": "unfinished"}) == "its last build did not finish"
    monkeypatch.setattr(inputs, "template", lambda: "another")
    assert why(job, made) == "the template changed"
    monkeypatch.setattr(inputs, "library", lambda: "another")
    job.notebook.write_text(
        job.notebook.read_text(encoding="utf-8").replace("numbers", "names"), encoding="utf-8"
    )
    assert why(job, made) == "its notebook and the library and the template changed"


def test_the_index_is_made_again_when_it_was_not_finished(place: Place) -> None:
    (place.site / "index.html").unlink()
    assert set(place.build().values()) == {""}
    assert (place.site / "index.html").is_file()
    path = place.site / "2025-04-25" / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"index": "', '"index": "0'), encoding="utf-8")
    (place.site / "2025-04-25" / "index.html").write_text("half", encoding="utf-8")
    place.build()
    assert "</html>" in (place.site / "2025-04-25" / "index.html").read_text(encoding="utf-8")


def test_that_nothing_changed_is_found_without_pandas_or_jupyter(built_site: Path, tmp_path: Path) -> None:
    site = shutil.copytree(built_site, tmp_path / "site")
    heavy = {"pandas", "numpy", "nbformat", "nbconvert", "papermill", "matplotlib", "multiprocessing", "rich"}
    code = (
        "import sys; from tradeviz.cli import app\n"
        f"sys.argv = ['tradeviz', 'build', '--as-of', '2025-04-25', '--partners', 'KOR', '--notebooks',"
        f" '00-overview,01-partner', '--out', {str(site)!r}]\n"
        "try: app()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "0 pages made" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_versions_of_packages_are_those_that_are_installed() -> None:
    installed = {name: metadata.version(name) for name in inputs.DRAWN_WITH}
    assert inputs.versions([*inputs.DRAWN_WITH, "no-such-package"]) == {**installed, "no-such-package": ""}
