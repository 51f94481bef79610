"""What surrounds the code that makes pages: no settings, folders and fonts but its own.

docs/threat-model.md says what is shut out, and what of the surroundings a page may depend on.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tradeviz.errors import UnwritableError

SETTINGS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "MPLCONFIGDIR", "XDG_CONFIG_HOME")
"""Variables that name a folder with settings, templates or caches of a library."""

OTHERS = ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH", "MATPLOTLIBRC")
"""Variables that name further ones."""


def temporary_folder(purpose: str, within: Path | None = None) -> Path:
    """Make a folder for what libraries and programs write meanwhile.

    Parameters
    ----------
    purpose : str
        What its name ends with, after "tradeviz-".
    within : Path, optional
        The folder that it lies in, and goes with; among the temporary files where that one is gone.

    Raises
    ------
    UnwritableError
        If there is no place for it.
    """
    try:
        above = within if within is not None and within.is_dir() else None
        return Path(tempfile.mkdtemp(prefix=f"tradeviz-{purpose}-", dir=above)).resolve()
    except OSError as error:
        raise UnwritableError(
            "there is no place for temporary files, where IPython and Matplotlib keep theirs during a build"
            f" ({error.strerror}); set TMPDIR to a folder that can be written to"
        ) from None


def own_folders(folder: Path) -> dict[str, str]:
    """Give the variables that lead libraries into a folder of ours, where they find nothing."""
    return {name: str(folder / name.lower()) for name in SETTINGS}


@contextmanager
def nobodys_settings(within: Path | None = None) -> Iterator[None]:
    """Let Matplotlib be imported without the settings, fonts and caches of the user or the working directory.

    It reads them once, as it is imported: first a file of the working directory, whatever else is set.

    Parameters
    ----------
    within : Path, optional
        Where the empty folder lies that it is imported in, so that both go together.
    """
    if "matplotlib" not in sys.modules:
        before, variables = Path.cwd(), dict(os.environ)
        folder = temporary_folder("settings", within)
        try:
            for name in OTHERS:
                os.environ.pop(name, None)
            os.environ.update(own_folders(folder), MPLBACKEND="agg")
            os.chdir(folder)
            draw_with_own_fonts()
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ.update(variables)
            shutil.rmtree(folder, ignore_errors=True)
    yield


def draw_with_own_fonts() -> None:
    """Let Matplotlib know its own fonts only: another one of the same name would move every letter."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it tells when it looks for fonts
    import matplotlib
    from matplotlib import font_manager

    folder = matplotlib.get_data_path()
    manager = font_manager.fontManager
    manager.ttflist = [font for font in manager.ttflist if font.fname.startswith(folder)]
