"""How far the record of the talks rests on official papers, and on one source: by partner, and over time."""

from __future__ import annotations

import pandas as pd

from tradeviz.data import Dataset, split_list
from tradeviz.evidence.ages import TALKS_TABLES
from tradeviz.evidence.citations import dated_facts
from tradeviz.frames import with_days


def partner_shares(ds: Dataset) -> pd.DataFrame:
    """How far the facts about the talks with each partner rest on official papers.

    Returns
    -------
    pandas.DataFrame
        In partner order, partners without a fact left out: partner, rows (number, of meetings,
        milestones, issues, commitments and their statuses), with_primary_share,
        single_source_share (0 to 1).

    Examples
    --------
    >>> evidence.partner_shares(ds)["partner"].head(3).tolist()
    ['CHN', 'EUU', 'JPN']
    """
    shares = _shares(_talks_facts(ds), ds, "partner")
    positions = {code: i for i, code in enumerate(ds.partners["partner"])}
    return shares.sort_values("partner", key=lambda codes: codes.map(positions), ignore_index=True)


def quarter_shares(ds: Dataset) -> pd.DataFrame:
    """How far the facts about the talks rest on official papers, by the quarter they became known in.

    Returns
    -------
    pandas.DataFrame
        By time, quarters without a fact left out: quarter (first day), rows (number, of
        meetings, milestones, issues, commitments and their statuses), with_primary_share,
        single_source_share (0 to 1).

    Examples
    --------
    >>> evidence.quarter_shares(ds)["quarter"].dt.strftime("%Y-%m").tolist()
    ['2025-01', '2025-04']
    """
    facts = _talks_facts(ds)
    facts = facts.assign(quarter=facts["day"].dt.to_period("Q").dt.start_time)
    return with_days(_shares(facts, ds, "quarter"), ["quarter"])


def _talks_facts(ds: Dataset) -> pd.DataFrame:
    facts = dated_facts(ds)
    return facts[facts["table"].isin(TALKS_TABLES) & facts["partner"].isin(ds.partners["partner"])]


def _shares(facts: pd.DataFrame, ds: Dataset, by: str) -> pd.DataFrame:
    primary = set(ds.sources.loc[ds.sources["kind"] == "primary", "source_id"])
    cited = [set(split_list(cell)) for cell in facts["source_ids"]]
    counted = facts[[by]].assign(
        rows=1,
        with_primary_share=[bool(ids & primary) for ids in cited],
        single_source_share=[len(ids) == 1 for ids in cited],
    )
    spans = {"rows": "sum", "with_primary_share": "mean", "single_source_share": "mean"}
    return counted.groupby(by, as_index=False).agg(spans)
