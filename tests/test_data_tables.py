"""Tables loaded once and cut at one day after another are those that load() gives for each day."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

import tradeviz
from known import known
from tradeviz.data import Tables, load_tables
from tradeviz.errors import DataError, UsageError

DAYS = ["2025-02-01", "2025-04-25", "2025-08-07", "2026-02-21", "2027-01-01", None]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load_tables()


@pytest.mark.filterwarnings("ignore::tradeviz.errors.RecordEndsWarning")
@pytest.mark.parametrize("day", DAYS)
def test_a_cut_is_what_load_gives(tables: Tables, day: str | None) -> None:
    ours, theirs = tables.at(day), known(day)
    assert (ours.as_of, ours.coverage_end) == (theirs.as_of, theirs.coverage_end)
    for field in fields(ours)[2:-1]:
        pd.testing.assert_frame_equal(getattr(ours, field.name), getattr(theirs, field.name))


def test_the_order_of_the_cuts_does_not_matter(tables: Tables) -> None:
    early = tables.at("2025-04-25").data_hash()
    tables.at(None)
    assert tables.at("2025-04-25").data_hash() == early


def test_who_changes_a_cut_does_not_change_the_next(tables: Tables) -> None:
    spoilt = tables.at("2025-04-25")
    spoilt.partners.loc[:, "name"] = "nowhere"
    spoilt.meetings.loc[:, "outcome"] = "nothing"
    assert tables.at("2025-04-25").data_hash() == known("2025-04-25").data_hash()


def test_the_days_between_which_one_can_look(tables: Tables) -> None:
    assert tables.coverage_end == tradeviz.load().coverage_end
    assert tables.at(tables.first_fact).as_of == tables.first_fact
    with pytest.raises(UsageError, match=f"use {tables.first_fact:%Y-%m-%d} or later"):
        tables.at(tables.first_fact - pd.Timedelta(days=1))


def test_broken_tables_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        load_tables(tmp_path)
