"""A warning fails the tests wherever it is raised, not only in the process that runs pytest."""

from __future__ import annotations

import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

import small_notebooks
from tradeviz.briefing import Edition, Job, run

pytestmark = pytest.mark.slow

RAISED_IN = {
    "__main__": "DeprecationWarning",
    "pandas.core.frame": "DeprecationWarning",
    "matplotlib.axes": "PendingDeprecationWarning",
    "great_tables.gt": "FutureWarning",
    "statsmodels.base.model": "RuntimeWarning",
    "tradeviz.charts.board": "UserWarning",
}
"""Modules, each with a kind of warning; most kinds Python hides unless it is told otherwise."""

COUNT_ERRORS = f"""
import builtins, warnings
raised = []
for module, category in {RAISED_IN}.items():
    try:
        warnings.warn_explicit("soon gone", getattr(builtins, category), "file.py", 1, module)
    except Warning:
        raised.append(module)
print(raised)
"""


def page(cell: str, folder: Path) -> str:
    """Make a page of a cell; give its content, or why it failed."""
    notebook = small_notebooks.write(folder / "00-a.ipynb", cell, parameters="")
    (result,) = run([Job(notebook, "a", {}, Edition("2025-04-25"))], folder / "site", 1)
    return result.message or (folder / "site" / "a.html").read_text(encoding="utf-8")


def test_in_a_page_each_kind_of_warning_is_an_error_in_each_module(tmp_path: Path) -> None:
    assert f"<pre>{list(RAISED_IN)}" in unescape(page(COUNT_ERRORS, tmp_path))


def test_a_notebook_fails_at_a_warning(tmp_path: Path) -> None:
    told = page("import warnings; warnings.warn('soon gone', DeprecationWarning)", tmp_path)
    assert told == "cell 1: DeprecationWarning: soon gone"


def test_for_users_a_warning_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONWARNINGS")
    assert "<pre>[]" in page(COUNT_ERRORS, tmp_path)


def test_in_a_command_a_warning_is_an_error() -> None:
    code = "import warnings; warnings.warn_explicit('soon gone', DeprecationWarning, 'a.py', 1, 'papermill')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("DeprecationWarning: soon gone\n")
