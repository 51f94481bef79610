"""The command line: what it prints, for people and for machines, and how it tells what is wrong."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import tradeviz
from known import known
from tradeviz import rates
from tradeviz.cli import app
from tradeviz.data import data_dir, notebooks_dir

RATES = ["partner", "layer", "product", "rate_pct", "basis", "order_id", "effective", "announced"]
RATES += ["instrument", "confidence"]


def tell(*words: object) -> Result:
    return CliRunner(env={"COLUMNS": "180"}).invoke(app, [str(word) for word in words])


def rows(*words: object) -> list[dict[str, str]]:
    result = tell(*words, "--format", "csv")
    assert (result.exit_code, result.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(result.stdout)))


def complaint(result: Result, code: int) -> str:
    """The one line on stderr; nothing else was said, and no traceback shown."""
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr.startswith("tradeviz: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    """A copy of the tables with a day in meetings.csv that is none, in the row of line 3."""
    folder = tmp_path / "data"
    shutil.copytree(data_dir(), folder)
    path = folder / "meetings.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    at = lines[0].split(",").index("start_date")
    cells = lines[2].split(",")
    lines[2] = ",".join([*cells[:at], "2025-13-01", *cells[at + 1 :]])
    path.write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_rates_have_exactly_these_columns_and_the_values_of_the_library() -> None:
    printed = tell("rates", "--as-of", "2025-04-25", "--partner", "KOR", "--format", "csv").stdout
    assert printed.splitlines()[0] == ",".join(RATES)
    expected = rates.in_force(known("2025-04-25"), partner="KOR")
    found = pd.read_csv(io.StringIO(printed), keep_default_na=False)
    assert found["rate_pct"].tolist() == expected["rate_pct"].tolist()
    assert found["effective"].tolist() == expected["effective"].dt.strftime("%Y-%m-%d").tolist()


def test_rates_on_a_later_day_show_what_is_scheduled() -> None:
    asked = ["rates", "--as-of", "2025-04-25", "--partner", "KOR", "--layer", "reciprocal"]
    assert [row["rate_pct"] for row in rows(*asked)] == ["10.0"]
    assert [row["rate_pct"] for row in rows(*asked, "--on", "2025-07-09")] == ["25.0"]


def test_status_has_a_row_for_every_partner_in_every_format() -> None:
    codes = known().partners["partner"].tolist()
    assert [row["partner"] for row in rows("status")] == codes
    as_json = json.loads(tell("status", "--format", "json").stdout)
    assert [row["partner"] for row in as_json] == codes
    table = tell("status").stdout
    assert all(name in table for name in known().partners["name"])


def test_changes_lie_between_the_two_days() -> None:
    found = rows("changes", "--since", "2025-04-23", "--as-of", "2025-04-25", "--partner", "KOR")
    assert {"kor-2025-04-24-m1", "kor-2025-04-24-m2"} <= {row["key"] for row in found}
    assert {row["date"] for row in found} <= {"2025-04-24", "2025-04-25"}


@pytest.mark.living
def test_check_says_that_the_tables_are_sound() -> None:
    result = tell("check")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("no errors, ")


def test_check_names_file_line_and_column(spoiled: Path) -> None:
    result = tell("check", "--data", spoiled)
    assert result.exit_code == 1
    assert 'meetings.csv:3 start_date: "2025-13-01" is not a date' in result.stdout


def test_commands_do_not_work_on_wrong_tables(spoiled: Path) -> None:
    assert "meetings.csv:3" in complaint(tell("status", "--data", spoiled), 1)


@pytest.mark.living
def test_check_loads_no_machinery_that_it_does_not_need() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from tradeviz.cli import app\n"
        "assert CliRunner().invoke(app, ['check']).exit_code == 0\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"matplotlib", "papermill", "nbconvert", "great_tables", "frictionless"} & set(
        ran.stdout.split()
    )


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        (["rates", "--partner", "XXX"], "KOR"),
        (["rates", "--layer", "salt"], "reciprocal"),
        (["rates", "--on", "soon"], "2025-04-25"),
        (["rates", "--as-of", "2025-02-30"], "2025-"),
        (["rates", "--as-of", "1999-01-01"], "20"),
        (["rates", "--format", "xml"], "csv"),
        (["status", "--data", "no-such-folder"], "meetings.csv"),
        (["changes", "--since", "2025-04-31"], "2025-04-25"),
        (["changes", "--since", "2025-05-01", "--as-of", "2025-04-01"], "as_of"),
        (["build", "--partners", "KOR,ZZZ"], "JPN"),
        (["build", "--notebooks", "09-none"], "01-partner"),
        (["build", "--jobs", "-1"], "0"),
        (["rats"], "--help"),
        (["changes"], "--since"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_wrong_is_told_in_one_line_with_what_is_allowed(
    words: list[str], allowed: str, tmp_path: Path
) -> None:
    out = ["--out", str(tmp_path / "site")] if words[0] == "build" else []
    assert allowed in complaint(tell(*words, *out), 2)
    assert not (tmp_path / "site").exists()


def test_a_site_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "site"
    file.write_text("mine", encoding="utf-8")
    assert "is a file" in complaint(tell("build", "--out", file), 2)
    assert "cannot be made" in complaint(tell("build", "--out", file / "below"), 2)
    assert file.read_text(encoding="utf-8") == "mine"


def test_notebooks_are_copied_out_and_not_overwritten(tmp_path: Path) -> None:
    there = tmp_path / "here" / "notebooks"
    assert tell("notebooks", there).exit_code == 0
    names = {path.name for path in notebooks_dir().glob("*.ipynb")}
    assert {path.name for path in there.iterdir()} == names
    (there / "01-partner.ipynb").write_text("mine", encoding="utf-8")
    assert "--force" in complaint(tell("notebooks", there), 2)
    assert (there / "01-partner.ipynb").read_text(encoding="utf-8") == "mine"
    assert tell("notebooks", there, "--force").exit_code == 0
    assert (there / "01-partner.ipynb").read_bytes() == (notebooks_dir() / "01-partner.ipynb").read_bytes()


def test_a_folder_of_data_can_be_named_in_the_environment(
    spoiled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEVIZ_DATA", str(spoiled))
    assert tell("check").exit_code == 1


def test_the_module_runs_too() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tradeviz", "--version"], capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"tradeviz {tradeviz.__version__}\n"


def test_a_reader_that_stops_reading_is_no_error() -> None:
    command = [sys.executable, "-m", "tradeviz", "rates", "--format", "csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
