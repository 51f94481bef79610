"""The brief: its ranking is that of the tables, it fits on one sheet, its numbers stand in its data."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from conftest import EARLIER_DAYS
from known import known
from tests.oracle import tables
from tests.oracle.recomputed import brief as recomputed
from tests.some import some_of
from tradeviz import rates, summaries, talks
from tradeviz.briefing import pdf
from tradeviz.exhibits.brief import brief_frame
from tradeviz.summaries.brief import BriefFacts
from tradeviz.summaries.brief_figures import figures, reach
from tradeviz.vocabulary import duty_name

DAYS = some_of("2025-02-05", "2025-04-25", "2025-08-07", "2025-11-13", "2026-02-21", tables.last_day())
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")
IN_NAMES = re.compile(r"Section \d+|\d{1,2} [A-Z][a-z]+ \d{4}|\b20\d\d\b|30 days")


@cache
def brief(code: str, day: str) -> BriefFacts:
    return summaries.brief(known(day), code)


@pytest.mark.parametrize("day", DAYS)
def test_the_first_paragraph_names_what_weighs_most(day: str) -> None:
    ds = known(day)
    weights = rates.ahead(ds).set_index(["partner", "kind", "layer", "product", "effective"])
    for code in tables.partners():
        facts = brief(code, day)
        adds = recomputed.in_force(code, day)
        top = max(adds.values(), default=0.0)
        if top <= 0:
            assert facts.duty is None, code
        else:
            assert facts.duty is not None, code
            heaviest = [duty_name(*one) for one, points in adds.items() if points > top - 1e-6]
            assert facts.duty.layer in heaviest, code
            assert facts.duty.points == pytest.approx(top), code
            assert facts.duty.layer in facts.text
        moves = []
        for one in recomputed.ahead(code, day):
            when = pd.Timestamp(one.day) if one.day else pd.NaT
            row = weights.loc[[(code, one.kind, one.layer, one.product, when)]].iloc[0]
            if row["share_of_partner"] >= 0.001:
                assert row["points"] == pytest.approx(one.points, abs=1e-6), (code, one)
                moves.append(one)
        if not moves:
            assert facts.coming is None, code
            assert "No change of weight" in facts.text, code
        else:
            assert facts.coming is not None, code
            assert abs(facts.coming.points) == pytest.approx(max(abs(one.points) for one in moves)), code
            assert facts.coming.layer in facts.text


@pytest.mark.parametrize("day", ["2025-08-07", tables.last_day()])
def test_every_number_of_a_brief_stands_in_its_data(day: str) -> None:
    for code in tables.partners():
        facts = brief(code, day)
        frame = brief_frame(facts)
        values = frame[["rate_pct", "points", "amount_bn", "number"]].to_numpy().ravel().tolist()
        values += (100 * frame["share_of_partner"]).tolist()
        values += [1000 * amount for amount in frame["amount_bn"]]
        held = {round(abs(value), digits) for value in values if value == value for digits in (0, 1, 2)}
        told = [facts.text, *reach(facts)[2:]]
        for figure in figures(facts)[:6]:  # the last tells news, whose words are those of the tables
            told += [figure.value, *figure.notes]
        in_words = " ".join(frame["text"].dropna())
        for text in told:
            for found in NUMBER.findall(IN_NAMES.sub("", text)):
                number = float(found.replace(",", ""))
                assert number in held or found in in_words, (code, found, text)


def test_a_brief_says_what_cannot_be_known_yet() -> None:
    facts = brief("KOR", "2025-01-21")
    assert "could not be known by 21 January 2025" in facts.text
    assert facts.effective_pct is None


def test_a_higher_rate_can_lower_the_average() -> None:
    facts = brief("CHN", "2025-04-25")
    assert facts.coming is not None
    assert facts.coming.points < 0
    assert "because these goods would leave a higher duty" in facts.text


def test_an_order_is_not_weighed_by_a_step_that_a_later_one_replaced() -> None:
    facts = brief("CHN", "2025-04-25")
    moves = {one.day.isoformat(): one.points for one in facts.news if one.kind == "order"}
    assert all(points is not None and points > 0 for points in moves.values())  # each raised the rate
    rows = talks.weighed_changes(known("2025-04-25"), "2025-03-26")
    first = rows[(rows["key"] == "eo-14257") & (rows["partner"] == "CHN")]["points"]
    assert 0 < first.iloc[0] < 10  # 10% from 5 April; its 34% never applied


def test_the_last_contact_is_given_with_the_end_of_its_record() -> None:
    notes = {figure.term: figure.notes for figure in figures(brief("KOR", tables.last_day()))}
    assert "the record of meetings ends on" in notes["Last contact on record"][0]
    assert "known to be missing" in notes["Last contact on record"][1]


def test_a_long_table_is_folded_and_whole(built_site: Path) -> None:
    text = (built_site / "partner-KOR.html").read_text(encoding="utf-8")
    table = text[text.index('id="ex-meeting-table"') :]
    table = table[: table.index("</section>")]
    rows = pd.read_csv(built_site / "data" / "partner-KOR-meeting-table.csv")
    own = [row for row in re.findall(r"(?s)<tr[ >].*?</tr>", table) if "<td" in row]
    assert len([row for row in own if row.count("<td") == 7]) == len(rows) > 5


@pytest.mark.slow
@pytest.mark.living
@pytest.mark.parametrize("code", ["KOR", "ISR"])
@pytest.mark.parametrize("day", ["", *EARLIER_DAYS])
def test_a_partners_page_is_short_and_light(whole_site: Path, day: str, code: str) -> None:
    path = whole_site / day / f"partner-{code}.html"
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_size < 600_000
    body = text[text.index("<main") : text.index("</main>")]
    unfolded = re.sub(r"(?s)<details.*?</details>", " ", body)
    assert len(re.sub(r"(?s)<[^>]*>", " ", unfolded).split()) < 4_000


@pytest.mark.slow
@pytest.mark.living
@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "paper"),
    [
        *(("partner-KOR", paper) for paper in pdf.PAPERS),
        ("2025-04-25/partner-KOR", "letter"),  # which is the shorter one
        ("2025-01-21/partner-ISR", "a4"),
    ],
)
def test_a_brief_prints_on_one_sheet_with_an_outline(whole_site: Path, name: str, paper: str) -> None:
    sheet = pdf.sheet((whole_site / f"{name}.html").read_text(encoding="utf-8"))
    raw = pdf.printed(sheet, "2026-09-30", paper=paper)
    assert len(re.findall(rb"/Type\s*/Page\b", raw)) == 1
    assert b"/Outlines" in raw
    assert b"/StructTreeRoot" in raw


def test_a_page_without_a_brief_has_no_sheet() -> None:
    assert pdf.sheet("<html><main>x</main></html>") == ""
