"""Meetings: by level, the last ones, and what was to follow.

A row is a meeting, call or formal letter. Letters are listed, but do not count as having met.
Not every contact is on record; a quiet spell can be missing evidence.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.data.asof import closing_ids
from tradeviz.frames import by_partner, once_per_dataset, records, with_days
from tradeviz.vocabulary import LEVELS

OVERDUE_DAYS = 60
"""Days for which a step whose day has passed without a known outcome counts as overdue."""


@once_per_dataset
def meetings(ds: Dataset, partner: str | None = None) -> pd.DataFrame:
    """The meetings known at `ds.as_of`, newest last.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str, optional
        Partner code to keep; all when not given.

    Returns
    -------
    pandas.DataFrame
        The columns of the table `meetings`, under_way, and name (of the partner).

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> talks.meetings(ds, "KOR").iloc[-1][["level", "format"]].tolist()
    ['ministerial', 'in_person']
    """
    rows = ds.meetings
    if partner is not None:
        rows = rows[rows["partner"] == ds.partner(partner)["partner"]]
    rows = rows.sort_values(["start_date", "end_date"], kind="stable").reset_index(drop=True)
    return rows.assign(name=rows["partner"].map(ds.names))


@once_per_dataset
def last_meetings(ds: Dataset) -> pd.DataFrame:
    """When each partner last met the United States, and how often at each level.

    Returns
    -------
    pandas.DataFrame
        One row per partner, in partner order: partner, name, track, last_date (last day of the
        last meeting or call, or as_of while one is under way; NaT if none), level, days_since
        (as_of minus last_date; -1 if none), record_through (last day that the record of meetings
        with the partner covers, at most as_of, at least last_date), gaps_after (number of contacts
        after last_date that are known without a usable day or source, see `known_gaps`),
        n_leaders, n_ministerial, n_technical (numbers of meetings and calls, letters left out).

    Examples
    --------
    >>> last = talks.last_meetings(ds).set_index("partner").loc["KOR"]
    >>> last["last_date"].date().isoformat(), last["level"], int(last["days_since"])
    ('2025-04-24', 'ministerial', 1)
    """
    met = meetings(ds)
    met = met[met["format"] != "letter"]
    last_day = met["end_date"].where(~met["under_way"], ds.as_of)
    met = met.assign(last=last_day).sort_values("last", kind="stable")
    meetings_of = by_partner(met)
    through = record_through(ds, "meetings")
    gaps = ds.known_gaps.groupby("partner")["last_day"].apply(list)
    rows = []
    for partner in records(ds.partners):
        contacts = meetings_of[partner["partner"]]
        last = contacts[-1] if contacts else None
        row: dict[str, Any] = {name: partner[name] for name in ("partner", "name", "track")}
        row["last_date"] = pd.NaT if last is None else last["last"]
        row["level"] = "" if last is None else last["level"]
        row["days_since"] = -1 if last is None else (ds.as_of - last["last"]).days
        ends = through.get(partner["partner"], pd.NaT)
        row["record_through"] = ends if last is None or ends > last["last"] else last["last"]
        since = pd.Timestamp.min if last is None else last["last"]
        row["gaps_after"] = sum(day > since for day in gaps.get(partner["partner"], []))
        levels = [contact["level"] for contact in contacts]
        row |= {f"n_{level}": levels.count(level) for level in reversed(LEVELS)}
        rows.append(row)
    return with_days(pd.DataFrame(rows), ["last_date", "record_through"])


def record_through(ds: Dataset, table: str) -> pd.Series:
    """The last day that a table covers for each partner, at most as_of; indexed by partner code.

    Examples
    --------
    >>> talks.record_through(ds, "meetings")["KOR"].date().isoformat()
    '2025-04-25'
    """
    rows = ds.coverage[ds.coverage["table"] == table].set_index("partner")
    return rows["through"].where(rows["through"] <= ds.as_of, ds.as_of)


def next_steps(ds: Dataset, partner: str | None = None) -> pd.DataFrame:
    """The next steps that meetings agreed on, and how they stand at `ds.as_of`.

    Returns
    -------
    pandas.DataFrame
        By the day of the meeting: meeting_id, partner, level, held (last day of the meeting),
        next_step, due (day, or NaT), status, days (to the due day; negative once it has passed;
        0 where none was named), source_ids. status is closed (by a meeting, milestone or order
        on record), due, overdue (passed for up to 60 days, outcome not known), passed (for
        longer), open (no day named) or superseded (no day named, and the two sides have met
        since at that level or above).

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> "open" in set(talks.next_steps(ds, "KOR")["status"])
    True
    """
    known = meetings(ds, partner)
    closers = closing_ids(ds.meetings, ds.milestones, ds.tariffs)
    rows = []
    for row in records(known[known["next_step"] != ""]):
        due = row["next_step_due"]
        rows.append(
            {
                "meeting_id": row["meeting_id"],
                "partner": row["partner"],
                "level": row["level"],
                "held": row["end_date"],
                "next_step": row["next_step"],
                "due": due,
                "status": _status(row, known, closers, ds.as_of),
                "days": 0 if pd.isna(due) else (due - ds.as_of).days,
                "source_ids": row["source_ids"],
            }
        )
    columns = ["meeting_id", "partner", "level", "held", "next_step", "due", "status", "days", "source_ids"]
    frame = pd.DataFrame(rows, columns=columns)
    return with_days(frame, ["held", "due"]).astype({"days": "int64"})


def _status(row: dict[str, Any], known: pd.DataFrame, closers: set[str], as_of: pd.Timestamp) -> str:
    if row["next_step_closed_by"] in closers:
        return "closed"
    due = row["next_step_due"]
    if pd.isna(due):
        high_enough = known["level"].map(LEVELS.index) >= LEVELS.index(row["level"])
        later = (known["partner"] == row["partner"]) & (known["start_date"] > row["end_date"])
        met_since = later & high_enough & (known["format"] != "letter")
        return "superseded" if met_since.any() else "open"
    if due >= as_of:
        return "due"
    return "overdue" if (as_of - due).days <= OVERDUE_DAYS else "passed"
