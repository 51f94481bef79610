"""What the schedules said before an order, threat or agreed rate became known."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.rates.schedules import (
    SCHEDULE_COLUMNS,
    SeriesKey,
    Step,
    folded_steps,
    own_or_general,
    typed_frame,
)
from tradeviz.vocabulary import GENERAL


def rates_before(ds: Dataset, rows: pd.DataFrame) -> pd.DataFrame:
    """The rate that orders known the evening before had set for the first day of each row.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    rows : pandas.DataFrame
        Rows such as those of `ds.tariffs`: partner (a code or ALL), layer, product, announced (day),
        effective (day; NaT is the day announced).

    Returns
    -------
    pandas.DataFrame
        Aligned with the rows: from_rate_pct (percent), from_basis; NaN and "" where no order had set a rate.

    Examples
    --------
    >>> pause = ds.tariffs.query("order_id == 'eo-14266' and partner == 'KOR'")
    >>> rates.rates_before(ds, pause)["from_rate_pct"].tolist()
    [25.0, 25.0]
    """
    written: dict[SeriesKey, list[Step]] = defaultdict(list)
    for order in records(ds.tariffs.loc[ds.tariffs["force"] == "order", SCHEDULE_COLUMNS]):
        written[order["partner"], order["layer"], order["product"]].append(order)
    found: list[Step] = []
    for row in records(rows[["partner", "layer", "product", "announced", "effective"]]):
        own_steps, general = (
            folded_steps(
                order
                for order in written[code, row["layer"], row["product"]]
                if order["announced"] < row["announced"]
            )
            for code in (row["partner"], GENERAL)
        )
        day = row["announced"] if pd.isna(row["effective"]) else row["effective"]
        begun = [step for step in own_or_general(own_steps, general) if step["effective"] <= day]
        found.append({f"from_{name}": begun[-1][name] for name in ("rate_pct", "basis")} if begun else {})
    frame = typed_frame(found, ["from_rate_pct", "from_basis"])
    return frame.assign(from_basis=frame["from_basis"].fillna("")).set_index(rows.index)
