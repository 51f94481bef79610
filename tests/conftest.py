"""Settings and the built site that all tests share."""

import os
from pathlib import Path

import matplotlib
import pytest
from hypothesis import settings
from typer.testing import CliRunner

matplotlib.use("Agg")

# No time limit per example (the machine may be busy); the same examples each time where nobody watches.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of 25 April 2025 with the overview and Korea, built once; only to be read."""
    from tradeviz.cli import app

    site = tmp_path_factory.mktemp("built") / "site"
    words = ["build", "--as-of", "2025-04-25", "--partners", "KOR", "--notebooks", "00-overview,01-partner"]
    result = CliRunner().invoke(app, [*words, "--out", str(site)])
    assert result.exit_code == 0, result.stderr
    return site
