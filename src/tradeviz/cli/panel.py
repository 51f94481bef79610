"""The command that writes rates day by day."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tradeviz.cli import options
from tradeviz.cli.common import app, known
from tradeviz.cli.paths import keep_off_tables
from tradeviz.errors import UsageError
from tradeviz.terminal import write_for_machines

if TYPE_CHECKING:
    import pandas as pd

    from tradeviz.data import Dataset


class Measure(StrEnum):
    """What is laid out by day."""

    effective = "effective"
    statutory = "statutory"


class Knowledge(StrEnum):
    """What each day knows."""

    now = "now"
    then = "then"


class PanelFormat(StrEnum):
    """How the panel is written."""

    csv = "csv"
    parquet = "parquet"
    dta = "dta"


@app.command()
@click.option("--start", required=True, help="First day, 2025-01-20.")
@click.option("--end", default="", help="Last day, 2026-09-30; else as-of.")
@options.choice(
    "--measure",
    default=Measure.effective,
    help="The average duty on a partner's goods, or each schedule by itself.",
)
@options.choice(
    "--known",
    "knowledge",
    default=Knowledge.now,
    help="Each day as known at as-of, or as known on its own evening.",
)
@options.partner
@options.choice(
    "--format", "form", default=PanelFormat.csv, help="csv; parquet or dta (Stata), which need --out."
)
@options.path("--out", metavar="FILE", help="File to write; else CSV goes to stdout.")
@options.as_of
@options.data
def panel(
    start: str,
    end: str,
    measure: Measure,
    knowledge: Knowledge,
    partner: str | None,
    form: PanelFormat,
    out: Path | None,
    as_of: str,
    data: Path | None,
) -> None:
    """Rates of every day between two, for a regression: one row per day and partner (and schedule)."""
    from tradeviz.briefing.files import make_place, write
    from tradeviz.data import data_dir
    from tradeviz.days import read_day

    if out is None and form is not PanelFormat.csv:
        raise UsageError(f"format {form} is no text; name a file for it: --out panel.{form}")
    if out is not None:
        keep_off_tables(out, "--out", data_dir(data))
        make_place(out, "--out")
    ds = known(as_of, data, partner)
    days = (read_day(start, "--start"), read_day(end, "--end") if end else ds.as_of)
    rows = _rows(ds, days, measure, knowledge, partner)
    if out is None:
        write_for_machines(_csv(rows))
        return
    write(out, _file(ds, rows, measure, knowledge, form))
    print(f"wrote {len(rows)} rows to {out}")


def _rows(
    ds: Dataset, days: tuple[pd.Timestamp, pd.Timestamp], measure: str, knowledge: str, partner: str | None
) -> pd.DataFrame:
    from tradeviz import rates

    if measure == Measure.statutory:
        return rates.panel(ds, *days, partner=partner, converted=True, known=knowledge)
    codes = list(ds.names) if partner is None else [ds.partner(partner)["partner"]]
    table = rates.effective_panel(ds, *days, known=knowledge)[codes]
    return table.reset_index().melt("date", var_name="partner", value_name="effective_pct")


def _csv(rows: pd.DataFrame) -> str:
    from tradeviz.frames import iso_days

    return iso_days(rows).to_csv(index=False, lineterminator="\n")


def _file(ds: Dataset, rows: pd.DataFrame, measure: str, knowledge: str, form: PanelFormat) -> str | bytes:
    if form is PanelFormat.csv:
        return _csv(rows)
    from tradeviz import export

    what = "Statutory schedules" if measure == Measure.statutory else "Effective rate"
    when = "on each day itself" if knowledge == Knowledge.then else f"on {ds.as_of:%Y-%m-%d}"
    source = "tradeviz table tariffs" + ("" if measure == Measure.statutory else "; our calculation")
    sheet = export.sheet_of(
        f"panel-{measure}-{knowledge}", f"{what} by day, as known {when}", "", source, rows
    )
    return next(iter(export.export_files(ds, [sheet], [form.value]).values()))
