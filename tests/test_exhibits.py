"""Exhibits: escaped text, text alternatives, data beside each chart, words instead of empty panels."""

from __future__ import annotations

import dataclasses
import io
import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from PIL import Image

import tradeviz
from known import known
from tradeviz import charts, exhibits, tables, talks
from tradeviz.exhibits.gathering import Shown

HOSTILE = '<script>alert("x")</script>'


def meetings_exhibit(ds: tradeviz.Dataset, **changed: str) -> exhibits.Exhibit:
    met = talks.meetings(ds, "KOR")
    given = {
        "name": "meetings",
        "title": "When?",
        "subtitle": "Meetings",
        "frame": met,
        "alt": charts.meetings_text(met, ds.as_of),
        "source": "table meetings",
        "empty": "None.",
    }
    return exhibits.chart(charts.meetings, met, ds.as_of, **(given | changed))


def test_a_chart_carries_its_text_alternative_and_its_data() -> None:
    ds = known("2025-04-25")
    exhibit = meetings_exhibit(ds)
    assert 'alt="Six meetings and calls by 25 April 2025' in exhibit.markup
    bundle = exhibit._repr_mimebundle_()
    assert bundle[exhibits.DATA_MIME]["csv"].startswith("meeting_id,partner,start_date")
    assert bundle[exhibits.DATA_MIME]["csv"].count("\n") == 1 + len(talks.meetings(ds, "KOR"))
    assert "<!--tradeviz:data meetings-->" in exhibit.markup
    assert exhibit.markup.count("<tr>") == 1 + len(talks.meetings(ds, "KOR"))


def test_words_stand_in_place_of_an_empty_chart() -> None:
    ds = known("2025-02-01")
    met = talks.meetings(ds, "KOR")
    assert met.empty
    exhibit = meetings_exhibit(ds, empty="No meeting is on record.")
    assert "No meeting is on record." in exhibit.markup
    assert "<img" not in exhibit.markup
    assert exhibit.name == ""


def test_text_from_the_tables_is_escaped_everywhere() -> None:
    ds = known("2025-04-25")
    text = [name for name in ds.meetings.columns if ds.meetings[name].dtype == "str"]
    keep = {"partner", "level", "format", "meeting_id", "source_ids", "issues"}
    hostile = ds.meetings.assign(**{name: HOSTILE for name in text if name not in keep})
    ds = dataclasses.replace(ds, meetings=hostile)
    met = talks.meetings(ds, "KOR")
    shown = exhibits.table(tables.meetings, met, name="m", title=HOSTILE, frame=met, source=HOSTILE, empty="")
    for exhibit in (shown, meetings_exhibit(ds, title=HOSTILE), exhibits.text(HOSTILE)):
        assert "<script" not in exhibit.markup
        assert "&lt;script&gt;" in exhibit.markup


def test_a_table_has_a_caption_and_header_scopes() -> None:
    ds = known("2025-04-25")
    met = talks.meetings(ds, "KOR")
    shown = exhibits.table(tables.meetings, met, name="m", title="Meetings", frame=met, source="s", empty="")
    assert '<caption class="tv-caption">Meetings</caption>' in shown.markup
    assert shown.markup.count('scope="col"') == 6


def test_sources_published_later_are_linked_without_their_title() -> None:
    ds = known("2025-04-25")
    listed = exhibits.Citations(ds).listing([ds.tariffs]).markup
    later = ds.sources[ds.sources["published"] > ds.as_of]
    cited = [row for row in later.itertuples() if row.url.split("?")[0] in listed]
    assert cited
    assert "published later" in listed
    whole = known().sources.set_index("source_id")["title"]
    for row in cited:
        assert whole[row.source_id] not in listed


def test_a_chart_of_ones_own_may_give_one_panel_a_row_or_a_grid_of_them() -> None:
    frame = pd.DataFrame({"rate_pct": [15.0]})
    words = {"title": "Grid", "subtitle": "Panels", "alt": "Panels.", "source": "-", "empty": "-"}
    for shape in ((1, 1), (1, 2), (2, 2)):
        shown = exhibits.chart(lambda shape=shape: plt.subplots(*shape)[1], name="grid", frame=frame, **words)
        assert "data:image/" in shown.markup


def test_every_cited_source_is_listed_once() -> None:
    ds = known()
    korea = ds.meetings[ds.meetings["partner"] == "KOR"]
    cited = {part for cell in korea["source_ids"] for part in cell.split(";")}
    listed = exhibits.Citations(ds).listing([korea, korea]).markup
    assert len(re.findall("<li ", listed)) == len(cited)


def test_a_long_title_is_broken_before_the_edge_of_a_picture_to_print() -> None:
    title = "Did rates or purchases change what is charged? August 2024 to August 2026"
    frame = pd.DataFrame({"rate_pct": [15.0]})
    shown = Shown("one", title, "", "tariffs", frame, lambda: plt.subplots(figsize=(7.2, 1))[1], ())
    picture = Image.open(io.BytesIO(exhibits.printed(shown, pd.Timestamp("2026-09-30")))).convert("L")
    edge = picture.crop((picture.width - 15, 0, picture.width, picture.height // 4))
    assert edge.getextrema()[0] > 250


def test_a_source_named_twice_by_a_row_is_cited_once() -> None:
    ds = known()
    one, other = ds.sources["source_id"].head(2)
    shown = exhibits.Citations(ds)(f"{one};{other};{one}")
    assert re.findall(r">(\d+)<", shown) == ["1", "2"]


def test_days_and_missing_values_in_the_data_are_plain() -> None:
    frame = pd.DataFrame({"day": pd.to_datetime(["2025-04-25", None]), "rate_pct": [12.5, float("nan")]})
    assert exhibits.as_csv(frame) == "day,rate_pct\n2025-04-25,12.5\n,\n"


@pytest.mark.parametrize("day", ["2025-04-25", "2026-09-30"])
def test_the_head_names_no_later_day(day: str) -> None:
    ds = known(day)
    head = exhibits.header("Title", ds, "Lead").markup
    assert head.count(str(ds.as_of.year)) == 2
    assert "data through" in head
