"""What may come of a mutation, and whether it did."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pandas as pd
from click.testing import CliRunner

from soak import bad_cells, bad_files, bad_rows
from soak.mutations import CELL, FEWER, NOTHING, ORDER, ROW, Maker, Mutation, Sheet
from tradeviz.cli import app
from tradeviz.data.checks import problems_across
from tradeviz.data.models import MODELS
from tradeviz.data.problems import Problem
from tradeviz.data.validation import TypedTable, read_one

Call = Callable[[list[str]], tuple[int, str]]

KINDS: dict[str, Maker] = {**bad_files.kinds(), **bad_rows.kinds(), **bad_cells.kinds()}

EQUIVALENT = "read as equivalent"
CHANGED = "read with the change that was made"
STOPPED = "stopped"
RAISED = "ended in a traceback"

_LONGEST_LINE = 1_000
_LONGEST_WAIT = 120


@dataclass(frozen=True)
class Trial:
    """A mutation, what came of it, and what is wrong with that.

    Attributes
    ----------
    number : int
        Its number under the seed.
    kind, table : str
        What was done, and to which table.
    outcome : str
        EQUIVALENT, CHANGED, STOPPED or RAISED.
    said : tuple of str
        The errors, as `tradeviz check` writes them.
    faults : tuple of str
        What must not be; none for a library without flaws.
    """

    number: int
    kind: str
    table: str
    outcome: str
    said: tuple[str, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Bench:
    """Where mutations are tried.

    Attributes
    ----------
    folder : Path
        A copy of the tables, whole between two trials.
    sheets : list of Sheet
        The tables as they stand there.
    original : dict of str to TypedTable
        The same, as the library reads them.
    site : Path
        A site that has to stay as it is.
    """

    folder: Path
    sheets: list[Sheet]
    original: dict[str, TypedTable]
    site: Path

    def tried(self, seed: int, number: int, commands: bool, processes: bool) -> Trial:
        """Make a mutation, look at what comes of it, and undo it."""
        mutation = made(seed, number, self.sheets)
        try:
            mutation.apply(self.folder)
            return self._judged(number, mutation, commands, processes)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            fault = f"a traceback: {error!r} at {where.name}, line {where.lineno}"
            return Trial(number, mutation.kind, mutation.table, RAISED, (), (fault,))
        finally:
            self._undo(mutation)

    def _undo(self, mutation: Mutation) -> None:
        path = self.folder / f"{mutation.table}.csv"
        for there in (path, path.with_name(path.name.upper())):
            if there.is_dir() and not there.is_symlink():
                there.rmdir()
            else:
                there.unlink(missing_ok=True)
        path.write_bytes(next(sheet.raw for sheet in self.sheets if sheet.name == mutation.table))

    def _judged(self, number: int, mutation: Mutation, commands: bool, processes: bool) -> Trial:
        table, wrong = read_one(self.folder, mutation.table)
        tables = {name: table if name == mutation.table else self.original[name] for name in MODELS}
        sound = {name: read for name, read in tables.items() if read is not None}
        errors = sorted([*wrong, *problems_across(sound)])
        faults = []
        if errors:
            outcome = STOPPED
            faults += _unhelpful(errors, mutation)
        else:
            assert table is not None
            outcome, faults = _change(self.original[mutation.table].frame, table.frame, mutation)
        said = tuple(str(problem) for problem in errors)
        if commands:
            faults += [f"in this process: {fault}" for fault in self._command_faults(_here, said)]
        if processes:
            faults += [f"in a process: {fault}" for fault in self._command_faults(_elsewhere, said)]
        return Trial(number, mutation.kind, mutation.table, outcome, said, tuple(faults))

    def _command_faults(self, call: Call, said: tuple[str, ...]) -> list[str]:
        """What is wrong with what the commands say and do."""
        data = ["--data", str(self.folder)]
        code, out = call(["check", *data])
        faults = _traces(out) + ([f"check ended with {code}"] if code != bool(said) else [])
        lines = out.splitlines()
        faults += [f"check does not say: {line}" for line in said if line not in lines]
        if said:
            before = fingerprint(self.site)
            code, out = call(["build", *data, "--out", str(self.site), "--partners", "KOR"])
            faults += _traces(out) + ([f"build ended with {code}"] if code != 1 else [])
            faults += (
                [] if any(line in out for line in said) else [f"build does not name an error: {out[:200]}"]
            )
            faults += [] if fingerprint(self.site) == before else ["build changed the site"]
        return faults


def made(seed: int, number: int, sheets: list[Sheet]) -> Mutation:
    """Make the mutation of a number under a seed; the kinds take turns."""
    names = list(KINDS)
    return KINDS[names[number % len(names)]](Random(f"{seed}:{number}"), sheets)


def make_site(site: Path) -> None:
    """Write a small site that looks like one that was built."""
    pages = {
        "index.html": "<p>board",
        "partner-KOR.html": "<p>page",
        "data/datapackage.json": "{}",
        "feed.xml": "<feed/>",
    }
    for name, content in {**pages, "manifest.json": '{"pages": {}}\n'}.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(content, encoding="utf-8")


def fingerprint(folder: Path) -> dict[str, str]:
    """The hash of every file of a folder by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _here(words: list[str]) -> tuple[int, str]:
    result = CliRunner().invoke(app, words)
    raised = result.exception
    trace = "" if raised is None or isinstance(raised, SystemExit) else f"Traceback: {raised!r}"
    return result.exit_code, result.output + trace


