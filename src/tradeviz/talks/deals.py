"""Deals: the rates around them, the pledges in them, and who carried them out.

Pledges run over different years and differ in kind, and some contain others; only `pledge_totals`
adds them up. Whether a pledge was delivered is known only as far as a source said so.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import records, with_days
from tradeviz.rates import base_rates, schedules, stacked
from tradeviz.rates.schedules import folded_steps
from tradeviz.talks.agenda import commitments
from tradeviz.talks.stages import acts
from tradeviz.vocabulary import (
    COMMITMENT_STATUS_NAMES,
    HEADLINE_LAYERS,
    STAGES,
    WHOLE_ECONOMY_PROGRAMMES,
)

PATH_POINTS: tuple[str, ...] = ("before", "scheduled", "threatened", "agreed", "in_force")
"""Points of a rate path, in the order of a row."""

TARGETED_LAYERS: tuple[str, ...] = HEADLINE_LAYERS[:3]
"""Layers of threats and deals aimed at one partner; Sections 122 and 301 were proposed for all."""

_FRAMEWORK = STAGES.index("framework_announced")


def rate_paths(ds: Dataset) -> pd.DataFrame:
    """The whole-economy rate of each partner before the deal, threatened, agreed and in force.

    Before: in force on the day before the partner's deal first took a form (see `first_forms`).
    Scheduled: the highest reciprocal rate that orders announced by then had set for a later day,
    so that a deal made during a pause is not read as a rise from the paused rate. Threatened: the
    highest single threat ever, on the layers reciprocal, fentanyl or country_special; a threat on
    one layer comes on top of the others. Agreed: the latest order_id of force deal on those
    layers, its layers added up. In force: at as_of. Before and in force add up all headline
    layers whose rate is not zero.

    Returns
    -------
    pandas.DataFrame
        In partner order, then by point; a point without a fact has no row: partner, point
        (see `PATH_POINTS`), rate_pct (percent), basis (all_in where the only rate that is not
        zero is a ceiling; where a ceiling and a surcharge met, the ceiling counts as what it
        adds and the basis is additional), day (in force on it, due on it, or announced), layers
        (`;`-separated, "" where all rates are zero), order_ids (`;`-separated).
    """
    forms = first_forms(ds).set_index("partner")["day"]
    steps = schedules(ds)
    whole = (steps["product"] == "") | steps["product"].isin(WHOLE_ECONOMY_PROGRAMMES)
    steps = steps[whole & steps["layer"].isin(HEADLINE_LAYERS)]
    rows = []
    for code in ds.partners["partner"]:
        partner_steps = steps[steps["partner"] == code]
        points = {"threatened": _threatened(ds, code), "agreed": _agreed(ds, code)}
        points["in_force"] = _statutory(ds, partner_steps, code, ds.as_of)
        if code in forms.index:
            before = forms[code] - pd.Timedelta(days=1)
            points["before"] = _statutory(ds, partner_steps, code, before)
            points["scheduled"] = _scheduled(ds, code, before)
        rows += [{"partner": code, "point": name, **points[name]} for name in PATH_POINTS if points.get(name)]
    columns = ["partner", "point", "rate_pct", "basis", "day", "layers", "order_ids"]
    return with_days(pd.DataFrame(rows, columns=columns), ["day"])


def first_forms(ds: Dataset) -> pd.DataFrame:
    """The day on which each deal first took a form: framework, text, signature or later.

    A deal that collapsed is none; a later one counts from its own first form.

    Returns
    -------
    pandas.DataFrame
        Partners with a deal, in partner order: partner, day, stage (the furthest of that day).
    """
    deal = ds.milestones[ds.milestones["scope"] == "deal"]
    collapsed = deal["date"].where(deal["stage"] == "collapsed").groupby(deal["partner"]).transform("max")
    deal = deal[deal["stage"].isin(STAGES) & ~(deal["date"] <= collapsed)]
    deal = deal.assign(rung=[STAGES.index(stage) for stage in deal["stage"]])
    deal = deal[deal["rung"] >= _FRAMEWORK].sort_values(["date", "rung"], ascending=[True, False])
    first = deal.drop_duplicates("partner").set_index("partner")
    codes = [code for code in ds.partners["partner"] if code in first.index]
    rows = [(code, first.at[code, "date"], first.at[code, "stage"]) for code in codes]
    frame = with_days(pd.DataFrame(rows, columns=["partner", "day", "stage"]), ["day"])
    return frame.astype({"partner": "str", "stage": "str"})


def pledges(ds: Dataset) -> pd.DataFrame:
    """Pledges of investment and purchases with an amount, each beside the partner's exports.

    Amounts span different years; a yearly sum and one over ten years stand side by side. To add
    up, see `pledge_totals`, which counts no part of a larger pledge twice.

    Returns
    -------
    pandas.DataFrame
        In partner order, then by day: partner, commitment_id, announced (day), by (US or
        partner), kind, amount_usd_bn (billions of dollars), amount_per (total or year), part_of
        (commitment_id of the larger pledge that contains it; "" for most), horizon_end (day or NaT),
        description, status (as of the day), status_date, exports_2024_usd_bn (U.S. general
        imports of goods from the partner in 2024; NaN until published), share_of_exports
        (amount / exports_2024_usd_bn, 1 = a year's exports; NaN for a pledge by the United
        States), source_ids.
    """
    rows = commitments(ds)
    rows = rows[rows["kind"].isin(["investment", "purchase"]) & rows["amount_usd_bn"].notna()]
    annual = ds.trade_annual[ds.trade_annual["year"] == 2024].set_index("partner")
    exports = rows["partner"].map(annual["us_goods_imports_usd_bn"]).astype("float64")
    share = (rows["amount_usd_bn"] / exports).where(rows["by"] == "partner")
    order = {code: i for i, code in enumerate(ds.partners["partner"])}
    rows = rows.assign(
        exports_2024_usd_bn=exports, share_of_exports=share, position=rows["partner"].map(order)
    ).sort_values(["position", "announced"], kind="stable")
    columns = ["partner", "commitment_id", "announced", "by", "kind", "amount_usd_bn", "amount_per"]
    columns += [
        "part_of",
        "horizon_end",
        "description",
        "status",
        "status_date",
        "exports_2024_usd_bn",
        "share_of_exports",
    ]
    return rows[[*columns, "source_ids"]].reset_index(drop=True)


def pledge_totals(ds: Dataset) -> pd.DataFrame:
    """What each side has pledged in all, by kind: no part twice, nothing void, years apart from totals.

    A pledge that is part of a larger one (`part_of`) counts in that one only. The sum is of what was
    said, not of what is new: pledges hold plans that companies had before.

    Returns
    -------
    pandas.DataFrame
        In partner order: partner, by (US or partner), kind (investment or purchase), amount_per
        (total or year), amount_usd_bn (sum, billions of dollars), pledges (number in the sum),
        parts (number left out because a larger pledge contains them).
    """
    live = pledges(ds)
    live = live[live["status"] != "void"]
    part = live["part_of"].isin(live["commitment_id"])
    kinds = ["partner", "by", "kind", "amount_per"]
    groups = live.assign(part=part, whole=live["amount_usd_bn"].mask(part)).groupby(kinds, sort=False)
    sums = groups.agg(
        amount_usd_bn=("whole", "sum"), pledges=("whole", "count"), parts=("part", "sum")
    ).reset_index()
    return sums[sums["pledges"] > 0].reset_index(drop=True).astype({"pledges": "int64", "parts": "int64"})


def pledge_statuses(ds: Dataset) -> pd.DataFrame:
    """How many commitments of each partner have which status, all kinds together.

    Returns
    -------
    pandas.DataFrame
        Every status for each partner with a commitment, in partner order: partner, status
        (pledged to void, then "" for none on record), commitments (number).
    """
    known = commitments(ds)
    counts = known.groupby(["partner", "status"]).size()
    statuses = [*COMMITMENT_STATUS_NAMES, ""]
    codes = [code for code in ds.partners["partner"] if (known["partner"] == code).any()]
    rows = [(code, status, counts.get((code, status), 0)) for code in codes for status in statuses]
    frame = pd.DataFrame(rows, columns=["partner", "status", "commitments"])
    return frame.astype({"partner": "str", "status": "str", "commitments": "int64"})


def implementation(ds: Dataset) -> pd.DataFrame:
    """Which deals each side carried out, and after how many days.

    For each side the first act of scope deal on or after the day the deal took a form; where all
    its acts came earlier (an order signed the day before a framework was told), the last of them,
    with negative days. An act is not full delivery: it may cover one part of the deal.

    Returns
    -------
    pandas.DataFrame
        Partners with a deal, in partner order: partner, stage and day (the first form of the
        deal), us_day, us_days, us_outcome, partner_day, partner_days, partner_outcome. The days
        are counted from `day` and NaN where no act is on record (the day is NaT); the outcomes
        are those of `talks.acts`, "" where there is nothing to say.
    """
    known = acts(ds)
    known = known[known["scope"] == "deal"]
    rows = []
    for row in records(first_forms(ds)):
        deal_acts = known[known["partner"] == row["partner"]]
        us = _first_act(deal_acts[deal_acts["stage"] == "us_implemented"], row["day"], "us")
        partner = _first_act(deal_acts[deal_acts["stage"] == "partner_ratified"], row["day"], "partner")
        rows.append({"partner": row["partner"], "stage": row["stage"], "day": row["day"], **us, **partner})
    columns = ["partner", "stage", "day"]
    columns += [f"{side}_{name}" for side in ("us", "partner") for name in ("day", "days", "outcome")]
    frame = with_days(pd.DataFrame(rows, columns=columns), ["day", "us_day", "partner_day"])
    return frame.astype(
        {"us_days": "float64", "partner_days": "float64", "us_outcome": "str", "partner_outcome": "str"}
    )


def _statutory(ds: Dataset, steps: pd.DataFrame, code: str, day: pd.Timestamp) -> dict[str, Any]:
    current = steps[steps["effective"] <= day].groupby(["layer", "product"], sort=False).tail(1)
    total = stacked(records(current), base_rates(ds)[code])
    point = {"rate_pct": total["pct"], "day": day}
    return point | {name: total[name] for name in ("basis", "layers", "order_ids")}


def _scheduled(ds: Dataset, code: str, day: pd.Timestamp) -> dict[str, Any]:
    orders = _targeted(ds, "order", code)
    orders = orders[(orders["layer"] == "reciprocal") & (orders["announced"] <= day)]
    due = [step for step in folded_steps(records(orders)) if step["effective"] > day]
    if not due:
        return {}
    step = max(due, key=lambda step: step["rate_pct"])
    point = {name: step[name] for name in ("rate_pct", "basis")}
    return {**point, "day": step["effective"], "layers": step["layer"], "order_ids": step["order_id"]}


def _targeted(ds: Dataset, force: str, code: str) -> pd.DataFrame:
    rows = ds.tariffs
    rows = rows[(rows["force"] == force) & (rows["partner"] == code) & (rows["product"] == "")]
    return rows[rows["layer"].isin(TARGETED_LAYERS)].sort_values("announced", kind="stable")


def _threatened(ds: Dataset, code: str) -> dict[str, Any]:
    threats = _targeted(ds, "threat", code)
    threats = threats[threats["rate_pct"] > 0]
    return {} if threats.empty else _point(threats.loc[[threats["rate_pct"].idxmax()]])


def _agreed(ds: Dataset, code: str) -> dict[str, Any]:
    deals = _targeted(ds, "deal", code)
    return {} if deals.empty else _point(deals[deals["order_id"] == deals["order_id"].iloc[-1]])


def _point(rows: pd.DataFrame) -> dict[str, Any]:
    bases = rows.loc[rows["rate_pct"] > 0, "basis"]
    return {
        "rate_pct": float(rows["rate_pct"].sum()),
        "basis": "all_in" if (bases == "all_in").any() else "additional",
        "day": rows["announced"].iloc[-1],
        "layers": ";".join(dict.fromkeys(rows["layer"])),
        "order_ids": ";".join(dict.fromkeys(rows["order_id"])),
    }


def _first_act(rows: pd.DataFrame, day: pd.Timestamp, side: str) -> dict[str, Any]:
    rows = rows.sort_values("date", kind="stable")
    later = rows[rows["date"] >= day]
    act = later.iloc[0] if len(later) else rows.iloc[-1] if len(rows) else None
    return {
        f"{side}_day": pd.NaT if act is None else act["date"],
        f"{side}_days": float("nan") if act is None else float((act["date"] - day).days),
        f"{side}_outcome": "" if act is None else act["outcome"],
    }
