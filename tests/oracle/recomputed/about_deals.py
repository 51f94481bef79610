"""The facts about deals and about the evidence."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import Any

from tests.oracle.later import cited
from tests.oracle.recomputed import ladder
from tests.oracle.recomputed.about_talks import Facts, forms, in_force
from tests.oracle.tables import KNOWN_ON, days_between, known, name_of, names_of, partners, rows, split

TALKS = ("meetings", "milestones", "issues", "commitments", "commitment_status")
FACTS = (*TALKS, "tariffs", "events")


def deals(as_of: str) -> Facts:
    """Deals by form, commitments by status, the largest pledge, acts that carried deals out."""
    made = known("commitments", as_of)
    owners = {row["partner"] for row in made}
    with_deal = [code for code in partners() if ladder.first_form(code, as_of)]
    return {
        "partners": len(partners("reciprocal")),
        "forms": forms(as_of),
        "in_force": in_force(as_of),
        "commitments": dict(Counter(_status(as_of).get(row["commitment_id"], "") for row in made)),
        "border": names_of(code for code in partners("border") if code in owners),
        "largest": _largest(as_of),
        "deals": len(with_deal),
        "us_acts": _acts(with_deal, "us_implemented", as_of),
        "partner_acts": _acts(with_deal, "partner_ratified", as_of),
    }


def _status(as_of: str) -> dict[str, str]:
    changes = sorted(known("commitment_status", as_of), key=lambda row: row["date"])
    return {row["commitment_id"]: row["status"] for row in changes}


def _largest(as_of: str) -> tuple[Any, ...] | None:
    kinds = ("investment", "purchase")
    pledged = [row for row in known("commitments", as_of) if row["kind"] in kinds and row["amount_usd_bn"]]
    if not pledged:
        return None
    most = max(float(row["amount_usd_bn"]) for row in pledged)
    top = [row for row in pledged if float(row["amount_usd_bn"]) == most]
    row = min(top, key=lambda pledge: (partners().index(pledge["partner"]), pledge["announced"]))
    sold = {annual["partner"]: annual for annual in known("trade_annual", as_of) if annual["year"] == "2024"}
    exports = sold.get(row["partner"], {}).get("us_goods_imports_usd_bn")
    times = most / float(exports) if exports and row["by"] != "US" else None
    by = "United States" if row["by"] == "US" else name_of(row["partner"])
    status = _status(as_of).get(row["commitment_id"], "")
    return most, row["amount_per"], len(top), by, row["kind"], status, times


def _acts(with_deal: list[str], stage: str, as_of: str) -> tuple[int, float | None]:
    took = [ladder.days_to_act(code, stage, as_of) for code in with_deal]
    days = [wait for wait in took if wait is not None]
    return len(days), median(days) if days else None


def evidence(as_of: str) -> Facts:
    """Rows and sources, what they rest on, for whom evidence is old, how far the data reach."""
    facts = {table: known(table, as_of) for table in FACTS}
    primary = {row["source_id"] for row in rows("sources") if row["kind"] == "primary"}
    cites = {table: [set(split(row["source_ids"])) for row in lines] for table, lines in facts.items()}
    return {
        "rows": sum(map(len, facts.values())),
        "sources": len(cited(as_of)),
        "primary_shares": {
            table: sum(bool(primary & ids) for ids in cites[table]) / len(cites[table])
            for table in ("tariffs", "milestones", "meetings")
            if cites[table]
        },
        "single": sum(len(ids) == 1 for table_ids in cites.values() for ids in table_ids),
        "marked": {
            table: sum(row["confidence"] == "single" for row in facts[table])
            for table in ("tariffs", "milestones")
        },
        "partners": len(partners()),
        "old": _old(as_of),
        "reach": as_of,
    }


def _old(as_of: str) -> int:
    """Partners whose last fact of the talks is more than 60 days old, or missing."""
    owner = {row["commitment_id"]: row["partner"] for row in known("commitments", as_of)}
    ordered: dict[tuple[str, str], set[str]] = {}
    for row in known("tariffs", as_of):
        if row["force"] == "order":
            ordered.setdefault((row["partner"], row["announced"]), set()).update(split(row["source_ids"]))
    recent = set()
    for table in TALKS:
        for row in known(table, as_of):
            code = row.get("partner") or owner[row["commitment_id"]]
            day = row[KNOWN_ON[table]]
            again = table == "issues" and set(split(row["source_ids"])) <= ordered.get((code, day), set())
            if days_between(day, as_of) <= 60 and not again:
                recent.add(code)
    return len(partners()) - len(recent)
