"""What the tables say, read by other means than the library's: texts, and the days they became known."""

from __future__ import annotations

import html
import re

from tests.oracle import later
from tests.oracle.tables import rows

__all__ = ["rows", "told_too_early", "words_of"]


def told_too_early(shown: str, as_of: str) -> list[str]:
    """Texts that a page shows although they became known only after its day."""
    return sorted(text for text in later.than(as_of).texts if text in shown)


def words_of(markup: str) -> str:
    """The text that a reader of some HTML sees."""
    bare = re.sub(r"<style>.*?</style>|<[^>]+>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())
