"""Kinds of columns: what the cells of a column may hold, said once and used by every model.

Each function makes a Pandera field. Its metadata carry what Pandera does not know: the kind of
the cells, their unit and what they refer to, from which the data package and the codebook are
written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandera.pandas as pa

from tradeviz.data.cells import ADDRESS

SOURCE_ID = r"^[a-z0-9][a-z0-9.-]*$"
PARTNER_CODE = r"^[A-Z]{3}$"
NO_LINE_BREAK = r"^[^\r\n\t]*$"
LONGEST, LONGEST_NAME, LONGEST_ROW = 2_000, 60, 20_000


def identifier(description: str, *, pattern: str = r"^[a-z0-9][a-z0-9.-]*$", unique: bool = False) -> Any:
    """An identifier in lower case, letters, digits, dots and hyphens."""
    return _field(description, "identifier", str_matches=pattern, unique=unique)


def partner(description: str = "ISO 3166 alpha-3 code; EUU is the European Union", *, also: str = "") -> Any:
    """A partner of partners.csv, or the code in `also`."""
    return _field(description, "code", str_matches=PARTNER_CODE, references="partners.partner", also=also)


def code(description: str, values: Iterable[str], *, required: bool = True) -> Any:
    """One of a few codes."""
    return _field(description, "code", isin=[*values, *([] if required else [""])], required=required)


def text(description: str, *, required: bool = True, longest: int = LONGEST) -> Any:
    """Words on one line."""
    lengths: dict[str, Any] = {"str_length": {"min_value": 1}} if required else {}
    return _field(
        description, "text", str_matches=NO_LINE_BREAK, required=required, longest=longest, **lengths
    )


def name(description: str, *, required: bool = True) -> Any:
    """A few words that stand in charts, beside bars and as headings of columns."""
    return text(description, required=required, longest=LONGEST_NAME)


def citation(description: str) -> Any:
    """Places in the Federal Register, 89 FR 76581, separated by semicolons, or nothing."""
    page = "[0-9]+ FR [0-9]+"
    return _field(description, "text", str_matches=f"^({page}(;{page})*)?$", required=False)


def duration(description: str) -> Any:
    """A number of days, months or years, ISO 8601 (P90D, P6M, P2Y), or nothing."""
    return _field(description, "text", str_matches=r"^(P[0-9]+[DMY])?$", required=False)


def url(description: str, *, required: bool = True) -> Any:
    """An address on the web; nothing but http and https."""
    pattern = f"^{ADDRESS}$" if required else f"^({ADDRESS})?$"
    return _field(description, "url", str_matches=pattern, required=required)


def list_of(description: str, references: str, *, required: bool = True) -> Any:
    """Identifiers separated by semicolons."""
    lengths: dict[str, Any] = {"str_length": {"min_value": 1}} if required else {}
    return _field(description, "list", references=references, required=required, **lengths)


def day(description: str, *, required: bool = True) -> Any:
    """A day, ISO 8601."""
    return _field(description, "day", nullable=not required, required=required)


def month(description: str, *, required: bool = True) -> Any:
    """A month, ISO 8601."""
    return _field(description, "month", nullable=not required, required=required)


def number(description: str, unit: str, *, ge: float, le: float, required: bool = True) -> Any:
    """A finite number with its unit and the range that makes sense."""
    return _field(description, "number", unit=unit, ge=ge, le=le, nullable=not required, required=required)


def year(description: str, *, ge: int, le: int) -> Any:
    """A year."""
    return _field(description, "year", ge=ge, le=le)


def _field(
    description: str,
    kind: str,
    *,
    unit: str = "",
    references: str = "",
    also: str = "",
    required: bool = True,
    longest: int = LONGEST,
    **checks: Any,
) -> Any:
    metadata = {
        "kind": kind,
        "unit": unit,
        "references": references,
        "also": also,
        "required": required,
        "longest": longest,
    }
    return pa.Field(description=description, metadata=metadata, **checks)
