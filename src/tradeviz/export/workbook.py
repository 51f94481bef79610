"""One Excel workbook: contents, a sheet for each frame, and the meaning of every column."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from tradeviz.export.contents import Sheet

HEADER_ROW = 5
"""Row of the column names on a sheet, counted from 0; title, source and day stand above it, the units of
the columns in the row before."""

_WIDEST, _NARROWEST = 60, 9


def workbook(sheets: Sequence[Sheet], as_of: str, about: str, written: datetime) -> bytes:
    """Write the sheets as a workbook for Excel.

    Numbers are numbers, days are days, texts are texts: no cell is a formula, whatever it begins with.

    Parameters
    ----------
    sheets : sequence of Sheet
        One sheet each, after the contents and before the codebook.
    as_of : str
        The day of knowledge, ISO.
    about : str
        Version and licence, for the contents.
    written : datetime
        The time that the workbook states as its own.

    Returns
    -------
    bytes
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": f"tradeviz as of {as_of}", "comments": about, "created": written})
    looks = {
        "bold": book.add_format({"bold": True}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        "link": book.add_format({"font_color": "#1f66a8", "underline": 1}),
        "number": book.add_format({"num_format": "#,##0.0##"}),
        "unit": book.add_format({"italic": True, "font_color": "#595959"}),
    }
    _contents(book, sheets, as_of, about, looks)
    for sheet in sheets:
        _frame(book, sheet, as_of, looks)
    _codebook(book, sheets, looks)
    book.close()
    return buffer.getvalue()


def _contents(book: Any, sheets: Sequence[Sheet], as_of: str, about: str, looks: dict[str, Any]) -> None:
    page = book.add_worksheet("contents")
    page.write_string(0, 0, f"United States tariff talks as of {as_of}", looks["bold"])
    page.write_string(1, 0, about)
    page.write_string(2, 0, "Not an official source. The sheet codebook says what each column means.")
    for column, (head, width) in enumerate(
        {"sheet": 32, "title": 70, "unit": 60, "source": 50, "as of": 12, "rows": 8}.items()
    ):
        page.set_column(column, column, width)
        page.write_string(4, column, head, looks["head"])
    for row, sheet in enumerate(sheets, start=5):
        page.write_url(row, 0, f"internal:'{sheet.name}'!A1", looks["link"], sheet.name)
        for column, words in enumerate((sheet.title, sheet.unit, sheet.source), start=1):
            page.write_string(row, column, words)
        page.write_datetime(row, 4, datetime.fromisoformat(as_of), looks["day"])
        page.write_number(row, 5, len(sheet.frame))
    page.freeze_panes(5, 1)


def _frame(book: Any, sheet: Sheet, as_of: str, looks: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.name)
    page.write_string(0, 0, sheet.title, looks["bold"])
    page.write_string(1, 0, sheet.unit)
    page.write_string(2, 0, f"Source: {sheet.source}")
    page.write_string(3, 0, f"As of {as_of}")
    page.write_url(3, 1, "internal:'contents'!A1", looks["link"], "contents")
    for column, (name, about) in enumerate(zip(sheet.frame.columns, sheet.columns, strict=True)):
        if about.unit:
            page.write_string(HEADER_ROW - 1, column, about.unit, looks["unit"])
        page.write_string(HEADER_ROW, column, str(name), looks["head"])
        _column(page, column, sheet.frame[name], looks)
        page.set_column(column, column, _width(str(name), sheet.frame[name]))
    page.freeze_panes(HEADER_ROW + 1, 1)
    if len(sheet.frame):
        page.autofilter(HEADER_ROW, 0, HEADER_ROW + len(sheet.frame), len(sheet.frame.columns) - 1)


def _column(page: Any, column: int, values: pd.Series, looks: dict[str, Any]) -> None:
    """Write the values of a column; a cell without a value is left empty."""
    kind = values.dtype.kind
    for row, value in enumerate(values.tolist(), start=HEADER_ROW + 1):
        if value is None or value is pd.NaT or value != value or value == "":  # a NaN differs from itself
            continue
        if kind == "M":
            page.write_datetime(row, column, value.to_pydatetime(), looks["day"])
        elif kind == "b":
            page.write_boolean(row, column, value)
        elif kind == "f":
            page.write_number(row, column, value, looks["number"])
        elif kind in "iu":
            page.write_number(row, column, value)
        else:
            page.write_string(row, column, str(value))


def _width(name: str, values: pd.Series) -> float:
    longest = 10 if values.dtype.kind == "M" else values.head(100).astype("str").str.len().max()
    return float(min(max(len(name) + 2, longest if longest == longest else 0, _NARROWEST), _WIDEST))


def _codebook(book: Any, sheets: Sequence[Sheet], looks: dict[str, Any]) -> None:
    page = book.add_worksheet("codebook")
    heads = {"sheet": 32, "column": 28, "title": 28, "description": 90, "unit": 30}
    for column, (head, width) in enumerate(heads.items()):
        page.set_column(column, column, width)
        page.write_string(0, column, head, looks["head"])
    rows = [
        (sheet.name, column.name, column.title, column.description, column.unit)
        for sheet in sheets
        for column in sheet.columns
    ]
    for row, cells in enumerate(rows, start=1):
        for column, words in enumerate(cells):
            page.write_string(row, column, words)
    page.freeze_panes(1, 0)
