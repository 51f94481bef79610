"""What a rate is worth: the imports of 2024 that it touches, and by how much it moves a partner's average.

Works on any rows that name a layer, a rate and a partner: steps in force or ahead, threats, deals.
What cannot be told from the trade statistics is NaN and says so; it is never 0.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from tradeviz.data import Dataset
from tradeviz.days import read_day
from tradeviz.frames import once_per_dataset, records
from tradeviz.rates.cases import NO, Case, cases_of, certainty, reached
from tradeviz.rates.effective import us_imports_2024
from tradeviz.rates.effective_charges import Charges, charges
from tradeviz.rates.effective_terms import Term, Terms, terms
from tradeviz.rates.measures import in_force
from tradeviz.rates.proposals import proposals
from tradeviz.rates.steps import Numbers, Rates, Series
from tradeviz.vocabulary import LAYERS

MEASURES = ["touched_usd_bn", "charged_usd_bn", "share_of_partner", "share_of_us_imports", "points"]


def at_stake(ds: Dataset, rows: pd.DataFrame) -> pd.DataFrame:
    """Weigh rates: the trade that each one touches, and the points by which it moves the effective rate.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    rows : pandas.DataFrame
        Rows such as those of `cliffs`, `cliff_calendar`, `proposals`, `schedules`, `in_force` or
        `ds.tariffs`: layer, product, order_id, effective (NaT is as_of), and partner (a code or ALL)
        or partners (codes, `;`-separated). rate_pct and basis are needed for rows that no schedule
        holds: threats, deals, orders that were overtaken.

    Returns
    -------
    pandas.DataFrame
        The rows, with touched_usd_bn (imports of 2024 in reach: the listed goods of a Section 232
        layer; for a whole-economy layer what is left after exemptions, other duties and USMCA),
        charged_usd_bn (the part that pays, after metal content, liable share and USMCA relief), both in
        billions of dollars; share_of_partner and share_of_us_imports (touched, 0 to 1); points (by
        how much the row moves the effective rate of its partners, percentage points: the rate on
        its day with it less the rate without it, everything else as it is; import-weighted where
        there are several partners); known (yes; partly: an upper bound, or a share is assumed; no: the
        measures are NaN).

    Examples
    --------
    >>> due = rates.at_stake(ds, rates.cliffs(ds, "KOR"))
    >>> due.set_index("layer")[["rate_pct", "share_of_partner", "points"]].round(2).iloc[:1]
                     rate_pct  share_of_partner  points
    layer
    s232_auto_parts      25.0               0.1    1.74
    """
    known = terms(ds)
    rows = rows.reset_index(drop=True)
    found: dict[int, list[float]] = {}
    certain: dict[int, str] = {}
    if len(known.imports.value):
        imports, gaps = known.imports.summed(known.imports.value), records(ds.omissions)
        everything, given = us_imports_2024(ds), records(rows)
        for cases in _batches(cases_of(ds, known, rows)):
            for case, touched, charged, points in _weighed(known, cases, given, imports):
                total = imports[list(case.columns)].sum()
                shares = [touched / total, touched / everything]
                found[case.row] = [touched / 1000, charged / 1000, *shares, points]
                certain[case.row] = certainty(gaps, known, given[case.row], case)
    result = _measures(rows.index, found, certain)
    return rows.drop(columns=list(result), errors="ignore").join(result)


@once_per_dataset
def in_force_at_stake(
    ds: Dataset, on: str | date | pd.Timestamp | None = None, partner: str | None = None
) -> pd.DataFrame:
    """The rates in force, each with the trade that it touches and what it adds to the effective rate.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    on : date, optional
        The day asked for; `ds.as_of` when not given.
    partner : str, optional
        Code to keep; all when not given.

    Returns
    -------
    pandas.DataFrame
        Rows of `in_force`, first what adds most, with the columns of `at_stake`; here points is what the
        layer and product are of the partner's effective rate on the day (percentage points), so that those
        of a partner can be added up.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> rows = rates.in_force_at_stake(ds, partner="KOR")
    >>> rows[["layer", "share_of_partner", "points"]].round(2).head(2)
            layer  share_of_partner  points
    0  s232_autos              0.28    7.07
    1  reciprocal              0.40    4.00
    """
    known = terms(ds)
    day = ds.as_of if on is None else read_day(on, "on", ds.coverage_end)
    rows = in_force(ds, on, partner)
    found: dict[int, list[float]] = {}
    certain: dict[int, str] = {}
    if len(known.imports.value):
        gaps, paid = records(ds.omissions), charges(known, known.steps.on(day), day)
        imports, everything = known.imports.summed(known.imports.value), us_imports_2024(ds)
        for index, row in enumerate(records(rows)):
            series = tuple(key for key in reached(gaps, known, row, day) if key in paid.reach)
            column = known.imports.codes.index(row["partner"])
            if not series or not imports[column]:
                continue
            touched, charged = (part[column] for part in _reach(known, paid, series))
            points = sum(known.imports.by_partner(paid.added[key])[column] for key in series)
            shares = [touched / imports[column], touched / everything]
            found[index] = [touched / 1000, charged / 1000, *shares, points]
            case = Case(index, day, series, (column,))
            certain[index] = certainty(gaps, known, row, case)
    return ranked(rows.join(_measures(rows.index, found, certain)))


@once_per_dataset
def proposals_at_stake(ds: Dataset, force: str, partner: str | None = None) -> pd.DataFrame:
    """Threats or deals, weighed: those alive first, then by what they would move.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    force : {"threat", "deal"}
        Which of the two.
    partner : str, optional
        Partner code; what was said to all partners is then weighed for this one.

    Returns
    -------
    pandas.DataFrame
        Rows of `proposals` with the columns of `at_stake`, in the order of `ranked`.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> said = rates.proposals_at_stake(ds, "threat")
    >>> said[["partner", "layer", "known"]].iloc[0].tolist()
    ['CAN', 's232_steel_aluminum', 'yes']
    """
    rows = proposals(ds, force, partner)
    of_whom = rows["partner"]
    weighed = at_stake(ds, rows if partner is None else rows.assign(partner=partner))
    ranks = ranked(weighed.assign(partner=of_whom))
    return ranks.sort_values("alive", ascending=False, kind="stable", ignore_index=True)


def ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Put what matters most first: by points, then by trade at stake, then the most recent.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `at_stake` with layer and, where recency shall count, announced.

    Returns
    -------
    pandas.DataFrame
        The rows, those with the largest move (up or down) first; ties by imports touched, then the
        latest announced, then the order of layers, whole economy first. What cannot be weighed comes last.

    Examples
    --------
    >>> rates.ranked(rates.at_stake(ds, rates.cliffs(ds)))["layer"].iloc[0]
    'reciprocal'
    """
    keys = pd.DataFrame(
        {
            "points": -rows["points"].abs().round(6),
            "touched": -rows["touched_usd_bn"],
            "announced": -rows["announced"].astype("int64") if "announced" in rows else 0,
            "layer": rows["layer"].map(LAYERS.index),
        },
        index=rows.index,
    )
    order = keys.sort_values(list(keys.columns), kind="stable", na_position="last").index
    return rows.loc[order].reset_index(drop=True)


