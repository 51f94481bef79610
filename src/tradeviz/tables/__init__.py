"""Tables for reading: frames of the analysis in, Great Tables out, in one look."""

from tradeviz.tables.board import board, board_words
from tradeviz.tables.clauses import (
    clause_deadlines,
    clauses,
    partner_clauses,
    peculiar_clauses,
    template_reach,
    text_differences,
    texts_read,
)
from tradeviz.tables.deals import implementation, pledge_totals, pledges
from tradeviz.tables.evidence import (
    MOST_PUBLISHERS,
    MOST_ROWS,
    assumptions,
    benchmark,
    evidence_gaps,
    known_gaps,
    publishers,
    record_ends,
    single_source_counts,
    single_sourced,
    source_kinds,
)
from tradeviz.tables.exposure import duty_bill, month_rates, waterfalls, wedges
from tradeviz.tables.paper import compare_paper, proposals_paper, rates_paper, status_paper
from tradeviz.tables.rates import cliffs_at_stake, partner_cliffs, proposals, rates_by_layer, whole_economy
from tradeviz.tables.talks import (
    acts,
    changes,
    commitments,
    events,
    issues,
    meetings,
    milestones,
    next_steps,
)
from tradeviz.tables.tempo import medians, waits
from tradeviz.tables.timeline import orders
from tradeviz.tables.vintages import retroactive, surprises
from tradeviz.tables.what_if import scenarios, supposed_orders

__all__ = [
    "MOST_PUBLISHERS",
    "MOST_ROWS",
    "acts",
    "assumptions",
    "benchmark",
    "board",
    "board_words",
    "changes",
    "clause_deadlines",
    "clauses",
    "cliffs_at_stake",
    "commitments",
    "compare_paper",
    "duty_bill",
    "events",
    "evidence_gaps",
    "implementation",
    "issues",
    "known_gaps",
    "medians",
    "meetings",
    "milestones",
    "month_rates",
    "next_steps",
    "orders",
    "partner_clauses",
    "partner_cliffs",
    "peculiar_clauses",
    "pledge_totals",
    "pledges",
    "proposals",
    "proposals_paper",
    "publishers",
    "rates_by_layer",
    "rates_paper",
    "record_ends",
    "retroactive",
    "scenarios",
    "single_source_counts",
    "single_sourced",
    "source_kinds",
    "status_paper",
    "supposed_orders",
    "surprises",
    "template_reach",
    "text_differences",
    "texts_read",
    "waits",
    "waterfalls",
    "wedges",
    "whole_economy",
]
