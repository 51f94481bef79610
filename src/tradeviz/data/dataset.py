"""The data set as it was known on a day."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from tradeviz import clock
from tradeviz.data.asof import KNOWN_ON, RECORDED, cut
from tradeviz.data.kept import read_checked, valid_frames
from tradeviz.data.places import data_dir
from tradeviz.data.problems import Problem
from tradeviz.data.reach import beyond_reach, coverage_end
from tradeviz.data.seen import hashed, narrowed
from tradeviz.days import read_day
from tradeviz.errors import RecordEndsWarning, UsageError
from tradeviz.wording import count_days, day


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
            and order_id (the name of the scenario). No sources are asked for. A partner may be one
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
        own: dict[str, Any] = dict(narrowed(self, str(self.partner(code)["partner"])))
        return replace(self, **own)

    def data_hash(self) -> str:
        """Return the SHA-256 of the tables as cut, in hexadecimal."""
        return hashed(self)


@dataclass(frozen=True)
class Tables:
    """Every table whole and validated, to be cut at one day after another.

    What stands in the frames goes past any as-of date; only `at` gives what a reader may see.

    Attributes
    ----------
    frames : dict of str to pandas.DataFrame
        The tables by name, in file order; data/README.md describes their columns.
    """

    frames: dict[str, pd.DataFrame]

    @property
    def first_fact(self) -> pd.Timestamp:
        """The day of the first fact, before which there is nothing to know."""
        days = [self.frames[name][column].min() for name, column in KNOWN_ON.items()]
        return min([*days, self.frames["meetings"]["start_date"].min()])

    @property
    def coverage_end(self) -> pd.Timestamp:
        """The last day that the data cover: the earliest one of tariffs and events."""
        return coverage_end(self.frames["coverage"])

    def at(
        self,
        as_of: str | date | pd.Timestamp | None = None,
        recorded_by: str | date | pd.Timestamp | None = None,
    ) -> Dataset:
        """Cut the tables at a day: what `load` gives, without reading the files again.

        Parameters
        ----------
        as_of, recorded_by : date, optional
            As for `load`.

        Returns
        -------
        Dataset
            The tables as known on the evening of that day.

        Raises
        ------
        UsageError
            If a day is none, lies before the first fact, or before anything entered the record.
        """
        end = self.coverage_end
        when = end if as_of is None or (isinstance(as_of, str) and not as_of) else self._asked(as_of)
        frames = self.frames if recorded_by is None else self._recorded(recorded_by)
        return Dataset(as_of=when, coverage_end=end, scenario="", **cut(frames, when, end))

    def _recorded(self, by: str | date | pd.Timestamp) -> dict[str, pd.DataFrame]:
        """The tables without the rows that entered the record after a day."""
        day, first = read_day(by, "recorded_by"), self.frames["tariffs"][RECORDED].min()
        if day < first:
            raise UsageError(
                f"recorded_by {day:%Y-%m-%d} lies before {first:%Y-%m-%d}, the day of the first rows that say"
                " when they entered the record; leave it out, or use that day or a later one"
            )
        return {
            name: frame[frame[RECORDED] <= day] if RECORDED in frame else frame
            for name, frame in self.frames.items()
        }

    def _asked(self, as_of: str | date | pd.Timestamp) -> pd.Timestamp:
        when, first = read_day(as_of, "as_of", self.coverage_end), self.first_fact
        if when < first:
            raise UsageError(
                f"as_of {when:%Y-%m-%d} lies before the first fact; use {first:%Y-%m-%d} or later"
            )
        return when


def load(
    as_of: str | date | pd.Timestamp | None = None,
    data: str | Path | None = None,
    scenario: str | Path | None = None,
    recorded_by: str | date | pd.Timestamp | None = None,
) -> Dataset:
    """Load the data set as it was known on a day.

    Parameters
    ----------
    as_of : date, optional
        The day, as text "2025-04-25" or a date. The last day that the data cover when not given
        or "". A later day is allowed; the data then reach only to `coverage_end`.
    data : path, optional
        Folder of the tables; else the variable TRADEVIZ_DATA, else those of the package.
    scenario : path, optional
        CSV file of orders that were never given, to see what would follow: partner, layer, effective and
        rate_pct, and what else `Dataset.with_orders` takes. None when not given or "".
    recorded_by : date, optional
        Leave out the rows that entered the record after this day: what was known then, as it was published
        then. When not given: what was known then, as we know it today. Rows say from 29 November 2026 on.

    Returns
    -------
    Dataset
        Validated tables, cut at the day; marked where they tell a scenario.

    Raises
    ------
    UsageError
        If a day is none, or lies before the first fact or row; if there is no such folder.
    ScenarioError
        If the file of the scenario breaks the rules; each problem names file, line and column.
    DataError
        If the tables break their rules; its `problems` names each by file, line and column.

    Warns
    -----
    RecordEndsWarning
        If the day lies after the last day that the data cover; `summaries.reach` says more.

    Examples
    --------
    >>> tradeviz.load("2025-04-25").name("KOR")
    'South Korea'
    """
    ds = load_tables(data).at(as_of, recorded_by)
    if ds.as_of > ds.coverage_end:
        behind = count_days((ds.as_of - ds.coverage_end).days)
        said = f"the record ends on {day(ds.coverage_end)}, {behind} before as_of; what came after is missing"
        warnings.warn(said, RecordEndsWarning, stacklevel=2)
    if scenario is None or scenario == "":
        return ds
    from tradeviz.data.scenario import read_scenario

    return read_scenario(Path(scenario), ds)


def load_tables(data: str | Path | None = None) -> Tables:
    """Load all tables uncut, for work that looks at many days.

    Parameters
    ----------
    data : path, optional
        As for `load`.

    Returns
    -------
    Tables
        Validated tables; `at` cuts them at a day.

    Raises
    ------
    UsageError
        If there is no such folder.
    DataError
        If the tables break their rules.

    Notes
    -----
    The tables read last are kept, and given again while their files hold the same bytes: a process
    that makes many pages, or a kernel forked from one that has read them, validates them once.
    """
    frames = valid_frames(data_dir(data))
    return Tables({name: frame.copy(deep=False) for name, frame in frames.items()})


def check(data: str | Path | None = None, today: date | None = None) -> list[Problem]:
    """Validate all tables.

    Parameters
    ----------
    data : path, optional
        Folder of the tables; else the variable TRADEVIZ_DATA, else those of the package.
    today : date, optional
        The day after which nothing can be known; the clock's day when not given.

    Returns
    -------
    list of Problem
        Everything that is wrong, errors and warnings, by file and line.

    Raises
    ------
    UsageError
        If there is no such folder.
    """
    tables, problems = read_checked(data_dir(data), warnings=True)
    return sorted(problems + beyond_reach(tables, today or clock.today()))
