"""Warm kernels: a Papermill engine that forks each notebook's kernel from a preloaded process.

Starting a kernel is mostly importing. Here one process imports ipykernel and the libraries once,
and each notebook gets a fresh fork of it. `papermill --engine tradeviz-warm` uses it.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "MODULES",
    "Door",
    "WarmEngine",
    "can_fork",
    "door",
    "enter",
    "shut",
    "start",
    "stop",
    "warmed",
]


def __getattr__(name: str) -> Any:
    """Import the client's side when first used: the fork server, which is part of this, needs none of it."""
    if name == "WarmEngine":
        from tradeviz.warm.engine import WarmEngine

        return WarmEngine
    if name in __all__:
        from tradeviz.warm import provisioner

        return getattr(provisioner, name)
    raise AttributeError(f"module 'tradeviz.warm' has no attribute '{name}'")
