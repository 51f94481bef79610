"""The lead of the page on evidence: how much there is, what it rests on, how old it is."""

from __future__ import annotations

from tradeviz import evidence as analysis
from tradeviz.data import Dataset
from tradeviz.summaries.notes import tense
from tradeviz.vocabulary import TABLE_NAMES
from tradeviz.wording import capital, count, day, listing

_MARKED = ("tariffs", "milestones")
_TOLD = ("tariffs", "milestones", "meetings")


def evidence(ds: Dataset) -> str:
    """How many rows and sources, the share with a primary source, and for whom evidence is old."""
    rows = sum(len(getattr(ds, table)) for table in analysis.FACT_TABLES)
    hold = tense(ds, "hold", "held")
    sentences = [
        f"As of {day(ds.as_of)}, the tables {hold} {count(rows, 'row')} about talks, rates and events;"
        f" with the trade figures and the modelled rates they {tense(ds, 'cite', 'cited')}"
        f" {count(len(ds.sources), 'source')}.",
        _primary(ds),
        _single(ds, rows),
        _marked(ds),
        _old(ds),
        f"The data reach to {day(min(ds.as_of, ds.coverage_end))}.",
    ]
    return " ".join(filter(None, sentences))


def _primary(ds: Dataset) -> str:
    shares = analysis.source_shares(ds).set_index("table")
    told = shares["with_primary_share"].reindex(list(_TOLD)).dropna()
    if told.empty:
        return ""
    parts = [f"{share:.0%} of the {TABLE_NAMES[str(table)]}" for table, share in told.items()]
    return f"A primary source {tense(ds, 'stands', 'stood')} behind {listing(parts)}."


def _single(ds: Dataset, rows: int) -> str:
    n = len(analysis.single_sourced(ds))
    if not n:
        return f"No row {tense(ds, 'rests', 'rested')} on one source only."
    rest = tense(ds, "rests", "rested") if n == 1 else tense(ds, "rest", "rested")
    return f"{capital(count(n, 'row'))} ({n / rows:.0%}) {rest} on one source only."


def _marked(ds: Dataset) -> str:
    """How many steps of rates and milestones are marked as resting on one source."""
    marked = {name: int((getattr(ds, name)["confidence"] == "single").sum()) for name in _MARKED}
    parts = [f"{n or 'none'} of the {TABLE_NAMES[name]}" for name, n in marked.items()]
    return f"Marked so {tense(ds, 'are', 'were')} {listing(parts)}."


def _old(ds: Dataset) -> str:
    last = analysis.last_evidence(ds)
    ages = last.loc[last["kind"] == "talks", "age_days"]
    n = int((~(ages <= analysis.OLD_DAYS)).sum())
    return (
        f"The last fact about the talks {tense(ds, 'is', 'was')} more than {analysis.OLD_DAYS} days old,"
        f" or missing, for {n or 'none'} of {len(ages)} partners, Canada and Mexico included."
    )
