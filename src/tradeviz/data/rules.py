"""Rules within and between tables that need more than one cell, each with the tables it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from tradeviz import vocabulary
from tradeviz.data.asof import KNOWN_ON
from tradeviz.data.models import MODELS
from tradeviz.data.problems import Problem, shown
from tradeviz.data.rules_clauses import clause_problems, reason_problems
from tradeviz.data.validation import TypedTable, at

_FIRST_PLAUSIBLE = pd.Timestamp("2024-01-01")


def _meetings(meetings: TypedTable, milestones: TypedTable, tariffs: TypedTable) -> Iterator[Problem]:
    frame = meetings.frame
    yield from at(
        meetings, frame["end_date"] < frame["start_date"], "end_date", lambda _: "lies before start_date"
    )
    due = frame["next_step_due"].notna()
    yield from at(
        meetings,
        due & (frame["next_step"] == ""),
        "next_step_due",
        lambda _: "has a day, but next_step is empty",
    )
    rows = milestones.text.frame
    closers = {
        *frame["meeting_id"],
        *tariffs.frame["order_id"],
        *(rows["partner"] + ":" + rows["date"] + ":" + rows["stage"]),
    }
    closed_by = frame["next_step_closed_by"]
    yield from at(
        meetings,
        (closed_by != "") & ~closed_by.isin(closers),
        "next_step_closed_by",
        lambda row: (
            f'"{shown(closed_by.iloc[row])}" is no meeting_id, order_id or partner:date:stage of a milestone'
        ),
    )


def _milestones(milestones: TypedTable) -> Iterator[Problem]:
    frame = milestones.frame
    yield from at(milestones, frame["expires"] < frame["date"], "expires", lambda _: "lies before date")
    yield from _one_source(milestones)


def _one_source(table: TypedTable) -> Iterator[Problem]:
    """A row with one source has to say so; one with several may, where they go back to one."""
    alone = ~table.frame["source_ids"].str.contains(";")
    yield from at(
        table,
        alone & (table.frame["confidence"] == "confirmed"),
        "confidence",
        lambda _: 'is "confirmed", but the row has one source; write "single" or add a second',
    )


def _tariffs(tariffs: TypedTable) -> Iterator[Problem]:
    frame = tariffs.frame
    order = frame["force"] == "order"
    yield from at(
        tariffs,
        order & frame["effective"].isna(),
        "effective",
        lambda _: "is empty; an order always has a first day",
    )
    all_in = frame["basis"] == "all_in"
    yield from at(
        tariffs,
        all_in & ~frame["layer"].isin(vocabulary.ALL_IN_LAYERS),
        "basis",
        lambda row: f'"all_in" does not occur in layer {shown(frame["layer"].iloc[row])}',
    )
    yield from at(
        tariffs,
        all_in & ~(frame["rate_pct"] > 0),
        "rate_pct",
        lambda _: "an all-in rate is above 0; a repeal is additional",
    )
    yield from at(
        tariffs,
        ~order & (frame["confidence"] == "unconfirmed"),
        "confidence",
        lambda _: "only a step of an order can be unconfirmed",
    )
    first = frame.groupby("order_id")["announced"].transform("first")
    yield from at(
        tariffs,
        frame["announced"].notna() & (frame["announced"] != first),
        "announced",
        lambda row: (
            f"differs from {first.iloc[row]:%Y-%m-%d} in the first row of"
            f" {shown(frame['order_id'].iloc[row])}"
        ),
    )
    yield from _rival_orders(tariffs)
    yield from _one_source(tariffs)


def _rival_orders(tariffs: TypedTable) -> Iterator[Problem]:
    orders = tariffs.frame[tariffs.frame["force"] == "order"]
    series = ["partner", "layer", "product", "announced"]
    rivals = orders.groupby(series)["order_id"].transform("nunique") > 1
    repeated = orders[series].duplicated() & ~orders[[*series, "order_id"]].duplicated()
    for row in orders.index[rivals & repeated]:
        message = (
            "another order on the same partner, layer and product was announced that day; which came last?"
        )
        yield tariffs.text.problem(int(row), "announced", message)


def _pledges(commitments: TypedTable, statuses: TypedTable) -> Iterator[Problem]:
    announced = commitments.frame.drop_duplicates("commitment_id").set_index("commitment_id")["announced"]
    pledged = statuses.frame["commitment_id"].map(announced)
    yield from at(
        statuses,
        statuses.frame["date"] < pledged,
        "date",
        lambda row: f"lies before the pledge ({pledged.iloc[row]:%Y-%m-%d})",
    )
    unknown = ~statuses.frame["commitment_id"].isin(announced.index)
    yield from at(statuses, unknown, "commitment_id", lambda _: "is not in commitments.csv")
    none = ~commitments.frame["commitment_id"].isin(statuses.frame["commitment_id"])
    yield from at(commitments, none, "commitment_id", lambda _: "has no row in commitment_status.csv")


def _amounts(commitments: TypedTable) -> Iterator[Problem]:
    frame = commitments.frame
    stated = frame["amount_usd_bn"].notna() | frame["amount_bn"].notna()
    for column in ("currency", "amount_per"):
        yield from at(
            commitments, stated & (frame[column] == ""), column, lambda _: "is empty beside an amount"
        )
        yield from at(
            commitments,
            ~stated & (frame[column] != ""),
            column,
            lambda _: "is filled without an amount",
        )
    yield from at(
        commitments,
        ~frame["currency"].str.fullmatch(r"([A-Z]{3})?"),
        "currency",
        lambda row: f'"{shown(frame["currency"].iloc[row])}" is no ISO 4217 code; write it as USD',
    )
    yield from at(
        commitments,
        frame["amount_bn"].notna() & (frame["currency"] == "USD"),
        "amount_bn",
        lambda _: "is for amounts that were not in dollars; those go to amount_usd_bn",
    )
    whole = frame.drop_duplicates("commitment_id").set_index("commitment_id")["part_of"]
    part_of = frame["part_of"]
    yield from at(
        commitments,
        (part_of != "") & ~part_of.isin(whole.index),
        "part_of",
        lambda row: f'"{shown(part_of.iloc[row])}" is no commitment_id',
    )
    yield from at(
        commitments,
        part_of.map(whole).fillna("") != "",
        "part_of",
        lambda row: f'"{shown(part_of.iloc[row])}" is itself part of another; name the largest',
    )


def _trade(months: TypedTable) -> Iterator[Problem]:
    frame = months.frame
    yield from at(
        months,
        frame["calculated_duties_usd_mn"] > frame["imports_for_consumption_usd_mn"],
        "calculated_duties_usd_mn",
        lambda _: "is larger than the imports that it was charged on",
    )
    yield from at(
        months,
        frame["released"] <= frame["month"] + pd.offsets.MonthEnd(0),
        "released",
        lambda _: "lies before the month's end",
    )
    ordered = frame.sort_values(["partner", "month"], kind="stable")
    before = ordered.groupby("partner")["month"].shift()
    gap = before.notna() & (ordered["month"] > before + pd.DateOffset(months=1))
    for row in ordered.index[gap]:
        yield months.text.problem(
            int(row), "month", f"the month after {before[row]:%Y-%m} is missing for this partner"
        )


def _days(coverage: TypedTable, *dated: TypedTable) -> Iterator[Problem]:
    covered = coverage.frame["through"].max()
    if pd.isna(covered):
        return
    end = covered + pd.DateOffset(years=1)
    for table in dated:
        column = KNOWN_ON.get(table.text.name, "start_date")
        days = table.frame[column]
        outside = (days < _FIRST_PLAUSIBLE) | (days > end)
        period = f"{_FIRST_PLAUSIBLE:%Y-%m-%d} to {end:%Y-%m-%d}, a year after coverage.csv ends"
        for row in np.flatnonzero(outside):
            what = f"{days.iloc[row]:%Y-%m-%d} lies outside the period covered ({period})"
            yield table.text.problem(int(row), column, what)


def _scopes(events: TypedTable) -> Iterator[Problem]:
    scope = events.frame["scope"]
    well_formed = scope.str.fullmatch(r"ALL|[A-Z]{3}(;[A-Z]{3})*")
    yield from at(
        events,
        ~well_formed,
        "scope",
        lambda row: f'"{shown(scope.iloc[row])}" is neither ALL nor ISO codes with ; between',
    )


def _coverage(coverage: TypedTable) -> Iterator[Problem]:
    unknown = ~coverage.frame["table"].isin(list(MODELS))
    yield from at(coverage, unknown, "table", lambda _: f"is no table; use one of {', '.join(MODELS)}")


def _known_gaps(gaps: TypedTable) -> Iterator[Problem]:
    backwards = gaps.frame["last_day"] < gaps.frame["first_day"]
    yield from at(gaps, backwards, "last_day", lambda _: "lies before first_day")


def _groups(imports: TypedTable, *others: TypedTable) -> Iterator[Problem]:
    """A group with a misspelt code would be charged by no layer, and nobody told."""
    known = {group for table in others for group in table.frame["group"]}
    for table, groups in ((imports, known), *((table, set(imports.frame["group"])) for table in others)):
        where = "import_groups" if table is not imports else "group_terms or any table of shares"
        for row in np.flatnonzero(~table.frame["group"].isin(groups)):
            code = shown(table.frame["group"].iloc[row])
            yield table.text.problem(int(row), "group", f'"{code}" is not in {where}')


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
