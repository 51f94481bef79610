"""The data set as it was known on a day."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import pandas as pd

from tradeviz.data.seen import hashed, narrowed
from tradeviz.errors import UsageError


@dataclass(frozen=True, eq=False)
class Dataset:
    """Every table as known on the evening of `as_of`.

    Its tables are not to be changed in place: measures are computed once for a data set. `with_orders`,
    `without_order` and `dataclasses.replace` give another one.

    Attributes
    ----------
    as_of, coverage_end : pandas.Timestamp
        The day asked for, and the last day that the data cover.
    partners, meetings, milestones, tariffs, issues, commitments, commitment_status, events,
    trade_monthly, trade_annual, effective_rates_model, sources, coverage, known_gaps, people,
    clauses, issues_without_clause, import_groups, import_sections, group_terms, carveout_shares,
    carveout_terms, preference_shares, stacking, assumptions, omissions,
    published_rates, older_duties : pandas.DataFrame
        The tables, in file order; data/README.md describes their columns. Columns of hindsight
        (and the notes of tariffs and trade_annual) are left out. meetings has under_way (its last day is
        then missing),
        sources has published_later (its title is then blank). Days are datetime64, missing ones
        NaT; missing text is "".
    scenario : str
        Name of the scenario that the data set tells; "" for the record itself.
    """

    as_of: pd.Timestamp
    coverage_end: pd.Timestamp
    partners: pd.DataFrame
    meetings: pd.DataFrame
    milestones: pd.DataFrame
    tariffs: pd.DataFrame
    issues: pd.DataFrame
    commitments: pd.DataFrame
    commitment_status: pd.DataFrame
    events: pd.DataFrame
    trade_monthly: pd.DataFrame
    trade_annual: pd.DataFrame
    effective_rates_model: pd.DataFrame
    sources: pd.DataFrame
    coverage: pd.DataFrame
    known_gaps: pd.DataFrame
    people: pd.DataFrame
    clauses: pd.DataFrame
    issues_without_clause: pd.DataFrame
    import_groups: pd.DataFrame
    import_sections: pd.DataFrame
    group_terms: pd.DataFrame
    carveout_shares: pd.DataFrame
    carveout_terms: pd.DataFrame
    preference_shares: pd.DataFrame
    stacking: pd.DataFrame
    assumptions: pd.DataFrame
    omissions: pd.DataFrame
    published_rates: pd.DataFrame
    older_duties: pd.DataFrame
    scenario: str = ""

    def with_orders(self, frame: pd.DataFrame, scenario: str = "scenario") -> Dataset:
        """Return what the data set would be if these orders had been given.

        Parameters
        ----------
        frame : pandas.DataFrame
            One row per step: partner, layer, effective (day) and rate_pct (percent); and, where the
            defaults do not fit, product (blank), basis (additional), force (order), announced (as_of)
            and order_id (the name of the scenario). An order on a whole Section 232 layer sets each
            product of it that has a rate of its own. No sources are asked for. A partner may be one
            that the record does not have; its trade and talks are then not known.
        scenario : str
            Name, lower-case letters, digits and hyphens.

        Returns
        -------
        Dataset
            With these rows among its tariffs, and `scenario` set. A frame of no rows changes nothing else.

        Raises
        ------
        UsageError
            If the name is no identifier.
        ScenarioError
            If a row breaks the rules of tariffs; its `problems` name row and column.

        Examples
        --------
        >>> import pandas as pd
        >>> order = {"partner": "KOR", "layer": "reciprocal", "effective": "2025-05-01", "rate_pct": 30}
        >>> ds = tradeviz.load("2025-04-25").with_orders(pd.DataFrame([order]), "korea-30")
        >>> ds.scenario, rates.in_force(ds, "2025-05-01", "KOR", "reciprocal")["rate_pct"].tolist()
        ('korea-30', [30.0])
        """
        from tradeviz.data.scenario import with_orders

        return with_orders(self, frame, scenario)

    def without_order(self, order_id: str) -> Dataset:
        """Return what the data set would be had an order, threat or deal never been given.

        Its rows are taken out; what later orders set stays as they set it.

        Raises
        ------
        UsageError
            If the record has no such order by `as_of`.
        """
        from tradeviz.data.scenario import without_order

        return without_order(self, order_id)

    def partner(self, code: str) -> pd.Series:
        """Return the row of a partner, or raise UsageError with the codes that there are."""
        known = list(self.partners["partner"])
        if not isinstance(code, str) or code not in known:  # a frame would take KOR and a NUL for KOR
            raise UsageError(f'partner "{code}" is unknown; use one of {", ".join(known)}')
        return self.partners.iloc[known.index(code)]

    def name(self, code: str) -> str:
        """Return the English short name of a partner."""
        return str(self.partner(code)["name"])

    @cached_property
    def names(self) -> dict[str, str]:
        """English short names of the partners by code, in partner order."""
        return dict(zip(self.partners["partner"], self.partners["name"], strict=True))

    @property
    def reciprocal(self) -> list[str]:
        """Codes of the 18, in partner order."""
        return list(self.partners.loc[self.partners["track"] == "reciprocal", "partner"])

    @property
    def border(self) -> list[str]:
        """Codes of Canada and Mexico, which stand beside the 18."""
        return list(self.partners.loc[self.partners["track"] == "border", "partner"])

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        return {table.name: getattr(self, table.name) for table in fields(self)[2:-1]}

    def for_partner(self, code: str) -> Dataset:
        """Return what a page about one partner sees.

        Of meetings, milestones, issues, pledges, events, gaps and coverage only the partner's own rows and
        those for all, and the sources that are cited then; tariffs, trade and clauses whole: a page says how
        the partner stands among all. So a meeting with Japan changes no page on Korea.

        Raises
        ------
        UsageError
            If the partner is unknown.

        Examples
        --------
        >>> ds.for_partner("KOR").meetings["partner"].unique().tolist()
        ['KOR']
        """
        seen: dict[str, Any] = dict(narrowed(self, str(self.partner(code)["partner"])))
        return replace(self, **seen)

    def data_hash(self) -> str:
        """Return the SHA-256 of the tables as cut, in hexadecimal."""
        return hashed(self)
