"""What the columns of frames mean: title, description and unit of each, for files that are taken away.

Columns of the source tables are described by their models; those that the library derives are described here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tradeviz.data.models import MODELS
from tradeviz.data.validation import schema
from tradeviz.units import unit_of


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    name, title, description, unit : str
        Its name; the name in words; what it means; its unit, "" where it has none.
    """

    name: str
    title: str
    description: str
    unit: str


DERIVED: dict[str, str] = {
    "added_pct": "what the layers add to the normal duty, on average over the partner's imports",
    "age_days": "days from the last evidence to the as-of day",
    "ahead_days": "days before, at which the rate was expected",
    "alive": "whether the threat or deal was still open",
    "amount_bn": "amount, billions of its currency",
    "analysis": "rows that rest on one source, an analysis",
    "as_firm": "codes of the partners that owe it as firmly, `;`-separated",
    "assumption": "what is assumed",
    "at_risk": "partners still waiting just before the day",
    "base_2024_charged_pct": "duties over imports in the same month of 2024",
    "base_2024_pct": "average duty that was charged in 2024",
    "base_pct": "normal duty on average over the partner's imports",
    "beside_points": "step of the waterfall: goods under a sector duty instead",
    "between": "the two readings that it lies between",
    "bias": "which way the assumption pulls",
    "bias_points": "mean surprise: above 0 where more came than was expected",
    "bill_change_usd_bn": "change of the duties of a year against the orders of the day",
    "bill_usd_bn": "all duties in a year at the imports of 2024; purchases do not respond",
    "binding": "number of topics on which the text binds the partner",
    "broken_off": "whether the talks were broken off and not resumed",
    "broken_off_on": "day on which the talks were broken off",
    "came_pct": "effective rate of the day, as known on the day itself",
    "ceilings_points": "step of the waterfall: all-in ceilings, counted line by line",
    "censored": "waits cut off by the as-of day after so many days",
    "change_points": "change of the effective rate against the orders of the day",
    "change_pp": "change of the rate charged, both parts together",
    "charged_added_pct": "duties over imports, above the level of 2024",
    "charged_own_weights_pct": "duties over imports with the imports of the month itself as weights",
    "charged_pct": "duties over imports for consumption",
    "charged_points": "duties over imports of the month, above the level of 2024",
    "charged_usd_bn": "imports of 2024 that pay the rate, after metal content, liable share and USMCA relief",
    "clauses": "number of clauses",
    "commitments": "number of commitments",
    "complete": "whether the month was over on the as-of day",
    "composition_effect_pp": "part of the change that comes from whom goods are bought from",
    "converted": "whether the headline was converted from an all-in rate",
    "covered": "partners whose record reaches to the end of the month; topics on which a text says something",
    "day": "the day that the row is about",
    "day_zero": "whether the rung had been reached when the clock started; number of such partners",
    "days": "number of days",
    "days_ahead": "days from the announcement to the first effect; below 0 where it reached back",
    "days_left": "days from the as-of day",
    "days_open": "days since a threat or deal without a day was announced",
    "days_since": "days since the last meeting or call; -1 without one",
    "deal_order_id": "agreed rate, still open, on the same layer and product",
    "deal_order_ids": "agreed rates, still open, on the same layer and product; `;`-separated",
    "deal_partners": "partners of these agreed rates, `;`-separated",
    "disputed": "whether the latest status is disputed",
    "disputed_since": "day since which it is disputed",
    "duties_usd_bn": "calculated duties of the month",
    "effect": "which way it moves the reading",
    "effective_added_pct": "effective rate above the level of 2024",
    "effective_pct": "normal duty and what the layers add, by 2024 imports; our calculation",
    "effective_points": "our effective rate, above the level of 2024",
    "end": "last day",
    "end_reason": "why the threat or deal ended",
    "ended": "day on which the threat or deal ended",
    "ended_basis": "basis of the rate set by what ended it",
    "ended_by": "order or other document that ended it",
    "ended_instrument": "name of the document that ended it",
    "ended_rate_pct": "rate set by what ended it",
    "ends": "last day of the document that the stage rests on",
    "events": "waits that ended on the day",
    "exemptions_points": "step of the waterfall: goods exempt from the layers on all goods",
    "expected_pct": "effective rate of the day, as known before",
    "exports_2024_usd_bn": "U.S. imports of goods from the partner in 2024",
    "firmer": "number of topics on which the first text binds more firmly",
    "first_effective": "first day from which the order applies",
    "first_month": "first month of the spell",
    "fr_citations": "Federal Register citations, `;`-separated",
    "framework_n": "partners with a framework or further",
    "framework_share": "share of the 2024 imports that comes from them",
    "from_basis": "basis of the rate before",
    "from_charged_pct": "rate charged in the earlier month",
    "from_highest_pct": "highest rate before, over the partners",
    "from_lowest_pct": "lowest rate before, over the partners",
    "from_month": "earlier month of the comparison",
    "from_pct": "where the bar of the step begins",
    "from_rate_pct": "rate before",
    "from_share": "share of the imports in the earlier month",
    "furthest": "furthest status that the issue had reached",
    "gap_pp": "headline less what is charged above the level of 2024",
    "gaps_after": "later contacts that are known without a usable day or source",
    "general": "whether the step stands in the general schedule of the layer",
    "heading": "heading of the template that the topic stands under",
    "headline_pct": "statutory headline rate: layers on all goods, for goods without an exemption",
    "headline_points": "statutory headline, mean of the month",
    "headline_total_pct": "average duty of 2024 and the headline on top of it",
    "held": "last day of the meeting that agreed the step",
    "highest_pct": "highest rate ordered, over the partners",
    "imports_2024_usd_bn": "U.S. imports for consumption from the partner in 2024",
    "in_force_basis": "basis of the rate in force",
    "in_force_converted": "whether an all-in part was converted to add the layers up",
    "in_force_day": "day since which it is in force",
    "in_force_layers": "layers of the rate in force, `;`-separated",
    "in_force_order_ids": "orders that it rests on, `;`-separated",
    "in_force_pct": "rate in force",
    "instruments": "instruments of the order, `;`-separated",
    "item": "what the row tells",
    "known": "day of knowledge; or whether the measures are known",
    "last": "day of the last evidence",
    "last_date": "last day of the last meeting or call",
    "last_effective": "last day from which the order changes a rate",
    "last_month": "last month of the spell",
    "layers": "layers, `;`-separated",
    "looser": "number of topics on which the first text binds more loosely",
    "lost_stage": "further stage that the last break-off took back",
    "lower": "lower end of the 95% band, share 0 to 1",
    "lower_days": "lower end of the 95% interval",
    "lowest_pct": "lowest rate ordered, over the partners",
    "mean_points": "mean distance between what was expected and what came",
    "median_days": "days after which half had reached it",
    "meetings": "number of meetings and calls",
    "modelled_pct": "modelled effective rate, computed in hindsight in July 2026",
    "months": "number of months",
    "n": "number of partners",
    "n_days": "number of days compared",
    "n_partners": "number of partners",
    "n_steps": "number of steps of the order, threat or agreed rate; the first one stands beside it",
    "name": "English short name of the partner",
    "news": "rows that rest on one source, a news report",
    "number": "what else is counted",
    "observed": "whether the wait has ended",
    "on": "day whose rates are told",
    "only_first": "number of topics on which only the first text binds",
    "only_other": "number of topics on which only the other text binds",
    "order_ids": "orders, `;`-separated",
    "order_n": "partners with an implementing order in force",
    "order_share": "share of the 2024 imports that comes from them",
    "ordered_announced": "day on which the highest rate was ordered",
    "ordered_basis": "basis of the highest rate ordered",
    "ordered_converted": "whether an all-in part was converted to add the layers up",
    "ordered_day": "day for which the highest rate was ordered",
    "ordered_layers": "layers of the highest rate ordered, `;`-separated",
    "ordered_order_ids": "orders that it rests on, `;`-separated",
    "ordered_pct": "highest rate ordered",
    "ordered_state": "whether it applied, is scheduled, or was replaced before its day",
    "other_document": "the other text",
    "other_partner": "partner of the other text",
    "others": "number of other partners that owe anything on the topic",
    "page_scenario": "scenario that the whole page tells; the record has no such column",
    "paid_basis": "basis of the rate charged at the time",
    "paid_rate_pct": "rate charged at the time",
    "partner_clauses": "number of clauses by which the partner is bound",
    "partner_day": "day of the partner's first act that carries the deal out",
    "partner_days": "days from the deal to the partner's act; negative where the act came before",
    "partner_outcome": "what became of the partner's act",
    "partner_strength": "how firmly the partner is bound at most",
    "partners": "codes of the partners, `;`-separated",
    "parts": "pledges left out as parts of larger ones",
    "pledges": "number of pledges",
    "point": "before the deal, scheduled, threatened, agreed or in force",
    "points": "by how much it moves the effective rate",
    "preferences_points": "step of the waterfall: goods that enter under USMCA",
    "primary": "rows that rest on one source, a primary one",
    "prolonged_to": "later day that a lesser document named as the last one",
    "published_later": "whether the document came out after the as-of day",
    "quarter": "first day of the quarter",
    "question": "from which rung to which",
    "rank": "place by effective rate, 1 for the highest",
    "rate_effect_pp": "part of the change that comes from changed rates",
    "reached": "number of partners that reached it",
    "reached_share": "share of partners that has reached it, Kaplan-Meier estimate",
    "read_in_report": "number of clauses that were read in an account",
    "read_in_summary": "number of clauses that were read in a summary",
    "read_in_text": "number of clauses that were read in the text itself",
    "record_rank": "place by effective rate under the orders of the day",
    "record_through": "last day that the partner's record of meetings covers",
    "rest_points": "step of the waterfall: timing, shifts of purchases, claims, error",
    "rests_on": "document that the stage rests on",
    "rows": "number of rows",
    "rung": "place of the stage on the ladder, 1 to 6; 0 without one",
    "same": "number of topics on which both texts bind as firmly",
    "scenario": "the case that is supposed; record for the orders of the day",
    "sectors_points": "step of the waterfall: sector duties",
    "set_basis": "basis of the rate set",
    "set_pct": "effective rate of the day, as known once the order was",
    "set_rate_pct": "rate set afterwards",
    "share_binding": "share of the topics on which the text binds the partner",
    "share_of_exports": "amount over the partner's exports to the United States in 2024",
    "share_of_partner": "share of the 2024 imports from the partner, 0 to 1",
    "share_of_us_imports": "share of all U.S. imports of 2024, 0 to 1",
    "share_same": "share of the topics on which both texts bind as firmly",
    "since": "day since which it holds",
    "single_source": "rows that rest on one source",
    "single_source_share": "share of rows that rest on one source",
    "sources": "number of sources",
    "start": "first day",
    "starts": "day from which the term runs",
    "state": "in force, scheduled, past, replaced or unconfirmed; open or ended for threats and deals",
    "status_date": "day of the latest status",
    "status_source_ids": "sources of the latest status, `;`-separated",
    "step": "step of the waterfall",
    "still_open": "whether the spell reaches to the as-of day",
    "surprise_points": "what came, or was set, less what had been expected",
    "suspended": "whether the talks were suspended",
    "suspended_since": "day since which the talks are suspended",
    "table": "table of the fact",
    "term_ended": "whether that last day has passed",
    "text": "what became known, in words",
    "text_n": "partners with a text or further",
    "text_share": "share of the 2024 imports that comes from them",
    "threatened_basis": "basis of the highest rate threatened",
    "threatened_day": "day on which it was threatened",
    "threatened_layers": "layers of the highest rate threatened, `;`-separated",
    "threatened_open": "whether the threat was still open",
    "threatened_order_ids": "threats that it rests on, `;`-separated",
    "threatened_pct": "highest rate threatened",
    "to_basis": "basis of the rate after",
    "to_charged_pct": "rate charged in the later month",
    "to_month": "later month of the comparison",
    "to_pct": "where the bar of the step ends",
    "to_rate_pct": "rate after",
    "to_share": "share of the imports in the later month",
    "topics": "number of topics",
    "touched_usd_bn": "imports of 2024 in reach of the rate",
    "uncovered_days": "days since the last meeting that the record does not cover",
    "under_way": "whether the meeting had not ended",
    "until": "day on which the rate ends; empty while none is known",
    "upper": "upper end of the 95% band, share 0 to 1",
    "upper_days": "upper end of the 95% interval",
    "us_clauses": "number of clauses by which the United States is bound",
    "us_day": "day of the first act of the United States that carries the deal out",
    "us_days": "days from the deal to the act of the United States; negative where the act came before",
    "us_outcome": "what became of the act of the United States",
    "us_strength": "how firmly the United States is bound at most",
    "usd_bn": "duties of a year at the imports of 2024",
    "usmca": "what the order grants to goods under USMCA",
    "wedge": "what lies between two readings",
    "week": "Monday of the week",
    "why": "why the readings differ",
    "with_primary_share": "share of rows that cite a primary source",
}
"""Meaning of the columns that the library derives."""


