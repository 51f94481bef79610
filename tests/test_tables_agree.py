"""The tables against each other, what orders name, and the page numbers of the Federal Register."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

import pytest

from tests.oracle.recomputed import orders
from tests.oracle.tables import KNOWN_ON, Row, days_between, known_day, last_day, partners, rows, split

IMPORTS = "imports_for_consumption_usd_mn"
TALKS = ("meetings", "milestones", "issues", "commitments")
SOURCED = (*TALKS, "commitment_status", "events", "tariffs")
KEYS = {
    "meetings": ("meeting_id",),
    "milestones": ("partner", "date", "stage"),
    "issues": ("partner", "date", "issue", "status"),
    "commitments": ("commitment_id",),
    "commitment_status": ("commitment_id", "date", "status"),
    "events": ("date", "title"),
    "tariffs": ("order_id", "partner", "layer", "product", "effective"),
}
THE_18 = set(partners("reciprocal"))
ALL_20 = set(partners())
"""The partners of the frozen tables, which the orders below name."""

pytestmark = pytest.mark.living

MOST_DAYS_TO_PRINT = 45
"""Between the announcement of an order and its day in the Federal Register."""

NAMED = {
    # Section 3 and Annex I of EO 14257 (90 FR 15041): 10% for all, more for those listed; not Canada, Mexico.
    "eo-14257": THE_18,
    # EO 14266 (90 FR 15625): Annex I suspended to 10% for all but China, which goes to 125%.
    "eo-14266": THE_18,
    # EO 14316 (90 FR 30823): the suspension goes on for all that Annex I of EO 14257 lists, China apart.
    "eo-14316": THE_18 - {"ARG", "BRA", "GBR", "CHN"},
    # Annex I of EO 14326 (90 FR 37963); Argentina is not in it, China has its own order.
    "eo-14326": THE_18 - {"ARG", "CHN"},
    # EO 14389 (91 FR 9437) ends what rested on IEEPA.
    "eo-20260220-ieepa-end": ALL_20,
    # Proclamation 11012 (91 FR 9339): all countries.
    "proc-11012": ALL_20,
    # USTR notice of actions (91 FR 47318): 60 economies, all 20 among them.
    "ustr-20260723-forced-labor": ALL_20,
    "eo-14193": {"CAN"},  # 90 FR 9113
    "eo-14194": {"MEX"},  # 90 FR 9117
    "eo-14195": {"CHN"},  # 90 FR 9121
}
"""Partners that an order names, as its text and annexes list them."""


def key(table: str, row: Row) -> str:
    return f"{table} {':'.join(row[name] for name in KEYS[table])}"


def traded(months: str) -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    for row in rows("trade_monthly"):
        if row["month"].startswith(months):
            totals[row["partner"]] += float(row[IMPORTS])
    return totals


def test_the_partners_supply_most_but_not_all_of_what_the_world_does() -> None:
    totals = traded("2024")
    assert set(totals) == {*partners(), "WLD"}
    assert 0.85 < sum(totals[code] for code in partners()) / totals["WLD"] < 0.97


def test_in_no_month_do_the_partners_supply_more_than_the_world() -> None:
    for month in sorted({row["month"] for row in rows("trade_monthly")}):
        totals = traded(month)
        assert 0.8 < sum(totals[code] for code in partners()) / totals["WLD"] < 1, month


def cited() -> dict[str, set[tuple[str, str]]]:
    """For each Federal Register citation the orders that have it, with the days they were announced."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows("tariffs"):
        for citation in split(row["fr_citation"]):
            found[citation].add((row["order_id"], row["announced"]))
    return found


def test_citations_are_well_formed_and_in_the_volume_of_their_year() -> None:
    wrong = []
    for citation, documents in cited().items():
        form = re.fullmatch(r"(90|91) FR (\d{4,5})", citation)
        for order_id, announced in documents:
            # What was signed in the last weeks of 2025 was printed in 2026.
            volumes = {"2025": {"90", "91"} if announced >= "2025-12-15" else {"90"}, "2026": {"91"}}
            if not form or form[1] not in volumes[announced[:4]]:
                wrong.append(f"{order_id} ({announced}): {citation}")
    assert wrong == []


def test_a_citation_belongs_to_one_document() -> None:
    shared = {citation: ids for citation, ids in cited().items() if len({one for one, _ in ids}) > 1}
    assert shared == {}


