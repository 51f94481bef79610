"""Tables of what was said and agreed: meetings, steps, milestones, acts, pledges, issues, events.

Each function chooses and words the columns of one frame; with `cite`, a last column cites the sources.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.tables.layout import Cite, cited, great_table
from tradeviz.vocabulary import (
    COMMITMENT_KINDS,
    COMMITMENT_STATUS_NAMES,
    FORMAT_NAMES,
    GENERAL,
    ISSUE_NAMES,
    ISSUE_STATUS_NAMES,
    LEVEL_NAMES,
    MILESTONE_NAMES,
)
from tradeviz.wording import amount_bn, day, span

_STEP_NAMES = {
    "due": "due",
    "overdue": "day passed, outcome not known",
    "passed": "passed, outcome not known",
    "open": "open, no day named",
    "superseded": "overtaken by a later meeting",
    "closed": "done",
}


def meetings(rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """Meetings, newest first: when, at which level, who, with what outcome and next step."""
    return great_table(
        {
            "Day": _span_of_days(row),
            "Level": LEVEL_NAMES[row["level"]],
            "Where": row["city"] or FORMAT_NAMES[row["format"]],
            "Who": _leads(row),
            "Outcome": "Under way." if row["under_way"] else row["outcome"],
            "Next step": _planned(row),
            **cited(row, cite),
        }
        for row in reversed(records(rows_of))
    )


def next_steps(ds: Dataset, steps: pd.DataFrame, cite: Cite | None = None) -> GT:
    """Next steps that meetings agreed on, and how they stand."""
    return great_table(
        {
            "Partner": ds.name(row["partner"]),
            "Agreed": day(row["held"]),
            "Level": LEVEL_NAMES[row["level"]],
            "Next step": row["next_step"],
            "Due": day(row["due"]),
            "Stands": _STEP_NAMES[row["status"]],
            **cited(row, cite),
        }
        for row in records(steps)
    )


def milestones(rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """Milestones and their documents, newest first."""
    return great_table(
        {
            "Day": day(row["date"]),
            "Milestone": MILESTONE_NAMES[row["stage"]] + (" (sector)" if row["scope"] == "sector" else ""),
            "Document": row["document"],
            "What happened": row["summary"],
            **cited(row, cite),
        }
        for row in reversed(records(rows_of))
    )


def acts(rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """The acts that carried the deal out, and what has become of them."""
    return great_table(
        {
            "Day": day(row["date"]),
            "Act": row["document"] or MILESTONE_NAMES[row["stage"]],
            "By": "United States" if row["stage"] == "us_implemented" else "partner",
            "What it did": row["summary"],
            "What became of it": row["outcome"] or "no rate of that day on record",
            **cited(row, cite),
        }
        for row in records(rows_of)
    )


def commitments(rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """Pledges with amount and latest status."""
    return great_table(
        {
            "Announced": day(row["announced"]),
            "By": "United States" if row["by"] == "US" else "partner",
            "Kind": COMMITMENT_KINDS[row["kind"]],
            "Pledge": row["description"],
            "Amount": _amount(row),
            "Status": COMMITMENT_STATUS_NAMES.get(row["status"], "no status on record"),
            "Since": "" if pd.isna(row["status_date"]) else day(row["status_date"]),
            **cited(row, cite),
        }
        for row in records(rows_of)
    )


def _amount(row: dict[str, Any]) -> str:
    """The amount as it was stated, in the currency in which it was."""
    if not math.isnan(row["amount_bn"]):
        return amount_bn(row["amount_bn"], row["amount_per"], row["currency"])
    return "" if math.isnan(row["amount_usd_bn"]) else amount_bn(row["amount_usd_bn"], row["amount_per"])


def issues(facts: pd.DataFrame, cite: Cite | None = None) -> GT:
    """What was said on each issue, newest first."""
    return great_table(
        {
            "Day": day(row["date"]),
            "Issue": ISSUE_NAMES[row["issue"]],
            "Status": ISSUE_STATUS_NAMES[row["status"]],
            "What was said or agreed": row["summary"],
            **cited(row, cite),
        }
        for row in reversed(records(facts))
    )


def events(rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """General legal and policy events, newest first."""
    return great_table(
        {
            "Day": day(row["date"]),
            "Event": row["title"],
            "What happened": row["summary"],
            **cited(row, cite),
        }
        for row in reversed(records(rows_of))
    )


def changes(ds: Dataset, rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """What became known, newest first; what one text says of several partners stands once."""
    grouped = rows_of.groupby(["date", "kind", "text"], sort=False)
    gathered = grouped[["partner", "source_ids"]].agg(";".join).reset_index()
    return great_table(
        {
            "Known since": day(row["date"]),
            "Who": _who(ds, row["partner"]),
            "Kind": row["kind"],
            "What": row["text"],
            **cited(row, cite),
        }
        for row in records(gathered)
    )


def _who(ds: Dataset, codes: str) -> str:
    names = list(dict.fromkeys(codes.split(";")))
    if set(names) >= {*ds.reciprocal, *ds.border}:
        return "all partners"
    if set(names) >= set(ds.reciprocal):
        return f"all {len(ds.reciprocal)}"
    if len(names) > 6:
        return f"{len(names)} partners"
    general = {GENERAL: "all", "WLD": "world"}
    return ", ".join(general.get(code) or ds.name(code) for code in names)


def _span_of_days(row: dict[str, Any]) -> str:
    if row["under_way"]:
        return f"from {day(row['start_date'])}"
    return span(day(row["start_date"]), day(row["end_date"]))


def _leads(row: dict[str, Any]) -> str:
    sides = [side.replace(";", ", ") for side in (row["us_lead"], row["partner_lead"]) if side]
    return " with ".join(sides)


def _planned(row: dict[str, Any]) -> str:
    if not row["next_step"] or pd.isna(row["next_step_due"]):
        return row["next_step"]
    return f"{row['next_step']} (by {day(row['next_step_due'])})"
