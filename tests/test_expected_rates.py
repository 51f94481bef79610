"""Statutory rates against tests/expected_rates.csv, typed from the orders themselves by hand.

Whoever typed it read the documents, not the tables: a slip there and one in data/ are unlikely to
agree. Partner, layer, product, day, rate, basis, and the document with its citation.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from known import known
from tests.freeze import FROZEN_DAY
from tradeviz import rates

TABLE = Path(__file__).with_name("expected_rates.csv")
DAYS = [
    "2025-04-05",  # 10% for all
    "2025-04-09",  # the annex, for a day
    "2025-04-10",  # the pause, and China at 125%
    "2025-05-14",  # Geneva
    "2025-08-07",  # the new annex
    "2025-11-10",  # after Busan
    "2025-12-20",  # notices for Korea and Switzerland
    "2026-02-20",  # the last days of IEEPA
    "2026-02-24",  # Section 122
    "2026-07-24",  # Section 301
]
LAYERS = {"reciprocal", "fentanyl", "country_special", "s122", "s301"}
EXTRA_DAYS = ["2026-08-21", "2026-08-22"]
"""Around the first day of the Section 338 duties; the table has only these for them."""

Key = tuple[str, str, str]


@cache
def typed() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(on: str) -> dict[Key, tuple[float, str]]:
    return {
        (row["partner"], row["layer"], row["product"]): (float(row["rate_pct"]), row["basis"])
        for row in typed()
        if row["on"] == on
    }


@cache
def statutory(on: str, tables: str) -> dict[Key, tuple[float, str]]:
    """The library's rates on a day, of the frozen or the living tables, as known when they were frozen."""
    frame = rates.in_force(known(FROZEN_DAY), on=on)
    return {
        (row.partner, row.layer, row.product): (row.rate_pct, row.basis)
        for row in frame.itertuples()
        if row.layer in LAYERS
    }


@pytest.mark.parametrize("tables", ["frozen", pytest.param("living", marks=pytest.mark.living)])
@pytest.mark.parametrize("on", [*DAYS, *EXTRA_DAYS])
def test_the_rates_are_those_of_the_orders(on: str, tables: str) -> None:
    found = statutory(on, tables)
    assert {key: found.get(key) for key in expected(on)} == expected(on)


@pytest.mark.parametrize("on", DAYS)
def test_no_rate_stands_without_an_order(on: str) -> None:
    charged = {key for key, (rate, _) in statutory(on, "frozen").items() if rate > 0}
    assert charged <= set(expected(on))


def test_every_partner_is_in_the_table_on_every_day() -> None:
    for on in DAYS:
        of_the_18 = {partner for partner, layer, _ in expected(on) if layer == "reciprocal"}
        assert of_the_18 == set(known().reciprocal)


def test_each_row_is_typed_once_in_order_and_cites_the_federal_register() -> None:
    keys = [(row["partner"], row["layer"], row["product"], row["on"]) for row in typed()]
    assert keys == sorted(set(keys))
    for row in typed():
        volume, page = re.fullmatch(r"(\d+) FR (\d{4,5})", row["citation"]).groups()  # type: ignore[union-attr]
        assert volume in ("90", "91")
        assert 1 < int(page) < 70_000
        assert len(row["document"]) > 12
        assert (volume == "91") <= (row["on"] > "2026")


def test_each_citation_is_that_of_an_order_on_the_same_layer_in_the_tables() -> None:
    orders = known().tariffs[known().tariffs["force"] == "order"]
    cited: dict[Key, set[str]] = {}
    for row in orders.itertuples():
        cited.setdefault((row.partner, row.layer, row.product), set()).update(row.fr_citation.split(";"))
    missing = {
        (row["partner"], row["layer"], row["citation"])
        for row in typed()
        if row["citation"] not in cited[row["partner"], row["layer"], row["product"]]
    }
    assert not missing
