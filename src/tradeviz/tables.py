"""Tables for reading: frames of the analysis in, Great Tables out, in one look.

Each function chooses and words the columns of one frame; rows stay in the order given.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz import rates, talks
from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.vocabulary import (
    COMMITMENT_KINDS,
    COMMITMENT_STATUS_NAMES,
    FORMAT_NAMES,
    GENERAL,
    ISSUE_NAMES,
    ISSUE_STATUS_NAMES,
    LAYER_NAMES,
    LEVEL_NAMES,
    MILESTONE_NAMES,
    layer_name,
)
from tradeviz.wording import day, money_bn, rate

USMCA_EXEMPT = "goods under USMCA exempt"
"""Stands beside every rate of Canada and Mexico."""

_BOARD_LABELS = {
    "name": "Partner",
    "stage": "Stage",
    "rests_on": "Rests on",
    "rate": "Whole-economy rates in force",
    "deadline": "Next deadline",
    "last_met": "Last met",
}

_STEP_NAMES = {
    "due": "due",
    "overdue": "day passed, outcome not known",
    "passed": "passed, outcome not known",
    "open": "open, no day named",
    "superseded": "overtaken by a later meeting",
    "closed": "done",
}


def board(ds: Dataset, stages: pd.DataFrame) -> GT:
    """The board: stage, what it rests on, rates, next deadline, last meeting of each partner."""
    words = board_words(ds, stages).drop(columns=["partner", "track", "suspended"])
    return _great_table(records(words.rename(columns=_BOARD_LABELS)), "board")


def board_words(ds: Dataset, stages: pd.DataFrame) -> pd.DataFrame:
    """Put the board into words.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    stages : pandas.DataFrame
        Rows of `talks.stages`, in the order wanted.

    Returns
    -------
    pandas.DataFrame
        partner, name, track, stage (with suspension or break-off), rests_on, suspended, rate (the
        whole-economy rates in force), deadline (the next cliff), last_met: text, but for suspended.
    """
    met = talks.last_meetings(ds).set_index("partner")
    due, rates_now = rates.cliffs(ds), rates.in_force(ds)
    rows = [
        {
            "partner": row["partner"],
            "name": row["name"],
            "track": row["track"],
            "stage": _stage(row),
            "rests_on": row["rests_on"],
            "suspended": row["suspended"],
            "rate": whole_economy(ds, rates_now, row["partner"]),
            "deadline": _next_deadline(due, row["partner"]),
            "last_met": _last_met(met.loc[row["partner"]]),
        }
        for row in records(stages)
    ]
    return pd.DataFrame(rows)


def rates_by_layer(ds: Dataset, rates_now: pd.DataFrame) -> GT:
    """The rates in force of one partner, layer by layer; layers at zero are left out."""
    rows = [
        {
            "Layer": LAYER_NAMES[row["layer"]],
            "Goods": row["product"] or "all goods of the layer",
            "Rate": _rate_with_exemption(ds, row),
            "Since": day(row["effective"]),
            "By order": row["order_id"],
            "Announced": day(row["announced"]),
        }
        for row in records(rates_now[rates_now["rate_pct"] != 0])
    ]
    return _great_table(rows, "rates")


def proposals(rows_of: pd.DataFrame) -> GT:
    """Threats and deals: what was said or agreed, and what has become of it."""
    rows = [
        {
            "Announced": day(row["announced"]),
            "Layer": layer_name(row["layer"], row["product"]),
            "Rate": rate(row["rate_pct"], row["basis"]),
            "From": day(row["effective"]),
            "Document": row["instrument"],
            "Stands": f"open, {row['days_open']} days old" if row["alive"] else _ended(row),
        }
        for row in records(rows_of)
    ]
    return _great_table(rows, "proposals")


def partner_cliffs(due: pd.DataFrame) -> GT:
    """What is already ordered and due for one partner."""
    rows = [
        {
            "Day": day(row["effective"]),
            "In days": str(row["days_left"]),
            "Layer": layer_name(row["layer"], row["product"]),
            "From": rate(row["from_rate_pct"], row["from_basis"]),
            "To": rate(row["rate_pct"], row["basis"]),
            "By order": row["order_id"],
            "Deal beside it": row["deal_order_id"],
        }
        for row in records(due)
    ]
    return _great_table(rows, "cliffs")


def meetings(rows_of: pd.DataFrame) -> GT:
    """Meetings, newest first: when, at which level, who, with what outcome and next step."""
    rows = [
        {
            "Day": _span_of_days(row),
            "Level": LEVEL_NAMES[row["level"]],
            "Where": row["city"] or FORMAT_NAMES[row["format"]],
            "Who": _leads(row),
            "Outcome": "Under way." if row["under_way"] else row["outcome"],
            "Next step": _planned(row),
        }
        for row in reversed(records(rows_of))
    ]
    return _great_table(rows, "meetings")


def next_steps(ds: Dataset, steps: pd.DataFrame) -> GT:
    """Next steps that meetings agreed on, and how they stand."""
    rows = [
        {
            "Partner": ds.name(row["partner"]),
            "Agreed": day(row["held"]),
            "Level": LEVEL_NAMES[row["level"]],
            "Next step": row["next_step"],
            "Due": day(row["due"]),
            "Stands": _STEP_NAMES[row["status"]],
        }
        for row in records(steps)
    ]
    return _great_table(rows, "steps")


def milestones(rows_of: pd.DataFrame) -> GT:
    """Milestones and their documents, newest first."""
    rows = [
        {
            "Day": day(row["date"]),
            "Milestone": MILESTONE_NAMES[row["stage"]] + (" (sector)" if row["scope"] == "sector" else ""),
            "Document": row["document"],
            "What happened": row["summary"],
        }
        for row in reversed(records(rows_of))
    ]
    return _great_table(rows, "milestones")


def acts(rows_of: pd.DataFrame) -> GT:
    """The acts that carried the deal out, and what has become of them."""
    rows = [
        {
            "Day": day(row["date"]),
            "Act": row["document"] or MILESTONE_NAMES[row["stage"]],
            "By": "United States" if row["stage"] == "us_implemented" else "partner",
            "What it did": row["summary"],
            "What became of it": row["outcome"] or "no rate of that day on record",
        }
        for row in records(rows_of)
    ]
    return _great_table(rows, "acts")


def commitments(rows_of: pd.DataFrame) -> GT:
    """Pledges with amount and latest status; amounts overlap in places and are never added up."""
    rows = [
        {
            "Announced": day(row["announced"]),
            "By": "United States" if row["by"] == "US" else "partner",
            "Kind": COMMITMENT_KINDS[row["kind"]],
            "Pledge": row["description"],
            "Amount": "" if math.isnan(row["amount_usd_bn"]) else money_bn(row["amount_usd_bn"]),
            "Status": COMMITMENT_STATUS_NAMES.get(row["status"], "no status on record"),
            "Since": "" if pd.isna(row["status_date"]) else day(row["status_date"]),
        }
        for row in records(rows_of)
    ]
    return _great_table(rows, "commitments")


def issues(facts: pd.DataFrame) -> GT:
    """What was said on each issue, newest first."""
    rows = [
        {
            "Day": day(row["date"]),
            "Issue": ISSUE_NAMES[row["issue"]],
            "Status": ISSUE_STATUS_NAMES[row["status"]],
            "What was said or agreed": row["summary"],
        }
        for row in reversed(records(facts))
    ]
    return _great_table(rows, "issues")


def events(rows_of: pd.DataFrame) -> GT:
    """General legal and policy events, newest first."""
    rows = [
        {"Day": day(row["date"]), "Event": row["title"], "What happened": row["summary"]}
        for row in reversed(records(rows_of))
    ]
    return _great_table(rows, "events")


def changes(ds: Dataset, rows_of: pd.DataFrame) -> GT:
    """What became known, newest first; what one text says of several partners stands once."""
    gathered = rows_of.groupby(["date", "kind", "text"], sort=False)["partner"].agg(";".join).reset_index()
    rows = [
        {
            "Known since": day(row["date"]),
            "Who": _who(ds, row["partner"]),
            "Kind": row["kind"],
            "What": row["text"],
        }
        for row in records(gathered)
    ]
    return _great_table(rows, "changes")


def whole_economy(ds: Dataset, rates_now: pd.DataFrame, partner: str) -> str:
    """The whole-economy rates of one partner in words: "10% reciprocal; 20% fentanyl (IEEPA)"."""
    own = rates.whole_economy_rows(rates_now[rates_now["partner"] == partner])
    parts = [
        f"{rate(row['rate_pct'], row['basis'])} {layer_name(row['layer'], row['product'])}"
        for row in records(own[own["rate_pct"] != 0])
    ]
    exempt = f" ({USMCA_EXEMPT})" if parts and partner in ds.border else ""
    return ("; ".join(parts) or "none") + exempt


def _great_table(rows: list[dict[str, str]], name: str) -> GT:
    gt = GT(pd.DataFrame(rows), id=f"tv-{name}")
    return gt.tab_options(table_width="100%", table_font_size="0.9em", data_row_padding="0.35em")


def _stage(row: dict[str, Any]) -> str:
    name = MILESTONE_NAMES[row["stage"]]
    if row["suspended"]:
        return f"{name}; suspended since {day(row['suspended_since'])}"
    if row["broken_off"]:
        return f"{name}; broken off on {day(row['broken_off_on'])}"
    return name


def _next_deadline(due: pd.DataFrame, partner: str) -> str:
    own = due[due["partner"] == partner]
    if own.empty:
        return "none ordered"
    whole = rates.whole_economy_rows(own)
    first = (whole if len(whole) else own).iloc[0]
    layer, to = layer_name(first["layer"], first["product"]), rate(first["rate_pct"], first["basis"])
    return f"{day(first['effective'])}: {layer} to {to}"


def _last_met(row: pd.Series) -> str:
    if pd.isna(row["last_date"]):
        return "not yet"
    return f"{day(row['last_date'])} ({LEVEL_NAMES[row['level']]})"


def _rate_with_exemption(ds: Dataset, row: dict[str, Any]) -> str:
    text = rate(row["rate_pct"], row["basis"])
    if row["confidence"] == "unconfirmed":
        return f"{text}, scheduled; not confirmed"
    exempt = row["partner"] in ds.border and row["layer"] != "retaliation"
    return f"{text} ({USMCA_EXEMPT})" if exempt else text


def _ended(row: dict[str, Any]) -> str:
    by = f" by {row['ended_by']}" if row["ended_by"] and row["ended_by"] != row["order_id"] else ""
    return f"{row['end_reason']}{by}, {day(row['ended'])}"


def _who(ds: Dataset, codes: str) -> str:
    names = list(dict.fromkeys(codes.split(";")))
    if set(names) >= {*ds.reciprocal, *ds.border}:
        return "all partners"
    if set(names) >= set(ds.reciprocal):
        return "all 18"
    if len(names) > 6:
        return f"{len(names)} partners"
    general = {GENERAL: "all", "WLD": "world"}
    return ", ".join(general.get(code) or ds.name(code) for code in names)


def _span_of_days(row: dict[str, Any]) -> str:
    if row["start_date"] == row["end_date"]:
        return day(row["start_date"])
    return f"{day(row['start_date'])} to {day(row['end_date'])}"


def _leads(row: dict[str, Any]) -> str:
    sides = [side.replace(";", ", ") for side in (row["us_lead"], row["partner_lead"]) if side]
    return " with ".join(sides)


def _planned(row: dict[str, Any]) -> str:
    if not row["next_step"] or pd.isna(row["next_step_due"]):
        return row["next_step"]
    return f"{row['next_step']} (by {day(row['next_step_due'])})"
