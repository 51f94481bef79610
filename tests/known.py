"""The data set of a day, loaded once for all tests that only read it.

Tests read the frozen tables (tests/frozen, covered to 30 September 2026), so that no story in them ages
as facts come in. A test marked `living` is about the tables in data/, whatever rows they hold.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import tradeviz


def known(as_of: str | None = None) -> tradeviz.Dataset:
    """Return the data set of a day, of the tables that the test is about; do not change its frames."""
    return _loaded(as_of, tradeviz.data.data_dir())


@cache
def _loaded(as_of: str | None, folder: Path) -> tradeviz.Dataset:
    return tradeviz.load(as_of, folder)
