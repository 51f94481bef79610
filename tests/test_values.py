"""Values of parameters are understood, or refused in one line that says how to write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import tradeviz
from commands import Parameter, commands, line
from known import known
from tradeviz import rates, talks
from tradeviz.cli import app
from tradeviz.days import read_day
from tradeviz.errors import UsageError

DAYS = [one for parameters in commands().values() for one in parameters if one.is_day]
CODES = [
    one
    for parameters in commands().values()
    for one in parameters
    if one.name in ("partner", "partners", "layer", "layers")
]
APRIL = pd.Timestamp("2025-04-25")
NO_DAYS: list[Any] = [
    20250425,
    20250425.0,
    "20250425",
    "2025-W17-5",
    "2025-4-25",
    "2025-04-31",
    "25.04.2025",
    "2025-04-25T10:00",
    "２０２５-04-25",
    "today",
    "",
    True,
    False,
    float("nan"),
    np.float64("nan"),
    pd.NaT,
    [],
    ["2025-04-25"],
    {"as_of": "2025-04-25"},
    datetime(2025, 4, 25, 10, tzinfo=UTC),
    pd.Timestamp("2025-04-25", tz="Asia/Seoul"),
]
NOT_MEANT: list[Any] = [
    "2023-12-31",
    "1970-01-01",
    "0001-01-01",
    "2036-10-02",
    "9999-12-31",
    date(1999, 1, 1),
]


def in_one_line(error: pytest.ExceptionInfo[UsageError], name: str) -> bool:
    said = str(error.value)
    return said.startswith(f"{name} ") and "\n" not in said and "20" in said


@pytest.mark.parametrize(
    "given",
    ["2025-04-25", " 2025-04-25 ", date(2025, 4, 25), datetime(2025, 4, 25, 23, 59), APRIL],
    ids=repr,
)
def test_a_day_is_understood_as_text_date_or_moment(given: Any) -> None:
    assert read_day(given, "as_of") == APRIL
    assert tradeviz.load(given).as_of == APRIL


@pytest.mark.parametrize("given", [*NO_DAYS, *NOT_MEANT], ids=repr)
def test_what_is_no_day_is_refused_wherever_one_is_taken(given: Any) -> None:
    ds = known("2025-04-25")
    takers = {"as_of": tradeviz.load, "since": lambda day: talks.changes(ds, day)}
    takers["on"] = lambda day: rates.in_force(ds, day)
    takers["start"] = lambda day: rates.panel(ds, day, "2025-04-10")
    for name, take in takers.items():
        if name == "as_of" and isinstance(given, str) and given == "":
            continue  # the last day that the data cover
        with pytest.raises(UsageError) as error:
            take(given)
        assert in_one_line(error, name)


@pytest.mark.parametrize("given", [5, float("nan"), None, ["KOR"], np.array(["KOR"]), "kor", ""], ids=repr)
def test_what_is_no_partner_is_refused(given: Any) -> None:
    with pytest.raises(UsageError, match=r"partner .* is unknown; use one of"):
        known("2025-04-25").partner(given)


@pytest.mark.parametrize("given", [5, float("nan"), None, ["reciprocal"], False, "salt", ","], ids=repr)
def test_what_is_no_list_of_layers_is_refused(given: Any) -> None:
    with pytest.raises(UsageError, match="reciprocal"):
        rates.timeline(known("2025-04-25"), given)


@pytest.mark.parametrize("given", ["20250425", "2025-W17-5", "1970-01-01", "2099-01-01"])
@pytest.mark.parametrize("one", DAYS, ids=str)
def test_every_command_refuses_them_with_exit_code_2(
    one: Parameter, given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused_in_one_line(line(one.command, {one.name: given}), tmp_path, monkeypatch)


@pytest.mark.parametrize("one", CODES, ids=str)
def test_every_command_refuses_codes_that_it_does_not_know(
    one: Parameter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused_in_one_line(line(one.command, {one.name: "kor"}), tmp_path, monkeypatch)


def test_days_and_codes_of_all_commands_are_found() -> None:
    assert {"build --as-of", "rates --on", "watch --since", "compare second"} <= {str(one) for one in DAYS}
    assert {"build --partners", "rates --layer", "compare --partner"} <= {str(one) for one in CODES}


def refused_in_one_line(words: list[str], folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.chdir(folder)
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 2
    assert (told.stdout, told.stderr.count("\n")) == ("", 1)
    assert told.stderr.startswith("tradeviz: ")
    assert not list(folder.iterdir())
