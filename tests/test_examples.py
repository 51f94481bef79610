"""Every public function of the analysis has an example that runs, on the tables as known on 25 April 2025."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import tradeviz
from known import known
from tradeviz import charts, data, evidence, exhibits, exposure, rates, summaries, tables, talks

MODULES: list[ModuleType] = [rates, talks, exposure, evidence, summaries, exhibits]


def public(module: ModuleType) -> list[Callable[..., Any]]:
    names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
    found = [getattr(module, name) for name in names]
    return [one for one in found if inspect.isfunction(one) and one.__module__.startswith(module.__name__)]


FUNCTIONS = [data.load, *(function for module in MODULES for function in public(module))]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_the_examples_of_a_function_run(function: Callable[..., Any]) -> None:
    names = {module.__name__.split(".")[-1]: module for module in [*MODULES, charts, tables]}
    names |= {"tradeviz": tradeviz, "ds": known("2025-04-25")}
    finder = doctest.DocTestFinder(recurse=False)
    (found,) = finder.find(function, function.__name__, globs=names)
    assert found.examples, "a public function needs an Examples section"
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(found, out=said.append)
    assert not said, "".join(said)
