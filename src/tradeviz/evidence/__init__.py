"""How good the evidence is: rows, kinds of sources, age, and gaps.

Counts rows and sources, not their quality; a row with three news sources may rest on one
readout. The assumptions behind the measures are in `assumptions`.
"""

from tradeviz.caveats import assumptions
from tradeviz.evidence.ages import (
    EVIDENCE_KINDS,
    OLD_DAYS,
    TALKS_KINDS,
    TALKS_TABLES,
    gaps,
    last_evidence,
    record_ends,
)
from tradeviz.evidence.benchmark import benchmark
from tradeviz.evidence.citations import (
    FACT_TABLES,
    publishers,
    rows_by,
    rows_by_table,
    single_source_counts,
    single_sourced,
    source_kinds,
    source_shares,
)
from tradeviz.evidence.shares import partner_shares, quarter_shares

__all__ = [
    "EVIDENCE_KINDS",
    "FACT_TABLES",
    "OLD_DAYS",
    "TALKS_KINDS",
    "TALKS_TABLES",
    "assumptions",
    "benchmark",
    "gaps",
    "last_evidence",
    "partner_shares",
    "publishers",
    "quarter_shares",
    "record_ends",
    "rows_by",
    "rows_by_table",
    "single_source_counts",
    "single_sourced",
    "source_kinds",
    "source_shares",
]
