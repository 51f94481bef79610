"""Where the processor seconds of `tradeviz build` go: each of its stages by itself, in this process.

`python stages.py NOTEBOOK OUT AS_OF PARTNER...` prints the seconds of each stage as JSON, in the order
of `STAGES`. Processor time is taken and not the clock's, so other work on the machine matters little.
What is done once counts once, and what is done for each page is summed over all partners.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import nbformat
import psutil
from plain import compiled, shown

import tradeviz
from tradeviz import exhibits
from tradeviz.briefing import export
from tradeviz.briefing.jobs import OK, Edition, Job
from tradeviz.briefing.plan import modules
from tradeviz.briefing.prepared import PreparedProcess

STAGES = {
    "command": "once: the command's own imports",
    "prepared": "once: imports of the process that pages are forked from, and validating the tables",
    "plan": "once: the tables for the plan, and the front page",
    "process": "each page: its process, and Papermill's work",
    "load": "each page: loading the tables",
    "chart": "each page: drawing its charts",
    "table": "each page: making its tables",
    "rest": "each page: the other code of the notebook, which is the analysis and the words",
    "display": "each page: what IPython's shell needs to run the same code, and the garbage collector",
    "export": "each page: export and writing",
}
"""What is measured, in words."""

_COMMAND = "import tradeviz.cli, tradeviz.briefing.batch, tradeviz.frontpage, tradeviz.briefing.site"
_PREPARED = "from tradeviz.briefing.prepared import *; prepare({modules!r}, Path({folder!r}))"
_FRONT = "from tradeviz import frontpage, data; frontpage.front(data.load(), data.data_dir())"


def once(code: str) -> float:
    """Processor seconds of a fresh Python that runs some code."""
    program = f"{code}; import time; print(time.process_time())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return float(done.stdout)


@contextmanager
def replaced(function: Callable[..., Any], by: Callable[..., Any]) -> Iterator[None]:
    """Put a function in the place of another in every module of the package that has it by its name."""
    where = [module for name, module in sys.modules.items() if name.split(".")[0] == tradeviz.__name__]
    holders = [module for module in where if vars(module).get(function.__name__) is function]
    for holder in holders:
        setattr(holder, function.__name__, by)
    try:
        yield
    finally:
        for holder in holders:
            setattr(holder, function.__name__, function)


def notebook_code(notebook: Path, as_of: str, partners: list[str]) -> dict[str, float]:
    """Processor seconds of the notebook's code in this process, by what it calls."""
    spent = dict.fromkeys(("load", "chart", "table"), 0.0)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            begun = time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                spent[name] += time.process_time() - begun

        return call

    tradeviz.load()  # the prepared process has read the tables before it forks
    measured = {"load": tradeviz.load, "chart": exhibits.chart, "table": exhibits.table}
    with ExitStack() as stack:
        for name, function in measured.items():
            stack.enter_context(replaced(function, timed(name, function)))
        begun = time.process_time()
        for partner in partners:
            list(shown(compiled(notebook, {"partner": partner, "as_of": as_of})))
        whole = time.process_time() - begun
    return {**spent, "rest": whole - sum(spent.values())}


def pages(notebook: Path, out: Path, as_of: str, partners: list[str]) -> dict[str, float]:
    """Processor seconds of pages made as a build makes them, here and in all processes below."""
    edition = Edition(as_of)
    empty = _empty_notebook(notebook, out / "00-empty.ipynb")
    jobs = [Job(notebook, f"partner-{code}", {"partner": code, "as_of": as_of}, edition) for code in partners]
    blank = [Job(empty, f"empty-{code}", {}, edition) for code in partners]
    with PreparedProcess(modules([notebook]), {}) as prepared:
        _spent(prepared, [Job(empty, "first", {}, edition)], out)  # the first one waits for the imports
        spent = {"blank": _spent(prepared, blank, out), "whole": _spent(prepared, jobs, out)}
    begun = time.process_time()
    for job in jobs:
        export.exported(nbformat.read(out / "notebooks" / f"{job.page}.ipynb", 4), job)
    return {**spent, "export": time.process_time() - begun}


def _empty_notebook(notebook: Path, path: Path) -> Path:
    """The notebook with as many cells, which do nothing."""
    copy = nbformat.read(notebook, as_version=4)
    for cell in copy.cells:
        cell.source, cell.metadata = "", {}
        if cell.cell_type == "code":
            cell.source = "pass"
    nbformat.write(copy, path)
    return path


def _spent(prepared: PreparedProcess, jobs: list[Job], out: Path) -> float:
    """Processor seconds while pages are made."""
    begun = _until_now()
    for result in prepared.make(jobs, out, 1):
        if result.status != OK:
            raise RuntimeError(f"{result.job.page} failed: {result.message}")
    return _until_now() - begun


def _until_now() -> float:
    below = [child.cpu_times() for child in psutil.Process().children()]
    return time.process_time() + sum(sum(times[:4]) for times in below)


def main(notebook: str, out: str, as_of: str, *partners: str) -> None:
    """Measure all stages and print them."""
    chosen = list(partners)
    preparing = _PREPARED.format(modules=modules([Path(notebook)]), folder=out)
    spent = {"command": once(_COMMAND), "prepared": once(preparing)}
    spent["plan"] = max(once(f"{_COMMAND}; {_FRONT}") - spent["command"], 0.0)
    code = notebook_code(Path(notebook), as_of, chosen)
    made = pages(Path(notebook), Path(out), as_of, chosen)
    spent |= {**code, "process": made["blank"], "export": made["export"]}
    spent["display"] = max(made["whole"] - made["blank"] - made["export"] - sum(code.values()), 0.0)
    print(json.dumps({name: spent[name] for name in STAGES}))


if __name__ == "__main__":
    main(*sys.argv[1:])
