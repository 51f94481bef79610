"""Every fact of every summary, computed again by tests/oracle/recomputed/ from the CSV files."""

from __future__ import annotations

import dataclasses

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
    "",  # the last covered day
]
PARTNER_DAYS = ["2025-02-05", "2025-04-25", "2025-08-01", "2025-12-20", ""]

pytestmark = pytest.mark.living


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("page", recomputed.SUMMARIES)
def test_the_facts_of_a_page_are_those_of_the_tables(page: str, day: str) -> None:
    day = day or tables.last_day()
    facts = getattr(summaries, page)(known(day))
    assert recomputed.differences(facts, recomputed.SUMMARIES[page](day), day) == {}


@pytest.mark.parametrize("day", PARTNER_DAYS)
@pytest.mark.parametrize("code", tables.partners())
def test_the_facts_of_a_partners_page_are_those_of_the_tables(code: str, day: str) -> None:
    day = day or tables.last_day()
    facts = summaries.partner(known(day), code)
    assert recomputed.differences(facts, recomputed.partner(code, day), day) == {}


def test_another_fact_is_found() -> None:
    day = "2025-08-07"
    facts = summaries.deals(known(day))
    changed = dataclasses.replace(facts, deals=facts.deals + 1)
    assert recomputed.differences(changed, recomputed.SUMMARIES["deals"](day), day) == {
        "deals": (facts.deals + 1, facts.deals)
    }
