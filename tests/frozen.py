"""The tables as they stood when the line-level results of tests/reference were computed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tradeviz.data import Dataset, Tables, data_dir, load_tables
from tradeviz.data.models import MODELS

_FROZEN = Path(__file__).resolve().parent / "frozen"


@cache
def frozen(as_of: str) -> Dataset:
    """Return the data set of a day, of the frozen tables; do not change its frames."""
    return _tables().at(as_of)


@cache
def _tables() -> Tables:
    with TemporaryDirectory() as name:
        for file in [f"{table}.csv" for table in MODELS]:
            source = _FROZEN / file if (_FROZEN / file).is_file() else data_dir() / file
            (Path(name) / file).write_bytes(source.read_bytes())
        return load_tables(name)
