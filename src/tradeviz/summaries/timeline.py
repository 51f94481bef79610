"""The lead of the tariff timeline: orders, whom they reach, the highest rates, the next change."""

from __future__ import annotations

import pandas as pd

from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.summaries.notes import tense
from tradeviz.vocabulary import layer_name
from tradeviz.wording import count, day, listing, rate, sentence


def timeline(ds: Dataset) -> str:
    """Count the orders, say whom rates reach and how the highest compare, and name the next change."""
    known = rates.orders(ds)
    if known.empty:
        return f"By {day(ds.as_of)} no tariff order {tense(ds, 'is', 'was')} on record."
    latest = known.iloc[0]
    own = int((known["layers"] == "retaliation").sum())
    ours = count(len(known) - own, "order")
    theirs = f" and {count(own, 'order')} of partners in answer" if own else ""
    be = tense(ds, "are", "were")
    first = (
        f"As of {day(ds.as_of)}, {ours} of the United States{theirs} {be} on record, the latest"
        f" announced on {day(latest['announced'])}."
    )
    return " ".join(filter(None, [first, _reached(ds), _highest(ds), _next(ds)]))


def _reached(ds: Dataset) -> str:
    highest = rates.highest_rates(ds)
    n = {head: int((highest[f"{head}_pct"] > 0).sum()) for head in ("threatened", "ordered", "in_force")}
    words = {head: str(number) if number else "none" for head, number in n.items()}
    have, be = tense(ds, "has", "had"), tense(ds, "is", "was")
    return (
        f"On record, a rate on all goods {have} been threatened for {words['threatened']} of the"
        f" {len(ds.partners)} partners and ordered for {words['ordered']};"
        f" one {be} in force for {words['in_force']}."
    )


def _highest(ds: Dataset) -> str:
    highest = rates.highest_rates(ds)
    parts = [
        f"{words} {_top(ds, highest, head)}"
        for head, words in (
            ("ordered", "the highest total ever ordered"),
            ("in_force", "the highest in force"),
        )
        if (highest[f"{head}_pct"] > 0).any()
    ]
    return sentence("; ".join(parts))


def _top(ds: Dataset, highest: pd.DataFrame, head: str) -> str:
    top = highest[highest[f"{head}_pct"] == highest[f"{head}_pct"].max()]
    row = top.iloc[0]
    names = [ds.name(code) for code in top["partner"]]
    whom = listing(names) if len(names) <= 3 else count(len(names), "partner")
    be = tense(ds, "is", "was")
    return f"{be} {rate(row[f'{head}_pct'], row[f'{head}_basis'])}, for {whom}"


def _next(ds: Dataset) -> str:
    """The next change on all goods, or else in a sector; answers of partners are left out."""
    calendar = rates.cliff_calendar(ds)
    calendar = calendar[calendar["layer"] != "retaliation"]
    whole = rates.whole_economy_rows(calendar)
    due = tense(ds, "is", "was")
    if calendar.empty:
        return f"No change of United States rates {due} ordered for a later day."
    none = "" if len(whole) else f"No change of rates on all goods {due} ordered for a later day. "
    known = whole if len(whole) else calendar
    first = known[known["effective"] == known["effective"].iloc[0]]
    layers = list(dict.fromkeys(layer_name(row["layer"], row["product"]) for row in records(first)))
    codes = list(dict.fromkeys(code for row in records(first) for code in row["partners"].split(";")))
    who = ds.name(codes[0]) if len(codes) == 1 else count(len(codes), "partner")
    where = "of rates on all goods" if len(whole) else "in a sector"
    days = count(int(first["days_left"].iloc[0]), "day")
    return (
        f"{none}The next change {where} already ordered {due} due on {day(first['effective'].iloc[0])},"
        f" {days} after this page's day: {listing(layers)}, for {who}."
    )


def timeline_rule(ds: Dataset) -> str:
    """How rates of different layers are added up on this page, in one paragraph."""
    highest = rates.highest_rates(ds)
    converted = highest.loc[highest["in_force_converted"] | highest["ordered_converted"], "partner"]
    whom = listing([ds.name(str(code)) for code in converted])
    words = f" This {tense(ds, 'holds', 'held')} for {whom}." if whom else ""
    return (
        "Rates of different layers on all goods of a partner are added up; sector duties are not among them."
        " An all-in rate contains the normal duty, the others come on top of it. An all-in rate that stands"
        " alone is shown as it is; one beside other layers counts as what it adds to the base rate of 2024,"
        f" and the total is called converted.{words} A threat names the rate of one layer; what stood on"
        " other layers came on top of it."
    )
