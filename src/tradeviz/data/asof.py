"""The cut: which rows a reader knew on a day, and on which day a trade figure came out.

The first of the three clocks alone decides: the day the world learned of a fact. When a tariff
applies has no part in it.
"""

from __future__ import annotations

import pandas as pd

from tradeviz.data.models_record import UPKEEP_TABLES
from tradeviz.data.seen import cited_sources

KNOWN_ON: dict[str, str] = {
    "milestones": "date",
    "tariffs": "announced",
    "issues": "date",
    "commitments": "announced",
    "commitment_status": "date",
    "events": "date",
    "effective_rates_model": "date",
    "clauses": "published",
    "group_terms": "announced",
    "carveout_terms": "announced",
    "stacking": "announced",
    "assumptions": "announced",
    "omissions": "announced",
}
"""The column with the day on which a fact became known; meetings have a rule of their own below."""

PUBLISHED_ON: dict[str, str] = {
    "trade_monthly": "released",
    "known_gaps": "last_day",
    "issues_without_clause": "date",
    "import_groups": "released",
    "import_sections": "released",
    "preference_shares": "released",
    "published_rates": "published",
}
"""The same for tables that are no facts of the talks: from that day on a row may be seen."""

NOT_IN_DATASET: dict[str, list[str]] = {
    "tariffs": ["note"],
    "trade_annual": ["note"],
    "coverage": ["look_again_by"],
    "stacking": ["note"],
    "assumptions": ["document", "bias"],
}
"""Columns, besides `hindsight`, that load() leaves out because they may know what came later."""

RECORDED = "recorded"
"""The column with the day on which a row entered the record: a third clock, that only `recorded_by` asks."""

_HIDDEN = ("hindsight", RECORDED)
"""Columns of any table that tell of later days: what became of a fact, and when it was written down."""

_LEADS = ["us_lead", "partner_lead"]
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
        `under_way` in meetings (whose last day is NaT until it has come) and `published_later` in
        sources.
    """
    known = {name: frame for name, frame in tables.items() if name not in UPKEEP_TABLES}
    for name, column in (KNOWN_ON | PUBLISHED_ON).items():
        known[name] = known[name][known[name][column] <= as_of]
    known["tariffs"] = _confirmed(known["tariffs"], known["coverage"], as_of, coverage_end)
    known["meetings"] = _closed_by_known(_meetings(known["meetings"], as_of), known)
    pledges = known["commitments"]
    whole = pledges["part_of"].where(pledges["part_of"].isin(pledges["commitment_id"]), "")
    known["commitments"] = pledges.assign(part_of=whole)
    known["people"] = _people(known["people"], known["meetings"])
    shares = known["carveout_shares"]
    known["carveout_shares"] = shares[shares["carveout"].isin(known["carveout_terms"]["carveout"])]
    known["coverage"] = _coverage(known["coverage"], as_of, coverage_end)
    years = known["trade_annual"]
    known["trade_annual"] = years[pd.to_datetime(years["year"].astype("str")) + _TO_15_MARCH_NEXT <= as_of]
    for name, frame in known.items():
        hidden = {*_HIDDEN, *NOT_IN_DATASET.get(name, [])}
        known[name] = frame[[column for column in frame if column not in hidden]].reset_index(drop=True)
    known["sources"] = _sources(known, as_of, coverage_end)
    return known


_TO_15_MARCH_NEXT = pd.DateOffset(years=1, months=2, days=14)


def _meetings(meetings: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    begun = meetings[meetings["start_date"] <= as_of]
    under_way = begun["end_date"] > as_of
    blanked = {name: begun[name].mask(under_way, "") for name in _OUTCOME_TEXTS}
    unknown = {name: begun[name].mask(under_way) for name in ("end_date", "next_step_due")}
    return begun.assign(**blanked, **unknown, under_way=under_way)


def _closed_by_known(meetings: pd.DataFrame, known: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Name what closed a step only once it is known itself: its identifier tells what came, and when."""
    closers = closing_ids(meetings, known["milestones"], known["tariffs"])
    closed_by = meetings["next_step_closed_by"]
    return meetings.assign(next_step_closed_by=closed_by.where(_among(closed_by, closers), ""))


def closing_ids(meetings: pd.DataFrame, milestones: pd.DataFrame, tariffs: pd.DataFrame) -> set[str]:
    """What can close a next step: a meeting, an order, or a milestone written partner:date:stage."""
    days = milestones["date"].dt.strftime("%Y-%m-%d")
    keys = milestones["partner"] + ":" + days + ":" + milestones["stage"]
    return {*meetings["meeting_id"], *tariffs["order_id"], *keys}


def _among(cells: pd.Series, many: set[str]) -> pd.Series:
    """Which cells are among many texts: `Series.isin` takes ten times as long for a thousand of them."""
    return cells.map(many.__contains__).astype("bool")


def _people(people: pd.DataFrame, meetings: pd.DataFrame) -> pd.DataFrame:
    """Keep those who have met by then."""
    met = {name for side in _LEADS for cell in meetings[side] for name in cell.split(";")}
    return people[people["name"].isin(met)]


def _confirmed(
    tariffs: pd.DataFrame, coverage: pd.DataFrame, as_of: pd.Timestamp, coverage_end: pd.Timestamp
) -> pd.DataFrame:
    """Take no scheduled step for applied whose day has come after the last day covered for its partner."""
    through = coverage[coverage["table"] == "tariffs"].set_index("partner")["through"]
    covered = tariffs["partner"].map(through).fillna(coverage_end)
    days = tariffs["effective"]
    unseen = (tariffs["force"] == "order") & (days > covered) & (days <= as_of)
    return tariffs.assign(confidence=tariffs["confidence"].mask(unseen, "unconfirmed"))


def _coverage(coverage: pd.DataFrame, as_of: pd.Timestamp, coverage_end: pd.Timestamp) -> pd.DataFrame:
    """End it at as_of, so that a page that looks back does not change with what is covered later."""
    ended = coverage.assign(through=coverage["through"].mask(coverage["through"] > as_of, as_of))
    return ended if as_of >= coverage_end else ended.assign(reason="")


def _sources(known: dict[str, pd.DataFrame], as_of: pd.Timestamp, coverage_end: pd.Timestamp) -> pd.DataFrame:
    sources = known["sources"]
    sources = sources[_among(sources["source_id"], cited_sources(known.values()))].reset_index(drop=True)
    published = sources["published"]
    later = (published > as_of) | (published.isna() & (as_of < coverage_end))
    return sources.assign(
        title=sources["title"].mask(later, ""),
        accessed=sources["accessed"].mask(sources["accessed"] > as_of),
        published_later=later,
    )
