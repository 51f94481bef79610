"""Every fact of every summary, computed again by tests/oracle/recomputed/ from the CSV files."""

from __future__ import annotations

import dataclasses

import pytest

from known import known
from tests.oracle import tables
from tests.oracle.recomputed import meetings
from tests.oracle.recomputed import summaries as recomputed
from tests.some import some_of
from tradeviz import summaries, talks

DAYS = some_of(
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
)

pytestmark = pytest.mark.living


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("page", recomputed.SUMMARIES)
def test_the_facts_of_a_page_are_those_of_the_tables(page: str, day: str) -> None:
    day = day or tables.last_day()
    facts = getattr(summaries, page)(known(day))
    assert recomputed.differences(facts, recomputed.SUMMARIES[page](day), day) == {}


@pytest.mark.parametrize("day", ["2025-04-25", "2025-12-20", ""])
def test_open_and_overdue_steps_are_those_of_the_tables(day: str) -> None:
    day = day or tables.last_day()
    steps = talks.next_steps(known(day))
    for code in tables.partners():
        status = steps.loc[steps["partner"] == code, "status"]
        counted = status.isin(["open", "due"]).sum(), (status == "overdue").sum()
        assert counted == meetings.steps(code, day), code


def test_another_fact_is_found() -> None:
    day = "2025-08-07"
    facts = summaries.deals(known(day))
    changed = dataclasses.replace(facts, deals=facts.deals + 1)
    assert recomputed.differences(changed, recomputed.SUMMARIES["deals"](day), day) == {
        "deals": (facts.deals + 1, facts.deals)
    }
