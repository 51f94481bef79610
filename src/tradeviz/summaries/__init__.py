"""What opens each page: the state of things in prose, computed from the data set.

Facts first, words second. Each function gives a frozen dataclass of plain numbers, days and names
(`summaries.brief(ds, code)` a `BriefFacts`), computed from the data set as cut at its as-of
date. Its `sentences()` are made from these facts and nothing else, its `text` is the paragraph.
On a page that looks back the past tense is used, on a page of the last covered day the present.
Titles and notes (`partner_title`, `reach_note` ...) are texts.
"""

from tradeviz.summaries.brief_facts import LEAST_SHARE, NEWS_SPAN, brief
from tradeviz.summaries.deals import deals, no_sum
from tradeviz.summaries.evidence import evidence
from tradeviz.summaries.exposure import exposure
from tradeviz.summaries.exposure_notes import (
    RATE_SOURCE,
    READINGS_SOURCE,
    WEIGHT_SOURCE,
    averaged,
    change_title,
    month_title,
    older_duties,
    two_weightings,
    us_average,
    vintage_note,
    waterfall_title,
)
from tradeviz.summaries.notes import changes_title, events_for, exemption, nothing, partner_title
from tradeviz.summaries.overview import overview
from tradeviz.summaries.reach import reach, reach_note
from tradeviz.summaries.tempo import small_sample, tempo
from tradeviz.summaries.terms import terms, terms_note
from tradeviz.summaries.timeline import timeline, timeline_rule
from tradeviz.summaries.vintages import surprises, vintages
from tradeviz.summaries.what_if import STATIC, scenario_gaps, scenario_titles, scenarios

__all__ = [
    "LEAST_SHARE",
    "NEWS_SPAN",
    "RATE_SOURCE",
    "READINGS_SOURCE",
    "STATIC",
    "WEIGHT_SOURCE",
    "averaged",
    "brief",
    "change_title",
    "changes_title",
    "deals",
    "events_for",
    "evidence",
    "exemption",
    "exposure",
    "month_title",
    "no_sum",
    "nothing",
    "older_duties",
    "overview",
    "partner_title",
    "reach",
    "reach_note",
    "scenario_gaps",
    "scenario_titles",
    "scenarios",
    "small_sample",
    "surprises",
    "tempo",
    "terms",
    "terms_note",
    "timeline",
    "timeline_rule",
    "two_weightings",
    "us_average",
    "vintage_note",
    "vintages",
    "waterfall_title",
]
