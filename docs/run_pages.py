"""Run the code of the pages that show its output; `--write` puts the outputs there anew.

A page's blocks of Python run one after the other in one namespace, those of SQL on the exported database, and
commands of tradeviz too, but for the long ones. What a block prints, and the value of its last line, stand in
the block of text after it. Blocks in other languages are shown only. All of it runs on tests/frozen, so that
the outputs hold while facts come in.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import shlex
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
from click.testing import CliRunner

import tradeviz
from tradeviz import export
from tradeviz.cli import app

DOCS = Path(__file__).parent
TUTORIALS = sorted((DOCS / "tutorials").glob("*.md"))
PAGES = [DOCS / "use-the-data.md", *(page for page in TUTORIALS if page.stem != "index")]
FROZEN = DOCS.parent / "tests" / "frozen"
EXPORTED_DAY = "2025-08-07"
"""The day of the files that the pages read."""

LONG = ("build", "export")
"""Commands that are shown only."""

_BLOCK = re.compile(r"^```(python|sql|console)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.M | re.S)


def write_exported(folder: Path) -> None:
    """Write what the pages read: the files of `tradeviz export`, without the exhibits of the pages."""
    ds = tradeviz.load(EXPORTED_DAY)
    sheets = [*export.table_sheets(ds), *export.panel_sheets(ds)]
    for name, content in export.export_files(ds, sheets, list(export.FORMATS)).items():
        path = folder / "exported" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def ran(text: str) -> str:
    """Return a page with the outputs of its code put in anew; needs the folder of `write_exported`."""
    names: dict[str, Any] = {}

    def block(found: re.Match[str]) -> str:
        language, code = found[1], found[2]
        said = python(code, names) if language == "python" else RUN[language](code)
        shown = f"\n```text\n{said}\n```\n" if said else ""
        return f"```{language}\n{code}```\n{shown}"

    return _BLOCK.sub(block, text)


def python(code: str, names: dict[str, Any]) -> str:
    """Run a block in a namespace and return what it prints, with the value of its last line."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(tree, "page", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "page", "eval"), names) if last is not None else None
        if value is not None:
            print(value)
    return without_trailing_spaces(said.getvalue())


def sql(code: str) -> str:
    """Run a query on the exported database and return its rows as text."""
    with contextlib.closing(sqlite3.connect("exported/tradeviz.sqlite")) as base:
        return without_trailing_spaces(pd.read_sql(code, base).to_string(index=False))


def commands(code: str) -> str:
    """Run the commands of a block and return what they print; "" for those that are shown only."""
    said = []
    for line in code.splitlines():
        words = shlex.split(line.removeprefix("$ tradeviz "))
        if words[0] not in LONG:
            ran = CliRunner().invoke(app, words)
            assert ran.exit_code == 0, f"{line}: {ran.output}"
            said.append(ran.stdout)
    return without_trailing_spaces("".join(said))


RUN = {"sql": sql, "console": commands}
"""How blocks in other languages run."""


def without_trailing_spaces(text: str) -> str:
    """Return a text whose lines end where their words end."""
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


def main() -> int:
    """Run every page; return 1 if the outputs of one differ and are not to be written."""
    os.environ["TRADEVIZ_DATA"] = str(FROZEN)
    different = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        write_exported(Path(folder))
        for page in PAGES:
            text = page.read_text(encoding="utf-8")
            again = ran(text)
            if again != text:
                different.append(page.name)
                if "--write" in sys.argv:
                    page.write_text(again, encoding="utf-8")
    if different:
        print("outputs written" if "--write" in sys.argv else "outputs differ", "in", ", ".join(different))
    return int(bool(different) and "--write" not in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
