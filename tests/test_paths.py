"""Paths that commands are given: none means none, and tables and notebooks are never written over."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import tradeviz
from commands import Parameter, commands, line
from tradeviz.cli import app
from tradeviz.data import check, data_dir, notebooks_dir
from tradeviz.errors import UsageError

PATHS = [one for parameters in commands().values() for one in parameters if one.kind is Path]


def refused(*words: object) -> str:
    """What a command says that is refused in one line."""
    told = CliRunner().invoke(app, [str(word) for word in words])
    assert told.exit_code == 2, told.output
    assert told.stdout == ""
    assert told.stderr.startswith("tradeviz: ")
    assert told.stderr.count("\n") == 1
    return told.stderr


@pytest.mark.parametrize("empty", ["", "  "])
@pytest.mark.parametrize("one", PATHS, ids=str)
def test_no_path_is_told_before_anything_is_written(
    one: Parameter, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "the path is empty text" in refused(*line(one.command, {one.name: empty}))
    assert not list(tmp_path.iterdir())


def test_paths_of_all_commands_are_found() -> None:
    assert {"build --out", "build --log-json", "export folder", "watch --from", "status --scenario"} <= {
        str(one) for one in PATHS
    }


def test_no_path_is_told_in_python_too() -> None:
    with pytest.raises(UsageError, match="the folder is empty text"):
        tradeviz.load(data="")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with tables in data/ and notebooks in notebooks/."""
    shutil.copytree(data_dir(), tmp_path / "here" / "data")
    shutil.copytree(notebooks_dir(), tmp_path / "here" / "notebooks")
    return tmp_path / "here"


def state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_site_is_never_written_over_tables_or_notebooks(checkout: Path) -> None:
    before = state(checkout)
    data, notebooks = checkout / "data", checkout / "notebooks"
    (checkout.parent / "linked").mkdir()
    (checkout.parent / "linked" / "data").symlink_to(data)
    sources = ("--data", data, "--notebook-folder", notebooks)
    for out in (data, data / "site", notebooks, checkout, checkout.parent / "linked"):
        assert f"--out {out} " in refused("build", *sources, "--out", out)
    for option, path in (("--log-json", data / "meetings.csv"), ("--log-json", data / "log.jsonl")):
        assert f"{option} {path} lies in the folder of the tables" in refused("build", *sources, option, path)
    assert state(checkout) == before


def test_a_site_is_not_written_beside_tables_of_somebody_else(checkout: Path) -> None:
    before = state(checkout)
    assert "that no build wrote" in refused("build", "--out", checkout)
    assert state(checkout) == before


def test_other_files_are_not_written_among_the_tables(checkout: Path) -> None:
    before, data = state(checkout), checkout / "data"
    assert "lies in the folder" in refused("export", data / "taken", "--data", data)
    assert "lies in the folder" in refused("watch", "census", "--out", data / "meetings.csv", "--data", data)
    runner = CliRunner(env={"TRADEVIZ_DATA": str(data)})
    assert runner.invoke(app, ["notebooks", str(data)]).exit_code == 2
    assert state(checkout) == before


@pytest.mark.parametrize(
    "words",
    [
        ("export", "{file}", "--format", "json"),
        ("export", "{file}/below", "--format", "json"),
        ("notebooks", "{file}/below"),
        ("build", "--out", "{file}/below"),
        ("digest", "--since", "last", "--out", "{file}"),
        ("panel", "--start", "2025-04-01", "--out", "{file}/panel.csv"),
        ("panel", "--start", "2025-04-01", "--out", "{folder}"),
        ("watch", "census", "--from", "answer.json", "--out", "{file}/queue.csv"),
    ],
    ids=str,
)
def test_a_file_in_the_place_of_a_folder_is_told_before_the_work_begins(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("the work has begun")

    for name in ("tradeviz.export.all_sheets", "tradeviz.digest.digest", "tradeviz.rates.effective_panel"):
        monkeypatch.setattr(name, work)
    file = tmp_path / "file"
    file.touch()
    told = refused(*(word.format(file=file, folder=tmp_path) for word in words))
    assert "is a file" in told or "a file is in its way" in told or "is a folder; name a file" in told
    assert list(tmp_path.iterdir()) == [file]


def test_a_format_that_is_unknown_is_told_before_the_work_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradeviz.export.all_sheets", None)
    assert '"xls" is unknown' in refused("export", tmp_path / "x", "--format", "xls")
    assert not (tmp_path / "x").exists()


def test_a_column_without_a_name_is_told_as_such(checkout: Path) -> None:
    path = checkout / "data" / "people.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("".join(f"{line},\n" for line in lines), encoding="utf-8")
    told = [str(one) for one in check(checkout / "data") if one.file == "people.csv" and one.line == 1]
    assert len(told) == 1
    assert told[0].startswith("people.csv:1 column 5 of the header has no name; a spreadsheet may have put")
    assert os.linesep not in told[0]
