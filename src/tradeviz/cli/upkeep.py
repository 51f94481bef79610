"""The commands that keep the record up to date: due."""

from __future__ import annotations

from typing import Annotated

import typer

from tradeviz.cli.common import DataOption, FormatOption, app, parse_day
from tradeviz.errors import StaleDataError
from tradeviz.terminal import Format, print_frame, told


@app.command(
    epilog="Exit codes: 0 nothing is late; 1 the data are wrong; 2 a parameter is wrong; 3 something is late."
)
def due(
    today: Annotated[
        str, typer.Option(help="The day that counts as today, 2026-11-29; else the clock's.")
    ] = "",
    format: FormatOption = Format.table,  # noqa: A002
    data: DataOption = None,
) -> None:
    """What the record dates itself and does not tell the outcome of: late, and in the next 30 days."""
    with told():
        from tradeviz import clock, upkeep
        from tradeviz.data import load_tables
        from tradeviz.wording import count

        day = parse_day(today, "--today").date() if today else clock.today()
        items = upkeep.due(load_tables(data), day)
        late = items[items["section"] == "late"]
        if format is Format.table:
            short = ["day", "partner", "kind", "text"]
            soon = items[items["section"] == "soon"]
            print_frame(late, format, f"Late on {day}: {len(late)}", short)
            print_frame(soon, format, f"Due by {upkeep.AHEAD_DAYS} days later: {len(soon)}", short)
        else:
            print_frame(items, format, "")
        if len(late):
            oldest = late.iloc[0]
            raise StaleDataError(
                f"{count(len(late), 'thing')} {'is' if len(late) == 1 else 'are'} late, the oldest since"
                f" {oldest['day']:%Y-%m-%d}; look for what came of them and add it"
            )
