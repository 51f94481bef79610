"""The tables that were found valid last, kept while their files hold the same bytes."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import pandas as pd

from tradeviz.data.checks import problems_across
from tradeviz.data.problems import ERROR, Problem
from tradeviz.data.validation import READINGS, Tables, read_all
from tradeviz.errors import DataError
from tradeviz.wording import count

_SHOWN_PROBLEMS = 20
_valid: deque[Tables] = deque(maxlen=READINGS)


def valid_frames(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a folder, whole and validated; raises DataError where they break their rules."""
    tables, problems = read_all(folder)  # gives the same objects again for files with the same bytes
    if problems or not any(_same(tables, earlier) for earlier in _valid):
        errors = [problem for problem in [*problems, *problems_across(tables)] if problem.severity == ERROR]
        if errors:
            raise DataError(_summary(errors), errors)
        _valid.append(tables)
    return {name: table.frame for name, table in tables.items()}


def _same(tables: Tables, earlier: Tables) -> bool:
    return all(table is earlier[name] for name, table in tables.items())


def _summary(errors: list[Problem]) -> str:
    lines = [str(problem) for problem in sorted(errors)[:_SHOWN_PROBLEMS]]
    if len(errors) > _SHOWN_PROBLEMS:
        lines.append(f"... and {len(errors) - _SHOWN_PROBLEMS} more")
    head = f"the tables have {count(len(errors), 'error')}; mend them and run `tradeviz check`:"
    return "\n".join([head, *lines])
