"""The commands that keep the record up to date: due, watch, accept, refuse."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from tradeviz.cli import options
from tradeviz.cli.common import app, names
from tradeviz.cli.paths import keep_off_tables, read_path
from tradeviz.errors import StaleDataError, UsageError
from tradeviz.terminal import Format, print_frame
from tradeviz.vocabulary import FEEDS

queue_argument = click.argument(
    "queue", type=read_path, metavar="QUEUE", help="The queue that `tradeviz watch` wrote."
)


@app.command(
    epilog="Exit codes: 0 nothing is late; 1 the data are wrong; 2 a parameter is wrong; 3 something is late."
)
@click.option("--today", default="", help="The day that counts as today, 2026-11-29; else the clock's.")
@options.format
@options.data
def due(today: str, form: Format, data: Path | None) -> None:
    """What the record dates itself and does not tell the outcome of: late, and in the next 30 days."""
    from tradeviz import clock, upkeep
    from tradeviz.data import load_tables
    from tradeviz.days import read_day
    from tradeviz.wording import count

    tables = load_tables(data)
    day = read_day(today, "--today", tables.coverage_end).date() if today else clock.today()
    items = upkeep.due(tables, day)
    late = items[items["section"] == "late"]
    if form is Format.table:
        short = ["day", "partner", "kind", "text"]
        soon = items[items["section"] == "soon"]
        print_frame(late, form, f"Late on {day}: {len(late)}", short)
        print_frame(soon, form, f"Due by {upkeep.AHEAD_DAYS} days later: {len(soon)}", short)
    else:
        print_frame(items, form, "")
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
@click.argument("feed", help=f"Which public interface to ask: {', '.join(FEEDS)}.")
@options.path(
    "--from", "stored", multiple=True, metavar="FILE", help="Read a stored answer instead; can be repeated."
)
@options.path("--out", metavar="FILE", help="The queue; else queue-FEED.csv.")
@click.option(
    "--since", default="", help="Federal Register: first day, 2026-10-01; else a week before the record ends."
)
@click.option("--jumps", default="", help="Census: partners whose jump somebody has looked at, CHE,ARG.")
@click.option(
    "--key",
    envvar="TRADEVIZ_CENSUS_KEY",
    show_envvar=True,
    default="",
    help="Census: the key of its interface.",
)
@click.option(
    "--address",
    envvar="TRADEVIZ_WATCH_ADDRESS",
    show_envvar=True,
    default="",
    help="Where the interface begins.",
)
@options.number("--timeout", 30.0, "Seconds that an answer may take.", min=0.1)
@options.number("--attempts", 3, "How often to ask before giving up.", min=1, max=10)
@options.number("--pause", 2.0, "Seconds before the second attempt, doubled for each further one.", min=0)
@options.data
def watch(
    feed: str,
    stored: tuple[Path, ...],
    out: Path | None,
    since: str,
    jumps: str,
    key: str,
    address: str,
    timeout: float,
    attempts: int,
    pause: float,
    data: Path | None,
) -> None:
    """Ask a public interface what is new, and write it into a queue for a person to review."""
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
        stored=stored,
        address=address,
        key=key,
        jumps=tuple(names(jumps)),
        limits=Limits(timeout, attempts, pause),
    )
    print(upkeep.watch(poll, tables, out or Path(f"queue-{feed}.csv")))


@app.command()
@queue_argument
@click.argument("keys", nargs=-1, help="Keys of the rows to take; else all.")
@options.data
def accept(queue: Path, keys: tuple[str, ...], data: Path | None) -> None:
    """Take rows of a queue into sources.csv or trade_monthly.csv, once a person has filled them in."""
    from tradeviz import clock, upkeep
    from tradeviz.data import data_dir

    for path in upkeep.accept(queue, keys, data_dir(data), clock.today()):
        print(f"changed {path}")


@app.command()
@queue_argument
@click.argument("keys", nargs=-1, required=True, help="Keys of the rows to turn down.")
@click.option("--reason", required=True, help="Why, in a few words.")
@options.data
def refuse(queue: Path, keys: tuple[str, ...], reason: str, data: Path | None) -> None:
    """Turn rows of a queue down and remember it in refused.csv, so that they are not offered again."""
    from tradeviz import clock, upkeep
    from tradeviz.data import data_dir

    print(f"changed {upkeep.refuse(queue, keys, reason, data_dir(data), clock.today())}")
