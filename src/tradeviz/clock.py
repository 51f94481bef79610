"""The day that counts as today."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from tradeviz.errors import UsageError


def set_moment() -> datetime | None:
    """Return the moment that SOURCE_DATE_EPOCH sets, in UTC; None where it is not set.

    Raises
    ------
    UsageError
        If it is no number of seconds, or that of no year.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else None
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f'SOURCE_DATE_EPOCH "{epoch}" is no moment; write seconds since 1970 as 1745539200, or unset it'
        ) from None


def today() -> date:
    """Return the clock's day in UTC, or that of SOURCE_DATE_EPOCH where it is set."""
    return (set_moment() or datetime.now(UTC)).date()
