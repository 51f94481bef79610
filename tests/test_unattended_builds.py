"""What a job that nobody watches gets from a build: exit codes, the age of the data, a log for machines."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tradeviz import cli
from tradeviz.briefing import files, lock
from tradeviz.briefing.jobs import Request
from tradeviz.briefing.journal import Log, recording
from tradeviz.errors import BusyError, UsageError, explained

AFTER_THE_END = date(2026, 10, 10)
"""Ten days after the last day that the data cover."""


def build(site: Path, *words: str) -> Result:
    asked = ["--as-of", "2025-04-25", "--partners", "KOR", "--notebooks", "00-overview,01-partner"]
    return CliRunner().invoke(cli.app, ["build", *asked, "--out", str(site), *words])


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.slow
def test_data_that_are_too_old_have_an_exit_code_of_their_own(
    built_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradeviz.clock.today", lambda: AFTER_THE_END)
    site, log = shutil.copytree(built_site, tmp_path / "site"), tmp_path / "log.jsonl"
    assert build(site, "--max-age", "60").exit_code == 0
    told = build(site, "--max-age", "9", "--log-json", str(log))
    assert told.exit_code == 3
    assert "the site was built, but the table of meetings ends on 2026-09-25, 15 days ago (and" in told.stderr
    assert "more than the 9 of --max-age" in told.stderr
    assert "coverage.csv" in told.stderr
    started, finished = lines(log)
    assert (started["event"], started["parameters"]["max_age"]) == ("build-started", 9)
    assert finished["event"] == "build-finished"
    assert (finished["exit_code"], finished["coverage_end"]) == (3, "2026-09-30")
    assert (finished["made"], finished["up_to_date"]) == (0, 2)


@pytest.mark.slow
def test_a_log_goes_on_where_it_ended(built_site: Path, tmp_path: Path) -> None:
    site, log = shutil.copytree(built_site, tmp_path / "site"), tmp_path / "log.jsonl"
    log.write_text('{"event": "before"}\n{"half', encoding="utf-8")
    for _ in range(2):
        assert build(site, "--log-json", str(log)).exit_code == 0
    first, half, *ours = log.read_text(encoding="utf-8").splitlines()
    assert (first, half) == ('{"event": "before"}', '{"half')
    found = [json.loads(line) for line in ours]
    assert [line["event"] for line in found] == ["build-started", "build-finished"] * 2
    assert len({line["build"] for line in found}) == 2


def test_a_log_that_cannot_be_written_is_told_before_anything_is_done(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none" / "log.jsonl"):
        told = build(tmp_path / "site", "--log-json", str(place))
        assert told.exit_code == 2
        assert f"--log-json {place} cannot be written" in told.stderr
    assert not (tmp_path / "site").exists()
    with pytest.raises(UsageError):
        Log(tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_log_that_cannot_be_continued_does_not_stop_the_build(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl")
    log.path = Path("/dev/full")
    log.event("one")
    log.event("two")
    assert log.failure == "the log /dev/full could not be written: No space left on device"


def test_the_log_tells_how_a_build_ended_that_went_wrong(tmp_path: Path) -> None:
    asked = Request((), (), (), tmp_path, tmp_path, 1)
    for number, error in enumerate((BusyError("busy"), KeyboardInterrupt(), ZeroDivisionError("ours"))):
        log = tmp_path / f"{number}.jsonl"
        with pytest.raises(type(error)), recording(log, asked, None):
            raise error
        last = lines(log)[-1]
        assert last["exit_code"] == (4, 130, 1)[number]
        assert last["message"] == explained(error)[0] or last["message"] == "ZeroDivisionError: ours"


def test_the_help_lists_the_exit_codes() -> None:
    told = " ".join(CliRunner().invoke(cli.app, ["build", "--help"]).output.split())
    for words in (
        "3 done, but the data are older",
        "4 another build",
        "5 a file could not be",
        "130 and 143",
    ):
        assert words in told


def test_a_lock_left_by_a_dead_build_locks_nothing(tmp_path: Path) -> None:
    (tmp_path / lock.NAME).touch()
    with lock.locked(tmp_path):
        assert (tmp_path / lock.NAME).exists()
        with pytest.raises(BusyError, match="another build is at work"), lock.locked(tmp_path):
            pass
    assert not list(tmp_path.iterdir())


def test_only_what_a_build_left_half_written_is_removed(tmp_path: Path) -> None:
    for name in (
        ".a.html.abcd1234.tmp",
        "data/.a.csv.abcd_234.tmp",
        ".mine.tmp",
        "a.tmp",
        "deep/.a.abcd1234.tmp",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    files.remove_leftovers([tmp_path])
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {".mine.tmp", "a.tmp", "deep/.a.abcd1234.tmp"}


def test_files_that_belong_together_are_replaced_together_or_not_at_all(tmp_path: Path) -> None:
    files.write_together(tmp_path, {"a.csv": "old", "page.html": "old"})
    with pytest.raises(UnicodeEncodeError):
        files.write_together(tmp_path, {"a.csv": "new", "page.html": "half \ud800"})
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "a.csv": "old",
        "page.html": "old",
    }
