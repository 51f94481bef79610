"""What commands print reaches the reader, whatever the terminal and its encoding are set to."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from commands import commands, line
from tradeviz.cli import app
from tradeviz.data import Tables, load_tables
from tradeviz.terminal import Format

FULL = Path("/dev/full")
TERMINALS: tuple[tuple[str, dict[str, str]], ...] = (
    ("utf-8", {}),
    ("cp850", {"COLUMNS": "1", "NO_COLOR": "1", "TERM": "dumb"}),
    ("ascii", {"COLUMNS": "wide", "FORCE_COLOR": "1"}),
)
"""Encodings of stdout and stderr, and what else a terminal may be set to; soak tries other combinations."""
WITH_TABLES = [
    line(command, {"partner": "KOR"} if any(one.name == "partner" for one in parameters) else {})
    for command, parameters in commands().items()
    if any(one.kind is Format for one in parameters)
]
OTHERS = [["--help"], ["rates", "--partner", "Curaçao → “KOR”"]]


@pytest.fixture(scope="module", autouse=True)
def one_data_set_of_a_day() -> Iterator[None]:
    """Give all commands the same data set of a day, whose measures are then computed once."""
    cut = cache(load_tables().at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tables, "at", lambda _, *days: cut(*days))
        yield


def printed(
    words: list[str], encoding: str, terminal: dict[str, str], patch: pytest.MonkeyPatch
) -> tuple[int, bytes, bytes]:
    """Exit code, stdout and stderr of a command whose streams refuse what their encoding lacks."""
    streams = [io.BytesIO(), io.BytesIO()]
    out, err = (io.TextIOWrapper(one, encoding=encoding, errors="strict") for one in streams)
    with patch.context() as within:
        for name, value in terminal.items():
            within.setenv(name, value)
        within.setattr(sys, "stdout", out)
        within.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as ended:
            app(words, prog_name="tradeviz")
        out.flush()
        err.flush()
    assert isinstance(ended.value.code, int)
    return ended.value.code, streams[0].getvalue(), streams[1].getvalue()


def test_commands_with_tables_are_found() -> None:
    assert {"status", "rates", "changes", "compare", "due"} <= {words[0] for words in WITH_TABLES}


@pytest.mark.parametrize("words", [*WITH_TABLES, *OTHERS], ids=" ".join)
def test_tables_and_messages_reach_every_terminal(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, terminal in TERMINALS:
        code, out, err = printed(words, encoding, terminal, monkeypatch)
        assert code in ((2,) if "KOR”" in words[-1] else (0, 3))
        assert out.decode(encoding) or err.decode(encoding)
        assert b"Traceback" not in err


@pytest.mark.parametrize("words", WITH_TABLES, ids=" ".join)
def test_csv_and_json_are_the_same_bytes_in_every_terminal(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in ("csv", "json"):
        said = {
            printed([*words, "--format", form], encoding, terminal, monkeypatch)
            for encoding, terminal in (TERMINALS[0], TERMINALS[-1])
        }
        assert len(said) == 1
        code, out, err = said.pop()
        assert code in (0, 3)
        assert not err or code == 3
        assert out.decode("utf-8")
        assert form == "csv" or isinstance(json.loads(out), list)


def test_a_narrow_terminal_loses_no_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = printed(["rates", "--partner", "KOR"], "utf-8", {"COLUMNS": "5"}, monkeypatch)
    assert code == 0
    assert "KOR" in out.decode()


def test_a_command_without_any_stream_ends_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(SystemExit) as ended:
        app(["rates", "--partner", "KOR", "--format", "csv"], prog_name="tradeviz")
    assert ended.value.code == 0


@pytest.mark.skipif(not FULL.exists(), reason="the system has no device that is always full")
def test_what_cannot_be_written_is_told_in_one_line() -> None:
    program = str(Path(sys.executable).with_name("tradeviz"))
    for words in (["--help"], ["--version"]):
        with FULL.open("wb") as full:
            ended = subprocess.run([program, *words], stdout=full, stderr=subprocess.PIPE, check=False)
        assert (ended.returncode, ended.stderr) == (5, b"tradeviz: No space left on device\n")


def test_a_working_directory_that_is_gone_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone() -> str:
        raise FileNotFoundError

    with monkeypatch.context() as within:
        within.setattr(os, "getcwd", gone)
        with pytest.raises(SystemExit) as ended:
            app(["check"], prog_name="tradeviz")
    assert ended.value.code == 5
    assert capsys.readouterr().err == (
        "tradeviz: the working directory no longer exists; change into one that does\n"
    )
