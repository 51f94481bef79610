"""Tables for reading: frames of the analysis in, Great Tables out, in one look."""

from tradeviz.tables.board import board, board_words
from tradeviz.tables.rates import USMCA_EXEMPT, partner_cliffs, proposals, rates_by_layer, whole_economy
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

__all__ = [
    "USMCA_EXEMPT",
    "acts",
    "board",
    "board_words",
    "changes",
    "commitments",
    "events",
    "issues",
    "meetings",
    "milestones",
    "next_steps",
    "partner_cliffs",
    "proposals",
    "rates_by_layer",
    "whole_economy",
]
