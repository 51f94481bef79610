"""Monthly imports and calculated duties of the Census Bureau, as rows ready for trade_monthly.csv.

Interface: api.census.gov, `data/timeseries/intltrade/imports/hs`, as the Census Bureau's guide to its monthly
trade datasets describes it: a list of lists, the first the names of the columns; commodity `-` is all goods,
country `-` the total of all countries, at summary level DET as each country is, while groups of countries
are CGP; status 204 where a month is not out yet. It takes a key.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from tradeviz.data import Tables, split_list
from tradeviz.errors import AnswerError
from tradeviz.frames import records
from tradeviz.upkeep.queue import Row
from tradeviz.upkeep.web import Web
from tradeviz.vocabulary import WORLD
from tradeviz.wording import listing

FEED = "census"
ADDRESS = "https://api.census.gov"

_COLUMNS = {
    "CON_VAL_MO": "imports_for_consumption_usd_mn",
    "CAL_DUT_MO": "calculated_duties_usd_mn",
    "GEN_VAL_MO": "general_imports_usd_mn",
}
"""Variables of the interface, in dollars, and the columns of trade_monthly that they fill, in millions."""

_KEYS = ("CTY_CODE", "CTY_NAME", "SUMMARY_LVL")
_TOTAL, _GROUP = "-", "CGP"
_MOST_OFF = 0.001
"""Share by which the countries may differ from the total of all."""

_JUMPS = (1 / 3, 3.0)
"""Imports of a month as a multiple of the month before that nobody has to look at."""

_Values = dict[str, float]


def due_month(tables: Tables, today: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp, bool] | None:
    """The earliest month that is out by the calendar and not on record, with its day of release.

    Parameters
    ----------
    tables : Tables
        The record, uncut.
    today : pandas.Timestamp
        The day that counts as today.

    Returns
    -------
    tuple, or None
        First day of the month, the day of its release, and whether that day is confirmed; None where nothing
        is due.
    """
    releases = tables.frames["releases"].sort_values("month")
    there = set(tables.frames["trade_monthly"]["month"])
    due = releases[(releases["due"] <= today) & ~releases["month"].isin(there)]
    if not len(due):
        return None
    first = due.iloc[0]
    return first["month"], first["due"], bool(first["confidence"] == "confirmed")


def asked(web: Web, month: pd.Timestamp, key: str = "") -> Any:
    """Ask for one month: all countries, all goods together.

    Returns
    -------
    object
        The answer; None where the month is not out yet.
    """
    parameters = [("get", ",".join([*_KEYS, *_COLUMNS])), ("time", f"{month:%Y-%m}"), ("I_COMMODITY", _TOTAL)]
    parameters += [("key", key)] if key else []
    return web.ask("/data/timeseries/intltrade/imports/hs", parameters)


def rows(
    answer: Any, tables: Tables, month: pd.Timestamp, released: pd.Timestamp, looked_at: Collection[str] = ()
) -> list[Row]:
    """Make the rows of a month, held against the total, the names of countries and the month before.

    Parameters
    ----------
    answer : object
        The interface's answer.
    tables : Tables
        The record, uncut.
    month, released : pandas.Timestamp
        First day of the month, and the day of its release.
    looked_at : collection of str
        Codes of partners whose jump a person has looked at.

    Returns
    -------
    list of dict
        Rows of the queue, in partner order, then the world.

    Raises
    ------
    AnswerError
        If the form has changed, a country is missing or stands twice, the countries do not add up to
        the total, or a value jumps; nothing is taken then.
    """
    by_country = _by_country(answer, f"{month:%Y-%m}")
    total = by_country.pop(_TOTAL, None)
    if total is None:
        raise AnswerError("the Census answer has no total of all countries; nothing was taken")
    _held_against_total(by_country, total[1])
    found = {row["partner"]: _partner(row, by_country) for row in records(tables.frames["partners"])}
    found[WORLD] = total[1]
    _held_against_last_month(found, tables.frames["trade_monthly"], month, looked_at)
    source = f"census-{released:%Y%m%d}-monthly-trade"
    return [
        {
            "feed": FEED,
            "key": f"{code}-{month:%Y-%m}",
            "partner": code,
            "month": f"{month:%Y-%m}",
            "released": f"{released:%Y-%m-%d}",
            **{column: f"{values[column]:.6f}" for column in _COLUMNS.values()},
            "source_ids": source,
        }
        for code, values in found.items()
    ]


def _by_country(answer: Any, month: str) -> dict[str, tuple[str, _Values]]:
    """Name and values, in millions of dollars, by country code."""
    table = answer if isinstance(answer, list) and all(isinstance(row, list) for row in answer) else []
    header = [str(name) for name in table[0]] if table else []
    missing = [name for name in (*_KEYS, *_COLUMNS, "time") if name not in header]
    if missing:
        raise AnswerError(f"the Census answer lacks {listing(missing)}; has the interface changed?")
    found: dict[str, tuple[str, _Values]] = {}
    for cells in table[1:]:
        if len(cells) != len(header):
            raise AnswerError(f"a row of the Census answer has {len(cells)} cells, not {len(header)}")
        row = dict(zip(header, cells, strict=True))
        if row["time"] != month:
            raise AnswerError(f"the Census answer is for {row['time']!r}, not {month}")
        code, name = str(row["CTY_CODE"]), str(row["CTY_NAME"])
        if row["SUMMARY_LVL"] == _GROUP and code != _TOTAL:
            continue
        values = {column: _millions(row[variable], name) for variable, column in _COLUMNS.items()}
        if found.setdefault(code, (name, values)) != (name, values):
            raise AnswerError(f"{name} ({code}) stands twice in the Census answer, with other values")
    if not found:
        raise AnswerError(f"the Census answer has no country for {month}; nothing was taken")
    return found


def _millions(cell: Any, name: str) -> float:
    try:
        value = float(cell)
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise AnswerError(f"{cell!r} for {name} in the Census answer is no amount of dollars")
    return value / 1e6


def _held_against_total(by_country: Mapping[str, tuple[str, _Values]], total: _Values) -> None:
    for column in _COLUMNS.values():
        summed = sum(values[column] for _, values in by_country.values())
        if abs(summed - total[column]) > _MOST_OFF * total[column]:
            raise AnswerError(
                f"{column}: the countries add up to {summed:,.1f}, the total is {total[column]:,.1f};"
                " a country is missing, or groups are in the list"
            )


def _partner(row: Mapping[str, Any], by_country: Mapping[str, tuple[str, _Values]]) -> _Values:
    """Add up the countries of a partner, and hold a single one's name against the partner's."""
    codes = split_list(row["census_codes"])
    missing = [code for code in codes if code not in by_country]
    if missing:
        raise AnswerError(f"the Census answer has no {listing(missing)} for {row['name']}; nothing was taken")
    if len(codes) == 1:
        name = by_country[codes[0]][0]
        if not any(
            called.casefold() in name.casefold() for called in [row["name"], *split_list(row["also_called"])]
        ):
            raise AnswerError(
                f"country {codes[0]} is called {name!r} in the Census answer, not {row['name']}"
            )
    summed = {column: sum(by_country[code][1][column] for code in codes) for column in _COLUMNS.values()}
    if summed["calculated_duties_usd_mn"] > summed["imports_for_consumption_usd_mn"]:
        raise AnswerError(f"the duties on goods of {row['name']} are larger than the goods")
    return summed


def _held_against_last_month(
    found: Mapping[str, _Values], trade: pd.DataFrame, month: pd.Timestamp, looked_at: Collection[str]
) -> None:
    before = trade[trade["month"] == month - pd.DateOffset(months=1)].set_index("partner")
    absent = sorted(set(found) - set(before.index))
    if absent:
        raise AnswerError(
            f"the record has no month before {month:%Y-%m} for {listing(absent)}; add that first"
        )
    jumps = []
    for code, values in found.items():
        for column in ("imports_for_consumption_usd_mn", "general_imports_usd_mn"):
            last = float(before[column][code])
            times = values[column] / last if last > 0 else 1.0
            if code not in looked_at and not _JUMPS[0] <= times <= _JUMPS[1]:
                jumps.append(f"{code} {column} from {last:,.1f} to {values[column]:,.1f}")
    if jumps:
        raise AnswerError(
            f"values jump against the month before: {'; '.join(jumps)}; if a person finds them right, name"
            " the partners in --jumps"
        )
