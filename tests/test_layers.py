"""Layers: every list follows from the records, and USMCA relieves a layer, never a partner."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from known import known
from tradeviz import rates, tables
from tradeviz.vocabulary import LAYERS, duty_name

ADDED = """
import json, dataclasses
from tradeviz import layers
new = layers.Layer("s338", "Section 338", "Section 338, Tariff Act of 1930", in_headline=True)
listed = layers.Layer("s232_robots", "Section 232 robots", "Section 232", layers.SECTOR, may_be_all_in=True)
layers.RECORDS = (*layers.RECORDS[:5], new, listed, *layers.RECORDS[5:])
import tradeviz
from tradeviz import charts, rates, tables
ds = tradeviz.load("2025-08-07")
def order(layer, code, rate):
    row = ds.tariffs[(ds.tariffs["layer"] == "reciprocal") & (ds.tariffs["force"] == "order")].iloc[[-1]]
    return row.assign(order_id=f"{layer}-1", partner=code, layer=layer, product="", rate_pct=rate,
                      effective=ds.as_of, announced=ds.as_of, basis="additional")
import pandas as pd
orders = [order("s338", "KOR", 7.0), order("s232_robots", "ALL", 33.0)]
more = pd.concat([ds.tariffs, *orders], ignore_index=True)
before = rates.headline(ds).set_index("partner")["headline_pct"]
ds = dataclasses.replace(ds, tariffs=more)
after = rates.headline(ds).set_index("partner")["headline_pct"]
calendar = rates.sector_calendar(ds)
now = rates.in_force(ds, partner="KOR")
print(json.dumps({
    "headline": float(after["KOR"] - before["KOR"]),
    "timeline": "s338" in set(rates.timeline(ds)["layer"]),
    "sectors": charts.sectors_text(calendar, ds.names, ds.as_of),
    "table": tables.rates_by_layer(ds, rates.in_force_at_stake(ds, partner="KOR")).as_raw_html(),
    "whole": tables.whole_economy(ds, now, "KOR"),
}))
"""


def test_a_layer_that_is_added_is_in_every_list_that_should_have_it() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", ADDED], capture_output=True, text=True, check=False, env=os.environ
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["headline"] == 7
    assert told["timeline"]
    assert "Robots: 33%" in told["sectors"]
    assert "Section 338" in told["table"]
    assert "Section 232 robots" in told["table"]
    assert "7% Section 338" in told["whole"]


def words(day: str, partner: str) -> dict[tuple[str, str], str]:
    ds = known(day)
    rows = rates.in_force(ds, partner=partner)
    return dict(
        zip(zip(rows["layer"], rows["product"], strict=True), rates.usmca_words(ds, rows), strict=True)
    )


def test_usmca_relieves_some_layers_of_canada_in_whole_some_in_part_and_metals_never() -> None:
    canada = words("2026-09-30", "CAN")
    assert canada["s301", "forced labor"] == "goods under USMCA exempt"
    assert canada["s232_autos", ""] == "under USMCA on non-U.S. content"
    assert {word for (layer, _), word in canada.items() if layer == "s232_steel_aluminum"} == {""}
    assert {word for (layer, _), word in canada.items() if layer == "s232_lumber_furniture"} == {""}
    assert {word for (layer, _), word in canada.items() if layer in ("country_special", "retaliation")} == {
        ""
    }


def test_the_exemption_stands_from_the_order_that_granted_it() -> None:
    # Executive Orders 14231 and 14232 of 6 March 2025; from 4 to 6 March all goods paid.
    assert words("2025-03-05", "CAN")["fentanyl", ""] == ""
    assert words("2025-03-07", "CAN")["fentanyl", ""] == "goods under USMCA exempt"
    assert set(words("2025-08-07", "KOR").values()) == {""}


def test_the_table_of_a_partners_rates_says_it_row_by_row() -> None:
    ds = known("2026-09-30")
    html = tables.rates_by_layer(ds, rates.in_force_at_stake(ds, partner="CAN")).as_raw_html()
    assert "10% (goods under USMCA exempt)" in html
    assert "25% (under USMCA on non-U.S. content)" in html
    assert "50% (goods" not in html


def test_every_layer_has_a_name_for_sentences() -> None:
    named = [duty_name(layer) for layer in LAYERS]
    assert all(name.startswith("the ") for name in named)
    assert len(set(named)) == len(LAYERS)
    assert duty_name("s301", "forced labor") == "the Section 301 duty (forced labor)"
