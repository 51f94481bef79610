"""The benchmark runs. How fast things are is for the benchmark itself to say."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "bench" / "run.py"


@pytest.mark.slow
def test_it_measures_and_writes_down(tmp_path: Path) -> None:
    out = tmp_path / "RESULTS.md"
    words = ["--only", "f", "--partners", "KOR", "--repeats", "1", "--out", str(out)]
    done = subprocess.run([sys.executable, str(BENCH), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = out.read_text(encoding="utf-8")
    assert "| (f) the floor in one process" in page
    assert page.count("not measured") == 8
    assert "(a)" not in page


def test_a_way_that_fails_is_noted_and_what_was_measured_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(BENCH.parent)
    run, measure, ways = (importlib.import_module(name) for name in ("run", "measure", "ways"))
    asked: list[str] = []

    def measured(_: object, way: str, *__: object) -> object:
        asked.append(way)
        if way == "a" and asked.count("a") == 1:
            raise measure.CommandError("papermill failed with 1:\nno such kernel")
        return measure.Measurement(2.0, 100.0, 0.1)

    monkeypatch.setattr(ways.Bench, "run", measured)
    out = tmp_path / "RESULTS.md"
    words = ["--only", "a,e,f", "--partners", "KOR", "--repeats", "2", "--out", str(out)]
    assert run.main(words) == 1
    assert "- (a) commands, one after the other: papermill, then jupyter nbconvert: no such kernel" in (
        out.read_text(encoding="utf-8")
    )
    assert run.main([*words, "--resume"]) == 0
    assert asked == ["a", "e", "f", "e", "f", "a", "a"]
    page = out.read_text(encoding="utf-8")
    assert "Not measured" not in page
    assert "(f) / (e) is 1.00" in page


@pytest.mark.parametrize(
    "words", [["--only", "x"], ["--repeats", "0"], ["--scale", "7"], ["--scale", ""], ["--workers", "two"]]
)
def test_it_refuses_what_it_cannot_do(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(BENCH.parent)
    main = importlib.import_module("run").main
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    assert "error: --" in capsys.readouterr().err
