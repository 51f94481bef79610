"""What the clauses of the texts are about: topics, grouped under the headings of the talks.

The first five headings are those of USTR's template, the next three were added by the talks
(`vocabulary.ISSUES`); what a text says about itself, and the rest, stand last.
"""

from __future__ import annotations

from tradeviz.vocabulary import ISSUE_NAMES, TEMPLATE_ISSUES

TOPICS_BY_HEADING: dict[str, dict[str, str]] = {
    "tariffs_quotas": {
        "us_rate": "U.S. rate on the partner's goods",
        "us_exempt_list": "goods that the U.S. exempts",
        "s232_treatment": "Section 232 treatment",
        "partner_tariff_elimination": "the partner's tariff cuts",
        "quotas": "tariff quotas",
    },
    "non_tariff_barriers": {
        "agriculture_sps": "farm goods and food safety",
        "biotech_food": "biotech food and labels",
        "halal": "halal rules",
        "vehicle_standards": "vehicle standards",
        "medical_pharma_approvals": "medicines and devices",
        "conformity_tbt": "standards and testing",
        "import_licensing": "import licensing",
        "customs_facilitation": "customs",
        "intellectual_property": "intellectual property",
        "services_market_access": "services",
        "good_regulatory_practice": "good regulatory practice",
        "labor_rights": "labor rights",
        "forced_labor": "forced labor",
        "environment": "environment",
        "state_owned_subsidies": "state firms and subsidies",
    },
    "digital_trade": {
        "digital_services_tax": "digital services taxes",
        "etransmissions": "duties on e-transmissions",
        "data_flows": "data flows",
        "source_code": "source code",
        "digital_other": "other digital rules",
    },
    "rules_of_origin": {"rules_of_origin": "rules of origin", "transshipment": "transshipment and evasion"},
    "economic_security": {
        "economic_security_alignment": "alignment with U.S. measures",
        "export_controls": "export controls",
        "investment_screening": "investment screening",
        "third_country_agreements": "deals with third countries",
        "critical_minerals": "critical minerals",
        "nuclear_energy": "nuclear energy",
        "defence_purchases": "defence",
        "shipbuilding": "shipbuilding",
        "wto_support": "World Trade Organization",
    },
    "investment": {"investment_pledge": "investment"},
    "purchases": {
        "purchase_aircraft": "aircraft",
        "purchase_energy": "energy",
        "purchase_agriculture": "farm goods",
        "purchase_other": "other purchases",
    },
    "currency": {"currency": "currency"},
    "deal_itself": {
        "consultation_committee": "consultation and review",
        "termination_snapback": "ending and taking back",
        "entry_into_force": "start and legal force",
    },
    "other": {"other": "other"},
}
"""Each heading with its topics and the names printed for them."""

TEMPLATE_HEADINGS: tuple[str, ...] = TEMPLATE_ISSUES
HEADING_NAMES: dict[str, str] = {**ISSUE_NAMES, "deal_itself": "the deal itself", "other": "other"}

TOPIC_NAMES: dict[str, str] = {
    topic: name for topics in TOPICS_BY_HEADING.values() for topic, name in topics.items()
}
TOPICS: tuple[str, ...] = tuple(TOPIC_NAMES)
HEADING_OF: dict[str, str] = {
    topic: heading for heading, topics in TOPICS_BY_HEADING.items() for topic in topics
}
"""The heading of each topic."""

STRENGTH_NAMES: dict[str, str] = {
    "recognises": "recognises",
    "intends": "intends",
    "will_endeavour": "will endeavour",
    "shall": "shall",
    "done": "done",
}
STRENGTHS: tuple[str, ...] = tuple(STRENGTH_NAMES)
"""How firmly a clause binds, by its verb, weakest first."""

BOUND_SIDES: tuple[str, ...] = ("partner", "US", "both")
ROLES: dict[str, str] = {"clause": "clause", "act": "act", "account": "account"}
"""clause: an undertaking in a text of both sides; act: what carries one out; account: one side's telling."""

READ_IN: dict[str, str] = {"text": "the text", "summary": "an official summary", "report": "a report"}
"""Where the wording was read."""

NO_ARTICLE: dict[str, str] = {
    "unnumbered": "the text has no numbers",
    "not_given": "the source gives no number",
}
"""Why a clause has no article."""

DUE_FROM: tuple[str, ...] = ("published", "entered_into_force")
"""The day from which a term in a clause runs."""
