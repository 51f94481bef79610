"""How soon the explorer shows another day, beside a script that loads the tables and draws one chart.

`python explorer.py AS_OF DAYS PARTNER` prints the seconds of the script, and those of the explorer for each
of its charts, as JSON: medians over so many days before AS_OF.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd

from tradeviz import explore

SCRIPT = "script"
_SHOWS = """
import sys, tradeviz, tradeviz.exhibits
tradeviz.exhibits.staircase(tradeviz.load(sys.argv[1]), sys.argv[2])
"""


def median(days: list[str], show: Callable[[str], object]) -> float:
    """Seconds in the middle of those that it takes to show each of some days."""
    spent = []
    for day in days:
        begun = time.perf_counter()
        show(day)
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def main(as_of: str, many: str, partner: str) -> None:
    """Measure the script and all charts, and print them."""

    def run_script(day: str) -> None:
        subprocess.run([sys.executable, "-c", _SHOWS, day, partner], check=True)

    def move(day: str) -> None:
        app.as_of.value = pd.Timestamp(day)

    days = [str(date.fromisoformat(as_of) - timedelta(days=back)) for back in range(1, int(many) + 1)]
    spent = {SCRIPT: median(days, run_script)}
    app = explore.explorer(partner, as_of)
    for chart in explore.CHARTS:
        app.chart.value = chart
        move(as_of)
        spent[chart] = median(days, move)
    print(json.dumps(spent))


if __name__ == "__main__":
    main(*sys.argv[1:])