def describe(name: str, table: str = "") -> Column:
    """Describe a column by its name.

    Parameters
    ----------
    name : str
        Name of the column.
    table : str
        The source table that it stands in; "" for a frame that was derived.

    Returns
    -------
    Column
        A derived column that nobody has described is described by its name in words.

    Examples
    --------
    >>> from tradeviz.columns import describe
    >>> describe("headline_pct").unit
    'percent'
    """
    words = name.removesuffix("_pct").removesuffix("_pp").removesuffix("_usd_bn").removesuffix("_usd_mn")
    title = words.replace("_", " ")
    title = title[:1].upper() + title[1:]
    modelled = _modelled().get((table, name))
    if table and modelled:
        return Column(name, title, *modelled)
    if name in DERIVED:
        return Column(name, title, DERIVED[name], unit_of(name))
    known = [described for (_, column), described in _modelled().items() if column == name]
    description, unit = known[0] if known else (title, unit_of(name))
    return Column(name, title, description, unit)


def sentences(*parts: str) -> str:
    """Put parts of a description one after the other, leaving out empty ones.

    Examples
    --------
    >>> from tradeviz.columns import sentences
    >>> sentences("Percent", "", "Source: tradeviz")
    'Percent. Source: tradeviz'
    """
    return ". ".join(part for part in parts if part)


@cache
def _modelled() -> dict[tuple[str, str], tuple[str, str]]:
    """Description and unit of the columns of the source tables."""
    return {
        (table, name): (str(column.description), str((column.metadata or {})["unit"]))
        for table in MODELS
        for name, column in schema(table).columns.items()
    }
