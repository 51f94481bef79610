"""The facts about the clauses of the texts."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.oracle.recomputed.about_talks import Facts
from tests.oracle.tables import Row, known, name_of, names_of, partners


def terms(as_of: str) -> Facts:
    """Texts and clauses by number, firm clauses by side, the most one-sided text, who aligns."""
    owed = [row for row in known("clauses", as_of) if row["role"] == "clause"]
    firm = [row for row in owed if row["strength"] in ("shall", "done")]
    bound = Counter(row["bound"] for row in firm)
    beside = {
        row["partner"]
        for row in firm
        if row["topic"] == "economic_security_alignment" and row["bound"] in ("partner", "both")
    }
    return {
        "texts": len({_text(row) for row in owed}),
        "partners": len({row["partner"] for row in owed}),
        "clauses": len(owed),
        "partner_firm": bound["partner"],
        "us_firm": bound["US"],
        "both_firm": bound["both"],
        "not_read": sum(row["read_in"] != "text" for row in owed),
        "most_one_sided": _most_one_sided(firm),
        "aligned": names_of(code for code in partners() if code in beside),
    }


def _text(row: Row) -> tuple[str, str, str]:
    return row["partner"], row["document"], row["published"]


def _most_one_sided(firm: list[Row]) -> tuple[Any, ...] | None:
    sides: dict[tuple[str, str, str], Counter[str]] = {}
    for row in firm:
        sides.setdefault(_text(row), Counter())[row["bound"]] += 1
    leads = {text: bound["partner"] - bound["US"] for text, bound in sides.items()}
    if max(leads.values(), default=0) <= 0:
        return None
    widest = [text for text, lead in leads.items() if lead == max(leads.values())]
    text = min(widest, key=lambda key: partners().index(key[0]))
    return name_of(text[0]), text[1], sides[text]["partner"], sides[text]["US"]
