"""Units of the columns that the library derives, by their names."""

from __future__ import annotations

_BY_ENDING = {
    "_pct": "percent",
    "_pp": "percentage points",
    "usd_bn": "billions of U.S. dollars",
    "_usd_mn": "millions of U.S. dollars",
    "_share": "share, 0 to 1",
    "_days": "days",
    "points": "percentage points",
}
_NAMES = {
    "billions of its currency": "amount_bn",
    "days": "age_days days days_ahead days_left days_open days_since",
    "months": "months",
    "number of clauses": "clauses partner_clauses read_in_report read_in_summary read_in_text us_clauses",
    "number of commitments": "commitments",
    "number of meetings and calls": "meetings",
    "number of partners": "at_risk framework_n n n_partners order_n others reached text_n",
    "number of partners or topics": "covered",
    "number of pledges": "parts pledges",
    "number of rows": "analysis news primary rows single_source",
    "number of sources": "sources",
    "number of steps": "n_steps",
    "number of topics": "binding firmer looser only_first only_other same topics",
    "number of waits": "censored events",
    "place on the ladder, 0 to 6": "rung",
    "place, 1 for the highest": "rank record_rank",
    "share": "share_of_exports",
    "share, 0 to 1": "lower share_binding share_of_partner share_of_us_imports share_same upper",
    "true or false; number of partners": "day_zero",
    "what the item says": "number",
}
_BY_NAME = {name: unit for unit, names in _NAMES.items() for name in names.split()}


def unit_of(name: str) -> str:
    """Give the unit of a derived column, "" where it has none.

    Examples
    --------
    >>> from tradeviz.units import unit_of
    >>> unit_of("touched_usd_bn")
    'billions of U.S. dollars'
    """
    return _BY_NAME.get(name) or next((unit for end, unit in _BY_ENDING.items() if name.endswith(end)), "")
