"""A sample of the surroundings that `make soak` draws: settings of a machine change no byte."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from tradeviz import clock
from tradeviz.briefing import inputs, surroundings
from tradeviz.briefing.jobs import Edition, Job
from tradeviz.cli import app
from tradeviz.errors import UsageError

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the trials are forked")
@pytest.mark.slow
def test_commands_and_a_site_with_a_chart_are_the_same_in_other_surroundings() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "soak", "surroundings", "--first", "246", "--count", "4"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "3 commands" in ran.stdout
    assert "1 sites" in ran.stdout
    assert "0 at fault" in ran.stdout


def test_files_of_the_working_directory_stand_in_for_no_module(tmp_path: Path) -> None:
    for name in ("random", "socket", "tempfile", "click", "pandas"):
        (tmp_path / f"{name}.py").write_text("open('RAN', 'w').close()\n1 / 0\n", encoding="utf-8")
    words = ["rates", "--as-of", "2025-04-25", "--partner", "KOR", "--format", "csv"]
    program = str(Path(sys.executable).with_name("tradeviz"))
    for started in ([sys.executable, "-m", "tradeviz"], [program]):
        ran = subprocess.run([*started, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout.startswith("partner,layer,")
    assert not (tmp_path / "RAN").exists()


def test_where_no_temporary_file_can_lie_it_is_said_whose_they_are_and_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    words = ["build", "--partners", "KOR", "--notebooks", "03-tempo", "--out", str(tmp_path / "site")]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 5
    assert told.stderr.count("\n") == 1
    assert "where IPython and Matplotlib keep theirs during a build" in told.stderr
    assert "set TMPDIR to a folder that can be written to" in told.stderr
    assert not [path for path in (tmp_path / "site").rglob("*") if path.is_file()]


def test_the_settings_of_a_build_lie_in_the_folder_that_goes_with_it_however_it_ends(tmp_path: Path) -> None:
    assert surroundings.temporary_folder("settings", tmp_path).parent == tmp_path
    gone = surroundings.temporary_folder("settings", tmp_path / "gone")
    assert gone.parent == Path(tempfile.gettempdir()).resolve()
    gone.rmdir()


def test_a_moment_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("soon", "99999999999999", "1e9"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(UsageError, match=f'^SOURCE_DATE_EPOCH "{wrong}" is no moment'):
            clock.today()


def test_a_moment_that_a_pdf_states_decides_whether_it_is_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = tmp_path / "a.ipynb"
    notebook.touch()

    def settings(pdf: bool, moment: str) -> str:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
        return inputs.of(Job(notebook, "a", edition=Edition(pdf=pdf)))["settings"]

    assert settings(True, "0") != settings(True, "1745539200")
    assert settings(False, "0") == settings(False, "1745539200")
