"""Small helpers for frames that more than one module needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

DAY = "datetime64[us]"
"""The dtype of every column of days."""


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dicts, in order."""
    return frame.to_dict("records")  # type: ignore[return-value]


def with_days(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Give the named columns the dtype of days, also in an empty frame."""
    return frame.astype(dict.fromkeys(columns, DAY))


def iso_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Write the days of a frame as text, 2025-04-25; a missing day as an empty text."""
    days = frame.select_dtypes("datetime").columns
    return frame.assign(**{name: frame[name].dt.strftime("%Y-%m-%d").fillna("") for name in days})
