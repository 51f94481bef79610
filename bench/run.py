"""Measure the ways to make briefings side by side, and how `tradeviz build` scales.

`make bench` runs it; `bench/README.md` says what is compared and how.
"""

from __future__ import annotations

import argparse
import compileall
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import report
from measure import CommandError, Measurement
from plain import cores
from ways import HERE, WAYS, Bench

import tradeviz

FIRST_DAY = date(2025, 4, 5)
"""The first day of knowledge of the scaling table: the ten percent came into force."""

DAYS = (1, 5, 30)
"""Days of knowledge in the scaling table, unless told otherwise."""

SCALE = "scale"
ONE_DAY_RUNS = 5
LONG = 100
"""More briefings than this are made once, and only with the most workers: it takes minutes."""


def spread(number: int, last: date) -> list[str]:
    """Days from the first of the scaling table to the last, at equal distances.

    Parameters
    ----------
    number : int
        How many; one alone is the day in the middle.
    last : datetime.date
        The last day.

    Returns
    -------
    list of str
        ISO days, oldest first.
    """
    whole = (last - FIRST_DAY).days
    steps = [0.5] if number == 1 else [step / (number - 1) for step in range(number)]
    return [str(FIRST_DAY + timedelta(days=round(whole * step))) for step in steps]


def compare(bench: Bench, ways: str, as_of: str, repeats: int) -> dict[str, list[Measurement]]:
    """Run the ways by turns, so that what else the machine does concerns them all.

    Parameters
    ----------
    bench : Bench
        Where they run, and for which partners.
    ways : str
        Letters of `WAYS`; "d" needs "c".
    as_of : str
        The day of knowledge.
    repeats : int
        How often each is run.

    Returns
    -------
    dict of str to list of Measurement
        The runs of each way.
    """
    runs: dict[str, list[Measurement]] = {way: [] for way in ways}
    for turn in range(repeats):
        for way in ways:
            out = bench.folder / ("c" if way == "d" else way)
            done = bench.run(way, as_of, out)
            runs[way].append(done)
            _say(f"({way}) {WAYS[way]}, run {turn + 1}", done)
        _empty(bench.folder)
    return runs


def scaling(bench: Bench, sizes: Sequence[int], workers: Sequence[int], repeats: int) -> list[report.Sized]:
    """Run `tradeviz build` for more and more days, with several numbers of workers.

    How much there is to tell differs between days. So a single day stands for the same spread of
    days as the larger sizes: it is run for several, one at a time, and the mean is taken.

    Parameters
    ----------
    bench : Bench
        Where it runs, and for which partners.
    sizes : sequence of int
        Numbers of briefings, multiples of the number of partners.
    workers : sequence of int
        Numbers of worker processes.
    repeats : int
        With 1, everything is run once.

    Returns
    -------
    list of Sized
        Each size with each number of workers; large ones only with the most.
    """
    last = tradeviz.load().as_of.date()
    table = []
    for briefings in sizes:
        number = briefings // len(bench.partners)
        lots = [spread(number, last)] * (repeats if briefings <= LONG else 1)
        if number == 1 and repeats > 1:
            lots = [[day] for day in spread(ONE_DAY_RUNS, last)]
        for count in workers if briefings <= LONG else [max(workers)]:
            runs = []
            for days in lots:
                runs.append(bench.build(days, bench.folder / "site", count))
                _say(f"{briefings} briefings, --jobs {count}, as of {days[-1]}", runs[-1])
                _empty(bench.folder)
            table.append(report.Sized(briefings, number, count, tuple(runs)))
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what the arguments ask for, print it and write it down.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the command line when not given.

    Returns
    -------
    int
        0 when all was measured, 1 when a command failed, 130 after Ctrl-C.
    """
    chosen = _options(arguments)
    results = report.Results(tuple(chosen.partners), chosen.as_of, load=report.load_now())
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    compileall.compile_dir(Path(tradeviz.__file__).parent, quiet=2)  # not for the first run to do
    folder = Path(tempfile.mkdtemp(prefix="tv-bench-"))
    try:
        bench = Bench(folder, results.partners)
        if chosen.ways:
            results.ways = compare(bench, chosen.ways, chosen.as_of, chosen.repeats)
        if chosen.scale:
            results.sizes = scaling(bench, chosen.scale, chosen.workers, chosen.repeats)
    except KeyboardInterrupt:
        print("stopped; nothing is written", file=sys.stderr)
        return 130
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    page = report.markdown(results)
    chosen.out.write_text(page, encoding="utf-8")
    print(f"\n{page}\nwritten to {chosen.out}")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    ds = tradeviz.load()
    parts = f"{','.join(WAYS)},{SCALE}"
    parser.add_argument("--only", default=parts, help="parts with commas between; else all: %(default)s")
    parser.add_argument("--partners", default=",".join(ds.reciprocal), help="codes; else %(default)s")
    parser.add_argument("--as-of", default=f"{ds.as_of:%Y-%m-%d}", help="of a to e; else %(default)s")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each; else %(default)s")
    parser.add_argument("--scale", help="numbers of briefings; else those for 1, 5 and 30 days")
    parser.add_argument("--workers", help="numbers of workers of the scaling; else 1, 2 and all cores")
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md", help="else %(default)s")
    chosen = parser.parse_args(arguments)
    only = set(chosen.only.split(","))
    if strange := only - {*WAYS, SCALE}:
        parser.error(f"--only knows {parts}, not {','.join(sorted(strange))}")
    if chosen.repeats < 1:
        parser.error("--repeats must be 1 or more")
    chosen.partners = chosen.partners.split(",")
    many = len(chosen.partners)
    chosen.ways = "".join(way for way in WAYS if way in only or (way == "c" and "d" in only))
    try:
        chosen.scale = _numbers(chosen.scale, [many * days for days in DAYS]) if SCALE in only else []
        chosen.workers = _numbers(chosen.workers, sorted({1, 2, cores()}))
    except ValueError:
        parser.error("--scale and --workers take whole numbers above 0 with commas between")
    if any(briefings % many for briefings in chosen.scale):
        parser.error(f"--scale takes multiples of the number of partners, {many}")
    return chosen


def _numbers(words: str | None, usual: list[int]) -> list[int]:
    numbers = [int(word) for word in words.split(",")] if words is not None else usual
    if min(numbers, default=0) < 1:
        raise ValueError
    return numbers


def _empty(folder: Path) -> None:
    """Remove what the last runs have written, outside of any measurement."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def _say(words: str, done: Measurement) -> None:
    print(f"{words}: {done.seconds:.1f} s, {done.peak:.0f} MB", flush=True)


if __name__ == "__main__":
    sys.exit(main())
