"""The command that sets two days of knowledge side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tradeviz.cli import options
from tradeviz.cli.common import app, known
from tradeviz.terminal import Format, print_frame

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ["partner", "kind", "layer", "product", "effective", "until", "from", "to", "points", "text"]
_COLUMNS += ["from_rate_pct", "from_basis", "to_rate_pct", "to_basis", "touched_usd_bn", "share_of_partner"]
_COLUMNS += ["known", "table", "key"]


@app.command()
@click.argument("first", metavar="DAY", help="A day of knowledge, 2025-07-31.")
@click.argument("second", metavar="DAY", help="The day to set beside it, 2025-08-07.")
@options.partner
@options.format
@options.data
def compare(first: str, second: str, partner: str | None, form: Format, data: Path | None) -> None:
    """What two days of knowledge say differently: schedules, stages, issues, pledges, deadlines."""
    import pandas as pd

    from tradeviz import rates, tables, talks
    from tradeviz.data import load_tables
    from tradeviz.days import read_day

    end = load_tables(data).coverage_end
    days = [f"{read_day(text, 'DAY', end):%Y-%m-%d}" if text else "" for text in (first, second)]
    before, after = (known(day, data, partner) for day in days)
    steps = _in_words(rates.compare(before, after, partner))
    rows = talks.compare(before, after, partner).rename(columns={"date": "effective"})
    rows = rows.assign(layer="", product="")
    both = pd.concat([steps, rows], ignore_index=True)[_COLUMNS]
    text = both.select_dtypes(["object", "str"]).columns
    both = both.assign(**{name: both[name].fillna("") for name in text})
    title = f"Known on {before.as_of:%Y-%m-%d} and on {after.as_of:%Y-%m-%d}"
    short = ["partner", "kind", "layer", "effective", "from", "to", "points", "text"]
    print_frame(both, form, title, short, lambda: tables.compare_paper(before, after, both))


def _in_words(steps: pd.DataFrame) -> pd.DataFrame:
    """Steps in the columns that they share with the talks."""
    from tradeviz.wording import rate

    sides = {
        side: [rate(*pair) for pair in zip(steps[f"{side}_rate_pct"], steps[f"{side}_basis"], strict=True)]
        for side in ("from", "to")
    }
    instrument = steps["to_instrument"].where(steps["to_instrument"] != "", steps["from_instrument"])
    order = steps["to_order_id"].where(steps["to_order_id"] != "", steps["from_order_id"])
    return steps.assign(kind="step", text=instrument, table="tariffs", key=order, **sides)
