"""What surrounds the code that makes pages: no settings, folders and fonts but its own.

docs/threat-model.md says what is shut out, and what of the surroundings a page may depend on.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS = (
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "MPLCONFIGDIR",
    "XDG_CONFIG_HOME",
)
"""Variables that name a folder with settings, templates or caches of a library."""

OTHERS = ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH", "MATPLOTLIBRC")
"""Variables that name further ones."""


def own_folders(folder: Path) -> dict[str, str]:
    """Give the variables that lead libraries into a folder of ours, where they find nothing."""
    return {name: str(folder / name.lower()) for name in SETTINGS}


@contextmanager
def nobodys_settings() -> Iterator[None]:
    """Let Matplotlib be imported without the settings, fonts and caches of the user or the working directory.

    It reads them once, as it is imported: first a file of the working directory, whatever else is set.
    """
    if "matplotlib" not in sys.modules:
        before, variables = Path.cwd(), dict(os.environ)
        with tempfile.TemporaryDirectory(prefix="tradeviz-settings-") as folder:
            for name in OTHERS:
                os.environ.pop(name, None)
            os.environ.update(own_folders(Path(folder)), MPLBACKEND="agg")
            os.chdir(folder)
            try:
                draw_with_own_fonts()
            finally:
                os.chdir(before)
                os.environ.clear()
                os.environ.update(variables)
    yield


def draw_with_own_fonts() -> None:
    """Let Matplotlib know its own fonts only: another one of the same name would move every letter."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it tells when it looks for fonts
    import matplotlib
    from matplotlib import font_manager

    own = matplotlib.get_data_path()
    manager = font_manager.fontManager
    manager.ttflist = [font for font in manager.ttflist if font.fname.startswith(own)]
