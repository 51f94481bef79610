"""The words that tradeviz uses: every code in the tables, its order, and the name printed for it.

Order carries meaning here: the ladder climbs, levels of meetings rise, issue statuses
advance, layers are listed as they are stacked. Nothing in this module knows the data.
"""

from __future__ import annotations

from tradeviz import layers

STAGE_NAMES: dict[str, str] = {
    "": "no contact",
    "contact": "contact",
    "talks_opened": "talks opened",
    "framework_announced": "framework announced",
    "text_published": "text published",
    "agreement_signed": "agreement signed",
    "entered_into_force": "in force",
}
STAGES: tuple[str, ...] = tuple(filter(None, STAGE_NAMES))
"""The ladder of progress, lowest rung first; a stage's rung is its position."""

FLAG_NAMES: dict[str, str] = {"suspended": "suspended", "resumed": "resumed", "collapsed": "broken off"}
FLAGS: tuple[str, ...] = tuple(FLAG_NAMES)
"""Milestones that set or clear a flag, or take the stage back."""

ACT_NAMES: dict[str, str] = {
    "us_implemented": "carried out by the United States",
    "partner_ratified": "carried out by the partner",
}
ACTS: tuple[str, ...] = tuple(ACT_NAMES)
"""Milestones by which a side carries the deal out; no rungs."""

MILESTONE_STAGES: tuple[str, ...] = STAGES + ACTS + FLAGS
MILESTONE_NAMES: dict[str, str] = {**STAGE_NAMES, **ACT_NAMES, **FLAG_NAMES}
SCOPES: tuple[str, ...] = ("deal", "sector")

LEVEL_NAMES: dict[str, str] = {"technical": "technical", "ministerial": "ministers", "leaders": "leaders"}
LEVELS: tuple[str, ...] = tuple(LEVEL_NAMES)
"""Levels of meetings, lowest first."""

FORMAT_NAMES: dict[str, str] = {
    "in_person": "in person",
    "call": "call",
    "video": "video",
    "letter": "letter",
}

ISSUE_NAMES: dict[str, str] = {
    "tariffs_quotas": "tariffs and quotas",
    "non_tariff_barriers": "non-tariff barriers",
    "digital_trade": "digital trade",
    "rules_of_origin": "rules of origin",
    "economic_security": "economic security",
    "investment": "investment",
    "purchases": "purchases",
    "currency": "currency",
}
ISSUES: tuple[str, ...] = tuple(ISSUE_NAMES)
"""USTR's five categories of the talks, then the three that the talks added."""

TEMPLATE_ISSUES: tuple[str, ...] = ISSUES[:5]

DISPUTED = "disputed"

ISSUE_STATUS_NAMES: dict[str, str] = {
    "": "on the table",
    "raised": "raised",
    "under_discussion": "under discussion",
    "agreed_in_principle": "agreed in principle",
    "in_text": "in a text",
    "implemented": "implemented",
    DISPUTED: "disputed",
}
ISSUE_STATUSES: tuple[str, ...] = tuple(code for code in ISSUE_STATUS_NAMES if code not in ("", DISPUTED))
"""Statuses of an issue that can be ranked, lowest first; `disputed` is a flag over them."""

COMMITMENT_KINDS: dict[str, str] = {
    "tariff_cut": "tariff cut",
    "market_access": "market access",
    "purchase": "purchases",
    "investment": "investment",
    "security": "security",
    "digital": "digital trade",
    "labor_environment": "labor and environment",
    "other": "other",
}

COMMITMENT_STATUS_NAMES: dict[str, str] = {
    "pledged": "pledged",
    "in_text": "in a text",
    "delivered": "delivered",
    "disputed": "disputed",
    "void": "void",
}

LAYER_NAMES: dict[str, str] = {layer.code: layer.name for layer in layers.RECORDS}

DUTY_NAMES: dict[str, str] = {layer.code: layer.duty or f"the {layer.name} duty" for layer in layers.RECORDS}

LAYERS: tuple[str, ...] = tuple(LAYER_NAMES)
"""Layers in the order in which tables list them."""

HEADLINE_LAYERS: tuple[str, ...] = tuple(layer.code for layer in layers.RECORDS if layer.in_headline)
"""Layers that the statutory headline rate adds up."""

SECTOR_LAYERS: tuple[str, ...] = tuple(layer.code for layer in layers.RECORDS if layer.reach == layers.SECTOR)
"""Layers on goods that an order lists."""

