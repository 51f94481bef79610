"""Look at the built documentation in Chromium: what axe finds, and pages wider than the screen.

`make docs` does so where there is a Chromium. `python docs/look_at_pages.py --pictures DIR` keeps how each
page looks on a phone and on a desk.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent.parent / "build" / "docs"
PHONE, DESKTOP = 390, 1280
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pages(folder: Path) -> list[Path]:
    """Each page but those of single functions, of which the first of each package stands for the others."""
    found = [
        path for pattern in ("*.html", "tutorials/*.html", "examples/*.html") for path in folder.glob(pattern)
    ]
    found += folder.glob("reference/*.html")
    functions = {path.parent: path for path in sorted(folder.glob("reference/*/*.html"), reverse=True)}
    return sorted({*found, *functions.values()})


def faults(folder: Path, pictures: Path | None = None) -> Iterator[str]:
    """Name what is wrong with the pages of a folder.

    Parameters
    ----------
    folder : Path
        The built documentation.
    pictures : Path, optional
        Where to keep how each page looks, on a phone and on a desk.
    """
    from playwright.sync_api import sync_playwright

    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(offline=True).new_page()
        for path in pages(folder):
            name = str(path.relative_to(folder))
            for width in (PHONE, DESKTOP):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(path.as_uri())
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    yield f"{name}: is wider than {width} pixels"
                if pictures:
                    page.screenshot(path=pictures / f"{name.replace('/', '-')}-{width}.png", full_page=True)
            page.evaluate(axe)
            yield from (f"{name}: {fault}" for fault in _violations(page))
        browser.close()


def _violations(page: Any) -> Iterator[str]:
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    for one in page.evaluate("options => axe.run(options)", options)["violations"]:
        yield f"{one['id']}, {one['help']}: {one['nodes'][0]['html'][:200]}"


def main() -> int:
    """Look at all pages and print what is wrong."""
    pictures = Path(sys.argv[2]) if sys.argv[1:2] == ["--pictures"] else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    found = list(faults(DOCS, pictures))
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"looked at {len(pages(DOCS))} pages; {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
