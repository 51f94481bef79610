"""The tables as they would have stood on a day: later rows removed by plain code, not by the library."""

from __future__ import annotations

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path

from tests.oracle.tables import Row, closing_ids, header, known, people_met, tables_dir


def physically_cut(as_of: str, folder: Path) -> Path:
    """Write the tables without every row that became known after a day.

    Parameters
    ----------
    as_of : str
        The day, as ISO text.
    folder : pathlib.Path
        Where to write; it is made.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    folder.mkdir(parents=True)
    pledged = {row["commitment_id"] for row in known("commitments", as_of)}
    for path in sorted(tables_dir().glob("*.csv")):
        table = path.stem
        rows = [dict(row) for row in known(table, as_of) if table != "corrections"]  # name rows of any day
        if table == "people":
            rows = [row for row in rows if row["name"] in people_met(as_of)]
        if table == "carveout_shares":
            lists = {row["carveout"] for row in known("carveout_terms", as_of)}
            rows = [row for row in rows if row["carveout"] in lists]
        for row in rows:
            if table == "meetings":
                row |= _open_ends(row, as_of)
            elif table == "commitments" and row["part_of"] not in pledged:
                row["part_of"] = ""
        with (folder / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header(table), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    package = tables_dir() / "datapackage.json"
    if package.exists():
        shutil.copy(package, folder)  # it names the version of the data, which pages print
    return folder


def _open_ends(meeting: Row, as_of: str) -> Row:
    """What a row of a meeting could not hold yet: its outcome while under way, what closed its step later."""
    if meeting["end_date"] > as_of:
        blank = dict.fromkeys(("next_step", "next_step_due", "next_step_closed_by"), "")
        return blank | {"outcome": "not known yet", "end_date": _day_after(as_of)}
    return {} if meeting["next_step_closed_by"] in closing_ids(as_of) else {"next_step_closed_by": ""}


def _day_after(as_of: str) -> str:
    return (date.fromisoformat(as_of) + timedelta(days=1)).isoformat()
