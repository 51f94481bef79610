"""Every number of the summaries of random days, accounted for by plain code from the CSV files."""

from __future__ import annotations

import time

import typer

from soak.truth import Days, Seed, random_days
from tests.oracle.recomputed.summaries import SUMMARIES, account, partner
from tests.oracle.tables import partners


def run(
    days: Days = 20,
    seed: Seed = 1,
) -> None:
    """Compute the lead of every page as of random days again, and compare."""
    import tradeviz
    from tradeviz import summaries

    chosen = random_days(days, seed)
    print(f"seed {seed}, {days} days: {', '.join(chosen)}", flush=True)
    begun, wrong, told = time.monotonic(), 0, 0
    for day in chosen:
        ds = tradeviz.load(day)
        texts = {
            name: (getattr(summaries, name)(ds), fragments(day)) for name, fragments in SUMMARIES.items()
        }
        texts |= {code: (summaries.partner(ds, code), partner(code, day)) for code in partners()}
        for name, (text, fragments) in texts.items():
            missing, left = account(text, fragments)
            told += len(fragments)
            if missing or left:
                wrong += 1
                print(f"{day} {name}: lacks {missing}, has {left} besides\n  {text}", flush=True)
    print(
        f"{days * (len(SUMMARIES) + len(partners()))} summaries with {told:,} fragments computed again in ",
        end="",
    )
    print(f"{time.monotonic() - begun:.0f} s: {wrong or 'none'} differ")
    if wrong:
        raise typer.Exit(1)
