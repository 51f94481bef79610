"""What opens each page, in words; test_summaries_recomputed.py holds the facts to the CSV files."""

from __future__ import annotations

import csv
import dataclasses
from datetime import date

import pytest

from known import known
from tests.oracle.recomputed.summaries import SUMMARIES
from tests.oracle.tables import FROZEN
from tests.some import some_of
from tradeviz import rates, summaries


def rows(table: str) -> list[dict[str, str]]:
    with (FROZEN / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_overview_of_25_april_2025() -> None:
    text = summaries.overview(known("2025-04-25")).text
    assert text.startswith(
        "As of 25 April 2025, 12 of 18 partners had opened talks or gone further; none had a framework."
    )
    assert "9 July 2025: reciprocal to between 17% and 49% for 14 partners" in text


def test_the_note_on_reach_names_the_partners_own_last_day() -> None:
    through = max(
        row["through"]
        for row in rows("coverage")
        if row["partner"] == "ISR" and row["table"] in ("meetings", "milestones", "issues", "commitments")
    )
    last = date.fromisoformat(through)
    assert f"ends on {last.day} {last:%B %Y}" in summaries.reach_note(known(), "ISR")
    assert summaries.reach_note(known("2025-04-25"), "ISR") == ""


@pytest.mark.parametrize("day", some_of("2025-01-21", "2025-02-05", "2025-04-25", "2025-08-01", None))
def test_summaries_read_as_sentences(day: str | None) -> None:
    ds = known(day)
    pages = [getattr(summaries, page)(ds) for page in SUMMARIES]
    partners = [summaries.brief(ds, code) for code in ("KOR", "CHN", "ISR", "CAN", "EUU", "BRA", "CHE")]
    texts = [summaries.small_sample(ds), *(facts.text for facts in pages + partners)]
    for text in (text.replace(". None of", ". none of") for text in texts):
        assert text.endswith(".")
        for flaw in ("  ", "..", " .", " nan", "NaT", " None ", "()", "; .", "one days", " 1 days"):
            assert flaw not in text, text


def test_the_words_come_from_the_facts_alone() -> None:
    facts = dataclasses.replace(summaries.overview(known("2025-04-25")), threats=3, suspended=("Japan",))
    assert "Talks with Japan were suspended." in facts.text
    assert "Three threats were open." in facts.text


def test_two_pledges_of_the_largest_amount_are_not_told_as_one() -> None:
    ds = known("2026-09-30")
    pledged = ds.commitments.copy()
    chosen = pledged["kind"].isin(["investment", "purchase"]) & (pledged["amount_usd_bn"] == 600)
    pledged.loc[chosen, "amount_usd_bn"] = 750.0
    assert chosen.sum() == 1
    assert "one of 2 of this amount" in summaries.deals(dataclasses.replace(ds, commitments=pledged)).text


def test_one_deal_is_told_in_the_singular() -> None:
    text = summaries.deals(known("2025-05-08")).text
    assert "1 of 18 partners had a deal" in text
    assert "For the one deal, an act to carry it out had been taken by neither side." in text


def test_before_any_deal_the_summary_says_so() -> None:
    text = summaries.deals(known("2025-04-25")).text
    assert "None of the 18 partners had a deal." in text
    assert "No pledge of investment or purchases with an amount was on record." in text
    assert "carry it out" not in text


def test_the_first_days_have_no_share_of_tables_without_rows() -> None:
    facts = summaries.evidence(known("2025-02-01"))
    assert list(facts.primary_shares) == ["tariffs"]
    assert "meetings" not in facts.text
    first = summaries.evidence(known("2025-01-20")).text
    assert "one row about" in first
    assert "primary" not in first
    assert "No row rested on one source only." in first


def test_a_median_without_an_interval_says_on_how_few_it_rests() -> None:
    day = known("2025-05-12")
    said = "(95% interval not reached) from the first talks, which rests on one partner"
    assert said in summaries.tempo(day).text
    assert "is no guide to the rest" in summaries.small_sample(day)


def test_before_the_first_meeting_nothing_is_measured() -> None:
    day = known("2025-01-25")
    assert summaries.tempo(day).text == (
        "By 25 January 2025 no talks with the 18 had opened. None of the 18 had met or called, as far as "
        "is on record."
    )
    assert summaries.small_sample(day).endswith("so no wait can be measured.")


def test_the_headline_the_effective_rate_and_what_was_charged_stand_on_one_basis() -> None:
    text = summaries.exposure(known("2025-08-07")).text
    assert "charged 12 percentage points above the level of 2024, at the imports of that year" in text
    assert "the statutory headline was 14.2 points, our effective rate 13.6" in text


def test_before_2024_is_published() -> None:
    early = summaries.exposure(known("2025-02-01")).text
    assert "The imports of the whole year 2024 were not yet published" in early
    assert "no month of 2025 was published yet" in early
    assert "headline was" not in early


def test_where_terms_in_force_are_counted_a_truce_is_told_from_an_agreement() -> None:
    facts = summaries.overview(known("2026-02-21"))
    assert facts.forms["entered_into_force"] == 2
    assert "China (Kuala Lumpur arrangement, to 10 November 2026)" in facts.finding
    assert "the United Kingdom (car and aerospace terms)" in facts.finding
    assert "terms in force for 2: China (Kuala" in summaries.deals(known("2026-02-21")).text


def test_a_mean_over_the_18_says_whom_it_leaves_out_and_what_it_covers() -> None:
    day = known("2026-02-21")
    covers = f"{rates.average(day, day.reciprocal)['share_of_us_imports'].iloc[0]:.0%}"
    assert f"The 18, without Canada and Mexico, sold {covers} of the U.S. imports of 2024." in (
        summaries.exposure(day).text
    )
    assert summaries.averaged(day) == f"the 18 (without Canada and Mexico; {covers} of U.S. imports in 2024)"
