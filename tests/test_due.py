"""What is due: facts that the record dates itself, trade figures, and tables to look into again."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.test_data_check import DATA
from tradeviz import data, upkeep
from tradeviz.cli import app

NINE = {
    ("tariffs", "eo-14358", "rate step"),
    ("tariffs", "prc-tariff-20251105", "rate step"),
    ("tariffs", "truce-20260928-chn", "agreed rate"),
    ("milestones", "CHN:2025-11-01:text_published", "term ends"),
    ("milestones", "CHN:2025-11-10:entered_into_force", "term ends"),
    *{("commitments", f"chn-2025-10-30-c{n}", "pledge ends") for n in (1, 2, 3, 4)},
}
"""What the record of October 2026 dates on 9 and 10 November 2026."""


def change(folder: Path, table: str, **cells: str) -> None:
    """Write cells into every row of a table."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row | cells for row in csv.DictReader(file)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def october(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables, searched to 6 October 2026, to be looked at again by 7 November."""
    folder = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("october") / "data"))
    change(folder, "coverage", through="2026-10-06", look_again_by="2026-11-07")
    path = folder / "trade_monthly.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if ",2026-09," not in line), encoding="utf-8")
    return folder


def items(folder: Path, today: str, section: str) -> set[tuple[str, str, str]]:
    frame = upkeep.due(data.load_tables(folder), date.fromisoformat(today))
    own = frame[frame["section"] == section]
    return set(zip(own["table"], own["key"], own["kind"], strict=True))


def test_what_the_record_dates_itself_is_late_once_its_day_has_passed(october: Path) -> None:
    late = items(october, "2026-11-29", "late")
    assert late >= NINE
    assert ("trade_monthly", "2026-09", "trade figures") in late
    assert ("tariffs", "", "search") in late
    assert not {item for item in late if item[1] == "proc-11052"}


def test_it_is_about_to_happen_in_the_month_before(october: Path) -> None:
    soon = items(october, "2026-10-20", "soon")
    overtaken = ("tariffs", "eo-14358", "rate step")
    assert soon >= NINE - {overtaken}
    assert overtaken not in soon
    assert not items(october, "2026-10-20", "late") & NINE
    assert ("tariffs", "proc-11052", "rate step") in items(october, "2026-11-29", "soon")


def test_nothing_stays_late_once_somebody_has_looked(october: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(october, tmp_path / "data"))
    change(folder, "coverage", through="2026-11-28", look_again_by="2026-12-28")
    change(folder, "tariffs", confidence="single")
    late = items(folder, "2026-11-29", "late")
    assert not late & NINE
    assert not {item for item in late if item[2] == "search"}


def test_a_step_that_a_curator_could_not_confirm_stays_late(october: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(october, tmp_path / "data"))
    change(folder, "coverage", through="2026-11-28")
    assert ("tariffs", "prc-tariff-20251105", "rate step") in items(folder, "2026-11-29", "late")


def test_the_command_prints_two_sections_and_leaves_with_3_when_something_is_late(october: Path) -> None:
    words = ["due", "--today", "2026-11-29", "--data", str(october)]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 3
    assert "Late on 2026-11-29" in told.stdout
    assert "are late, the oldest since" in told.stderr
    listed = json.loads(CliRunner().invoke(app, [*words, "--format", "json"]).stdout)
    assert {"2026-11-10", "2026-12-04"} <= {item["day"] for item in listed}
    assert [item["section"] for item in listed] == sorted(item["section"] for item in listed)


def test_a_day_that_is_none_is_told_in_one_line() -> None:
    told = CliRunner().invoke(app, ["due", "--today", "soon"])
    assert told.exit_code == 2
    assert told.stderr == 'tradeviz: --today "soon" is not a date; write it as 2025-04-25\n'
