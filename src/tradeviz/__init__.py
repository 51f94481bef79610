"""Where the United States' reciprocal-tariff talks stand, with each partner, on any given day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradeviz.data import Dataset, load

    __version__: str

__all__ = ["Dataset", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Look up what is asked for when it is first used, so that `import tradeviz` imports next to nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("tradeviz")
    if name in ("Dataset", "load"):
        from tradeviz import data

        return getattr(data, name)
    raise AttributeError(f"module 'tradeviz' has no attribute '{name}'")
