"""Models of the tables behind the effective rate: what was imported in 2024, and what a duty reaches of it.

`docs/methods.md` has the formula that reads them; `tradeviz.rates.effective` is the formula.
"""

from __future__ import annotations

import pandas as pd
from pandera.typing.pandas import Series

from tradeviz import vocabulary as v
from tradeviz.data import fields as f
from tradeviz.data.table import Sourced, Table

_CODE = r"^[a-z0-9_]+$"
_ANNOUNCED = "the day the world learned of it; the as-of date cuts here"
_EFFECTIVE = "first day; before announced where it is retroactive"
_DOCUMENT = "the act, and where it is published"
_CHECKED = "checked: the day was read in the document, or in two independent texts of it"
_RELEASED = "the day on which the figures of the whole year 2024 were first published"
_DOLLARS = "millions of U.S. dollars, nominal"


def _partner() -> Series[str]:
    return f.partner("partner code; ALL holds for every partner", also=v.GENERAL)


def _layer() -> Series[str]:
    return f.code("the duty's legal layer, as in tariffs", v.LAYERS)


def _product() -> Series[str]:
    return f.name("product of that layer, as in tariffs", required=False)


class Term(Sourced):
    """A table of terms of acts: when each was announced, from when it holds, and where it stands."""

    announced: Series[pd.Timestamp] = f.day(_ANNOUNCED)
    effective: Series[pd.Timestamp] = f.day(_EFFECTIVE)
    document: Series[str] = f.text(_DOCUMENT)
    checked: Series[str] = f.code(_CHECKED, v.TERM_CHECKS)


class ImportGroups(Sourced):
    """U.S. imports of 2024 from a partner in one group of tariff lines that the orders treat alike."""

    partner: Series[str] = f.partner()
    group: Series[str] = f.identifier("group of tariff lines", pattern=_CODE)
    group_name: Series[str] = f.name("the group in a few words")
    imports_2024_usd_mn: Series[float] = f.number(
        "imports for consumption of 2024, customs value", _DOLLARS, ge=0, le=1e6
    )
    base_rate_pct: Series[float] = f.number(
        "calculated duty of 2024 over value, without the Section 232 duties of 2018; for China with the"
        " older Section 301 duties",
        "percent",
        ge=0,
        le=200,
    )
    old_s232_pct: Series[float] = f.number(
        "Section 232 duty of 2018; base and this are the rate charged in 2024", "percent", ge=0, le=200
    )
    below_10_pct: Series[float] = f.number(
        "what a ceiling of 10% adds: mean over tariff lines of max(0, 10 - base of the line)",
        "percent",
        ge=0,
        le=10,
    )
    below_12_5_pct: Series[float] = f.number("the same for 12.5%", "percent", ge=0, le=12.5)
    below_15_pct: Series[float] = f.number("the same for 15%", "percent", ge=0, le=15)
    metal_content_share: Series[float] = f.number("value that counts as metal", "share", ge=0, le=1)
    copper_content_share: Series[float] = f.number("value that counts as copper", "share", ge=0, le=1)
    released: Series[pd.Timestamp] = f.day(_RELEASED)


class ImportSections(Sourced):
    """U.S. imports of 2024 from a partner in one of 17 sections of the tariff schedule."""

    partner: Series[str] = f.partner()
    section: Series[str] = f.identifier("section of goods", pattern=_CODE)
    section_name: Series[str] = f.name("the section in a few words")
    imports_2024_usd_mn: Series[float] = f.number(
        "imports for consumption of 2024, customs value", _DOLLARS, ge=0, le=1e6
    )
    released: Series[pd.Timestamp] = f.day(_RELEASED)


class GroupTerms(Term):
    """From `effective`, a layer charges a group, spares it, or ends what it did to it before."""

    group: Series[str] = f.identifier("group of tariff lines, as in import_groups", pattern=_CODE)
    effect: Series[str] = f.code(
        "charged: a Section 232 layer charges the group, in place of its earlier rows; charged_beside: beside"
        " them; not_charged: a whole-economy layer spares it; ends: the earlier rows end",
        v.GROUP_EFFECTS,
    )
    layer: Series[str] = _layer()
    product: Series[str] = _product()
    partner: Series[str] = _partner()
    on_value: Series[str] = f.code("what a charge is on", v.CHARGED_VALUES)


class CarveoutShares(Sourced):
    """The part of a group that a list of goods reaches; a list that reaches nothing has no row."""

    partner: Series[str] = f.partner()
    group: Series[str] = f.identifier("group of tariff lines, as in import_groups", pattern=_CODE)
    carveout: Series[str] = f.identifier("the list", pattern=_CODE)
    share: Series[float] = f.number("of the group's imports of 2024", "share", ge=0, le=1)


class CarveoutTerms(Term):
    """From `effective`, what a list that cuts through groups does to a layer."""

    carveout: Series[str] = f.identifier("the list, as in carveout_shares", pattern=_CODE)
    effect: Series[str] = f.code(
        "exempt: the part does not pay; only: the layer and product reach nothing else; lower: it pays"
        " at most rate_pct; scope: informs, and is not in the formula",
        v.CARVEOUT_EFFECTS,
    )
    layer: Series[str] = _layer()
    product: Series[str] = _product()
    partner: Series[str] = _partner()
    factor: Series[float] = f.number(
        "part of the list that counts; 0.5 where a good is on it for one use only", "share", ge=0, le=1
    )
    rate_pct: Series[float] = f.number(
        "most that the part pays, for lower", "percent", ge=0, le=500, required=False
    )


