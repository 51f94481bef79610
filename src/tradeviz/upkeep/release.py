"""A release of the data: what changed since the last one, and whether everything that names it agrees.

`python -m tradeviz.upkeep.release` checks and says what to do next; it tags and uploads nothing.
`python -m tradeviz.upkeep.release OLD [NEW] [--write]` writes the difference of two folders of tables as
Markdown, with the corrections that nobody has written down; `--write` appends them to NEW/corrections.csv.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from datetime import date
from pathlib import Path

from tradeviz import clock
from tradeviz.data.corrections import TABLE, corrected_columns, row_cells, row_name
from tradeviz.data.models import KEYS, MODELS
from tradeviz.data.places import data_dir, data_release
from tradeviz.data.validation import schema
from tradeviz.upkeep.queue import as_csv
from tradeviz.wording import count

_MOST_NAMED = 12
_Rows = dict[tuple[str, ...], dict[str, str]]
_Named = dict[str, dict[str, str]]


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


def corrections(old: Path, new: Path, day: str) -> list[dict[str, str]]:
    """The rows of corrections.csv that tell what a release put right or took out, and that it lacks.

    Parameters
    ----------
    old, new : Path
        The tables of the earlier release, and those now.
    day : str
        The ISO day of the release.

    Returns
    -------
    list of dict of str to str
        One for each cell that differs in a row that both have, and one for each row that is gone. A row that
        differs in one column of its key, and besides in its sources at most, is the same row.
    """
    before, after = _read(old, TABLE), _read(new, TABLE)
    written = {
        (row["table"], row["row"], row["column"]): row for key, row in after.items() if key not in before
    }
    made = []
    for table in MODELS:
        columns = corrected_columns(table)
        if not columns:
            continue
        then, now = _by_name(old, table), _by_name(new, table)
        earlier = _renamed(table, then, now, list(written.values()))
        for name, row in now.items():
            known = then.get(earlier.get(name, name), row)
            made += [
                (table, name, column, known[column], row[column])
                for column in columns
                if known.get(column, row[column]) != row[column]
            ]
        for name in [name for name in then if name not in now and name not in earlier.values()]:
            cells = {column: cell for column, cell in then[name].items() if column in schema(table).columns}
            made.append((table, name, "", json.dumps(cells, ensure_ascii=False), ""))
    return [
        dict(zip(schema(TABLE).columns, (day, *correction, ""), strict=True))
        for correction in made
        if correction[:3] not in written
    ]


def _by_name(folder: Path, table: str) -> dict[str, dict[str, str]]:
    return {row_name(table, row): row for row in _read(folder, table).values()}


def _renamed(table: str, then: _Named, now: _Named, written: list[dict[str, str]]) -> dict[str, str]:
    """The earlier names of rows whose key was put right."""
    found: dict[str, str] = {}
    for row in written:
        if row["table"] == table and row["column"] in KEYS[table]:
            name = found.get(row["row"], row["row"])
            found[row["row"]] = row_name(table, row_cells(table, name) | {row["column"]: row["before"]})
    gone = [name for name in then if name not in now and name not in found.values()]
    for name in [name for name in now if name not in then and name not in found]:
        same = [earlier for earlier in gone if _same(table, then[earlier], now[name])]
        if len(same) == 1:
            found[name] = same[0]
            gone.remove(same[0])
    return found


def _same(table: str, before: dict[str, str], after: dict[str, str]) -> bool:
    """Whether two rows differ in one column of the key alone, and in their sources at most."""
    differs = [name for name in before if before[name] != after.get(name) and name != "source_ids"]
    return len(differs) == 1 and differs[0] in KEYS[table]


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


def _compared(old: Path, new: Path, write: bool) -> None:
    """Write what changed between two folders, and what corrections.csv does not say of it."""
    made = corrections(old, new, _day_of(old, new))
    written = as_csv(schema(TABLE).columns, made)
    if write and made:
        with (new / f"{TABLE}.csv").open("a", encoding="utf-8", newline="") as file:
            file.write(written.partition("\n")[2])
        print(
            f"wrote {count(len(made), 'correction')} to {new / TABLE}.csv; give each its reason",
            file=sys.stderr,
        )
    sys.stdout.write(difference(old, new))
    if made and not write:
        sys.stdout.write(f"\nNot in {TABLE}.csv yet (--write appends it):\n\n```csv\n{written}```\n")


def _day_of(old: Path, new: Path) -> str:
    """The day of a release, by its version; today where it has none of its own yet."""
    version = data_release(new)
    if not version or version == data_release(old):
        return clock.today().isoformat()
    return date(*map(int, version.split(".")[:3])).isoformat()


def main(words: list[str]) -> int:
    """Write the difference of two folders, or check the checkout and say what to do next."""
    folders = [word for word in words if word != "--write"]
    if folders:
        _compared(Path(folders[0]), Path(folders[1]) if len(folders) > 1 else data_dir(), "--write" in words)
        return 0
    wrong = disagreements(Path.cwd())
    if wrong:
        print("not ready:", *(f"- {problem}" for problem in wrong), sep="\n")
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
