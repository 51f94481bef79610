"""Settings and the built site that all tests share."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import pytest
from click.testing import CliRunner
from filelock import FileLock
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from tradeviz import Dataset
    from tradeviz.briefing.prepared import PreparedProcess
    from tradeviz.briefing.site import Front

from tests.oracle.tables import FROZEN, LIVING
from tradeviz.imports import without

with without("rfc3987_syntax"):  # its grammar of addresses, which no notebook holds, takes a second
    import nbformat  # noqa: F401

matplotlib.use("Agg")
gc.set_threshold(100_000, 20, 20)  # looking for garbage 140 times as often takes a twentieth of the time

LIVING_TABLES = os.environ.get("TRADEVIZ_LIVING_DATA", str(LIVING))
"""What tests marked `living` read: data/, or the folder that who runs them has set.

Not TRADEVIZ_DATA: workers of pytest inherit that one as it is set below."""

os.environ["TRADEVIZ_DATA"] = str(FROZEN)  # for what is read while pytest gathers the tests

EARLIER_DAYS = ("2025-04-25", "2025-01-21")
"""First talks, and a day before any talks; `make soak` draws many more."""

ERRORS_ALSO_ELSEWHERE = (
    "error",
    "ignore::ResourceWarning",  # raised where nobody can catch it, it would only be printed into outputs
    "ignore:To exit:UserWarning",  # IPython's advice to who leaves by sys.exit
    "ignore::PendingDeprecationWarning:ipykernel.kernelbase",  # of its own code, as a kernel ends
)
"""What `filterwarnings` in pyproject.toml says, for processes that pytest does not see into."""

# No time limit per example (the machine may be busy); the same examples each time where nobody watches.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session", autouse=True)
def warnings_are_errors_in_every_process() -> Iterator[None]:
    """Let kernels, fork servers, workers and commands that the tests start fail at a warning, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONWARNINGS", ",".join(ERRORS_ALSO_ELSEWHERE))
        yield


@pytest.fixture(scope="session", autouse=True)
def front_once() -> Iterator[None]:
    """Compute what stands around the pages of a day once for all builds of equal tables in this process."""
    from tradeviz import frontpage
    from tradeviz.briefing import inputs

    compute = frontpage.front
    kept: dict[tuple[object, ...], tuple[tuple[object, ...], Front]] = {}

    def front(ds: Dataset, folder: Path, order: str = "stage", *places: Any) -> Front:
        key = (ds.data_hash(), ds.as_of, ds.scenario, inputs.tables(folder), order)
        if key not in kept:
            kept[key] = ((folder, *places), compute(ds, folder, order, *places))
        of, found = kept[key]
        if of == (folder, *places):
            return found
        # Notebooks of another folder have other exhibits to take away.
        return replace(found, files=lambda pages: compute(ds, folder, order, *places).files(pages))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frontpage, "front", front)
        yield


@pytest.fixture(scope="module")
def one_page_process() -> Iterator[None]:
    """Fork the pages of all builds of a module from one process, where each would start an equal one.

    For notebooks that read no tables which the tests of the module change.
    """
    from tradeviz.briefing import prepared

    start = prepared.PreparedProcess
    kept: dict[tuple[object, ...], PreparedProcess] = {}

    with pytest.MonkeyPatch.context() as patch, ExitStack() as running:

        def equal(
            modules: Sequence[str], environment: Mapping[str, str]
        ) -> AbstractContextManager[PreparedProcess]:
            seen = {**os.environ, **environment, "PYTEST_CURRENT_TEST": ""}
            key = (*modules, *sorted(seen.items()))
            if key not in kept or not kept[key].alive():
                kept[key] = running.enter_context(start(modules, environment))
            return nullcontext(kept[key])

        patch.setattr(prepared, "PreparedProcess", equal)
        yield


@pytest.fixture(scope="module", autouse=True)
def tables_of_the_module(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let a module of tests read the living tables if it is marked so."""
    yield from _tables_of(request)


@pytest.fixture(autouse=True)
def tables_of_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let a test read the living tables if it is marked so, be it alone in its module."""
    yield from _tables_of(request)


def _tables_of(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set the folder of tables for this process and those that it starts."""
    living = request.node.get_closest_marker("living")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADEVIZ_DATA", LIVING_TABLES if living else str(FROZEN))
        yield


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of 25 April 2025 with the overview and Korea, of the frozen tables; only to be read."""
    words = ["--as-of", "2025-04-25", "--partners", "KOR", "--notebooks", "00-overview,01-partner"]
    return _built_once(tmp_path_factory, "april", [*words, "--data", str(FROZEN)])


@pytest.fixture(scope="session")
def whole_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The living site with all kinds of pages, of the last covered day and earlier ones; only to be read."""
    days = ["", *EARLIER_DAYS]
    words = [word for day in days for word in ("--as-of", day)]
    return _built_once(tmp_path_factory, "whole", ["--partners", "KOR,ISR", *words, "--data", LIVING_TABLES])


def _built_once(tmp_path_factory: pytest.TempPathFactory, name: str, words: list[str]) -> Path:
    """Build a site in one of the processes that run the tests, for all of them."""
    from tradeviz.cli import app

    base = tmp_path_factory.getbasetemp()
    site = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"site-{name}"
    with FileLock(f"{site}.lock"):
        if not site.exists():
            result = CliRunner().invoke(app, ["build", *words, "--out", str(site)])
            assert result.exit_code == 0, result.stderr
    return site


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of a worker; mark them `browser`."""
    import browser

    with browser.started() as running:
        yield running


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser as if just unpacked: no cookies, nothing stored, one per test."""
    fresh = chromium.new_context()
    yield fresh
    fresh.close()
