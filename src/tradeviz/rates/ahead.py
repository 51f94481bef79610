"""What may come: changes of rates that are ordered, threatened or agreed, with what each would weigh."""

from __future__ import annotations

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import once_per_dataset, with_days
from tradeviz.rates.at_stake import at_stake, ranked
from tradeviz.rates.measures import cliffs
from tradeviz.rates.proposals import proposals

SCHEDULED, THREATENED, AGREED = "scheduled", "threatened", "agreed"
_PROPOSED = {"threat": THREATENED, "deal": AGREED}
_COLUMNS = ["partner", "kind", "layer", "product", "effective", "rate_pct", "basis", "order_id", "announced"]


@once_per_dataset
def ahead(ds: Dataset, partner: str | None = None) -> pd.DataFrame:
    """The changes of rates that lie ahead, of every kind, weighed and ranked.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str, optional
        Partner code; every partner when not given.

    Returns
    -------
    pandas.DataFrame
        First what moves an effective rate most, as `ranked` has it: partner (code), kind (scheduled by
        an order, threatened, agreed but not ordered), layer, product, effective (day, or NaT where none
        was named), rate_pct (percent), basis, order_id, announced (day), and the columns of `at_stake`. What
        was said to all partners is a row of each of them.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> rows = rates.ahead(ds, "KOR")
    >>> rows[["kind", "layer", "effective", "rate_pct"]].head(1)
            kind       layer  effective  rate_pct
    0  scheduled  reciprocal 2025-07-09      25.0
    """
    codes = list(ds.partners["partner"]) if partner is None else [partner]
    found = [cliffs(ds, partner).assign(kind=SCHEDULED)]
    for force, kind in _PROPOSED.items():
        for code in codes:
            said = proposals(ds, force, code)
            found.append(said[said["alive"]].assign(partner=code, kind=kind))
    parts = [part[_COLUMNS] for part in found if len(part)] or [found[0][_COLUMNS]]
    rows = pd.concat(parts, ignore_index=True)
    return ranked(at_stake(ds, with_days(rows, ["effective", "announced"])))
