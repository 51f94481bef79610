"""Chromium, driven by Playwright: the one that the machine has, for tests that look at what is shown."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

REQUIRED = "TRADEVIZ_REQUIRE_CHROMIUM"


def place_of_chromium() -> str:
    """Where Chromium is; skips the test where there is none, or fails it where one must be there."""
    place = shutil.which("chromium")
    if place is None:
        told = "no Chromium on this machine; on Debian: apt-get install chromium"
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{told} ({REQUIRED}=1 asks for it)", pytrace=False)
        pytest.skip(told)
    return place


@contextmanager
def started() -> Iterator[Browser]:
    """Chromium without a window; while it runs, asyncio.run() cannot be used in the same thread."""
    place = place_of_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=["--no-sandbox"])
        yield browser
        browser.close()
