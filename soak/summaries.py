"""Every fact of the summaries of random days, against plain code that reads the CSV files."""

from __future__ import annotations

import sys
import time

import click

from soak.truth import days_option, random_days, seed_option
from tests.oracle.recomputed.summaries import SUMMARIES, differences


@click.command()
@days_option
@seed_option
def run(days: int, seed: int) -> None:
    """Compute the facts of every summary as of random days again, and compare."""
    import tradeviz
    from tradeviz import summaries

    chosen = random_days(days, seed)
    print(f"seed {seed}, {days} days: {', '.join(chosen)}", flush=True)
    begun, wrong = time.monotonic(), 0
    for day in chosen:
        ds = tradeviz.load(day)
        pairs = {name: (getattr(summaries, name)(ds), again(day)) for name, again in SUMMARIES.items()}
        for name, (facts, expected) in pairs.items():
            found = differences(facts, expected, day)
            if found:
                wrong += 1
                print(f"{day} {name}: {found}\n  {facts.text}", flush=True)
    print(f"{days * len(pairs)} summaries computed again in {time.monotonic() - begun:.0f} s: ", end="")
    print(f"{wrong or 'none'} differ")
    if wrong:
        sys.exit(1)
