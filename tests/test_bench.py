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
    words = ["--only", "c,e", "--partners", "KOR", "--repeats", "1", "--out", str(out)]
    done = subprocess.run([sys.executable, str(BENCH), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = out.read_text(encoding="utf-8")
    assert "| (c) tradeviz build, cold" in page
    assert "| (e) the floor" in page
    assert "| c / e: slower than the floor | ≤ 2.5x | " in page
    assert page.count("not measured") == 6
    assert "(a)" not in page


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
