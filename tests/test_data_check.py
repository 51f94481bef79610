"""Wrong tables: each kind of flaw is named once, by file, line and column, and never loses rows."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import tradeviz
from tests.oracle.tables import FROZEN as DATA
from tradeviz import data
from tradeviz.data.validation import read_one
from tradeviz.errors import DataError, UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real tables, to be broken."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def edit(folder: Path, table: str, row: int, /, **cells: str) -> int:
    """Change cells of one row (0 is the first below the header); return its line in the file."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or []), list(reader)
    rows[row] |= cells
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return row + 2


@dataclass(frozen=True)
class Broken:
    """What is said of tables with wrong cells, and the line of each of them in its file."""

    problems: list[data.Problem]
    lines: list[int]


def broken(scratch: pytest.TempPathFactory, wrong: list[tuple[str, dict[str, str], str]]) -> Broken:
    """Break a copy of the real tables in as many places, each in a row of its own, and check it once."""
    folder = Path(shutil.copytree(DATA, scratch.mktemp("broken") / "data"))
    used: Counter[str] = Counter()
    lines = []
    for table, cells, _ in wrong:
        lines.append(edit(folder, table, used[table], **cells))
        used[table] += 1
    return Broken(data.check(folder), lines)


def row_where(table: str, /, **cells: str) -> int:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            if all(row[name] == value for name, value in cells.items()):
                return number
    raise AssertionError(f"no row of {table} has {cells}")


def errors(folder: Path) -> list[str]:
    return [str(problem) for problem in data.check(folder) if problem.severity == "error"]


@pytest.mark.living
def test_the_living_tables_have_no_error_and_every_warning_about_them_is_answered() -> None:
    assert [str(problem) for problem in data.check()] == []


def test_a_review_silences_its_warning_and_tells_when_it_answers_none(folder: Path) -> None:
    row = row_where("meetings", meeting_id="kor-2025-04-24-m2")
    edit(folder, "meetings", row, outcome="A package by 8 July 2025 and a call on 2 May 2026.")
    asked = later_days(folder)
    assert len(asked) == 2
    with (folder / "reviewed.csv").open("a", encoding="utf-8") as file:
        file.write("meetings,kor-2025-04-24-m2,2026-05-02,planned then\n")
    assert later_days(folder) == [text for text in asked if "2 May 2026" not in text]
    with (folder / "reviewed.csv").open("a", encoding="utf-8") as file:
        file.write("meetings,kor-2025-04-24-m2,2026-05-03,planned then\n")
    told = [str(problem) for problem in data.check(folder) if problem.file == "reviewed.csv"]
    assert "answers no warning any more" in told[-1]


def later_days(folder: Path) -> list[str]:
    """The warnings about later days in meetings.csv."""
    return [str(p) for p in data.check(folder) if p.file == "meetings.csv" and "lies after" in p.message]


