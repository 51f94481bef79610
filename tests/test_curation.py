"""Rules of curation: what a curator is told at once, each shown to catch the slip that it came from."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

from tradeviz import data
from tradeviz.topics import HEADING_OF

DATA = Path(__file__).parents[1] / "data"
NOTES = Path(__file__).parents[1] / "docs" / "data-notes.md"
pytestmark = pytest.mark.living


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real tables, to be broken."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def change(folder: Path, table: str, key: dict[str, str], **cells: str) -> int:
    """Change cells of the first row with the key; return its line in the file."""
    path = folder / f"{table}.csv"
    lines = rows(table)
    number = next(n for n, row in enumerate(lines) if key.items() <= row.items())
    lines[number] |= cells
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    return number + 2


def errors(folder: Path) -> list[str]:
    return [str(problem) for problem in data.check(folder) if problem.severity == "error"]


def test_a_call_dated_by_washington_is_named(folder: Path) -> None:
    call = {"meeting_id": "chn-2025-10-18-m1"}
    line = change(folder, "meetings", call, outcome="They spoke (18 October in Beijing).")
    told = errors(folder)
    assert len(told) == 2
    assert any(
        f"meetings.csv:{line} start_date" in text and "dated by the partner's day" in text for text in told
    )


def test_a_day_elsewhere_lies_next_to_that_of_the_row(folder: Path) -> None:
    call = {"meeting_id": "chn-2025-10-18-m1"}
    change(folder, "meetings", call, outcome="They spoke (15 October in Washington).")
    assert "is not the day before or after start_date" in errors(folder)[0]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"amount_per": "total"}, 'is "total", but the description speaks of a year'),
        ({"horizon_end": "2027-12-31"}, "closes a year that the description does not name"),
    ],
)
def test_a_pledge_spans_what_its_words_say(folder: Path, cells: dict[str, str], words: str) -> None:
    change(folder, "commitments", {"commitment_id": "jpn-2025-07-23-c2"}, **cells)
    assert words in errors(folder)[0]


def test_an_end_of_which_the_words_say_nothing_is_named(folder: Path) -> None:
    pledge = {"commitment_id": "jpn-2025-07-23-c3"}
    change(folder, "commitments", pledge, horizon_end="2027-06-30")
    assert "the description says nothing of an end" in errors(folder)[0]


def test_a_status_that_falls_back_without_a_dispute_is_named(folder: Path) -> None:
    status = {"commitment_id": "khm-2025-10-26-c3", "status": "in_text"}
    change(folder, "commitment_status", status, date="2026-08-01")
    assert 'is "in_text" after "delivered"' in errors(folder)[0]


def test_a_notice_that_carries_a_deal_out_has_rates(folder: Path) -> None:
    path = folder / "tariffs.csv"
    kept = [
        line for line in path.read_text(encoding="utf-8").splitlines(True) if "frn-2026-10571" not in line
    ]
    path.write_text("".join(kept), encoding="utf-8")
    told = errors(folder)
    assert any(
        "milestones.csv" in text and "tariffs.csv has no order for the partner" in text for text in told
    )


def test_inferred_days_are_marked_in_the_row_and_explained_in_the_notes() -> None:
    told = NOTES.read_text(encoding="utf-8").split("### Inferred days", 1)[1].split("\n#", 1)[0]
    explained = set(re.findall(r"`([a-z]{3}-\d{4}-\d{2}-\d{2}-m\d+)`", told))
    marked = {row["meeting_id"] for row in rows("meetings") if "(day inferred)" in row["outcome"]}
    assert marked == explained


FIRM = {"shall", "done"}


def test_a_pledge_is_in_a_text_only_where_a_clause_of_it_is_firm() -> None:
    """The status on the day of a text that has a clause of the pledge, by the verb of the clause."""
    linked = [row for row in rows("clauses") if row["commitment_id"] and row["role"] == "clause"]
    contradicted = []
    for pledge, day in sorted({(row["commitment_id"], row["published"]) for row in linked}):
        told = sorted(rows("commitment_status"), key=lambda row: row["date"])
        status = [row["status"] for row in told if row["commitment_id"] == pledge and row["date"] <= day][-1]
        own = [row for row in linked if row["commitment_id"] == pledge and row["published"] <= day]
        firm = any(row["strength"] in FIRM for row in own)
        if status == ("pledged" if firm else "in_text"):
            contradicted.append((pledge, day, status))
    assert not contradicted


def test_an_issue_is_in_a_text_only_where_a_clause_under_its_heading_is_firm() -> None:
    contradicted = []
    for issue in rows("issues"):
        own = [
            row["strength"]
            for row in rows("clauses")
            if row["partner"] == issue["partner"]
            and row["published"] <= issue["date"]
            and HEADING_OF[row["topic"]] == issue["issue"]
        ]
        if issue["status"] == "in_text" and own and not FIRM & set(own):
            contradicted.append((issue["partner"], issue["date"], issue["issue"]))
    assert not contradicted


CLAUSES = [*csv.DictReader(Path(__file__).with_name("order_clauses.csv").read_text("utf-8").splitlines())]
STEP = ("order_id", "partner", "layer", "product", "effective", "rate_pct", "basis")


@pytest.mark.parametrize("order", sorted({clause["order_id"] for clause in CLAUSES}))
def test_the_steps_of_an_order_are_those_of_its_clauses(order: str) -> None:
    """Basis, exceptions, end days and returns, typed from the text: no step more, and none less."""
    typed = {tuple(clause[name] for name in STEP) for clause in CLAUSES if clause["order_id"] == order}
    held = {tuple(row[name] for name in STEP) for row in rows("tariffs") if row["order_id"] == order}
    assert held == typed
