"""Mutations of a whole file: its bytes, its columns, and what stands in its place."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

from soak.mutations import FEWER, NOTHING, ROW, Maker, Mutation, Sheet, written

Change = Callable[[Random, Sheet], bytes]

_BYTES: dict[str, Change] = {
    "byte order mark": lambda _, sheet: b"\xef\xbb\xbf" + sheet.raw,
    "Windows line ends": lambda _, sheet: sheet.raw.replace(b"\n", b"\r\n"),
    "old Mac line ends": lambda _, sheet: sheet.raw.replace(b"\n", b"\r"),
    "mixed line ends": lambda draw, sheet: re.sub(b"\n", lambda _: draw.choice([b"\n", b"\r\n"]), sheet.raw),
    "Latin-1": lambda draw, sheet: _accented(draw, sheet).encode("latin-1", "replace"),
    "Windows-1252": lambda draw, sheet: _accented(draw, sheet).encode("cp1252", "replace"),
    "UTF-8 saved twice": lambda draw, sheet: _accented(draw, sheet).encode().decode("latin-1").encode(),
    "UTF-16": lambda draw, sheet: _accented(draw, sheet).encode(
        draw.choice(["utf-16", "utf-16-le", "utf-16-be"])
    ),
    "UTF-32": lambda _, sheet: sheet.raw.decode().encode("utf-32"),
    "NUL byte": lambda draw, sheet: _with_byte(draw, sheet.raw, 0),
    "byte that is not UTF-8": lambda draw, sheet: _with_byte(
        draw, sheet.raw, draw.choice([0x80, 0xC0, 0xFF])
    ),
    "empty file": lambda draw, _: draw.choice([b"", b"\n", b" \n", b"\r\n\r\n"]),
    "header only": lambda _, sheet: written(sheet.columns, []),
    "no header": lambda _, sheet: sheet.raw.partition(b"\n")[2],
    "header twice": lambda _, sheet: written(sheet.columns, [sheet.columns, *sheet.rows]),
    "file twice": lambda _, sheet: sheet.raw * 2,
    "missing column": lambda draw, sheet: _columns(sheet, _without(draw, sheet.columns)),
    "extra column": lambda draw, sheet: _columns(
        sheet, _with(draw, sheet.columns, draw.choice(["rank", "", "\x1b[2J"]))
    ),
    "doubled column": lambda draw, sheet: _columns(
        sheet, _with(draw, sheet.columns, draw.choice(sheet.columns))
    ),
    "swapped columns": lambda draw, sheet: _columns(sheet, _swapped(draw, sheet.columns)),
    "swapped names of columns": lambda draw, sheet: written(_swapped(draw, sheet.columns), sheet.rows),
    "renamed column": lambda draw, sheet: written(_renamed(draw, sheet.columns), sheet.rows),
    "semicolons between": lambda _, sheet: written(sheet.columns, sheet.rows, delimiter=";"),
    "tabs between": lambda _, sheet: written(sheet.columns, sheet.rows, delimiter="\t"),
    "space after each comma": lambda _, sheet: b"\n".join(
        b", ".join(cell.encode() for cell in row) for row in [sheet.columns, *sheet.rows]
    ),
    "every cell in quotes": lambda _, sheet: written(sheet.columns, sheet.rows, quoting=1),
    "web page in its place": lambda _, __: b"<!DOCTYPE html>\n<title>404</title><p>Not found</p>\n",
    "pointer in its place": lambda _, __: (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n"
    ),
    "packed file": lambda _, sheet: gzip.compress(sheet.raw, mtime=0),
    "conflict markers": lambda draw, sheet: _conflict(draw, sheet),
}

_PLACES: dict[str, Callable[[Path], None] | None] = {
    "missing file": None,
    "folder in its place": lambda path: path.mkdir(),
    "link to nowhere": lambda path: path.symlink_to("nowhere.csv"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
    "pipe in its place": lambda path: os.mkfifo(path),
    "file that may not be read": lambda path: path.touch(0o000),
    "name in capitals": lambda path: path.with_name(path.name.upper()).write_bytes(b"x\n"),
}


def kinds() -> dict[str, Maker]:
    """The kinds of this module by name."""
    made: dict[str, Maker] = {name: _of_bytes(name, change) for name, change in _BYTES.items()}
    made |= {name: _of_place(name, put) for name, put in _PLACES.items()}
    return made | {"cut off": _cut_off, "another table": _another_table, "mistyped byte": _mistyped}


def _of_bytes(name: str, change: Change) -> Maker:
    def make(draw: Random, sheets: list[Sheet]) -> Mutation:
        sheet = draw.choice(sheets)
        return Mutation(name, sheet.name, change(draw, sheet))

    return make


def _of_place(name: str, put: Callable[[Path], None] | None) -> Maker:
    return lambda draw, sheets: Mutation(name, draw.choice(sheets).name, None, put=put)


def _cut_off(draw: Random, sheets: list[Sheet]) -> Mutation:
    """Cut a file anywhere; where that is between two rows, somebody may have taken the others out."""
    sheet = draw.choice(sheets)
    raw = sheet.raw[: draw.randrange(len(sheet.raw))]
    return Mutation("cut off", sheet.name, raw, FEWER if raw.endswith(b"\n") else NOTHING)


def _another_table(draw: Random, sheets: list[Sheet]) -> Mutation:
    sheet, other = draw.sample(sheets, 2)
    return Mutation("another table", sheet.name, other.raw)


def _mistyped(draw: Random, sheets: list[Sheet]) -> Mutation:
    """Replace any byte by any that can be typed: it may change a row, but not the rows around it."""
    sheet = draw.choice(sheets)
    at = draw.randrange(len(sheet.raw))
    typed = draw.choice(b"abcXYZ0123456789 ,;.-:\"'=+@$<>&\\\n\t")
    raw = sheet.raw[:at] + bytes([typed]) + sheet.raw[at + 1 :]
    return Mutation("mistyped byte", sheet.name, raw, ROW)


def _accented(draw: Random, sheet: Sheet) -> str:
    """The text of a table with a letter that encodings differ in: some tables have none."""
    rows = [list(row) for row in sheet.rows]
    texts = [at for at, name in enumerate(sheet.columns) if sheet.kind(name) == "text"]
    if texts:
        row, at = draw.choice(rows), draw.choice(texts)
        row[at] = f"São Tomé {row[at]}".strip()
    return written(sheet.columns, rows).decode()


def _with_byte(draw: Random, raw: bytes, byte: int) -> bytes:
    at = draw.randrange(len(raw))
    return raw[:at] + bytes([byte]) + raw[at:]


def _columns(sheet: Sheet, names: list[str]) -> bytes:
    """The table with other columns, header and cells alike; a new one holds an x in each row."""
    position = {name: at for at, name in enumerate(sheet.columns)}
    rows = [[row[position[name]] if name in position else "x" for name in names] for row in sheet.rows]
    return written(names, rows)


def _without(draw: Random, names: list[str]) -> list[str]:
    gone = draw.randrange(len(names))
    return names[:gone] + names[gone + 1 :]


def _with(draw: Random, names: list[str], name: str) -> list[str]:
    at = draw.randrange(len(names) + 1)
    return [*names[:at], name, *names[at:]]


def _swapped(draw: Random, names: list[str]) -> list[str]:
    first, other = draw.sample(range(len(names)), 2)
    new = list(names)
    new[first], new[other] = names[other], names[first]
    return new


def _renamed(draw: Random, names: list[str]) -> list[str]:
    at = draw.randrange(len(names))
    new = [f"{names[at]} ", f" {names[at]}", names[at].upper(), f"{names[at]}s", ""]
    return [*names[:at], draw.choice(new), *names[at + 1 :]]


def _conflict(draw: Random, sheet: Sheet) -> bytes:
    lines = sheet.raw.splitlines(keepends=True)
    at = draw.randrange(1, len(lines))
    return b"".join(
        [
            *lines[:at],
            b"<<<<<<< ours\n",
            lines[at],
            b"=======\n",
            lines[at],
            b">>>>>>> theirs\n",
            *lines[at + 1 :],
        ]
    )
