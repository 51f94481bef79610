"""Word documents of pages, opened again: headings, tables, footnotes, alternative texts."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest

from tradeviz.briefing import word
from tradeviz.errors import UsageError


@pytest.mark.slow
@pytest.mark.parametrize("name", ["overview", "partner-KOR"])
def test_a_word_document_keeps_headings_tables_footnotes_and_alternative_texts(
    built_site: Path, name: str
) -> None:
    page = (built_site / f"{name}.html").read_text(encoding="utf-8")
    document = docx.Document(io.BytesIO(word.document(page)))
    markup = document.element.xml
    body = page[page.index("<main") : page.index("</main>")]
    data = len(re.findall(r'<details class="tv-data"><summary>Data behind', body))
    headings = [one for one in document.paragraphs if one.style and one.style.name.startswith("Heading")]
    assert len(headings) == len(re.findall(r"<h[1-3]", body))
    assert len(document.tables) == body.count("<table") - data
    pictures = len(re.findall("<img ", body))
    assert len(document.inline_shapes) == pictures > 0
    assert len(re.findall(r'<wp:docPr[^>]*descr="[^"]{10,}', markup)) == pictures
    assert len(re.findall("<w:footnoteReference ", markup)) == body.count('class="tv-ref"')


def test_without_pandoc_a_build_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypandoc", None)
    with pytest.raises(UsageError, match=r"--docx needs Pandoc.*tradeviz\[docx\]"):
        word.check()
