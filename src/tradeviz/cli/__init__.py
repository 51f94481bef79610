"""The command line: each module holds a group of commands and registers them with `app`.

Heavy modules are imported by the command that needs them, so that help and `check` start fast.
"""

from tradeviz.cli import build, check, compare, digest, export, facts, notebooks, panel, upkeep
from tradeviz.cli.common import app

__all__ = ["app", "build", "check", "compare", "digest", "export", "facts", "notebooks", "panel", "upkeep"]
