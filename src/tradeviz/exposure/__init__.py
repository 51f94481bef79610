"""Exposure: imports, what part of them the deals cover, and three readings of the tariff rate.

The statutory headline, the modelled rate and the rate charged answer different questions; the
wedges between them are named, not estimated (`wedges`). Imports and duties are today's vintage of
the Census figures, shown from the day a month was first published. Nothing here knows who bears
a duty, nor what trade would have been without it.
"""

from tradeviz.caveats import wedges
from tradeviz.exposure.charged import (
    FIRST_MONTH,
    WEIGHTED,
    change_since_2024,
    duties,
    last_month_rates,
    months_compared,
    rate_change,
    three_rates,
)
from tradeviz.exposure.covered import covered_share, imports_and_rates

__all__ = [
    "FIRST_MONTH",
    "WEIGHTED",
    "change_since_2024",
    "covered_share",
    "duties",
    "imports_and_rates",
    "last_month_rates",
    "months_compared",
    "rate_change",
    "three_rates",
    "wedges",
]
