"""A sample of `make soak ARGS=bad-data`, and that its judge can tell; each rule that it led to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from soak import bad_data, oracle
from soak.bad_cells import NO_ADDRESSES
from soak.mutations import FEWER, Mutation
from tests.oracle.tables import FROZEN as DATA
from tradeviz import data
from tradeviz.cli import app
from tradeviz.data import cells, load_tables
from tradeviz.data.validation import read_one

SEED, MUTATIONS, SHARES = 20250402, 96, 2


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> oracle.Bench:
    return bad_data.workbench(tmp_path_factory.mktemp("bench"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real tables, to be broken."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def replace(folder: Path, table: str, old: str, new: str) -> None:
    """Replace the first place of a text in a table."""
    path = folder / f"{table}.csv"
    content = path.read_bytes()
    assert old.encode() in content
    path.write_bytes(content.replace(old.encode(), new.encode(), 1))


def errors(folder: Path) -> list[str]:
    return [str(problem) for problem in data.check(folder) if problem.severity == "error"]


def errors_within(scratch: Path, table: str, old: str, new: str) -> list[str]:
    """What is wrong within a table, read alone, once the first place of a text is replaced."""
    shutil.copy(DATA / f"{table}.csv", scratch)
    replace(scratch, table, old, new)
    return [str(problem) for problem in read_one(scratch, table)[1]]


@pytest.mark.parametrize("share", range(SHARES))
def test_a_mutation_is_read_as_equivalent_or_stopped_with_its_place(bench: oracle.Bench, share: int) -> None:
    for number in range(share, MUTATIONS, SHARES):
        trial = bench.tried(SEED, number, commands=number % 60 == 7, processes=number == 67)
        again = f'make soak ARGS="bad-data --seed {SEED} --only {number}"'
        assert not trial.faults, f"{trial.kind} in {trial.table}: {trial.faults}; {trial.said[:3]}; {again}"


def test_every_kind_of_mutation_is_in_the_sample() -> None:
    assert len(oracle.KINDS) < MUTATIONS


def judged(bench: oracle.Bench, mutation: Mutation) -> oracle.Trial:
    """Try a mutation of our own in place of a drawn one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(oracle, "made", lambda *_: mutation)
        return bench.tried(0, 0, commands=False, processes=False)


def test_the_judge_lets_the_real_tables_pass(bench: oracle.Bench) -> None:
    raw = (DATA / "issues.csv").read_bytes()
    assert judged(bench, Mutation("none", "issues", raw)).outcome == oracle.EQUIVALENT


def test_the_judge_sees_a_silent_change_of_meaning(bench: oracle.Bench) -> None:
    raw = (DATA / "trade_annual.csv").read_bytes().replace(b"2024", b"2023", 1)
    trial = judged(bench, Mutation("damage", "trade_annual", raw))
    assert trial.outcome == oracle.CHANGED
    assert "read as something else" in trial.faults[0]


def test_the_judge_sees_a_change_beyond_what_was_meant(bench: oracle.Bench) -> None:
    lines = (DATA / "issues.csv").read_bytes().splitlines(keepends=True)
    assert not judged(bench, Mutation("shorter", "issues", b"".join(lines[:-1]), FEWER)).faults
    turned = b"".join([lines[0], *reversed(lines[1:])])
    assert judged(bench, Mutation("turned", "issues", turned, FEWER)).faults


def test_the_judge_sees_an_error_that_leads_elsewhere(bench: oracle.Bench) -> None:
    lines = (DATA / "issues.csv").read_bytes().splitlines(keepends=True)
    raw = b"".join([*lines[:9], lines[9].replace(b"2025", b"1025", 1), *lines[10:]])
    assert judged(bench, Mutation("wrong day", "issues", raw, line=10, column="date")).faults == ()
    assert judged(bench, Mutation("wrong day", "issues", raw, line=11, column="date")).faults


