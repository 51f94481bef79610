"""Rules that need more than one cell: keys, references, order of days, and what a curator should look at.

Errors are what makes a table wrong; warnings (in `advice`) are what only a curator can judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from tradeviz import vocabulary
from tradeviz.data.advice import advice
from tradeviz.data.asof import KNOWN_ON
from tradeviz.data.models import KEYS, MODELS
from tradeviz.data.problems import Problem, shown
from tradeviz.data.validation import TypedTable, schema

Tables = dict[str, TypedTable]
_FIRST_PLAUSIBLE = pd.Timestamp("2024-01-01")
_MONTHS = 12
_REVISION = 0.05
_ALL_IN_LAYERS = ("reciprocal", "s301", *vocabulary.SECTOR_LAYERS)


def problems_across(tables: Tables, warnings: bool = False) -> list[Problem]:
    """Hold the tables against the rules that need more than one cell.

    Parameters
    ----------
    tables : dict of str to TypedTable
        The tables whose form is sound; rules about others are skipped.
    warnings : bool
        Whether to add what only a curator can judge.

    Returns
    -------
    list of Problem
        Errors, and warnings if asked for.
    """
    found: list[Problem] = []
    for name, table in tables.items():
        found += [*_keys(name, table), *_references(table, tables)]
    for names, rule in _RULES:
        if all(name in tables for name in names):
            found += rule(*[tables[name] for name in names])
    if warnings:
        found += advice(tables)
    return found


def _at(table: TypedTable, wrong: Any, column: str, message: Callable[[int], str]) -> Iterator[Problem]:
    for row in np.flatnonzero(np.asarray(wrong)):
        yield table.text.problem(int(row), column, message(int(row)))


def _keys(name: str, table: TypedTable) -> Iterator[Problem]:
    key = KEYS[name]
    doubled = table.text.frame.duplicated(key)
    what = ", ".join(key)
    yield from _at(table, doubled, key[0], lambda _: f"a row with the same {what} stands above; keep one")


def _references(table: TypedTable, tables: Tables) -> Iterator[Problem]:
    for column, field in schema(table.text.name).columns.items():
        metadata = field.metadata or {}
        target = metadata["references"]
        cells = table.text.frame[column]
        if metadata["kind"] == "list":
            yield from _list_form(table, column, cells)
        if not target:
            continue
        known = _known(target, tables)
        if known is None:
            continue
        known = known | set(filter(None, metadata["also"].split(";")))
        for row, part in cells[cells != ""].str.split(";").explode().items():
            if part and part not in known:
                where = "the vocabulary" if target.startswith("vocabulary") else f"{target.split('.')[0]}.csv"
                yield table.text.problem(int(str(row)), column, f'"{shown(part)}" is not in {where}')


def _known(target: str, tables: Tables) -> set[str] | None:
    table, column = target.split(".")
    if table == "vocabulary":
        return set(getattr(vocabulary, column))
    return set(tables[table].text.frame[column]) if table in tables else None


def _list_form(table: TypedTable, column: str, cells: pd.Series) -> Iterator[Problem]:
    for row, cell in enumerate(cells):
        parts = cell.split(";") if cell else []
        if any(part != part.strip() or not part for part in parts):
            yield table.text.problem(row, column, f'"{shown(cell)}" has an empty part or a space around one')
        elif len(set(parts)) < len(parts):
            yield table.text.problem(row, column, f'"{shown(cell)}" names the same thing twice')


def _partners(partners: TypedTable) -> Iterator[Problem]:
    doubled = partners.text.frame["name"].duplicated()
    yield from _at(partners, doubled, "name", lambda _: "is the name of a partner above; give each its own")


def _own_names(table: TypedTable, column: str, known_on: str, mark: str) -> Iterator[Problem]:
    """Hold identifiers that are made of other cells against them, so that neither can change alone."""
    frame = table.text.frame
    begins = frame["partner"].str.lower() + "-" + frame[known_on] + f"-{mark}"
    numbers = [cell.removeprefix(begin) for cell, begin in zip(frame[column], begins, strict=True)]
    wrong = [not number.isdecimal() or not number.isascii() for number in numbers]
    what = f"is not the partner, {known_on} and a number"
    yield from _at(
        table,
        wrong,
        column,
        lambda row: f'"{shown(frame[column].iloc[row])}" {what}: {shown(begins.iloc[row])}1',
    )


def _meetings(meetings: TypedTable, milestones: TypedTable, tariffs: TypedTable) -> Iterator[Problem]:
    frame = meetings.frame
    yield from _own_names(meetings, "meeting_id", "start_date", "m")
    yield from _at(
        meetings, frame["end_date"] < frame["start_date"], "end_date", lambda _: "lies before start_date"
    )
    due = frame["next_step_due"].notna()
    yield from _at(
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
    yield from _at(
        meetings,
        (closed_by != "") & ~closed_by.isin(closers),
        "next_step_closed_by",
        lambda row: (
            f'"{shown(closed_by.iloc[row])}" is no meeting_id, order_id or partner:date:stage of a milestone'
        ),
    )


def _milestones(milestones: TypedTable) -> Iterator[Problem]:
    frame = milestones.frame
    yield from _at(milestones, frame["expires"] < frame["date"], "expires", lambda _: "lies before date")


def _tariffs(tariffs: TypedTable) -> Iterator[Problem]:
    frame = tariffs.frame
    order = frame["force"] == "order"
    yield from _at(
        tariffs,
        order & frame["effective"].isna(),
        "effective",
        lambda _: "is empty; an order always has a first day",
    )
    all_in = frame["basis"] == "all_in"
    yield from _at(
        tariffs,
        all_in & ~frame["layer"].isin(_ALL_IN_LAYERS),
        "basis",
        lambda row: f'"all_in" does not occur in layer {frame["layer"].iloc[row]}',
    )
    yield from _at(
        tariffs,
        all_in & ~(frame["rate_pct"] > 0),
        "rate_pct",
        lambda _: "an all-in rate is above 0; a repeal is additional",
    )
    yield from _at(
        tariffs,
        ~order & (frame["confidence"] == "unconfirmed"),
        "confidence",
        lambda _: "only a step of an order can be unconfirmed",
    )
    first = frame.groupby("order_id")["announced"].transform("first")
    yield from _at(
        tariffs,
        frame["announced"].notna() & (frame["announced"] != first),
        "announced",
        lambda row: f"differs from {first.iloc[row]:%Y-%m-%d} in the first row of {_order(tariffs, row)}",
    )
    yield from _rival_orders(tariffs)


def _order(tariffs: TypedTable, row: int) -> str:
    return shown(tariffs.text.frame["order_id"].iloc[row])


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
    yield from _own_names(commitments, "commitment_id", "announced", "c")
    announced = commitments.frame.drop_duplicates("commitment_id").set_index("commitment_id")["announced"]
    pledged = statuses.frame["commitment_id"].map(announced)
    yield from _at(
        statuses,
        statuses.frame["date"] < pledged,
        "date",
        lambda row: f"lies before the pledge ({pledged.iloc[row]:%Y-%m-%d})",
    )
    unknown = ~statuses.frame["commitment_id"].isin(announced.index)
    yield from _at(statuses, unknown, "commitment_id", lambda _: "is not in commitments.csv")
    none = ~commitments.frame["commitment_id"].isin(statuses.frame["commitment_id"])
    yield from _at(commitments, none, "commitment_id", lambda _: "has no row in commitment_status.csv")


def _trade(months: TypedTable) -> Iterator[Problem]:
    frame = months.frame
    yield from _at(
        months,
        frame["calculated_duties_usd_mn"] > frame["imports_for_consumption_usd_mn"],
        "calculated_duties_usd_mn",
        lambda _: "is larger than the imports that it was charged on",
    )
    ordered = frame.sort_values(["partner", "month"], kind="stable")
    before = ordered.groupby("partner")["month"].shift()
    gap = before.notna() & (ordered["month"] > before + pd.DateOffset(months=1))
    for row in ordered.index[gap]:
        yield months.text.problem(
            int(row), "month", f"the month after {before[row]:%Y-%m} is missing for this partner"
        )


def _years(years: TypedTable, months: TypedTable) -> Iterator[Problem]:
    """Hold the imports of a year against its months: else imports and exports could be exchanged unseen."""
    monthly = months.frame.assign(year=months.frame["month"].dt.year)
    sums = monthly.groupby(["partner", "year"])["general_imports_usd_mn"].agg(["sum", "count"])
    whole = sums.loc[sums["count"] == _MONTHS, "sum"] / 1_000
    places = pd.MultiIndex.from_frame(years.frame[["partner", "year"]])
    summed = pd.Series(whole.reindex(places).to_numpy())
    imports = years.frame["us_goods_imports_usd_bn"]
    yield from _at(
        years,
        (imports - summed).abs() > _REVISION * summed,
        "us_goods_imports_usd_bn",
        lambda row: f"is far from its months in trade_monthly.csv ({summed.iloc[row]:.3f}); which is right?",
    )


def _modelled(rates: TypedTable) -> Iterator[Problem]:
    frame = rates.frame
    first = frame.groupby("partner")["base_2024_rate_pct"].transform("first")
    yield from _at(
        rates,
        frame["base_2024_rate_pct"] != first,
        "base_2024_rate_pct",
        lambda row: (
            f"differs from {first.iloc[row]:g} in the partner's first row; a partner has one rate of 2024"
        ),
    )


def _days(coverage: TypedTable, *dated: TypedTable) -> Iterator[Problem]:
    end = coverage.frame["through"].max()
    if pd.isna(end):
        return
    for table in dated:
        column = KNOWN_ON.get(table.text.name, "start_date")
        days = table.frame[column]
        outside = (days < _FIRST_PLAUSIBLE) | (days > end)
        period = f"{_FIRST_PLAUSIBLE:%Y-%m-%d} to {end:%Y-%m-%d}, the last day in coverage.csv"
        for row in np.flatnonzero(outside):
            what = f"{days.iloc[row]:%Y-%m-%d} lies outside the period covered ({period})"
            yield table.text.problem(int(row), column, what)


def _scopes(events: TypedTable) -> Iterator[Problem]:
    scope = events.frame["scope"]
    well_formed = scope.str.fullmatch(r"ALL|[A-Z]{3}(;[A-Z]{3})*")
    yield from _at(
        events,
        ~well_formed,
        "scope",
        lambda row: f'"{shown(scope.iloc[row])}" is neither ALL nor ISO codes with ; between',
    )


def _coverage(coverage: TypedTable) -> Iterator[Problem]:
    unknown = ~coverage.frame["table"].isin(list(MODELS))
    yield from _at(coverage, unknown, "table", lambda _: f"is no table; use one of {', '.join(MODELS)}")


_DATED = ("meetings", *(name for name in KNOWN_ON if name != "effective_rates_model"))
_RULES: list[tuple[tuple[str, ...], Callable[..., Iterator[Problem]]]] = [
    (("partners",), _partners),
    (("meetings", "milestones", "tariffs"), _meetings),
    (("milestones",), _milestones),
    (("tariffs",), _tariffs),
    (("commitments", "commitment_status"), _pledges),
    (("trade_monthly",), _trade),
    (("trade_annual", "trade_monthly"), _years),
    (("effective_rates_model",), _modelled),
    (("coverage", *_DATED), _days),
    (("events",), _scopes),
    (("coverage",), _coverage),
]
