"""Polls of public interfaces: what becomes a queue, and what nobody may take for an answer."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.oracle.tables import LIVING
from tests.replay import Answer, Asked, cut_off, dripping, raw, replayed, shows
from tests.test_due import change
from tradeviz import data
from tradeviz.cli import app
from tradeviz.upkeep import topics
from tradeviz.vocabulary import LAYERS

HOSTILE = '=HYPERLINK("http://bad.example")\u202e <script>alert(1)</script>\n\tTariffs on steel of Korea  '


def document(number: str, title: str, **more: Any) -> dict[str, Any]:
    """A document as the Federal Register describes it."""
    return {
        "document_number": number,
        "title": title,
        "type": "Notice",
        "abstract": None,
        "publication_date": "2026-11-12",
        "html_url": f"https://www.federalregister.gov/documents/2026/11/12/{number}/a-notice",
        "citation": "91 FR 99001",
        "agencies": [{"raw_name": "OFFICE OF THE UNITED STATES TRADE REPRESENTATIVE", "id": 491}],
        **more,
    }


DOCUMENTS = [
    document("2026-20001", "Modification of Duties on Goods of the People's Republic of China  "),
    document("2026-20002", "Adjusting Imports of Copper Into the United States", citation="91 FR 99002"),
    document("2026-20003", "Notice of a Meeting on Migratory Birds", citation="91 FR 99003"),
    document(
        "2026-10571", "Implementing Certain Tariff-Related Elements of the Deal with Taiwan", citation=""
    ),
    document("2025-07835", "Addressing Certain Tariffs on Imported Articles", citation="90 FR 18907"),
    document("2026-20006", HOSTILE, html_url="javascript:alert(1)", citation="91 FR 99006"),
    {"document_number": ["2026-20007"], "title": "Tariffs"},
    {"title": "Tariffs on steel without a number"},
]
FILED = document(
    "2026-20010", "Tariffs on Goods of Brazil", filed_at="2026-11-27T08:45:00.000-05:00", citation=None
)
NOTHING = {"description": "Documents published", "count": 0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables with trade figures to July 2026, those of August due; only to be read."""
    tables = Path(shutil.copytree(LIVING, tmp_path_factory.mktemp("watch") / "data"))
    change(tables, "coverage", look_again_by="2026-12-24")
    path = tables / "trade_monthly.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(
        "".join(lines[:1] + [line for line in lines[1:] if line[4:11] <= "2026-07"]), encoding="utf-8"
    )
    calendar = [
        "month,due,confidence,source_ids",
        "2026-08,2026-10-06,confirmed,bea-schedule",
        "2026-09,2026-12-08,unconfirmed,bea-schedule",
    ]
    (tables / "releases.csv").write_text("\n".join([*calendar, ""]), encoding="utf-8")
    return tables


@pytest.fixture(autouse=True)
def end_of_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795953600")  # 29 November 2026
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def run(folder: Path, tmp_path: Path) -> Callable[..., Result]:
    def command(*words: object, tables: Path = folder) -> Result:
        return CliRunner().invoke(app, [*map(str, words), "--data", str(tables)])

    return command


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def register(path: str, asked: Asked, _: int) -> Answer:
    """Two pages of presidential documents, no notices, one document filed."""
    if path.endswith("current.json"):
        return shows({"count": 1, "results": [FILED]})
    if "conditions[agencies][]" in asked:
        return shows(NOTHING)
    page = int(asked["page"][0])
    part = DOCUMENTS[:4] if page == 1 else [*DOCUMENTS[3:], DOCUMENTS[0]]
    return shows({"count": 8, "total_pages": 2, "results": part})


