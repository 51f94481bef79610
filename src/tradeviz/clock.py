"""The day that counts as today."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime


def today() -> date:
    """Return the clock's day in UTC, or that of SOURCE_DATE_EPOCH where it is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    return moment.date()