def test_page_numbers_rise_with_the_days_of_announcement() -> None:
    pages = sorted(
        (int(volume), int(page), announced, order_id)
        for citation, documents in cited().items()
        for volume, page in [citation.split(" FR ")]
        for order_id, announced in documents
    )
    wrong = [
        f"{order} of {day} at {volume} FR {page} stands before {other} of {earlier} at {later_page}"
        for i, (volume, page, day, order) in enumerate(pages)
        for later_volume, later_page, earlier, other in pages[i + 1 :]
        if volume == later_volume and days_between(earlier, day) > MOST_DAYS_TO_PRINT
    ]
    assert wrong == []


@pytest.mark.parametrize("order_id", NAMED)
def test_an_order_has_a_row_for_each_partner_that_it_names(order_id: str) -> None:
    found = {row["partner"] for row in rows("tariffs") if row["order_id"] == order_id}
    assert found >= NAMED[order_id]


def test_an_order_does_not_end_a_rate_after_a_day_or_two_unless_it_came_then() -> None:
    unexplained = []
    for (code, layer, product), steps in orders.schedules(last_day()).items():
        for step, after in pairwise(steps):
            short = days_between(step["effective"], after["effective"]) < 3
            changes = float(step["rate_pct"]) != float(after["rate_pct"])
            came_then = days_between(after["announced"], after["effective"]) <= 3
            if short and changes and not came_then:
                unexplained.append(f"{code} {layer} {product}: {step['effective']} {step['order_id']}")
    assert unexplained == []


def first_texts() -> dict[str, str]:
    """The day of each partner's first text or signature, of any scope."""
    first: dict[str, str] = {}
    for row in sorted(rows("milestones"), key=lambda row: row["date"]):
        if row["stage"] in ("text_published", "agreement_signed", "entered_into_force"):
            first.setdefault(row["partner"], row["date"])
    return first


def test_nothing_is_in_a_text_before_there_is_one() -> None:
    first = first_texts()
    owner = {row["commitment_id"]: row["partner"] for row in rows("commitments")}
    early = [
        f"{key(table, row)}: first text {first.get(code, 'none')}"
        for table in ("issues", "commitment_status")
        for row in rows(table)
        for code in [row.get("partner") or owner[row["commitment_id"]]]
        if row["status"] == "in_text" and row["date"] < first.get(code, "9999")
    ]
    assert early == []


def test_a_step_is_closed_by_something_that_came_after_it_was_agreed() -> None:
    days = {row["meeting_id"]: row["start_date"] for row in rows("meetings")}
    days |= {row["order_id"]: row["announced"] for row in rows("tariffs")}
    days |= {f"{row['partner']}:{row['date']}:{row['stage']}": row["date"] for row in rows("milestones")}
    early = [
        f"{row['meeting_id']} ({row['end_date']}): {row['next_step_closed_by']}"
        for row in rows("meetings")
        if row["next_step_closed_by"] and days[row["next_step_closed_by"]] < row["end_date"]
    ]
    assert early == []


def test_no_table_is_covered_to_a_day_before_its_newest_row() -> None:
    through = {(row["table"], row["partner"]): row["through"] for row in rows("coverage")}
    behind = []
    for table in TALKS:
        newest: dict[str, str] = {}
        for row in rows(table):
            newest[row["partner"]] = max(newest.get(row["partner"], ""), known_day(table, row))
        behind += [
            f"{table} {code}: covered to {through.get((table, code), 'no day')}, newest row {day}"
            for code, day in newest.items()
            if through.get((table, code), "") < day
        ]
    assert behind == []


@pytest.mark.parametrize("table", SOURCED)
def test_a_row_rests_on_something_published_on_its_day_or_later(table: str) -> None:
    published = {row["source_id"]: row["published"] for row in rows("sources")}
    early = []
    for row in rows(table):
        days = [published[one] for one in split(row["source_ids"])]
        # A day less: what happens in Asia on the 7th is printed in Washington on the 6th.
        if all(days) and days_between(max(days), row[KNOWN_ON[table]]) > 1:
            early.append(f"{key(table, row)}: newest source {max(days)}")
    assert early == []


@pytest.mark.parametrize("table", ["tariffs", "milestones"])
def test_a_row_with_one_source_says_so(table: str) -> None:
    unmarked = [
        key(table, row)
        for row in rows(table)
        if len(set(split(row["source_ids"]))) < 2 and row["confidence"] == "confirmed"
    ]
    assert unmarked == []
