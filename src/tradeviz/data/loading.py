"""Reading the tables whole, and cutting them at a day."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from tradeviz import clock
from tradeviz.data.asof import KNOWN_ON, RECORDED, cut
from tradeviz.data.checks import problems_across
from tradeviz.data.corrections import TABLE, undone
from tradeviz.data.dataset import Dataset
from tradeviz.data.places import data_dir
from tradeviz.data.problems import Problem
from tradeviz.data.reach import beyond_reach, coverage_end
from tradeviz.data.scenario import read_scenario
from tradeviz.data.valid import valid_frames
from tradeviz.data.validation import read_all
from tradeviz.days import read_day
from tradeviz.errors import RecordEndsWarning, UsageError
from tradeviz.wording import count_days, day


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
        """The tables without what entered the record after a day, rows and corrections."""
        day, first = read_day(by, "recorded_by"), self.frames["tariffs"][RECORDED].min()
        if day < first:
            raise UsageError(
                f"nobody knows what the record said by {day:%Y-%m-%d}: its rows say when they entered it from"
                f" {first:%Y-%m-%d} on; ask for that day or a later one"
            )
        corrections = self.frames[TABLE]
        later = corrections[corrections[RECORDED] > day]
        return {
            name: frame[frame[RECORDED] <= day] if RECORDED in frame else frame
            for name, frame in undone(self.frames, later).items()
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
        Leave out the rows that entered the record after this day, and undo the corrections made after it:
        what was known then, as it was published then. When not given: what was known then, as we know it
        today. The record says from 29 November 2026 on. Sources and coverage are always those of today.

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
    return ds if scenario is None or scenario == "" else read_scenario(Path(scenario), ds)


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
    tables, problems = read_all(data_dir(data))
    problems += problems_across(tables, warnings=True)
    return sorted(problems + beyond_reach(tables, today or clock.today()))
