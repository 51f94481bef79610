"""Where the United States' reciprocal-tariff talks stand, with each partner, on any given day."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradeviz.data import Dataset, load

__version__ = version("tradeviz")
__all__ = ["Dataset", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Import `load` and `Dataset` when first used, so that `import tradeviz` stays cheap."""
    if name in ("Dataset", "load"):
        from tradeviz import data

        return getattr(data, name)
    raise AttributeError(f"module 'tradeviz' has no attribute '{name}'")
