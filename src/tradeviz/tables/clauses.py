"""Tables of clauses: what is owed under which article, what is due, how much of the template a text covers.

Each function chooses and words the columns of one frame; rows stay in the order given.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz.data import Dataset, split_list
from tradeviz.frames import records
from tradeviz.tables.layout import Cite, cited, great_table
from tradeviz.topics import (
    HEADING_NAMES,
    NO_ARTICLE,
    READ_IN,
    STRENGTH_NAMES,
    TEMPLATE_HEADINGS,
    TOPIC_NAMES,
)
from tradeviz.wording import capital, count, day, listing, percent, sentence

_ISO = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_NAMED = 3
_STATES = {"passed": "passed", "ahead": "ahead", "not running": "its first day has not come"}


def clauses(ds: Dataset, rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """Clauses of several partners: whose text, who owes what under which article, how firmly."""
    several = rows_of["topic"].nunique() > 1
    return great_table(
        {"Partner": ds.name(row["partner"])} | (_topic(row) if several else {}) | _clause(ds, row, cite)
        for row in records(rows_of)
    )


def partner_clauses(ds: Dataset, rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """Clauses of one partner."""
    return great_table(_topic(row) | _clause(ds, row, cite) for row in records(rows_of))


def peculiar_clauses(ds: Dataset, rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """What few others owe as firmly, and who they are."""
    return great_table(
        _topic(row) | _clause(ds, row, None) | {"As firmly": _others(ds, row)} | cited(row, cite)
        for row in records(rows_of)
    )


def clause_deadlines(ds: Dataset, rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """What is due under which article, those with a day first."""
    return great_table(
        {
            "Due": day(row["due"]) if pd.notna(row["due"]) else sentence(_words(row["deadline"])),
            "State": _STATES[row["state"]],
            "Partner": ds.name(row["partner"]),
            "Text and article": _article(row),
            "Who owes what": f"{_bound(ds, row)}: {sentence(row['obligation'])}",
            **cited(row, cite),
        }
        for row in records(rows_of)
    )


def template_reach(ds: Dataset, reach: pd.DataFrame) -> GT:
    """One row per text: topics of each heading of the template on which it binds the partner."""
    rows = []
    for (code, document, published), group in reach.groupby(["partner", "document", "published"], sort=False):
        cells = {row["heading"]: row for row in records(group)}
        rows.append(
            {"Partner": ds.name(str(code)), "Text": f"{document}, {day(published)}"}
            | {capital(HEADING_NAMES[name]): _reach(cells[name]) for name in TEMPLATE_HEADINGS}
        )
    return great_table(rows)


def text_differences(ds: Dataset, pairs: pd.DataFrame) -> GT:
    """Pairs of texts: on how many topics they bind the partner alike, and where one goes further."""
    return great_table(
        {
            "First text": f"{ds.name(row['partner'])}, {row['document']}",
            "Other text": f"{ds.name(row['other_partner'])}, {row['other_document']}",
            "Topics": str(row["topics"]),
            "Alike": f"{row['same']} ({percent(row['share_same'])})",
            "First is firmer": f"{row['firmer']} ({row['only_first']} where the other is silent)",
            "Other is firmer": f"{row['looser']} ({row['only_other']} where the first is silent)",
        }
        for row in records(pairs)
    )


def texts_read(ds: Dataset, texts: pd.DataFrame) -> GT:
    """One row per text: its day, its clauses, and in what they were read."""
    return great_table(
        {
            "Partner": ds.name(row["partner"]),
            "Text": row["document"],
            "Came out": day(row["published"]),
            "Clauses": str(row["clauses"]),
            "Read in": _read_in(row),
        }
        for row in records(texts)
    )


def _topic(row: dict[str, Any]) -> dict[str, str]:
    return {"Topic": capital(TOPIC_NAMES[row["topic"]])}


def _clause(ds: Dataset, row: dict[str, Any], cite: Cite | None) -> dict[str, str]:
    return {
        "Who owes what": f"{_bound(ds, row)}: {_owed(row)}",
        "How firmly": _firmness(row),
        "Text and article": _article(row),
        **cited(row, cite),
    }


def _bound(ds: Dataset, row: dict[str, Any]) -> str:
    return {"US": "United States", "both": "Both"}.get(row["bound"], ds.name(row["partner"]))


def _owed(row: dict[str, Any]) -> str:
    amount = f" Amount: {row['amount']}." if row["amount"] else ""
    deadline = f" By: {_words(row['deadline'])}." if row["deadline"] else ""
    condition = f" Condition: {_words(row['condition'])}." if row["condition"] else ""
    return sentence(row["obligation"]) + amount + deadline + condition


def _firmness(row: dict[str, Any]) -> str:
    read = "" if row["read_in"] == "text" else f" (read in {READ_IN[row['read_in']]})"
    return STRENGTH_NAMES[row["strength"]] + read


def _article(row: dict[str, Any]) -> str:
    reason = NO_ARTICLE.get(row.get("no_article", ""), "no number")
    return f"{row['document']}, {row['article'] or reason}"


def _others(ds: Dataset, row: dict[str, Any]) -> str:
    codes = split_list(row["as_firm"])
    if len(codes) > _NAMED:
        return count(len(codes), "other")
    if codes:
        return f"only {listing([ds.name(code) for code in codes])}"
    if not row["others"]:
        return "no other partner owes anything on this"
    owe = "owes" if row["others"] == 1 else "owe"
    return f"nobody; {count(row['others'], 'other')} {owe} something softer"


def _reach(row: dict[str, Any]) -> str:
    if not row["covered"]:
        return "silent"
    owed = row["partner_strength"]
    words = f"binds on {row['binding']} of {row['topics']}, speaks of {row['covered']}"
    return words if row["binding"] or not owed else f"{words}; at most: {STRENGTH_NAMES[owed]}"


def _read_in(row: dict[str, Any]) -> str:
    clauses = {name: row[f"read_in_{kind}"] for kind, name in READ_IN.items()}
    return listing([f"{name} ({n})" for name, n in clauses.items() if n])


def _words(text: str) -> str:
    """Days of a text written in words, without its full stop."""
    return _ISO.sub(lambda found: day(found[0]), text).rstrip(".")
