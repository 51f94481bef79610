"""Charts of exposure on the real data: what is drawn is published, placed apart and said in words."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise
from typing import Any

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from known import known
from tests.oracle.tables import FROZEN
from tests.some import some_of
from tradeviz import charts, exposure
from tradeviz.charts import style
from tradeviz.wording import signed

DAYS = some_of("2025-02-21", "2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30")
IMPORTS, DUTIES = "imports_for_consumption_usd_mn", "calculated_duties_usd_mn"
RELEASED = {
    "2025-02-21": "2024-12",
    "2025-04-05": "2025-02",
    "2025-04-25": "2025-02",
    "2025-08-07": "2025-06",
    "2026-02-21": "2025-12",
    "2026-09-30": "2026-07",
}
"""The last month published on each day."""


@pytest.fixture(autouse=True)
def _no_figure_left() -> Iterator[None]:
    yield
    plt.close("all")


def traded(column: str, months: str) -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    with (FROZEN / "trade_monthly.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["month"].startswith(months) and row["partner"] != "WLD":
                totals[row["partner"]] += float(row[column])
    return totals


@cache
def readings(day: str) -> pd.DataFrame:
    return exposure.rate_readings(known(day))


@cache
def covered_frame(day: str) -> pd.DataFrame:
    return charts.covered_frame(exposure.covered_share(known(day)))


def page_of(ax: Axes) -> Figure:
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    return figure


def bars_of(ax: Axes) -> list[Rectangle]:
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def last_day(line: Line2D) -> float:
    return float(np.max(np.asarray(line.get_xdata(), dtype="float64")))


def words_of(ax: Axes) -> list[Annotation]:
    return [text for text in ax.texts if isinstance(text, Annotation) and text.get_text()]


def assert_words_inside(axes: list[Axes]) -> None:
    figure = page_of(axes[0])
    figure.draw_without_rendering()
    page = figure.get_window_extent()
    for ax in axes:
        for text in [*ax.texts, ax.title, ax.xaxis.label, ax.yaxis.label]:
            if text.get_text():
                box = super(Annotation, text).get_window_extent() if isinstance(text, Annotation) else None
                box = box or text.get_window_extent()
                assert page.x0 - 2 <= box.x0, text.get_text()
                assert box.x1 <= page.x1 + 2, text.get_text()
                assert page.y0 - 2 <= box.y0, text.get_text()
                assert box.y1 <= page.y1 + 2, text.get_text()


def drawn_axes(day: str) -> list[list[Axes]]:
    ds, three = known(day), readings(day)
    names = ds.names
    drawn: list[list[Axes]] = []
    for frame, draw, rest in (
        (charts.exposed_frame(exposure.imports_and_rates(ds)), charts.exposed, ()),
        (covered_frame(day), charts.covered, (ds.as_of,)),
        (charts.weighted_frame(three), charts.weighted_rates, (ds.as_of,)),
        (charts.partner_frame(three), charts.partner_rates, (names, ds.border, ds.as_of)),
        (exposure.change_since_2024(ds), charts.rate_change, (names,)),
        (exposure.duties(ds), charts.duties, (names, ds.as_of)),
    ):
        if len(frame):
            axes: Any = draw(frame, *rest)
            drawn.append(axes if isinstance(axes, list) else [axes])
    return drawn


@pytest.mark.parametrize("day", DAYS)
def test_every_chart_is_drawn_with_its_words_on_the_page(day: str) -> None:
    for axes in drawn_axes(day):
        assert_words_inside(axes)


@pytest.mark.parametrize("day", DAYS)
def test_no_rate_is_drawn_beyond_as_of(day: str) -> None:
    ds = known(day)
    ax = charts.weighted_rates(charts.weighted_frame(readings(day)), ds.as_of)
    assert max(last_day(line) for line in ax.lines) <= mdates.date2num(ds.as_of)


@pytest.mark.parametrize("day", DAYS)
def test_each_partner_has_one_name_and_no_name_lies_on_another_or_on_a_mark(day: str) -> None:
    frame = charts.exposed_frame(exposure.imports_and_rates(known(day)))
    ax = charts.exposed(frame)
    page_of(ax).draw_without_rendering()
    words = words_of(ax)
    assert sorted(text.get_text() for text in words) == sorted(frame["name"])
    boxes = [super(Annotation, text).get_window_extent() for text in words]
    for one, other in combinations(range(len(boxes)), 2):
        assert not boxes[one].overlaps(boxes[other]), (words[one].get_text(), words[other].get_text())
    feet = ax.transData.transform(frame[["imports_2024_usd_bn", "headline_pct"]].to_numpy())
    for text, box in zip(words, boxes, strict=True):
        assert not any(box.contains(*foot) for foot in feet), text.get_text()


def test_exposed_places_each_mark_at_its_imports_and_rate() -> None:
    frame = charts.exposed_frame(exposure.imports_and_rates(known("2025-04-25")))
    ax = charts.exposed(frame)
    drawn = [tuple(np.asarray(mark.get_offsets(), dtype="float64")[0]) for mark in ax.collections]
    assert drawn[0] == pytest.approx((traded(IMPORTS, "2024")["CHN"] / 1000, 145.0))
    assert len(set(drawn)) == 20
    text = charts.exposed_text(frame, known("2025-04-25").as_of)
    assert "from 10% (17 partners) to 145% (China)" in text
    assert "goods under USMCA exempt: Canada 25% and Mexico 25%" in text
    assert "converted" not in text


def test_converted_rates_are_ringed_and_counted() -> None:
    frame = charts.exposed_frame(exposure.imports_and_rates(known("2026-09-30")))
    rings = int(frame["converted"].sum())
    assert rings > 0
    assert len(charts.exposed(frame).collections) == len(frame) + rings
    assert "converted from all-in" in charts.exposed_text(frame, known("2026-09-30").as_of)


def test_nothing_is_drawn_of_imports_before_the_whole_year_is_published() -> None:
    ds = known("2025-02-01")
    assert charts.exposed_frame(exposure.imports_and_rates(ds)).empty
    assert charts.weighted_frame(exposure.rate_readings(ds)).empty
    assert charts.covered_frame(exposure.covered_share(ds)).empty
    assert exposure.change_since_2024(ds).empty
    assert exposure.last_month_rates(ds).empty
    assert "not all published" in charts.exposed_text(
        charts.exposed_frame(exposure.imports_and_rates(ds)), ds.as_of
    )


def test_no_covered_share_is_drawn_without_a_framework() -> None:
    shares = exposure.covered_share(known("2025-04-25"))
    assert len(shares)
    assert charts.covered_frame(shares).empty
    assert charts.covered_text(charts.covered_frame(shares), known("2025-04-25").as_of).startswith(
        "No framework"
    )


def test_the_covered_text_tells_when_orders_lapsed() -> None:
    ds = known("2026-09-30")
    frame = covered_frame("2026-09-30")
    text = charts.covered_text(frame, ds.as_of)
    by_day = frame.set_index("day")
    lapsed = pd.Timestamp("2026-02-24")
    fewer = by_day["order_n"].shift()[lapsed] - by_day["order_n"][lapsed]
    assert fewer == 9
    assert "On 24 February 2026 the orders of nine partners lapsed" in text
    assert f"{100 * by_day['order_share'].iloc[-1]:.1f}% from four partners" in text
    before = known("2026-02-21")
    frame = covered_frame("2026-02-21")
    assert "lapsed" not in charts.covered_text(frame, before.as_of)


def test_the_labels_of_the_covered_shares_stand_apart() -> None:
    for day in ("2025-08-07", "2026-02-21", "2026-09-30"):
        ds = known(day)
        ax = charts.covered(covered_frame(day), ds.as_of)
        page_of(ax).draw_without_rendering()
        ends = [
            text for text in words_of(ax) if "partner" in text.get_text() and "lapse" not in text.get_text()
        ]
        assert len(ends) == 3
        boxes = sorted((super(Annotation, text).get_window_extent() for text in ends), key=lambda box: box.y0)
        assert all(low.y1 <= high.y0 + 1 for low, high in pairwise(boxes))


@pytest.mark.parametrize("day", DAYS)
def test_months_not_yet_published_are_not_drawn(day: str) -> None:
    ds = known(day)
    last = pd.Timestamp(RELEASED[day])
    ax = charts.weighted_rates(charts.weighted_frame(readings(day)), ds.as_of)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    if last < exposure.FIRST_MONTH:
        assert not dots
    for line in dots:
        assert last_day(line) == mdates.date2num(last + pd.Timedelta(days=14))
    whole = charts.duties(exposure.duties(ds), ds.names, ds.as_of)[0]
    ends = [bar.get_x() + bar.get_width() for bar in bars_of(whole)]
    assert mdates.num2date(max(ends)).strftime("%Y-%m") == RELEASED[day]
    assert len(bars_of(whole)) == len(pd.period_range("2024-01", RELEASED[day], freq="M"))


def test_the_weighted_text_agrees_with_sums_from_the_csv() -> None:
    ds = known("2025-08-07")
    text = charts.weighted_rates_text(charts.weighted_frame(readings("2025-08-07")), ds.as_of)
    duty, value = traded(DUTIES, "2025-06"), traded(IMPORTS, "2025-06")
    weights, duty24 = traded(IMPORTS, "2024"), traded(DUTIES, "2024")
    codes = ds.reciprocal
    total = sum(weights[code] for code in codes)
    charged = 100 * sum(weights[code] * duty[code] / value[code] for code in codes) / total
    base = 100 * sum(duty24[code] for code in codes) / total
    assert f"in June 2025, the last month published, it was {round(charged - base, 1):g}% above it" in text


def test_a_partner_far_above_the_others_is_written_in_its_title() -> None:
    ds = known("2026-09-30")
    single = charts.partner_frame(readings("2026-09-30"))
    axes = charts.partner_rates(single, ds.names, ds.border, ds.as_of)
    titles = [ax.get_title(loc="left") for ax in axes]
    peak = single.loc[single["partner"] == "CHN", "headline_pct"].max()
    assert titles[0] == f"China (to {peak:.0f})"
    assert titles[-2:] == ["Canada*", "Mexico*"]
    assert axes[0].get_ylim()[1] < peak
    others = single[single["partner"] != "CHN"]
    shown = others[["headline_pct", "modelled_pct", "charged_added_pct"]].max().max()
    assert shown < axes[0].get_ylim()[1]


@pytest.mark.parametrize("day", DAYS[1:])
def test_the_bars_of_the_split_add_up(day: str) -> None:
    ds = known(day)
    frame = exposure.change_since_2024(ds)
    ax = charts.rate_change(frame, ds.names)
    widths = [[bar.get_width() for bar in bars] for bars in ax.containers]
    for rates_, shares, both in zip(*widths, strict=True):
        assert rates_ + shares == pytest.approx(both)
    for bars in widths:
        assert sum(bars[1:]) == pytest.approx(bars[0])
    assert ax.get_yticklabels()[0].get_text() == "All 18"
    month = RELEASED[day]
    overall = []
    for one in (f"2024{month[4:]}", month):
        duty, value = traded(DUTIES, one), traded(IMPORTS, one)
        overall.append(100 * sum(duty[c] for c in ds.reciprocal) / sum(value[c] for c in ds.reciprocal))
    assert widths[2][0] == pytest.approx(overall[1] - overall[0])
    text = charts.rate_change_text(frame, ds.names)
    assert f"{signed(overall[1] - overall[0], 2)} percentage points" in text


def test_duties_in_the_panels_add_up_to_the_total() -> None:
    ds = known("2026-09-30")
    whole, *small = charts.duties(exposure.duties(ds), ds.names, ds.as_of)
    total = [bar.get_height() for bar in bars_of(whole)]
    parts = [[bar.get_height() for bar in bars_of(ax)] for ax in small]
    assert len(small) == 8
    assert [sum(column) for column in zip(*parts, strict=True)] == pytest.approx(total)
    assert total[-1] == pytest.approx(sum(traded(DUTIES, RELEASED["2026-09-30"]).values()) / 1000)
    text = charts.duties_text(exposure.duties(ds), ds.names, ds.as_of)
    best = max(
        (sum(traded(DUTIES, f"{month}").values()), month)
        for month in pd.period_range("2024-01", "2026-07", freq="M").astype(str)
    )
    assert f"after a peak of ${round(best[0] / 1000, 1):g} billion in {pd.Timestamp(best[1]):%B %Y}" in text


def test_the_same_chart_is_the_same_picture() -> None:
    frame = charts.exposed_frame(exposure.imports_and_rates(known("2025-08-07")))
    assert style.svg(page_of(charts.exposed(frame))) == style.svg(page_of(charts.exposed(frame)))
