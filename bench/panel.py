"""How long the panel of effective rates takes, against asking for each day by itself.

`python panel.py` prints processor seconds: of `rates.effective_panel` over all days of the record, as
known now and as known then, and of a loop over days that calls `rates.effective`. Of the loop a few days
are timed and the rest is reckoned from them.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pandas as pd

import tradeviz
from tradeviz import rates

FIRST = "2025-01-20"
LOOPED = 12
"""Days of the loop that are timed."""


def seconds(call: Callable[[], object]) -> float:
    """Processor seconds of a call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def main() -> None:
    """Print the seconds of the three ways."""
    ds = tradeviz.load()
    days = pd.date_range(FIRST, ds.as_of)
    sample = days[:: max(1, len(days) // LOOPED)]
    print(f"{len(days)} days x {len(ds.partners)} partners, processor seconds")
    for known in ("now", "then"):
        took = seconds(lambda known=known: rates.effective_panel(ds, days[0], days[-1], known))
        print(f"panel, known {known}: {took:.1f}")
    now = seconds(lambda: [rates.effective(ds, on=day) for day in sample])
    then = seconds(lambda: [rates.effective(tradeviz.load(day)) for day in sample])
    for name, took in (("now", now), ("then", then)):
        print(f"day by day, known {name}: {took * len(days) / len(sample):.1f} ({len(sample)} days timed)")


if __name__ == "__main__":
    main()
