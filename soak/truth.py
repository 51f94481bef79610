"""No look-ahead on any page: all pages of random days, searched for what was announced later."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from click.testing import CliRunner

from tests.oracle.search import files, leaks
from tests.oracle.tables import last_day
from tradeviz.cli import app

days_option = click.option("--days", default=20, show_default=True, help="How many as-of dates.")
seed_option = click.option("--seed", default=1, show_default=True, help="The seed from which they are drawn.")
FIRST_DAY = date(2025, 1, 21)
"""The day after the first fact in the tables."""


@click.command()
@days_option
@seed_option
@click.option("--files", "with_files", is_flag=True, help="Search the files to take away as well.")
def run(days: int, seed: int, with_files: bool) -> None:
    """Build every page as of random days and search all files for anything announced later."""
    chosen = random_days(days, seed)
    print(f"seed {seed}, {days} days: {', '.join(chosen)}", flush=True)
    begun, total, pages, others = time.monotonic(), 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="tradeviz-truth-") as scratch:
        for day in chosen:
            folder = Path(scratch) / day
            build(folder, [day], *(["--files"] if with_files else []))
            write_digests(folder, day)
            found = leaks(folder, day)
            n = len(list(folder.glob("*.html")))
            pages, others = pages + n, others + len(files(folder)) - n
            total += len(found)
            print(f"{day}: {n} pages, {len(found) or 'no'} finds", flush=True)
            for find in found:
                print(f"  {find}", flush=True)
            shutil.rmtree(folder)
    print(f"{pages} pages and {others} other files of {days} days, built and searched in ", end="")
    print(f"{(time.monotonic() - begun) / 60:.0f} minutes: {total or 'no'} facts that were announced later")
    if total:
        sys.exit(1)


def write_digests(folder: Path, day: str) -> None:
    """Write the digest of a month before a day into its folder, in each form, so that it is searched too."""
    since = f"{date.fromisoformat(day) - timedelta(days=30)}"
    sent = datetime.fromisoformat(f"{day}T00:00Z").timestamp()  # a mail bears the day on which it is made
    for form in ("html", "md", "eml"):
        words = ["digest", "--since", since, "--as-of", day, "--format", form]
        done = CliRunner(env={"SOURCE_DATE_EPOCH": f"{sent:.0f}"}).invoke(app, words)
        assert done.exit_code in (0, 10), done.output
        (folder / f"digest.{form}").write_bytes(done.stdout_bytes)


def random_days(count: int, seed: int) -> list[str]:
    """Draw different days from the first fact to the last but one day covered, as ISO text, in order."""
    span = (date.fromisoformat(last_day()) - FIRST_DAY).days
    drawn = random.Random(seed).sample(range(span), count)
    return [(FIRST_DAY + timedelta(days=n)).isoformat() for n in sorted(drawn)]


def build(site: Path, days: Sequence[str], *words: str) -> None:
    """Run `tradeviz build` for some days, as a batch job would.

    Raises
    ------
    SystemExit
        If the build does not succeed; its messages are printed.
    """
    command = [sys.executable, "-m", "tradeviz", "build", "--out", str(site), *words]
    for day in days:
        command += ["--as-of", day]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr)
        sys.exit(1)
