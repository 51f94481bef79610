"""A helper that fails, or makes less than a whole file, fails the page, with what it said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tradeviz.briefing import helpers, pdf
from tradeviz.errors import TradevizError

PRINTS = (
    'for a in "$@"; do case $a in --print-to-pdf=*) printf "%s" "$MADE" > "${a#--print-to-pdf=}";; esac; done'
)


@pytest.mark.skipif(os.name == "nt", reason="the helper is a shell script")
@pytest.mark.parametrize(
    ("script", "made", "told"),
    [
        (PRINTS, "", "ended well, but its .pdf of 0 bytes is not whole, and said nothing"),
        (
            f"echo no space >&2; {PRINTS}",
            "%PDF-1.4 half",
            "ended well, but its .pdf of 13 bytes is not whole, and said: no space",
        ),
        ("echo first; echo; echo the last", "", "ended well, but made no .pdf: .*, and said: the last"),
        ("echo cannot open display >&2; exit 7", "", "ended with exit code 7, and said: cannot open display"),
        ("kill -9 $$", "", "was ended by signal 9, and said nothing"),
    ],
)
def test_a_chromium_that_prints_nothing_whole_is_no_success(
    script: str, made: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "chromium"
    fake.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(pdf, "chromium", lambda: str(fake))
    monkeypatch.setenv("MADE", made)
    with pytest.raises(TradevizError, match=f"^Chromium {told}"):
        pdf.printed("<p>page</p>", "2025-04-25", tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="the helper is a shell script")
def test_a_whole_file_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "chromium"
    fake.write_text(f"#!/bin/sh\n{PRINTS}\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(pdf, "chromium", lambda: str(fake))
    monkeypatch.setenv("MADE", "%PDF-1.4 all of it %%EOF")
    assert pdf.printed("<p>page</p>", "2025-04-25", tmp_path) == b"%PDF-1.4 all of it %%EOF"


@pytest.mark.skipif(os.name == "nt", reason="the helper is a shell script")
def test_a_helper_gets_a_temporary_folder_that_can_be_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "/dev/null")
    assert helpers.run("sh", ["sh", "-c", 'test -w "$TMPDIR/" && echo yes'], 10) == ", and said: yes"
