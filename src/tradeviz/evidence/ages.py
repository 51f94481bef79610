"""How old the evidence is for each partner, where records end, and months without any."""

from __future__ import annotations

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.evidence.citations import dated_facts
from tradeviz.frames import with_days

EVIDENCE_KINDS: dict[str, str] = {
    "meetings": "meeting",
    "milestones": "milestone",
    "issues": "issue",
    "commitments": "commitment",
    "commitment_status": "commitment",
    "tariffs": "rate",
    "trade_monthly": "trade figures",
}
"""Tables with a partner, and the kind of evidence that each holds."""


TALKS_KINDS: tuple[str, ...] = ("meeting", "milestone", "issue", "commitment")
"""Kinds that are facts about the talks themselves.

An issue row that only tells an order again (all its sources are cited by orders for the partner
announced that day) is no such fact.
"""


TALKS_TABLES: tuple[str, ...] = tuple(table for table, kind in EVIDENCE_KINDS.items() if kind in TALKS_KINDS)
"""Tables of facts about the talks."""


OLD_DAYS = 60
"""Age in days beyond which the pages call the last evidence of the talks old."""


def last_evidence(ds: Dataset) -> pd.DataFrame:
    """The last fact on each partner, by kind, and its age at `ds.as_of`.

    Returns
    -------
    pandas.DataFrame
        In partner order, every kind for each: partner, kind (meeting, milestone, issue,
        commitment, rate, trade figures, and talks for the latest of the first four, see
        `TALKS_KINDS`), last (day; NaT where there is none), age_days (NaN where there is none). A
        meeting counts from its first day; rates are those of the partner's own rows, orders for
        all left out.

    Examples
    --------
    >>> last = evidence.last_evidence(ds)
    >>> last.loc[(last["partner"] == "KOR") & (last["kind"] == "talks"), "age_days"].tolist()
    [1.0]
    """
    facts = dated_facts(ds)
    last = facts.groupby(["partner", facts["table"].map(EVIDENCE_KINDS)])["day"].max()
    talks = _about_talks(facts).groupby("partner")["day"].max()
    rows = []
    for code in ds.partners["partner"]:
        days = {kind: last.get((code, kind), pd.NaT) for kind in dict.fromkeys(EVIDENCE_KINDS.values())}
        days["talks"] = talks.get(code, pd.NaT)
        rows += [(code, kind, day) for kind, day in days.items()]
    frame = with_days(pd.DataFrame(rows, columns=["partner", "kind", "last"]), ["last"])
    return frame.assign(age_days=(ds.as_of - frame["last"]).dt.days.astype("float64"))


def record_ends(ds: Dataset) -> pd.DataFrame:
    """To which day the record of each partner was searched, and why it ends where it does.

    Returns
    -------
    pandas.DataFrame
        In partner order, `TALKS_TABLES` and then tariffs: partner, table (only those that coverage
        names for the partner), through (day), reason ("" where none is given, and on a page that
        looks back).

    Examples
    --------
    >>> ends = evidence.record_ends(tradeviz.load("2026-09-30"))
    >>> ends.loc[ends["partner"] == "ISR", "through"].max().date().isoformat()
    '2026-09-30'
    """
    named = ds.coverage.set_index(["partner", "table"])
    all_of_them = pd.MultiIndex.from_product([ds.partners["partner"], [*TALKS_TABLES, "tariffs"]])
    return named.loc[all_of_them[all_of_them.isin(named.index)], ["through", "reason"]].reset_index()


def gaps(ds: Dataset) -> pd.DataFrame:
    """Spells of whole months without a fact about the talks, from each partner's first fact on.

    Facts about the talks are those of `TALKS_KINDS`. A gap is missing evidence, not proof that
    nothing was said. The month of as_of counts only where as_of is its last day.

    Returns
    -------
    pandas.DataFrame
        In partner order, then by time: partner, first_month, last_month (first days), months
        (number), still_open (True where the spell reaches the last whole month by as_of and no fact
        has come since).

    Examples
    --------
    >>> set(evidence.gaps(ds)["partner"]) <= set(ds.partners["partner"])
    True
    """
    facts = _about_talks(dated_facts(ds))
    last_whole = pd.Period(ds.as_of + pd.Timedelta(days=1), "M") - 1
    rows = []
    for code in ds.partners["partner"]:
        known = set(facts.loc[facts["partner"] == code, "day"].dt.to_period("M"))
        if not known:
            continue
        spell: list[pd.Period] = []
        for month in [*pd.period_range(min(known), last_whole, freq="M"), None]:
            if month is not None and month not in known:
                spell.append(month)
            elif spell:
                open_ = spell[-1] == last_whole and max(known) <= last_whole
                rows.append((code, spell[0].start_time, spell[-1].start_time, len(spell), open_))
                spell = []
    columns = ["partner", "first_month", "last_month", "months", "still_open"]
    frame = with_days(pd.DataFrame(rows, columns=columns), ["first_month", "last_month"])
    return frame.astype({"partner": "str", "months": "int64", "still_open": "bool"})


def _about_talks(facts: pd.DataFrame) -> pd.DataFrame:
    return facts[facts["table"].map(EVIDENCE_KINDS).isin(TALKS_KINDS) & ~facts["repeats_order"]]
