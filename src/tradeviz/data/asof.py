"""The cut: which rows a reader knew on a day, and on which day a trade figure came out.

The first of the two clocks alone decides: the day the world learned of a fact. When a tariff
applies has no part in it.
"""

from __future__ import annotations

import pandas as pd

from tradeviz.frames import DAY

RELEASE_DAYS = 40
"""Days after the end of a month by which its trade figures are out, unless listed below."""

LATE_RELEASES: dict[str, str] = {
    "2025-08": "2025-11-19",
    "2025-09": "2025-12-11",
    "2025-10": "2026-01-08",
    "2025-11": "2026-01-29",
    "2025-12": "2026-02-19",
    "2026-01": "2026-03-12",
}
"""Months whose figures the government shutdown of autumn 2025 delayed, and the day they came out."""

KNOWN_ON: dict[str, str] = {
    "milestones": "date",
    "tariffs": "announced",
    "issues": "date",
    "commitments": "announced",
    "commitment_status": "date",
    "events": "date",
    "effective_rates_model": "date",
}
"""The column with the day on which a row became known; other tables have rules of their own below."""

NOT_IN_DATASET: dict[str, list[str]] = {"tariffs": ["note"]}
"""Columns, besides `hindsight`, that load() leaves out because they may know what came later."""

_OUTCOME_TEXTS = ["outcome", "next_step", "next_step_closed_by"]


def cut(
    tables: dict[str, pd.DataFrame], as_of: pd.Timestamp, coverage_end: pd.Timestamp
) -> dict[str, pd.DataFrame]:
    """Cut the tables at a day.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        All tables, typed.
    as_of : pandas.Timestamp
        The day; rows that became known later are dropped.
    coverage_end : pandas.Timestamp
        The last day that the data cover.

    Returns
    -------
    dict of str to pandas.DataFrame
        The tables as known on the evening of that day, columns of hindsight left out, with
        `under_way` in meetings, `released` in trade_monthly and `published_later` in sources.
    """
    known = dict(tables)
    for name, column in KNOWN_ON.items():
        known[name] = known[name][known[name][column] <= as_of]
    known["meetings"] = _meetings(known["meetings"], as_of)
    months = known["trade_monthly"]
    months = months.assign(released=release_days(months["month"]))
    known["trade_monthly"] = months[months["released"] <= as_of]
    years = known["trade_annual"]
    known["trade_annual"] = years[pd.to_datetime(years["year"].astype("str")) + _TO_15_MARCH_NEXT <= as_of]
    for name, frame in known.items():
        hidden = [column for column in ("hindsight", *NOT_IN_DATASET.get(name, [])) if column in frame]
        known[name] = frame.drop(columns=hidden).reset_index(drop=True)
    known["sources"] = _sources(known, as_of, coverage_end)
    return known


_TO_15_MARCH_NEXT = pd.DateOffset(years=1, months=2, days=14)


def release_days(months: pd.Series) -> pd.Series:
    """Return the day on which the figures of each month were first published."""
    regular = months + pd.offsets.MonthEnd(0) + pd.Timedelta(days=RELEASE_DAYS)
    late = pd.to_datetime(months.dt.strftime("%Y-%m").map(LATE_RELEASES))
    return late.fillna(regular).astype(DAY)


def _meetings(meetings: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    begun = meetings[meetings["start_date"] <= as_of]
    under_way = begun["end_date"] > as_of
    blanked = {name: begun[name].mask(under_way, "") for name in _OUTCOME_TEXTS}
    return begun.assign(**blanked, next_step_due=begun["next_step_due"].mask(under_way), under_way=under_way)


def _sources(known: dict[str, pd.DataFrame], as_of: pd.Timestamp, coverage_end: pd.Timestamp) -> pd.DataFrame:
    cells = pd.concat([frame["source_ids"] for frame in known.values() if "source_ids" in frame])
    cited = set(cells.str.split(";").explode())
    sources = known["sources"]
    sources = sources[sources["source_id"].isin(cited)].reset_index(drop=True)
    published = sources["published"]
    later = (published > as_of) | (published.isna() & (as_of < coverage_end))
    return sources.assign(title=sources["title"].mask(later, ""), published_later=later)
