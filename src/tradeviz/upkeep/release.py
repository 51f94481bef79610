"""A release of the data: what changed since the last one, and whether everything that names it agrees.

`python -m tradeviz.upkeep.release` checks and says what to do next; it tags and uploads nothing.
`python -m tradeviz.upkeep.release OLD [NEW]` writes the difference of two folders of tables as Markdown.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from tradeviz import clock
from tradeviz.data.models import KEYS, MODELS
from tradeviz.data.places import data_dir, data_release
from tradeviz.wording import count

_MOST_NAMED = 12
_Rows = dict[tuple[str, ...], dict[str, str]]


def difference(old: Path | None, new: Path) -> str:
    """What changed between two folders of tables, table by table, as Markdown.

    Parameters
    ----------
    old : Path or None
        The tables of the earlier release; None where there was none.
    new : Path
        The tables now.

    Returns
    -------
    str
        One line per table that changed: rows added, taken out and changed, the first ones named by their
        keys; columns that came or went.
    """
    lines = []
    for table in MODELS:
        before, after = _read(old, table), _read(new, table)
        added = [key for key in after if key not in before]
        gone = [key for key in before if key not in after]
        shared = [name for name in _columns(before) if name in _columns(after)]
        edited = [
            key
            for key in after
            if key in before and any(before[key][name] != after[key][name] for name in shared)
        ]
        parts = [
            f"{count(len(keys), 'row')} {what}{_named(keys) if before else ''}"
            for keys, what in ((added, "added"), (gone, "taken out"), (edited, "changed"))
            if keys
        ]
        columns = [name for name in _columns(after) if before and name not in _columns(before)]
        if columns:
            parts.append(f"new {'columns' if len(columns) > 1 else 'column'} {', '.join(columns)}")
        if parts:
            lines.append(f"- `{table}`: {'; '.join(parts)}.")
    return "\n".join([*lines, ""]) if lines else "No table changed.\n"


def _read(folder: Path | None, table: str) -> _Rows:
    path = folder / f"{table}.csv" if folder else None
    if path is None or not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {tuple(row.get(name, "") for name in KEYS[table]): row for row in rows}


def _columns(rows: _Rows) -> list[str]:
    return list(next(iter(rows.values()))) if rows else []


def _named(keys: list[tuple[str, ...]]) -> str:
    named = ", ".join("/".join(filter(None, key)) for key in keys[:_MOST_NAMED])
    more = f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
    return f" ({named}{more})"


def disagreements(root: Path) -> list[str]:
    """What still names another version, or none, in a checkout.

    Parameters
    ----------
    root : Path
        The checkout.

    Returns
    -------
    list of str
        One sentence for each; none where the release is ready.
    """
    release = data_release(root / "data")
    today = clock.today()
    wanted = f"{today.year}.{today.month}.{today.day}"
    found = []
    if not release.startswith(wanted):
        found.append(
            f"data/datapackage.json has version {release or 'none'}: python -m tradeviz.data data {wanted}"
        )
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    code = re.search(r'^version = "(.+)"$', (root / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    if code and f"version: {code[1]}\n" not in citation:
        found.append(f"CITATION.cff does not say version: {code[1]}")
    if f"date-released: {today.isoformat()}\n" not in citation:
        found.append(f"CITATION.cff does not say date-released: {today.isoformat()}")
    if f"## {release}\n" not in (root / "docs" / "data-releases.md").read_text(encoding="utf-8"):
        found.append(
            f"docs/data-releases.md has no section {release}: python -m tradeviz.upkeep.release OLD-DATA data"
        )
    return found


def main(words: list[str]) -> int:
    """Write the difference of two folders, or check the checkout and say what to do next."""
    if words:
        sys.stdout.write(difference(Path(words[0]), Path(words[1]) if len(words) > 1 else data_dir()))
        return 0
    wrong = disagreements(Path.cwd())
    if wrong:
        print("not ready:", *(f"- {one}" for one in wrong), sep="\n")
        return 1
    release = data_release(Path("data"))
    print(f"ready: data {release}. Nothing was tagged or uploaded. What is left to do:")
    print(f"  git tag --annotate data-{release} --message 'Data {release}' && git push origin data-{release}")
    print(
        "  python -m build  # then upload dist/ where releases of the code go, if the code has a new version"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
