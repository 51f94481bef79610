"""Rates: statutory schedules, what is in force, what is threatened or agreed beside it."""

from tradeviz.rates.measures import (
    cliff_calendar,
    cliffs,
    headline,
    headline_panel,
    import_weights,
    in_force,
    panel,
    weighted_mean,
    whole_economy_rows,
)
from tradeviz.rates.proposals import proposals
from tradeviz.rates.schedules import schedules

__all__ = [
    "cliff_calendar",
    "cliffs",
    "headline",
    "headline_panel",
    "import_weights",
    "in_force",
    "panel",
    "proposals",
    "schedules",
    "weighted_mean",
    "whole_economy_rows",
]
