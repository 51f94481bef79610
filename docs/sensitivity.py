"""Print the table of sensitivity of docs/methods.md: how far the effective rate moves with an assumption.

Run `python docs/sensitivity.py`, or with an as-of day behind it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

import tradeviz
from tradeviz import rates
from tradeviz.data import Dataset


def metal_content(ds: Dataset, share: float) -> Dataset:
    """Every good with metal content counts by this share of its value."""
    content = dict.fromkeys(("metal_content_share", "copper_content_share"), share)
    return replace(ds, import_groups=ds.import_groups.assign(**content))


def liable(ds: Dataset, layer: str, product: str, share: float) -> Dataset:
    """What the layer and product list pays on this share of its value."""
    rows = (ds.assumptions["layer"] == layer) & (ds.assumptions["product"] == product)
    return replace(
        ds, assumptions=ds.assumptions.assign(liable_share=ds.assumptions["liable_share"].mask(rows, share))
    )


def car_content(ds: Dataset, share: float) -> Dataset:
    """Cars and trucks under USMCA have this share of U.S. content."""
    rows = ds.assumptions["usmca_relief"].between(0.01, 0.99)
    return replace(
        ds, assumptions=ds.assumptions.assign(usmca_relief=ds.assumptions["usmca_relief"].mask(rows, share))
    )


def usmca_share(ds: Dataset, factor: float) -> Dataset:
    """The share entered under USMCA, times a factor."""
    shares = (ds.preference_shares["usmca_share"] * factor).clip(upper=1)
    return replace(ds, preference_shares=ds.preference_shares.assign(usmca_share=shares))


CHANGES: list[tuple[str, str, Callable[[Dataset], Dataset]]] = [
    ("metal content: all of the value", "2025-11-20", lambda ds: metal_content(ds, 1.0)),
    ("metal content: half of the value", "2025-11-20", lambda ds: metal_content(ds, 0.5)),
    ("medicines: all liable", "", lambda ds: liable(ds, "s232_pharma", "other companies", 1.0)),
    ("medicines: none liable", "", lambda ds: liable(ds, "s232_pharma", "other companies", 0.0)),
    ("chips: all listed lines pay", "", lambda ds: liable(ds, "s232_semiconductors", "", 1.0)),
    ("U.S. content of USMCA cars: none", "", lambda ds: car_content(ds, 0.0)),
    ("U.S. content of USMCA cars: all", "", lambda ds: car_content(ds, 1.0)),
    ("USMCA claims: a tenth more", "", lambda ds: usmca_share(ds, 1.1)),
]


def main(as_of: str) -> None:
    """Print a Markdown table: the change in points for the 18 and for the partners that move most."""
    print("| assumption changed to | known at | the 18 | largest moves |\n| --- | --- | --- | --- |")
    for words, day, change in CHANGES:
        ds = tradeviz.load(day or as_of)
        before, after = (
            rates.effective(one).set_index("partner")["effective_pct"] for one in (ds, change(ds))
        )
        moved = after - before
        means = [rates.average(one, ds.reciprocal)["effective_pct"].iloc[0] for one in (ds, change(ds))]
        largest = moved.loc[moved.abs().nlargest(3).index]
        named = ", ".join(f"{ds.name(str(code))} {points:+.1f}" for code, points in largest.items())
        print(f"| {words} | {pd.Timestamp(ds.as_of):%Y-%m-%d} | {means[1] - means[0]:+.1f} | {named} |")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
