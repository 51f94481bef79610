"""The data set of a day, loaded once for all tests that only read it."""

from __future__ import annotations

from functools import cache

import tradeviz


@cache
def known(as_of: str | None = None) -> tradeviz.Dataset:
    """Return the real data set as of a day; do not change its frames."""
    return tradeviz.load(as_of)
