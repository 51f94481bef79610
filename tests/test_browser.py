"""Tests that look at pages: left out in one line where there is no Chromium, unless it must be there."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

import browser


@pytest.fixture
def no_chromium(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    monkeypatch.delenv(browser.REQUIRED, raising=False)
    return monkeypatch


def test_without_chromium_a_test_is_skipped_and_says_why(no_chromium: pytest.MonkeyPatch) -> None:
    with pytest.raises(pytest.skip.Exception, match="no Chromium on this machine; on Debian"):
        browser.place_of_chromium()


def test_where_chromium_must_be_there_its_absence_fails(no_chromium: pytest.MonkeyPatch) -> None:
    no_chromium.setenv(browser.REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="no Chromium"):
        browser.place_of_chromium()


@pytest.mark.browser
def test_a_page_can_be_looked_at(context: BrowserContext) -> None:
    page = context.new_page()
    page.set_content("<h1>Where do the talks stand?</h1>")
    assert page.get_by_role("heading").inner_text() == "Where do the talks stand?"
