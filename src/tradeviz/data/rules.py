"""Rules within and between tables that need more than one cell, each with the tables it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from tradeviz import vocabulary
from tradeviz.data.asof import KNOWN_ON
from tradeviz.data.models import MODELS
from tradeviz.data.problems import Problem, shown
from tradeviz.data.rules_clauses import clause_problems, reason_problems
from tradeviz.data.validation import TypedTable, at, at_each

_FIRST_PLAUSIBLE = pd.Timestamp("2024-01-01")


def _meetings(meetings: TypedTable, milestones: TypedTable, tariffs: TypedTable) -> Iterator[Problem]:
    frame, rows = meetings.frame, milestones.text.frame
    closers = {
        *frame["meeting_id"],
        *tariffs.frame["order_id"],
        *(rows["partner"] + ":" + rows["date"] + ":" + rows["stage"]),
    }
    due, closed_by = frame["next_step_due"].notna(), frame["next_step_closed_by"]
    unknown = '"{cell}" is no meeting_id, order_id or partner:date:stage of a milestone'
    return at_each(
        meetings,
        (frame["end_date"] < frame["start_date"], "end_date", "lies before start_date"),
        (due & (frame["next_step"] == ""), "next_step_due", "has a day, but next_step is empty"),
        ((closed_by != "") & ~closed_by.isin(closers), "next_step_closed_by", unknown),
    )


def _milestones(milestones: TypedTable) -> Iterator[Problem]:
    frame = milestones.frame
    yield from at(milestones, frame["expires"] < frame["date"], "expires", "lies before date")
    yield from _one_source(milestones)


def _one_source(table: TypedTable) -> Iterator[Problem]:
    """A row with one source has to say so; one with several may, where they go back to one."""
    alone = ~table.frame["source_ids"].str.contains(";")
    what = 'is "confirmed", but the row has one source; write "single" or add a second'
    return at(table, alone & (table.frame["confidence"] == "confirmed"), "confidence", what)


def _tariffs(tariffs: TypedTable) -> Iterator[Problem]:
    frame = tariffs.frame
    order, all_in, layer = frame["force"] == "order", frame["basis"] == "all_in", frame["layer"]
    unconfirmed = frame["confidence"] == "unconfirmed"
    first = frame.groupby("order_id")["announced"].transform("first")

    def no_all_in(row: int) -> str:
        return f'"all_in" does not occur in layer {shown(layer.iloc[row])}'

    def differs(row: int) -> str:
        order_id = shown(frame["order_id"].iloc[row])
        return f"differs from {first.iloc[row]:%Y-%m-%d} in the first row of {order_id}"

    yield from at_each(
        tariffs,
        (order & frame["effective"].isna(), "effective", "is empty; an order always has a first day"),
        (all_in & ~layer.isin(vocabulary.ALL_IN_LAYERS), "basis", no_all_in),
        (all_in & ~(frame["rate_pct"] > 0), "rate_pct", "an all-in rate is above 0; a repeal is additional"),
        (~order & unconfirmed, "confidence", "only a step of an order can be unconfirmed"),
        (frame["announced"].notna() & (frame["announced"] != first), "announced", differs),
    )
    yield from _rival_orders(tariffs)
    yield from _one_source(tariffs)


def _rival_orders(tariffs: TypedTable) -> Iterator[Problem]:
    orders = tariffs.frame[tariffs.frame["force"] == "order"]
    series = ["partner", "layer", "product", "announced"]
    rivals = orders.groupby(series)["order_id"].transform("nunique") > 1
    repeated = orders[series].duplicated() & ~orders[[*series, "order_id"]].duplicated()
    what = "another order on the same partner, layer and product was announced that day; which came last?"
    return at(tariffs, tariffs.frame.index.isin(orders.index[rivals & repeated]), "announced", what)


def _pledges(commitments: TypedTable, statuses: TypedTable) -> Iterator[Problem]:
    announced = commitments.frame.drop_duplicates("commitment_id").set_index("commitment_id")["announced"]
    pledge = statuses.frame["commitment_id"]
    pledged = pledge.map(announced)

    def too_early(row: int) -> str:
        return f"lies before the pledge ({pledged.iloc[row]:%Y-%m-%d})"

    yield from at(statuses, statuses.frame["date"] < pledged, "date", too_early)
    yield from at(statuses, ~pledge.isin(announced.index), "commitment_id", "is not in commitments.csv")
    none = ~commitments.frame["commitment_id"].isin(pledge)
    yield from at(commitments, none, "commitment_id", "has no row in commitment_status.csv")


def _amounts(commitments: TypedTable) -> Iterator[Problem]:
    frame = commitments.frame
    in_dollars, in_others = frame["amount_usd_bn"].notna(), frame["amount_bn"].notna()
    stated, currency, part_of = in_dollars | in_others, frame["currency"], frame["part_of"]
    whole = frame.drop_duplicates("commitment_id").set_index("commitment_id")["part_of"]
    for column in ("currency", "amount_per"):
        filled = frame[column] != ""
        yield from at(commitments, stated & ~filled, column, "is empty beside an amount")
        yield from at(commitments, ~stated & filled, column, "is filled without an amount")
    dollars = "is for amounts that were not in dollars; those go to amount_usd_bn"
    within = '"{cell}" is itself part of another; name the largest'
    yield from at_each(
        commitments,
        (~currency.str.fullmatch("([A-Z]{3})?"), "currency", '"{cell}" is no ISO 4217 code; write it as USD'),
        (in_others & (currency == "USD"), "amount_bn", dollars),
        ((part_of != "") & ~part_of.isin(whole.index), "part_of", '"{cell}" is no commitment_id'),
        (part_of.map(whole).fillna("") != "", "part_of", within),
    )


def _trade(months: TypedTable) -> Iterator[Problem]:
    frame = months.frame
    larger = frame["calculated_duties_usd_mn"] > frame["imports_for_consumption_usd_mn"]
    within = frame["released"] <= frame["month"] + pd.offsets.MonthEnd(0)
    ordered = frame.sort_values(["partner", "month"], kind="stable")
    before = ordered.groupby("partner")["month"].shift().reindex(frame.index)
    gap = before.notna() & (frame["month"] > before + pd.DateOffset(months=1))

    def missing(row: int) -> str:
        return f"the month after {before.iloc[row]:%Y-%m} is missing for this partner"

    return at_each(
        months,
        (larger, "calculated_duties_usd_mn", "is larger than the imports that it was charged on"),
        (within, "released", "lies before the month's end"),
        (gap, "month", missing),
    )


def _days(coverage: TypedTable, *dated: TypedTable) -> Iterator[Problem]:
    covered = coverage.frame["through"].max()
    if pd.isna(covered):
        return
    end = covered + pd.DateOffset(years=1)
    period = f"{_FIRST_PLAUSIBLE:%Y-%m-%d} to {end:%Y-%m-%d}, a year after coverage.csv ends"
    for table in dated:
        column = KNOWN_ON.get(table.text.name, "start_date")
        days = table.frame[column]
        outside = (days < _FIRST_PLAUSIBLE) | (days > end)
        yield from at(table, outside, column, f"{{cell}} lies outside the period covered ({period})")


def _scopes(events: TypedTable) -> Iterator[Problem]:
    well_formed = events.frame["scope"].str.fullmatch(r"ALL|[A-Z]{3}(;[A-Z]{3})*")
    return at(events, ~well_formed, "scope", '"{cell}" is neither ALL nor ISO codes with ; between')


def _coverage(coverage: TypedTable) -> Iterator[Problem]:
    unknown = ~coverage.frame["table"].isin(list(MODELS))
    return at(coverage, unknown, "table", f"is no table; use one of {', '.join(MODELS)}")


def _known_gaps(gaps: TypedTable) -> Iterator[Problem]:
    return at(gaps, gaps.frame["last_day"] < gaps.frame["first_day"], "last_day", "lies before first_day")


def _groups(imports: TypedTable, *others: TypedTable) -> Iterator[Problem]:
    """A group with a misspelt code would be charged by no layer, and nobody told."""
    known = {group for table in others for group in table.frame["group"]}
    for table, groups in ((imports, known), *((table, set(imports.frame["group"])) for table in others)):
        where = "import_groups" if table is not imports else "group_terms or any table of shares"
        yield from at(table, ~table.frame["group"].isin(groups), "group", f'"{{cell}}" is not in {where}')


_DATED = ("meetings", *(name for name in KNOWN_ON if name != "effective_rates_model"))
RULES: list[tuple[tuple[str, ...], Callable[..., Iterator[Problem]]]] = [
    (("meetings", "milestones", "tariffs"), _meetings),
    (("milestones",), _milestones),
    (("tariffs",), _tariffs),
    (("commitments", "commitment_status"), _pledges),
    (("commitments",), _amounts),
    (("trade_monthly",), _trade),
    (("coverage", *_DATED), _days),
    (("events",), _scopes),
    (("coverage",), _coverage),
    (("known_gaps",), _known_gaps),
    (("import_groups", "group_terms", "carveout_shares", "preference_shares"), _groups),
    (("clauses", "milestones", "commitments"), clause_problems),
    (("issues_without_clause", "issues"), reason_problems),
]
"""Each rule, with the names of the tables that it is given."""
