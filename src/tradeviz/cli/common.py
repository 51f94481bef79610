"""What the commands share: the application that they register with, and their common options."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeviz import __version__
from tradeviz.cli.paths import read_path
from tradeviz.terminal import Format, OneLineErrors, visible

if TYPE_CHECKING:
    import pandas as pd

    from tradeviz.data import Dataset

app = typer.Typer(
    cls=OneLineErrors,
    help="Where the United States' reciprocal-tariff talks stand, with each partner, on any given day.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


DataOption = Annotated[
    Path | None,
    typer.Option("--data", parser=read_path, metavar="DIR", help="Folder of the tables; else TRADEVIZ_DATA."),
]
AsOfOption = Annotated[str, typer.Option("--as-of", help="Day of knowledge, 2025-04-25; else the last one.")]
FormatOption = Annotated[
    Format,
    typer.Option(
        "--format", help="A table for people, csv or json for machines, latex, docx or md for a paper."
    ),
]


ScenarioOption = Annotated[
    Path | None,
    typer.Option(
        "--scenario",
        parser=read_path,
        metavar="FILE",
        help="CSV of orders never given (partner,layer,effective,rate_pct), to see what would follow.",
    ),
]


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


def _version(asked: bool) -> None:
    if asked:
        print(f"tradeviz {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    pass
