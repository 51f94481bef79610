"""What a curator should look at: signs of hindsight, idle rows, cells that a spreadsheet would run.

Each is a warning: the sign can be wrong, and only a reader of the sources can tell.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator

import pandas as pd

from tradeviz.data.asof import KNOWN_ON
from tradeviz.data.models import KEYS
from tradeviz.data.problems import WARNING, Problem, shown
from tradeviz.data.seen import cited_sources
from tradeviz.data.validation import Tables, TypedTable, at, schema

PRINTED = {
    "meetings": ["outcome"],
    "milestones": ["document", "summary"],
    "tariffs": ["instrument"],
    "issues": ["summary"],
    "commitments": ["description"],
    "events": ["title", "summary"],
}
"""Texts that pages print and that may say only what was known on the row's day."""

FAR_BEHIND_DAYS = 60
"""Days by which a record may end before the last day covered without a reason."""

_MONTHS = list(calendar.month_name)[1:]
_WRITTEN_DAY = re.compile(
    rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})(?: (\d{{4}}))?\b|\b(\d{{4}}-\d{{2}}-\d{{2}})\b"
)
_ORDER_NAME = re.compile(r"\b(?:EO|Executive Order|Proclamation|Proc\.) (\d{5})\b")
_PAST_TENSE = re.compile(
    r"\b(never took effect|later (?:applied|replaced|put off|withdrawn|repealed)|overtaken|subsequently)\b",
    re.IGNORECASE,
)
_RUN_BY_SPREADSHEETS = re.compile("[;\t\r\n][\\s\"']*[=+@\\-\uff1d\uff0b\uff20\uff0d]")
"""At the beginning of a line, or after a semicolon, where many spreadsheets split it; also in wide forms."""

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def advice(tables: Tables) -> list[Problem]:
    """Return the warnings for all tables whose form is sound."""
    found: list[Problem] = []
    orders = _announced_by_number(tables["tariffs"]) if "tariffs" in tables else {}
    for name, columns in PRINTED.items():
        if name in tables:
            for column in columns:
                found += _hindsight(tables[name], column, orders)
    found += _later_days(tables)
    for table in tables.values():
        found += _run_by_spreadsheets(table)
    if "milestones" in tables:
        found += _nothing_to_resume(tables["milestones"])
    if "sources" in tables:
        found += _never_cited(tables)
    if "coverage" in tables:
        found += _far_behind(tables["coverage"])
    return found


def _announced_by_number(tariffs: TypedTable) -> dict[str, pd.Timestamp]:
    numbers = tariffs.frame["order_id"].str.extract(r"^(?:eo|proc)-(\d{5})")[0]
    days = tariffs.frame["announced"].groupby(numbers).min()
    return {str(number): pd.Timestamp(day) for number, day in days.items()}


def _hindsight(table: TypedTable, column: str, orders: dict[str, pd.Timestamp]) -> Iterator[Problem]:
    known_on = table.frame[KNOWN_ON.get(table.text.name, "end_date")]
    for row, text in enumerate(table.text.frame[column]):
        day = known_on.iloc[row]
        for match in _ORDER_NAME.finditer(text):
            announced = orders.get(match[1])
            if announced is not None and announced > day:
                what = f'"{match[0]}" was announced only on {announced:%Y-%m-%d}; move it to hindsight'
                yield table.text.problem(row, column, what, WARNING)
        for match in _PAST_TENSE.finditer(text):
            yield table.text.problem(
                row, column, f'"{match[0]}" sounds like hindsight; move it there', WARNING
            )


def _later_days(tables: Tables) -> Iterator[Problem]:
    """Later days that printed texts name without an answer in reviewed.csv; answers to no such day."""
    answers = _answers(tables["reviewed"]) if "reviewed" in tables else {}
    idle = dict(answers)
    for name in [name for name in PRINTED if name in tables]:
        for column, row, when, written in _named_later(tables[name], PRINTED[name]):
            answer = (name, row_key(tables[name], row), when)
            idle.pop(answer, None)
            if answer not in answers:
                what = (
                    f'"{written}" lies after the row\'s day; if it was planned then, say why in reviewed.csv'
                    f" (key {answer[1]}, day {when:%Y-%m-%d}); else move it to hindsight"
                )
                yield tables[name].text.problem(row, column, what, WARNING)
    for row in idle.values():
        yield tables["reviewed"].text.problem(row, "day", "answers no warning any more; take it out", WARNING)


