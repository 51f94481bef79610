"""Every number and day in every lead paragraph, accounted for by tests/oracle/recomputed/ from the CSV files.

A lead that has a number more, or another one, fails; so does a fragment that it lacks.
"""

from __future__ import annotations

import pytest

from known import known
from tests.oracle import tables
from tests.oracle.recomputed import summaries as recomputed
from tradeviz import summaries

DAYS = [
    "2025-01-21",
    "2025-02-21",
    "2025-04-05",
    "2025-04-25",
    "2025-05-12",
    "2025-08-07",
    "2025-11-13",
    "2026-02-21",
    "2026-07-24",
    tables.last_day(),
]
PARTNER_DAYS = ["2025-02-05", "2025-04-25", "2025-08-01", "2025-12-20", tables.last_day()]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("page", recomputed.SUMMARIES)
def test_every_number_of_a_lead_is_accounted_for(page: str, day: str) -> None:
    text = getattr(summaries, page)(known(day))
    missing, left = recomputed.account(text, recomputed.SUMMARIES[page](day))
    assert (missing, left) == ([], []), text


@pytest.mark.parametrize("day", PARTNER_DAYS)
@pytest.mark.parametrize("code", tables.partners())
def test_every_number_of_a_partners_lead_is_accounted_for(code: str, day: str) -> None:
    text = summaries.partner(known(day), code)
    missing, left = recomputed.account(text, recomputed.partner(code, day))
    assert (missing, left) == ([], []), text


def test_a_number_too_many_or_another_one_is_found() -> None:
    text = summaries.deals(known("2025-08-07"))
    fragments = recomputed.deals("2025-08-07")
    assert recomputed.account(f"{text} Seven more.", fragments) == ([], ["Seven"])
    first = fragments[0].split()[2]
    missing, _ = recomputed.account(text.replace(f" {first} ", " 31 "), fragments)
    assert missing
