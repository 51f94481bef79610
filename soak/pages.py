"""Pages in Chromium: what they are made of, what they ask for, what they say, and whether anything ran.

A page is looked at as it is and without its Content-Security-Policy: what the library escapes has
to hold without the browser's help.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soak.payloads import CANARY
from tradeviz.briefing import pdf

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

_TAGS = {
    *("a", "abbr", "b", "body", "br", "caption", "code", "col", "colgroup", "dd", "details", "div", "dl"),
    *("dt", "em", "link", "small"),
    *("figcaption", "figure", "footer", "h1", "h2", "h3", "head", "header", "html", "img", "li", "main"),
    *("meta", "nav", "ol", "p", "pre", "section", "span", "strong", "style", "summary", "table", "tbody"),
    *("td", "tfoot", "th", "thead", "title", "tr", "ul"),
}
_ATTRIBUTES = {
    *("alt", "aria-current", "aria-label", "charset", "class", "colspan", "content", "download", "headers"),
    *("data-quarto-bootstrap", "data-quarto-disable-processing", "href", "http-equiv", "id", "lang", "name"),
    *("open", "rel", "role", "rowspan", "scope", "src", "style", "tabindex", "title"),
    *("data-label", "property", "type"),
}
_POLICY = re.compile(r"<meta [^>]*Content-Security-Policy[^>]*>")
_LOOK = """() => {
  const all = [...document.querySelectorAll('*')];
  document.querySelectorAll('details').forEach(node => { node.open = true; });
  const said = [document.title, document.body.textContent];
  all.forEach(node => ['alt', 'title', 'aria-label'].forEach(key => said.push(node.getAttribute(key) || '')));
  return {
    tags: [...new Set(all.map(node => node.tagName.toLowerCase()))],
    attributes: [...new Set(all.flatMap(node => node.getAttributeNames()))],
    links: all.filter(node => node.hasAttribute('href')).map(node => node.href),
    sources: all.filter(node => node.hasAttribute('src')).map(node => node.src.slice(0, 16)),
    refresh: all.filter(node => (node.httpEquiv || '').toLowerCase() == 'refresh').length,
    canary: window.CANARY ?? null,
    text: said.join(' '),
  };
}""".replace("CANARY", CANARY)
_STIR = """document.querySelectorAll('*').forEach(node => {
  if (node.tagName != 'A')
    ['mouseover', 'focus', 'click', 'error', 'load'].forEach(kind => node.dispatchEvent(new Event(kind)));
})"""


@contextmanager
def started() -> Iterator[BrowserContext]:
    """Chromium as if just unpacked."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=pdf.chromium(), args=["--no-sandbox"])
        yield browser.new_context()
        browser.close()


def looked_at(context: BrowserContext, page: Path) -> tuple[str, list[str]]:
    """Open a page, as it is and without its policy.

    Parameters
    ----------
    context : BrowserContext
        The browser.
    page : Path
        The HTML file; a second one is written beside it for as long as this takes.

    Returns
    -------
    str
        All that the page says, also in attributes and in what has to be unfolded.
    list of str
        What must not be: foreign elements or attributes, requests, words in the console, dialogs, a
        payload that ran.
    """
    content = page.read_text(encoding="utf-8")
    policies = len(_POLICY.findall(content))
    faults = [] if policies == 1 else [f"has {policies} policies"]
    bare = page.with_name(f"bare-{page.name}")
    bare.write_text(_POLICY.sub("", content), encoding="utf-8")
    said = ""
    try:
        for version in (page, bare):
            said, found = _opened(context, version)
            faults += found
    finally:
        bare.unlink()
    return said, [f"{page.parent.name}/{page.name}: {fault}" for fault in faults]


def _opened(context: BrowserContext, page: Path) -> tuple[str, list[str]]:
    shown = context.new_page()
    heard: list[str] = []
    shown.on("request", lambda request: heard.append(f"asked for {request.url[:120]}"))
    shown.on("console", lambda message: heard.append(f"said {message.text[:200]}"))
    shown.on("pageerror", lambda error: heard.append(f"raised {error}"))
    shown.on("dialog", lambda dialog: (heard.append(f"opened {dialog.message}"), dialog.dismiss()))
    shown.on("popup", lambda popup: heard.append(f"opened {popup.url}"))
    try:
        shown.goto(page.as_uri())
        shown.evaluate(_STIR)
        shown.wait_for_load_state("networkidle")
        found = dict(shown.evaluate(_LOOK))
    finally:
        shown.close()
    allowed = (f"asked for {page.as_uri()[:120]}", "asked for data:image/")
    return found["text"], [event for event in heard if not event.startswith(allowed)] + _foreign(found)


def _foreign(found: dict[str, Any]) -> list[str]:
    """What a page is made of that is none of ours."""
    faults = [f"has a <{tag}>" for tag in sorted(set(found["tags"]) - _TAGS)]
    faults += [f"has an attribute {name}" for name in sorted(set(found["attributes"]) - _ATTRIBUTES)]
    sound = ("https://", "http://", "file://", "data:image/svg+xml,")  # the last is the icon
    wrong = [link for link in found["links"] if not link.startswith(sound)]
    faults += [f"links to {link[:80]}" for link in wrong]
    faults += [f"shows {source}" for source in found["sources"] if not source.startswith("data:image/")]
    faults += ["leads away by itself"] if found["refresh"] else []
    return faults + (["ran a payload"] if found["canary"] is not None else [])
