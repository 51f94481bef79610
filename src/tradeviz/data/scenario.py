"""Scenarios: orders that were never given, as rows of a file or frame, held to the rules of tariffs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tradeviz.data.cells import identifier_flaw
from tradeviz.data.checks import problems_across
from tradeviz.data.problems import Problem
from tradeviz.data.reading import TextTable, header_of, read_table
from tradeviz.data.validation import TypedTable, at_each, hold, schema
from tradeviz.errors import ScenarioError, UsageError
from tradeviz.frames import iso_days
from tradeviz.vocabulary import GENERAL, SECTOR_LAYERS, UNITED_STATES, WORLD

if TYPE_CHECKING:
    from tradeviz.data.dataset import Dataset

NEEDED: tuple[str, ...] = ("partner", "layer", "effective", "rate_pct")
"""Columns that a scenario must have."""

OPTIONAL: tuple[str, ...] = ("product", "basis", "force", "announced", "order_id")
"""Columns that it may have; what is blank or missing is filled in."""

TRACK = "scenario"
"""Track of a partner that only a scenario knows: neither one of the 18 nor a border partner."""


@dataclass(frozen=True)
class _ScenarioText(TextTable):
    """Cells with the columns of tariffs, and the name of the file that they come from."""

    source: str = ""

    @property
    def file(self) -> str:
        return self.source


def read_scenario(path: Path, ds: Dataset) -> Dataset:
    """Add the orders of a file to a data set; the scenario takes the file's name.

    Parameters
    ----------
    path : Path
        A CSV file with the columns of `with_orders`.
    ds : Dataset
        The facts that the orders are added to.

    Returns
    -------
    Dataset
        Marked as the scenario.

    Raises
    ------
    UsageError
        If the name of the file cannot be an order's identifier.
    ScenarioError
        If the file breaks the rules; each problem names file, line and column.
    """
    if path.suffix != ".csv":
        raise UsageError(f'the scenario "{path}" is no CSV file; name it like australia-20.csv')
    known_name(path.stem)
    header, problems = header_of(path)
    problems = problems or _unknown_columns(path.name, header)
    if not problems:
        text, problems = read_table(path.parent, path.stem, header, may_be_empty=True)
    if problems:
        raise ScenarioError(problems)
    return add_orders(ds, text.frame, text.lines, path.name, path.stem)


def with_orders(ds: Dataset, frame: pd.DataFrame, scenario: str) -> Dataset:
    """Add the orders of a frame to a data set; see `Dataset.with_orders`."""
    cells = iso_days(frame).reset_index(drop=True)
    cells = cells.astype("object").where(cells.notna(), "").astype("str")
    problems = _unknown_columns("frame", list(cells.columns))
    if problems:
        raise ScenarioError(problems)
    return add_orders(ds, cells, list(range(1, len(cells) + 1)), "frame", known_name(scenario))


def without_order(ds: Dataset, order_id: str) -> Dataset:
    """Take an order out of a data set; see `Dataset.without_order`."""
    rows = ds.tariffs["order_id"] == order_id
    if not rows.any():
        raise UsageError(
            f'order "{order_id}" is not on record by {ds.as_of:%Y-%m-%d}; rates.orders lists them'
        )
    tariffs = ds.tariffs[~rows].reset_index(drop=True)
    return replace(ds, tariffs=tariffs, scenario=_named(ds, f"without {order_id}"))


def on_record(ds: Dataset, code: str) -> bool:
    """Whether the record has a partner, and not a scenario alone."""
    return bool(ds.partner(code)["track"] != TRACK)


def supposed(ds: Dataset) -> pd.DataFrame:
    """The rows of tariffs that a scenario added: every row of the record has a source, and they have none."""
    return ds.tariffs[ds.tariffs["source_ids"] == ""]


def known_name(scenario: str) -> str:
    """Return the name of a scenario, or say why an order cannot bear it."""
    pattern = schema("tariffs").columns["order_id"].checks[0]
    if identifier_flaw(scenario) or not pattern(pd.Series([scenario])).check_passed:
        raise UsageError(
            f'scenario "{scenario}" is no identifier; use lower-case letters, digits and hyphens'
        )
    return scenario


def add_orders(ds: Dataset, cells: pd.DataFrame, lines: list[int], file: str, scenario: str) -> Dataset:
    """Add rows of text to the tariffs, every cell held to the model and the rules of tariffs."""
    today = f"{ds.as_of:%Y-%m-%d}"
    defaults = {"basis": "additional", "force": "order", "announced": today, "order_id": scenario}
    columns = list(schema("tariffs").columns)
    filled = cells.assign(**{name: "" for name in columns if name not in cells})[columns]
    for name, value in defaults.items():
        filled[name] = filled[name].where(filled[name] != "", value)
    # the model asks for these in every sourced row; sources are blanked again below
    filled = filled.assign(
        instrument=f"scenario {scenario}", source_ids=scenario, confidence="single", recorded=today
    )
    text = _ScenarioText("tariffs", filled.astype("str"), lines, file)
    table, problems = hold(text)
    problems = problems or [*problems_across({"tariffs": table}), *_beyond(table, ds)]
    if problems:
        raise ScenarioError(problems)
    rows = table.frame.assign(source_ids="", confidence="confirmed")
    rows = rows[list(ds.tariffs.columns)].astype(ds.tariffs.dtypes.to_dict())
    rows = _by_product(rows, ds)
    tariffs = pd.concat([ds.tariffs, rows], ignore_index=True) if len(rows) else ds.tariffs
    return replace(ds, tariffs=tariffs, partners=_partners(ds, rows), scenario=_named(ds, scenario))


def _by_product(rows: pd.DataFrame, ds: Dataset) -> pd.DataFrame:
    """Let an order on a whole Section 232 layer set each product of it that has a rate of its own.

    Else the layer would have one rate for all of its goods beside others for each of them. A row of the
    scenario that names a product stands.
    """
    ordered = ds.tariffs[(ds.tariffs["force"] == "order") & ds.tariffs["layer"].isin(SECTOR_LAYERS)]
    products = ordered.loc[ordered["product"] != "", ["layer", "product"]].drop_duplicates()
    whole = rows[(rows["force"] == "order") & (rows["product"] == "")]
    each = whole.drop(columns="product").merge(products, on="layer")[list(rows.columns)]
    others = rows.drop(whole.index[whole["layer"].isin(products["layer"])])
    key = ["order_id", "partner", "layer", "product", "effective"]
    return pd.concat([others, each], ignore_index=True).drop_duplicates(key, ignore_index=True)


def _unknown_columns(file: str, header: list[str]) -> list[Problem]:
    may = f"a scenario has {', '.join(NEEDED)}, and may have {', '.join(OPTIONAL)}"
    wrong = {
        f"the column is missing; {may}": [name for name in NEEDED if name not in header],
        f"is no column of a scenario; {may}": [name for name in header if name not in NEEDED + OPTIONAL],
        "stands twice": [name for name in dict.fromkeys(header) if header.count(name) > 1],
    }
    return [Problem(file, 1, name, what) for what, names in wrong.items() for name in names]


def _beyond(table: TypedTable, ds: Dataset) -> Iterator[Problem]:
    """Rows that nobody could know of on the day, orders that the record has, and what is no partner."""
    frame, no_partner = table.frame, [UNITED_STATES, WORLD]
    later = f"lies after the as-of day {ds.as_of:%Y-%m-%d}; nobody could know of the order"
    taken = "is an order of the record; give the scenario's a name of its own"
    return at_each(
        table,
        (frame["announced"] > ds.as_of, "announced", later),
        (frame["order_id"].isin(ds.tariffs["order_id"]), "order_id", taken),
        (frame["partner"].isin(no_partner), "partner", "is no partner"),
    )


def _partners(ds: Dataset, rows: pd.DataFrame) -> pd.DataFrame:
    """The partners, with a row for each that only the scenario knows."""
    new = [code for code in dict.fromkeys(rows["partner"]) if code not in (*ds.names, GENERAL)]
    if not new:
        return ds.partners
    cells = {"partner": new, "name": new, "track": TRACK}
    numbers = set(ds.partners.select_dtypes("number").columns)
    blank = {name: float("nan") if name in numbers else "" for name in ds.partners.columns}
    added = pd.DataFrame({**blank, **cells}, index=range(len(new))).astype(ds.partners.dtypes.to_dict())
    return pd.concat([ds.partners, added], ignore_index=True)


def _named(ds: Dataset, scenario: str) -> str:
    return f"{ds.scenario}; {scenario}" if ds.scenario else scenario
