"""The commands that print facts: status, rates, changes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import click

from tradeviz.cli import options
from tradeviz.cli.common import app, known, stamped
from tradeviz.errors import UsageError
from tradeviz.terminal import Format, print_frame


class Clock(StrEnum):
    """By which day changes count."""

    known = "known"
    recorded = "recorded"


@app.command()
@options.as_of
@options.partner
@options.scenario
@options.format
@options.data
def status(as_of: str, partner: str | None, scenario: Path | None, form: Format, data: Path | None) -> None:
    """One row per partner: stage, rate in force, next deadline, last meeting."""
    from tradeviz import tables, talks

    ds = known(as_of, data, partner, scenario)
    stages = talks.stages(ds)
    if partner is not None:
        stages = stages[stages["partner"] == ds.partner(partner)["partner"]]
    words = tables.board_words(ds, stages)
    short = ["name", "stage", "rate", "deadline", "last_met"]
    words, title = stamped(words, f"As of {ds.as_of:%Y-%m-%d}", ds)
    print_frame(words, form, title, short, lambda: tables.status_paper(ds, stages))


@app.command()
@click.option(
    "--on", default="", help="The day asked for, 2025-07-09; else as-of. A later one shows what is scheduled."
)
@options.as_of
@options.partner
@click.option("--layer", help="Layer, reciprocal.")
@click.option(
    "--proposals", is_flag=True, help="What was threatened, ordered and is in force on all goods, instead."
)
@options.scenario
@options.format
@options.data
def rates(
    on: str,
    as_of: str,
    partner: str | None,
    layer: str | None,
    proposals: bool,
    scenario: Path | None,
    form: Format,
    data: Path | None,
) -> None:
    """Statutory rates on a day, by partner, layer and product."""
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
        short = ["partner", "threatened_pct", "threatened_day", "ordered_pct", "ordered_day", "in_force_pct"]
        print_frame(highest, form, title, short, lambda: tables.proposals_paper(ds))
        return
    day = read_day(on, "--on", ds.coverage_end) if on else ds.as_of
    rows = measures.in_force(ds, day, partner, layer)
    shown, title = stamped(rows, f"On {day:%Y-%m-%d}, as of {ds.as_of:%Y-%m-%d}", ds)
    print_frame(shown, form, title, paper=lambda: tables.rates_paper(ds, rows))


@app.command()
@click.option("--since", required=True, help="What became known after this day, 2025-04-18.")
@options.as_of
@click.option("--partner", help="Partner code, KOR; facts for all stay in.")
@click.option(
    "--kind",
    default="",
    help="Kinds to keep, with commas between: order,threat,meeting; else all. With --clock recorded there"
    " are corrections, too: correction.",
)
@options.choice(
    "--clock",
    default=Clock.known,
    help="Count by the day the world learned of it, or the day it was recorded.",
)
@options.format
@options.data
def changes(
    since: str, as_of: str, partner: str | None, kind: str, clock: Clock, form: Format, data: Path | None
) -> None:
    """Everything that became known, or entered the record, between two days, newest first."""
    from tradeviz import talks
    from tradeviz.data import load_tables
    from tradeviz.days import read_day

    ds = known(as_of, data, partner)
    kinds = [name.strip() for name in kind.split(",")] if kind else None
    if clock is Clock.recorded:
        rows = talks.newly_recorded(load_tables(data), since, ds.as_of, kinds)
    else:
        rows = talks.changes(ds, read_day(since, "--since", ds.coverage_end), kinds)
    if partner is not None:
        rows = rows[rows["partner"].isin([ds.partner(partner)["partner"], "ALL", "WLD"])]
    rows = talks.weighed(ds, rows.reset_index(drop=True))
    title = f"{'Recorded after' if clock is Clock.recorded else 'After'} {since}, up to {ds.as_of:%Y-%m-%d}"
    print_frame(rows, form, title, ["date", "partner", "kind", "text"])
