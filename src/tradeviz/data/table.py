"""What models of tables share: settings, and the columns that stand last in many tables."""

from __future__ import annotations

import inspect

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from tradeviz.data import fields as f

SOURCES = "sources.source_id"
"""What lists of sources refer to."""


class Table(pa.DataFrameModel):
    """The base of every model; a model's docstring says what a row of its table is."""

    class Config:
        """Pandera's settings: exactly these columns, in this order."""

        strict = True
        ordered = True


class Recorded(Table):
    """A table with the third clock of a fact, beside the day it became known and the day it applies."""

    recorded: Series[pd.Timestamp] = f.day("the day on which the row entered the record")


class Sourced(Recorded):
    """A table whose rows name their documents."""

    source_ids: Series[str] = f.list_of("documents", SOURCES)


class WithHindsight(Sourced):
    """A table of facts of which something may have become later."""

    hindsight: Series[str] = f.text(
        "what became of it later; no page prints it and load() leaves it out", required=False
    )


def schema_of(model: type[Table]) -> pa.DataFrameSchema:
    """Give the schema of a model: its own columns first, then those of what it builds on, as in its file."""
    schema = model.to_schema()
    names = [name for kind in model.__mro__ for name in inspect.get_annotations(kind)]
    schema.columns = {name: schema.columns[name] for name in names if name in schema.columns}
    return schema
