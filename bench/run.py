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
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import report
import store
from measure import CommandError, Measurement, load_now
from ways import HERE, WAYS, Bench

import tradeviz
from tradeviz.briefing import cores

Keep = Callable[[], None]

FIRST_DAY = date(2025, 4, 5)
"""The first day of knowledge of the scaling table: the ten percent came into force."""

DAYS = (1, 5, 30)
"""Days of knowledge in the scaling table, unless told otherwise."""

STAGES = "stages"
EXPLORER = "explorer"
SCALE = "scale"
ONE_DAY_RUNS = 5
LONG = 50
"""More briefings than this are made once: it takes minutes."""


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


def compare(bench: Bench, results: report.Results, ways: str, repeats: int, keep: Keep) -> None:
    """Run the ways by turns, so that what else the machine does concerns them all.

    Parameters
    ----------
    bench : Bench
        Where they run, and for which partners.
    results : report.Results
        What was measured so far; it is added to, and a way that fails is noted and left out.
    ways : str
        Letters of `WAYS`; "d" needs "c".
    repeats : int
        How often each is run.
    keep : callable
        Called after each run.
    """
    failed: set[str] = set()
    for turn in range(repeats):
        for way in ways:
            runs = results.ways.setdefault(way, [])
            if len(runs) > turn or way in failed:
                continue
            out = bench.folder / ("c" if way == "d" else way)
            try:
                if way == "d" and not out.exists():  # (c) was measured in an earlier run
                    bench.build([results.as_of], out)
                runs.append(bench.run(way, results.as_of, out))
            except CommandError as error:
                failed.add(way)
                _fail(results, f"({way}) {WAYS[way]}", error)
            else:
                _say(f"({way}) {WAYS[way]}, run {turn + 1}", runs[-1])
            keep()
        _empty(bench.folder)


def single(bench: Bench, results: report.Results, part: str, keep: Keep) -> None:
    """Measure the stages of way c, or the explorer, unless that is done."""
    if getattr(results, part):
        return
    try:
        setattr(results, part, getattr(bench, part)(results.as_of))
        print(f"{part}:", getattr(results, part), flush=True)
    except CommandError as error:
        _fail(results, part, error)
    keep()
    _empty(bench.folder)


def scaling(
    bench: Bench,
    results: report.Results,
    sizes: Sequence[int],
    workers: Sequence[int],
    repeats: int,
    keep: Keep,
) -> None:
    """Run `tradeviz build` for more and more days, with several numbers of workers.

    How much there is to tell differs between days. So a single day stands for the same spread of
    days as the larger sizes: it is run for several, one at a time, and the mean is taken.

    Parameters
    ----------
    bench : Bench
        Where it runs, and for which partners.
    results : report.Results
        What was measured so far; it is added to, and a size that fails is noted and left out.
    sizes : sequence of int
        Numbers of briefings, multiples of the number of partners.
    workers : sequence of int
        Numbers of worker processes.
    repeats : int
        With 1, everything is run once.
    keep : callable
        Called after each size.
    """
    last = tradeviz.load().as_of.date()
    done = {(size.briefings, size.workers) for size in results.sizes}
    for briefings in sizes:
        number = briefings // len(bench.partners)
        lots = [spread(number, last)] * (repeats if briefings <= LONG else 1)
        if number == 1 and repeats > 1:
            lots = [[day] for day in spread(ONE_DAY_RUNS, last)]
        for count in sorted(set(workers) - {count for size, count in done if size == briefings}):
            runs = []
            try:
                for days in lots:
                    runs.append(bench.build(days, bench.folder / "site", count))
                    _say(f"{briefings} briefings, --jobs {count}, as of {days[-1]}", runs[-1])
                    _empty(bench.folder)
            except CommandError as error:
                _fail(results, f"{briefings} briefings, --jobs {count}", error)
            else:
                results.sizes.append(report.Sized(briefings, number, count, tuple(runs)))
            keep()


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
    results = _begun(chosen)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    compileall.compile_dir(Path(tradeviz.__file__).parent, quiet=2)  # so that no timed run has to
    folder = Path(tempfile.mkdtemp(prefix="tv-bench-"))

    def keep() -> None:
        store.save(results, chosen.out)
        chosen.out.write_text(report.markdown(results), encoding="utf-8")

    try:
        bench = Bench(folder, results.partners, chosen.repeats)
        compare(bench, results, chosen.ways, chosen.repeats, keep)
        for part in chosen.parts:
            single(bench, results, part, keep)
        scaling(bench, results, chosen.scale, chosen.workers, chosen.repeats, keep)
    except KeyboardInterrupt:
        print(f"stopped; what was measured is in {chosen.out}, --resume goes on", file=sys.stderr)
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\n{report.markdown(results)}\nwritten to {chosen.out}")
    return 1 if results.failures else 0


def _begun(chosen: argparse.Namespace) -> report.Results:
    """What there is to add to: nothing, or with --resume what an earlier run has measured of the same."""
    results = report.Results(tuple(chosen.partners), chosen.as_of, load=load_now())
    if chosen.resume:
        try:
            earlier = store.load(chosen.out)
        except (OSError, ValueError, KeyError, TypeError):
            print("nothing to resume; all is measured", file=sys.stderr)
            return results
        if (earlier.partners, earlier.as_of) == (results.partners, results.as_of):
            return earlier
        print("other partners or another day than before; all is measured", file=sys.stderr)
    return results


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    ds = tradeviz.load()
    parts = ",".join([*WAYS, STAGES, EXPLORER, SCALE])
    parser.add_argument("--only", default=parts, help="parts with commas between; else all: %(default)s")
    parser.add_argument("--partners", default=",".join(ds.reciprocal), help="codes; else %(default)s")
    parser.add_argument("--as-of", default=f"{ds.as_of:%Y-%m-%d}", help="of a to f; else %(default)s")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each; else %(default)s")
    parser.add_argument("--scale", "--sizes", help="numbers of briefings; else those for 1, 5 and 30 days")
    parser.add_argument("--workers", help="numbers of workers of the scaling; else 1, 2 and all cores")
    parser.add_argument("--resume", action="store_true", help="go on with what was stopped or failed")
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md", help="else %(default)s")
    chosen = parser.parse_args(arguments)
    only = set(chosen.only.split(","))
    if strange := only - set(parts.split(",")):
        parser.error(f"--only knows {parts}, not {','.join(sorted(strange))}")
    if chosen.repeats < 1:
        parser.error("--repeats must be 1 or more")
    chosen.partners = chosen.partners.split(",")
    chosen.parts = [part for part in (STAGES, EXPLORER) if part in only]
    many = len(chosen.partners)
    chosen.ways = "".join(way for way in WAYS if way in only or (way == "c" and "d" in only))
    try:
        chosen.scale = _numbers(chosen.scale, [many * days for days in DAYS]) if SCALE in only else []
        chosen.workers = _numbers(chosen.workers, sorted({1, 2, cores.available()}))
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


def _fail(results: report.Results, what: str, error: CommandError) -> None:
    print(f"{what}: {error}", file=sys.stderr, flush=True)
    last = [line.strip() for line in str(error).splitlines() if line.strip()][-1]
    results.failures.append(f"{what}: {last[:200]}")


def _say(words: str, done: Measurement) -> None:
    print(f"{words}: {done.seconds:.1f} s, {done.peak:.0f} MB", flush=True)


if __name__ == "__main__":
    sys.exit(main())
