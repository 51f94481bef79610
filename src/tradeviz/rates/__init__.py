"""Rates: statutory schedules, what is in force, what is threatened or agreed beside it."""

from tradeviz.rates.ahead import ahead
from tradeviz.rates.at_stake import at_stake, in_force_at_stake, proposals_at_stake, ranked
from tradeviz.rates.before import rates_before
from tradeviz.rates.comparison import compare
from tradeviz.rates.effective import average, charged, effective, effective_panel, effective_parts
from tradeviz.rates.headlines import headline, headline_panel, import_weights, weighted_mean
from tradeviz.rates.highest_rates import highest_rates, stacked
from tradeviz.rates.measures import base_rates, cliff_calendar, cliffs, in_force, whole_economy_rows
from tradeviz.rates.older_duties import older_duties
from tradeviz.rates.panels import panel
from tradeviz.rates.proposals import proposals
from tradeviz.rates.scheduled import scheduled
from tradeviz.rates.schedules import schedules
from tradeviz.rates.timeline import general_events, orders, sector_calendar, timeline
from tradeviz.rates.usmca import usmca_by_layer, usmca_words
from tradeviz.rates.vintages import FIRST_DAY, expected, mean_surprise, retroactive, surprises, vintages

__all__ = [
    "FIRST_DAY",
    "ahead",
    "at_stake",
    "average",
    "base_rates",
    "charged",
    "cliff_calendar",
    "cliffs",
    "compare",
    "effective",
    "effective_panel",
    "effective_parts",
    "expected",
    "general_events",
    "headline",
    "headline_panel",
    "highest_rates",
    "import_weights",
    "in_force",
    "in_force_at_stake",
    "mean_surprise",
    "older_duties",
    "orders",
    "panel",
    "proposals",
    "proposals_at_stake",
    "ranked",
    "rates_before",
    "retroactive",
    "scheduled",
    "schedules",
    "sector_calendar",
    "stacked",
    "surprises",
    "timeline",
    "usmca_by_layer",
    "usmca_words",
    "vintages",
    "weighted_mean",
    "whole_economy_rows",
]
