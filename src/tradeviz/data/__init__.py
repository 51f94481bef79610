"""The data: reading and validating the tables, and cutting them at an as-of date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradeviz.data.places import data_dir, notebooks_dir
from tradeviz.data.problems import Problem

if TYPE_CHECKING:
    from tradeviz.data.dataset import Dataset
    from tradeviz.data.loading import Tables, check, load, load_tables

__all__ = [
    "Dataset",
    "Problem",
    "Tables",
    "check",
    "data_dir",
    "load",
    "load_tables",
    "notebooks_dir",
    "split_list",
]


def split_list(cell: str) -> list[str]:
    """Split a `;`-separated cell into its parts; an empty cell has none."""
    return [part for part in cell.split(";") if part]


def __getattr__(name: str) -> Any:
    """Import what needs pandas when first used: where the tables are is asked without it, too."""
    if name in __all__:
        from tradeviz.data import loading

        return getattr(loading, name)
    raise AttributeError(f"module 'tradeviz.data' has no attribute '{name}'")
