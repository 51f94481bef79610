"""What is negotiated and what was promised: the issue matrix and the pledges.

Amounts of pledges are as stated; `talks.deals.pledge_totals` adds them up.
"""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import alike, with_days
from tradeviz.vocabulary import DISPUTED, ISSUE_STATUSES, ISSUES


def issue_matrix(ds: Dataset, partner: str | None = None) -> pd.DataFrame:
    """The status of each issue with each partner at `ds.as_of`.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str, optional
        Partner code to keep; all when not given.

    Returns
    -------
    pandas.DataFrame
        One row per partner and issue with at least one fact, in partner and issue order:
        partner, issue, status (the latest that can be ranked; "" where it was only ever
        disputed), date (of that status, or NaT), furthest (the furthest ever reached), disputed
        (True where a dispute came after the latest status), disputed_since (day or NaT).

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> "partner" in talks.issue_matrix(ds, "KOR")
    True
    """
    codes = list(ds.partners["partner"]) if partner is None else [ds.partner(partner)["partner"]]
    facts = alike(ds.issues.sort_values("date", kind="stable"), ["partner", "issue"])
    by_issue = {(history[0]["partner"], history[0]["issue"]): history for history in facts}
    rows = []
    for key in itertools.product(codes, ISSUES):
        history = by_issue.get(key, [])
        if history:
            rows.append((*key, *_latest(history)))
    columns = ["partner", "issue", "status", "date", "furthest", "disputed", "disputed_since"]
    frame = pd.DataFrame(rows, columns=columns)
    return with_days(frame, ["date", "disputed_since"]).astype({"disputed": "bool"})


def _latest(facts: list[dict[str, Any]]) -> tuple[Any, ...]:
    """Where one issue stands after its facts, oldest first: the columns of the matrix from status on."""
    ranked = [row for row in facts if row["status"] != DISPUTED]
    disputes = list(itertools.takewhile(lambda row: row["status"] == DISPUTED, reversed(facts)))
    status, since = (ranked[-1]["status"], ranked[-1]["date"]) if ranked else ("", pd.NaT)
    furthest = max((row["status"] for row in ranked), key=ISSUE_STATUSES.index, default="")
    return status, since, furthest, bool(disputes), disputes[-1]["date"] if disputes else pd.NaT


def commitments(ds: Dataset, partner: str | None = None) -> pd.DataFrame:
    """The pledges known at `ds.as_of`, each with its latest status by then.

    Returns
    -------
    pandas.DataFrame
        The columns of the table `commitments` (amount_usd_bn in billions of dollars), then
        status ("" where none is on record yet), status_date (day or NaT), status_source_ids.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> len(talks.commitments(ds, "KOR"))
    0
    """
    rows = ds.commitments
    if partner is not None:
        rows = rows[rows["partner"] == ds.partner(partner)["partner"]]
    latest = ds.commitment_status.sort_values("date", kind="stable").groupby("commitment_id").tail(1)
    latest = latest.rename(columns={"date": "status_date", "source_ids": "status_source_ids"})
    joined = rows.merge(latest, on="commitment_id", how="left")
    return joined.fillna({"status": "", "status_source_ids": ""})
