"""What a scenario shows says so: head, charts, tables and data; one of no rows differs by the mark alone."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from known import known
from tradeviz import Dataset, exhibits, rates, tables
from tradeviz.exhibits import Exhibit

NO_ORDERS = pd.DataFrame(columns=["partner", "layer", "effective", "rate_pct"])
LINE = '<p class="tv-scenario">Scenario nothing: not the record</p>'


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    exhibits.mark(known("2025-04-25"))


def shown(ds: Dataset) -> list[Exhibit]:
    """One exhibit of each kind, as a notebook shows them."""
    exhibits.mark(ds)
    rows = rates.in_force(ds, partner="KOR")
    about = {"title": "Rates", "source": "tariffs", "empty": "None."}
    folded = exhibits.folded_tables(
        lambda ds, rows, _: tables.partner_cliffs(rates.at_stake(ds, rates.cliffs(ds, "KOR"))),
        ds, rates.cliffs(ds, "KOR"), by="layer", groups={"reciprocal": "Reciprocal"}, name="folded", **about,
    )  # fmt: skip
    table = exhibits.table(
        tables.rates_by_layer, ds, rates.in_force_at_stake(ds, partner="KOR"), name="now", frame=rows, **about
    )
    return [exhibits.staircase(ds, "KOR"), table, folded, exhibits.brief(ds, "KOR")]


def test_each_exhibit_of_a_scenario_and_its_data_say_so() -> None:
    for one in shown(known("2025-04-25").with_orders(NO_ORDERS, "nothing")):
        assert "Scenario nothing: not the record" in one.markup
        head, *rows = one.csv.splitlines()
        assert head.endswith(",page_scenario")
        assert rows
        assert all(row.endswith(",nothing") for row in rows)


def test_a_scenario_of_no_rows_differs_by_its_mark_alone() -> None:
    ds = known("2025-04-25")
    record, supposed = shown(ds), shown(ds.with_orders(NO_ORDERS, "nothing"))
    for one, other in zip(record[1:], supposed[1:], strict=True):  # a picture bears the mark within
        assert other.markup.replace(LINE, "").replace(" (scenario nothing: not the record)", "") == one.markup
    for one, other in zip(record, supposed, strict=True):
        unmarked = [line.rpartition(",")[0] for line in other.csv.splitlines()]
        assert unmarked == one.csv.splitlines()


def test_the_picture_bears_the_mark_itself() -> None:
    ds = known("2025-04-25")
    record, supposed = (shown(one)[0].markup for one in (ds, ds.with_orders(NO_ORDERS, "nothing")))
    pictures = [markup.partition("base64,")[2].partition('"')[0] for markup in (record, supposed)]
    assert pictures[0] != pictures[1]


def test_the_citation_names_the_scenario() -> None:
    ds = known("2025-04-25").with_orders(NO_ORDERS, "nothing")
    assert "Scenario nothing: not the record." in exhibits.closing(ds).markup
