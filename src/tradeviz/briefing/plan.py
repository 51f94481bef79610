"""The plan of a build: which notebook runs with which parameters and becomes which page."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tradeviz.briefing.jobs import Edition, Job
from tradeviz.errors import TradevizError, UsageError
from tradeviz.stamp import of_scenario

PARTNER = "partner"
AS_OF = "as_of"
SCENARIO = "scenario"
_NUMBER = re.compile(r"^\d+-")


def plan(
    folder: Path, partners: Sequence[str], edition: Edition, notebooks: Sequence[str] | None = None
) -> list[Job]:
    """Plan the pages of an edition.

    A notebook takes the parameters that its own `parameters` cell names: one with `partner` makes
    a page for each partner. A notebook whose metadata say `{"tradeviz": {"briefing": false}}` is
    left out. One with `{"tradeviz": {"sees": "partner"}}` says that it takes its data from
    `Dataset.for_partner`, so that it is made anew only when what it sees of the tables has changed.

    Parameters
    ----------
    folder : Path
        Where the notebooks are.
    partners : sequence of str
        Codes of the partners to make pages for.
    edition : Edition
        The edition; its day is the day of knowledge.
    notebooks : sequence of str, optional
        Names of the notebooks to run, with or without number and ending; all when not given.

    Returns
    -------
    list of Job
        In the order of the notebooks' names, then of the partners.

    Raises
    ------
    UsageError
        If a notebook asked for is not there, or there is none.
    """
    jobs = []
    for path in chosen(folder, notebooks):
        parameters = parameters_of(path)
        given = {AS_OF: edition.day} if AS_OF in parameters else {}
        name = page_name(path)
        if edition.scenario and SCENARIO not in parameters:
            raise UsageError(f"{path.name} has no parameter {SCENARIO}, so it can tell none; leave it out")
        if edition.scenario:
            given[SCENARIO] = f"{edition.scenario}.csv"
        codes = partners if PARTNER in parameters else [""]
        sees_partner = _about(path).get("sees") == PARTNER
        for code in codes:
            page = of_scenario(f"{name}-{code}" if code else name, edition.scenario)
            about = {PARTNER: code} if code else {}
            jobs.append(Job(path, page, {**about, **given}, edition, sees=code if sees_partner else ""))
    return jobs


def page_name(notebook: Path) -> str:
    """Name the page of a notebook: its name without the number in front."""
    return _NUMBER.sub("", notebook.stem)


def chosen(folder: Path, names: Sequence[str] | None = None) -> list[Path]:
    """Give the notebooks of a folder that become pages: those named, or all.

    Parameters
    ----------
    folder, names
        As `folder` and `notebooks` of `plan`, which also says what is raised.
    """
    there = [path for path in sorted(folder.glob("*.ipynb")) if _about(path).get("briefing", True)]
    if not there:
        raise UsageError(f"there is no notebook in {folder}; `tradeviz notebooks DIR` copies them out")
    if names is None:
        return there
    known = {alias: path for path in there for alias in (path.name, path.stem, page_name(path))}
    missing = [name for name in names if name not in known]
    if missing:
        allowed = ", ".join(path.stem for path in there)
        raise UsageError(f'notebook "{missing[0]}" is unknown; use one of {allowed}')
    return list(dict.fromkeys(known[name] for name in names))


def _about(path: Path) -> dict[str, Any]:
    """What a notebook says of itself to the batch."""
    return dict(_notebook(path).get("metadata", {}).get("tradeviz", {}))


def parameters_of(path: Path) -> set[str]:
    """Give the names that the cell of a notebook tagged `parameters` assigns."""
    try:
        return parameters_in(_notebook(path))
    except SyntaxError as error:
        raise TradevizError(f"{path.name}: its parameters cell is not Python: {error.msg}; mend it") from None


def parameters_in(notebook: Mapping[str, Any]) -> set[str]:
    """Give the same of a notebook that has been read; raises SyntaxError where its cell is no Python."""
    cells = [cell for cell in _code_cells(notebook) if "parameters" in cell["metadata"].get("tags", [])]
    statements = [line for cell in cells for line in ast.parse("".join(cell["source"])).body]
    targets: list[ast.expr] = [line.target for line in statements if isinstance(line, ast.AnnAssign)]
    targets += [target for line in statements if isinstance(line, ast.Assign) for target in line.targets]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def modules(notebooks: Iterable[Path]) -> list[str]:
    """Give the names of what notebooks import, so that it can be imported before they run.

    Parameters
    ----------
    notebooks : iterable of Path
        The notebooks. A cell that is no Python, such as one with a magic, is passed over.

    Returns
    -------
    list of str
        Modules, and what is imported from a module after its name: "tradeviz", "tradeviz.charts".
    """
    names: list[str] = []
    for cell in (cell for path in notebooks for cell in _code_cells(_notebook(path))):
        with suppress(SyntaxError):
            for statement in ast.parse("".join(cell["source"])).body:
                if isinstance(statement, ast.Import):
                    names += [alias.name for alias in statement.names]
                elif isinstance(statement, ast.ImportFrom) and not statement.level:
                    names += [f"{statement.module}.{alias.name}" for alias in statement.names]
    return list(dict.fromkeys(names))


def _code_cells(notebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _notebook(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise TradevizError(f"{path} cannot be read as a notebook: {error}; mend or remove it") from None
