"""The model of the clauses: what the texts of the deals oblige each side to."""

from __future__ import annotations

import pandas as pd
from pandera.typing.pandas import Series

from tradeviz import topics as t
from tradeviz import vocabulary as v
from tradeviz.data import fields as f
from tradeviz.data.table import SOURCES, Recorded, Table


class Clauses(Recorded):
    """One undertaking of one side (or of both) in a text, an act that carries a text out, or an account."""

    clause_id: Series[str] = f.identifier(
        "partner, day of publication, k and a number",
        pattern=r"^[a-z]{3}-[0-9]{4}-[0-9]{2}-[0-9]{2}-k[0-9]+$",
    )
    partner: Series[str] = f.partner()
    published: Series[pd.Timestamp] = f.day("the day the text became public; the as-of date cuts here")
    document: Series[str] = f.name("the text's name in short")
    milestone: Series[str] = f.text("the milestone that the text is, or is a source of: partner:date:stage")
    role: Series[str] = f.code(
        "clause: in a text of both sides; act: an act that carries a text out; account: one side's telling "
        "of a text, or a statement beside one",
        t.ROLES,
    )
    article: Series[str] = f.text("number in the text, or else no_article says why not", required=False)
    no_article: Series[str] = f.code(
        "why article is blank: unnumbered: the text has no numbers; not_given: what was read gives none",
        t.NO_ARTICLE,
        required=False,
    )
    topic: Series[str] = f.code("what it is about", t.TOPICS)
    bound: Series[str] = f.code(
        "who owes it; a right stands under the side whose conduct it touches", t.BOUND_SIDES
    )
    obligation: Series[str] = f.text("what is owed, in our own words")
    strength: Series[str] = f.code("how firmly, by the verb of the text, see CONTRIBUTING.md", t.STRENGTHS)
    deadline: Series[str] = f.text("by when, in the words of the text or as a day", required=False)
    due: Series[pd.Timestamp] = f.day("the day by which it is due, where the text names one", required=False)
    due_after: Series[str] = f.duration("the term after which it is due, where the text sets one")
    due_from: Series[str] = f.code("the day from which that term runs", t.DUE_FROM, required=False)
    condition: Series[str] = f.text("on which condition; says where it is a right", required=False)
    amount: Series[str] = f.text("amount, rate or quantity, as stated", required=False)
    commitment_id: Series[str] = f.text(
        "the pledge of commitments.csv that it is, where it is one", required=False
    )
    locator: Series[str] = f.text("up to six words to find the place by, in what was read")
    read_in: Series[str] = f.code("text: its wording was read; summary; report", t.READ_IN)
    source_ids: Series[str] = f.list_of("the document read, then others", SOURCES)


class IssuesWithoutClause(Recorded):
    """A row of issues with status in_text or implemented that no clause stands behind, and why."""

    partner: Series[str] = f.partner()
    date: Series[pd.Timestamp] = f.day("the day of the row of issues")
    issue: Series[str] = f.code("category of the talks", v.ISSUES)
    reason: Series[str] = f.text("why there is no clause, as known on the day")


CLAUSE_TABLES: dict[str, tuple[type[Table], list[str]]] = {
    "clauses": (Clauses, ["clause_id"]),
    "issues_without_clause": (IssuesWithoutClause, ["partner", "date", "issue"]),
}
"""The model of each, and the columns that identify a row."""
