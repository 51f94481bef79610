"""The commands that keep the record up to date: due, watch, accept, refuse."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from tradeviz.cli.common import DataOption, FormatOption, app, names
from tradeviz.cli.paths import keep_off_tables, read_path
from tradeviz.errors import StaleDataError, UsageError
from tradeviz.terminal import Format, print_frame, told
from tradeviz.vocabulary import FEEDS

Queue = Annotated[
    Path, typer.Argument(parser=read_path, metavar="QUEUE", help="The queue that `tradeviz watch` wrote.")
]


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
        from tradeviz.days import read_day
        from tradeviz.wording import count

        tables = load_tables(data)
        day = read_day(today, "--today", tables.coverage_end).date() if today else clock.today()
        items = upkeep.due(tables, day)
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


@app.command(
    epilog="Exit codes: 0 done; 1 the data are wrong; 2 a parameter is wrong; 7 no answer, try again later; 8"
    " an answer that a person has to look at."
)
def watch(
    feed: Annotated[str, typer.Argument(help=f"Which public interface to ask: {', '.join(FEEDS)}.")],
    stored: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", parser=read_path, metavar="FILE", help="Read a stored answer instead; can be repeated."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(parser=read_path, metavar="FILE", help="The queue; else queue-FEED.csv.")
    ] = None,
    since: Annotated[
        str, typer.Option(help="Federal Register: first day, 2026-10-01; else a week before the record ends.")
    ] = "",
    jumps: Annotated[
        str, typer.Option(help="Census: partners whose jump somebody has looked at, CHE,ARG.")
    ] = "",
    key: Annotated[
        str, typer.Option(envvar="TRADEVIZ_CENSUS_KEY", help="Census: the key of its interface.")
    ] = "",
    address: Annotated[
        str, typer.Option(envvar="TRADEVIZ_WATCH_ADDRESS", help="Where the interface begins.")
    ] = "",
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that an answer may take.")] = 30.0,
    attempts: Annotated[int, typer.Option(min=1, max=10, help="How often to ask before giving up.")] = 3,
    pause: Annotated[
        float, typer.Option(min=0, help="Seconds before the second attempt, doubled for each further one.")
    ] = 2.0,
    data: DataOption = None,
) -> None:
    """Ask a public interface what is new, and write it into a queue for a person to review."""
    with told():
        from tradeviz import clock, upkeep
        from tradeviz.briefing.files import make_place
        from tradeviz.data import data_dir, load_tables
        from tradeviz.days import read_day
        from tradeviz.upkeep.web import Limits

        if feed not in FEEDS:
            raise UsageError(f'"{feed}" is no feed; use one of {", ".join(FEEDS)}')
        if out is not None:
            keep_off_tables(out, "--out", data_dir(data))
            make_place(out, "--out")
        tables = load_tables(data)
        end = tables.coverage_end
        begin = read_day(since, "--since", end) if since else end - timedelta(days=7)
        poll = upkeep.Poll(
            feed=feed,
            today=clock.today(),
            since=begin.date(),
            stored=tuple(stored or ()),
            address=address,
            key=key,
            jumps=tuple(names(jumps)),
            limits=Limits(timeout, attempts, pause),
        )
        print(upkeep.watch(poll, tables, out or Path(f"queue-{feed}.csv")))


@app.command()
def accept(
    queue: Queue,
    keys: Annotated[list[str] | None, typer.Argument(help="Keys of the rows to take; else all.")] = None,
    data: DataOption = None,
) -> None:
    """Take rows of a queue into sources.csv or trade_monthly.csv, once a person has filled them in."""
    with told():
        from tradeviz import clock, upkeep
        from tradeviz.data import data_dir

        for path in upkeep.accept(queue, keys or [], data_dir(data), clock.today()):
            print(f"changed {path}")


@app.command()
def refuse(
    queue: Queue,
    keys: Annotated[list[str], typer.Argument(help="Keys of the rows to turn down.")],
    reason: Annotated[str, typer.Option(help="Why, in a few words.")],
    data: DataOption = None,
) -> None:
    """Turn rows of a queue down and remember it in refused.csv, so that they are not offered again."""
    with told():
        from tradeviz import clock, upkeep
        from tradeviz.data import data_dir

        print(f"changed {upkeep.refuse(queue, keys, reason, data_dir(data), clock.today())}")
