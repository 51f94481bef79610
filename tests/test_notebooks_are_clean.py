"""Notebooks in the repository hold a story and no logic, nor anything that an earlier run left."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import papermill
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
FOR_PAPERMILL = [path for path in NOTEBOOKS if re.match(r"\d\d-", path.name)]

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
each_report = pytest.mark.parametrize("path", FOR_PAPERMILL, ids=lambda path: path.stem)


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def code_cells(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def python(cell: dict[str, Any]) -> str:
    """The cell without the lines that only IPython understands."""
    return "\n".join(line for line in source(cell).splitlines() if not line.lstrip().startswith(("%", "!")))


def test_the_main_notebooks_are_there() -> None:
    assert {"00-overview", "01-partner"} <= {path.stem for path in NOTEBOOKS}


@each_notebook
def test_no_outputs_and_no_counts(path: Path) -> None:
    assert code_cells(path)
    for cell in code_cells(path):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@each_notebook
def test_nothing_of_an_earlier_run_is_left(path: Path) -> None:
    notebook = read(path)
    assert "papermill" not in notebook["metadata"]
    for cell in notebook["cells"]:
        assert not {"papermill", "execution"} & set(cell["metadata"])
        assert "injected-parameters" not in cell["metadata"].get("tags", [])


@each_notebook
def test_any_python_kernel_runs_it(path: Path) -> None:
    assert read(path)["metadata"]["kernelspec"]["name"] == "python3"


@each_notebook
def test_code_cells_are_short(path: Path) -> None:
    lengths = [len(source(cell).splitlines()) for cell in code_cells(path)]
    assert max(lengths) <= 12


@each_notebook
def test_no_functions_or_classes(path: Path) -> None:
    forbidden = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    for cell in code_cells(path):
        found = [node for node in ast.walk(ast.parse(python(cell))) if isinstance(node, forbidden)]
        assert not found, source(cell)


@each_report
def test_one_cell_of_typed_and_explained_parameters(path: Path) -> None:
    tagged = [cell for cell in code_cells(path) if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    lines = [line for line in source(tagged[0]).splitlines() if line.strip() and not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[a-z_]+: \S.* = .+  # .+", line), line


@each_report
def test_papermill_describes_the_parameters(path: Path) -> None:
    parameters = papermill.inspect_notebook(str(path))
    assert "as_of" in parameters
    for parameter in parameters.values():
        assert parameter["inferred_type_name"] != "None"
        assert parameter["help"]
