"""The notebooks under plain papermill: they run, tell the story of the day, and know nothing later."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from facts import rows, told_too_early, words_of
from soak import parameters
from tradeviz import briefing
from tradeviz.briefing import Edition, Job
from tradeviz.data import notebooks_dir

pytestmark = [pytest.mark.slow, pytest.mark.lowest]


def run(notebook: str, folder: Path, **given: str) -> str:
    """Execute a notebook and return the text that a reader sees."""
    executed = folder / "out.ipynb"
    papermill.execute_notebook(
        str(notebooks_dir() / notebook), str(executed), given, progress_bar=False, cwd=str(folder)
    )
    cells = nbformat.read(executed, as_version=4).cells  # type: ignore[no-untyped-call]
    outputs = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    markup = "".join("".join(output.get("data", {}).get("text/html", "")) for output in outputs)
    return words_of(markup)


OF_A_DAY = {
    "01-partner": {"partner": "ISR", "as_of": "2025-02-21"},
    "07-vintages": {"partner": "CHE", "as_of": "2025-08-07"},
}


def test_no_fact_became_known_later_on_a_page_of_another_day(tmp_path: Path) -> None:
    jobs = [
        Job(notebooks_dir() / f"{name}.ipynb", name, given, Edition(given["as_of"]))
        for name, given in OF_A_DAY.items()
    ]
    for result in briefing.run(jobs, tmp_path, 1):
        assert result.status == "ok", result.message
        shown = words_of((tmp_path / f"{result.job.page}.html").read_text(encoding="utf-8"))
        assert told_too_early(shown, result.job.parameters["as_of"]) == []


def test_the_korea_story_of_25_april_2025(tmp_path: Path) -> None:
    shown = run("01-partner.ipynb", tmp_path, partner="KOR", as_of="2025-04-25")
    for told in (
        "First 2+2 consultation",
        "July Package by 8 July",
        "Jamieson Greer with Ahn Duk-geun",
        "Technical discussions the following week",
        "reciprocal 10% from 10 April 2025",
        "9 July 2025",
        "reciprocal to 25%",
    ):
        assert told in shown, told
    own = r"data 2026\.\d\d\.\d\d|\d+ \w+ 2026, published later"  # the version, and days of publication
    without_own = re.sub(own, "", shown)
    for unknown in ("15%", "all-in rate of 15", "2026", "350", "Lee Jae"):
        assert unknown not in without_own, unknown
    assert told_too_early(shown, "2025-04-25") == []


def test_defaults_run_and_show_the_last_covered_day(tmp_path: Path) -> None:
    shown = run("00-overview.ipynb", tmp_path)
    last = max(row["through"] for row in rows("coverage"))
    year, _, day = last.split("-")
    assert f"As of {int(day)} " in shown
    assert f"{year} · data through" in shown


@pytest.mark.parametrize(("name", "said"), [("partner", "is unknown"), ("as_of", "is not a date")])
def test_a_wrong_parameter_is_told_in_a_line_and_run_as_no_code(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PapermillExecutionError) as error:
        run("01-partner.ipynb", tmp_path, **{name: parameters.CODE["code on lines"]})
    assert error.value.ename == "UsageError"
    assert f'{name} "KOR' in error.value.evalue
    assert said in error.value.evalue
    assert all("site-packages" not in line for line in error.value.traceback)
    assert [path.name for path in tmp_path.rglob("*")] == ["out.ipynb"]


def test_papermill_describes_the_parameters() -> None:
    described = papermill.inspect_notebook(str(notebooks_dir() / "01-partner.ipynb"))
    assert described["partner"]["inferred_type_name"] == "str"
    assert "ISO 3166" in described["partner"]["help"]
    assert "empty for the last day" in described["as_of"]["help"]
