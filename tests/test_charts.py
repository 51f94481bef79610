"""Charts on the real data: what is drawn is what the frames say, and nothing is clipped."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.figure import Figure

import tradeviz
from known import known
from tests.some import some_of
from tradeviz import charts, rates, talks
from tradeviz.charts import parts, style
from tradeviz.exhibits.shared import HALF

DAYS = some_of("2025-02-21", "2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30")


@pytest.fixture(autouse=True)
def _no_figure_left() -> Iterator[None]:
    yield
    plt.close("all")


def stair_inputs(ds: tradeviz.Dataset, partner: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    threats, deals = (rates.proposals(ds, force, partner) for force in ("threat", "deal"))
    return rates.schedules(ds, partner), threats, deals


def test_a_figure_is_laid_out_for_good_at_places_that_no_process_computes_otherwise() -> None:
    ds = tradeviz.load()
    figure = charts.staircase(*stair_inputs(ds, "EUU"), ds.as_of)[0].figure
    style.settle(figure)
    assert figure.get_layout_engine() is None
    for ax in figure.axes:
        bounds = ax.get_position().bounds
        assert bounds == pytest.approx([round(part, 6) for part in bounds], abs=1e-12)


def assert_words_inside(figure: Figure) -> None:
    figure.canvas.draw()
    page = figure.get_window_extent()
    for ax in figure.axes:
        (low, high), (bottom, top) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
        ticks = [tick.label1 for tick in ax.xaxis.get_major_ticks() if low <= tick.get_loc() <= high]
        ticks += [tick.label1 for tick in ax.yaxis.get_major_ticks() if bottom <= tick.get_loc() <= top]
        for text in [*ax.texts, *ticks, ax.title, ax.xaxis.label, ax.yaxis.label]:
            if text.get_visible() and text.get_text():
                box = text.get_window_extent()
                assert box.x0 >= page.x0 - 2, text.get_text()
                assert box.x1 <= page.x1 + 2, text.get_text()
                assert box.y0 >= page.y0 - 2, text.get_text()
                assert box.y1 <= page.y1 + 2, text.get_text()


def draw_board(ds: tradeviz.Dataset) -> plt.Axes:
    return charts.board(
        talks.stages(ds),
        talks.stage_history(ds),
        talks.meetings(ds),
        talks.marks(ds),
        rates.cliffs(ds),
        ds.as_of,
    )


@pytest.mark.parametrize("day", DAYS)
def test_board_has_a_row_for_every_partner_and_clips_no_word(day: str) -> None:
    ax = draw_board(known(day))
    assert len(ax.get_yticklabels()) == 20
    assert_words_inside(ax.figure)


def test_board_is_sorted_by_stage_then_by_day_and_keeps_the_border_partners_apart() -> None:
    stages = charts.board_order(talks.stages(known("2026-09-30")))
    assert stages["partner"].tolist()[-2:] == ["MEX", "CAN"]
    main = stages[stages["track"] == "reciprocal"]
    assert main["rung"].is_monotonic_decreasing
    for _, same in main.groupby("rung"):
        assert same["since"].is_monotonic_increasing


def test_bands_end_at_as_of() -> None:
    ds = known("2025-08-07")
    ax = draw_board(ds)
    right = max(band.get_extents().x1 for band in ax.collections[0].get_paths())
    assert right == mdates.date2num(ds.as_of)


def test_board_text_names_the_furthest_first_and_the_deadlines() -> None:
    ds = known("2025-04-25")
    text = charts.board_text(talks.stages(ds), talks.meetings(ds), rates.cliffs(ds), ds.as_of)
    assert "talks opened: United Kingdom" in text
    assert "Suspended: Thailand" in text
    assert "9 Jul: reciprocal to 17-49%" in text


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("partner", some_of("ISR", "KOR", "BRA", "CHN", "EUU", "IND", "CAN"))
def test_staircase_clips_no_word(partner: str, day: str) -> None:
    ds = known(day)
    inputs = stair_inputs(ds, partner)
    if charts.staircase_frame(*inputs).empty:
        assert (
            "No rate was ordered" in charts.staircase_text(*inputs, ds.as_of)
            or (inputs[0]["rate_pct"] == 0).any()
        )
        return
    assert_words_inside(charts.staircase(*inputs, ds.as_of)[0].figure)


def test_staircase_draws_the_schedule_and_dashes_what_is_scheduled() -> None:
    ds = known("2025-04-25")
    (ax,) = charts.staircase(*stair_inputs(ds, "KOR"), ds.as_of)
    treads = [
        (line.get_xdata()[0], line.get_ydata()[0], line.get_linestyle())
        for line in ax.lines
        if len(line.get_xdata()) == 2
        and line.get_ydata()[0] == line.get_ydata()[1]
        and line.get_linewidth() > 2
    ]
    days = {
        mdates.date2num(pd.Timestamp(day)): day
        for day in ("2025-04-05", "2025-04-09", "2025-04-10", "2025-07-09")
    }
    solid = {(days[x], y) for x, y, dash in treads if x in days and dash == "-"}
    dashed = {(days[x], y) for x, y, dash in treads if x in days and dash != "-"}
    assert solid == {("2025-04-05", 10), ("2025-04-09", 25), ("2025-04-10", 10)}
    assert dashed == {("2025-07-09", 25)}
    assert "9 Jul: back to 25" in [text.get_text() for text in ax.texts]


def test_a_rate_in_force_without_an_end_stops_at_as_of() -> None:
    ds = known("2025-08-07")
    (ax, *_) = charts.staircase(*stair_inputs(ds, "KOR"), ds.as_of)
    steps = [line for line in ax.lines if line.get_linewidth() > 2]
    assert max(line.get_xdata()[1] for line in steps) == mdates.date2num(ds.as_of)


def test_all_in_rates_are_never_labelled_bare() -> None:
    ds = known("2026-01-15")
    (ax, *_) = charts.staircase(*stair_inputs(ds, "JPN"), ds.as_of)
    labels = [text.get_text() for text in ax.texts]
    assert "15 all-in" in labels


def test_the_staircase_frame_is_what_is_drawn() -> None:
    ds = known("2026-09-30")
    schedule, threats, deals = stair_inputs(ds, "KOR")
    frame = charts.staircase_frame(schedule, threats, deals)
    whole = schedule["layer"].isin(["reciprocal", "fentanyl", "country_special", "s122", "s301"])
    assert (frame["kind"] == "order").sum() == whole.sum()
    assert set(frame["kind"]) == {"order", "threat", "deal"}
    assert "12.5% all-in from 24 July 2026" in charts.staircase_text(schedule, threats, deals, ds.as_of)


def test_a_partner_without_a_rate_gives_an_empty_frame_and_words() -> None:
    ds = known("2025-02-21")
    inputs = stair_inputs(ds, "ISR")
    assert charts.staircase_frame(*inputs).empty
    assert (
        charts.staircase_text(*inputs, ds.as_of)
        == "No rate was ordered, threatened or agreed by 21 February 2025."
    )


@pytest.mark.parametrize("day", DAYS[1:])
@pytest.mark.parametrize("partner", some_of("ISR", "KOR", "CHN", "CAN"))
def test_meetings_draw_every_row_and_clip_no_word(partner: str, day: str) -> None:
    ds = known(day)
    met = talks.meetings(ds, partner)
    ax = charts.meetings(met, ds.as_of)
    assert len(ax.collections) == len(met)
    assert_words_inside(ax.figure)
    held = int((met["format"] != "letter").sum())
    words = charts.meetings_text(met, ds.as_of)
    assert words.lower().startswith(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", str(held))
    )


@pytest.mark.parametrize("day", DAYS[1:])
def test_issue_matrix_shades_each_cell_on_record(day: str) -> None:
    ds = known(day)
    matrix, names = talks.issue_matrix(ds), ds.names
    ax = charts.issue_matrix(matrix, names)
    words = [text.get_text() for text in ax.texts]
    assert len(words) == len(matrix)
    assert_words_inside(ax.figure)
    one = charts.issue_matrix(talks.issue_matrix(ds, "KOR"), {"KOR": "South Korea"})
    assert_words_inside(one.figure)


def test_issue_text_names_each_status_of_one_partner() -> None:
    ds = known("2025-04-25")
    text = charts.issue_matrix_text(talks.issue_matrix(ds, "KOR"), {"KOR": "South Korea"})
    assert text.startswith("Tariffs and quotas under discussion since 24 April 2025")
    assert "currency raised" in text


@pytest.mark.parametrize("day", DAYS)
def test_cliff_calendar_has_a_row_per_cliff_and_clips_no_word(day: str) -> None:
    ds = known(day)
    calendar, names = rates.cliff_calendar(ds), ds.names
    if calendar.empty:
        assert charts.cliff_calendar_text(calendar, names).startswith("No steps")
        return
    ax = charts.cliff_calendar(calendar, names, ds.as_of)
    assert len(ax.get_yticklabels()) == min(len(calendar), 18)
    assert_words_inside(ax.figure)
    assert (
        "9 July 2025, 14 partners: reciprocal 10% to 17-49%" in charts.cliff_calendar_text(calendar, names)
        or day != "2025-04-25"
    )


def test_drawing_leaves_rcparams_alone_and_is_the_same_twice() -> None:
    before = plt.rcParams.copy()
    ds = known("2025-04-25")
    first, second = (style.svg(draw_board(ds).figure) for _ in range(2))
    assert first == second
    assert plt.rcParams == before


def test_the_six_blues_differ_in_grey() -> None:
    greys = []
    for colour in charts.palette.ladder:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        greys.append(0.299 * red + 0.587 * green + 0.114 * blue)
    assert all(one - other > 20 for one, other in pairwise(greys))


def test_spread_keeps_order_and_distance() -> None:
    placed = parts.spread([0.0, 0.1, 0.2, 5.0], 1.0)
    assert placed == sorted(placed)
    assert all(b - a >= 1 - 1e-9 for a, b in pairwise(placed))
    assert placed[-1] == 5.0


@pytest.mark.parametrize("day", ["2026-08-05", "2026-09-30"])
def test_no_words_of_a_busy_staircase_lie_on_others(day: str) -> None:
    ds = known(day)
    for code in ("CAN", "EUU", "CHN"):
        with charts.page_style():
            axes = charts.staircase(*stair_inputs(ds, code), ds.as_of)
        for ax in axes:
            boxes = [text.get_window_extent() for text in (*ax.texts, ax.yaxis.label)]
            over = [one for one, other in combinations(boxes, 2) if one.padded(-1).overlaps(other.padded(-1))]
            assert not over, (code, ax.get_title(loc="left"))
        plt.close(axes[0].figure)


@pytest.mark.parametrize("size", [None, HALF])
def test_a_rate_stands_below_the_title_of_its_panel_and_a_mark_is_whole(
    size: tuple[float, float] | None,
) -> None:
    ds = known("2026-09-30")
    with charts.page_style(), plt.rc_context({"figure.figsize": size} if size else {}):
        axes = charts.staircase(*stair_inputs(ds, "CHN"), ds.as_of)
        style.settle(axes[0].figure)
        for ax in axes:
            title = ax._left_title.get_window_extent()
            rates_of = [text for text in ax.texts if "as of" not in text.get_text()]
            over = [text.get_text() for text in rates_of if text.get_window_extent().overlaps(title)]
            assert not over, ax.get_title(loc="left")
            marks = [line for line in ax.lines if line.get_marker() in ("^", "D")]
            assert not [line for line in marks if line.get_clip_on()]
