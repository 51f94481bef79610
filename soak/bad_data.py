"""Mutations of the real tables: each is read as equivalent, or stopped with a message that helps.

Every mutation goes through the library's own reading and checking. For speed the tables that it
leaves alone are read once; some are also given to `tradeviz check` and `tradeviz build`, and some
of these to processes of their own, which have to say the same.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import click

import tradeviz
from soak import oracle
from soak.mutations import sheets
from soak.oracle import Trial
from tradeviz.data import data_dir
from tradeviz.data.models import MODELS
from tradeviz.data.validation import read_all

COMMANDS_EVERY, PROCESSES_EVERY = 20, 200


@click.command()
@click.option("--count", default=5_000, show_default=True, help="How many mutations.")
@click.option("--seed", default=1, show_default=True, help="The seed of all of them.")
@click.option("--only", type=int, help="Try this one alone, in every way.")
@click.option(
    "--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Processes that share the work."
)
def run(count: int, seed: int, only: int | None, jobs: int) -> None:
    """Mutate the tables; nothing may be read as something else, and nothing may end in a traceback."""
    begun = time.monotonic()
    if only is not None:
        trials = tried(seed, [only], everything=True)
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            shares = [range(first, count, jobs) for first in range(jobs)]
            shared = pool.map(tried, [seed] * jobs, shares)
            trials = sorted((trial for share in shared for trial in share), key=lambda trial: trial.number)
    for trial in trials:
        if trial.faults or only is not None:
            print(f"{trial.number} {trial.kind}, {trial.table}.csv: {trial.outcome}")
            print(*(f"    {line}" for line in (*trial.faults, *trial.said[:3])), sep="\n")
            print(f'    again: make soak ARGS="bad-data --seed {seed} --only {trial.number}"')
    print(report(trials, seed, time.monotonic() - begun))
    if any(trial.faults for trial in trials):
        sys.exit(1)


def tried(seed: int, numbers: Iterable[int], everything: bool = False) -> list[Trial]:
    """Try mutations, drawn from a seed by their numbers, on a copy of the tables.

    Parameters
    ----------
    seed, numbers : int, iterable of int
        Which ones.
    everything : bool
        Give each to the commands, in this process and in others, whatever its number.
    """
    with tempfile.TemporaryDirectory(prefix="tradeviz-soak-") as scratch:
        bench = workbench(Path(scratch))
        return [
            bench.tried(
                seed,
                number,
                commands=everything or number % COMMANDS_EVERY == 0,
                processes=everything or number % PROCESSES_EVERY == 0,
            )
            for number in numbers
        ]


def workbench(scratch: Path) -> oracle.Bench:
    """A copy of the tables to be broken, and a site that no build of broken tables may touch."""
    folder = Path(shutil.copytree(data_dir(), scratch / "data"))
    site = scratch / "site"
    oracle.make_site(site)
    filled = [sheet for sheet in sheets(folder, list(MODELS)) if sheet.rows]
    return oracle.Bench(folder, filled, read_all(folder)[0], site)


def report(trials: list[Trial], seed: int, seconds: float) -> str:
    """The figures of a run, as a few lines of text."""
    outcomes = Counter(trial.outcome for trial in trials)
    kinds = len({trial.kind for trial in trials})
    by_outcome = ", ".join(f"{n} {outcome}" for outcome, n in sorted(outcomes.items()))
    return (
        f"tradeviz {tradeviz.__version__}, seed {seed}: {len(trials)} mutations of {kinds} kinds"
        f" in {seconds:.0f} s: {by_outcome}; {sum(bool(trial.faults) for trial in trials)} at fault"
    )