ANY_SOURCE = "brecorder-20250221-first-call"
WRONG_CELLS = [
    ("meetings", {"start_date": "2025-13-01"}, 'start_date: "2025-13-01" is not a date'),
    ("meetings", {"start_date": "21 Feb 2025"}, 'start_date: "21 Feb 2025" is not a date'),
    ("meetings", {"start_date": ""}, "start_date: is empty"),
    ("meetings", {"level": "minister"}, 'level: "minister" is not one of technical, ministerial, leaders'),
    ("meetings", {"issues": "tariffs_quotas;farming"}, 'issues: "farming" is not in the vocabulary'),
    ("meetings", {"partner": "XYZ"}, 'partner: "XYZ" is not in partners.csv'),
    ("meetings", {"source_ids": "no-such-source"}, 'source_ids: "no-such-source" is not in sources.csv'),
    ("meetings", {"source_ids": ""}, "source_ids: is empty"),
    ("meetings", {"source_ids": "a;;b"}, 'source_ids: "a;;b" has an empty part'),
    ("meetings", {"end_date": "2025-01-01"}, "end_date: lies before start_date"),
    ("meetings", {"next_step_closed_by": "nothing"}, 'next_step_closed_by: "nothing" is no meeting_id'),
    ("tariffs", {"rate_pct": "25%"}, 'rate_pct: "25%" is not a number'),
    ("tariffs", {"rate_pct": "nan"}, 'rate_pct: "nan" is not a number'),
    ("tariffs", {"rate_pct": "1e9"}, 'rate_pct: "1e9" is not a number'),
    ("tariffs", {"rate_pct": "2500"}, 'rate_pct: "2500" is outside 0 to 500 (percent)'),
    (
        "tariffs",
        {"layer": "retaliation", "basis": "all_in"},
        'basis: "all_in" does not occur in layer retaliation',
    ),
    ("tariffs", {"effective": ""}, "effective: is empty; an order always has a first day"),
    ("tariffs", {"announced": "2052-02-01"}, "lies outside the period covered"),
    ("tariffs", {"layer": "s999"}, 'layer: "s999" is not one of reciprocal'),
    ("milestones", {"stage": "signed"}, 'stage: "signed" is not one of contact'),
    ("milestones", {"expires": "2020-01-01"}, "expires: lies before date"),
    ("commitment_status", {"date": "2024-02-01"}, "date: lies before the pledge"),
    ("commitment_status", {"commitment_id": "nobody-c1"}, "commitment_id: is not in commitments.csv"),
    ("trade_monthly", {"month": "2024-13"}, 'month: "2024-13" is not a month'),
    ("trade_monthly", {"calculated_duties_usd_mn": "999999"}, "is larger than the imports"),
    ("sources", {"url": "javascript:alert(1)"}, 'url: "javascript:alert(1)" is no http or https address'),
    ("sources", {"url": "data:text/html,x"}, "is no http or https address"),
    ("events", {"scope": "everyone"}, 'scope: "everyone" is neither ALL nor ISO codes'),
    ("coverage", {"table": "treaties"}, "table: is no table"),
    ("meetings", {"us_lead": "Scott Besent"}, 'us_lead: "Scott Besent" is not in people.csv'),
    ("milestones", {"source_ids": ANY_SOURCE, "confidence": "confirmed"}, "but the row has one source"),
    ("tariffs", {"source_ids": ANY_SOURCE, "confidence": "confirmed"}, "but the row has one source"),
    ("commitments", {"currency": "USD"}, "currency: is filled without an amount"),
    ("commitments", {"amount_usd_bn": "5", "amount_per": "total"}, "currency: is empty beside an amount"),
    ("commitments", {"amount_usd_bn": "5", "currency": "USD"}, "amount_per: is empty beside an amount"),
    ("commitments", {"amount_bn": "5", "currency": "USD"}, "amount_bn: is for amounts that were not in"),
    ("commitments", {"amount_bn": "5", "currency": "yen"}, 'currency: "yen" is no ISO 4217 code'),
    ("commitments", {"part_of": "nobody-c1"}, 'part_of: "nobody-c1" is no commitment_id'),
    ("trade_monthly", {"released": "2024-01-31"}, "released: lies before the month's end"),
    ("known_gaps", {"last_day": "2024-01-01"}, "last_day: lies before first_day"),
    ("meetings", {"outcome": "two\nlines"}, "outcome: "),  # the last of its table: the lines below shift
]


@pytest.fixture(scope="module")
def wrong_cells(tmp_path_factory: pytest.TempPathFactory) -> Broken:
    """A copy of the tables with every wrong cell of WRONG_CELLS, each in a row of its own."""
    return broken(tmp_path_factory, WRONG_CELLS)


@pytest.mark.parametrize("number", range(len(WRONG_CELLS)), ids=lambda number: WRONG_CELLS[number][2])
def test_a_wrong_cell_is_named_by_file_line_and_column(wrong_cells: Broken, number: int) -> None:
    table, _, said = WRONG_CELLS[number]
    found = [str(problem) for problem in wrong_cells.problems if problem.severity == "error"]
    start = f"{table}.csv:{wrong_cells.lines[number]} "
    assert any(text.startswith(start) and said in text for text in found), found


def test_tables_with_a_wrong_cell_are_not_loaded(folder: Path) -> None:
    edit(folder, "meetings", 0, level="minister")
    with pytest.raises(DataError, match="tradeviz check"):
        tradeviz.load(data=folder)


def test_all_problems_are_named_at_once(folder: Path) -> None:
    edit(folder, "meetings", 3, start_date="yesterday")
    edit(folder, "tariffs", 5, rate_pct="lots")
    edit(folder, "sources", 7, kind="rumour")
    named = {text.split(":")[0] for text in errors(folder)}
    assert {"meetings.csv", "tariffs.csv", "sources.csv"} <= named  # the frozen tables break rules made later


def test_a_part_of_a_part_is_refused(folder: Path) -> None:
    edit(folder, "commitments", 0, part_of="chn-2025-05-12-c2")
    line = edit(folder, "commitments", 2, part_of="chn-2025-05-12-c1")
    assert any(
        f"commitments.csv:{line} part_of" in text and "is itself part" in text for text in errors(folder)
    )


def test_lines_are_counted_across_a_cell_with_a_line_break(folder: Path) -> None:
    edit(folder, "meetings", 0, outcome="two\nlines")
    edit(folder, "meetings", 1, level="minister")
    assert any(text.startswith("meetings.csv:4 level") for text in errors(folder))