ALL_IN_LAYERS: tuple[str, ...] = tuple(layer.code for layer in layers.RECORDS if layer.may_be_all_in)
"""Layers in which a rate can be a ceiling that contains the normal duty."""

IMPORT_LAYERS: tuple[str, ...] = (*HEADLINE_LAYERS, *SECTOR_LAYERS)
"""Layers that the United States charges: all but the partners' own duties on U.S. goods."""

WHOLE_ECONOMY_PROGRAMMES: tuple[str, ...] = tuple(
    programme for layer in layers.RECORDS for programme in layer.programmes
)
"""Products (programmes of Section 301) that reach all goods of a partner, exemptions apart."""

GROUP_EFFECTS: tuple[str, ...] = ("charged", "charged_beside", "not_charged", "ends")
CHARGED_VALUES: tuple[str, ...] = ("full", "metal_content", "copper_content")
CARVEOUT_EFFECTS: tuple[str, ...] = ("exempt", "only", "lower", "scope")
STACKING_RULES: tuple[str, ...] = ("adds", "yields", "displaces")
YIELDED_VALUES: tuple[str, ...] = ("whole_good", "charged_value")
TERM_CHECKS: tuple[str, ...] = ("checked", "repository only")

EVERY_SECTOR = "s232_*"
"""Every Section 232 layer, in the table stacking."""

OLD_S232 = "old_s232"
"""The Section 232 duties of 2018, in the table stacking and among the parts of an effective rate."""

S301_2018 = "s301_2018"
"""The Section 301 duties of 2018 to 2024, in the table older_duties; part of every base of 2024."""

REST_OF_GOODS = "no_list"
"""Group of the goods that no order treats on their own, in the table import_groups."""

BESIDE: tuple[str, ...] = (*LAYERS, EVERY_SECTOR, OLD_S232)
"""What a layer may meet on the same good."""

FORCES: tuple[str, ...] = ("order", "threat", "deal")
BASES: tuple[str, ...] = ("additional", "all_in")
AMOUNT_SPANS: tuple[str, ...] = ("total", "year")
CONFIDENCES: tuple[str, ...] = ("confirmed", "single", "unconfirmed")
TRACKS: tuple[str, ...] = ("reciprocal", "border")
TABLE_NAMES: dict[str, str] = {
    "meetings": "meetings",
    "tariffs": "rates",
    "milestones": "milestones",
    "issues": "issues",
    "commitments": "commitments",
    "commitment_status": "statuses of commitments",
    "events": "events",
    "partners": "partners",
    "trade_monthly": "trade by month",
    "trade_annual": "trade by year",
    "effective_rates_model": "modelled rates",
    "known_gaps": "known gaps",
    "clauses": "clauses",
    "issues_without_clause": "issues without a clause",
}
"""Names of the tables of facts in print."""

BOUNDING_TABLES: tuple[str, ...] = ("tariffs", "events")
"""Tables whose earliest covered day is coverage_end: what they miss, no page can tell."""

FEEDS: tuple[str, ...] = ("federal-register", "census", "hts")
"""Public interfaces that `tradeviz watch` reads."""

SOURCE_KINDS: tuple[str, ...] = ("primary", "news", "analysis")
EVENT_KINDS: tuple[str, ...] = (
    "order",
    "court",
    "statement",
    "exemption",
    "investigation",
    "memo",
    "negotiation_plan",
)

USMCA_EXEMPT = "goods under USMCA exempt"
USMCA_CONTENT = "under USMCA on non-U.S. content"
"""What stands beside a rate that USMCA relieves, wholly or in part (table assumptions)."""

GENERAL = "ALL"
"""Partner code of rows that hold for every partner."""

UNITED_STATES = "USA"
"""Code of the United States, which is no partner."""

WORLD = "WLD"
"""Partner code of the world in trade_monthly."""

NO_EXPECTATION = "No expectation can be set against what came yet."
"""What stands in place of words about expectations where no day can be compared."""

COVERED_NAMES: dict[str, str] = {
    "framework": "a framework or further",
    "text": "a text or further",
    "order": "an implementing order in force",
}
"""Kinds of paper that trade can be under."""


def duty_name(layer: str, product: str = "") -> str:
    """Name the duty of a layer in a sentence: "the Section 232 duty on cars"."""
    return f"{DUTY_NAMES[layer]} ({product})" if product else DUTY_NAMES[layer]


def layer_name(layer: str, product: str = "") -> str:
    """Name a layer, and its product group where it has one: "Section 301 (forced labor)"."""
    return f"{LAYER_NAMES[layer]} ({product})" if product else LAYER_NAMES[layer]