def _answers(reviewed: TypedTable) -> dict[tuple[str, str, pd.Timestamp], int]:
    """The rows of reviewed.csv by table, key and day."""
    columns = [reviewed.frame[name] for name in KEYS["reviewed"]]
    return {answer: row for row, answer in enumerate(zip(*columns, strict=True))}


def row_key(table: TypedTable, row: int) -> str:
    """The cells that identify a row, with colons between."""
    return ":".join(table.text.frame[name].iloc[row] for name in KEYS[table.text.name])


def _named_later(table: TypedTable, columns: list[str]) -> Iterator[tuple[str, int, pd.Timestamp, str]]:
    """Days after that of their row which texts name and no column schedules: column, row, day, words."""
    known_on = table.frame[KNOWN_ON.get(table.text.name, "end_date")]
    for column in columns:
        for row, text in enumerate(table.text.frame[column]):
            for match in _WRITTEN_DAY.finditer(text):
                number, month, year, iso = match.groups()
                year = year or known_on.iloc[row].year
                written = iso or f"{year}-{_MONTHS.index(month) + 1:02d}-{int(number):02d}"
                when = pd.to_datetime(written, format="%Y-%m-%d", errors="coerce")
                if pd.notna(when) and when > known_on.iloc[row] and when not in _scheduled(table, row):
                    yield column, row, when, match[0]


def _scheduled(table: TypedTable, row: int) -> set[pd.Timestamp]:
    names = [name for name in ("next_step_due", "expires", "horizon_end", "effective") if name in table.frame]
    return {table.frame[name].iloc[row] for name in names}


def _run_by_spreadsheets(table: TypedTable) -> Iterator[Problem]:
    for column, field in schema(table.text.name).columns.items():
        if (field.metadata or {})["kind"] == "number":
            continue
        cells = table.text.frame[column].tolist()
        if not _RUN_BY_SPREADSHEETS.search("\n".join(["", *cells])):  # one search for all: few cells have any
            continue
        for row, cell in enumerate(cells):
            if _RUN_BY_SPREADSHEETS.search(f"\n{cell}") and not _NUMBER.fullmatch(cell):
                what = f'"{shown(cell)}" would be run as a formula by a spreadsheet; begin it otherwise'
                yield table.text.problem(row, column, what, WARNING)


def _nothing_to_resume(milestones: TypedTable) -> Iterator[Problem]:
    frame = milestones.frame[milestones.frame["scope"] == "deal"].sort_values("date", kind="stable")
    for _, rows in frame.groupby("partner"):
        halted = False
        for row, stage in rows["stage"].items():
            if stage == "resumed" and not halted:
                what = "nothing was suspended or broken off before it"
                yield milestones.text.problem(int(str(row)), "stage", what, WARNING)
            if stage in ("suspended", "collapsed"):
                halted = True
            elif stage == "resumed":
                halted = False


def _never_cited(tables: Tables) -> Iterator[Problem]:
    cited = cited_sources(table.text.frame for table in tables.values())
    uncited = ~tables["sources"].frame["source_id"].isin(cited)
    return at(tables["sources"], uncited, "source_id", "no row cites this source", WARNING)


def _far_behind(coverage: TypedTable) -> Iterator[Problem]:
    """Tables that end long before coverage_end, without a word why."""
    frame = coverage.frame
    behind = (frame["through"].max() - frame["through"]).dt.days
    for row in behind.index[(behind > FAR_BEHIND_DAYS) & (frame["reason"] == "")]:
        what = f"is empty, though the row ends {behind[row]} days before the last day covered; say why"
        yield coverage.text.problem(int(row), "reason", what, WARNING)
