"""One Pandera model per table: each column's meaning, unit and allowed values.

`descriptor` writes data/datapackage.json and the codebook from these models; `validation` holds
the tables against them. Rules that need more than one column or table are in `checks`.
"""

from __future__ import annotations

import pandas as pd
from pandera.typing.pandas import Series

from tradeviz import vocabulary as v
from tradeviz.data import fields as f
from tradeviz.data.models_clauses import CLAUSE_TABLES
from tradeviz.data.models_effective import EFFECTIVE_TABLES
from tradeviz.data.models_record import RECORD_TABLES
from tradeviz.data.table import SOURCES, Recorded, Sourced, Table, WithHindsight


class Partners(Table):
    """A trading partner."""

    partner: Series[str] = f.identifier(
        "ISO 3166 alpha-3 code; EUU is the European Union", pattern=f.PARTNER_CODE
    )
    name: Series[str] = f.name("English short name")
    region: Series[str] = f.name("region of the world")
    track: Series[str] = f.code(
        "reciprocal: in the talks on the template; border: Canada and Mexico, beside them", v.TRACKS
    )
    gdp_2024_usd_bn: Series[float] = f.number(
        "gross domestic product in 2024", "billions of U.S. dollars", ge=1, le=50_000
    )
    gdp_note: Series[str] = f.text("how the GDP figure was derived", required=False)
    also_called: Series[str] = f.list_of("other names and adjectives in documents", "")
    census_codes: Series[str] = f.list_of("Schedule C codes of the Census Bureau that add up to it", "")
    source_ids: Series[str] = f.list_of("documents", SOURCES)


class Meetings(WithHindsight):
    """A meeting, call or formal letter between the United States and a partner on tariffs."""

    meeting_id: Series[str] = f.identifier("partner, first day, number")
    partner: Series[str] = f.partner()
    start_date: Series[pd.Timestamp] = f.day("first day, local to the place")
    end_date: Series[pd.Timestamp] = f.day("last day; before it the meeting is under way, without outcome")
    level: Series[str] = f.code("who met: heads, ministers or officials", v.LEVELS)
    format: Series[str] = f.code("how they met", v.FORMAT_NAMES)
    city: Series[str] = f.name("where they met", required=False)
    us_lead: Series[str] = f.list_of("names on the U.S. side", "people.name", required=False)
    partner_lead: Series[str] = f.list_of("names on the partner's side", "people.name", required=False)
    issues: Series[str] = f.list_of(
        "categories of the talks that came up", "vocabulary.ISSUES", required=False
    )
    outcome: Series[str] = f.text("what came out, as known on the last day")
    next_step: Series[str] = f.text("what was to follow", required=False)
    next_step_due: Series[pd.Timestamp] = f.day("the day named for it", required=False)
    next_step_closed_by: Series[str] = f.text(
        "what closed it: a meeting_id, an order_id, or partner:date:stage of a milestone", required=False
    )


class Milestones(WithHindsight):
    """A rung of the ladder reached, an act that carries a deal out, or a suspension or break-off."""

    partner: Series[str] = f.partner()
    date: Series[pd.Timestamp] = f.day("the day")
    stage: Series[str] = f.code("rung of the ladder, act, or flag", v.MILESTONE_STAGES)
    scope: Series[str] = f.code("sector never moves the stage or the flag", v.SCOPES)
    document: Series[str] = f.text("the instrument's name", required=False)
    document_short: Series[str] = f.name("the same in short, for the board", required=False)
    expires: Series[pd.Timestamp] = f.day("last day, where the document named one", required=False)
    summary: Series[str] = f.text("what happened, as known on the day")
    confidence: Series[str] = f.code("single: it rests on one source", v.CONFIDENCES[:2])


class Tariffs(WithHindsight):
    """One step: from `effective`, the rate of one layer and product group under one order."""

    order_id: Series[str] = f.identifier("the order, threat or deal")
    announced: Series[pd.Timestamp] = f.day("the day the world learned of it; the as-of date cuts here")
    force: Series[str] = f.code("only orders write the schedule", v.FORCES)
    partner: Series[str] = f.partner("partner code; ALL is a general schedule", also=v.GENERAL)
    layer: Series[str] = f.code("the duty's legal layer", v.LAYERS)
    product: Series[str] = f.name(
        "product group with a schedule of its own; blank is the whole layer", required=False
    )
    effective: Series[pd.Timestamp] = f.day(
        "first day of the rate; blank where a threat or deal named none", required=False
    )
    rate_pct: Series[float] = f.number("ad valorem rate", "percent", ge=0, le=500)
    basis: Series[str] = f.code(
        "additional: on top of the MFN duty; all_in: a ceiling that contains it", v.BASES
    )
    instrument: Series[str] = f.text("the document's name")
    fr_citation: Series[str] = f.citation("Federal Register citation")
    confidence: Series[str] = f.code(
        "single: it rests on one source; unconfirmed: its day has come without a source that it applied",
        v.CONFIDENCES,
    )
    note: Series[str] = f.text("scope and terms, as known on the day; no page prints it", required=False)


class Issues(WithHindsight):
    """A change in the status of one negotiating issue."""

    partner: Series[str] = f.partner()
    date: Series[pd.Timestamp] = f.day("the day")
    issue: Series[str] = f.code("category of the talks", v.ISSUES)
    status: Series[str] = f.code("status from this day on", (*v.ISSUE_STATUSES, v.DISPUTED))
    summary: Series[str] = f.text("what was said or agreed, as known on the day")