def test_rows_of_one_order_share_the_day_it_was_announced(folder: Path) -> None:
    row = row_where("tariffs", order_id="eo-14257", partner="KOR", effective="2025-04-09")
    line = edit(folder, "tariffs", row, announced="2025-04-03")
    assert any(f"tariffs.csv:{line} announced: differs from 2025-04-02" in text for text in errors(folder))


def test_two_orders_of_one_day_on_the_same_series_are_refused(folder: Path) -> None:
    row = row_where("tariffs", order_id="eo-14326", partner="KOR", effective="2025-08-07")
    edit(folder, "tariffs", row, order_id="eo-99999")
    assert any("which came last?" in text for text in errors(folder))


def test_a_doubled_row_is_named(folder: Path) -> None:
    path = folder / "meetings.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1]]), encoding="utf-8")
    assert any("stands above" in text for text in errors(folder))


def test_a_missing_month_is_named(folder: Path) -> None:
    path = folder / "trade_monthly.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    del lines[5]
    path.write_text("".join(lines), encoding="utf-8")
    assert any("is missing for this partner" in text for text in errors(folder))


BROKEN_FORMS: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("byte order mark", lambda raw: b"\xef\xbb\xbf" + raw, "byte order mark"),
    ("NUL byte", lambda raw: raw.replace(b",", b",\0", 1), "NUL byte"),
    ("not UTF-8", lambda raw: raw.replace(b"CHN", b"CH\xff", 1), "not UTF-8"),
    ("empty file", lambda raw: b"", "is empty"),
    ("header only", lambda raw: raw.splitlines(keepends=True)[0], "no rows"),
    ("missing column", lambda raw: raw.replace(b"level,", b"", 1), "level: the column is missing"),
    ("extra column", lambda raw: raw.replace(b"level,", b"level,rank,", 1), "rank: is no column"),
    ("swapped columns", lambda raw: raw.replace(b"level,format", b"format,level", 1), "out of order"),
    ("ragged row", lambda raw: raw.rstrip(b"\n") + b"\nxyz,CHN\n", "cells instead of"),
    ("broken quote", lambda raw: raw + b'x,"never closed', "broken quotes"),
    ("huge cell", lambda raw: raw.replace(b"Introductory", b"I" * 100_000, 1), "characters"),
]


@pytest.mark.parametrize(
    ("breaking", "said"), [b[1:] for b in BROKEN_FORMS], ids=[b[0] for b in BROKEN_FORMS]
)
def test_a_file_of_broken_form_is_named(
    tmp_path: Path, breaking: Callable[[bytes], bytes], said: str
) -> None:
    (tmp_path / "meetings.csv").write_bytes(breaking((DATA / "meetings.csv").read_bytes()))
    _, problems = read_one(tmp_path, "meetings")
    found = [str(problem) for problem in problems]
    assert any(text.startswith("meetings.csv") and said in text for text in found), found


def test_a_file_of_broken_form_stops_the_load(folder: Path) -> None:
    path = folder / "meetings.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    with pytest.raises(DataError, match="byte order mark"):
        tradeviz.load(data=folder)


def test_windows_line_ends_change_nothing(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert errors(folder) == []
    assert tradeviz.load(data=folder).data_hash() == tradeviz.load().data_hash()


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "issues.csv").unlink()
    assert any(text.startswith("issues.csv cannot be read") for text in errors(folder))


def test_a_missing_folder_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        data.check(tmp_path / "nowhere")


WARNED = [
    ("meetings", {"outcome": "Agreed, and carried out by EO 14326."}, '"EO 14326" was announced only on'),
    ("meetings", {"outcome": "Agreed; signed on 1 March 2026."}, "lies after the row's day"),
    ("tariffs", {"instrument": "Order, later replaced"}, "sounds like hindsight"),
    ("milestones", {"stage": "resumed"}, "nothing was suspended"),
    ("meetings", {"city": "=cmd|calc"}, "would be run as a formula"),
    ("coverage", {"through": "2025-06-30", "reason": ""}, "days before the last day covered; say why"),
]


def test_what_only_a_curator_can_judge_is_a_warning(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = broken(tmp_path_factory, WARNED)
    for line, (table, _, said) in zip(found.lines, WARNED, strict=True):
        here = [one for one in found.problems if (one.file, one.line) == (f"{table}.csv", line)]
        assert any(one.severity == "warning" and said in one.message for one in here), said


def test_the_variable_names_another_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(folder, "partners", 0, name="Cathay")
    monkeypatch.setenv("TRADEVIZ_DATA", str(folder))
    assert tradeviz.load().name("CHN") == "Cathay"
    assert tradeviz.load(data=DATA).name("CHN") == "China"
