"""Corrections: held to the tables, undone, told by the clock of the record."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import feedparser
import pandas as pd
import pytest

import tradeviz
from tests.oracle.tables import FROZEN, Row, header
from tradeviz import data, digest, news, talks
from tradeviz.briefing import Edition, subscriptions
from tradeviz.briefing.subscriptions import Subscription
from tradeviz.data import Tables, load_tables
from tradeviz.data.corrections import row_name, traced
from tradeviz.data.reading import TextTable
from tradeviz.data.rules_corrections import correction_problems
from tradeviz.data.validation import hold, read_all
from tradeviz.errors import UsageError
from tradeviz.frames import records
from tradeviz.talks.recorded import corrected_entries
from tradeviz.upkeep import release
from tradeviz.wording import day

FIRST, SECOND = "2026-12-10", "2026-12-20"
"""Two releases; the frozen tables are recorded on 29 November 2026."""

PAUSE = {"order_id": "eo-14266", "force": "order", "partner": "KOR", "layer": "reciprocal", "product": ""}
CONTACT = {"partner": "KOR", "stage": "contact", "scope": "deal"}


def read(folder: Path, table: str) -> list[Row]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, table: str, rows: list[Row]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header(table), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


class Curator:
    """Who puts the tables in a folder right, and writes down what stood there before."""

    def __init__(self, folder: Path) -> None:
        """Begin with what lies in the folder."""
        self.folder, self.made = folder, read(folder, "corrections")

    def edits(self, day: str, table: str, like: Row, **cells: str) -> Row:
        """Change cells of the one row that has some cells; return it as it was."""
        rows = read(self.folder, table)
        (place,) = [place for place, row in enumerate(rows) if like.items() <= row.items()]
        before, rows[place] = rows[place], rows[place] | cells
        write(self.folder, table, rows)
        name = row_name(table, rows[place])
        for column, after in cells.items():
            self._writes(
                recorded=day, table=table, row=name, column=column, before=before[column], after=after
            )
        return before

    def takes_out(self, day: str, table: str, like: Row) -> Row:
        """Take out the one row that has some cells; return it."""
        rows = read(self.folder, table)
        (gone,) = [row for row in rows if like.items() <= row.items()]
        write(self.folder, table, [row for row in rows if row != gone])
        self._writes(recorded=day, table=table, row=row_name(table, gone), before=json.dumps(gone))
        return gone

    def _writes(self, **cells: str) -> None:
        self.made.append(dict.fromkeys(header("corrections"), "") | cells)
        write(self.folder, "corrections", self.made)


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen tables with two releases of corrections of Korea's record."""
    folder = Path(shutil.copytree(FROZEN, tmp_path_factory.mktemp("corrected") / "data"))
    curator = Curator(folder)
    step = PAUSE | {"effective": "2025-04-10"}
    curator.edits(FIRST, "tariffs", step, rate_pct="11")
    curator.edits(SECOND, "tariffs", step, rate_pct="12.5")
    curator.edits(
        FIRST,
        "meetings",
        {"meeting_id": "kor-2025-04-24-m2"},
        city="Sejong",
        next_step_closed_by="kor-2025-05-16-m1",
    )
    curator.edits(SECOND, "milestones", CONTACT, date="2025-02-20", summary="A first call.")
    curator.takes_out(SECOND, "known_gaps", read(folder, "known_gaps")[0])
    return folder


@pytest.fixture(scope="module")
def tables(corrected: Path) -> Tables:
    return load_tables(corrected)


def problems(corrected: Path, made: list[Row]) -> list[str]:
    """What is wrong with other corrections beside the corrected tables."""
    tables, _ = read_all(corrected)
    frame = pd.DataFrame(made, columns=header("corrections"), dtype="str")
    text = TextTable("corrections", frame, list(range(2, len(made) + 2)))
    typed, found = hold(text)
    return [str(one) for one in [*found, *correction_problems(tables | {"corrections": typed})]]


def test_corrections_that_the_tables_bear_out_are_sound(corrected: Path) -> None:
    assert problems(corrected, read(corrected, "corrections")) == []
    said = [str(one) for one in data.check(corrected, pd.Timestamp(FIRST).date()) if one.severity == "error"]
    assert len(said) == 4
    assert all(f"recorded: {SECOND} lies in the future" in one for one in said)


WRONG = [
    ("table", "tarifs", "is no table of facts"),
    ("table", "sources", "is no table of facts"),
    ("row", "kor-2025-04-24-m2", "is no name of a row; write meeting_id=..."),
    ("row", "meeting_id=kor-2025-04-24-m9", "is no row of meetings.csv"),
    ("column", "town", "is no column of meetings.csv that is corrected; use one of meeting_id, partner"),
    ("column", "hindsight", "is no column of meetings.csv that is corrected"),
    ("column", "", "says that the row was taken out, but meetings.csv has it"),
    ("after", "Seoul", 'is not what stood there after that release, which is "Sejong"'),
    ("before", "Sejong", "is the same as after"),
]


