"""What commands print reaches the reader, whatever the terminal and its encoding are set to."""

from __future__ import annotations

import io
import json
import sys

import pytest

from tradeviz.cli import app

TERMINALS: tuple[tuple[str, dict[str, str]], ...] = (
    ("utf-8", {}),
    ("latin-1", {"NO_COLOR": "1", "TERM": "dumb"}),
    ("cp850", {"COLUMNS": "1"}),
    ("cp437", {"COLUMNS": "wide", "TERMINAL_WIDTH": "wide", "FORCE_COLOR": "1"}),
    ("ascii", {"COLUMNS": "0", "LINES": "0"}),
)
"""Encodings of stdout and stderr, and what else a terminal may be set to; soak tries other combinations."""
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("status",),
    ("rates", "--partner", "KOR"),
    ("changes", "--since", "2025-04-18"),
    ("--help",),
    ("rates", "--partner", "Curaçao → “KOR”"),
)


def printed(
    words: tuple[str, ...], encoding: str, terminal: dict[str, str], patch: pytest.MonkeyPatch
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
            app(list(words), prog_name="tradeviz")
        out.flush()
        err.flush()
    assert isinstance(ended.value.code, int)
    return ended.value.code, streams[0].getvalue(), streams[1].getvalue()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_tables_and_messages_reach_every_terminal(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for encoding, terminal in TERMINALS:
        code, out, err = printed(words, encoding, terminal, monkeypatch)
        assert code == (2 if "KOR”" in words[-1] else 0)
        assert out.decode(encoding) or err.decode(encoding)
        assert b"Traceback" not in err


@pytest.mark.parametrize("words", COMMANDS[:3], ids=" ".join)
def test_csv_and_json_are_the_same_bytes_in_every_terminal(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in ("csv", "json"):
        said = {
            printed((*words, "--format", form), encoding, terminal, monkeypatch)
            for encoding, terminal in TERMINALS
        }
        assert len(said) == 1
        code, out, err = said.pop()
        assert (code, err) == (0, b"")
        assert out.decode("utf-8")
        assert form == "csv" or json.loads(out)


def test_a_narrow_terminal_loses_no_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = printed(("rates", "--partner", "KOR"), "utf-8", {"COLUMNS": "5"}, monkeypatch)
    assert code == 0
    assert "KOR" in out.decode()


def test_a_command_without_any_stream_ends_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(SystemExit) as ended:
        app(["rates", "--partner", "KOR", "--format", "csv"], prog_name="tradeviz")
    assert ended.value.code == 0
