"""Facts that come in break no test: a row more in every table, and the tests of the living tables on it."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.oracle.tables import LIVING, Row, last_day
from tradeviz import data
from tradeviz.data.descriptor import write_package

TESTS = Path(__file__).parent
ABOUT_THE_LIVING = ("data_check", "effective", "expected_rates", "summaries_recomputed", "tables_agree")
SOURCE = "tradeviz-test-report"


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the living tables, ten days on."""
    folder = Path(shutil.copytree(LIVING, tmp_path_factory.mktemp("grown") / "data"))
    rows = {path.stem: _read(path) for path in folder.glob("*.csv")}
    end = max(date.fromisoformat(row["through"]) for row in rows["coverage"])
    day = (end + timedelta(days=10)).isoformat()
    new = {"source_ids": SOURCE, "hindsight": ""}

    def add(table: str, like: dict[str, str], **cells: str) -> None:
        """Add a row like the last one that has some cells, with others of its own."""
        row = [row for row in rows[table] if like.items() <= row.items()][-1]
        rows[table].append(row | {name: cell for name, cell in new.items() if name in row} | cells)

    add("sources", {}, source_id=SOURCE, title="A report", published=day, url="https://example.org/report")
    met = {"meeting_id": f"jpn-{day}-m1", "start_date": day, "end_date": day, "outcome": "They spoke."}
    no_step = {"next_step": "", "next_step_due": "", "next_step_closed_by": ""}
    add("meetings", {"partner": "JPN", "format": "in_person"}, **met, **no_step)
    signed = {"stage": "text_published", "document": "A text", "document_short": "text", "expires": ""}
    add("milestones", {"partner": "MYS"}, date=day, **signed, scope="sector", summary="A text came out.")
    rows["milestones"][-1]["confidence"] = "single"
    order = {"announced": day, "effective": day, "confidence": "single", "note": "", "fr_citation": ""}
    of_one = {"partner": "BRA", "layer": "s301", "product": "forced labor", "force": "order"}
    add("tariffs", of_one, order_id="order-of-one", rate_pct="11", basis="additional", **order)
    of_all = {"partner": "ALL", "layer": "s232_copper", "force": "order"}
    add("tariffs", of_all, order_id="order-of-all", rate_pct="45", basis="additional", **order)
    add("issues", {"partner": "VNM"}, date=day, status="under_discussion", summary="They spoke of it.")
    amount = {"amount_usd_bn": "3", "currency": "USD", "amount_bn": "", "amount_per": "total", "part_of": ""}
    pledge = {"commitment_id": f"tha-{day}-c1", "announced": day, "horizon_end": ""}
    add("commitments", {"partner": "THA"}, **pledge, **amount, description="Aircraft for $3 billion.")
    add("commitment_status", {}, commitment_id=pledge["commitment_id"], date=day, status="pledged")
    add("events", {"scope": "ALL"}, date=day, title="A statement of the day", summary="They say so.")
    last = max(row["month"] for row in rows["trade_monthly"])
    after = (date.fromisoformat(f"{last}-01") + timedelta(days=32)).strftime("%Y-%m")
    for row in [row for row in rows["trade_monthly"] if row["month"] == last]:
        rows["trade_monthly"].append(row | {"month": after, "released": day, "source_ids": SOURCE})
    gap = {"first_day": day, "last_day": day, "what": "A call of which nothing is known."}
    add("known_gaps", {}, **gap)
    for row in rows["coverage"]:
        row |= {"through": day, "reason": ""}
        if row.get("look_again_by"):
            row["look_again_by"] = max(row["look_again_by"], day)
    for table, lines in rows.items():
        if lines:
            _write(folder / f"{table}.csv", lines)
    write_package(folder)
    return folder


def test_a_row_in_every_table_gives_no_word_of_check(grown: Path) -> None:
    assert [str(problem) for problem in data.check(grown)] == []


@pytest.mark.slow
def test_a_row_in_every_table_breaks_no_test_of_the_living_tables(grown: Path) -> None:
    files = [str(TESTS / f"test_{name}.py") for name in ABOUT_THE_LIVING]
    chosen = [
        "-m",
        "living and not slow",
        "-k",
        "not 2025 and not 2026",
        "-n",
        "0",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *chosen, *files],
        cwd=TESTS.parent,
        env=os.environ | {"TRADEVIZ_LIVING_DATA": str(grown)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert int(re.search(r"(\d+) passed", ran.stdout)[1]) > 30  # type: ignore[index]


@pytest.mark.living
def test_no_test_names_the_last_day_covered() -> None:
    day = last_day()
    named = [
        f"{path.relative_to(TESTS)}:{number}"
        for path in sorted(TESTS.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(rf"\b{day}\b|\b{day.replace('-', ', 0?').replace(', 0?0', ', 0?')}\b", line)
    ]
    assert named == [], "facts come in: use the frozen day, or compute the last one"


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
