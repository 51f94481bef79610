"""Values that were wrong once and were put right from the text of the act, so that they stay right."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.oracle.tables import rows

pytestmark = pytest.mark.living

CORRECTED = [*csv.DictReader(Path(__file__).with_name("corrected_cells.csv").read_text("utf-8").splitlines())]
"""One cell each: table, key (column=value, with & between), column, value, what shows it."""


@pytest.mark.parametrize(
    "cell", CORRECTED, ids=lambda cell: f"{cell['table']}-{cell['key']}-{cell['column']}"
)
def test_a_corrected_cell_stays_corrected(cell: dict[str, str]) -> None:
    key = dict(part.split("=", 1) for part in cell["key"].split("&"))
    found = {row[cell["column"]] for row in rows(cell["table"]) if key.items() <= row.items()}
    assert found == {cell["value"]}, f"shown by: {cell['shown_by']}"
