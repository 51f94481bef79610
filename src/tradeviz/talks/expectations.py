"""What the record itself said would happen on the days of a period, before anybody knew whether it did.

Steps that orders scheduled, rates agreed or threatened from a day on, terms and pledges that end, and
next steps that meetings agreed on. What came of them is for the tables to say once somebody has looked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.frames import alike, once_per_dataset, records, with_days
from tradeviz.talks.clauses import clause_deadlines
from tradeviz.talks.meetings import next_steps
from tradeviz.vocabulary import layer_name
from tradeviz.wording import rate

_COLUMNS = ["day", "partner", "kind", "text", "by", "overtaken", "table", "key"]
_Row = dict[str, Any]


@once_per_dataset
def expectations(
    ds: Dataset, first: str | date | pd.Timestamp, last: str | date | pd.Timestamp
) -> pd.DataFrame:
    """What was to happen between two days, both included, as the record known at `ds.as_of` says.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    first, last : date
        The period.

    Returns
    -------
    pandas.DataFrame
        By day, then in the order of kinds: day, partner (codes, `;`-separated; ALL for a general
        order), kind (rate step, agreed rate, threat, term ends, pledge ends, next step,
        clause deadline), text, by (the
        instrument of a rate; else ""), overtaken (True for a step in whose place a later order
        stands), table, key (identifier of the row within the table), through (the last day that the
        table covers for the partner, at most as_of). Threats and deals that have ended are left out,
        and so are next steps that something closed.

    Examples
    --------
    >>> due = talks.expectations(ds, "2025-07-09", "2025-07-09").set_index("partner")
    >>> due.loc["CHE", "text"]
    'reciprocal to 31%'
    """
    rows = [*_steps(ds), *_proposed(ds), *_terms(ds), *_pledges(ds), *_next_steps(ds), *_clauses(ds)]
    frame = with_days(pd.DataFrame(rows, columns=_COLUMNS), ["day"])
    frame = frame[(frame["day"] >= pd.Timestamp(first)) & (frame["day"] <= pd.Timestamp(last))]
    covered = ds.coverage.set_index(["table", "partner"])["through"]
    through = [_through(covered, ds, row) for row in records(frame[["table", "partner"]])]
    frame = frame.assign(through=through)
    frame = frame.astype({"overtaken": "bool"})
    return with_days(frame, ["through"]).sort_values("day", kind="stable").reset_index(drop=True)


def _through(covered: pd.Series, ds: Dataset, row: _Row) -> pd.Timestamp:
    days = [covered.get((row["table"], code)) for code in row["partner"].split(";")]
    known = [when for when in days if when is not None]
    return min(known) if known else min(ds.as_of, ds.coverage_end)


def _steps(ds: Dataset) -> Iterator[_Row]:
    """One row per order, layer, product, day and rate, its partners together."""
    orders = ds.tariffs[ds.tariffs["force"] == "order"]
    by_order = ["order_id", "layer", "product", "effective"]
    standing = {tuple(row.values()) for row in records(rates.schedules(ds)[by_order])}
    for rows in alike(orders, [*by_order, "rate_pct", "basis"]):
        partners = ";".join(row["partner"] for row in rows)
        key = tuple(rows[0][name] for name in by_order)
        yield _rate(rows[0], partners, "rate step", overtaken=key not in standing)


def _proposed(ds: Dataset) -> Iterator[_Row]:
    """Rates agreed or threatened from a day on; a threat is no longer alive once its day has passed."""
    for force, kind in (("deal", "agreed rate"), ("threat", "threat")):
        rows = rates.proposals(ds, force)
        open_ = rows[(rows["alive"] | (rows["end_reason"] == "day passed")) & rows["effective"].notna()]
        for step in records(open_):
            yield _rate(step, step["partner"], kind)


def _rate(step: _Row, partners: str, kind: str, overtaken: bool = False) -> _Row:
    what = f"{layer_name(step['layer'], step['product'])} to {rate(step['rate_pct'], step['basis'])}"
    row = _row(step["effective"], partners, kind, what, "tariffs", step["order_id"])
    return row | {"by": step["instrument"], "overtaken": overtaken}


def _terms(ds: Dataset) -> Iterator[_Row]:
    for row in records(ds.milestones[ds.milestones["expires"].notna()]):
        document = row["document_short"] or row["document"]
        key = f"{row['partner']}:{row['date']:%Y-%m-%d}:{row['stage']}"
        yield _row(row["expires"], row["partner"], "term ends", document, "milestones", key)


def _pledges(ds: Dataset) -> Iterator[_Row]:
    for row in records(ds.commitments[ds.commitments["horizon_end"].notna()]):
        key = row["commitment_id"]
        yield _row(row["horizon_end"], row["partner"], "pledge ends", row["description"], "commitments", key)


def _next_steps(ds: Dataset) -> Iterator[_Row]:
    steps = next_steps(ds)
    for row in records(steps[steps["due"].notna() & (steps["status"] != "closed")]):
        key = row["meeting_id"]
        yield _row(row["due"], row["partner"], "next step", row["next_step"], "meetings", key)


def _clauses(ds: Dataset) -> Iterator[_Row]:
    deadlines = clause_deadlines(ds)
    for row in records(deadlines[deadlines["due"].notna()]):
        text = f"{row['document']}, {row['article']}: {row['obligation']}"
        yield _row(row["due"], row["partner"], "clause deadline", text, "clauses", row["clause_id"])


def _row(when: pd.Timestamp, partner: str, kind: str, text: str, table: str, key: str) -> _Row:
    return dict(zip(_COLUMNS, (when, partner, kind, text, "", False, table, key), strict=True))
