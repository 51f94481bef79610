"""Tests that look at some of the days and partners that they name, with all of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from tests.some import ALL

_TESTS = Path(__file__).resolve().parents[1] / "tests"


@click.command()
def run() -> None:
    """Run the tests that take three of the days or partners that they name, with all of them."""
    tests = sorted(_TESTS.glob("test_*.py"))
    files = [path for path in tests if "tests.some" in path.read_text(encoding="utf-8")]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "-m", "not slow and not browser", *files]
    if subprocess.run(command, env=os.environ | {ALL: "1"}, cwd=_TESTS.parent, check=False).returncode:
        sys.exit(1)
