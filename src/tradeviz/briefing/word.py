"""Pages as Word documents, to comment in: by Pandoc, with headings, tables, footnotes, alternative texts."""

from __future__ import annotations

import base64
import re
import tempfile
from pathlib import Path

from tradeviz.briefing import helpers
from tradeviz.errors import TradevizError, UsageError

_MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
_DATA = re.compile(r'<details class="tv-data"><summary>Data behind.*?</details>', re.DOTALL)
_DOWNLOADS = re.compile(r'<span class="tv-download">.*?</span>|<p class="tv-downloads">.*?</p>', re.DOTALL)
_NAVIGATION = re.compile(r"<nav.*?</nav>", re.DOTALL)
_CAPTION = re.compile(r"<caption.*?</caption>", re.DOTALL)
_FIGURE = re.compile(r"<(/?)(?:figure|figcaption)\b")
_SOURCE = re.compile(r'<li id="(source-\d+)">(.*?)</li>', re.DOTALL)
_REFERENCE = re.compile(r'<a class="tv-ref" href="#(source-\d+)"[^>]*>(\d+)</a>')
_DRAWING = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
_DOTS_PER_INCH = 192


def check() -> None:
    """See that what writes Word documents is installed.

    Raises
    ------
    UsageError
        If it is not.
    """
    try:
        import pypandoc
        import resvg_py  # noqa: F401

        pypandoc.get_pandoc_version()
    except (ImportError, OSError):
        raise UsageError(
            '--docx needs Pandoc and resvg, and one of them is not installed: pip install "tradeviz[docx]",'
            " or build without --docx"
        ) from None


def document(page: str, scratch: Path | None = None) -> bytes:
    """Write a page as a Word document.

    Parameters
    ----------
    page : str
        The page. Links from page to page and the data behind its charts are left out; each number of a
        source becomes a footnote, and what is folded stands open.
    scratch : Path, optional
        Where Pandoc may leave files meanwhile.

    Returns
    -------
    bytes
        The document.

    Raises
    ------
    TradevizError
        If Pandoc does not write it.
    """
    import pypandoc

    with tempfile.TemporaryDirectory(
        prefix="tradeviz-docx-", dir=scratch, ignore_cleanup_errors=True
    ) as folder:
        target = Path(folder) / "page.docx"
        try:
            pypandoc.convert_text(
                _readied(page),
                "docx",
                format="html+epub_html_exts",
                outputfile=str(target),
                extra_args=["--quiet"],
            )
        except (RuntimeError, OSError) as error:
            last = (str(error).strip().splitlines() or [type(error).__name__])[-1]
            raise TradevizError(f"Pandoc did not write the document: {last}") from None
        return helpers.whole(target, "Pandoc", "", b"PK\x03\x04", b"PK\x05\x06")


def _readied(page: str) -> str:
    """The content of a page as HTML that Pandoc understands."""
    found = _MAIN.search(page)
    body = found[0] if found else page
    for left_out in (_DATA, _DOWNLOADS, _NAVIGATION, _CAPTION):
        body = left_out.sub("", body)
    body = (
        _FIGURE.sub(r"<\1div", body).replace("</span><span>", "<br>").replace("</b><span>", "</b><br><span>")
    )
    notes = "".join(
        f'<aside epub:type="footnote" id="{name}"><p>{words}</p></aside>'
        for name, words in _SOURCE.findall(body)
    )
    body = _REFERENCE.sub(r'<a epub:type="noteref" href="#\1">\2</a>', body)
    body = _SOURCE.sub(r"<li>\2</li>", body)
    return f"<html><body>{_DRAWING.sub(_pixels, body)}{notes}</body></html>"


def _pixels(drawing: re.Match[str]) -> str:
    """A drawing as a picture of pixels, which every Word shows."""
    import resvg_py

    markup = base64.b64decode(drawing[1]).decode()
    picture = resvg_py.svg_to_bytes(svg_string=markup, background="#ffffff", dpi=_DOTS_PER_INCH)
    return f"data:image/png;base64,{base64.b64encode(bytes(picture)).decode()}"
