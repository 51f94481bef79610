"""Where the tables and the notebooks are: given, in the environment, in the package, in the checkout."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path

from tradeviz.errors import UsageError

VARIABLE = "TRADEVIZ_DATA"
PACKAGE = "datapackage.json"
_RELEASE = re.compile(r"20[0-9]{2}\.[0-9]{1,2}\.[0-9]{1,2}(?:\.[0-9]+)?")
_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]


def data_dir(explicit: str | Path | None = None) -> Path:
    """Return the folder of the tables.

    Parameters
    ----------
    explicit : path, optional
        The folder asked for; else the variable TRADEVIZ_DATA, else the tables that an installed
        package carries, else `data/` of the checkout.

    Raises
    ------
    UsageError
        If the folder asked for is none.
    """
    if explicit is not None and not str(explicit).strip():
        raise UsageError("data: the folder is empty text; name the folder that holds meetings.csv")
    asked = explicit or os.environ.get(VARIABLE)
    if not asked:
        return _shared("data")
    folder = Path(asked)
    if not folder.is_dir():
        name = "--data" if explicit else VARIABLE
        raise UsageError(f"{name}: there is no folder {folder}; name the folder that holds meetings.csv")
    return folder


def data_release(folder: Path) -> str:
    """Return the version of the data in a folder, 2026.11.29; "" where datapackage.json names none.

    The version is the day on which a release of the data was made, other than the version of the code.
    """
    try:
        named = json.loads((folder / PACKAGE).read_text(encoding="utf-8")).get("version", "")
    except (OSError, ValueError, AttributeError):
        return ""
    return named if isinstance(named, str) and _RELEASE.fullmatch(named) else ""


@cache
def table_meanings() -> dict[str, str]:
    """Return what each table is, by name, as the descriptor of the shipped tables says.

    It is written from the models' docstrings, which Python drops where PYTHONOPTIMIZE is 2.
    """
    package = json.loads((_shared("data") / PACKAGE).read_text(encoding="utf-8"))
    return {resource["name"]: resource["description"] for resource in package["resources"]}


def notebooks_dir() -> Path:
    """Return the folder of the notebooks: the installed package's, or that of the checkout."""
    return _shared("notebooks")


def _shared(name: str) -> Path:
    packaged = _PACKAGE / "_share" / name
    return packaged if packaged.is_dir() else _CHECKOUT / name
