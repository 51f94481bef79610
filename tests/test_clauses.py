"""Clauses: what the texts oblige, held to the table by plain counting, and to small frames of our own."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace

import pandas as pd
import pytest

import tradeviz
from tests.known import known
from tests.oracle.tables import Row, rows, split
from tradeviz import talks
from tradeviz.errors import UsageError
from tradeviz.topics import HEADING_OF, STRENGTHS, TEMPLATE_HEADINGS, TOPICS_BY_HEADING

TERM = re.compile(r"\bwithin (?:\d+|six|twelve|one|two) (?:days|weeks|months|years?)\b|\bone year from\b")


def undertakings() -> list[Row]:
    """The rows of the table that are clauses, neither acts nor accounts."""
    return [row for row in rows("clauses") if row["role"] == "clause"]


def test_before_the_first_text_there_is_no_clause() -> None:
    ds = known("2025-04-25")
    assert talks.clauses(ds, role=None).empty
    assert talks.clause_matrix(ds).empty
    assert talks.template_reach(ds).empty
    assert talks.text_differences(ds).empty
    assert talks.clause_deadlines(ds).empty


@pytest.mark.living
def test_six_hundred_obligations_of_sixteen_partners_are_on_record() -> None:
    clauses = undertakings()
    assert len(clauses) >= 600
    assert len({row["partner"] for row in clauses}) >= 16
    assert sum(row["read_in"] == "text" for row in clauses) > len(clauses) / 2


@pytest.mark.living
def test_every_text_is_a_milestone_or_a_source_of_one() -> None:
    documents, sources = defaultdict(set), defaultdict(set)
    for row in rows("milestones"):
        key = f"{row['partner']}:{row['date']}:{row['stage']}"
        documents[key] |= {row["document"], row["document_short"]}
        sources[key] |= set(split(row["source_ids"]))
    cited = defaultdict(set)
    for row in rows("clauses"):
        cited[row["milestone"], row["document"]] |= set(split(row["source_ids"]))
    strays = {
        text
        for text, ids in cited.items()
        if not ids & sources[text[0]] and not any(text[1] in document for document in documents[text[0]])
    }
    assert not strays


@pytest.mark.living
def test_every_issue_in_a_text_has_a_clause_or_a_reason() -> None:
    untraced = talks.untraced_issues(known())
    told = untraced[["partner", "date", "issue"]].astype("str").values.tolist()
    assert not told, f"add a clause to clauses.csv, or the reason to issues_without_clause.csv: {told}"


@pytest.mark.living
def test_no_reason_outlives_its_issue() -> None:
    issues = {(row["partner"], row["date"], row["issue"]) for row in rows("issues")}
    assert all((row["partner"], row["date"], row["issue"]) in issues for row in rows("issues_without_clause"))


@pytest.mark.living
def test_a_term_of_a_text_is_no_day() -> None:
    """`due` is a day that the text names; where it sets a term, that and its first day are told."""
    worked_out = [row["clause_id"] for row in rows("clauses") if row["due"] and TERM.search(row["deadline"])]
    assert not worked_out


@pytest.mark.living
def test_deals_of_firms_that_a_text_notes_stand_under_the_side_that_buys() -> None:
    noted = [row for row in undertakings() if row["condition"] == "company deals noted"]
    assert {row["partner"] for row in noted} >= {"VNM", "IDN"}
    assert {(row["bound"], row["strength"]) for row in noted} == {("partner", "recognises")}


@pytest.mark.living
def test_the_matrix_gives_the_strongest_of_each_side_and_the_numbers() -> None:
    sides = {"partner": ("partner", "both"), "us": ("US", "both")}
    counted: Counter[tuple[str, str, str]] = Counter()
    strongest: dict[tuple[str, str, str], int] = defaultdict(lambda: -1)
    for row in undertakings():
        for side, bound in sides.items():
            if row["bound"] in bound:
                key = (row["partner"], row["topic"], side)
                counted[key] += 1
                strongest[key] = max(strongest[key], STRENGTHS.index(row["strength"]))
    matrix = talks.clause_matrix(known())
    assert len(matrix) == len({(row["partner"], row["topic"]) for row in undertakings()})
    for row in matrix.to_dict("records"):
        for side in sides:
            key = (row["partner"], row["topic"], side)
            assert row[f"{side}_clauses"] == counted[key]
            expected = STRENGTHS[strongest[key]] if counted[key] else ""
            assert row[f"{side}_strength"] == expected


def test_a_clause_of_both_sides_counts_on_each() -> None:
    matrix = talks.clause_matrix(_with(_row(bound="both", strength="intends")))
    assert matrix[["partner_strength", "us_strength"]].values.tolist() == [["intends", "intends"]]
    assert matrix[["partner_clauses", "us_clauses", "clauses"]].values.tolist() == [[1, 1, 1]]


def test_acts_and_accounts_are_no_obligations() -> None:
    ds = _with(_row(role="account"), _row(role="act", clause_id="x2"))
    assert talks.clause_matrix(ds).empty
    assert len(talks.clauses(ds, role=None)) == 2


def test_the_reach_of_a_text_counts_topics_on_which_it_binds() -> None:
    ds = _with(
        _row(topic="data_flows"),
        _row(topic="source_code", strength="intends"),
        _row(topic="etransmissions", bound="US"),
    )
    reach = talks.template_reach(ds).set_index("heading")
    assert tuple(reach.index) == TEMPLATE_HEADINGS
    digital = reach.loc["digital_trade"]
    assert (digital["topics"], digital["covered"], digital["binding"]) == (5, 3, 1)
    assert (digital["partner_strength"], digital["us_strength"]) == ("shall", "shall")
    assert reach.loc["rules_of_origin", "partner_strength"] == ""


def test_two_texts_differ_where_one_is_firmer_or_silent() -> None:
    ds = _with(
        _row(topic="data_flows"),
        _row(topic="source_code"),
        _row(partner="JPN", topic="data_flows", strength="intends"),
        _row(partner="JPN", topic="quotas"),
    )
    (pair,) = talks.text_differences(ds).to_dict("records")
    assert (pair["partner"], pair["other_partner"]) == ("JPN", "KOR")
    assert [pair[name] for name in ("topics", "same", "firmer", "looser")] == [3, 0, 1, 2]
    assert (pair["only_first"], pair["only_other"]) == (1, 1)


def test_what_nobody_else_gave_comes_first() -> None:
    ds = _with(
        _row(topic="halal"),
        _row(topic="data_flows"),
        _row(topic="quotas", strength="intends"),
        _row(partner="JPN", topic="data_flows", strength="intends"),
        _row(partner="JPN", topic="quotas"),
    )
    own = talks.peculiar_clauses(ds, "KOR", shared=1)
    assert own[["topic", "others", "as_firm"]].values.tolist() == [
        ["halal", 0, ""],
        ["data_flows", 1, ""],
        ["quotas", 1, "JPN"],
    ]
    assert talks.peculiar_clauses(ds, firmest=1)["topic"].tolist() == ["quotas", "halal"]


def test_a_term_runs_only_from_a_day_that_has_come() -> None:
    row = _row(due_after="P6M", due_from="entered_into_force")
    ds = _with(row)
    assert talks.clause_deadlines(ds)["state"].tolist() == ["not running"]
    force = ds.milestones.iloc[:1].assign(
        partner="KOR", date=pd.Timestamp("2025-12-31"), stage="entered_into_force", scope="deal"
    )
    running = talks.clause_deadlines(replace(ds, milestones=force))
    assert running["due"].tolist() == [pd.Timestamp("2026-06-30")]
    assert running["state"].tolist() == ["passed"]


@pytest.mark.parametrize(
    ("term", "due"), [("P90D", "2026-02-11"), ("P3M", "2026-02-13"), ("P2Y", "2027-11-13")]
)
def test_terms_are_days_months_or_years(term: str, due: str) -> None:
    found = talks.clause_deadlines(_with(_row(due_after=term, due_from="published")))
    assert found["due"].tolist() == [pd.Timestamp(due)]


def test_unknown_partners_and_topics_are_named() -> None:
    with pytest.raises(UsageError, match="XXX"):
        talks.clauses(known(), partner="XXX")
    with pytest.raises(UsageError, match='topic "tea" is unknown'):
        talks.clauses(known(), topic="tea")


def test_every_topic_has_one_heading() -> None:
    assert sum(len(topics) for topics in TOPICS_BY_HEADING.values()) == len(HEADING_OF)


@pytest.mark.living
def test_what_the_swiss_statement_says_is_intended_or_recognised() -> None:
    """Its own verbs: participants "intend"; it creates no duties."""
    swiss = [row for row in undertakings() if row["partner"] == "CHE" and row["published"] == "2025-11-14"]
    counted = Counter(row["strength"] for row in swiss)
    assert set(counted) == {"intends", "recognises"}
    assert counted["intends"] > 40


@pytest.mark.living
def test_the_cambodian_agreement_binds_cambodia_far_more_often() -> None:
    """In its words the United States shall three times, Cambodia 49 times."""
    bound = [
        row["bound"]
        for row in undertakings()
        if row["partner"] == "KHM" and row["document"].startswith("Agreement") and row["strength"] == "shall"
    ]
    assert bound.count("US") <= 3
    assert bound.count("partner") > 10 * bound.count("US")


def _row(**changes: object) -> dict[str, object]:
    """A clause of our own: Korea shall, on data flows, in a text of 13 November 2025."""
    first = known().clauses.iloc[0].to_dict()
    plain = {"clause_id": "x1", "partner": "KOR", "published": pd.Timestamp("2025-11-13")}
    plain |= {"document": "text", "role": "clause", "topic": "data_flows", "bound": "partner"}
    blank = {"strength": "shall", "due": pd.NaT, "due_after": "", "due_from": "", "deadline": ""}
    return first | plain | blank | changes


def _with(*clauses: dict[str, object]) -> tradeviz.Dataset:
    ds = known()
    frame = pd.DataFrame(list(clauses), columns=ds.clauses.columns).astype(ds.clauses.dtypes.to_dict())
    return replace(ds, clauses=frame)
