"""What readers subscribe to: read back, told apart, kept over changes, without hindsight."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
import icalendar
import pytest

from known import known
from tests.oracle.search import leaks
from tradeviz import news, rates, talks
from tradeviz.briefing import Edition, subscriptions
from tradeviz.briefing.subscriptions import Subscription
from tradeviz.frames import records
from tradeviz.talks.recorded import Correction, entry_of

JULY = "2025-07-08"
HERE = Path("/site")
TITLE = "Talks"


@cache
def told(day: str) -> dict[str, Subscription]:
    return news.subscriptions(known(day), TITLE)


@cache
def events(day: str, page: str = "") -> dict[str, Any]:
    """The events of a calendar, by their identifiers."""
    raw = subscriptions.calendar(told(day)[page], page, Edition(day))
    found = list(icalendar.Calendar.from_ical(raw).walk("VEVENT"))
    by_uid = {str(one["uid"]): one for one in found}
    assert len(by_uid) == len(found)
    return by_uid


def read(event: Any) -> tuple[date, str, str, int]:
    return event.decoded("dtstart"), str(event["summary"]), str(event["status"]), int(event["sequence"])


def reciprocal(day: str) -> list[tuple[date, str, str, int]]:
    """Korea's reciprocal rates in its calendar, those from July 2025 on."""
    found = [read(event) for event in events(day, "partner-KOR").values()]
    return [one for one in found if one[0] >= date(2025, 7, 1) and "reciprocal to" in one[1]]


# The calendar


def test_an_order_that_is_replaced_cancels_its_event() -> None:
    (before,) = reciprocal("2025-06-30")
    assert before[0] == date(2025, 7, 9)
    assert before[2:] == ("CONFIRMED", 0)
    assert re.fullmatch(
        r"South Korea: reciprocal to 25% \(\+5\.\d points, \$4\d\.\d billion of imports\)", before[1]
    )
    uid = next(uid for uid, event in events("2025-06-30", "partner-KOR").items() if read(event) == before)
    after = events(JULY, "partner-KOR")[uid]
    assert read(after) == (date(2025, 7, 9), "South Korea: reciprocal to 25%", "CANCELLED", 1)
    assert after.decoded("dtstamp").date() == date(2025, 7, 7)
    assert [one[0] for one in reciprocal(JULY) if one[2] == "CONFIRMED"] == [date(2025, 8, 1)]


def test_a_threat_is_tentative_until_an_order_takes_its_place() -> None:
    status = {
        day: [one[2] for one in found(day, "threatened: reciprocal to 25%")] for day in (JULY, "2025-08-07")
    }
    assert status == {JULY: ["TENTATIVE"], "2025-08-07": ["CANCELLED"]}


def found(day: str, words: str) -> list[tuple[date, str, str, int]]:
    return [read(event) for event in events(day, "partner-KOR").values() if words in str(event["summary"])]


def test_what_one_order_schedules_for_many_is_one_event_in_the_calendar_of_all() -> None:
    (before,) = ends_of_the_pause("2025-06-30")
    due = rates.cliffs(known("2025-06-30"))
    n = ((due["layer"] == "reciprocal") & (due["effective"] == "2025-07-09")).sum()
    assert before[1].startswith(f"{n} partners: reciprocal to between 17% and 49% (up to +")
    assert [one[2] for one in ends_of_the_pause(JULY)] == ["CANCELLED"]


def ends_of_the_pause(day: str) -> list[tuple[date, str, str, int]]:
    in_all = [read(event) for event in events(day).values()]
    return [one for one in in_all if one[0] == date(2025, 7, 9) and "partners: reciprocal" in one[1]]


def test_a_calendar_holds_every_change_of_a_rate_that_lies_ahead() -> None:
    ds = known()
    for code in ("KOR", "CHN", "CAN"):
        due = {one["effective"].date() for one in records(rates.cliffs(ds, code))}
        ahead = {read(event)[0] for event in events(f"{ds.as_of:%Y-%m-%d}", f"partner-{code}").values()}
        assert due <= ahead


