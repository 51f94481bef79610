"""Count the tables in docs/data-notes.md: with `--write` the counts go there, without it they are printed."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import tradeviz

NOTES = Path(__file__).with_name("data-notes.md")
TABLES = ["tariffs", "milestones", "meetings", "issues", "commitments", "commitment_status", "events"]
TALKS = ["meetings", "milestones", "commitments", "commitment_status", "issues"]


def listed(head: list[str], rows: list[list[object]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def sources(ds: tradeviz.Dataset) -> str:
    """Return for each table its rows, the share with a primary source, and the rows with one source."""
    kinds = ds.sources.set_index("source_id")["kind"]
    rows: list[list[object]] = []
    for name in TABLES:
        cited = getattr(ds, name)["source_ids"].map(lambda ids: set(ids.split(";")))
        primary = cited.map(lambda ids: any(kinds[source] == "primary" for source in ids))
        rows.append([name, len(cited), f"{primary.mean():.0%}", int((cited.map(len) == 1).sum())])
    return listed(["table", "rows", "with a primary source", "with one source only"], rows)


def reach(ds: tradeviz.Dataset) -> str:
    """Return for each partner the last facts of the talks and of tariffs, and the span of covered days."""
    talks = {"meetings": "start_date", "milestones": "date", "commitments": "announced", "issues": "date"}
    of_pledge = ds.commitments.set_index("commitment_id")["partner"]
    statuses = ds.commitment_status.assign(partner=ds.commitment_status["commitment_id"].map(of_pledge))
    rows: list[list[object]] = []
    for code in [*ds.partners["partner"], "ALL"]:
        tariffs = ds.tariffs[ds.tariffs["partner"] == code]
        told = tariffs.sort_values("announced", kind="stable").iloc[-1]
        start = tariffs[tariffs["effective"].notna()].sort_values("effective", kind="stable").iloc[-1]
        if code == "ALL":
            met, last, span = "-", "-", "-"
        else:
            frames = {name: getattr(ds, name) for name in talks}
            own = {name: frame[frame["partner"] == code] for name, frame in frames.items()}
            days = {name: frame[talks[name]].max() for name, frame in own.items()}
            days["statuses"] = statuses[statuses["partner"] == code]["date"].max()
            met = f"{days['meetings']:%Y-%m-%d}"
            newest = max(day for day in days.values() if pd.notna(day))
            last = f"{newest:%Y-%m-%d} ({', '.join(name for name, day in days.items() if day == newest)})"
            covered = ds.coverage[ds.coverage["partner"] == code]
            through = covered[covered["table"].isin(TALKS)]["through"]
            ends = sorted({f"{through.min():%Y-%m-%d}", f"{through.max():%Y-%m-%d}"})
            span = " to ".join(ends)
        rows.append(
            [
                code,
                met,
                last,
                f"{told['announced']:%Y-%m-%d} `{told['order_id']}`",
                f"{start['effective']:%Y-%m-%d} `{start['order_id']}`",
                span,
            ]
        )
    head = [
        "partner",
        "last meeting, call or letter",
        "last talks fact of any kind",
        "last tariff fact announced",
        "last start day on file",
        "talks covered through",
    ]
    return listed(head, rows)


def written(text: str, ds: tradeviz.Dataset) -> str:
    """Return the notes with the tables between their marks counted anew."""
    for name, make in {"sources": sources, "reach": reach}.items():
        start, end = f"<!-- counted: {name} -->\n", "<!-- end of count -->"
        before, rest = text.split(start)
        text = before + start + "\n" + make(ds) + "\n\n" + end + rest.split(end, 1)[1]
    return text


if __name__ == "__main__":
    now = tradeviz.load()
    if "--write" in sys.argv:
        NOTES.write_text(written(NOTES.read_text(encoding="utf-8"), now), encoding="utf-8")
    else:
        print(sources(now), reach(now), sep="\n\n")
