"""What is taken away: a sheet for each table, each exhibit of the pages and each panel of rates by day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.api.types import is_object_dtype

from tradeviz import rates
from tradeviz.columns import Column, describe, sentences
from tradeviz.data import Dataset, split_list
from tradeviz.data.models import MODELS
from tradeviz.data.models_effective import EFFECTIVE_TABLES
from tradeviz.data.places import table_meanings
from tradeviz.export.pages import PageExhibit, gather_exhibits
from tradeviz.rates.panels import KNOWN
from tradeviz.stamp import titled
from tradeviz.vocabulary import TABLE_NAMES
from tradeviz.wording import capital

LONGEST_NAME = 31
"""Longest name of a sheet that Excel admits, in characters."""

_Measure = Callable[..., pd.DataFrame]
_MEASURES: tuple[tuple[str, str, str, _Measure], ...] = (
    ("headline", "Statutory headline rate", "tradeviz table tariffs", rates.headline_panel),
    (
        "effective",
        "Effective rate",
        "tradeviz tables tariffs, import_groups and group_terms; our calculation",
        rates.effective_panel,
    ),
)


@dataclass(frozen=True)
class Sheet:
    """A frame with what a reader needs to use it alone.

    Attributes
    ----------
    name : str
        Short name, at most 31 characters; names the sheet, the table or the file.
    title, unit, source : str
        What it shows, in which units, from which tables.
    frame : pandas.DataFrame
        The data. Texts, numbers, whole numbers, truth values and days; nothing else.
    columns : tuple of Column
        Title, description and unit of each column.
    """

    name: str
    title: str
    unit: str
    source: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]


def all_sheets(ds: Dataset, notebooks: Path, data: Path | None = None) -> list[Sheet]:
    """Everything that is taken away: tables, panels, exhibits; see there for parameters and errors."""
    return [*table_sheets(ds), *panel_sheets(ds), *exhibit_sheets(ds, gather_exhibits(ds, notebooks, data))]


def table_sheets(ds: Dataset, weights: bool | None = None) -> list[Sheet]:
    """One sheet for each table, as cut at `ds.as_of`.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    weights : bool, optional
        With the tables of weights, which were made in hindsight; when not given, on the last covered day
        and later.

    Returns
    -------
    list of Sheet
        In the order of the tables; columns of hindsight are left out, as `load` leaves them out. Sources are
        those that these tables cite.
    """
    sheets, meanings = [], table_meanings()
    with_weights = ds.as_of >= ds.coverage_end if weights is None else weights
    hindsight: set[str] = set() if with_weights else set(EFFECTIVE_TABLES)
    tables = {field.name: getattr(ds, field.name) for field in fields(ds) if field.name in MODELS}
    tables = {name: frame for name, frame in tables.items() if name not in hindsight}
    cells = [cell for frame in tables.values() for cell in frame.get("source_ids", ())]
    cited = {source for cell in cells for source in split_list(cell)}
    tables["sources"] = ds.sources[ds.sources["source_id"].isin(cited)].reset_index(drop=True)
    for name, frame in tables.items():
        title = capital(TABLE_NAMES.get(name, name.replace("_", " ")))
        about = meanings[name].splitlines()[0].rstrip(".").replace("`", "")
        source = f"tradeviz table {name}, each row with its sources"
        sheets.append(sheet_of(name, f"{title}: {about}", "", source, frame, name))
    return sheets


def panel_sheets(ds: Dataset) -> list[Sheet]:
    """The rates on each partner by day, as panels for a regression: statutory headline and effective.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    list of Sheet
        A row per partner and day, from 20 January 2025 to `ds.as_of`: headline and effective rate, each
        as known on the as-of day ("now") and as it was known on each day itself ("then").
    """
    return [
        _panel(ds, name, title, source, measure, known)
        for name, title, source, measure in _MEASURES
        for known in KNOWN
    ]


def _panel(ds: Dataset, name: str, title: str, source: str, measure: _Measure, known: str) -> Sheet:
    wide = measure(ds, min(rates.FIRST_DAY, ds.as_of), ds.as_of, known=known)
    value = f"{name}_pct"
    frame = wide.rename_axis(index="day").reset_index().melt("day", var_name="partner", value_name=value)
    when = "the as-of day" if known == "now" else "each day itself"
    title = f"{title} as known on {when}, by partner and day"
    return sheet_of(f"panel-{name}-{known}", title, "", source, frame[["partner", "day", value]])


def exhibit_sheets(ds: Dataset, shown_on_pages: Sequence[PageExhibit]) -> list[Sheet]:
    """One sheet for each exhibit of the pages.

    Parameters
    ----------
    ds : Dataset
        The data set that they come from.
    shown_on_pages : sequence of PageExhibit
        From `gather_exhibits`.

    Returns
    -------
    list of Sheet
        In the order of the pages. What pages for one partner show stands together for all partners, with
        their codes in the column partner. What has no row is left out.
    """
    together: dict[tuple[str, str], list[PageExhibit]] = {}
    for page_exhibit in shown_on_pages:
        if len(page_exhibit.shown.frame):
            together.setdefault((page_exhibit.notebook, page_exhibit.shown.name), []).append(page_exhibit)
    sheets: dict[str, Sheet] = {}
    for (notebook, exhibit), parts in together.items():
        first = parts[0]
        name = _unique(f"{notebook}-{exhibit}", sheets)
        frame = pd.concat([_of_partner(part) for part in parts], ignore_index=True)
        title = first.shown.title.replace(
            ds.names.get(first.partner, first.shown.title + "?"), "each partner"
        )
        sheets[name] = sheet_of(name, title, first.shown.subtitle, first.shown.source, frame)
    return list(sheets.values())


def _of_partner(part: PageExhibit) -> pd.DataFrame:
    frame = part.shown.frame
    if not part.partner or "partner" in frame:
        return frame
    return frame.assign(partner=part.partner)[["partner", *frame.columns]]


def sheet_of(
    name: str, title: str, subtitle: str, source: str, frame: pd.DataFrame, table: str = ""
) -> Sheet:
    """Give a frame what a reader needs to use it alone: its units, and what its columns mean.

    Parameters
    ----------
    name, title, subtitle, source : str
        As in `Sheet`; the units of the columns are added to the subtitle.
    frame : pandas.DataFrame
        The data.
    table : str
        The source table that it is; "" for a frame that was derived.
    """
    columns = tuple(describe(str(column), table) for column in frame.columns)
    units = "; ".join(dict.fromkeys(column.unit for column in columns if column.unit))
    unit = sentences(subtitle, f"Units: {units}" if units else "")
    return Sheet(name, title, unit, source, _plain(frame), columns)


def stamped(sheet: Sheet, scenario: str) -> Sheet:
    """The sheet of a scenario with its name in title and last column; that of the record as it is."""
    if not scenario:
        return sheet
    return replace(
        sheet,
        title=titled(sheet.title, scenario),
        frame=sheet.frame.assign(page_scenario=scenario),
        columns=(*sheet.columns, describe("page_scenario")),
    )


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Give columns of Python objects the type of what is in them."""
    frame = frame.reset_index(drop=True)
    for name in frame.columns[[is_object_dtype(kind) for kind in frame.dtypes]]:
        values = frame[name].infer_objects()
        if is_object_dtype(values):
            values = values.fillna("").astype("str")
        frame = frame.assign(**{name: values})
    return frame


def _unique(name: str, taken: Mapping[str, Any]) -> str:
    short, n = name[:LONGEST_NAME], 2
    while short in taken:
        short, n = f"{name[: LONGEST_NAME - 2]}-{n}", n + 1
    return short
