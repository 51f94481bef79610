"""The floor: a notebook's code in plain Python processes, without Jupyter.

`python plain.py NOTEBOOK OUT AS_OF PARTNER...` runs the code cells for each partner, with the
partner and the day as parameters. The last expression of a cell is evaluated and its MIME bundle
taken, so that all is drawn that a kernel would draw; what would be displayed is written to OUT as
one file of HTML fragments for each partner. One process for each core, which takes partners in turn.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from tradeviz.briefing import cores

Code = list[tuple[Any, Any]]
"""For each cell: its statements, and its last expression or None, both compiled."""


def compiled(notebook: Path, parameters: dict[str, str]) -> Code:
    """Compile the code cells of a notebook, with parameters set where the notebook sets them.

    Parameters
    ----------
    notebook : pathlib.Path
        The notebook.
    parameters : dict of str to str
        Values that are assigned after the cell tagged `parameters`.
    """
    code: Code = []
    for number, cell in enumerate(nbformat.read(notebook, as_version=4).cells):
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        if "parameters" in cell.metadata.get("tags", []):
            assigned = "".join(f"{name} = {value!r}\n" for name, value in parameters.items())
            tree.body += ast.parse(assigned).body
        name = f"cell {number}"
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        expression = compile(ast.Expression(last.value), name, "eval") if isinstance(last, ast.Expr) else None
        code.append((compile(tree, name, "exec"), expression))
    return code


def shown(code: Code) -> Iterator[str]:
    """Run the cells and give what each would display, as HTML where it has any."""
    space: dict[str, Any] = {"__name__": "__main__", "display": lambda *_, **__: None}
    for statements, expression in code:
        exec(statements, space)
        value: Any = eval(expression, space) if expression else None
        if hasattr(value, "_repr_mimebundle_"):
            yield str(value._repr_mimebundle_().get("text/html", ""))
        elif value is not None:
            yield repr(value)


def brief(job: tuple[Path, Path, str, str]) -> None:
    """Run a notebook for one partner and write what it displays."""
    notebook, out, as_of, partner = job
    code = compiled(notebook, {"partner": partner, "as_of": as_of})
    (out / f"partner-{partner}.html").write_text("\n".join(shown(code)), encoding="utf-8")


def main(notebook: str, out: str, as_of: str, processes: str, *partners: str) -> None:
    """Share the partners out among fresh processes; 0 for as many as there are cores."""
    jobs = [(Path(notebook), Path(out), as_of, partner) for partner in partners]
    context = multiprocessing.get_context("spawn")
    with context.Pool(min(int(processes) or cores.available(), len(jobs))) as pool:
        for _ in pool.imap_unordered(brief, jobs, chunksize=1):
            pass


if __name__ == "__main__":
    os.environ.setdefault("MPLBACKEND", "agg")
    main(*sys.argv[1:])
