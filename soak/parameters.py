"""Payloads in every parameter of the command line and of the notebooks."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterable, Iterator
from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from soak.payloads import CANARY, HOST, PAYLOADS
from tradeviz.cli import app
from tradeviz.data import notebooks_dir

CODE = {
    "code": f"KOR'; import os; os.system('touch {CANARY}') #",
    "code in double quotes": f'KOR"; __import__("os").system("touch {CANARY}") #',
    "code on lines": f'KOR"""\nimport os\nos.system("touch {CANARY}")\n"""',
    "backslash": f"KOR\\'; import os; os.system('touch {CANARY}') #\\",
    "magic": f"!touch {CANARY}",
    "way out": f"../../{CANARY}",
    "place": f"/tmp/{CANARY}",
    "NUL": "KOR\0",
    "terminal": "\x1b]0;owned\x07",
    "option": "--help",
}
"""Payloads that only a parameter could carry."""

ADDRESSES = (
    "javascript:alert(1)",
    f"javascript://{HOST}/%0aalert(1)",
    "data:text/html,x",
    f"//{HOST}/",
    f"https://user:secret@{HOST}/",
    f'https://{HOST}/"><script>alert(1)</script>/',
    f"https://{HOST}/' onclick='alert(1)/",
    f"https://{HOST}/ x/",
    f"https://{HOST}/\nx/",
    "https://",
    "file:///etc/",
)
"""What no `--base-url` may be."""


def faults_of_parameters(folder: Path) -> tuple[int, list[str]]:
    """Give every payload to every parameter; count them and say what must not be.

    Parameters
    ----------
    folder : Path
        An empty or missing folder to work in; what a payload leaves there or above it is a fault.
    """
    faults = []
    asked = 0
    every = {**PAYLOADS, **CODE}
    addresses = (["build", f"--base-url={address}"] for address in ADDRESSES)
    for words in (*commands(every.values()), *addresses):
        asked += 1
        faults += refused(folder / "work", words)
    for path in sorted(notebooks_dir().glob("*.ipynb")):
        for name, payload in every.items():
            asked += 1
            if not is_a_text(path, payload):
                faults.append(f"{path.name}: {name} is code in the notebook")
    return asked, faults


def commands(payloads: Iterable[str]) -> Iterator[list[str]]:
    """Every command with every payload as one of its parameters."""
    for payload in payloads:
        for option in ("--as-of", "--partners", "--notebooks"):
            yield ["build", f"{option}={payload}"]
        yield ["status", f"--as-of={payload}"]
        yield ["rates", f"--on={payload}"]
        yield ["rates", f"--partner={payload}"]
        yield ["rates", f"--layer={payload}"]
        yield ["changes", f"--since={payload}"]
        yield ["changes", "--since=2025-04-01", f"--partner={payload}"]
        yield ["check", f"--data={payload}"]


def refused(folder: Path, words: list[str]) -> list[str]:
    """Run a command in an empty folder; it has to end with one line and leave nothing behind."""
    folder.mkdir(parents=True, exist_ok=True)
    with chdir(folder):
        result = CliRunner().invoke(app, words)
    command = f"{words[0]} {words[-1]!r:.80}"
    faults = []
    if result.exit_code not in (1, 2) or (result.exception and not isinstance(result.exception, SystemExit)):
        faults.append(f"{command}: ended with {result.exit_code} {result.exception!r}: {result.output[:200]}")
    if not result.stderr.startswith("tradeviz: ") or not result.stderr.rstrip("\n").isprintable():
        faults.append(f"{command}: not told in one line: {result.stderr!r:.300}")
    left = [path for path in folder.parent.rglob("*") if path != folder]
    if left:
        faults.append(f"{command}: left {', '.join(sorted(path.name for path in left)[:3])}")
        shutil.rmtree(folder.parent)  # so that the commands that follow find it empty
    return faults


def is_a_text(path: Path, payload: str) -> bool:
    """Whether Papermill writes a parameter into a notebook as one text and nothing else."""
    notebook = parameterize_notebook(load_notebook_node(str(path)), {"partner": payload})
    cell = next(cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", []))
    statements = ast.parse(cell.source).body
    value = statements[0].value if isinstance(statements[0], ast.Assign) else None
    return len(statements) == 1 and isinstance(value, ast.Constant) and value.value == payload
