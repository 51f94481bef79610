"""What a partner sells, what of it each duty reaches, and what the duties come to."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.rates import effective_parts, in_force_at_stake


def sections(ds: Dataset, partner: str) -> pd.DataFrame:
    """What a partner sold to the United States in 2024, by section of goods, largest first.

    Returns
    -------
    pandas.DataFrame
        section, section_name, imports_2024_usd_bn (imports for consumption, billions of dollars),
        share_of_partner (0 to 1). Empty before the imports of 2024 were published.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> exposure.sections(ds, "KOR").loc[:1, ["section_name", "share_of_partner"]].round(2)
                 section_name  share_of_partner
    0  Cars, trucks and buses              0.29
    1               Machinery              0.12
    """
    rows = ds.import_sections[ds.import_sections["partner"] == ds.partner(partner)["partner"]]
    rows = rows.sort_values("imports_2024_usd_mn", ascending=False, kind="stable")
    imports = rows["imports_2024_usd_mn"]
    frame = rows[["section", "section_name"]].assign(
        imports_2024_usd_bn=imports / 1000, share_of_partner=imports / imports.sum()
    )
    return frame.reset_index(drop=True)


def layers_touched(ds: Dataset, partner: str) -> pd.DataFrame:
    """The rates in force above zero, with the part of a partner's goods that each touches, largest first.

    Returns
    -------
    pandas.DataFrame
        Rows of `rates.in_force_at_stake` with a rate above zero and a reach that is known; shares of
        different duties overlap and do not add up.

    Examples
    --------
    >>> exposure.layers_touched(ds, "KOR")["layer"].head(2).tolist()
    ['reciprocal', 's232_autos']
    """
    rows = in_force_at_stake(ds, partner=partner)
    rows = rows[(rows["rate_pct"] > 0) & rows["share_of_partner"].gt(0)]
    return rows.sort_values("share_of_partner", ascending=False, kind="stable").reset_index(drop=True)


def duty_bill(ds: Dataset, partner: str, on: str | date | pd.Timestamp | None = None) -> pd.DataFrame:
    """What the duties of a day come to in a year, if the United States bought as in 2024.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str
        Partner code.
    on : date, optional
        The day asked for; `ds.as_of` when not given.

    Returns
    -------
    pandas.DataFrame
        The normal duty first, then what was added, largest first: layer, product, points (of the
        partner's effective rate), usd_bn (billions of dollars a year at the imports of 2024; below 0 where
        a duty of 2018 has been replaced). It does not know how purchases respond. Empty before the
        imports of 2024 were published.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> bill = exposure.duty_bill(ds, "KOR")
    >>> float(bill["usd_bn"].sum().round(1))
    16.2
    """
    parts = effective_parts(ds, on, partner)
    imports = ds.import_groups.loc[ds.import_groups["partner"] == partner, "imports_2024_usd_mn"].sum()
    bill = parts.groupby(["layer", "product"], sort=False, as_index=False)["points"].sum()
    bill["usd_bn"] = bill["points"] / 100 * imports / 1000
    bill = bill.assign(normal=bill["layer"] == "base")
    bill = bill.sort_values(["normal", "usd_bn"], ascending=False, kind="stable", ignore_index=True)
    return bill.drop(columns="normal")
