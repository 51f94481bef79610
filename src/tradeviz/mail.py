"""A mail with a page and its text (RFC 5322)."""

from __future__ import annotations

import email.policy
import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from email.errors import HeaderParseError
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from tradeviz.errors import UsageError

_BOUNDARY = "=_tradeviz"


def addresses(text: str, option: str, most: int = 100) -> str:
    """Read addresses with commas between, as a mail names them.

    Parameters
    ----------
    text : str
        The addresses; "" for none.
    option : str
        What gave them, for the message.
    most : int
        How many there may be.

    Raises
    ------
    UsageError
        If one is no address, or there are too many.
    """
    try:
        read: Any = HeaderRegistry()("To", text)
        sound = [to for to in read.addresses if to.username and to.domain and to.addr_spec.isascii()]
        flawed = len(sound) < len(read.addresses) or any(read.defects) or (text and not sound)
    except (ValueError, IndexError, HeaderParseError):  # what the parser of the library makes of some texts
        flawed = True
    if flawed or len(sound) > most:
        example = "desk@example.org" if most == 1 else "desk@example.org,other@example.org"
        raise UsageError(f'{option} "{text}" is no address that mail can use; write it as {example}')
    return ", ".join(str(address) for address in sound)


def message(title: str, head: Mapping[str, str], day: date, text: str, page: str) -> str:
    """Write a mail; the same words give the same bytes.

    Parameters
    ----------
    title : str
        Its subject.
    head : mapping of str to str
        From and To; "" or nothing for none. Without From it is a draft, for a mail program to open.
    day : date
        The day that it states as its own.
    text, page : str
        What it says, as plain text and as HTML.
    """
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["Subject"] = title
    for name, value in head.items():
        if value:
            mail[name] = value
    if not head.get("From"):
        mail["X-Unsent"] = "1"
    mail["Date"] = format_datetime(datetime.combine(day, time(tzinfo=UTC)))
    mail["Message-ID"] = f"<{hashlib.sha256(page.encode()).hexdigest()[:32]}@tradeviz>"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    mail.set_boundary(_BOUNDARY)
    return mail.as_bytes().decode("ascii")
