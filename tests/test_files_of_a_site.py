"""What a reader can take from a site: data, source tables, pictures, and what --files adds."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from pathlib import Path

import matplotlib.pyplot as plt
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from PIL import Image

import small_notebooks
import tradeviz
from known import known
from tradeviz import charts, exhibits, export, frontpage, talks
from tradeviz.cli import app
from tradeviz.data import data_dir, load_tables, notebooks_dir
from tradeviz.exhibits.gathering import Shown

DAY = "2025-04-25"


def test_the_picture_beside_the_data_is_that_of_the_page_and_is_linked(built_site: Path) -> None:
    page = (built_site / "overview.html").read_text(encoding="utf-8")
    pictures = re.findall(r'src="data:image/(?:svg\+xml|png);base64,([^"]+)"', page)
    links = re.findall(r'href="(data/overview-[a-z-]+\.(?:svg|png))"', page)
    assert len(links) == len(pictures) > 0
    for link, picture in zip(links, pictures, strict=True):
        assert (built_site / link).read_bytes() == base64.b64decode(picture)
    assert "files/" not in page


def test_each_figure_says_how_to_cite_it(built_site: Path) -> None:
    page = (built_site / "partner-KOR.html").read_text(encoding="utf-8")
    day_hash = tradeviz.load(DAY).for_partner("KOR").data_hash()[:12]
    told = re.findall(r'<details class="tv-cite">.*?</details>', page)
    assert len(told) == page.count('class="tv-download"')
    for one in told:
        anchor = re.search(r'href="#(ex-[a-z-]+)"', one)
        assert anchor
        assert f'id="{anchor[1]}"' in page
        assert f"as of {DAY}, data {day_hash}: " in one


def test_the_source_tables_are_part_of_the_site_as_known_on_the_day(built_site: Path) -> None:
    ds = tradeviz.load(DAY)
    for name in ("meetings", "tariffs", "events", "commitments"):
        text = (built_site / "data" / f"{name}.csv").read_text(encoding="utf-8")
        assert text == exhibits.as_csv(getattr(ds, name))
    assert "data/tariffs.csv" in (built_site / "index.html").read_text(encoding="utf-8")


def test_the_data_package_gives_title_description_and_unit_of_all(built_site: Path) -> None:
    package = json.loads((built_site / "data" / "datapackage.json").read_text(encoding="utf-8"))
    paths = {resource["path"] for resource in package["resources"]}
    assert paths == {path.name for path in (built_site / "data").glob("*.csv")}
    for resource in package["resources"]:
        assert resource["title"]
        assert "Source: " in resource["description"]
        fields = resource["schema"]["fields"]
        head = next(csv.reader(io.StringIO((built_site / "data" / resource["path"]).read_text())))
        assert [field["name"] for field in fields] == head
        for field in fields:
            assert field["title"]
            assert field["description"]
            counts = field["type"] in ("number", "integer") and field["name"] != "year"
            assert field.get("unit") or not counts, field["name"]
            assert field.get("unit", "") in resource.get("unit", "")


def test_a_chart_to_print_has_title_unit_and_source_around_it_and_the_same_bytes_twice() -> None:
    ds = known(DAY)
    met = talks.meetings(ds, "KOR")
    words = ("meetings", "When did they meet? " * 12, "Meetings and calls", "tradeviz table meetings")
    shown = Shown(*words, met, charts.meetings, (met, ds.as_of))
    with plt.rc_context({"text.color": "red", "figure.figsize": (3, 3)}):
        made = exhibits.printed(shown, ds.as_of)
    assert made == exhibits.printed(shown, ds.as_of)
    image = Image.open(io.BytesIO(made))
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    plain = charts.meetings(met, ds.as_of).figure.get_size_inches()
    assert image.width == 300 * plain[0]
    assert image.height > 300 * plain[1] + 100
    plt.close("all")


def test_the_frames_taken_away_are_those_beside_the_charts_of_the_page(built_site: Path) -> None:
    ds, pages = tradeviz.load(DAY), {"overview", "partner-KOR"}
    for one in export.gather_exhibits(ds, notebooks_dir(), data_dir(), pages):
        beside = built_site / "data" / f"{one.page}-{one.shown.name}.csv"
        assert len(one.shown.frame) == 0 or beside.read_text("utf-8") == exhibits.as_csv(one.shown.frame)


def test_files_hold_the_charts_of_the_pages_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    ds = load_tables().at(DAY)
    met = talks.meetings(ds, "KOR")
    drawn = Shown("meetings", "When?", "Meetings", "tradeviz", met, charts.meetings, (met, ds.as_of))
    table = Shown("list", "Who?", "", "tradeviz", met)
    shown = [export.PageExhibit("partner", code, one) for code in ("KOR", "JPN") for one in (drawn, table)]
    monkeypatch.setattr(
        export, "gather_exhibits", lambda *given: [one for one in shown if one.page in given[3]]
    )
    monkeypatch.setattr(export, "panel_sheets", lambda _: [])
    made = frontpage.front(ds, data_dir()).files({"partner-KOR", "overview"})
    assert [name for name in made if name.endswith(".png")] == ["partner-KOR-meetings.png"]
    assert {"tradeviz.xlsx", "tradeviz.sqlite", "tradeviz.json", "parquet/meetings.parquet"} <= set(made)
    listed = json.loads(made["MANIFEST.json"])["files"]
    assert set(listed) == set(made) - {"MANIFEST.json"}


OWN = """
import tradeviz
from tradeviz import charts, exhibits, talks
ds = tradeviz.load(as_of)
met = talks.meetings(ds, partner)
words = {"name": "met", "title": "Who met?", "subtitle": "", "alt": "Meetings", "empty": ""}
exhibits.chart(charts.meetings, met, ds.as_of, frame=met, source="meetings", **words)
"""


def test_files_hold_the_exhibits_of_notebooks_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_notebooks.write(tmp_path / "own" / "mine.ipynb", OWN)
    small_notebooks.write(tmp_path / "own" / "magic.ipynb", "%pwd")
    monkeypatch.setattr(export, "panel_sheets", lambda _: [])
    words = ["--notebook-folder", str(tmp_path / "own"), "--out", str(tmp_path / "site"), "--files"]
    ran = CliRunner().invoke(app, ["build", "--partners", "KOR", "--as-of", DAY, *words])
    assert ran.exit_code == 0, ran.output
    assert "left out of files/: magic.ipynb: a cell fails" in ran.stderr
    files = tmp_path / "site" / "files"
    assert [path.name for path in files.glob("*.png")] == ["mine-KOR-met.png"]
    read = pq.read_table(files / "parquet" / "mine-met.parquet").to_pandas()
    assert read["meeting_id"].tolist() == talks.meetings(known(DAY), "KOR")["meeting_id"].tolist()
