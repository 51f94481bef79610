"""Lead paragraphs and notes: the state of things in prose, computed from the data set.

On a page that looks back the past tense is used, on a page of the last covered day the present.
Nothing is said that the data set, cut at its as-of date, does not hold.
"""

from tradeviz.leads.notes import changes_title, events_for, exemption, nothing, reach_note
from tradeviz.leads.overview import overview
from tradeviz.leads.partner import partner, partner_title

__all__ = [
    "changes_title",
    "events_for",
    "exemption",
    "nothing",
    "overview",
    "partner",
    "partner_title",
    "reach_note",
]
