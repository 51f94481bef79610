"""Pages on paper: printed to PDF by an installed Chromium, with the same bytes for the same page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from tradeviz.briefing.processes import end_with
from tradeviz.errors import TradevizError, UsageError

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
"""Programs that can print, the first one found is used."""

_LONGEST = 120
_LINK_BESIDE = re.compile(r'(<a\s(?:[^<>]*?\s)?)href="(?!https?:|mailto:|#)[^"]*"')
_DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")


@cache
def chromium() -> str:
    """The path of an installed Chromium.

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
        "--pdf needs Chromium, and none is installed (looked for "
        f"{', '.join(CHROMIUMS)}); install it, or build without --pdf and print the pages from a browser"
    )


def printed(page: str, day: str, scratch: Path | None = None) -> bytes:
    """Print a page.

    Parameters
    ----------
    page : str
        The page. Links of it to files beside it lead nowhere from paper, and are left out.
    day : str
        The ISO day that the PDF gives as that of its making, unless SOURCE_DATE_EPOCH is set:
        the same page is to give the same bytes.
    scratch : Path, optional
        Where Chromium may leave files meanwhile.

    Returns
    -------
    bytes
        The PDF.

    Raises
    ------
    TradevizError
        If Chromium does not print it.
    """
    with tempfile.TemporaryDirectory(
        prefix="tradeviz-pdf-", dir=scratch, ignore_cleanup_errors=True
    ) as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(_LINK_BESIDE.sub(r"\1", page), encoding="utf-8")
        command = [chromium(), "--headless", "--disable-gpu", "--no-pdf-header-footer"]
        command += [f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # Chromium refuses to start as root with its sandbox
        try:
            subprocess.run(
                [*command, source.as_uri()],
                capture_output=True,
                timeout=_LONGEST,
                check=True,
                preexec_fn=partial(end_with, os.getpid()) if sys.platform == "linux" else None,
            )
            raw = target.read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise TradevizError(f"Chromium did not print the page: {type(error).__name__}") from None
    made = f"D:{_made(day):%Y%m%d%H%M%S}+00'00'".encode()
    return _DATES.sub(rb"/\1 (" + made + rb")", raw)


def _made(day: str) -> datetime:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC)
    return datetime.fromisoformat(day)