def test_the_judge_sees_a_traceback(bench: oracle.Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle, "problems_across", lambda _: 1 / 0)
    assert bench.tried(1, 1, False, False).outcome == oracle.RAISED


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_a_link_that_is_no_plain_web_address_is_refused(tmp_path: Path, address: str) -> None:
    written = address.replace('"', '""')
    first = (DATA / "sources.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[-3]
    said = errors_within(tmp_path, "sources", first, f'"{written}"')
    assert any(line.startswith("sources.csv:2 url: ") for line in said), said


@pytest.mark.parametrize("address", ["https://example.org/a?b=c&d=%C3%A9#e", "http://example.org:8080/"])
def test_a_plain_web_address_is_taken(address: str) -> None:
    assert cells.url_flaw(address) == ""


ALIKE = {
    "invisible": ("Ko\u200brea", "cannot be seen (U+200B"),
    "turned": ("\u202eaeroK", "cannot be seen (U+202E"),
    "filler": ("Korea\u3164", "cannot be seen (U+3164"),
    "hard space": ("South\u00a0Korea", "cannot be seen (U+00A0"),
    "space": (" Korea", "a space too many"),
    "spaces": ("South  Korea", "a space too many"),
    "look-alike": ("K\u043erea", "Cyrillic letters"),
    "wide": ("Ｋorea", "Fullwidth letters"),
    "loose accent": ("Kore\u0301a", "loose accents"),
    "encoding": ("KorÃ©a", "wrong encoding"),
    "lost": ("Kor\ufffda", "lost character"),
    "long": ("Korea" * 20, "100 characters; 60 are allowed"),
}


@pytest.mark.parametrize(("name", "said"), ALIKE.values(), ids=ALIKE)
def test_what_looks_the_same_but_is_not_is_named(tmp_path: Path, name: str, said: str) -> None:
    found = errors_within(tmp_path, "partners", "KOR,South Korea", f"KOR,{name}")
    assert any("name: " in text and said in text for text in found), found


@pytest.mark.parametrize("name", ["Côte d’Ivoire", "日本", "Ελλάδα", "Česko", "São Tomé – e Príncipe"])
def test_names_in_any_script_are_taken(tmp_path: Path, name: str) -> None:
    assert errors_within(tmp_path, "partners", "KOR,South Korea", f"KOR,{name}") == []


WRONG: dict[str, tuple[str, str, str, str]] = {
    "year 1": ("issues", ",2025-", ",0001-", "lies outside the years 1900 to 2100"),
    "other digits": ("issues", ",2025-", ",٢٠٢٥-", "is not a date"),
    "bare quote": ("issues", "tariffs", 'tar"iffs', "has a quote in a cell without quotes"),
    "empty line": ("issues", "\n", "\n\n", "is an empty line"),
    "semicolons": (
        "coverage",
        "table,partner,through",
        "table;partner;through",
        "is separated by semicolons",
    ),
}


@pytest.mark.parametrize(("table", "old", "new", "said"), WRONG.values(), ids=WRONG)
def test_a_flaw_that_was_read_before_is_named(
    tmp_path: Path, table: str, old: str, new: str, said: str
) -> None:
    found = errors_within(tmp_path, table, old, new)
    assert any(text.startswith(f"{table}.csv:") and said in text for text in found), found


def test_the_name_of_a_meeting_tells_its_day(folder: Path) -> None:
    replace(folder, "meetings", "m1,", "m1x,")
    assert any(text.startswith("meetings.csv:") and "-m and a number" in text for text in errors(folder))


def test_imports_and_exports_cannot_be_exchanged_unseen(folder: Path) -> None:
    path = folder / "trade_annual.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    assert header.startswith("partner,year,us_goods_imports_usd_bn,us_goods_exports_usd_bn")
    split = [row.split(",", 4) for row in rows]
    turned = [",".join([partner, year, sold, bought, rest]) for partner, year, bought, sold, rest in split]
    path.write_text("\n".join([header, *turned, ""]), encoding="utf-8")
    assert sum("is far from its months" in text for text in errors(folder)) > len(rows) / 2


def test_a_file_that_was_cut_off_is_named(folder: Path) -> None:
    path = folder / "trade_annual.csv"
    path.write_bytes(path.read_bytes()[:-1])
    assert errors(folder) == [
        "trade_annual.csv:41 has no end: is the file whole? If it is, end its last line"
    ]


def test_a_wrong_header_is_told_once(folder: Path) -> None:
    path = folder / "coverage.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("\n", ",x\n"), encoding="utf-8")
    (found,) = errors(folder)
    assert "x: is no column of this table" in found


def test_zero_has_no_sign(folder: Path) -> None:
    replace(folder, "tariffs", ",0,", ",-0,")
    assert load_tables(folder).frames["tariffs"].equals(load_tables(DATA).frames["tariffs"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("command", ["check", "build"])
def test_a_pipe_in_place_of_a_file_does_not_stop_the_work(folder: Path, command: str) -> None:
    (folder / "partners.csv").unlink()
    os.mkfifo(folder / "partners.csv")
    words = ["--out", str(folder.parent / "site"), "--partners", "KOR"] if command == "build" else []
    result = CliRunner().invoke(app, [command, "--data", str(folder), *words])
    assert result.exit_code == 1
    assert "partners.csv is no file" in result.output


FORMULAS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x", "a;=1+1", '"=1+1"', "'=1+1"]


def test_what_a_spreadsheet_would_run_is_a_warning_and_stays_as_it_is(folder: Path) -> None:
    for city in FORMULAS:
        quoted = city.replace('"', '""')
        replace(folder, "meetings", ",Washington,", f',"{quoted}",')
    warned = [problem for problem in data.check(folder) if "as a formula" in problem.message]
    assert [problem.column for problem in warned] == ["city"] * len(FORMULAS)
    assert set(FORMULAS) <= set(load_tables(folder).frames["meetings"]["city"])
