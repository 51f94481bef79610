"""Every number, day and amount in the lead paragraphs, with the words around it, computed again.

Each function gives the fragments that must stand in a lead. `account` takes them out and tells
which are missing, and which numbers are left that nothing accounts for.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.oracle.recomputed.about_deals import deals, evidence
from tests.oracle.recomputed.about_rates import exposure, timeline
from tests.oracle.recomputed.about_talks import overview, partner, tempo

__all__ = ["SUMMARIES", "account", "partner"]

NUMBERS = re.compile(
    r"(?i)\d[\d,.]*|\b(?:no|none|one|two|three|four|five|six|seven|eight|nine|ten|that day)\b"
)

SUMMARIES: dict[str, Callable[[str], list[str]]] = {
    "overview": overview,
    "timeline": timeline,
    "tempo": tempo,
    "deals": deals,
    "exposure": exposure,
    "evidence": evidence,
}
"""The summaries of the pages that are about all partners."""


def account(text: str, fragments: list[str]) -> tuple[list[str], list[str]]:
    """Take fragments out of a lead.

    Returns
    -------
    tuple of list of str
        The fragments that the lead lacks, and the numbers that no fragment accounts for.
    """
    missing = [one for one in fragments if one not in text]
    for one in sorted(fragments, key=len, reverse=True):
        text = text.replace(one, " \N{BULLET} ")
    return missing, NUMBERS.findall(text)