@pytest.mark.parametrize(("column", "cell", "said"), WRONG, ids=[f"{one[0]}-{one[2][:20]}" for one in WRONG])
def test_a_correction_that_cannot_be_is_named_with_its_place(
    corrected: Path, column: str, cell: str, said: str
) -> None:
    made = read(corrected, "corrections")
    place = next(place for place, row in enumerate(made) if row["column"] == "city")
    made[place][column] = cell
    told = [
        one for one in problems(corrected, made) if one.startswith(f"corrections.csv:{place + 2} {column}")
    ]
    assert len(told) == 1
    assert said in told[0]


def test_a_cell_that_is_edited_again_asks_for_the_correction_that_followed(corrected: Path) -> None:
    (said,) = problems(corrected, [row for row in read(corrected, "corrections") if row["after"] != "12.5"])
    assert 'after: "11" is not what stood there' in said
    assert "add the correction that followed" in said


def test_a_row_that_was_taken_out_is_told_whole(corrected: Path) -> None:
    made = read(corrected, "corrections")
    whole = made[-1]["before"]
    for before, said in (
        ("a gap", "is no JSON object"),
        (whole.replace("first_day", "last"), 'has "last", which is no column'),
        (whole.replace('"first_day": "2', '"first_day": "1'), "is not the row that row names"),
        (whole.replace('"last_day": "2', '"last_day": "x'), "has in last_day nothing that known_gaps.csv"),
    ):
        (told,) = problems(corrected, [*made[:-1], made[-1] | {"before": before}])
        assert said in told


@pytest.mark.parametrize("as_of", ["2025-04-25", "2026-09-30"])
def test_as_published_then_is_what_the_tables_were(tables: Tables, as_of: str) -> None:
    then, frozen = tables.at(as_of, "2026-11-29"), tradeviz.load(as_of)
    for name, frame in frozen.tables.items():
        pd.testing.assert_frame_equal(in_order(then.tables[name]), in_order(frame), obj=name)
    assert tables.at(as_of, SECOND).data_hash() == tables.at(as_of).data_hash() != frozen.data_hash()


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows in an order of their own: one that was taken out comes back at the end."""
    return frame.sort_values(list(frame.columns[:3]), kind="stable", ignore_index=True)


def test_each_release_is_undone_by_itself(tables: Tables) -> None:
    def rate(by: str) -> float:
        rows = tables.at("2025-04-25", by).tariffs
        step = (
            (rows["order_id"] == "eo-14266")
            & (rows["partner"] == "KOR")
            & (rows["effective"] == "2025-04-10")
        )
        return float(rows.loc[step, "rate_pct"].iloc[0])

    assert [rate(by) for by in ("2026-12-09", FIRST, "2026-12-19", SECOND)] == [10, 11, 11, 12.5]


def told(tables: Tables, since: str, as_of: str = "2026-09-30") -> pd.DataFrame:
    rows = talks.newly_recorded(tables, since, as_of, ["correction"])
    assert (rows["kind"] == "correction").all()
    return rows


def test_corrections_are_told_to_who_asks_after_an_earlier_day_of_the_record(tables: Tables) -> None:
    rows = told(tables, "2026-11-29")
    assert rows["recorded"].is_monotonic_decreasing
    cells = {
        (row["table"], row["column"]): (row["before"], row["after"], f"{row['recorded']:%Y-%m-%d}")
        for row in records(rows)
    }
    assert cells[("tariffs", "rate_pct")] == ("10", "12.5", SECOND)
    assert cells[("meetings", "city")][1:] == ("Sejong", FIRST)
    assert cells[("milestones", "date")][1:] == ("2025-02-20", SECOND)
    assert len(cells) == len(rows) == 6
    by_table = rows.set_index(["table", "column"])["text"]
    assert by_table["tariffs", "rate_pct"].startswith(
        "Corrected: rates, South Korea, Executive Order 14266, reciprocal"
    )
    assert by_table["tariffs", "rate_pct"].endswith(": rate 12.5%, before 10%.")
    assert by_table["milestones", "date"].endswith(
        f": date 20 February 2025, before {day(first_contact()['date'])}."
    )
    assert by_table["known_gaps", ""].startswith("Taken out: known gaps, ")
    assert set(told(tables, FIRST)["column"]) == {"rate_pct", "date", "summary", ""}
    assert told(tables, FIRST).set_index("column").loc["rate_pct", "before"] == "11"
    assert told(tables, SECOND).empty


def first_contact() -> Row:
    """Korea's first contact before it was corrected."""
    (row,) = [row for row in read(FROZEN, "milestones") if CONTACT.items() <= row.items()]
    return row


