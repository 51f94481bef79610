"""The templates and the style sheet of all pages; read without nbconvert, whose import takes a second."""

from __future__ import annotations

from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).with_name("templates")


@cache
def style() -> str:
    """The style sheet of all pages."""
    return (TEMPLATES / "tradeviz" / "style.css").read_text(encoding="utf-8")
