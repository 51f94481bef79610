"""The tables that were read last, kept while their files hold the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tradeviz.data.checks import problems_across
from tradeviz.data.models import MODELS
from tradeviz.data.problems import ERROR, Problem
from tradeviz.data.validation import TypedTable, read_all
from tradeviz.errors import DataError
from tradeviz.wording import count

_SHOWN_PROBLEMS = 20


def valid_frames(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a folder, whole and validated; raises DataError where they break their rules."""
    global _kept
    state = _state(folder)
    if _kept is None or state is None or _kept.state != state:
        read = _Kept(state, _read_valid(folder))
        if state is None or state != _state(folder):  # somebody is writing them
            return read.frames
        _kept = read
    return _kept.frames


@dataclass(frozen=True)
class _Kept:
    """The tables that were read last, with the state of their files."""

    state: tuple[str, str] | None
    frames: dict[str, pd.DataFrame]


_kept: _Kept | None = None


def _state(folder: Path) -> tuple[str, str] | None:
    """The folder, and a hash of the files of its tables; None where there is one that cannot be read."""
    digest = hashlib.sha256()
    for path in [folder / f"{name}.csv" for name in MODELS]:
        try:
            content = path.read_bytes() if path.is_file() else None
        except OSError:
            content = None
        if content is None:
            return None
        digest.update(hashlib.sha256(content).digest())
    return str(folder.resolve()), digest.hexdigest()


def _read_valid(folder: Path) -> dict[str, pd.DataFrame]:
    tables, problems = read_checked(folder)
    errors = [problem for problem in problems if problem.severity == ERROR]
    if errors:
        raise DataError(_summary(errors), errors)
    return {name: table.frame for name, table in tables.items()}


def read_checked(folder: Path, warnings: bool = False) -> tuple[dict[str, TypedTable], list[Problem]]:
    """Read all tables of a folder, with everything that is wrong within and between them."""
    tables, problems = read_all(folder)
    return tables, problems + problems_across(tables, warnings)


def _summary(errors: list[Problem]) -> str:
    lines = [str(problem) for problem in sorted(errors)[:_SHOWN_PROBLEMS]]
    if len(errors) > _SHOWN_PROBLEMS:
        lines.append(f"... and {len(errors) - _SHOWN_PROBLEMS} more")
    head = f"the tables have {count(len(errors), 'error')}; mend them and run `tradeviz check`:"
    return "\n".join([head, *lines])
