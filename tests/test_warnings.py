"""A warning fails the tests wherever it is raised, not only in the process that runs pytest."""

from __future__ import annotations

import ast
import multiprocessing
import subprocess
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

import small_notebooks
from tradeviz import warm
from tradeviz.warm import provisioner

pytestmark = pytest.mark.slow

COLD, WARM = "nbclient", "tradeviz-warm"
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


@pytest.fixture(scope="module", autouse=True)
def servers_that_import_little() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(provisioner.MODULES_VARIABLE, "json")
        yield
    warm.stop()


def execute(cell: str, folder: Path, engine: str) -> str:
    """Run a cell in a kernel; give what it wrote."""
    notebook = small_notebooks.write(folder / "in.ipynb", cell, parameters="")
    done = papermill.execute_notebook(
        str(notebook), None, cwd=str(folder), engine_name=engine, kernel_name="python3", progress_bar=False
    )
    return "".join(output.get("text", "") for output in done.cells[-1].outputs)


@pytest.mark.parametrize("engine", [COLD, WARM])
def test_in_a_kernel_each_kind_of_warning_is_an_error_in_each_module(engine: str, tmp_path: Path) -> None:
    assert ast.literal_eval(execute(COUNT_ERRORS, tmp_path, engine)) == list(RAISED_IN)


def test_a_notebook_fails_at_a_warning(tmp_path: Path) -> None:
    with pytest.raises(PapermillExecutionError) as error:
        execute("import warnings; warnings.warn('soon gone', DeprecationWarning)", tmp_path, WARM)
    assert (error.value.ename, error.value.evalue) == ("DeprecationWarning", "soon gone")


@pytest.mark.parametrize("engine", [COLD, WARM])
def test_for_users_a_warning_stays_one(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONWARNINGS")
    assert "[]" in execute(COUNT_ERRORS, tmp_path, engine)


def test_in_a_worker_of_the_batch_a_warning_is_an_error() -> None:
    asked = ("soon gone", DeprecationWarning, "file.py", 1, "nbconvert.exporters.html")
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        raised = pool.submit(warnings.warn_explicit, *asked).exception()
    assert isinstance(raised, DeprecationWarning)


def test_in_a_command_a_warning_is_an_error() -> None:
    code = "import warnings; warnings.warn_explicit('soon gone', DeprecationWarning, 'a.py', 1, 'papermill')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("DeprecationWarning: soon gone\n")
