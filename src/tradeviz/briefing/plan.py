"""The plan of a build: which notebook runs with which parameters and becomes which page."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tradeviz.errors import TradevizError, UsageError

PARTNER = "partner"
AS_OF = "as_of"
CELL_TIMEOUT = 600
"""Seconds after which a cell counts as hanging, unless told otherwise."""
_NUMBER = re.compile(r"^\d+-")


@dataclass(frozen=True)
class Edition:
    """The site as of one day, and what its pages share.

    Attributes
    ----------
    day : str
        The as-of date, ISO.
    folder : str
        The edition's folder within the site; "" for the newest one, at the root.
    data_hash : str
        Hash of the tables as cut at the day.
    looks_back : bool
        Whether the tables reach beyond the day.
    tables : str
        Hash of the files of the tables, whole.
    base_url : str
        The address under which the edition will be published, ending in "/"; "" where pages link to
        one another by relative addresses.
    pdf : bool
        Whether each page is printed to PDF as well.
    """

    day: str = ""
    folder: str = ""
    data_hash: str = ""
    looks_back: bool = False
    tables: str = ""
    base_url: str = ""
    pdf: bool = False


@dataclass(frozen=True)
class Job:
    """One page to make.

    Attributes
    ----------
    notebook : Path
        The notebook to run.
    page : str
        Name of the page, without `.html`: overview, partner-KOR.
    parameters : dict of str to str
        What the notebook is run with.
    edition : Edition
        The edition of the site that the page belongs to.
    inputs : dict of str to str
        Hashes of all that the page is made from, as `inputs.of` gives them.
    timeout : int
        Seconds that a cell may take.
    """

    notebook: Path
    page: str
    parameters: dict[str, str] = field(default_factory=dict)
    edition: Edition = field(default_factory=Edition)
    inputs: dict[str, str] = field(default_factory=dict)
    timeout: int = CELL_TIMEOUT

    def command(self) -> str:
        """The papermill command that reproduces the page's notebook."""
        words = ["papermill", f"notebooks/{self.notebook.name}", f"{self.page}.ipynb"]
        for name, value in self.parameters.items():
            words += ["-p", name, value]
        return shlex.join(words)


def plan(
    folder: Path,
    partners: Sequence[str],
    edition: Edition,
    notebooks: Sequence[str] | None = None,
) -> list[Job]:
    """Plan the pages of an edition.

    A notebook takes the parameters that its own `parameters` cell names: one with `partner` makes
    a page for each partner. A notebook whose metadata say `{"tradeviz": {"briefing": false}}` is
    left out.

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
    for path in _chosen(folder, notebooks):
        parameters = _parameters(path)
        given = {AS_OF: edition.day} if AS_OF in parameters else {}
        name = page_name(path)
        if PARTNER in parameters:
            jobs += [Job(path, f"{name}-{code}", {PARTNER: code, **given}, edition) for code in partners]
        else:
            jobs.append(Job(path, name, given, edition))
    return jobs


def page_name(notebook: Path) -> str:
    """Name the page of a notebook: its name without the number in front."""
    return _NUMBER.sub("", notebook.stem)


def _chosen(folder: Path, names: Sequence[str] | None) -> list[Path]:
    there = [path for path in sorted(folder.glob("*.ipynb")) if _is_briefing(path)]
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


def _is_briefing(path: Path) -> bool:
    return bool(_notebook(path).get("metadata", {}).get("tradeviz", {}).get("briefing", True))


def _parameters(path: Path) -> set[str]:
    """The names that the cell tagged `parameters` assigns."""
    cells = [one for one in _notebook(path)["cells"] if "parameters" in one["metadata"].get("tags", [])]
    try:
        statements = [line for cell in cells for line in ast.parse("".join(cell["source"])).body]
    except SyntaxError as error:
        raise TradevizError(f"{path.name}: its parameters cell is not Python: {error.msg}; mend it") from None
    targets: list[ast.expr] = [one.target for one in statements if isinstance(one, ast.AnnAssign)]
    targets += [target for one in statements if isinstance(one, ast.Assign) for target in one.targets]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _notebook(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise TradevizError(f"{path} cannot be read as a notebook: {error}; mend or remove it") from None
