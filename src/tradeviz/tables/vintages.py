"""Tables of what was expected and what came: which orders moved most, and what was changed afterwards."""

from __future__ import annotations

import pandas as pd
from great_tables import GT

from tradeviz.data import Dataset, split_list
from tradeviz.frames import records
from tradeviz.tables.layout import Cite, cited, great_table
from tradeviz.vocabulary import layer_name
from tradeviz.wording import capital, count_days, day, listing, rate, signed


def surprises(ds: Dataset, rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """Rows of `rates.surprises`: who ordered what, how long before, and by how much it moved the rate."""
    several = rows_of["partner"].nunique() > 1
    return great_table(
        ({"Partner": ds.name(row["partner"])} if several else {})
        | {
            "Announced": day(row["announced"]),
            "Orders": listing(split_list(row["instruments"])),
            "In effect": f"{day(row['effective'])}, {_notice(row['days_ahead'])}",
            "Expected the evening before": f"{row['expected_pct']:.1f}%",
            "Set": f"{row['set_pct']:.1f}%",
            "Surprise": f"{signed(row['surprise_points'])} points",
        }
        | cited(row, cite)
        for row in records(rows_of)
    )


def retroactive(ds: Dataset, rows_of: pd.DataFrame) -> GT:
    """Rows of `rates.retroactive`: what was charged in days gone by, and what counted later."""
    several = rows_of["partner"].nunique() > 1
    return great_table(
        ({"Partner": ds.name(row["partner"])} if several else {})
        | {
            "Layer": capital(layer_name(row["layer"], row["product"])),
            "From": day(row["effective"]),
            "To the day before": day(row["until"]),
            "Charged at the time": rate(row["paid_rate_pct"], row["paid_basis"]),
            "Set afterwards": rate(row["set_rate_pct"], row["set_basis"]),
            "Points": signed(row["points"], 2),
            "By": f"{row['instrument']}, {day(row['announced'])}",
        }
        for row in records(rows_of)
    )


def _notice(days: int) -> str:
    if days == 0:
        return "the same day"
    return f"{count_days(-days)} back" if days < 0 else f"{count_days(days)} ahead"
