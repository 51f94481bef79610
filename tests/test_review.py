"""Trade figures from the Census interface, and what a person accepts or refuses of a queue."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.replay import raw, replayed, shows
from tests.test_watch import DOCUMENTS, end_of_november, folder, register, rows_of, run
from tradeviz import data
from tradeviz.cli import app
from tradeviz.data import split_list

__all__ = ["end_of_november", "folder", "run"]  # fixtures

HEADER = [
    "CTY_CODE",
    "CTY_NAME",
    "SUMMARY_LVL",
    "CON_VAL_MO",
    "CAL_DUT_MO",
    "GEN_VAL_MO",
    "I_COMMODITY",
    "time",
]


def answer(folder: Path, month: str = "2026-08") -> list[list[Any]]:
    """What the Census would say of a month: that of July, 2% more, each EU member an equal part."""
    tables = data.load_tables(folder).frames
    july = tables["trade_monthly"][tables["trade_monthly"]["month"] == "2026-07-01"].set_index("partner")
    values = ["imports_for_consumption_usd_mn", "calculated_duties_usd_mn", "general_imports_usd_mn"]
    rows: list[list[Any]] = []
    for partner in tables["partners"].to_dict("records"):
        codes = split_list(partner["census_codes"])
        name = partner["name"].upper() if len(codes) == 1 else "MEMBER"
        for code in codes:
            own = [f"{july.at[partner['partner'], column] * 1.02e6 / len(codes):.0f}" for column in values]
            rows.append([code, name, "DET", *own, "-", month])
    partners = [sum(float(row[3 + i]) for row in rows) for i in range(3)]
    world = [july.at["WLD", column] * 1.02e6 for column in values[:2]]
    world.append(partners[2] * world[0] / partners[0])  # the record has no general imports of the world
    rest = [whole - part for whole, part in zip(world, partners, strict=True)]
    rows.append(["7880", "SINGAPORE AND OTHERS", "DET", *(f"{value:.0f}" for value in rest), "-", month])
    rows.append(["0003", "EUROPEAN UNION", "CGP", "1", "1", "1", "-", month])
    rows.append(["-", "TOTAL FOR ALL COUNTRIES", "DET", *(f"{value:.0f}" for value in world), "-", month])
    return [HEADER, *rows]


def changed(table: list[list[Any]], code: str, column: str, value: Any) -> list[list[Any]]:
    """The answer with another cell in the row of a country; without the row where the value is None."""
    at = HEADER.index(column)
    rows = [[*row[:at], value, *row[at + 1 :]] if row[0] == code else row for row in table]
    return [row for row in rows if row[0] != code or value is not None]


def poll(run: Callable[..., Result], given: Any, out: Path, *words: str) -> Result:
    with replayed(lambda *_: given if callable(given) else shows(given)) as (address, _):
        return run("watch", "census", "--address", address, "--out", out, "--attempts", "1", *words)


def test_a_month_of_trade_becomes_rows_ready_for_the_table(
    run: Callable[..., Result], folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "queue.csv"
    with replayed(lambda *_: shows(answer(folder))) as (address, asked):
        told = run("watch", "census", "--address", address, "--out", out, "--key", "abc")
    assert told.exit_code == 0, told.stderr
    assert told.stdout.endswith("trade figures for August 2026, released on 2026-10-06\n")
    path, query = asked[0]
    assert path == "/data/timeseries/intltrade/imports/hs"
    assert (query["time"], query["key"]) == (["2026-08"], ["abc"])
    rows = {row["partner"]: row for row in rows_of(out)}
    assert len(rows) == len(data.load_tables(folder).frames["partners"]) + 1
    trade = data.load_tables(folder).frames["trade_monthly"]
    last = trade[(trade["partner"] == "EUU") & (trade["month"] == "2026-07-01")].iloc[0]
    expected = last["imports_for_consumption_usd_mn"] * 1.02
    assert float(rows["EUU"]["imports_for_consumption_usd_mn"]) == pytest.approx(expected, abs=0.001)
    assert (rows["KOR"]["month"], rows["KOR"]["released"]) == ("2026-08", "2026-10-06")


def test_accepted_trade_figures_stand_in_the_table_with_their_source(
    run: Callable[..., Result], folder: Path, tmp_path: Path
) -> None:
    tables = Path(shutil.copytree(folder, tmp_path / "data"))
    out = tmp_path / "queue.csv"
    polled = poll(run, answer(folder), out)
    assert polled.exit_code == 0, polled.stderr
    told = run("accept", out, tables=tables)
    assert told.exit_code == 0, told.stderr
    read = data.load_tables(tables).frames
    month = read["trade_monthly"][read["trade_monthly"]["month"] == "2026-08-01"]
    assert len(month) == len(read["partners"]) + 1
    assert set(month["source_ids"]) == {"census-20261006-monthly-trade"} <= set(read["sources"]["source_id"])
    world = read["coverage"].set_index("table").loc["trade_monthly"]
    assert (f"{world['through']:%Y-%m-%d}", f"{world['look_again_by']:%Y-%m-%d}") == (
        "2026-10-06",
        "2026-12-08",
    )
    assert list(read["trade_monthly"]["partner"].unique())[-1] == "WLD"
    assert rows_of(out) == []
    again = CliRunner().invoke(app, ["watch", "census", "--data", str(tables)])
    assert again.stdout.startswith("nothing new: no month of trade figures is out")


BAD_FIGURES = [
    (lambda table: changed(table, "5800", "CTY_NAME", None), "countries add up to"),
    (
        lambda table: changed(changed(table, "5800", "CTY_CODE", "5799"), "x", "time", ""),
        "has no 5800 for South Korea",
    ),
    (lambda table: changed(table, "5800", "CTY_NAME", "KUWAIT"), "country 5800 is called 'KUWAIT'"),
    (lambda table: changed(table, "5800", "CON_VAL_MO", "lots"), "'lots' for SOUTH KOREA"),
    (lambda table: changed(table, "5800", "CON_VAL_MO", "-5"), "is no amount of dollars"),
    (lambda table: changed(table, "5800", "time", "2026-07"), "is for '2026-07', not 2026-08"),
    (
        lambda table: [[*row[:-2], row[-1]] for row in [table[0][:4] + table[0][5:], *table[1:]]],
        "lacks CAL_DUT_MO",
    ),
    (
        lambda table: [
            *table,
            *(row for row in changed(table, "5800", "CON_VAL_MO", "7") if row[0] == "5800"),
        ],
        "stands twice",
    ),
    (lambda table: [*table, ["5800"]], "has 1 cells, not 8"),
    (lambda table: changed(table, "-", "time", None), "no total of all countries"),
    (lambda table: [table[0]], "has no country for 2026-08"),
    (lambda table: {"error": "unknown variable"}, "lacks CTY_CODE"),
]


@pytest.mark.parametrize(("spoiled", "said"), BAD_FIGURES)
def test_figures_that_do_not_hold_are_refused_with_the_reason(
    run: Callable[..., Result], folder: Path, tmp_path: Path, spoiled: Callable[[Any], Any], said: str
) -> None:
    told = poll(run, spoiled(answer(folder)), tmp_path / "queue.csv")
    assert (told.exit_code, told.stdout) == (8, ""), told.stdout
    assert said in told.stderr
    assert not (tmp_path / "queue.csv").exists()


def test_a_country_that_stands_twice_with_the_same_values_counts_once(
    run: Callable[..., Result], folder: Path, tmp_path: Path
) -> None:
    table = answer(folder)
    assert poll(run, [*table, table[4]], tmp_path / "queue.csv").exit_code == 0


def test_a_jump_is_refused_until_somebody_has_looked_at_it(
    run: Callable[..., Result], folder: Path, tmp_path: Path
) -> None:
    table = answer(folder)
    swiss = next(row for row in table if row[0] == "4419")
    others = next(row for row in table if row[0] == "7880")
    moved = [float(cell) * 0.8 for cell in swiss[3:6]]
    table = [
        [
            *row[:3],
            *(f"{float(cell) + sign * gone:.0f}" for cell, gone in zip(row[3:6], moved, strict=True)),
            *row[6:],
        ]
        if (sign := {id(swiss): -1, id(others): 1}.get(id(row)))
        else row
        for row in table
    ]
    out = tmp_path / "queue.csv"
    told = poll(run, table, out)
    assert told.exit_code == 8
    assert "values jump against the month before: CHE imports_for_consumption_usd_mn" in told.stderr
    assert poll(run, table, out, "--jumps", "CHE").exit_code == 0


def test_a_month_that_is_not_out_yet_is_no_fault(run: Callable[..., Result], tmp_path: Path) -> None:
    told = poll(run, raw(204), tmp_path / "queue.csv")
    assert (told.exit_code, told.stderr) == (0, "")
    assert "August 2026, due on 2026-10-06, are not out yet" in told.stdout


@pytest.fixture
def queue(run: Callable[..., Result], tmp_path: Path) -> Path:
    out = tmp_path / "queue.csv"
    with replayed(register) as (address, _):
        assert run("watch", "federal-register", "--address", address, "--out", out).exit_code == 0
    return out


def test_an_accepted_document_becomes_a_source_and_never_a_fact(
    run: Callable[..., Result], folder: Path, queue: Path, tmp_path: Path
) -> None:
    tables = Path(shutil.copytree(folder, tmp_path / "data"))
    before = {path.name: path.read_bytes() for path in tables.glob("*.csv")}
    told = run("accept", queue, "2026-20002", tables=tables)
    assert (told.exit_code, told.stdout) == (0, f"changed {tables / 'sources.csv'}\n"), told.stderr
    after = {path.name: path.read_bytes() for path in tables.glob("*.csv")}
    assert {name for name in after if after[name] != before[name]} == {"sources.csv"}
    row = next(row for row in rows_of(tables / "sources.csv") if row["source_id"] == "fr-20261112-2026-20002")
    assert row["title"] == "Adjusting Imports of Copper Into the United States (91 FR 99002)"
    assert (row["kind"], row["published"]) == ("primary", "2026-11-12")
    assert "2026-20002" not in {row["key"] for row in rows_of(queue)}
    with replayed(lambda *_: shows({"count": 1, "results": [DOCUMENTS[1]]})) as (address, _):
        again = run(
            "watch", "federal-register", "--address", address, "--out", tmp_path / "b.csv", tables=tables
        )
    assert "one document seen, 1 on record" in again.stdout


def test_a_refused_document_is_not_offered_again(
    run: Callable[..., Result], folder: Path, queue: Path, tmp_path: Path
) -> None:
    tables = Path(shutil.copytree(folder, tmp_path / "data"))
    told = run("refuse", queue, "2026-20002", "--reason", "A hearing, no rate.", tables=tables)
    assert told.exit_code == 0, told.stderr
    assert rows_of(tables / "refused.csv")[-1] == {
        "feed": "federal-register",
        "key": "2026-20002",
        "refused_on": "2026-11-29",
        "reason": "A hearing, no rate.",
    }
    with replayed(lambda *_: shows({"count": 1, "results": [DOCUMENTS[1]]})) as (address, _):
        again = run(
            "watch", "federal-register", "--address", address, "--out", tmp_path / "b.csv", tables=tables
        )
    assert "1 turned down earlier" in again.stdout


def test_what_would_break_the_tables_is_taken_back(
    run: Callable[..., Result], folder: Path, queue: Path, tmp_path: Path
) -> None:
    tables = Path(shutil.copytree(folder, tmp_path / "data"))
    before = (tables / "sources.csv").read_bytes()
    text = queue.read_text(encoding="utf-8")
    queue.write_text(text.replace("primary", "gossip"), encoding="utf-8")
    told = run("accept", queue, "2026-20002", tables=tables)
    assert told.exit_code == 1
    assert "gossip" in told.stderr
    assert (tables / "sources.csv").read_bytes() == before
    assert "2026-20002" in {row["key"] for row in rows_of(queue)}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["accept", "absent.csv"], "there is no queue absent.csv"),
        (["accept", "QUEUE", "2099-1"], 'has no row with the key "2099-1"'),
        (["accept", "BLANK"], "fill in source_id, publisher and source_kind of"),
        (["accept", "OTHER"], "is no queue: its header is not one that"),
        (["refuse", "QUEUE", "2026-20002", "--reason", " "], "--reason is empty"),
    ],
)
def test_a_queue_that_is_none_or_not_filled_in_is_told_in_one_line(
    run: Callable[..., Result], queue: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    blank, other = tmp_path / "blank.csv", tmp_path / "other.csv"
    blank.write_text(queue.read_text(encoding="utf-8").replace(",primary", ","), encoding="utf-8")
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    places = {"QUEUE": str(queue), "BLANK": str(blank), "OTHER": str(other)}
    told = run(*[places.get(word, word) for word in words])
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert said in told.stderr
