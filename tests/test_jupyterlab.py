"""The notebooks in a real JupyterLab, in Chromium: cells run, exhibits show, pickers obey the keyboard."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

import jupyterlab_server
from jupyterlab_server import NOTEBOOKS, Lab

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
OPENED = NAMES if os.environ.get("TRADEVIZ_EVERY_NOTEBOOK") else ["01-partner.ipynb"]
"""A report: what differs in JupyterLab is its display, which all share; the explorer is driven below."""
ERRORS = '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
ALL_RAN_OR_ONE_FAILED = """() => {
    if (document.querySelector('[data-mime-type="application/vnd.jupyter.error"]')) return true;
    const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
    return prompts.length > 0 && prompts.every((prompt) => /\\d/.test(prompt.textContent));
}"""

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def lab(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One server for all notebooks; `chromium` comes first, so that none is started where it is missing."""
    with jupyterlab_server.running(tmp_path_factory.mktemp("jupyterlab")) as running:
        yield running


@pytest.fixture(scope="module")
def session(chromium: Browser) -> Iterator[Page]:
    """One page for all notebooks: what JupyterLab loads is then loaded once."""
    with chromium.new_context(viewport={"width": 1280, "height": 1400}) as context:
        yield context.new_page()


@pytest.fixture
def page(session: Page, lab: Lab) -> Iterator[Page]:
    yield session
    lab.stop_kernels()
    assert lab.api("kernels") == []


def run_all(page: Page, lab: Lab, name: str) -> None:
    """Open a notebook, choose Run, Run All Cells, and wait until all have run."""
    page.goto(lab.page(name))
    page.get_by_text("| Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(ALL_RAN_OR_ONE_FAILED, timeout=60_000)


def code_of(name: str) -> str:
    cells = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def test_there_are_notebooks() -> None:
    assert {"00-overview.ipynb", "01-partner.ipynb", "explore.ipynb"} <= set(NAMES)


@pytest.mark.parametrize("name", OPENED)
def test_a_notebook_runs_and_shows_its_exhibits(page: Page, lab: Lab, name: str) -> None:
    run_all(page, lab, name)
    assert page.locator(ERRORS).all_inner_texts() == []
    page.locator(".tv-exhibit").first.wait_for()
    shown = {exhibit.get_attribute("id") for exhibit in page.locator(".tv-exhibit").all()}
    named = {f"ex-{one}" for one in re.findall(r'\bname="([a-z-]+)"', code_of(name))}
    assert named <= shown
    pictures = page.locator(".tv-exhibit img")
    assert pictures.count() > 0
    assert all(picture.evaluate("one => one.naturalWidth") > 300 for picture in pictures.all())
    assert all(len(picture.get_attribute("alt") or "") > 20 for picture in pictures.all())


def test_the_pickers_are_reached_and_changed_by_keyboard(page: Page, lab: Lab) -> None:
    run_all(page, lab, "explore.ipynb")
    app = page.locator(".tradeviz-explorer")
    app.locator("img").wait_for()
    page.keyboard.press("Escape")
    chosen = app.locator("select")
    for _ in range(40):
        page.keyboard.press("Tab")
        if chosen.first.evaluate("one => one === document.activeElement"):
            break
    press_and_see(page, app, "b", "goods of Bangladesh")  # on a cell, JupyterLab would add another
    press_and_see(page, app, "ArrowUp", "goods of the Philippines")
    page.keyboard.press("Tab")
    press_and_see(page, app, "End", "Which changes of rates are already ordered")
    page.keyboard.press("Tab")
    press_and_see(page, app, "ArrowRight", "As of 26 April 2025")
    press_and_see(page, app, "PageUp", "As of 1 May 2025")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    press_and_see(page, app, "Enter", "As of 25 April 2025")
    page.keyboard.press("Tab")
    press_and_see(page, app, "Space", "As of 2 May 2025")
    assert page.locator(".jp-Notebook .jp-Cell").count() == 3
    assert page.locator(ERRORS).all_inner_texts() == []


def press_and_see(page: Page, app: Locator, key: str, words: str) -> None:
    """Press a key, and wait until the words are there and the picture is another one."""
    before = app.locator("img").get_attribute("src")
    page.keyboard.press(key)
    app.get_by_text(words).first.wait_for(timeout=10_000)
    another = "before => document.querySelector('.tradeviz-explorer img')?.src !== before"
    page.wait_for_function(another, arg=before, timeout=10_000)
