"""The commands that print facts: status, rates, changes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from tradeviz.cli.common import AsOfOption, DataOption, FormatOption, ScenarioOption, app, known, stamped
from tradeviz.errors import UsageError
from tradeviz.terminal import Format, print_frame, told


class Clock(StrEnum):
    """By which day changes count."""

    known = "known"
    recorded = "recorded"


@app.command()
def status(
    as_of: AsOfOption = "",
    partner: Annotated[str | None, typer.Option(help="Partner code, KOR; else all.")] = None,
    scenario: ScenarioOption = None,
    format: FormatOption = Format.table,  # noqa: A002
    data: DataOption = None,
) -> None:
    """One row per partner: stage, rate in force, next deadline, last meeting."""
    with told():
        from tradeviz import tables, talks

        ds = known(as_of, data, partner, scenario)
        stages = talks.stages(ds)
        if partner is not None:
            stages = stages[stages["partner"] == ds.partner(partner)["partner"]]
        words = tables.board_words(ds, stages)
        short = ["name", "stage", "rate", "deadline", "last_met"]
        words, title = stamped(words, f"As of {ds.as_of:%Y-%m-%d}", ds)
        print_frame(words, format, title, short, lambda: tables.status_paper(ds, stages))


@app.command()
def rates(
    on: Annotated[
        str,
        typer.Option(help="The day asked for, 2025-07-09; else as-of. A later one shows what is scheduled."),
    ] = "",
    as_of: AsOfOption = "",
    partner: Annotated[str | None, typer.Option(help="Partner code, KOR.")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer, reciprocal.")] = None,
    proposals: Annotated[
        bool,
        typer.Option(
            "--proposals", help="What was threatened, ordered and is in force on all goods, instead."
        ),
    ] = False,
    scenario: ScenarioOption = None,
    format: FormatOption = Format.table,  # noqa: A002
    data: DataOption = None,
) -> None:
    """Statutory rates on a day, by partner, layer and product."""
    with told():
        from tradeviz import rates as measures
        from tradeviz import tables
        from tradeviz.days import read_day

        ds = known(as_of, data, partner, scenario)
        if proposals:
            if on or partner or layer:
                raise UsageError(
                    "--proposals is for all partners on the as-of day; leave --on, --partner and --layer out"
                )
            title = f"Rates threatened, ordered and in force, as of {ds.as_of:%Y-%m-%d}"
            highest, title = stamped(measures.highest_rates(ds), title, ds)
            short = [
                "partner",
                "threatened_pct",
                "threatened_day",
                "ordered_pct",
                "ordered_day",
                "in_force_pct",
            ]
            print_frame(highest, format, title, short, lambda: tables.proposals_paper(ds))
            return
        day = read_day(on, "--on", ds.coverage_end) if on else ds.as_of
        rows = measures.in_force(ds, day, partner, layer)
        shown, title = stamped(rows, f"On {day:%Y-%m-%d}, as of {ds.as_of:%Y-%m-%d}", ds)
        print_frame(shown, format, title, paper=lambda: tables.rates_paper(ds, rows))


@app.command()
def changes(
    since: Annotated[str, typer.Option(help="What became known after this day, 2025-04-18.")],
    as_of: AsOfOption = "",
    partner: Annotated[str | None, typer.Option(help="Partner code, KOR; facts for all stay in.")] = None,
    kind: Annotated[
        str,
        typer.Option(
            help="Kinds to keep, with commas between: order,threat,meeting; else all. With --clock recorded"
            " there are corrections, too: correction."
        ),
    ] = "",
    clock: Annotated[
        Clock, typer.Option(help="Count by the day the world learned of it, or the day it was recorded.")
    ] = Clock.known,
    format: FormatOption = Format.table,  # noqa: A002
    data: DataOption = None,
) -> None:
    """Everything that became known, or entered the record, between two days, newest first."""
    with told():
        from tradeviz import talks
        from tradeviz.data import load_tables
        from tradeviz.days import read_day

        ds = known(as_of, data, partner)
        kinds = [one.strip() for one in kind.split(",")] if kind else None
        if clock is Clock.recorded:
            rows = talks.newly_recorded(load_tables(data), since, ds.as_of, kinds)
        else:
            rows = talks.changes(ds, read_day(since, "--since", ds.coverage_end), kinds)
        if partner is not None:
            rows = rows[rows["partner"].isin([ds.partner(partner)["partner"], "ALL", "WLD"])]
        rows = talks.weighed(ds, rows.reset_index(drop=True))
        title = (
            f"{'Recorded after' if clock is Clock.recorded else 'After'} {since}, up to {ds.as_of:%Y-%m-%d}"
        )
        print_frame(rows, format, title, ["date", "partner", "kind", "text"])
