"""Rules of curation: days of calls, spans of pledges, falling statuses, notices without rates."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from tradeviz.data.problems import Problem, shown
from tradeviz.data.validation import TypedTable, at, at_each

_MONTHS = list(calendar.month_name)[1:]
_DAY_ELSEWHERE = re.compile(rf"\((\d{{1,2}}) ({'|'.join(_MONTHS)}) in ([A-Z][\w. ]+)\)")
_YEARLY = re.compile(r"\b(?:a|per|each|every) year\b|\b(?:yearly|annual(?:ly)?)\b", re.IGNORECASE)
_SAYS_WHEN = re.compile(r"\b20\d\d\b|\b(?:days?|months?|years?|term)\b")
_ACT = re.compile(r"\b\d{2,3} FR \d+\b|\bExecutive Order \d{5}\b|\bProclamation \d{5}\b")
_RANKS = {"pledged": 1, "in_text": 2, "delivered": 3}
_AT_A_DISTANCE = ("call", "video")


def _days_elsewhere(meetings: TypedTable) -> Iterator[Problem]:
    """A call is dated by the partner's day; Washington's stands beside it where the two differ."""
    for row, meeting in enumerate(meetings.frame.to_dict("records")):
        for match in _DAY_ELSEWHERE.finditer(meeting["outcome"]):
            number, month, city = match.groups()
            start = meeting["start_date"]
            if pd.isna(start):
                continue
            beside = [pd.Timestamp(start) + pd.Timedelta(days=days) for days in (-1, 1)]
            if (int(number), month) not in [(day.day, day.month_name()) for day in beside]:
                what = f'"{match[0]}" is not the day before or after start_date'
                yield meetings.text.problem(row, "outcome", what)
            if meeting["format"] in _AT_A_DISTANCE and city != "Washington":
                what = f"\"{match[0]}\": a call is dated by the partner's day, with Washington's in brackets"
                yield meetings.text.problem(row, "start_date", what)


def _spans(commitments: TypedTable) -> Iterator[Problem]:
    """What a pledge's words say of its span, its columns say too."""
    frame = commitments.frame
    stated = frame["amount_usd_bn"].notna() | frame["amount_bn"].notna()
    end, words = frame["horizon_end"], frame["description"]
    yearly = words.str.contains(_YEARLY)
    year_end = (end.dt.month == 12) & (end.dt.day == 31)
    named = [pd.isna(day) or str(day.year) in text for day, text in zip(end, words, strict=True)]

    def other_span(row: int) -> str:
        said = "speaks of a year" if yearly.iloc[row] else "does not speak of a year"
        return f'is "{frame["amount_per"].iloc[row]}", but the description {said}'

    unsaid = "is filled, but the description says nothing of an end; leave it empty or say so"
    closes = "closes a year that the description does not name; an end that was worked out is left empty"
    return at_each(
        commitments,
        (stated & (yearly != (frame["amount_per"] == "year")), "amount_per", other_span),
        (end.notna() & ~words.str.contains(_SAYS_WHEN), "horizon_end", unsaid),
        (year_end & ~np.array(named, dtype="bool"), "horizon_end", closes),
    )


def _falling_statuses(statuses: TypedTable) -> Iterator[Problem]:
    """A pledge falls back only after it was disputed or void; else one of two rows is wrong."""
    last: dict[str, str] = {}
    ordered = statuses.frame.sort_values("date", kind="stable")
    for row, pledge, status in zip(ordered.index, ordered["commitment_id"], ordered["status"], strict=True):
        before = last.get(pledge, "")
        if _RANKS.get(status, 9) < _RANKS.get(before, 0):
            what = f'is "{shown(status)}" after "{before}"; one of the two rows is wrong'
            yield statuses.text.problem(int(row), "status", what)
        last[pledge] = status


def _acts_without_rates(milestones: TypedTable, tariffs: TypedTable) -> Iterator[Problem]:
    """A notice that carries out a deal sets rates: its milestone needs rows in tariffs."""
    frame, orders = milestones.frame, tariffs.frame[tariffs.frame["force"] == "order"]
    announced = pd.MultiIndex.from_frame(orders[["partner", "announced"]])
    acts = (frame["stage"] == "us_implemented") & (frame["scope"] == "deal")
    acts &= frame["document"].str.contains(_ACT)
    acts &= ~pd.MultiIndex.from_frame(frame[["partner", "date"]]).isin(announced)
    what = "carries a deal out, but tariffs.csv has no order for the partner announced that day"
    return at(milestones, acts, "document", what)


RULES_OF_CURATION: list[tuple[tuple[str, ...], Callable[..., Iterator[Problem]]]] = [
    (("meetings",), _days_elsewhere),
    (("commitments",), _spans),
    (("commitment_status",), _falling_statuses),
    (("milestones", "tariffs"), _acts_without_rates),
]
"""Each rule, with the names of the tables that it is given."""