class PreferenceShares(Sourced):
    """The part of a group's imports from Canada or Mexico that was entered under USMCA."""

    partner: Series[str] = f.partner()
    group: Series[str] = f.identifier("group of tariff lines, as in import_groups", pattern=_CODE)
    month: Series[pd.Timestamp] = f.month("month of entry; blank is the whole year 2024", required=False)
    usmca_share: Series[float] = f.number("of the value entered", "share", ge=0, le=1)
    released: Series[pd.Timestamp] = f.day("the day on which the month's figures were first published")


class Stacking(Sourced):
    """From `effective`, what a layer does on goods that another one reaches, too."""

    layer: Series[str] = _layer()
    product: Series[str] = _product()
    partner: Series[str] = _partner()
    beside: Series[str] = f.list_of(
        "the other layers; s232_* is every Section 232 layer, old_s232 the duties of 2018",
        "vocabulary.BESIDE",
    )
    rule: Series[str] = f.code(
        "adds: both are charged; yields: the row's layer gives way; displaces: the other one does",
        v.STACKING_RULES,
    )
    on_value: Series[str] = f.code(
        "what it yields on: the whole good, or the value that pays the other",
        v.YIELDED_VALUES,
        required=False,
    )
    announced: Series[pd.Timestamp] = f.day(_ANNOUNCED)
    effective: Series[pd.Timestamp] = f.day(_EFFECTIVE)
    document: Series[str] = f.text(_DOCUMENT)
    checked: Series[str] = f.code(_CHECKED, v.TERM_CHECKS)
    note: Series[str] = f.text("what the act says; load() leaves it out", required=False)


class Assumptions(Sourced):
    """What is assumed where no figure is published: the part that pays, and what USMCA goods are spared."""

    layer: Series[str] = f.code("the duty's legal layer; * is every layer", ("*", *v.LAYERS))
    product: Series[str] = _product()
    group: Series[str] = f.text("group of tariff lines; ALL is every group")
    partner: Series[str] = _partner()
    liable_share: Series[float] = f.number("part of the listed value that pays", "share", ge=0, le=1)
    usmca_relief: Series[float] = f.number(
        "part of the duty that a good under USMCA is spared", "share", ge=0, le=1
    )
    announced: Series[pd.Timestamp] = f.day("the day the world learned of the layer, or of the relief")
    effective: Series[pd.Timestamp] = f.day(
        "first day, where the relief began later than the layer", required=False
    )
    why: Series[str] = f.text("the assumption in words")
    document: Series[str] = f.text("what it rests on; load() leaves it out")
    bias: Series[str] = f.text(
        "in which direction it errs, and by how much; load() leaves it out", required=False
    )


class Omissions(Sourced):
    """A layer and product of which it is not, or not wholly, known what part of the imports it reaches."""

    layer: Series[str] = _layer()
    product: Series[str] = _product()
    partner: Series[str] = _partner()
    known: Series[str] = f.code("partly: what is known is an upper bound, or a part of it", ("partly", "no"))
    what: Series[str] = f.text("what is not known, or what is taken in its place")
    announced: Series[pd.Timestamp] = f.day("the day the world learned of the layer and product")


class PublishedRates(Sourced):
    """An effective rate that somebody else published for a partner and a day; the benchmark of ours."""

    publisher: Series[str] = f.name("who computed it")
    partner: Series[str] = f.partner()
    on: Series[pd.Timestamp] = f.day("the day for which it holds")
    rate_pct: Series[float] = f.number(
        "duty over customs value, the normal duty in it, at weights of 2024", "percent", ge=0, le=500
    )
    published: Series[pd.Timestamp] = f.day("the day of the publication, or of the run that was published")


class OlderDuties(Sourced):
    """A step of the Section 301 duties of 2018 to 2024 on one list of goods.

    They were charged in 2024, so every base rate holds them; no rate, sum or headline reads this table.
    """

    partner: Series[str] = f.partner()
    layer: Series[str] = f.code("the duty's legal layer", (v.S301_2018,))
    product: Series[str] = f.name("the list, or the goods of the review of 2024")
    effective: Series[pd.Timestamp] = f.day("first day of the rate")
    rate_pct: Series[float] = f.number("ad valorem rate, on top of the normal duty", "percent", ge=0, le=500)
    fr_citation: Series[str] = f.citation("Federal Register citation, where it was confirmed")


EFFECTIVE_TABLES: dict[str, tuple[type[Table], list[str]]] = {
    "import_groups": (ImportGroups, ["partner", "group"]),
    "import_sections": (ImportSections, ["partner", "section"]),
    "group_terms": (GroupTerms, ["group", "layer", "product", "partner", "announced", "effective"]),
    "carveout_shares": (CarveoutShares, ["partner", "group", "carveout"]),
    "carveout_terms": (CarveoutTerms, ["carveout", "layer", "product", "partner", "announced", "effective"]),
    "preference_shares": (PreferenceShares, ["partner", "group", "month"]),
    "stacking": (Stacking, ["layer", "product", "partner", "beside", "announced", "effective"]),
    "assumptions": (Assumptions, ["layer", "product", "group", "partner"]),
    "omissions": (Omissions, ["layer", "product", "partner"]),
    "published_rates": (PublishedRates, ["publisher", "partner", "on"]),
    "older_duties": (OlderDuties, ["partner", "product", "effective"]),
}
"""The tables behind the effective rate: the model of each, and the columns that identify a row."""
