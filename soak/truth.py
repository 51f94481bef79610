"""No look-ahead on any page: all pages of random days, searched for what was announced later."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from soak.search import files, leaks
from soak.tables import last_day

FIRST_DAY = date(2025, 1, 21)
"""The day after the first fact in the tables."""


def run(
    days: Annotated[int, typer.Option(help="How many as-of dates.")] = 20,
    seed: Annotated[int, typer.Option(help="The seed from which they are drawn.")] = 1,
) -> None:
    """Build every page as of random days and search all files for anything announced later."""
    chosen = random_days(days, seed)
    print(f"seed {seed}, {days} days: {', '.join(chosen)}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tradeviz-truth-") as place:
        site = Path(place) / "site"
        build(site, chosen)
        built = time.monotonic() - begun
        found = {day: leaks(folder, day) for day, folder in folders(site, chosen).items()}
        n = sum(len(files(folder)) for folder in folders(site, chosen).values())
        pages = sum(len(list(folder.glob("*.html"))) for folder in folders(site, chosen).values())
    for day, what in found.items():
        print(f"{day}: {len(what)} finds")
        for one, times in Counter(what).most_common():
            print(f"  {one}" + (f" ({times} times)" if times > 1 else ""))
    total = sum(map(len, found.values()))
    seconds = time.monotonic() - begun - built
    print(f"{pages} pages and {n - pages} other files of {days} days, built in {built:.0f} s,")
    print(f"searched in {seconds:.0f} s: {total or 'no'} facts that were announced later")
    if total:
        raise typer.Exit(1)


def random_days(count: int, seed: int) -> list[str]:
    """Draw different days from the first fact to the last but one day covered, as ISO text, in order."""
    span = (date.fromisoformat(last_day()) - FIRST_DAY).days
    drawn = random.Random(seed).sample(range(span), count)
    return [(FIRST_DAY + timedelta(days=n)).isoformat() for n in sorted(drawn)]


def build(site: Path, days: Sequence[str], *words: str) -> None:
    """Run `tradeviz build` for some days, as a batch job would.

    Raises
    ------
    typer.Exit
        If the build does not succeed; its messages are printed.
    """
    command = [sys.executable, "-m", "tradeviz", "build", "--out", str(site), *words]
    for day in days:
        command += ["--as-of", day]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr)
        raise typer.Exit(1)


def folders(site: Path, days: Sequence[str]) -> dict[str, Path]:
    """Where each day of a build stands: the newest is the root of the site."""
    return {day: site if day == max(days) else site / day for day in days}
