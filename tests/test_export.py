"""What is taken away reads back as what was put in, says what it means, and tells nothing that came later."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from pandas.api.types import is_object_dtype

from known import known
from tests.oracle import search
from tradeviz import columns, export, rates, talks
from tradeviz.cli import app
from tradeviz.data import data_dir, notebooks_dir
from tradeviz.errors import TradevizError, UsageError
from tradeviz.export import Sheet, files
from tradeviz.export.workbook import HEADER_ROW

DAY = "2025-04-25"


@pytest.fixture(scope="module")
def sheets() -> list[Sheet]:
    """What is taken away, with the pages of three partners, which tell as much as twenty."""
    ds, names = known(DAY), [path.stem[3:] for path in notebooks_dir().glob("[0-9]*.ipynb")]
    pages = [*names, *(f"{name}-{code}" for name in names for code in ("KOR", "JPN", "CAN"))]
    shown = export.gather_exhibits(ds, notebooks_dir(), data_dir(), pages)
    return [*export.table_sheets(ds), *export.panel_sheets(ds), *export.exhibit_sheets(ds, shown)]


@pytest.fixture(scope="module")
def contents(sheets: list[Sheet]) -> dict[str, bytes]:
    return export.export_files(known(DAY), sheets, list(export.FORMATS))


def expected(sheet: Sheet) -> list[tuple[Any, ...]]:
    return files.rows_of(sheet.frame)


def read_workbook(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_every_table_and_every_exhibit_of_the_day_has_a_sheet(sheets: list[Sheet]) -> None:
    names = [sheet.name for sheet in sheets]
    assert len({name.lower() for name in names}) == len(names)
    assert {"meetings", "tariffs", "sources"} <= set(names)
    assert {"overview-board", "partner-staircase", "tariff-timeline-timeline", "evidence-gaps"} <= set(names)
    for sheet in sheets[: len(export.table_sheets(known(DAY)))]:
        whole = getattr(known(DAY), sheet.name)
        part = whole["source_id"].isin(sheet.frame["source_id"]) if sheet.name == "sources" else slice(None)
        pd.testing.assert_frame_equal(sheet.frame, whole[part].reset_index(drop=True), check_dtype=False)
    stairs = next(sheet for sheet in sheets if sheet.name == "partner-staircase")
    assert {"KOR", "JPN", "CAN"} <= set(stairs.frame["partner"])
    assert "South Korea" not in stairs.title
    for sheet in sheets:
        assert sheet.title
        assert sheet.source
        assert all(column.title and column.description for column in sheet.columns)
        assert all(kind.kind in "OMfib" and not is_object_dtype(kind) for kind in sheet.frame.dtypes), (
            sheet.name
        )


@pytest.mark.parametrize("measure", ["headline", "effective"])
@pytest.mark.parametrize("when", ["now", "then"])
def test_a_panel_has_a_row_for_each_partner_and_day(sheets: list[Sheet], measure: str, when: str) -> None:
    panel = next(sheet.frame for sheet in sheets if sheet.name == f"panel-{measure}-{when}")
    days = pd.date_range("2025-01-20", DAY)
    assert len(panel) == len(days) * len(known(DAY).names)
    wide = getattr(rates, f"{measure}_panel")(known(DAY), "2025-04-01", DAY, known=when)
    told = panel[(panel["partner"] == "KOR") & (panel["day"] >= "2025-04-01")]
    assert told[f"{measure}_pct"].tolist() == wide["KOR"].tolist()


def test_the_workbook_reads_back_as_the_frames(sheets: list[Sheet], contents: dict[str, bytes]) -> None:
    book = read_workbook(contents["tradeviz.xlsx"])
    assert book.sheetnames == ["contents", *(sheet.name for sheet in sheets), "codebook"]
    for sheet in sheets:
        rows = list(book[sheet.name].iter_rows(values_only=True))
        assert [rows[0][0], rows[2][0], rows[3][0]] == [
            sheet.title,
            f"Source: {sheet.source}",
            f"As of {DAY}",
        ]
        assert (rows[1][0] or "") == sheet.unit
        assert [cell or "" for cell in rows[HEADER_ROW - 1]] == [column.unit for column in sheet.columns]
        assert list(rows[HEADER_ROW]) == list(sheet.frame.columns)
        read = [tuple(_as_written(cell) for cell in row) for row in rows[HEADER_ROW + 1 :]]
        wanted = [tuple(_as_written(cell) for cell in row) for row in expected(sheet)]
        assert read == wanted, sheet.name
    listed = [row[0] for row in book["contents"].iter_rows(min_row=6, values_only=True)]
    assert listed == [sheet.name for sheet in sheets]
    described = [row[:2] for row in book["codebook"].iter_rows(min_row=2, values_only=True)]
    assert described == [(sheet.name, column.name) for sheet in sheets for column in sheet.columns]


def _as_written(cell: Any) -> Any:
    if isinstance(cell, float):
        return float(f"{cell:.13g}")  # Excel keeps 15 digits
    return f"{cell:%Y-%m-%d}" if hasattr(cell, "year") else None if cell == "" else cell


def test_no_cell_of_the_workbook_is_a_formula_whatever_it_begins_with() -> None:
    frame = pd.DataFrame({"name": ["=1+1", "+1", "-1", "@a", "https://example.org"], "n": [1.5, 2, 3, 4, 5]})
    sheet = Sheet("attack", "=title", "@unit", "+source", frame, tuple(map(columns.describe, frame.columns)))
    page = read_workbook(export.export_files(known(DAY), [sheet], ["xlsx"])["tradeviz.xlsx"])["attack"]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in page["A"][HEADER_ROW + 1 :]] == frame["name"].tolist()
    assert [cell.hyperlink.location for cell in cells if cell.hyperlink] == ["'contents'!A1"]


def test_the_database_reads_back_as_the_frames(
    sheets: list[Sheet], contents: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "t.sqlite").write_bytes(contents["tradeviz.sqlite"])
    base = sqlite3.connect(tmp_path / "t.sqlite")
    for sheet in sheets:
        assert base.execute(f'SELECT * FROM "{sheet.name}"').fetchall() == expected(sheet), sheet.name
    assert base.execute("SELECT count(*) FROM _contents").fetchone() == (len(sheets),)
    unit = base.execute("SELECT unit FROM _columns WHERE name = 'tariffs' AND column = 'rate_pct'").fetchone()
    assert unit == ("percent",)
    base.close()


def test_parquet_reads_back_as_the_frames(sheets: list[Sheet], contents: dict[str, bytes]) -> None:
    for sheet in sheets:
        table = pq.read_table(io.BytesIO(contents[f"parquet/{sheet.name}.parquet"]))
        pd.testing.assert_frame_equal(table.to_pandas(), sheet.frame, check_dtype=False)
        assert table.schema.metadata[b"title"].decode() == sheet.title
        first = sheet.columns[0]
        assert table.schema.field(first.name).metadata[b"description"].decode() == first.description


def test_stata_reads_back_as_the_frames_with_labels(sheets: list[Sheet], contents: dict[str, bytes]) -> None:
    for sheet in sheets:
        content = contents[f"stata/{sheet.name.replace('-', '_')}.dta"]
        with pd.read_stata(io.BytesIO(content), iterator=True) as reader:
            read, labels = reader.read(), reader.variable_labels()
        names = [files.stata_name(name) for name in sheet.frame.columns]
        assert list(read.columns) == names
        assert all(labels[name] for name in names)
        again = read.set_axis(sheet.frame.columns, axis=1)
        assert files.rows_of(again) == expected(sheet), sheet.name


def test_json_reads_back_as_the_frames(sheets: list[Sheet], contents: dict[str, bytes]) -> None:
    package = json.loads(contents["tradeviz.json"])
    assert package["as_of"] == DAY
    for sheet in sheets:
        table = package["tables"][sheet.name]
        assert [tuple(row.values()) for row in table["rows"]] == expected(sheet)
        assert [column["name"] for column in table["columns"]] == list(sheet.frame.columns)


def test_the_same_data_give_the_same_bytes_and_the_manifest_names_them(
    sheets: list[Sheet], contents: dict[str, bytes]
) -> None:
    again = export.export_files(known(DAY), sheets, list(export.FORMATS))
    assert again == contents
    manifest = json.loads(contents["MANIFEST.json"])
    assert manifest["data_hash"] == known(DAY).data_hash()
    assert manifest["as_of"] == DAY
    assert manifest["last_covered_day"] == DAY
    assert set(manifest["files"]) == set(contents) - {"MANIFEST.json"}
    assert manifest["files"]["tradeviz.json"]["bytes"] == len(contents["tradeviz.json"])


def written(folder: Path, contents: dict[str, bytes]) -> Path:
    for name, content in contents.items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_no_file_tells_what_was_announced_later(contents: dict[str, bytes], tmp_path: Path) -> None:
    assert search.leaks(written(tmp_path, contents), DAY) == []


@pytest.mark.parametrize("format", export.FORMATS)
def test_the_search_finds_what_is_planted_in_a_format(format: str, tmp_path: Path) -> None:  # noqa: A002
    frame = pd.DataFrame({"partner": ["KOR"], "layer": ["reciprocal"], "rate_pct": [15.0], "text": ["15%"]})
    rate = Sheet("rates", "Rates", "", "a test", frame, tuple(map(columns.describe, frame.columns)))
    day = replace(rate, name="days", frame=frame.assign(rate_pct=10.0, text="from 1 August 2025"))
    told = replace(rate, name="titles", title="Rates from 1 August 2025", frame=frame.assign(rate_pct=10.0))
    for sheet, what in ((rate, "rate: "), (day, "day: 2025-08-01"), (told, "day: 2025-08-01")):
        made = export.export_files(known(DAY), [sheet], [format])
        found = search.leaks(written(tmp_path, made), DAY)
        assert [one for one in found if what in one], sheet.name


def test_every_column_is_described_and_every_number_has_a_unit(sheets: list[Sheet]) -> None:
    without = {
        (sheet.name, column.name)
        for sheet in sheets
        for column in sheet.columns
        if column.description.lower() == column.title.lower()
        or (sheet.frame[column.name].dtype.kind in "fi" and not column.unit)
    }
    assert without <= {("trade_annual", "year")}


def test_columns_of_the_tables_keep_the_meaning_and_the_unit_of_their_model() -> None:
    assert columns.describe("rate_pct", "tariffs").unit == "percent"
    assert columns.describe("imports_usd_mn").unit.startswith("millions")
    assert columns.describe("change_pp").unit == "percentage points"
    assert columns.describe("something_new").description == "Something new"


def notebook(path: Path, *cells: str, **metadata: Any) -> None:
    code = [{"cell_type": "code", "metadata": {"tags": []}, "source": [cell]} for cell in cells]
    code[0]["metadata"]["tags"] = ["parameters"]
    path.write_text(json.dumps({"cells": code, "metadata": metadata}))


def test_a_notebook_that_fails_is_named(tmp_path: Path) -> None:
    notebook(tmp_path / "00-broken.ipynb", "1 / 0")
    with pytest.raises(TradevizError, match=r"00-broken\.ipynb: a cell fails"):
        export.gather_exhibits(known(DAY), tmp_path)
    told: list[str] = []
    assert export.gather_exhibits(known(DAY), tmp_path, left_out=told.append) == []
    assert told == ["00-broken.ipynb: a cell fails (ZeroDivisionError: division by zero)"]


SHOW = """
import tradeviz
from tradeviz import exhibits, tables, talks
ds = tradeviz.load(as_of)
frame = talks.meetings(ds, partner)
cited = exhibits.Citations(ds)
exhibits.table(
    tables.meetings, ds, frame, cited, name="met", title="Who?", frame=frame, empty="none", source="meetings"
)
"""


def test_notebooks_of_ones_own_give_their_exhibits(tmp_path: Path) -> None:
    notebook(tmp_path / "mine.ipynb", 'as_of = ""\npartner = "KOR"', SHOW)
    notebook(tmp_path / "not-a-page.ipynb", "1 / 0", tradeviz={"briefing": False})
    shown = export.gather_exhibits(known(DAY), tmp_path, pages={"mine-JPN", "mine-KOR"})
    assert [(one.page, one.shown.name) for one in shown] == [("mine-JPN", "met"), ("mine-KOR", "met")]
    (sheet,) = export.exhibit_sheets(known(DAY), shown)
    assert sheet.name == "mine-met"
    assert len(sheet.frame) == sum(len(talks.meetings(known(DAY), code)) for code in ("JPN", "KOR"))


def test_wrong_formats_and_missing_packages_are_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match='"xls" is unknown'):
        export.export_files(known(DAY), [], ["xls"])
    monkeypatch.setattr(files, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=re.escape('needs pyarrow: pip install "tradeviz[parquet]"')):
        export.export_files(known(DAY), [], ["parquet"])
    assert export.installed()[0] == ["sqlite", "dta", "json"]


def test_the_command_writes_the_files_and_refuses_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradeviz.export.all_sheets", lambda ds, *_: export.table_sheets(ds))
    ran = CliRunner().invoke(
        app, ["export", str(tmp_path / "new"), "--as-of", DAY, "--format", "json,sqlite"]
    )
    assert ran.exit_code == 0, ran.output
    assert {p.name for p in (tmp_path / "new").iterdir()} == {
        "MANIFEST.json",
        "tradeviz.json",
        "tradeviz.sqlite",
    }
    assert CliRunner().invoke(app, ["export", ""]).exit_code == 2
    assert CliRunner().invoke(app, ["export", str(tmp_path / "x"), "--format", "xls"]).exit_code == 2
    assert not (tmp_path / "x").exists()


def test_columns_without_a_value_and_texts_of_any_length_are_kept() -> None:
    frame = pd.DataFrame({"text": ["", "a" * 3000], "day": pd.to_datetime(["", "2025-04-25"]), "end": [1, 2]})
    sheet = Sheet("odd", "Odd", "", "a test", frame, tuple(columns.describe(name) for name in frame.columns))
    ds = replace(known(DAY))
    made = export.export_files(ds, [sheet], ["dta", "xlsx"])
    read = pd.read_stata(io.BytesIO(made["stata/odd.dta"]))
    assert read["text"].tolist() == ["", "a" * 3000]
    assert read.columns.tolist() == ["text", "day", "end_"]
    assert read_workbook(made["tradeviz.xlsx"])["odd"]["A8"].value == "a" * 3000
