"""docs/methods.md names every public measure, and no measure that is not there."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

from tradeviz import evidence, exposure, rates, talks
from tradeviz.talks import deals, tempo, waits

TEXT = (Path(__file__).parents[1] / "docs" / "methods.md").read_text(encoding="utf-8")
MODULES = {"rates": rates, "talks": talks, "exposure": exposure, "evidence": evidence}
MODULES |= {"talks.tempo": tempo, "talks.waits": waits, "talks.deals": deals}


def _public(module: ModuleType) -> list[str]:
    """The functions that a module offers: those of its `__all__`, or else those written in it."""
    own = [name for name, one in vars(module).items() if getattr(one, "__module__", "") == module.__name__]
    offered = getattr(module, "__all__", [name for name in own if not name.startswith("_")])
    return [name for name in offered if inspect.isfunction(getattr(module, name))]


MEASURES = [(place, name) for place, module in MODULES.items() for name in _public(module)]


@pytest.mark.parametrize(("place", "name"), MEASURES)
def test_a_public_measure_stands_in_methods(place: str, name: str) -> None:
    assert re.search(rf"`({re.escape(place)}|{place.split('.')[-1]})\.{name}`", TEXT)


def test_methods_names_no_function_that_is_not_there() -> None:
    named = set(re.findall(rf"`({'|'.join(MODULES)}|tempo|waits|deals)\.(\w+)`", TEXT))
    modules = MODULES | {"tempo": tempo, "waits": waits, "deals": deals}
    missing = [f"{place}.{name}" for place, name in named if not hasattr(modules[place], name)]
    assert missing == []
    assert len(named) > 40


@pytest.mark.parametrize("part", ["Rates", "Talks", "Tempo", "Deals", "Exposure", "Evidence"])
def test_each_part_says_which_way_it_errs(part: str) -> None:
    body = TEXT.split(f"\n## {part}\n")[1].split("\n## ")[0]
    assert body.count("*Bias") + body.count("*errs*") >= 3
