"""Days that the record names: rates that change, texts and pledges that end, clauses and next steps due.

What was replaced, withdrawn or done before its day stays, and says so: whoever noted the day has to learn it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.days import read_day
from tradeviz.frames import records, with_days
from tradeviz.talks.clauses import clause_deadlines
from tradeviz.vocabulary import GENERAL

KINDS: tuple[str, ...] = (
    "rate step",
    "agreed rate",
    "threat",
    "term ends",
    "pledge ends",
    "clause deadline",
    "next step",
)
"""Kinds of deadlines, those of rates first."""

STANDING, PROPOSED, OFF = "standing", "proposed", "off"
"""States: ordered or agreed on, only said, and no longer to come."""

_COLUMNS = ["day", "partner", "kind", "state", "changed", "text", "layer", "product", "rate_pct", "basis"]
_COLUMNS += ["confidence", "table", "key", "step", "order_id", "announced"]
_NO_RATE = {
    "layer": "",
    "product": "",
    "rate_pct": float("nan"),
    "basis": "",
    "confidence": "",
    "step": 1,
    "order_id": "",
    "announced": pd.NaT,
}
_Row = dict[str, Any]


def deadlines(ds: Dataset, since: str | date | pd.Timestamp | None = None) -> pd.DataFrame:
    """The days that the record known at `ds.as_of` names, past ones and those called off included.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    since : date, optional
        The first day to keep; the year before as_of when not given.

    Returns
    -------
    pandas.DataFrame
        By day, then partner and kind: day, partner (code, or ALL for what was said to all), kind (one of
        `KINDS`), state (standing: ordered, or in a text; proposed: threatened, or agreed and not ordered;
        off: replaced, withdrawn, overtaken or done before its day), changed (the day on which this state
        became known), text (instrument, document or what is due), layer, product, rate_pct (percent) and
        basis (of a rate; else "" and NaN), confidence (of an order's rate; else ""), table, key
        (identifier of the row within the table), step (which of the days of its order it is, from 1),
        order_id, announced (of a rate; else "" and NaT), and the columns of `rates.at_stake`: NaN except
        for rates still to come.

    Raises
    ------
    UsageError
        If `since` is no day.

    Examples
    --------
    >>> later = talks.deadlines(tradeviz.load("2025-07-08"))
    >>> korea = later[(later["partner"] == "KOR") & (later["kind"] == "rate step")]
    >>> korea[["day", "state"]].tail(2).reset_index(drop=True)
             day     state
    0 2025-07-09       off
    1 2025-08-01  standing
    """
    first = ds.as_of - pd.Timedelta(days=365) if since is None else read_day(since, "since", ds.coverage_end)
    kinds = (_steps, _proposed, _terms, _pledges, _clauses, _next_steps)
    rows = [row for kind in kinds for row in kind(ds) if row["day"] >= first]
    frame = with_days(pd.DataFrame(rows, columns=_COLUMNS), ["day", "changed", "announced"])
    frame = frame.astype({"rate_pct": "float64", "step": "int64"})
    ranks = {code: rank for rank, code in enumerate([GENERAL, *ds.partners["partner"]])}
    order = pd.DataFrame(
        {"day": frame["day"], "partner": frame["partner"].map(ranks), "kind": frame["kind"].map(KINDS.index)}
    ).sort_values(["day", "partner", "kind"], kind="stable")
    return _weighed(ds, frame.loc[order.index].reset_index(drop=True))


def _weighed(ds: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    ahead = (frame["layer"] != "") & (frame["state"] != OFF) & (frame["day"] > ds.as_of)
    weighed = rates.at_stake(ds, frame[ahead].rename(columns={"day": "effective"}))
    weighed = weighed.rename(columns={"effective": "day"}).set_index(frame.index[ahead])
    measures = [name for name in weighed if name not in frame]
    joined = frame.join(weighed[measures])
    return joined.assign(known=joined["known"].astype("object").fillna("").astype("str"))


def _steps(ds: Dataset) -> Iterator[_Row]:
    for step in records(rates.scheduled(ds)):
        off = step["replaced_by"] != ""
        changed = step["replaced_on"] if off else step["announced"]
        yield _rate(step, "rate step", OFF if off else STANDING, changed)


def _proposed(ds: Dataset) -> Iterator[_Row]:
    for force, kind in (("deal", "agreed rate"), ("threat", "threat")):
        rows = rates.proposals(ds, force)
        dated = rows[rows["effective"] > rows["announced"]]
        of_one = dated.groupby(["order_id", "layer", "product"])["effective"]
        for step in records(dated.assign(step=of_one.rank(method="dense").astype("int64"))):
            off = not step["alive"] and step["ended"] < step["effective"]
            yield _rate(step, kind, OFF if off else PROPOSED, step["ended"] if off else step["announced"])


def _rate(step: _Row, kind: str, state: str, changed: pd.Timestamp) -> _Row:
    row = _row(step["effective"], step["partner"], kind, state, changed, step["instrument"])
    facts = {name: step[name] for name in ("layer", "product", "rate_pct", "basis", "order_id", "announced")}
    also = {"confidence": step.get("confidence", ""), "step": step["step"]}
    return row | facts | also | {"table": "tariffs", "key": step["order_id"]}


def _terms(ds: Dataset) -> Iterator[_Row]:
    """Terms of texts; one that a later milestone prolonged before its end is off."""
    rows = records(ds.milestones[ds.milestones["expires"].notna()].sort_values("date", kind="stable"))
    for index, row in enumerate(rows):
        longer = [
            later["date"]
            for later in rows[index + 1 :]
            if later["partner"] == row["partner"]
            and later["expires"] > row["expires"]
            and later["date"] <= row["expires"]
        ]
        state, changed = (OFF, longer[0]) if longer else (STANDING, row["date"])
        key = f"{row['partner']}:{row['date']:%Y-%m-%d}:{row['stage']}"
        text = row["document_short"] or row["document"]
        facts = _row(row["expires"], row["partner"], "term ends", state, changed, text)
        yield facts | {"table": "milestones", "key": key}


def _pledges(ds: Dataset) -> Iterator[_Row]:
    for row in records(ds.commitments[ds.commitments["horizon_end"].notna()]):
        facts = (row["horizon_end"], row["partner"], "pledge ends", STANDING, row["announced"])
        yield _row(*facts, row["description"]) | {"table": "commitments", "key": row["commitment_id"]}


def _clauses(ds: Dataset) -> Iterator[_Row]:
    published = ds.clauses.set_index("clause_id")["published"]
    due = clause_deadlines(ds)
    for row in records(due[due["due"].notna()]):
        known = published[row["clause_id"]]
        changed = known if pd.isna(row["starts"]) else max(known, row["starts"])
        where = f"{row['document']}, {row['article']}" if row["article"] else row["document"]
        facts = (row["due"], row["partner"], "clause deadline", STANDING, changed)
        yield _row(*facts, f"{where}: {row['obligation']}") | {"table": "clauses", "key": row["clause_id"]}


def _next_steps(ds: Dataset) -> Iterator[_Row]:
    """What meetings agreed to do by a day; what was done earlier is off."""
    closed_on = _closing_days(ds)
    for row in records(ds.meetings[ds.meetings["next_step_due"].notna()]):
        due, closed = row["next_step_due"], closed_on.get(row["next_step_closed_by"])
        off = closed is not None and closed < due
        met_on = row["start_date"] if row["under_way"] else row["end_date"]
        facts = (due, row["partner"], "next step", OFF if off else STANDING, closed if off else met_on)
        yield _row(*facts, row["next_step"]) | {"table": "meetings", "key": row["meeting_id"]}


def _closing_days(ds: Dataset) -> dict[str, pd.Timestamp]:
    """The days of what can close a next step: meetings, orders, and milestones as partner:date:stage."""
    met = {row["meeting_id"]: row["start_date"] for row in records(ds.meetings)}
    ordered = {row["order_id"]: row["announced"] for row in records(ds.tariffs)}
    reached = {
        f"{row['partner']}:{row['date']:%Y-%m-%d}:{row['stage']}": row["date"]
        for row in records(ds.milestones)
    }
    return met | ordered | reached


def _row(
    day: pd.Timestamp, partner: str, kind: str, state: str, changed: pd.Timestamp | None, text: str
) -> _Row:
    facts = {"day": day, "partner": partner, "kind": kind, "state": state, "changed": changed, "text": text}
    return _NO_RATE | facts
