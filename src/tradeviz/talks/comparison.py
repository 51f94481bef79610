"""Two days of knowledge side by side: stages, issues, pledges, threats and deadlines that differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.frames import records, with_days
from tradeviz.talks.agenda import commitments, issue_matrix
from tradeviz.talks.expectations import expectations
from tradeviz.talks.stages import stages
from tradeviz.vocabulary import (
    COMMITMENT_STATUS_NAMES,
    GENERAL,
    ISSUE_NAMES,
    ISSUE_STATUS_NAMES,
    STAGE_NAMES,
    layer_name,
)
from tradeviz.wording import day, rate

KINDS: tuple[str, ...] = ("stage", "document", "flag", "issue", "pledge", "threat", "agreed rate", "deadline")
"""What is compared, in this order."""

_COLUMNS = ["partner", "kind", "date", "from", "to", "text", "table", "key"]
_FIRST, _LAST = pd.Timestamp("1900-01-01"), pd.Timestamp("2200-01-01")


class _State(NamedTuple):
    """What one day of knowledge says of one thing."""

    value: str
    date: pd.Timestamp
    text: str
    table: str
    key: str


_Key = tuple[str, ...]
"""Partner, kind, and what else tells the thing from others."""


def compare(ds_a: Dataset, ds_b: Dataset, partner: str | None = None) -> pd.DataFrame:
    """What two days of knowledge say differently about the talks.

    Parameters
    ----------
    ds_a, ds_b : Dataset
        Facts as known on two days.
    partner : str, optional
        Code to keep; all when not given. Threats to all partners stay in.

    Returns
    -------
    pandas.DataFrame
        In partner order (ALL first), then by kind: partner, kind (stage; document, that the stage rests on;
        flag, suspended or broken off; issue; pledge; threat; agreed rate; deadline), date (the day of the
        later state; of a deadline the day due; NaT where none is known), from and to (the state that `ds_a`
        and `ds_b` give, in words, a deadline as its day; "" where it is not on record, or a deadline no
        longer stands), text (what it is about), table, key (identifier of the row within the table; the
        partner where several rows make the state).

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> found = talks.compare(tradeviz.load("2025-04-01"), ds, "IND")
    >>> found.loc[found["kind"] == "stage", ["from", "to"]].to_numpy().tolist()
    [['contact', 'talks opened']]
    """
    if partner is not None and partner not in ds_a.names:
        ds_b.partner(partner)
    before, after = _states(ds_a), _states(ds_b)
    rows = []
    for key in dict.fromkeys([*after, *before]):
        earlier, later = before.get(key), after.get(key)
        if (earlier.value if earlier else "") == (later.value if later else ""):
            continue
        shown = later or earlier
        assert shown is not None
        sides = [state.value if state else "" for state in (earlier, later)]
        rows.append([key[0], key[1], shown.date, *sides, *shown[2:]])
    frame = with_days(pd.DataFrame(rows, columns=_COLUMNS), ["date"])
    if partner is not None:
        frame = frame[frame["partner"].isin([partner, GENERAL])]
    return _ordered(ds_a, ds_b, frame)


def _ordered(ds_a: Dataset, ds_b: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    codes = list(dict.fromkeys([GENERAL, *ds_b.partners["partner"], *ds_a.partners["partner"]]))
    positions = pd.DataFrame(
        {"partner": [codes.index(code) for code in frame["partner"]],
         "kind": [KINDS.index(kind) for kind in frame["kind"]], "date": frame["date"].to_list()},
        index=frame.index,
    )  # fmt: skip
    order = positions.sort_values(["partner", "kind", "date"], kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _states(ds: Dataset) -> dict[_Key, _State]:
    kinds = (_stages, _issues, _pledges, _proposed, _deadlines)
    return {key: state for kind in kinds for key, state in kind(ds)}


def _stages(ds: Dataset) -> Iterator[tuple[_Key, _State]]:
    for row in records(stages(ds)):
        code, since, name = row["partner"], row["since"], STAGE_NAMES[row["stage"]]
        yield (code, "stage"), _State(name, since, row["document"], "milestones", code)
        yield (code, "document"), _State(row["document"], since, name, "milestones", code)
        for flag, on in (("suspended", "suspended_since"), ("broken_off", "broken_off_on")):
            name = flag.replace("_", " ")
            value = f"{name} since {day(row[on])}" if row[flag] else ""
            yield (code, "flag", flag), _State(value, row[on], name, "milestones", code)


def _issues(ds: Dataset) -> Iterator[tuple[_Key, _State]]:
    for row in records(issue_matrix(ds)):
        code, issue = row["partner"], row["issue"]
        value = ISSUE_STATUS_NAMES[row["status"]] + (", disputed" if row["disputed"] else "")
        since = row["disputed_since"] if row["disputed"] else row["date"]
        yield (code, "issue", issue), _State(value, since, ISSUE_NAMES[issue], "issues", f"{code}:{issue}")


def _pledges(ds: Dataset) -> Iterator[tuple[_Key, _State]]:
    for row in records(commitments(ds)):
        value = COMMITMENT_STATUS_NAMES.get(row["status"], "on record")
        since = row["announced"] if pd.isna(row["status_date"]) else row["status_date"]
        key = row["commitment_id"]
        yield (row["partner"], "pledge", key), _State(value, since, row["description"], "commitments", key)


def _proposed(ds: Dataset) -> Iterator[tuple[_Key, _State]]:
    for force, kind in (("threat", "threat"), ("deal", "agreed rate")):
        for row in records(rates.proposals(ds, force)):
            text, order_id = _words(row), row["order_id"]
            on = row["announced"] if row["alive"] else row["ended"]
            state = _State(row["end_reason"] or "open", on, text, "tariffs", order_id)
            yield (row["partner"], kind, order_id, text), state


def _words(row: dict[str, Any]) -> str:
    start = "" if pd.isna(row["effective"]) else f" from {day(row['effective'])}"
    return f"{layer_name(row['layer'], row['product'])} {rate(row['rate_pct'], row['basis'])}{start}"


def _deadlines(ds: Dataset) -> Iterator[tuple[_Key, _State]]:
    """Days that the talks set themselves; those of orders are steps, which rates.compare has."""
    due = expectations(ds, _FIRST, _LAST)
    for row in records(due[~due["kind"].isin(["rate step", "agreed rate", "threat"])]):
        kind, key, text = row["kind"], row["key"], f"{row['kind']}: {row['text']}"
        state = _State(f"{row['day']:%Y-%m-%d}", row["day"], text, row["table"], key)
        yield (row["partner"], "deadline", kind, key), state
