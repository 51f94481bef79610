"""What no cell may hold, whatever its column: what nobody sees, and what betrays a wrong encoding.

Two cells that look the same must be the same, or a row would silently belong to something else.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

PLAIN = r"(?:[!-~]+(?: [!-~]+)*)?"
"""A cell that needs no closer look: words in ASCII with one space between."""

ADDRESS = r"https?://[^\s\"'<>\\`{}|^]+"
"""The form of an address; `url_flaw` says what else may be wrong with it."""

_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
_LETTERS = re.compile(r"[^\W\d_]+")
_LOOK_ALIKES = {"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "FULLWIDTH", "GREEK", "MATHEMATICAL"}
_LOST = "\ufffd"


def flaw(cell: str) -> str:
    """Say what is wrong with the characters of a cell, and what to do; "" where nothing is."""
    if any(mark in cell for mark in "\r\n\t"):
        return "has a line break or a tab; write it on one line"
    hidden = next((mark for mark in cell if not mark.isprintable() or _FILLERS.match(mark)), "")
    if hidden:
        name = unicodedata.name(hidden, "a control character")
        return f"has a character that cannot be seen (U+{ord(hidden):04X}, {name}); retype it"
    if cell != " ".join(cell.split(" ")).strip() or "  " in cell:
        return "has a space too many at its begin, at its end or inside; take it out"
    return "" if cell.isascii() else _encoding_flaw(cell) or _letter_flaw(cell)


def length_flaw(cell: str, longest: int) -> str:
    """Say that a cell is longer than the column allows; "" where it is not."""
    return f"has {len(cell):,} characters; {longest:,} are allowed" if len(cell) > longest else ""


def url_flaw(address: str) -> str:
    """Say why an address cannot be a link that a reader may trust; "" where it can."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "is no http or https address"
    if parts.scheme not in ("http", "https") or not host:
        return "is no http or https address"
    if parts.username is not None or parts.password is not None:
        return "has a user name before the host; leave it out"
    if not host.isascii():
        return "has a host that is not ASCII, where letters could pass for others; write it as xn--..."
    return ""


def identifier_flaw(name: str) -> str:
    """Say why an identifier cannot be told from a number or a day; "" where it can."""
    return "" if any(mark.isalpha() for mark in name) else "is a number or a day; give the identifier letters"


def _encoding_flaw(cell: str) -> str:
    if _LOST in cell:
        return "has the mark of a lost character (U+FFFD); retype it"
    for run in _NOT_ASCII.findall(cell):
        try:
            meant = run.encode("cp1252").decode("utf-8")
        except UnicodeError:
            continue
        return f'was saved in a wrong encoding: "{run}" should read "{meant}"'
    if unicodedata.normalize("NFC", cell) != cell:
        return "has letters with loose accents; retype it (Unicode form NFC)"
    return ""


def _letter_flaw(cell: str) -> str:
    for word in _LETTERS.findall(cell):
        scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word}
        foreign = sorted(scripts & _LOOK_ALIKES)
        if foreign and (len(scripts) > 1 or foreign[0] in ("FULLWIDTH", "MATHEMATICAL")):
            return f'has {foreign[0].capitalize()} letters in "{word[:30]}" that look like others; retype it'
    return ""
