"""The cliff calendar's words: deals are named, nothing overlaps, no step is left out unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import matplotlib.pyplot as plt
import pytest

from known import known
from tests.some import some_of
from tradeviz import charts, rates
from tradeviz.wording import signed

DAYS = some_of(
    "2025-02-21", "2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-07-19", "2026-09-30"
)


@pytest.fixture(autouse=True)
def _no_figure_left() -> Iterator[None]:
    yield
    plt.close("all")


def names() -> dict[str, str]:
    return known("2026-09-30").names


@pytest.mark.parametrize("day", DAYS)
def test_rows_run_from_the_soonest_down_and_do_not_overlap(day: str) -> None:
    ds = known(day)
    calendar = rates.cliff_calendar(ds)
    ax = charts.cliff_calendar(calendar, names(), ds.as_of)
    assert calendar["effective"].is_monotonic_increasing
    ax.figure.canvas.draw()
    boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert all(upper.y0 >= lower.y1 for upper, lower in pairwise(boxes))


def test_a_deal_beside_a_cliff_is_named() -> None:
    text = charts.cliff_calendar_text(rates.cliff_calendar(known("2026-09-30")), names())
    assert "10 November 2026, China: retaliation on U.S. goods (all goods) 10% to 34% (deal: China)" in text
    assert "25% to 50% (deal: Taiwan)" in text


def test_an_empty_calendar_is_said_in_words() -> None:
    calendar = rates.cliff_calendar(known("2026-09-30")).iloc[:0]
    assert charts.cliff_calendar_text(calendar, names()).startswith("No steps")


def test_the_calendar_says_what_each_change_weighs() -> None:
    day = known("2025-04-25")
    weighed = rates.at_stake(day, rates.cliff_calendar(day))
    told = charts.cliff_calendar_text(weighed, day.names)
    row = weighed.set_index("layer").loc["reciprocal"]
    assert f"{row['share_of_partner']:.1%} of their goods, {signed(row['points'], 2)} points" in told
    assert "not weighed" in told  # the EU's answer falls on U.S. goods
