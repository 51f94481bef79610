"""The command that writes rates day by day."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeviz.cli.common import AsOfOption, DataOption, app, known
from tradeviz.cli.paths import keep_off_tables, read_path
from tradeviz.errors import UsageError
from tradeviz.terminal import told, write_for_machines

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
def panel(
    start: Annotated[str, typer.Option(help="First day, 2025-01-20.")],
    end: Annotated[str, typer.Option(help="Last day, 2026-09-30; else as-of.")] = "",
    measure: Annotated[
        Measure, typer.Option(help="The average duty on a partner's goods, or each schedule by itself.")
    ] = Measure.effective,
    knowledge: Annotated[
        Knowledge, typer.Option("--known", help="Each day as known at as-of, or as known on its own evening.")
    ] = Knowledge.now,
    partner: Annotated[str | None, typer.Option(help="Partner code, KOR; else all.")] = None,
    format: Annotated[  # noqa: A002
        PanelFormat, typer.Option("--format", help="csv; parquet or dta (Stata), which need --out.")
    ] = PanelFormat.csv,
    out: Annotated[
        Path | None,
        typer.Option(parser=read_path, metavar="FILE", help="File to write; else CSV goes to stdout."),
    ] = None,
    as_of: AsOfOption = "",
    data: DataOption = None,
) -> None:
    """Rates of every day between two, for a regression: one row per day and partner (and schedule)."""
    with told():
        from tradeviz.briefing.files import make_place, write
        from tradeviz.data import data_dir
        from tradeviz.days import read_day

        if out is None and format is not PanelFormat.csv:
            raise UsageError(f"format {format} is no text; name a file for it: --out panel.{format}")
        if out is not None:
            keep_off_tables(out, "--out", data_dir(data))
            make_place(out, "--out")
        ds = known(as_of, data, partner)
        days = (read_day(start, "--start"), read_day(end, "--end") if end else ds.as_of)
        rows = _rows(ds, days, measure, knowledge, partner)
        if out is None:
            write_for_machines(_csv(rows))
            return
        write(out, _file(ds, rows, measure, knowledge, format))
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
