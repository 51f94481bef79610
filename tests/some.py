"""Some of the days and partners that a test names, or all of them."""

from __future__ import annotations

import os
from typing import TypeVar

ALL = "TRADEVIZ_TEST_ALL"
"""The variable that `make soak ARGS=days` sets, so that tests look at all that they name."""

One = TypeVar("One")


def some_of(*named: One) -> tuple[One, ...]:
    """Return the first, the middle and the last of the days or partners that a test names, or all of them."""
    return named if os.environ.get(ALL) else (named[0], named[len(named) // 2], named[-1])
