"""Small helpers for frames that more than one module needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

DAY = "datetime64[us]"
"""The dtype of every column of days."""


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dicts, in order."""
    names = list(frame.columns)
    columns = [frame[name].tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def by_partner(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a frame as dicts, in order, by their partner; none for a partner without rows."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in records(frame):
        rows[row["partner"]].append(row)
    return rows


def typed(frame: pd.DataFrame, types: Mapping[str, Any]) -> pd.DataFrame:
    """Give the named columns these dtypes, also in an empty frame.

    For a few columns of many this takes a third of the time of `DataFrame.astype`.
    """
    return frame.assign(**{name: frame[name].astype(kind) for name, kind in types.items()})


def with_days(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Give the named columns the dtype of days, also in an empty frame."""
    return typed(frame, dict.fromkeys(columns, DAY))


def iso_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Write the days of a frame as text, 2025-04-25; a missing day as an empty text."""
    days = frame.select_dtypes("datetime").columns
    return frame.assign(**{name: frame[name].dt.strftime("%Y-%m-%d").fillna("") for name in days})
