"""Stages, deals and waits, computed again from milestones.csv."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log, sqrt

from tests.oracle.tables import Row, cache, days_between, known, partners, words
from tradeviz.vocabulary import STAGES

FORMS = STAGES[STAGES.index("framework_announced") :]


@dataclass
class Standing:
    """Where the talks with one partner stand; rung -1 where there was no contact."""

    rung: int = -1
    since: str = ""
    suspended: str = ""
    broken_off: str = ""
    opened: str = ""
    paper: Row = field(default_factory=dict)
    longer: Row = field(default_factory=dict)

    @property
    def stage(self) -> str:
        """The name of the rung."""
        return STAGES[self.rung] if self.rung >= 0 else ""


def milestones(code: str, as_of: str) -> list[Row]:
    """A partner's milestones of scope deal that were known on a day, oldest first."""
    rows = [row for row in known("milestones", as_of) if row["partner"] == code and row["scope"] == "deal"]
    return sorted(rows, key=lambda row: row["date"])


@cache
def standing(code: str, as_of: str) -> Standing:
    """Climb the ladder, milestone by milestone."""
    at = Standing()
    for row in milestones(code, as_of):
        if row["stage"] in STAGES:
            rung = STAGES.index(row["stage"])
            if rung > at.rung:
                at.opened = at.opened or (row["date"] if rung >= 1 else "")
                at.rung, at.since, at.paper, at.longer = rung, row["date"], row, {}
            elif rung == at.rung and (row["document"] or not at.paper.get("document")):
                at.paper, at.longer = row, {}
            elif "" < at.paper.get("expires", "") < row["expires"]:
                at.longer = row
            at.broken_off = ""
        elif row["stage"] == "suspended":
            at.suspended = at.suspended or row["date"]
        elif row["stage"] == "resumed":
            at.suspended = at.broken_off = ""
        elif row["stage"] == "collapsed":
            if at.rung > 1:
                at.rung, at.since, at.paper, at.longer = 1, at.opened, {}, {}
            at.suspended, at.broken_off = "", row["date"]
    return at


def paper(at: Standing, as_of: str) -> str:
    """The document that a stage rests on, with its last day; "" for none."""
    name = at.paper.get("document_short") or at.paper.get("document") or ""
    last = at.paper.get("expires", "")
    if not name or not last:
        return name
    kind = "a statement" if at.longer.get("stage") == "framework_announced" else "a text"
    more = f"; by {kind} to {words(at.longer['expires'])}" if at.longer else ""
    return f"{name}, to {words(last)}{more}" + ("; outcome not on record" if last < as_of else "")


def ended(at: Standing, as_of: str) -> str:
    """The last day of the document that a stage rests on, where it has passed; else ""."""
    last = at.paper.get("expires", "")
    return last if last < as_of else ""


def first_form(code: str, as_of: str) -> str:
    """The day on which a partner's deal first took a form; "" where there is none, or it collapsed."""
    first = ""
    for row in milestones(code, as_of):
        if row["stage"] == "collapsed":
            first = ""
        elif row["stage"] in FORMS:
            first = first or row["date"]
    return first


def days_to_act(code: str, stage: str, as_of: str) -> int | None:
    """Days from a deal to the act that carried it out: the first since, else the last before."""
    start = first_form(code, as_of)
    acts = [row["date"] for row in milestones(code, as_of) if row["stage"] == stage]
    if not start or not acts:
        return None
    since = [day for day in acts if day >= start]
    return days_between(start, min(since) if since else max(acts))


def waits(as_of: str) -> list[tuple[int, bool]]:
    """For each of the 18 that opened talks: days waited for a framework, and whether it came."""
    found = []
    for code in partners("reciprocal"):
        start = end = ""
        for row in milestones(code, as_of):
            if row["stage"] == "collapsed":
                start, end = (row["date"] if start else ""), ""
            elif row["stage"] == "talks_opened":
                start = start or row["date"]
            elif row["stage"] in FORMS:
                end = end or row["date"]
        if start:
            found.append((max(0, days_between(start, end or as_of)), bool(end)))
    return found


def kaplan_meier(lengths: list[tuple[int, bool]]) -> list[tuple[int, float, float | None, float | None]]:
    """The share that has reached the end by each day with an event, with a 95% band on log(-log S)."""
    share, variance, steps = 1.0, 0.0, []
    for day in sorted({days for days, reached in lengths if reached}):
        at_risk = sum(days >= day for days, _ in lengths)
        events = sum(days == day and reached for days, reached in lengths)
        share *= 1 - events / at_risk
        if share < 1e-12:
            steps.append((day, 1.0, None, None))
            break
        variance += events / (at_risk * (at_risk - events))
        spread = 1.959963984540054 * sqrt(variance) / abs(log(share))
        steps.append((day, 1 - share, 1 - share ** exp(-spread), 1 - share ** exp(spread)))
    return steps


def median(lengths: list[tuple[int, bool]]) -> tuple[int | None, int | None, int | None]:
    """The median wait in days with its 95% interval; None where one half is not reached."""
    curve = kaplan_meier(lengths)

    def first(at: int) -> int | None:
        there = [step[0] for step in curve if step[at] is not None and step[at] >= 0.5 - 1e-12]  # type: ignore[operator]
        return int(there[0]) if there else None

    return first(1), first(3), first(2)