def _elsewhere(words: list[str]) -> tuple[int, str]:
    command = [sys.executable, "-m", "tradeviz", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_WAIT, check=False)
    return done.returncode, done.stdout + done.stderr


def _traces(output: str) -> list[str]:
    return [f"a traceback: {output[-300:]}"] if "Traceback" in output else []


def _unhelpful(errors: list[Problem], mutation: Mutation) -> list[str]:
    """What the errors leave open: which file, line and column; and what of them cannot be read."""
    unreadable = [line for line in map(str, errors) if not line.isprintable() or len(line) >= _LONGEST_LINE]
    faults = [f"no line for people: {line!r}"[:300] for line in unreadable]
    file = f"{mutation.table}.csv"
    here = [problem for problem in errors if problem.file == file]
    if not here and not any(problem.line and problem.column for problem in errors):
        faults.append(f"the errors do not lead to {file}: {errors[0]}")
    if mutation.line and here and mutation.may_change == NOTHING:
        doubled = any("stands above" in problem.message for problem in here)  # reported at the later row
        torn = any("instead of" in problem.message or "empty line" in problem.message for problem in here)
        if not doubled and not any(problem.line in (mutation.line, mutation.line + torn) for problem in here):
            faults.append(f"no error leads to line {mutation.line} of {file}: {errors[0]}")
        if not torn and not any(problem.column for problem in errors):
            faults.append(f"no error names a column: {errors[0]}")
    return faults


def _change(before: pd.DataFrame, after: pd.DataFrame, mutation: Mutation) -> tuple[str, list[str]]:
    """Whether a table that was read is the one that was there, or differs no further than was meant."""
    if before.equals(after) and list(before.dtypes) == list(after.dtypes):
        return EQUIVALENT, []
    if list(before.columns) != list(after.columns):
        return CHANGED, ["other columns"]
    may = mutation.may_change
    fault = f"read as something else, although this may change {may}"
    if may in (CELL, ROW):
        if len(before) != len(after):
            return CHANGED, [fault]
        differs = (before != after) & ~(before.isna() & after.isna())
        rows, columns = differs.any(axis=1), differs.any()
        as_meant = rows.sum() == 1 and (may == ROW or list(before.columns[columns]) == [mutation.column])
        return CHANGED, [] if as_meant else [fault]
    rows_before, rows_after = _as_text(before), _as_text(after)
    if may == ORDER:
        return CHANGED, [] if sorted(rows_before) == sorted(rows_after) else [fault]
    left = iter(rows_before)  # what follows uses it up, so that the rows have to be in their order
    return CHANGED, [] if may == FEWER and all(row in left for row in rows_after) else [fault]


def _as_text(frame: pd.DataFrame) -> list[str]:
    return [str(row) for row in frame.astype("str").to_numpy().tolist()]
