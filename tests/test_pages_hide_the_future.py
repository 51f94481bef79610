"""No look-ahead on any page: files of built days, searched for whatever was announced later.

`make soak ARGS=truth` does the same for every page of 20 random days.
"""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import EARLIER_DAYS
from tests.oracle import later, tables
from tests.oracle.cut import physically_cut
from tests.oracle.search import files, leaks
from tradeviz.briefing.links import linked_page
from tradeviz.cli import app

APRIL = "2025-04-25"
OF_PAGES = {".html", ".csv", ".ipynb"}
"""Endings of what pages and their data are; what else there is names the site, or pages that are there."""

pytestmark = pytest.mark.living


@pytest.mark.slow
@pytest.mark.parametrize("day", EARLIER_DAYS)
def test_no_file_of_an_earlier_day_holds_what_was_announced_later(whole_site: Path, day: str) -> None:
    assert len(files(whole_site / day)) > 30
    assert leaks(whole_site / day, day) == []


@pytest.mark.slow
def test_no_file_of_the_last_day_holds_hindsight(whole_site: Path) -> None:
    assert leaks(whole_site, tables.last_day()) == []


@pytest.mark.slow
def test_a_page_is_the_same_without_the_rows_that_came_later(whole_site: Path, tmp_path: Path) -> None:
    site, data = tmp_path / "site", physically_cut(APRIL, tmp_path / "data")
    words = ["--as-of", APRIL, "--partners", "KOR", "--notebooks", "00-overview,01-partner"]
    ran = CliRunner().invoke(app, ["build", *words, "--data", str(data), "--out", str(site)])
    assert ran.exit_code == 0, ran.stderr
    made = [path.relative_to(site) for path in files(site) if path.suffix in OF_PAGES]
    assert len(made) > 30
    for path in made:
        one, other = ((folder / path).read_bytes() for folder in (site, whole_site / APRIL))
        if path.suffix == ".html":
            one, other = (linked_page(page.decode(), "").encode() for page in (one, other))
        assert one == other or path.name == "index.html", path
    feeds = [
        (folder / "feeds" / "partner-KOR.json").read_text("utf-8") for folder in (site, whole_site / APRIL)
    ]
    assert feeds[0] == feeds[1].replace(f" (as of {APRIL})", "")


def a_later(table: str, column: str) -> str:
    """A long text, or an identifier, of a row that became known after 25 April 2025."""
    told = "\n".join(later.printable_texts(APRIL))
    cells = [row[column] for row in tables.later(table, APRIL) if len(row[column]) > later.SHORT]
    return next(cell for cell in cells if " ".join(cell.split()) not in told)


LATER = {
    "outcome": lambda: a_later("meetings", "outcome"),
    "order": lambda: a_later("tariffs", "order_id"),
    "meeting": lambda: a_later("meetings", "meeting_id"),
    "pledge": lambda: a_later("commitments", "commitment_id"),
    "note": lambda: a_later("tariffs", "note"),
    "citation": lambda: "90 FR 37963",
    "act": lambda: "Executive Order 14326",
    "day": lambda: "on 30 July 2025",
    "day as others write it": lambda: "July 30, 2025",
    "month": lambda: "in September 2025",
    "source": lambda: next(
        row["title"] for row in tables.rows("sources") if row["published"] > "2026" and len(row["title"]) > 40
    ),
    "person": lambda: min(tables.people_met("2026-01-01") - tables.people_met(APRIL)),
    "rate": lambda: "15% reciprocal",
    "amount": lambda: "$350 billion",
}


@pytest.mark.parametrize("kind", LATER)
@pytest.mark.parametrize("place", ["<p>{}</p>", '<img alt="{}">', '<p title="{}">7</p>', '<img src="{}">'])
def test_the_search_finds_what_is_planted(tmp_path: Path, kind: str, place: str) -> None:
    planted = LATER[kind]().replace('"', "&quot;")
    if "src" in place:
        drawing = f"<svg><!-- {planted} --></svg>".encode()
        planted = f"data:image/svg+xml;base64,{base64.b64encode(drawing).decode()}"
    (tmp_path / "partner-KOR.html").write_text(place.format(planted), encoding="utf-8")
    assert leaks(tmp_path, APRIL)


@pytest.mark.parametrize(
    "told",
    [
        "The pause ends on 9 July 2025, 25% reciprocal from then, under Executive Order 14266 (90 FR 15625).",
        "kor-2025-04-24-m1",
        "Scott Bessent",
    ],
)
def test_the_search_lets_pass_what_was_known(tmp_path: Path, told: str) -> None:
    (tmp_path / "partner-KOR.html").write_text(f"<p>{told}</p>", encoding="utf-8")
    assert leaks(tmp_path, APRIL) == []


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("partner,layer,rate_pct\nKOR,reciprocal,15\n", "rate"),
        ("partner,amount_usd_bn\nKOR,350\n", "amount"),
        ("month,partner,duties_usd_bn\n2025-03-01,KOR,0.5\n", "month not out"),
    ],
)
def test_the_search_finds_numbers_in_the_data_of_charts(tmp_path: Path, row: str, what: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "deals-pledges.csv").write_text(row, encoding="utf-8")
    assert any(what in found for found in leaks(tmp_path, APRIL))


def test_the_search_knows_an_amount_in_whichever_unit_a_page_gives_it(tmp_path: Path) -> None:
    small = [row for row in tables.rows("commitments") if 0 < float(row["amount_usd_bn"] or 0) < 1]
    assert small
    for row in small:
        amount = f"${1000 * float(row['amount_usd_bn']):g} million"
        (tmp_path / f"partner-{row['partner']}.html").write_text(f"<p>{amount}</p>", encoding="utf-8")
        assert leaks(tmp_path, tables.last_day()) == []
        (tmp_path / f"partner-{row['partner']}.html").unlink()
