"""Pages on paper: printed to PDF by an installed Chromium, with the same bytes for the same page."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from tradeviz import clock
from tradeviz.briefing import helpers
from tradeviz.errors import UsageError

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
"""Programs that can print, the first one found is used."""

PAPERS = ("letter", "a4")
"""Sizes of paper, the usual one first."""

SHEET_END = "<!--tradeviz:contents-->"
"""Where the brief of a page ends."""

_PIXELS = {"letter": (816, 1056), "a4": (794, 1123)}
_MARKS = {".pdf": (b"%PDF-", b"%%EOF"), ".png": (b"\x89PNG", b"IEND")}
"""What files that Chromium makes begin with, and what stands near their end."""

_LONGEST = 120
_LINK_BESIDE = re.compile(r'(<a\s(?:[^<>]*?\s)?)href="(?!https?:|mailto:|#)[^"]*"')
_NODES = re.compile(rb"\(node(\d{8})\)")
_DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")


@cache
def chromium(asked: str = "--pdf") -> str:
    """The path of an installed Chromium, which the option named needs.

    Raises
    ------
    UsageError
        If there is none.
    """
    for name in CHROMIUMS:
        found = shutil.which(name)
        if found:
            return found
    raise UsageError(
        f"{asked} needs Chromium, and none is installed (looked for {', '.join(CHROMIUMS)}); install it, or"
        f" build without {asked} and print the pages from a browser"
    )


def printed(page: str, day: str, scratch: Path | None = None, paper: str = PAPERS[0]) -> bytes:
    """Print a page, tagged and with an outline.

    Parameters
    ----------
    page : str
        The page. Links of it to files beside it lead nowhere from paper, and are left out.
    day : str
        The ISO day that the PDF gives as that of its making, unless SOURCE_DATE_EPOCH is set:
        the same page is to give the same bytes.
    scratch : Path, optional
        Where Chromium may leave files meanwhile.
    paper : {"letter", "a4"}
        The size of the paper.

    Returns
    -------
    bytes
        The PDF.

    Raises
    ------
    TradevizError
        If Chromium does not print it; the message has what it said last, and its exit code.
    """
    sized = page.replace("</head>", f"<style>@page {{ size: {paper}; }}</style></head>", 1)
    options = ["--no-pdf-header-footer", "--generate-pdf-document-outline", "--print-to-pdf={target}"]
    raw = _by_chromium(_LINK_BESIDE.sub(r"\1", sized), options, scratch, "page.pdf")
    moment = clock.set_moment() or datetime.fromisoformat(day)
    made = f"D:{moment:%Y%m%d%H%M%S}+00'00'".encode()
    # Chromium numbers the elements of a page, beginning now with one number and now with the next.
    positions = {number: position for position, number in enumerate(sorted(set(_NODES.findall(raw))))}
    raw = _NODES.sub(lambda found: b"(node%08d)" % positions[found[1]], raw)
    return _DATES.sub(rb"/\1 (" + made + rb")", raw)


def sheet(page: str) -> str:
    """The first sheet of a page, the brief, as a page of its own; "" where the page has none."""
    before, mark, _ = page.partition(SHEET_END)
    return f"{before}</main></body></html>" if mark else ""


def picture(page: str, scratch: Path | None = None, paper: str = PAPERS[0]) -> bytes:
    """Take a picture of a page of one sheet, as it looks on paper.

    Parameters
    ----------
    page : str
        A page that fits on one sheet.
    scratch, paper
        As for `printed`.

    Returns
    -------
    bytes
        A PNG.

    Raises
    ------
    TradevizError
        If Chromium does not draw it.
    """
    width, height = _PIXELS[paper]
    as_paper = page.replace("@media print {", "@media all {").replace(
        "</head>", "<style>body { padding: 11mm 15mm 0; }</style></head>", 1
    )
    options = [f"--window-size={width},{height}", "--hide-scrollbars", "--force-device-scale-factor=1.5"]
    return _by_chromium(as_paper, [*options, "--screenshot={target}"], scratch, "page.png")


def _by_chromium(page: str, options: Sequence[str], scratch: Path | None, name: str) -> bytes:
    """Let Chromium make a file of a page; its last line says what went wrong."""
    with tempfile.TemporaryDirectory(
        prefix="tradeviz-pdf-", dir=scratch, ignore_cleanup_errors=True
    ) as folder:
        source, target = Path(folder) / "page.html", Path(folder) / name
        source.write_text(page, encoding="utf-8")
        command = [chromium(), "--headless", "--disable-gpu", f"--user-data-dir={folder}/profile"]
        command += [option.format(target=target) for option in options]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # Chromium refuses to start as root with its sandbox
        said = helpers.run("Chromium", [*command, source.as_uri()], _LONGEST)
        return helpers.whole(target, "Chromium", said, *_MARKS[target.suffix])
