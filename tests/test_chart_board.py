"""The board's marks and words: every meeting is drawn, no words meet, deadlines say what they are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

import tradeviz
from known import known
from tests.some import some_of
from tradeviz import charts, rates, talks
from tradeviz.data import load_tables

DAYS = some_of(
    "2025-02-03", "2025-02-21", "2025-04-25", "2025-08-20", "2026-02-21", "2026-06-04", "2026-09-30"
)


@pytest.fixture(autouse=True)
def _no_figure_left() -> Iterator[None]:
    yield
    plt.close("all")


def draw(ds: tradeviz.Dataset, cliffs: pd.DataFrame | None = None) -> Axes:
    due = rates.cliffs(ds) if cliffs is None else cliffs
    return charts.board(
        talks.stages(ds), talks.stage_history(ds), talks.meetings(ds), talks.marks(ds), due, ds.as_of
    )


def text_of(ds: tradeviz.Dataset) -> str:
    return charts.board_text(talks.stages(ds), talks.meetings(ds), rates.cliffs(ds), ds.as_of)


@pytest.mark.parametrize("day", DAYS)
def test_every_meeting_that_is_no_letter_is_drawn_and_none_after_as_of(day: str) -> None:
    ds = known(day)
    ax = draw(ds)
    marked = [marks for marks in ax.collections if isinstance(marks, PathCollection)]
    days = np.concatenate([marks.get_offsets()[:, 0] for marks in marked])
    met = talks.meetings(ds)
    assert len(days) == (met["format"] != "letter").sum()
    assert days.max() <= mdates.date2num(ds.as_of)


@pytest.mark.parametrize("day", DAYS)
def test_no_words_of_the_board_overlap(day: str) -> None:
    ax = draw(known(day))
    ax.figure.canvas.draw()
    texts = [text for text in [*ax.texts, *ax.get_yticklabels()] if text.get_text()]
    texts += ax.figure.legends[0].get_texts()
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    for (one, a), (other, b) in combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 1 or down <= 2, (one, other)


@pytest.mark.parametrize("day", DAYS)
def test_the_text_names_the_deadlines_that_are_drawn(day: str) -> None:
    ds = known(day)
    ax = draw(ds)
    rests_on = len(ds.partners)
    words = [text.get_text() for text in ax.texts if text.get_text()]
    deadlines = [text for text in words[: len(words) - rests_on] if not text.startswith("as of")]
    assert deadlines
    assert all(text in text_of(ds) for text in deadlines)


def test_after_its_term_a_band_is_an_outline_and_the_text_says_so() -> None:
    def outlines(ds: tradeviz.Dataset) -> int:
        bands = [patch for patch in draw(ds).patches if patch.get_linestyle() != "solid"]
        return len(bands)

    before, after = known("2026-09-30"), load_tables().at("2026-11-29")
    ended = talks.stages(after)["term_ended"].sum()
    assert ended > 0
    assert (outlines(before), outlines(after)) == (talks.stages(before)["term_ended"].sum(), ended)
    assert "term ended: China;" in text_of(after)


def test_a_deadline_keeps_the_basis_of_its_rate() -> None:
    ds = known("2026-09-30")
    due = rates.cliffs(ds)
    due = due[due["layer"] == "retaliation"].assign(layer="reciprocal", basis="all_in", rate_pct=15.0)
    words = charts.board_text(talks.stages(ds), talks.meetings(ds), due, ds.as_of)
    assert "10 Nov: reciprocal to 15% all-in, China" in words


def test_a_deadline_of_another_year_says_which() -> None:
    assert "1 Jan 2027: wood and furniture to 30-50%" in text_of(known("2026-09-30"))


def test_several_changes_of_a_day_are_counted_and_the_whole_economy_one_is_named() -> None:
    assert "24 Feb: reciprocal to 0%, 18 partners (+3 more)" in text_of(known("2026-02-21"))


def test_the_border_partners_are_told_apart_from_the_18() -> None:
    text = text_of(known("2025-02-21"))
    assert "Beside them: talks opened: Mexico; contact: Canada." in text
    assert "4 Mar: fentanyl (IEEPA) to 25%, 2 partners" in text


def test_the_name_of_a_document_is_not_taken_for_a_date() -> None:
    words = [text.get_text() for text in draw(known("2025-04-25")).texts]
    assert "talks: July Package" in words


def test_without_deadlines_the_board_ends_at_as_of() -> None:
    ds = known("2025-08-20")
    none = rates.cliffs(ds).iloc[:0]
    low, high = draw(ds, none).get_xlim()
    assert high - mdates.date2num(ds.as_of) < 0.02 * (high - low)
    words = charts.board_text(talks.stages(ds), talks.meetings(ds), none, ds.as_of)
    assert words.endswith("No deadline lies ahead.")