def test_an_event_keeps_its_identifier_when_its_day_is_corrected() -> None:
    ds = known(JULY)
    rows = talks.deadlines(ds)
    moved = rows.assign(day=rows["day"] + timedelta(days=1))
    before, after = (news.deadlines(ds, frame, "KOR") for frame in (rows, moved))
    assert [one.key for one in before] == [one.key for one in after]
    assert [one.day for one in before] != [one.day for one in after]


def test_a_deadline_keeps_its_identifier_when_the_key_of_its_row_is_corrected() -> None:
    ds = known("2025-08-12")
    rows = talks.deadlines(ds)
    term = rows[(rows["kind"] == "term ends") | (rows["table"] == "tariffs")]
    renamed = term.assign(key="new-" + term["key"])
    corrected = {
        entry_of(row): Correction("2026-12-19", {"key": row["key"].removeprefix("new-")})
        for row in records(renamed)
    }
    before = news.deadlines(ds, term, "KOR")
    assert {one.kind for one in before} >= {"term ends", "rate step"}
    assert [one.key for one in news.deadlines(ds, renamed, "KOR", corrected)] == [one.key for one in before]
    assert [one.key for one in news.deadlines(ds, renamed, "KOR")] != [one.key for one in before]


def test_a_term_that_is_prolonged_before_its_end_is_off() -> None:
    rows = talks.deadlines(known("2025-08-12"))
    ends = rows[(rows["partner"] == "CHN") & (rows["kind"] == "term ends")]
    assert "off" in set(ends.loc[ends["day"] == "2025-08-12", "state"])
    assert set(ends.loc[ends["day"] == "2025-11-10", "state"]) == {"standing"}


def test_the_calendar_is_written_as_the_standard_has_it() -> None:
    raw = subscriptions.calendar(told(JULY)[""], "", Edition(JULY, base_url="https://example.org/t/"))
    assert raw.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    lines = raw.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    read_back = icalendar.Calendar.from_ical(raw)
    assert not [error for one in read_back.walk() for error in one.errors]
    for event in read_back.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "DESCRIPTION", "STATUS", "SEQUENCE"} <= set(event)
        assert type(event.decoded("dtstart")) is date
        assert str(event["url"]).startswith("https://example.org/t/")
    assert raw == subscriptions.calendar(told(JULY)[""], "", Edition(JULY, base_url="https://example.org/t/"))


def read_by_hand(raw: bytes) -> list[dict[str, str]]:
    """The events of a calendar by the rules of RFC 5545 alone: lines joined, escapes undone."""
    found: list[dict[str, str]] = []
    for line in raw.replace(b"\r\n ", b"").decode("utf-8").split("\r\n"):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            plain = re.sub(r"\\(.)", lambda mark: "\n" if mark[1] in "nN" else mark[1], value)
            found[-1].setdefault(name.partition(";")[0], plain)
    return found


@pytest.mark.parametrize("page", ["", "partner-KOR"])
def test_a_calendar_read_without_a_library_has_every_deadline_as_it_is(page: str) -> None:
    names = ("DTSTART", "SUMMARY", "DESCRIPTION", "STATUS", "SEQUENCE", "CATEGORIES")
    read = read_by_hand(subscriptions.calendar(told(JULY)[page], page, Edition(JULY)))
    assert [tuple(event[name] for name in names) for event in read] == [
        (one.day.replace("-", ""), one.title, one.text, one.status, str(one.revision), one.kind)
        for one in told(JULY)[page].deadlines
    ]


