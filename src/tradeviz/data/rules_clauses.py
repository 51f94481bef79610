"""Rules of the table of clauses beside the tables of milestones and pledges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from tradeviz.data.problems import Problem
from tradeviz.data.validation import TypedTable, at, at_each

_LONGEST_LOCATOR = 6


def clause_problems(
    clauses: TypedTable, milestones: TypedTable, commitments: TypedTable
) -> Iterator[Problem]:
    """Name what is wrong with the clauses beside the milestones and the pledges."""
    frame = clauses.frame
    if frame.empty and (milestones.frame["stage"] == "text_published").any():
        yield Problem(clauses.text.file, 1, "", "has a header, but no rows, though a text was published")
    start = frame["partner"].str.lower() + "-" + clauses.text.frame["published"] + "-k"
    other = [not name.startswith(key) for name, key in zip(frame["clause_id"], start, strict=True)]

    def misnamed(row: int) -> str:
        return f'does not begin with the partner and the day, "{start.iloc[row]}"'

    yield from at(clauses, other, "clause_id", misnamed)
    yield from _texts(clauses, milestones)
    yield from _pledges(clauses, commitments)
    article, term = frame["article"] != "", frame["due_after"] != ""
    reason = "must be filled, or its reason in no_article; one of the two"
    day_of_text = "is a day of the text; where a term is given, due_after and due_from say it"
    long = frame["locator"].str.count(" ") >= _LONGEST_LOCATOR
    yield from at_each(
        clauses,
        (article == (frame["no_article"] != ""), "article", reason),
        (term != (frame["due_from"] != ""), "due_after", "and due_from are filled together"),
        (term & frame["due"].notna(), "due", day_of_text),
        (long, "locator", f"has more than {_LONGEST_LOCATOR} words"),
    )


def reason_problems(reasons: TypedTable, issues: TypedTable) -> Iterator[Problem]:
    """Name reasons for issues that are not there, and a file of reasons without any."""
    done = issues.frame[issues.frame["status"].isin(["in_text", "implemented"])]
    there = {*zip(done["partner"], done["date"], done["issue"], strict=True)}
    if reasons.frame.empty and len(done):
        yield Problem(reasons.text.file, 1, "", "has a header, but no rows, though an issue is in a text")
    named = zip(reasons.frame["partner"], reasons.frame["date"], reasons.frame["issue"], strict=True)
    what = "is no issue of the partner and day with status in_text or implemented"
    yield from at(reasons, [key not in there for key in named], "issue", what)


def _texts(clauses: TypedTable, milestones: TypedTable) -> Iterator[Problem]:
    frame, rows = clauses.frame, milestones.frame
    keys = rows["partner"] + ":" + milestones.text.frame["date"] + ":" + rows["stage"]
    days = dict(zip(keys, rows["date"], strict=True))
    named = frame["milestone"]
    known = named.map(days)
    unknown = ~named.isin(list(days)) | (named.str[:3] != frame["partner"])

    def too_early(row: int) -> str:
        return f"lies before its milestone ({known.iloc[row]:%Y-%m-%d})"

    return at_each(
        clauses,
        (unknown, "milestone", '"{cell}" is no milestone of the partner, partner:date:stage'),
        (frame["published"] < known, "published", too_early),
    )


def _pledges(clauses: TypedTable, commitments: TypedTable) -> Iterator[Problem]:
    frame = clauses.frame
    pledge = commitments.frame.drop_duplicates("commitment_id").set_index("commitment_id")
    named = frame["commitment_id"]
    unknown = (named != "") & (named.map(pledge["partner"]) != frame["partner"])
    announced: Any = named.map(pledge["announced"])

    def later(row: int) -> str:
        return f"was announced later ({announced.iloc[row]:%Y-%m-%d}) than the text"

    return at_each(
        clauses,
        (unknown, "commitment_id", '"{cell}" is no pledge of the partner'),
        (pd.notna(announced) & (announced > frame["published"]), "commitment_id", later),
    )
