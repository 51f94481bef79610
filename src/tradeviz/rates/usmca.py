"""What USMCA relieves of a rate: a fact of the layer and of the order that granted it, not of a partner."""

from __future__ import annotations

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.vocabulary import USMCA_CONTENT, USMCA_EXEMPT


def usmca_words(ds: Dataset, rows: pd.DataFrame) -> list[str]:
    """What stands beside rates because of USMCA, as the orders known at `ds.as_of` have it.

    Parameters
    ----------
    ds : Dataset
        The data set of a day.
    rows : pandas.DataFrame
        Rates, with partner, layer and product, such as `in_force` gives.

    Returns
    -------
    list of str
        For each row `vocabulary.USMCA_EXEMPT`, `vocabulary.USMCA_CONTENT` where goods under USMCA
        pay in part, or "" where no order relieves them (table assumptions).

    Examples
    --------
    >>> import tradeviz
    >>> ds = tradeviz.load("2025-04-25")
    >>> rows = rates.in_force(ds, partner="CAN")
    >>> dict(zip(rows["layer"], rates.usmca_words(ds, rows)))["fentanyl"]
    'goods under USMCA exempt'
    """
    terms = ds.assumptions
    terms = terms[(terms["usmca_relief"] > 0) & ~(terms["effective"] > ds.as_of)]
    relief = terms.groupby(["partner", "layer", "product"])["usmca_relief"].min()
    found = [relief.get((row["partner"], row["layer"], row["product"]), 0.0) for row in records(rows)]
    return [USMCA_EXEMPT if share == 1 else USMCA_CONTENT if share else "" for share in found]


def usmca_by_layer(ds: Dataset, schedules: pd.DataFrame) -> dict[str, str]:
    """What stands beside all rates of a layer because of USMCA, by layer; layers without are left out.

    Parameters
    ----------
    ds : Dataset
        The data set of a day.
    schedules : pandas.DataFrame
        Steps of one partner, from `schedules`.

    Examples
    --------
    >>> rates.usmca_by_layer(ds, rates.schedules(ds, "CAN", "fentanyl"))
    {'fentanyl': 'goods under USMCA exempt'}
    """
    charged = schedules[schedules["rate_pct"] != 0]
    words = pd.Series(usmca_words(ds, charged), index=charged.index, dtype="str")
    found = {str(layer): set(texts) for layer, texts in words.groupby(charged["layer"])}
    return {layer: texts.pop() for layer, texts in found.items() if len(texts) == 1 and texts != {""}}
