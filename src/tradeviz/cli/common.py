"""What the commands share: the application that they register with, and their common options."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tradeviz.terminal import CommandLine, visible

if TYPE_CHECKING:
    import pandas as pd

    from tradeviz.data import Dataset


@click.group("tradeviz", cls=CommandLine)
@click.version_option(package_name="tradeviz", prog_name="tradeviz", message="%(prog)s %(version)s")
def app() -> None:
    """Where the United States' reciprocal-tariff talks stand, with each partner, on any given day."""


def known(as_of: str, data: Path | None, partner: str | None = None, scenario: Path | None = None) -> Dataset:
    """Load the data set of a day, or a scenario of it; say on stderr how far the record reaches."""
    from tradeviz.data import load_tables

    ds = load_tables(data).at(as_of)
    ds = ds if scenario is None else _supposed(ds, scenario)
    if ds.as_of > ds.coverage_end:
        from tradeviz import summaries

        note = summaries.reach_note(ds, partner)
        if note:
            print(f"tradeviz: {visible(note)}", file=sys.stderr)
    return ds


def _supposed(ds: Dataset, scenario: Path) -> Dataset:
    """Add the orders of a scenario; say what the record lacks to tell it."""
    from tradeviz import summaries
    from tradeviz.data.scenario import read_scenario

    supposed = read_scenario(scenario, ds)
    gaps = summaries.scenario_gaps(supposed)
    if gaps:
        print(f"tradeviz: {visible(gaps)}", file=sys.stderr)
    return supposed


def names(text: str) -> list[str]:
    """Read names or codes with commas between; "" has none."""
    return [name.strip() for name in text.split(",") if name.strip()]


def stamped(rows: pd.DataFrame, title: str, ds: Dataset) -> tuple[pd.DataFrame, str]:
    """Mark rows and their title as those of a scenario; as they are for the record itself."""
    if not ds.scenario:
        return rows, title
    return rows.assign(scenario=ds.scenario), f"{title}; scenario {ds.scenario}, not the record"