def _batches(cases: list[Case]) -> list[list[Case]]:
    """Cases that can be weighed at once: of one day and the same series, each partner in one of them."""
    batches: dict[tuple[Any, ...], list[list[Case]]] = {}
    for case in cases:
        same = batches.setdefault((case.day, case.series), [])
        free = [batch for batch in same if not any(set(case.columns) & set(other.columns) for other in batch)]
        if free:
            free[0].append(case)
        else:
            same.append([case])
    return [batch for same in batches.values() for batch in same]


def _weighed(
    known: Terms, cases: list[Case], rows: list[Term], imports: Numbers
) -> list[tuple[Case, float, float, float]]:
    """Imports touched and charged (millions of dollars) and points of each case of a batch."""
    day = cases[0].day
    without = beside = known.steps.on(day)
    before = known.steps.on(day, before=True)
    for case in cases:
        row = rows[case.row]
        for key in case.series:
            for column in case.columns:
                if _sets(known, key, column, day, row["order_id"]):
                    without = _with_rate_of(without, before, key, column)
                else:
                    all_in = row["basis"] == "all_in"
                    beside = beside.with_rate(key, [column], float(row["rate_pct"]), bool(all_in))
    after, ahead = charges(known, beside, day), charges(known, without, day)
    moved = known.imports.by_partner(after.total) - known.imports.by_partner(ahead.total)
    found = []
    for case in cases:
        columns = list(case.columns)
        touched, charged = _reach(known, after, case.series)
        weight = imports[columns] / imports[columns].sum()
        points = float((moved[columns] * weight).sum())
        found.append((case, float(touched[columns].sum()), float(charged[columns].sum()), points))
    return found


def _sets(known: Terms, key: Series, column: int, day: pd.Timestamp, order_id: str) -> bool:
    """Whether this order set the step that begins on this day; it is then weighed against the step before."""
    steps = known.steps
    if key not in steps.series:
        return False
    last = steps.last(day)[steps.series.index(key), column]
    return bool(
        last >= 0 and steps.order_id[last] == order_id and steps.effective[last] == np.datetime64(day)
    )


def _with_rate_of(rates: Rates, other: Rates, key: Series, column: int) -> Rates:
    row = other.series.index(key)
    return rates.with_rate(key, [column], float(other.rate_pct[row, column]), bool(other.all_in[row, column]))


def _reach(known: Terms, paid: Charges, series: tuple[Series, ...]) -> tuple[Numbers, Numbers]:
    """Imports touched and charged by partner, millions of dollars; two products may share their goods."""
    nothing = np.zeros(len(known.imports.value))
    touched, charged = nothing, nothing
    for key in series:
        if key in paid.reach:
            touched = np.maximum(touched, paid.reach[key].touched)
            charged = charged + paid.reach[key].charged
    value = known.imports.value
    return known.imports.summed(value * touched), known.imports.summed(value * np.minimum(charged, 1.0))


def _measures(index: pd.Index, found: dict[int, list[float]], certain: dict[int, str]) -> pd.DataFrame:
    """The columns that weigh rows, with what was found of each; not known where nothing was."""
    weighed = pd.DataFrame.from_dict(found, orient="index", columns=MEASURES, dtype="float64")
    return weighed.reindex(index).assign(known=[certain.get(row, NO) for row in index])
