"""Mutations of one cell: what people, spreadsheets, PDFs and attackers put into cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from soak.mutations import CELL, NOTHING, Maker, Mutation, Sheet, written
from soak.payloads import PAYLOADS

_FIRST_LINE = 2
_TEXT = ("text",)
_LISTS = ("list",)
_CODED = ("code", "identifier")
_WORDS = ("text", "code", "identifier", "list", "url")
_COUNTED = ("day", "month", "year", "number")
_ANY = (*_WORDS, *_COUNTED)

_LOOK_ALIKES = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_SPACES = (" ", "  ", "\u00a0", "\u3000", "\u2009", "\u202f")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u2063\u3164\u2800\ufe0f\U000e0041"
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_CONTROL = "\x01\x07\x08\x1b\x1f\x7f\x80\x9b"
_BREAKS = ("\n", "\r\n", "\r", "\t", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
_UNREAL_DAYS = ("2025-02-30", "2025-13-01", "2025-00-10", "2025-04-00", "2023-02-29", "2025-04-31")
_FAR_DAYS = (
    "0001-01-01",
    "9999-12-31",
    "1899-12-31",
    "0000-00-00",
    "12025-01-01",
    "-2025-01-01",
    "2525-04-25",
)
_NO_NUMBERS = ("NaN", "nan", "inf", "-inf", "Infinity", "n/a", "-", "?", "#REF!", "twelve", "0x10", "1e", "½")
_HUGE = ("-99999999", "1000000000000000", "9" * 400, "501000000")
NO_ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "ftp://example.org/x",
    "file:///etc/passwd",
    "//example.org/x",
    "example.org/x",
    "http://",
    "https:///x",
    "http:example.org",
    "http://user:secret@example.org/",
    "https://www.ustr.gov@example.org/",
    "https://example.org/a b",
    "https://example.org/\nx",
    "https://example.org/x\n",
    "https://example.org/\x01",
    "https://exаmple.org/",
    "https://example.org:99999/",
    "https://[::1/",
    'https://example.org/"onmouseover="x',
    "https://example.org/<script>",
    " https://example.org/",
    "vbscript:x",
    "blob:https://example.org/x",
)


def _inserted(marks: str | tuple[str, ...]) -> Callable[[Random, str], str]:
    """Put one of some marks anywhere into a cell, also at its begin and end."""

    def change(draw: Random, cell: str) -> str:
        at = draw.choice([0, len(cell), draw.randrange(len(cell) + 1)])
        return cell[:at] + draw.choice(marks) + cell[at:]

    return change


def _one_of(values: tuple[str, ...]) -> Callable[[Random, str], str]:
    return lambda draw, _: draw.choice(values)


def _day_written(draw: Random, cell: str) -> str:
    when = date.fromisoformat((cell + "-15")[:10] if cell else "2025-04-25")
    forms = ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d %b %Y", "%B %d, %Y", "%y-%m-%d"]
    forms += ["%Y-%m-%dT00:00:00", "%Y-%m-%d 00:00", "%G-W%V-%u", "%Y-%j", "%Y-%m-%dZ", "%d-%m-%Y"]
    forms += ["%Y\u2011%m\u2011%d"]
    serial = str((when - date(1899, 12, 30)).days)
    return draw.choice([*(when.strftime(form) for form in forms), serial, "today", "NaT", f"{when.year}"])


def _number_written(draw: Random, cell: str) -> str:
    number = f"{float(cell or 12.5):g}"
    signs = [f"+{number}", f"--{number}", f"={number}", f"({number})", f"\u2212{number}", f"${number}"]
    units = [f"{number}%", f"{number} bn", f"{number}.", f"{float(number):e}"]
    commas = [number.replace(".", ",") + ",0", "1,5", "1.234.567", "1 000", "1_000"]
    return draw.choice([*signs, *units, *commas, "1e3", ".5", "1/2"])


def _idle_zeros(draw: Random, cell: str) -> str:
    if not cell:
        return cell
    more = f"{cell}0" if "." in cell else f"{cell}.0"
    return draw.choice([more, f"00{cell.lstrip('-')}" if not cell.startswith("-") else more])


def _other_case(_: Random, cell: str) -> str:
    return cell.swapcase()


def _misspelt(draw: Random, cell: str) -> str:
    return draw.choice(
        [f"{cell}x", cell[1:], f"{cell} ", f"{cell}_", f"{cell}/..", cell.replace("e", "é") + "é"]
    )


def _wrong_list(draw: Random, cell: str) -> str:
    wrong = [
        f"{cell};",
        f";{cell}",
        f"{cell};;{cell}",
        f"{cell}; {cell}x",
        f"{cell};{cell}",
        f"{cell},{cell}",
    ]
    return draw.choice([*wrong, f"{cell};no-such-thing", "no-such-thing", ";"])


def _look_alike(_: Random, cell: str) -> str:
    at = next(
        (n for n, mark in enumerate(cell) if mark.translate(_LOOK_ALIKES) != mark and _within(cell, n)), -1
    )
    return cell if at < 0 else cell[:at] + cell[at].translate(_LOOK_ALIKES) + cell[at + 1 :]


def _within(cell: str, at: int) -> bool:
    """Whether the letter stands beside another one: a letter alone could be of any alphabet."""
    return any(0 <= n < len(cell) and cell[n].isascii() and cell[n].isalpha() for n in (at - 1, at + 1))


def _loose_accent(_: Random, cell: str) -> str:
    return unicodedata.normalize("NFD", f"{cell} café".strip())


def _wrong_encoding(draw: Random, cell: str) -> str:
    word = draw.choice(["São", "café", "it’s", "Höfe"])
    return f"{cell} {word.encode().decode('cp1252')}".strip()


def _long(_: Random, cell: str) -> str:
    return (cell or "x") * (100_000 // len(cell or "x") + 1)


def _other_day(draw: Random, cell: str) -> str:
    when = date.fromisoformat((cell + "-15")[:10] if cell else "2025-04-25") + timedelta(
        draw.randint(-40, 40)
    )
    return when.isoformat()[: len(cell) or 10]


def _other_number(draw: Random, cell: str) -> str:
    return draw.choice(
        [str(draw.randint(0, 600)), f"{draw.uniform(0, 60):.2f}", f"-{cell or '1'}".replace("--", "")]
    )


Change = Callable[[Random, str], str]
_DAMAGE: dict[str, tuple[tuple[str, ...], Change]] = {
    "day in another form": (("day", "month"), _day_written),
    "day that does not exist": (("day",), _one_of(_UNREAL_DAYS)),
    "month that does not exist": (
        ("month",),
        _one_of(("2025-13", "2025-00", "2025", "25-04", "2025-4", "Apr 2025")),
    ),
    "day out of this world": (("day",), _one_of(_FAR_DAYS)),
    "year out of this world": (("year",), _one_of(("0001", "9999", "25", "20250", "2025.0", "-2025", "2e3"))),
    "digits of another script": (_COUNTED, lambda draw, cell: cell.translate(draw.choice([_ARABIC, _WIDE]))),
    "number in another form": (("number", "year"), _number_written),
    "no number": (("number", "year"), _one_of(_NO_NUMBERS)),
    "number out of range": (("number",), _one_of(_HUGE)),
    "idle zeros": (("number",), _idle_zeros),
    "other case": (_CODED, _other_case),
    "misspelt code": (_CODED, _misspelt),
    "wrong list": (_LISTS, _wrong_list),
    "look-alike letter": (_WORDS, _look_alike),
    "line break or tab": (_ANY, _inserted(_BREAKS)),
    "space around": (
        _ANY,
        lambda draw, cell: draw.choice([f"{draw.choice(_SPACES)}{cell}", f"{cell}{draw.choice(_SPACES)}"]),
    ),
    "invisible character": (_ANY, _inserted(_INVISIBLE)),
    "mark that turns the direction": (_ANY, _inserted(_BIDI)),
    "control character": (_ANY, _inserted(_CONTROL)),
    "loose accent": (_TEXT, _loose_accent),
    "text in a wrong encoding": (_TEXT, _wrong_encoding),
    "lost character": (_WORDS, _inserted("\ufffd")),
    "100,000 characters": (_ANY, _long),
    "no web address": (("url",), _one_of(NO_ADDRESSES)),
}
_MEANT: dict[str, tuple[tuple[str, ...], Change]] = {
    "attack": (_TEXT, _one_of(tuple(PAYLOADS.values()))),
    "other text": (
        _TEXT,
        _one_of(('He said "no", twice', "a; b, c", "100% of it", "it's", "-", "0", "NA", "null")),
    ),
    "other day": (("day", "month"), _other_day),
    "other number": (("number", "year"), _other_number),
}
"""What a curator could have meant."""


_FREE_NAMES = {("tariffs", "order_id")}
"""Identifiers that no other cell holds: another one may be meant."""


def kinds() -> dict[str, Maker]:
    """The kinds of this module by name."""
    made: dict[str, Maker] = {name: _of_cells(name, *how, NOTHING) for name, how in _DAMAGE.items()}
    made |= {name: _of_cells(name, *how, CELL) for name, how in _MEANT.items()}
    return made | {
        "emptied cell": _emptied,
        "wrong type": _wrong_type,
        "value of another row": _value_of_another_row,
    }


def _of_cells(name: str, columns: tuple[str, ...], change: Change, may_change: str) -> Maker:
    def make(draw: Random, sheets: list[Sheet]) -> Mutation:
        sheet, row, column = _drawn(draw, sheets, columns)
        cell = sheet.rows[row][sheet.columns.index(column)]
        may = CELL if (sheet.name, column) in _FREE_NAMES and name == "misspelt code" else may_change
        return _with_cell(name, sheet, row, column, change(draw, cell), may)

    return make


def _drawn(draw: Random, sheets: list[Sheet], kinds: tuple[str, ...]) -> tuple[Sheet, int, str]:
    """Draw a column among all of the kinds, and a row."""
    there = [(sheet, name) for sheet in sheets for name in sheet.columns if sheet.kind(name) in kinds]
    sheet, column = draw.choice(there)
    return sheet, draw.randrange(len(sheet.rows)), column


def _with_cell(kind: str, sheet: Sheet, row: int, column: str, cell: str, may_change: str) -> Mutation:
    rows = list(sheet.rows)
    at = sheet.columns.index(column)
    rows[row] = [*rows[row][:at], cell, *rows[row][at + 1 :]]
    content = written(sheet.columns, rows)
    return Mutation(kind, sheet.name, content, may_change, row + _FIRST_LINE, column)


def _emptied(draw: Random, sheets: list[Sheet]) -> Mutation:
    sheet, row, column = _drawn(draw, sheets, _ANY)
    return _with_cell("emptied cell", sheet, row, column, "", NOTHING if sheet.required(column) else CELL)


def _wrong_type(draw: Random, sheets: list[Sheet]) -> Mutation:
    """Put the cell of a column of another kind into a cell; a column of text would take any."""
    sheet, row, column = _drawn(draw, sheets, tuple(kind for kind in _ANY if kind != "text"))
    others = [name for name in sheet.columns if sheet.kind(name) != sheet.kind(column)]
    cell = sheet.rows[row][sheet.columns.index(draw.choice(others))] or "text"
    return _with_cell("wrong type", sheet, row, column, cell, NOTHING)


def _value_of_another_row(draw: Random, sheets: list[Sheet]) -> Mutation:
    sheet, row, column = _drawn(draw, sheets, _ANY)
    cell = draw.choice(sheet.rows)[sheet.columns.index(column)]
    return _with_cell("value of another row", sheet, row, column, cell, CELL)
