"""How many rows there are, and what kinds of sources they rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pandas as pd

from tradeviz.data import Dataset, split_list
from tradeviz.frames import records, with_days
from tradeviz.vocabulary import GENERAL, SOURCE_KINDS, WORLD

_DAYS = {"meetings": "start_date", "tariffs": "announced", "commitments": "announced"}
_DAYS |= {"trade_monthly": "released"}
_KEYS = {"meetings": ["meeting_id"], "tariffs": ["order_id", "partner", "layer", "product", "effective"]}
_KEYS |= {"milestones": ["partner", "date", "stage"], "issues": ["partner", "date", "issue", "status"]}
_KEYS |= {"commitments": ["commitment_id"], "commitment_status": ["commitment_id", "date"]}
_KEYS |= {"events": ["date", "title"]}
FACT_TABLES: tuple[str, ...] = tuple(_KEYS)
"""Tables of facts about talks, rates and events, each row of which has sources of its own."""

_SOURCED = [*_KEYS, "partners", "trade_monthly", "trade_annual", "effective_rates_model"]


def rows_by(ds: Dataset) -> pd.DataFrame:
    """Rows of every dated table by partner and the month in which they became known.

    Returns
    -------
    pandas.DataFrame
        By table, then in partner order, then by month: table, partner (ALL for what concerns
        every partner, WLD for the world's trade), month (first day), rows (number). An event
        that names several partners counts once for each. Months without rows have no row.

    Examples
    --------
    >>> rows = evidence.rows_by(ds)
    >>> int(rows.loc[rows["table"] == "meetings", "rows"].sum()) == len(ds.meetings)
    True
    """
    facts = dated_facts(ds)
    facts = facts.assign(month=facts["day"].dt.to_period("M").dt.start_time)
    counts = facts.groupby(["table", "partner", "month"], as_index=False).size()
    counts = counts.rename(columns={"size": "rows"})
    tables = {name: i for i, name in enumerate(_SOURCED)}
    positions = {code: i for i, code in enumerate([GENERAL, WORLD, *ds.partners["partner"]])}
    counts = counts.assign(at=counts["table"].map(tables), position=counts["partner"].map(positions))
    counts = counts.sort_values(["at", "position", "month"])[["table", "partner", "month", "rows"]]
    return with_days(counts.reset_index(drop=True), ["month"]).astype({"rows": "int64"})


def rows_by_table(ds: Dataset) -> pd.DataFrame:
    """Rows of the tables of facts by the month in which they became known, each row once.

    Returns
    -------
    pandas.DataFrame
        By table, in the order of `FACT_TABLES`, then by month: table, month (first day), rows
        (number). Months without rows have no row.

    Examples
    --------
    >>> evidence.rows_by_table(ds)["table"].unique().tolist()
    ['meetings', 'tariffs', 'milestones', 'issues', 'commitments', 'commitment_status', 'events']
    """
    months = []
    for table in FACT_TABLES:
        days = getattr(ds, table)[_DAYS.get(table, "date")]
        counts = days.dt.to_period("M").value_counts().sort_index()
        months += [(table, month.start_time, n) for month, n in counts.items()]
    frame = with_days(pd.DataFrame(months, columns=["table", "month", "rows"]), ["month"])
    return frame.astype({"table": "str", "rows": "int64"})


def source_shares(ds: Dataset) -> pd.DataFrame:
    """How many rows of each table cite a primary source, and how many cite only one source.

    Returns
    -------
    pandas.DataFrame
        table, rows, with_primary_share, single_source_share (0 to 1; NaN for a table without
        rows).

    Examples
    --------
    >>> shares = evidence.source_shares(ds).set_index("table")["with_primary_share"]
    >>> bool(shares.between(0, 1).all())
    True
    """
    primary = set(ds.sources.loc[ds.sources["kind"] == "primary", "source_id"])
    rows = []
    for table in _SOURCED:
        cited = [set(split_list(cell)) for cell in getattr(ds, table)["source_ids"]]
        n = len(cited) or float("nan")
        with_primary = sum(bool(ids & primary) for ids in cited) / n
        rows.append((table, len(cited), with_primary, sum(len(ids) == 1 for ids in cited) / n))
    return pd.DataFrame(rows, columns=["table", "rows", "with_primary_share", "single_source_share"])


def single_sourced(ds: Dataset) -> pd.DataFrame:
    """The rows about talks, rates and events that rest on one source.

    Trade figures and the modelled rates, which come whole from one source each, are left out.

    Returns
    -------
    pandas.DataFrame
        By table, in file order: table, key (identifier of the row within the table), partner,
        day (on which it became known), source_id, publisher, kind (primary, news or analysis).

    Examples
    --------
    >>> evidence.single_sourced(ds)["source_id"].isin(ds.sources["source_id"]).all().item()
    True
    """
    sources = ds.sources.set_index("source_id")
    owner = ds.commitments.set_index("commitment_id")["partner"]
    rows = []
    for table, keys in _KEYS.items():
        for row in records(getattr(ds, table)):
            ids = list(dict.fromkeys(split_list(row["source_ids"])))
            if len(ids) != 1:
                continue
            partner = row.get("partner") or row.get("scope") or owner[row["commitment_id"]]
            day = row[_DAYS.get(table, "date")]
            source = sources.loc[ids[0]]
            key = ":".join(_text(row[name]) for name in keys)
            rows.append((table, key, partner, day, ids[0], source["publisher"], source["kind"]))
    columns = ["table", "key", "partner", "day", "source_id", "publisher", "kind"]
    frame = with_days(pd.DataFrame(rows, columns=columns), ["day"])
    return frame.astype({name: "str" for name in columns if name != "day"})


def single_source_counts(ds: Dataset) -> pd.DataFrame:
    """How many rows of each table rest on one source, by the kind of that source.

    Returns
    -------
    pandas.DataFrame
        Tables of `FACT_TABLES` that have rows: table, rows (number), single_source (number that
        rest on one source), primary, news, analysis (number of those by kind of the source).

    Examples
    --------
    >>> counts = evidence.single_source_counts(ds)
    >>> bool((counts["single_source"] <= counts["rows"]).all())
    True
    """
    single = single_sourced(ds)
    rows = []
    for table in FACT_TABLES:
        kinds = single.loc[single["table"] == table, "kind"]
        n = len(getattr(ds, table))
        if n:
            rows.append((table, n, len(kinds), *((kinds == kind).sum() for kind in SOURCE_KINDS)))
    return pd.DataFrame(rows, columns=["table", "rows", "single_source", *SOURCE_KINDS])


def source_kinds(ds: Dataset) -> pd.DataFrame:
    """How many sources of each kind there are, and how many rows cite them.

    Returns
    -------
    pandas.DataFrame
        Kinds that there are, in the order primary, news, analysis: kind, sources (number), rows
        (number of rows of all tables that cite at least one of them).

    Examples
    --------
    >>> int(evidence.source_kinds(ds)["sources"].sum()) == len(ds.sources)
    True
    """
    counts = _citations(ds, "kind")
    return counts.sort_values("kind", key=lambda kinds: kinds.map(SOURCE_KINDS.index), ignore_index=True)


def publishers(ds: Dataset) -> pd.DataFrame:
    """The publishers of the sources, the most cited first.

    A page that carries another's report counts for its own publisher, as the table of sources
    writes it.

    Returns
    -------
    pandas.DataFrame
        By rows, then sources, both falling, then name: publisher, sources (number), rows (number
        of rows of all tables that cite at least one of them).

    Examples
    --------
    >>> bool((evidence.publishers(ds)["rows"] > 0).all())
    True
    """
    by, falling = ["rows", "sources", "publisher"], [False, False, True]
    return _citations(ds, "publisher").sort_values(by, ascending=falling, ignore_index=True)


def _citations(ds: Dataset, by: str) -> pd.DataFrame:
    owner = dict(zip(ds.sources["source_id"], ds.sources[by], strict=True))
    rows: Counter[str] = Counter()
    for table in fields(ds):
        frame = getattr(ds, table.name)
        for cell in frame["source_ids"] if "source_ids" in getattr(frame, "columns", []) else []:
            rows.update({owner[source_id] for source_id in split_list(cell)})
    counts = ds.sources.groupby(by).size().rename("sources").reset_index()
    return counts.assign(rows=counts[by].map(rows)).astype({"sources": "int64", "rows": "int64"})


def dated_facts(ds: Dataset) -> pd.DataFrame:
    """A row per fact and partner: table, partner, day, source_ids, repeats_order."""
    rows = [fact for table in _SOURCED for fact in _dated(ds, table)]
    columns = ["table", "partner", "day", "source_ids"]
    frame = with_days(pd.DataFrame(rows, columns=columns), ["day"])
    frame = frame.astype({"table": "str", "partner": "str", "source_ids": "str"})
    orders = ds.tariffs[ds.tariffs["force"] == "order"]
    cited: dict[tuple[str, pd.Timestamp], set[str]] = {}
    for row in records(orders):
        cited.setdefault((row["partner"], row["announced"]), set()).update(split_list(row["source_ids"]))
    repeats_order = [
        row["table"] == "issues"
        and set(split_list(row["source_ids"])) <= cited.get((row["partner"], row["day"]), set())
        for row in records(frame)
    ]
    return frame.assign(repeats_order=pd.Series(repeats_order, dtype="bool"))


def _dated(ds: Dataset, table: str) -> Iterator[tuple[str, str, pd.Timestamp, str]]:
    if table in ("partners", "trade_annual"):
        return
    codes = set(ds.partners["partner"])
    owner = dict(zip(ds.commitments["commitment_id"], ds.commitments["partner"], strict=True))
    for row in records(getattr(ds, table)):
        day = row[_DAYS.get(table, "date")]
        if table == "events":
            named = [code for code in split_list(row["scope"]) if code in codes] or [GENERAL]
        else:
            named = [row["partner"] if "partner" in row else owner[row["commitment_id"]]]
        for code in named:
            yield table, code, day, row["source_ids"]


def _text(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return "" if pd.isna(value) else str(value)