def test_a_correction_of_what_was_not_known_yet_is_not_told(tables: Tables) -> None:
    assert told(tables, "2026-11-29", "2025-04-08").query("table == 'tariffs'").empty

    def of_meetings(as_of: str) -> set[str]:
        return set(told(tables, "2026-11-29", as_of).query("table == 'meetings'")["column"])

    assert of_meetings("2025-04-23") == set()
    assert of_meetings("2025-05-15") == {"city"}  # the meeting that closed the step is of the day after
    assert of_meetings("2025-05-16") == {"city", "next_step_closed_by"}
    with pytest.raises(UsageError, match='kind "correction" is unknown'):
        talks.changes(tables.at(), "2026-08-01", ["correction"])


def test_a_row_keeps_its_first_name_over_corrections_of_its_key(tables: Tables) -> None:
    rows = traced(tables.frames["corrections"])
    renamed = rows[rows["table"] == "milestones"]
    assert renamed["first"].nunique() == renamed["last"].nunique() == 1
    assert "date=2025-02-20" in renamed["last"].iloc[0]
    assert renamed["first"].iloc[0] == row_name("milestones", first_contact())
    assert (rows.loc[rows["table"] == "known_gaps", "last"] == "").all()


def test_an_entry_of_a_feed_keeps_its_identifier_and_moves_when_its_row_is_corrected(tables: Tables) -> None:
    now, then = tables.at("2025-04-25"), tradeviz.load("2025-04-25")
    korea = [talks.changes(ds, "2024-04-25").query("partner == 'KOR'") for ds in (now, then)]
    after, before = news.news(now, korea[0], corrected_entries(tables)), news.news(then, korea[1])
    assert {one.key for one in after} == {one.key for one in before}
    moved = {one.key.split(":")[0]: one.corrected for one in after if one.corrected}
    assert moved == {"milestones": SECOND, "tariffs": SECOND, "meetings": FIRST}
    (step,) = [one.key for one in after if one.corrected and "eo-14266" in one.key]
    assert step.endswith(":KOR")
    feed, plain = (Subscription("Talks", news=found) for found in (after, before))
    read = feedparser.parse(subscriptions.atom(feed, "", Edition("2025-04-25"), Path("/site")))
    old = feedparser.parse(subscriptions.atom(plain, "", Edition("2025-04-25"), Path("/site")))
    assert {one.id for one in read.entries} == {one.id for one in old.entries}
    assert (read.feed.updated[:10], old.feed.updated[:10]) == (SECOND, "2025-04-25")
    assert sorted(one.updated[:10] for one in read.entries if one.updated != one.published) == [
        FIRST,
        SECOND,
        SECOND,
    ]
    items = json.loads(subscriptions.json_feed(feed, "", Edition("2025-04-25")))["items"]
    assert sorted(one["date_modified"][:10] for one in items if "date_modified" in one) == [
        FIRST,
        SECOND,
        SECOND,
    ]


def test_a_release_writes_down_what_it_put_right(
    corrected: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1797724800")  # 20 December 2026
    folder = Path(shutil.copytree(corrected, tmp_path / "data"))
    by_hand = [row for row in read(corrected, "corrections") if row["column"] == "date"]
    write(folder, "corrections", by_hand)
    assert release.main([str(FROZEN), str(folder)]) == 0
    said = capsys.readouterr().out
    assert "- `tariffs`: one row changed" in said
    assert f"{SECOND},meetings,meeting_id=kor-2025-04-24-m2,city," in said
    assert read(folder, "corrections") == by_hand
    release.main([str(FROZEN), str(folder), "--write"])
    assert "wrote five corrections" in capsys.readouterr().err
    made = {(row["table"], row["column"], row["before"], row["after"]) for row in read(folder, "corrections")}
    known = {
        (row["table"], row["column"], row["before"], row["after"]) for row in read(corrected, "corrections")
    }
    first, second = (("tariffs", "rate_pct", *rates) for rates in (("10", "11"), ("11", "12.5")))
    assert made == known - {first, second} | {("tariffs", "rate_pct", "10", "12.5")}
    assert problems(folder, read(folder, "corrections")) == []
    release.main([str(FROZEN), str(folder), "--write"])
    assert capsys.readouterr().err == ""


def test_a_row_of_which_only_the_day_in_its_key_moved_is_the_same_row(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FROZEN, tmp_path / "data"))
    Curator(folder).edits(FIRST, "milestones", CONTACT, date="2025-02-20")
    write(folder, "corrections", [])
    (made,) = release.corrections(FROZEN, folder, FIRST)
    assert (made["column"], made["before"], made["after"]) == ("date", first_contact()["date"], "2025-02-20")


def test_a_digest_tells_what_was_told_under_its_old_day_as_corrected(tables: Tables) -> None:
    now, then, codes = tables.at("2025-04-25"), tradeviz.load("2025-04-25"), ["KOR"]
    entries = corrected_entries(tables)
    told = digest.told_by(then, codes)
    found = digest.digest(now, then, codes, told, corrected=entries)
    assert found is not None
    assert {one.corrected for one in (*found.moving, *found.others)} == {True}
    assert "20 February 2025" in {one.day for one in found.others}
    assert told.keys() == digest.told_by(now, codes, entries).keys()
