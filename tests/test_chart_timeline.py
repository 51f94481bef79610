"""The charts of the tariff timeline draw and say what the frames hold, on every day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from known import known
from tests.some import some_of
from tradeviz import charts, rates, tables
from tradeviz.charts import parts
from tradeviz.charts.labels import Label, place_labels

DAYS = some_of("2025-02-01", "2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30")


@pytest.fixture(autouse=True, scope="module")
def _no_figure_left() -> Iterator[None]:
    yield
    panels.cache_clear()
    plt.close("all")


@cache
def panels(day: str) -> dict[str, plt.Axes]:
    ds = known(day)
    axes = charts.timeline(rates.timeline(ds), rates.general_events(ds), ds.names, ds.border, ds.as_of)
    return {ax.get_title(loc="left"): ax for ax in axes}


def words(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("day", DAYS)
def test_every_partner_has_a_panel_on_shared_axes_and_the_border_comes_last(day: str) -> None:
    ds = known(day)
    drawn = panels(day)
    assert list(drawn) == [*(ds.name(c) for c in ds.reciprocal), *(ds.name(c) for c in ds.border)]
    assert len({ax.get_ylim() for ax in drawn.values()}) == 1
    assert len({ax.get_xlim() for ax in drawn.values()}) == 1
    grounds = {name: ax.get_facecolor() for name, ax in drawn.items()}
    assert grounds["Canada"] == grounds["Mexico"] != grounds["Japan"]


def test_panels_label_what_is_in_force_and_what_is_scheduled() -> None:
    korea = panels("2025-04-25")["South Korea"]
    assert {"10", "25"} <= set(words(korea))
    dashed = [line for line in korea.lines if line.is_dashed() and set(line.get_ydata()) == {25.0}]
    assert len(dashed) == 1


def test_an_all_in_rate_is_a_double_line_and_never_a_bare_number() -> None:
    japan = panels("2026-09-30")["Japan"]
    assert "12.5 all-in" in words(japan)
    assert "12.5" not in words(japan)
    assert any(line.get_color() == "white" and set(line.get_ydata()) == {12.5} for line in japan.lines)


def test_programmes_that_stand_together_are_stacked_and_said_so() -> None:
    brazil = panels("2026-09-30")["Brazil"]
    assert "25+12.5" in words(brazil)
    assert any(set(line.get_ydata()) == {37.5} for line in brazil.lines)


def test_threats_are_hollow_triangles_and_deals_diamonds() -> None:
    ds = known("2025-08-07")
    europe = panels("2025-08-07")["European Union"]
    rows = rates.timeline(ds)
    own = rows[rows["partner"] == "EUU"]
    marks = {kind: [line for line in europe.lines if line.get_marker() == kind] for kind in "^D"}
    assert len(marks["^"]) == (own["kind"] == "threat").sum() == 3
    assert len(marks["D"]) == (own["kind"] == "deal").sum() == 1
    assert {line.get_markerfacecolor() for line in marks["^"]} == {"white"}


@pytest.mark.parametrize("day", DAYS[1:])
def test_nothing_is_drawn_solid_beyond_the_day_of_knowledge(day: str) -> None:
    edge = plt.matplotlib.dates.date2num(known(day).as_of)
    for ax in panels(day).values():
        solid = [
            line for line in ax.lines if line.get_linestyle() == "-" and line.get_transform() == ax.transData
        ]
        assert solid
        beyond = [line for line in solid if max(line.get_xdata()) > edge and line.get_color() != "white"]
        assert not beyond


@pytest.mark.parametrize("day", DAYS)
def test_the_key_tells_every_general_event(day: str) -> None:
    ds = known(day)
    events = rates.general_events(ds)
    ax = next(iter(panels(day).values()))
    key = re.sub(r"\s+", " ", " ".join(words(ax.figure.axes[-1])))
    assert all(title in key for title in events["title"])
    assert "goods under USMCA exempt" in key


def test_events_before_the_first_day_drawn_are_left_out() -> None:
    ds = known()
    rows, events = rates.timeline(ds, "s301"), rates.general_events(ds, "s301")
    axes = charts.timeline(rows, events, ds.names, ds.border, ds.as_of)
    key = " ".join(words(axes[0].figure.axes[-1]))
    assert "Section 301 forced-labor duties ordered" in key
    assert events["date"].min() < rows["day"].min()
    assert events["title"].iloc[0] not in key
    low, high = axes[0].get_xlim()
    assert all(low <= text.xy[0] <= high for text in axes[0].texts)


def test_the_words_agree_with_the_rates() -> None:
    ds = known("2025-04-25")
    text = charts.timeline_text(rates.timeline(ds), ds.names, ds.border, ds.as_of)
    assert "Highest: China, reciprocal 125% from 10 April 2025" in text
    assert "24% reciprocal from 9 July 2025: Japan and Malaysia" in text
    assert "threat" not in text
    late = known()
    text = charts.timeline_text(rates.timeline(late), late.names, late.border, late.as_of)
    raised = rates.whole_economy_rows(rates.proposals(late, "threat"))
    raised = raised[raised["rate_pct"] > 0]
    assert f"{len(raised)} threats marked, {raised['alive'].sum()} still open" in text


def test_a_repeal_still_to_come_is_said() -> None:
    ds = known("2026-02-21")
    text = charts.timeline_text(rates.timeline(ds), ds.names, ds.border, ds.as_of)
    assert "0% reciprocal" in text


@pytest.mark.parametrize("day", DAYS)
def test_dumbbells_show_each_standing_in_partner_order(day: str) -> None:
    ds = known(day)
    highest = rates.highest_rates(ds)
    ax = charts.dumbbells(highest, ds.names, ds.border, ds.as_of)
    labels = [tick.get_text().removesuffix(" *") for tick in ax.get_yticklabels()]
    assert labels == [ds.name(code) for code in highest["partner"]]
    assert [tick.get_text().endswith("*") for tick in ax.get_yticklabels()] == [
        code in ds.border for code in highest["partner"]
    ]
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_markersize() == 5]
    assert dots == list(highest["in_force_pct"])
    bounds = ax.figure.bbox
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert all(box.x0 >= 0 and box.x1 <= bounds.x1 for box in boxes)


def test_dumbbells_count_who_pays_less_than_was_once_ordered() -> None:
    ds = known("2025-08-07")
    highest = rates.highest_rates(ds)
    inner = highest[highest["partner"].isin(ds.reciprocal)]
    fewer = int((inner["in_force_pct"] < inner["ordered_pct"]).sum())
    text = charts.dumbbells_text(highest, ds.names, ds.border, ds.as_of)
    assert f"{fewer} partners of 18 had less in force" in text
    assert "still to come for India" in text
    assert charts.dumbbells_text(highest.iloc[:0], ds.names, ds.border, ds.as_of).startswith("No rate")


@pytest.mark.parametrize("day", DAYS[1:])
def test_sectors_have_a_row_for_all_countries_and_rows_for_own_schedules(day: str) -> None:
    ds = known(day)
    calendar = rates.sector_calendar(ds)
    ax = charts.sectors(calendar, ds.names, ds.as_of)
    labels = [tick.get_text().replace("\n", " ") for tick in ax.get_yticklabels()]
    products = calendar.loc[calendar["partner"] == "ALL", ["layer", "product"]].drop_duplicates()
    own = [label for label in labels if any(name in label for name in ds.names.values())]
    assert len(labels) - len(own) == len(products)
    ax.figure.canvas.draw()
    boxes = [tick.get_window_extent() for tick in ax.get_yticklabels()]
    assert all(lower.y1 <= upper.y0 + 1 for upper, lower in pairwise(boxes))
    edge = plt.matplotlib.dates.date2num(ds.as_of)
    filled = [bar for bar in ax.patches if bar.get_linestyle() == "-" or bar.get_linestyle() == "solid"]
    assert filled
    assert all(bar.get_x() + bar.get_width() <= edge for bar in filled)


def test_sectors_say_caps_as_all_in_and_what_is_scheduled() -> None:
    ds = known()
    text = charts.sectors_text(rates.sector_calendar(ds), ds.names, ds.as_of)
    assert "15% all-in for European Union, Japan and South Korea" in text
    assert "50% scheduled from 1 January 2027" in text
    assert "25% (goods under USMCA exempt) for Canada and Mexico" in text


def test_labels_do_not_cover_each_other_and_lesser_ones_give_way() -> None:
    _, (ax,) = parts.figure(1.0)
    ax.set_xlim(20000, 20100)
    ax.set_ylim(0, 10)
    ax.figure.draw_without_rendering()
    day = pd.Timestamp("2024-11-20")
    crowd = [Label(day, 5, f"label {i}", charts.palette.ink, 1) for i in range(40)]
    first = Label(day, 5, "first", charts.palette.ink, 0)
    written = place_labels(ax, [*crowd, first])
    assert written[0] == "first"
    assert 1 < len(written) < 41
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_the_table_of_orders_shows_citations_and_shortens_long_lists() -> None:
    ds = known("2025-04-25")
    html = tables.orders(ds, rates.orders(ds)).as_raw_html()
    assert "90 FR 15041" in html
    assert "no citation on record" in html
    assert "all partners" in html
    assert "18 partners" in html
    assert "all countries; own rates for Canada, Mexico" in html