def test_documents_become_a_queue_of_what_the_record_lacks(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    out = tmp_path / "queue.csv"
    with replayed(register) as (address, asked):
        told = run("watch", "federal-register", "--address", address, "--out", out, "--since", "2026-10-08")
    assert told.exit_code == 0, told.stderr
    assert [path for path, _ in asked] == ["/documents.json"] * 3 + [
        "/public-inspection-documents/current.json"
    ]
    assert asked[0][1]["conditions[publication_date][gte]"] == ["2026-10-08"]
    assert "seven documents seen, 1 on record, 1 turned down earlier, 1 about something else" in told.stdout
    queue = {row["key"]: row for row in rows_of(out)}
    assert list(queue) == ["2026-20001", "2026-20002", "2026-20006", "2026-20010"]
    assert queue["2026-20001"]["partners"] == "CHN"
    assert queue["2026-20001"]["title"].endswith("Republic of China")
    assert queue["2026-20002"]["layers"] == "s232_copper"
    assert (queue["2026-20010"]["filed"], queue["2026-20010"]["partners"]) == ("2026-11-27", "BRA")


def test_hostile_text_is_made_harmless(run: Callable[..., Result], tmp_path: Path) -> None:
    out = tmp_path / "queue.csv"
    with replayed(register) as (address, _):
        run("watch", "federal-register", "--address", address, "--out", out)
    row = next(row for row in rows_of(out) if row["key"] == "2026-20006")
    assert row["title"].startswith("HYPERLINK(")
    assert row["title"].isprintable()
    assert row["url"] == "https://www.federalregister.gov/d/2026-20006"
    assert (row["partners"], row["layers"]) == ("KOR", "s232_steel_aluminum")


def test_a_second_poll_keeps_what_a_person_filled_in(run: Callable[..., Result], tmp_path: Path) -> None:
    out = tmp_path / "queue.csv"
    with replayed(register) as (address, _):
        run("watch", "federal-register", "--address", address, "--out", out)
        text = out.read_text(encoding="utf-8")
        out.write_text(text.replace("fr-20261112-2026-20001", "fr-20261112-chn-duties"), encoding="utf-8")
        told = run("watch", "federal-register", "--address", address, "--out", out)
    assert told.stdout.startswith("no new rows in ")
    assert rows_of(out)[0]["source_id"] == "fr-20261112-chn-duties"


def test_nothing_new_writes_no_queue(run: Callable[..., Result], tmp_path: Path) -> None:
    out = tmp_path / "queue.csv"
    empty = lambda path, *_: shows({"count": 0, "results": []} if path.endswith("current.json") else NOTHING)  # noqa: E731
    with replayed(empty) as (address, _):
        told = run("watch", "federal-register", "--address", address, "--out", out)
    assert (told.exit_code, told.stdout[:12]) == (0, "nothing new:")
    assert not out.exists()


def test_a_stored_answer_needs_no_network(run: Callable[..., Result], tmp_path: Path) -> None:
    stored = tmp_path / "answer.json"
    stored.write_text(json.dumps({"count": 1, "results": [DOCUMENTS[1]]}), encoding="utf-8")
    told = run("watch", "federal-register", "--from", stored, "--out", tmp_path / "queue.csv")
    assert (told.exit_code, told.stderr) == (0, "")
    assert [row["key"] for row in rows_of(tmp_path / "queue.csv")] == ["2026-20002"]
    absent = run("watch", "hts", "--from", tmp_path / "absent.json")
    assert (absent.exit_code, absent.stderr.count("\n")) == (2, 1)
    assert "absent.json cannot be read" in absent.stderr


BAD_ANSWERS = [
    (raw(503), 7, "in 2 attempts (status 503)"),
    (raw(302, Location="https://elsewhere.example/missing_key.html"), 7, "it may want a key (--key)"),
    (raw(404), 7, "answers with status 404; has the interface moved?"),
    (cut_off(DOCUMENTS), 7, "in 2 attempts (RemoteProtocolError"),
    (dripping(3), 7, "in 2 attempts (ReadTimeout: not whole after 0.4 s)"),
    (raw(200, b"<html>maintenance</html>"), 8, "is no JSON, or was cut off; it begins '<html>maintenance"),
    (raw(200, b'{"results": [NaN]}'), 8, "is no JSON"),
    (raw(200, b"[" * 100_000), 8, "is no JSON"),
    (shows({"documents": []}), 8, "has no results; has the interface changed?"),
    (
        shows({"count": 2, "results": [{"id": 1}, {"id": 2}]}),
        8,
        "no document has a document_number and a title",
    ),
    (
        shows({"count": 1, "total_pages": 5000, "results": [DOCUMENTS[0]]}),
        8,
        "names 5000 pages; ask for less",
    ),
    (shows({"count": 1, "total_pages": "many", "results": [DOCUMENTS[0]]}), 8, "names 'many' pages"),
]


@pytest.mark.parametrize(("answer", "code", "said"), BAD_ANSWERS)
def test_what_is_no_answer_is_told_in_one_line_and_leaves_the_queue_alone(
    run: Callable[..., Result], tmp_path: Path, answer: Answer, code: int, said: str
) -> None:
    out = tmp_path / "queue.csv"
    patience = ["--timeout", "0.4", "--attempts", "2", "--pause", "0"]
    with replayed(lambda *_: answer) as (address, _):
        told = run("watch", "federal-register", "--address", address, "--out", out, *patience)
    assert (told.exit_code, told.stdout) == (code, "")
    assert told.stderr.startswith("tradeviz: ")
    assert told.stderr.count("\n") == 1
    assert said in told.stderr
    assert not out.exists()


def test_a_passing_fault_is_asked_again(run: Callable[..., Result], tmp_path: Path) -> None:
    answers: Iterator[Answer] = iter([raw(503), raw(429)])
    with replayed(lambda *asked: next(answers, register(*asked))) as (address, asked):
        told = run(
            "watch", "federal-register", "--address", address, "--out", tmp_path / "queue.csv", "--pause", "0"
        )
    assert told.exit_code == 0
    assert len(asked) == 6


def test_a_machine_without_network_is_told_so(run: Callable[..., Result]) -> None:
    told = run("watch", "hts", "--address", "http://127.0.0.1:9", "--attempts", "1")
    assert told.exit_code == 7
    assert "is this machine offline? Try again later, or give a stored answer with --from" in told.stderr
    wrong = run("watch", "hts", "--address", "nowhere", "--attempts", "1")
    assert wrong.exit_code in (2, 7)
    assert wrong.stderr.count("\n") == 1
    assert run("watch", "weather").stderr.startswith('tradeviz: "weather" is no feed')


def revision(number: int, day: str) -> dict[str, Any]:
    return {
        "name": f"2026HTSRev{number}",
        "description": f"2026 HTS Revision {number}",
        "date": day,
        "status": "current",
        "releaseStartDate": day,
        "releaseEndDate": None,
    }


def test_revisions_after_the_newest_one_cited_are_queued(run: Callable[..., Result], tmp_path: Path) -> None:
    out = tmp_path / "queue.csv"
    listed = [
        revision(23, "11/20/2026"),
        revision(22, "11/02/2026"),
        revision(21, "10/07/2026"),
        revision(20, "09/20/2026"),
    ]
    with replayed(lambda *_: shows([*listed, listed[0], {"name": "2026HTSRev24", "date": "soon"}])) as (
        address,
        _,
    ):
        assert run("watch", "hts", "--address", address, "--out", out).exit_code == 0
    assert [row["key"] for row in rows_of(out)] == ["2026HTSRev22", "2026HTSRev23"]
    assert rows_of(out)[0]["source_id"] == "usitc-20261102-2026htsrev22"
    for answer in ([], {}, [{"name": 1}]):
        with replayed(lambda *_, answer=answer: shows(answer)) as (address, _):
            assert run("watch", "hts", "--address", address, "--out", tmp_path / "none.csv").exit_code == 8


def test_every_layer_has_words_and_every_partner_a_name() -> None:
    assert set(topics._LAYER_WORDS) == set(LAYERS)
    partners = data.load_tables(LIVING).frames["partners"]
    patterns = topics.partner_words(partners)
    for code, name in zip(partners["partner"], partners["name"], strict=True):
        assert code in topics.partners_in(f"Tariffs on goods of {name}.", patterns)
    assert topics.partners_in("Duties on Korean cars and on those of Indiana", patterns) == ["KOR"]