def test_a_calendar_escapes_what_a_calendar_would_obey() -> None:
    one = subscriptions.Deadline(
        "k", JULY, "a,b;c\\n\nEND:VEVENT", "x\r\nSTATUS:CANCELLED", "CONFIRMED", 0, JULY, "a", "b"
    )
    raw = subscriptions.calendar(Subscription("T", deadlines=[one]), "", Edition(JULY))
    (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert b"\r\nSUMMARY:a\\,b\\;c\\\\n\\nEND:VEVENT\r\n" in raw
    assert str(event["status"]) == "CONFIRMED"


# The feeds


@pytest.mark.parametrize("page", ["", "partner-KOR"])
def test_both_feeds_tell_what_changed_newest_first(page: str) -> None:
    edition = Edition(JULY, base_url="https://example.org/t/")
    atom = feedparser.parse(subscriptions.atom(told(JULY)[page], page, edition, HERE))
    assert not atom.bozo
    listed = json.loads(subscriptions.json_feed(told(JULY)[page], page, edition))
    assert listed["version"] == "https://jsonfeed.org/version/1.1"
    changed = talks.changes(known(JULY), "2024-07-08")
    if page:
        changed = changed[changed["partner"].isin(["KOR", "ALL", "WLD"])]
    expected = [
        (f"{row['date']:%Y-%m-%d}T00:00:00Z", row["text"]) for row in records(changed.head(news.MOST_NEWS))
    ]
    assert [(one.updated, one.summary) for one in atom.entries] == expected
    assert [(one["date_published"], one["content_text"]) for one in listed["items"]] == expected
    assert [one.id for one in atom.entries] == [one["id"] for one in listed["items"]]
    assert len({one.id for one in atom.entries}) == len(expected) <= news.MOST_NEWS
    assert all(one.link.startswith("https://example.org/t/") for one in atom.entries)


def test_titles_tell_who_and_what() -> None:
    titles = [one.title for one in told(JULY)["partner-KOR"].news]
    letter = "Letter from President Trump to President Lee"
    assert f"South Korea, threat: reciprocal 25% from 1 August 2025 ({letter})" in titles
    assert len(set(titles)) > 0.9 * len(titles)
    assert max(map(len, titles)) <= 112


def test_a_feed_has_an_identifier_of_its_own_at_each_place() -> None:
    editions = (Edition(JULY), Edition(JULY, folder=JULY), Edition(JULY, base_url="https://example.org/t/"))
    ids = {
        (number, page, site): id_of(edition, page, site)
        for number, edition in enumerate(editions)
        for page in ("", "partner-KOR")
        for site in (HERE, HERE / "other")
    }
    assert len(set(ids.values())) == 10  # with an address, the folder does not matter
    assert id_of(Edition("2025-08-07"), "", HERE) == ids[0, "", HERE]


def id_of(edition: Edition, page: str, site: Path) -> str:
    return str(feedparser.parse(subscriptions.atom(Subscription(TITLE), page, edition, site)).feed.id)


def test_an_entry_keeps_its_identifier_and_moves_when_its_row_is_corrected() -> None:
    ds = known(JULY)
    rows = talks.changes(ds, "2025-06-30")
    corrected = rows.assign(date=ds.as_of, text=rows["text"] + " Corrected.")
    before, after = news.news(ds, rows), news.news(ds, corrected)
    assert [one.key for one in before] == [one.key for one in after]
    assert {one.day for one in after} == {JULY}


# Both


def test_pages_lead_readers_to_what_can_be_followed() -> None:
    links = subscriptions.discovery(told(JULY), "partner-KOR", "")
    kinds = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', links)
    assert kinds == [
        ("application/atom+xml", "feeds/partner-KOR.xml"),
        ("application/feed+json", "feeds/partner-KOR.json"),
        ("text/calendar", "feeds/partner-KOR.ics"),
        ("application/atom+xml", "feed.xml"),
        ("application/feed+json", "feed.json"),
        ("text/calendar", "deadlines.ics"),
    ]


@pytest.mark.parametrize("day", ["2025-01-21", "2025-04-25", "2025-11-10"])
def test_no_subscription_holds_what_was_announced_later(day: str, tmp_path: Path) -> None:
    subscriptions.write(tmp_path, Edition(day), told(day))
    assert len(list(tmp_path.rglob("*.*"))) == 3 * 21
    assert leaks(tmp_path, day) == []


@pytest.mark.parametrize(
    "line", ["DTSTART;VALUE=DATE:20250807", "SUMMARY:on 7 \r\n August 2025", "SUMMARY:90 FR 37963"]
)
def test_the_search_finds_hindsight_in_a_calendar(line: str, tmp_path: Path) -> None:
    (tmp_path / "deadlines.ics").write_bytes(f"BEGIN:VCALENDAR\r\n{line}\r\nEND:VCALENDAR\r\n".encode())
    assert leaks(tmp_path, "2025-04-25")
