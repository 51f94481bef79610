"""Every public measure of the analysis, found in its modules: what computes from a data set of a day."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import pandas as pd

import tradeviz
from tradeviz import evidence, exposure, rates, summaries, tables, talks

Measure = Callable[[tradeviz.Dataset], Any]

GIVEN: dict[str, Any] = {
    "since": "2024-01-01",
    "start": "2025-01-01",
    "end": "2026-12-31",
    "first": "2024-01-01",
    "last": "2026-12-31",
    "from_month": "2024-01",
    "to_month": "2024-12",
    "force": "threat",
    "layer": "reciprocal",
    "partner": "KOR",
    "code": "KOR",
    "table": "meetings",
    "what": "meeting",
    "name": "no-section-301",
    "start_rung": "talks_opened",
    "end_rung": "framework_announced",
}
"""What is given for a parameter that has to be given; frames are those of the first measure that fits."""

FRAMES: dict[str, Measure] = {
    "rows": rates.cliffs,
    "changed": lambda ds: talks.changes(ds, ds.as_of - pd.Timedelta(days=60)),
    "stages": talks.stages,
    "rates_now": rates.in_force_at_stake,
    "steps": talks.next_steps,
    "spells": evidence.gaps,
    "ends": evidence.record_ends,
    "schedules": rates.schedules,
}


def measures() -> dict[str, Measure]:
    """Every public function of rates, talks, exposure, evidence, summaries and tables on a data set, by name.

    Tables of frames that `FRAMES` does not know are left out: they show what another measure computes.
    """
    found: dict[str, Measure] = {}
    for module in (rates, exposure, evidence, summaries, tables, talks, *_modules(talks)):
        for name, function in vars(module).items():
            public = not name.startswith("_") and inspect.isfunction(function)
            if not public or not function.__module__.startswith(module.__name__):
                continue
            parameters = list(inspect.signature(function).parameters.values())
            if not parameters or parameters[0].name != "ds":
                continue
            needed = [
                one.name
                for one in parameters[1:]
                if one.default is one.empty and one.kind is not one.VAR_POSITIONAL
            ]
            if module is tables and not set(needed) <= {*GIVEN, *FRAMES}:
                continue
            found[f"{function.__module__.removeprefix('tradeviz.')}.{name}"] = _called(function, needed)
    return found


def _called(function: Callable[..., Any], needed: list[str]) -> Measure:
    """A function with what it needs beside the data set; one that needs what nobody gives fails by name."""

    def compute(ds: tradeviz.Dataset) -> Any:
        unknown = [name for name in needed if name not in GIVEN and name not in FRAMES]
        assert not unknown, f"{function.__name__} needs {unknown}: add it to GIVEN or FRAMES in {__name__}"
        given = {name: GIVEN[name] if name in GIVEN else FRAMES[name](ds) for name in needed}
        return function(ds, **given)

    return compute


def _modules(package: ModuleType) -> list[ModuleType]:
    return [import_module(f"{package.__name__}.{one.name}") for one in pkgutil.iter_modules(package.__path__)]


def assert_same(one: Any, other: Any, name: str) -> None:
    """Hold two results of a measure against each other, whatever they are."""
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, obj=name)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, obj=name)
    else:
        assert _plain(one) == _plain(other), name


def _plain(result: Any) -> str:
    """A result as text; a table without the identifier that it draws by chance."""
    if hasattr(result, "as_raw_html"):
        return re.sub(r'(id="|#)[a-z]{10}\b', "", result.as_raw_html())
    return repr(result)