class Commitments(WithHindsight):
    """A pledge made in a deal."""

    commitment_id: Series[str] = f.identifier("the pledge")
    partner: Series[str] = f.partner()
    announced: Series[pd.Timestamp] = f.day("the day it was announced")
    by: Series[str] = f.code("who pledged", ("US", "partner"))
    kind: Series[str] = f.code("kind of pledge", v.COMMITMENT_KINDS)
    amount_usd_bn: Series[float] = f.number(
        "amount as stated in dollars; see part_of before adding up",
        "billions of U.S. dollars, nominal",
        ge=0,
        le=5_000,
        required=False,
    )
    currency: Series[str] = f.text("ISO 4217 code of the amount as stated", required=False)
    amount_bn: Series[float] = f.number(
        "amount as stated, where it was not in dollars",
        "billions of the currency, nominal",
        ge=0,
        le=1_000_000,
        required=False,
    )
    amount_per: Series[str] = f.code(
        "whether the amount is for the whole period or for each year", v.AMOUNT_SPANS, required=False
    )
    part_of: Series[str] = f.text(
        "commitment_id of the larger pledge that contains this one; a sum leaves such rows out",
        required=False,
    )
    horizon_end: Series[pd.Timestamp] = f.day("last day of the period it is for", required=False)
    description: Series[str] = f.text("what was pledged, as known on the day")


class CommitmentStatus(Sourced):
    """The status of a pledge from a day on."""

    commitment_id: Series[str] = f.identifier("the pledge")
    date: Series[pd.Timestamp] = f.day("the day from which the status is known")
    status: Series[str] = f.code("status from this day on", v.COMMITMENT_STATUS_NAMES)


class Events(WithHindsight):
    """A general legal or policy event."""

    date: Series[pd.Timestamp] = f.day("the day")
    scope: Series[str] = f.list_of("ALL, or the ISO codes concerned, partners or not", "")
    kind: Series[str] = f.code("kind of event", v.EVENT_KINDS)
    title: Series[str] = f.text("the event in a few words")
    summary: Series[str] = f.text("what happened, as known on the day")


class TradeMonthly(Sourced):
    """A partner's month of U.S. goods imports, today's vintage."""

    partner: Series[str] = f.partner("partner code; WLD is the world", also=v.WORLD)
    month: Series[pd.Timestamp] = f.month("month of entry")
    released: Series[pd.Timestamp] = f.day("the day on which the month's figures were first published")
    imports_for_consumption_usd_mn: Series[float] = f.number(
        "goods entered for consumption, customs value",
        "millions of U.S. dollars, nominal, not seasonally adjusted",
        ge=0,
        le=1e6,
    )
    calculated_duties_usd_mn: Series[float] = f.number(
        "duties calculated on them by the Census Bureau", "millions of U.S. dollars", ge=0, le=1e6
    )
    general_imports_usd_mn: Series[float] = f.number(
        "general imports of goods, customs value", "millions of U.S. dollars", ge=0, le=1e6, required=False
    )


class TradeAnnual(Recorded):
    """A partner's year of goods trade."""

    partner: Series[str] = f.partner()
    year: Series[int] = f.year("calendar year", ge=2000, le=2100)
    us_goods_imports_usd_bn: Series[float] = f.number(
        "U.S. general imports of goods from the partner",
        "billions of U.S. dollars",
        ge=0,
        le=1_500,
        required=False,
    )
    us_goods_exports_usd_bn: Series[float] = f.number(
        "U.S. total exports of goods to the partner, f.a.s.",
        "billions of U.S. dollars",
        ge=0,
        le=1_500,
        required=False,
    )
    source_ids: Series[str] = f.list_of("documents", SOURCES)
    note: Series[str] = f.text("vintage, and how a derived figure was derived", required=False)


class EffectiveRatesModel(Sourced):
    """M. E. Waugh's modelled effective rate (trade-war-redux-2025) of 23 July 2026; later, a projection."""

    partner: Series[str] = f.partner()
    date: Series[pd.Timestamp] = f.day("the model's policy date; not always the legal day")
    added_rate_pct: Series[float] = f.number(
        "effective rate added since 2024, at 2024 import weights", "percent", ge=-10, le=500
    )
    base_2024_rate_pct: Series[float] = f.number(
        "the partner's average rate in 2024", "percent", ge=0, le=100
    )


_TABLES: dict[str, tuple[type[Table], list[str]]] = {
    "partners": (Partners, ["partner"]),
    "meetings": (Meetings, ["meeting_id"]),
    "milestones": (Milestones, ["partner", "date", "stage", "scope", "document"]),
    "tariffs": (Tariffs, ["order_id", "force", "partner", "layer", "product", "effective"]),
    "issues": (Issues, ["partner", "date", "issue", "status"]),
    "commitments": (Commitments, ["commitment_id"]),
    "commitment_status": (CommitmentStatus, ["commitment_id", "date", "status"]),
    "events": (Events, ["date", "title"]),
    "trade_monthly": (TradeMonthly, ["partner", "month"]),
    "trade_annual": (TradeAnnual, ["partner", "year"]),
    "effective_rates_model": (EffectiveRatesModel, ["partner", "date"]),
    **RECORD_TABLES,
    **CLAUSE_TABLES,
    **EFFECTIVE_TABLES,
}
"""The tables, in the order in which the package lists them: the model of each, and its key."""

MODELS: dict[str, type[Table]] = {name: model for name, (model, _) in _TABLES.items()}
KEYS: dict[str, list[str]] = {name: key for name, (_, key) in _TABLES.items()}
"""The columns that identify a row of each table."""
