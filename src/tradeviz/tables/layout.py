"""The one look of all tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
from great_tables import GT

Cite = Callable[[str], str]
"""Turns `;`-separated identifiers of sources into links to them, as `exhibits.Citations` does."""

_SOURCES = "Sources"
_FIGURES = re.compile(r"[0-9 -/:−]*")
"""Cells of figures, aligned right here: Great Tables takes those with a true minus sign for text."""


def great_table(rows: Iterable[dict[str, str]]) -> GT:
    """Make a table from rows of text; the keys of the rows are its column labels."""
    frame = pd.DataFrame(rows, dtype="object")  # Great Tables writes cell by cell, slow in columns of text
    gt = GT(frame)
    figures = [name for name in frame if all(_FIGURES.fullmatch(str(cell)) for cell in frame[name])]
    if figures:
        gt = gt.cols_align("right", columns=figures)
    if _SOURCES in frame:
        gt = gt.fmt_passthrough(columns=_SOURCES, escape=False)
    return gt.tab_options(table_width="100%", table_font_size="0.9em", data_row_padding="0.35em")


def cited(row: dict[str, Any], cite: Cite | None) -> dict[str, str]:
    """The last cell of a row that says what the row rests on; nothing where nobody cites."""
    if cite is None:
        return {}
    named = [row["source_ids"], row.get("status_source_ids", "")]
    return {_SOURCES: cite(";".join(filter(None, named)))}
