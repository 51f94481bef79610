"""What all models of tables share."""

from __future__ import annotations

import pandera.pandas as pa


class Table(pa.DataFrameModel):
    """The base of every model; a model's docstring says what a row of its table is."""

    class Config:
        """Pandera's settings: exactly these columns, in this order."""

        strict = True
        ordered = True
