"""Charts of tempo: what is drawn and said is what plain counts give; nothing is clipped or empty."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

import tradeviz
from known import known
from tests.oracle import tables as tables_of
from tests.oracle.tables import FROZEN
from tests.some import some_of
from tradeviz import charts, exhibits, tables
from tradeviz.talks import tempo, waits

DAYS = some_of("2025-02-21", "2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30")


@pytest.fixture(autouse=True)
def _no_figure_left() -> Iterator[None]:
    yield
    plt.close("all")


def through(table: str, partner: str) -> str:
    """The last day that a table covers for a partner."""
    rows = tables_of.rows("coverage")
    return next(row["through"] for row in rows if (row["table"], row["partner"]) == (table, partner))


def draw_months(ds: tradeviz.Dataset) -> list[Axes]:
    return [charts.months(tempo.meetings_per_month(ds))]


def draw_strip(ds: tradeviz.Dataset) -> list[Axes]:
    return [charts.strip(tempo.weekly_strip(ds), tempo.silence(ds), ds.as_of)]


def draw_survival(ds: tradeviz.Dataset) -> list[Axes]:
    pairs = [one for one in (waits.TO_FRAMEWORK, waits.TO_TEXT) if len(waits.medians(ds, one))]
    return [
        charts.survival(waits.survival_curves(ds, one), waits.medians(ds, one), ds.as_of) for one in pairs
    ]


def draw_silence(ds: tradeviz.Dataset) -> list[Axes]:
    return [charts.silence(tempo.silence(ds), ds.as_of)]


def held(as_of: str) -> list[dict[str, str]]:
    with (FROZEN / "meetings.csv").open(encoding="utf-8", newline="") as file:
        return [
            row for row in csv.DictReader(file) if row["start_date"] <= as_of and row["format"] != "letter"
        ]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("draw", [draw_months, draw_strip, draw_survival, draw_silence])
def test_no_word_is_clipped(draw: Callable[[tradeviz.Dataset], list[Axes]], day: str) -> None:
    ds = known(day)
    for ax in draw(ds):
        ax.figure.canvas.draw()
        page = ax.figure.get_window_extent()
        for text in [*ax.texts, *ax.get_yticklabels(), ax.xaxis.label, ax.yaxis.label, ax.title]:
            if text.get_visible() and text.get_text():
                box = text.get_window_extent()
                assert page.x0 - 2 <= box.x0 < box.x1 <= page.x1 + 2, text.get_text()
                assert page.y0 - 2 <= box.y0 < box.y1 <= page.y1 + 2, text.get_text()


@pytest.mark.parametrize("day", DAYS)
def test_bars_are_the_meetings_of_the_months(day: str) -> None:
    ds = known(day)
    counted = Counter(
        (row["level"], row["start_date"][:7]) for row in held(day) if row["partner"] in ds.reciprocal
    )
    months = sorted({month for _, month in counted} | {day[:7]})
    span = [f"{month}" for month in pd.period_range(months[0], months[-1], freq="M")]
    (ax,) = draw_months(ds)
    feet = sorted({bar.get_y() for bar in ax.patches}, reverse=True)
    for level, foot in zip(("leaders", "ministerial", "technical"), feet, strict=True):
        bars = [bar for bar in ax.patches if bar.get_y() == foot]
        assert [bar.get_height() for bar in bars] == [counted[level, month] for month in span]
        assert bool(bars[-1].get_hatch()) == (pd.Timestamp(day) != pd.Period(day, "M").end_time.normalize())
        assert not any(bar.get_hatch() for bar in bars[:-1])


def test_the_text_on_months_names_the_busiest_month_and_where_the_record_thins() -> None:
    words = charts.months_text(tempo.meetings_per_month(known("2026-02-21")))
    of_the_18 = [row for row in held("2026-02-21") if row["partner"] in known("2026-02-21").reciprocal]
    july = sum(row["start_date"].startswith("2025-07") for row in of_the_18)
    first = pd.Timestamp(min(row["start_date"] for row in of_the_18))
    assert words.startswith(f"{len(of_the_18)} meetings and calls from {first:%B %Y} to February 2026")
    assert f"The month with most was July 2025 with {july}." in words
    assert "February 2026 is not over" in words
    ends = [through("meetings", code) for code in known("2026-02-21").reciprocal]
    whole = max(month for month in ("2025-11-30", "2025-12-31", "2026-01-31") if min(ends) >= month)
    assert f"18 partners up to {pd.Timestamp(whole):%B %Y}" in words
    assert "not over" not in charts.months_text(tempo.meetings_per_month(known("2025-04-30")))


@pytest.mark.parametrize("day", DAYS)
def test_the_strip_has_every_partner_and_a_mark_for_each_week(day: str) -> None:
    ds = known(day)
    weekly, quiet = tempo.weekly_strip(ds), tempo.silence(ds)
    (ax,) = draw_strip(ds)
    assert [label.get_text() for label in ax.get_yticklabels()] == quiet["name"].tolist()
    assert len(quiet) == 20
    assert len(ax.collections) == len(weekly)
    assert max(mark.get_offsets()[0][0] for mark in ax.collections) <= day_number(ds.as_of)
    totals = Counter(row["partner"] for row in held(day))
    printed = [text.get_text() for text in ax.texts if text.get_text().isdigit()]
    assert printed == [str(totals[code]) for code in quiet["partner"]]
    ticks = ax.get_yticks()
    assert ticks[-2] - ticks[-3] > ticks[-1] - ticks[-2]


def day_number(when: pd.Timestamp) -> float:
    return float((when - pd.Timestamp("1970-01-01")).days)


def test_levels_of_the_strip_differ_in_size_and_only_technical_is_hollow() -> None:
    ds = known("2025-08-07")
    weekly, quiet = tempo.weekly_strip(ds), tempo.silence(ds)
    (ax,) = draw_strip(ds)
    order = [code for code in quiet["partner"] for _ in range((weekly["partner"] == code).sum())]
    levels = [
        level for code in dict.fromkeys(order) for level in weekly.loc[weekly["partner"] == code, "level"]
    ]
    sizes: dict[str, set[float]] = {}
    for level, mark in zip(levels, ax.collections, strict=True):
        sizes.setdefault(level, set()).add(float(mark.get_sizes()[0]))
        hollow = np.allclose(mark.get_facecolor()[0][:3], 1)
        assert hollow == (level == "technical")
    assert all(len(one) == 1 for one in sizes.values())
    assert max(sizes["leaders"]) > max(sizes["ministerial"]) > max(sizes["technical"])


def test_the_text_on_the_strip_names_who_met_in_most_weeks() -> None:
    ds = known("2026-09-30")
    weeks = {
        (row["partner"], pd.Timestamp(row["start_date"]).to_period("W-SUN")) for row in held("2026-09-30")
    }
    per_partner = Counter(code for code, _ in weeks)
    words = charts.strip_text(tempo.weekly_strip(ds), tempo.silence(ds), ds.as_of)
    for code, n in per_partner.items():
        if n == max(per_partner.values()):
            assert ds.name(code) in words.split("most with")[1].split(".")[0]
    assert f"({max(per_partner.values())})" in words
    assert "On top stands Philippines, last met on 22 September 2025." in words


def test_the_curve_ends_at_the_longest_wait_and_ticks_the_censored() -> None:
    ds = known("2026-09-30")
    curves = waits.survival_curves(ds)
    for ax, (_, own) in zip(draw_survival(ds), curves.groupby("question", sort=False), strict=True):
        line = ax.lines[0]
        assert line.get_xdata()[-1] == own["days"].max()
        assert line.get_ydata()[-1] == pytest.approx(100 * own["reached_share"].iloc[-1])
        ticks = ax.collections[1].get_offsets()[:, 0]
        assert sorted(ticks) == own.loc[own["censored"] > 0, "days"].tolist()


def test_numbers_under_the_axis_are_the_waits_that_lasted_so_long() -> None:
    ds = known("2025-08-07")
    lengths = waits.waits(ds)
    for ax, (_, own) in zip(draw_survival(ds), lengths.groupby("question", sort=False), strict=True):
        for label in ax.get_xticklabels():
            tick, _, number = label.get_text().partition("\n")
            assert number == str((own["days"] >= int(tick)).sum() or "")


@pytest.mark.parametrize(
    ("day", "label"),
    [
        ("2025-04-25", "half not reached"),
        ("2025-08-07", "half after 97 days (95% interval 51 to 107 days)"),
        ("2026-09-30", "half after 97 days (95% interval 70 to 107 days)"),
    ],
)
def test_the_median_is_written_into_the_panel(day: str, label: str) -> None:
    first = draw_survival(known(day))[0]
    assert [text.get_text() for text in first.texts] == [label]


def test_the_text_on_waits_says_counts_day_zero_and_band() -> None:
    ds = known("2026-09-30")
    words = charts.survival_text(waits.survival_curves(ds), waits.medians(ds), ds.as_of)
    assert "Talks opened to framework announced: reached by 16 of 18 partners" in words
    assert "Five partners had done so when the clock started (day 0)" in words
    assert "56% had reached it, with a 95% band from 35% to 78%" in words
    early = known("2025-04-25")
    words = charts.survival_text(waits.survival_curves(early), waits.medians(early), early.as_of)
    assert words == (
        "Talks opened to framework announced: reached by none of 12 partners as of 25 April 2025. "
        "Median not reached."
    )


@pytest.mark.parametrize("day", DAYS)
def test_silence_has_a_row_for_each_partner_met_and_names_the_others(day: str) -> None:
    ds = known(day)
    met = {row["partner"] for row in held(day)}
    (ax,) = draw_silence(ds)
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert sorted(names) == sorted(ds.name(code) for code in met)
    words = charts.silence_text(tempo.silence(ds), ds.as_of)
    never = [ds.name(code) for code in ds.partners["partner"] if code not in met]
    assert ("No meeting or call is on record with" in words) == bool(never)
    assert all(name in words for name in never)


def test_silence_after_the_end_of_the_record_is_dotted_and_said() -> None:
    now, then = known("2026-09-30"), known("2025-08-07")
    dotted = [line for line in draw_silence(now)[0].lines if line.get_linestyle() != "-"]
    silent = tables_of.days_between(through("meetings", "PHL"), "2026-09-30")  # the Philippines, longest
    assert max(dotted[0].get_xdata()) == silent
    assert "silence may be missing evidence" in charts.unknown_silence(tempo.silence(now), now.as_of)
    last = {
        row["partner"]: row["end_date"] for row in sorted(held("2026-09-30"), key=lambda row: row["end_date"])
    }
    at_once = sum(through("meetings", code) == day for code, day in last.items())
    assert f"for {at_once} with the last meeting itself" in charts.unknown_silence(
        tempo.silence(now), now.as_of
    )
    words = charts.unknown_silence(tempo.silence(then), then.as_of)
    assert words == "The record of meetings reaches to 7 August 2025 for every partner shown."


def test_before_the_first_meeting_there_are_words_and_no_panel() -> None:
    ds = known("2025-01-25")
    weekly, quiet = tempo.weekly_strip(ds), tempo.silence(ds)
    curves, middle = waits.survival_curves(ds), waits.medians(ds)
    texts = [
        charts.months_text(tempo.meetings_per_month(ds)),
        charts.strip_text(weekly, quiet, ds.as_of),
        charts.survival_text(curves, middle, ds.as_of),
        charts.silence_text(quiet, ds.as_of),
    ]
    assert all(text.startswith("No ") for text in texts)
    shown = exhibits.chart(
        charts.silence,
        quiet,
        ds.as_of,
        name="silence",
        title="Who?",
        subtitle="",
        frame=quiet,
        alt=texts[3],
        source="",
        empty="Nobody met.",
    )
    assert "Nobody met." in shown.markup
    assert "<img" not in shown.markup


def test_the_table_of_waits_names_open_waits_and_day_zero() -> None:
    ds = known("2026-09-30")
    markup = tables.waits(ds, waits.waits(ds)).as_raw_html()
    ends = tables_of.words(through("milestones", "BRA"))
    assert f"under way, 338 days (record of milestones ends {ends})" in markup
    assert markup.count("0 days, there at the start") == 5
    assert markup.count("<tr") == 1 + 18
    assert "287 days, to 2 February 2026" in markup
    early = tables.waits(known("2025-04-25"), waits.waits(known("2025-04-25"))).as_raw_html()
    assert early.count("under way, ") == 12
    assert "record of milestones ends" not in early


def test_the_table_of_medians_says_what_is_not_reached() -> None:
    early = tables.medians(waits.medians(known("2025-04-25"))).as_raw_html()
    assert early.count("not reached") == 2
    now = tables.medians(waits.medians(known("2026-09-30"))).as_raw_html()
    assert "97 days" in now
    assert "70 to 107 days" in now


def test_an_interval_without_an_upper_limit_is_said_in_words() -> None:
    # On 7 August 2025 five of 12 had a text: the upper band passes one half on day 0, the lower never.
    markup = tables.medians(waits.medians(known("2025-08-07"))).as_raw_html()
    assert "from 0 days, upper limit not reached" in markup
