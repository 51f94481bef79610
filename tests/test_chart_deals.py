"""Charts of deals: each fact is drawn once where it belongs, words meet neither edge nor neighbour."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import combinations

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

import tradeviz
from known import known
from tests.oracle.tables import rows
from tests.some import some_of
from tradeviz import charts, summaries, tables
from tradeviz.talks import deals
from tradeviz.vocabulary import USMCA_EXEMPT

DAYS = some_of("2025-05-12", "2025-08-07", "2026-02-21", "2026-09-30")
BEFORE_ANY_DEAL = ["2025-02-01", "2025-04-05", "2025-04-25"]
EXEMPT = {"CAN": USMCA_EXEMPT, "MEX": USMCA_EXEMPT}


@pytest.fixture(autouse=True)
def _no_figure_left() -> Iterator[None]:
    yield
    plt.close("all")


NAMES = {row["partner"]: row["name"] for row in rows("partners")}


def draw_paths(ds: tradeviz.Dataset) -> list[Axes]:
    return charts.rate_paths(charts.paths_frame(deals.rate_paths(ds)), NAMES, ds.as_of, EXEMPT)


def draw_pledges(ds: tradeviz.Dataset) -> list[Axes]:
    return [charts.pledges(deals.pledges(ds), NAMES)]


def draw_statuses(ds: tradeviz.Dataset) -> list[Axes]:
    return [charts.statuses(deals.pledge_statuses(ds), NAMES, ds.border)]


def draw_implementation(ds: tradeviz.Dataset) -> list[Axes]:
    return [charts.implementation(deals.implementation(ds), NAMES, ds.as_of)]


def words(ax: Axes) -> list[Text]:
    return [text for text in ax.texts if text.get_text()]


def marks(ax: Axes) -> list[tuple[float, float, str]]:
    """Every mark (x, y, shape) that is drawn, lines without marks left out."""
    found = []
    for line in ax.lines:
        shape = line.get_marker()
        if shape in ("None", None, ""):
            continue
        found += [
            (float(x), float(y), str(shape)) for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
        ]
    return found


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("draw", [draw_paths, draw_pledges, draw_statuses, draw_implementation])
def test_no_words_leave_the_picture_or_meet(
    draw: Callable[[tradeviz.Dataset], Sequence[Axes]], day: str
) -> None:
    axes = draw(known(day))
    figure = axes[0].figure
    figure.canvas.draw()
    for ax in axes:
        labels = [label for label in ax.get_yticklabels() if label.get_text()]
        boxes = [text.get_window_extent() for text in [*words(ax), *labels]]
        assert all(box.x0 >= -1 and box.x1 <= figure.bbox.x1 + 1 for box in boxes)
        for one, other in combinations(boxes, 2):
            across = min(one.x1, other.x1) - max(one.x0, other.x0)
            down = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert across <= 1 or down <= 3  # boxes of text reach a little beyond the letters


@pytest.mark.parametrize("day", BEFORE_ANY_DEAL)
def test_before_any_deal_there_are_words_and_no_panels(day: str) -> None:
    ds = known(day)
    paths = charts.paths_frame(deals.rate_paths(ds))
    assert paths.empty
    assert deals.pledges(ds).empty
    assert deals.implementation(ds).empty
    assert charts.rate_paths_text(paths, NAMES, ds.as_of) == "No deal is on record by this day."
    assert charts.implementation_text(deals.implementation(ds), NAMES, ds.as_of).startswith("No deal")
    assert charts.pledges_text(deals.pledges(ds), NAMES).startswith("No pledge")


@pytest.mark.parametrize("day", DAYS)
def test_each_rate_has_one_mark_within_its_panel_and_china_one_of_its_own(day: str) -> None:
    ds = known(day)
    frame = charts.paths_frame(deals.rate_paths(ds))
    panels = draw_paths(ds)
    drawn: Counter[float] = Counter()
    for ax in panels:
        low, high = ax.get_xlim()
        assert all(low <= x <= high for x, _, _ in marks(ax))
        drawn.update(x for x, _, _ in marks(ax))
    assert drawn == Counter(frame["rate_pct"])
    if len(panels) > 1:
        assert [label.get_text() for label in panels[0].get_yticklabels()] == ["China"]
        assert panels[1].get_xlim()[1] < 60


@pytest.mark.parametrize("day", DAYS[1:])
def test_an_all_in_rate_is_never_written_bare(day: str) -> None:
    frame = charts.paths_frame(deals.rate_paths(known(day)))
    written = [text.get_text() for ax in draw_paths(known(day)) for text in words(ax)]
    ceilings = frame[(frame["basis"] == "all_in") & frame["point"].isin(["agreed", "in_force"])]
    assert len(ceilings) > 0
    assert sum(text.endswith(" all-in") for text in written) >= len(ceilings)


def test_the_border_partners_stand_last_with_their_exemption() -> None:
    labels = [label.get_text() for label in draw_paths(known("2026-09-30"))[-1].get_yticklabels()]
    assert labels[-1].replace("\n", " ") == "Mexico (goods under USMCA exempt)"
    assert not any("USMCA" in label for label in labels[:-1])


def test_the_words_on_rates_are_true() -> None:
    # Agreed by 7 August 2025: EU, Japan, Korea, Vietnam, Indonesia, Philippines, Mexico;
    # only Japan's order still said 15 on top instead of 15 all-in.
    ds = known("2025-08-07")
    text = charts.rate_paths_text(charts.paths_frame(deals.rate_paths(ds)), NAMES, ds.as_of)
    assert "For 7 of 7 the agreed rate lies below" in text
    assert "For 6 of 7 the rate in force equals the agreed one." in text
    assert "South Korea: the day before the deal 10%, scheduled by then 25%, highest threat 25%" in text
    later = known("2026-09-30")
    text = charts.rate_paths_text(charts.paths_frame(deals.rate_paths(later)), NAMES, later.as_of)
    assert "for 16 it rests on another legal ground" in text


def test_one_partner_makes_one_row() -> None:
    ds = known("2026-09-30")
    paths = deals.rate_paths(ds)
    korea = charts.paths_frame(paths[paths["partner"] == "KOR"])
    (ax,) = charts.rate_paths(korea, NAMES, ds.as_of, EXEMPT)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["South Korea"]
    done = deals.implementation(ds)
    ax = charts.implementation(done[done["partner"] == "KOR"], NAMES, ds.as_of)
    assert [text.get_text() for text in words(ax)] == ["U.S. after one day", "partner after 225 days"]
    own = deals.pledges(ds)
    assert len(marks(charts.pledges(own[own["partner"] == "IND"], NAMES))) == 1


@pytest.mark.parametrize("day", DAYS[1:])
def test_each_pledge_has_one_mark_at_its_amount(day: str) -> None:
    frame = deals.pledges(known(day))
    (ax,) = draw_pledges(known(day))
    low, high = ax.get_xlim()
    amounts = [x for x, _, shape in marks(ax) if shape in "so"]
    assert amounts == list(frame["amount_usd_bn"])
    assert all(low < amount < high for amount in amounts)
    written = [text.get_text() for text in words(ax)]
    disputed = [row for row in frame.to_dict("records") if row["status"] == "disputed"]
    assert sum(text.endswith(", disputed") for text in written) == len(disputed)
    assert sum(shape == "x" for _, _, shape in marks(ax)) == len(disputed)


@pytest.mark.parametrize("day", DAYS[1:])
def test_pledges_are_not_added_up(day: str) -> None:
    frame = deals.pledges(known(day))
    text = charts.pledges_text(frame, NAMES)
    sums = {round(float(frame["amount_usd_bn"].sum()))}
    sums |= {round(float(own["amount_usd_bn"].sum())) for _, own in frame.groupby("partner") if len(own) > 1}
    singles = {round(float(amount)) for amount in frame["amount_usd_bn"]}
    said = {round(float(amount.replace(",", ""))) for amount in re.findall(r"\$([\d,.]+) billion", text)}
    assert said
    assert not said & (sums - singles)
    assert "not added up" in text
    assert "European Union $750 billion (purchases, pledged, 1.24 times the exports of 2024)" in text


@pytest.mark.parametrize("day", ["2025-04-05", *DAYS])
def test_each_commitment_is_one_square(day: str) -> None:
    ds = known(day)
    (ax,) = draw_statuses(ds)
    known_by = [row for row in rows("commitments") if row["announced"] <= day]
    assert sum(shape == "s" for _, _, shape in marks(ax)) == len(known_by)
    per_partner = Counter(row["partner"] for row in known_by)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    squares = Counter(labels[int(y)] for _, y, shape in marks(ax) if shape == "s")
    assert squares == {NAMES[code]: n for code, n in per_partner.items()}
    assert f"{len(known_by)} commitments" in charts.statuses_text(deals.pledge_statuses(ds), NAMES)


def test_when_every_pledge_is_void_all_are_struck_and_said() -> None:
    ds = known("2026-09-30")
    void = ds.commitment_status.assign(status="void").drop_duplicates("commitment_id")
    gone = dataclasses.replace(ds, commitment_status=void)
    (ax,) = draw_statuses(gone)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["void"]
    n = len(ds.commitments)
    assert sum(shape == "_" for _, _, shape in marks(ax)) == n
    assert f"{n} void." in charts.statuses_text(deals.pledge_statuses(gone), NAMES)
    (ax,) = draw_pledges(gone)
    amounts = [text.get_text() for text in words(ax) if re.match(r"\$\d", text.get_text())]
    assert len(amounts) == len(deals.pledges(gone))
    assert all(text.endswith(", void") for text in amounts)
    assert f"{n} void" in summaries.deals(gone).text


@pytest.mark.parametrize("day", DAYS)
def test_ticks_stand_at_the_days_of_the_acts(day: str) -> None:
    frame = deals.implementation(known(day))
    (ax,) = draw_implementation(known(day))
    acted = [*frame["us_days"].dropna(), *frame["partner_days"].dropna()]
    assert Counter(x for x, _, _ in marks(ax)) == Counter(acted)
    low, high = ax.get_xlim()
    assert all(low <= days <= high for days in acted)
    written = [text.get_text() for text in words(ax)]
    assert len(written) == 2 * len(frame)
    assert sum("not yet after" in text for text in written) == 2 * len(frame) - len(acted)


def test_a_side_without_an_act_has_waited_since_the_deal() -> None:
    ds = known("2026-09-30")
    (ax,) = draw_implementation(ds)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    y = labels.index("Japan\n22 Jul 2025")
    waited = (date(2026, 9, 30) - date(2025, 7, 22)).days
    near = [text.get_text() for text in words(ax) if abs(text.xy[1] - y) < 0.5]
    assert near == ["U.S. after nine days", f"partner not yet after {waited} days"]
    thailand = next(i for i, label in enumerate(labels) if label.startswith("Thailand"))
    assert "U.S. one day before" in [
        text.get_text() for text in words(ax) if abs(text.xy[1] - thailand) < 0.5
    ]


def test_where_both_sides_acted_nothing_is_open() -> None:
    ds = known("2026-09-30")
    frame = deals.implementation(ds).dropna(subset=["us_days", "partner_days"])
    ax = charts.implementation(frame, NAMES, ds.as_of)
    assert not any("not yet" in text.get_text() for text in words(ax))
    assert "without an act" not in charts.implementation_text(frame, NAMES, ds.as_of)


def test_the_words_on_implementation_are_true() -> None:
    ds = known("2026-09-30")
    text = charts.implementation_text(deals.implementation(ds), NAMES, ds.as_of)
    assert "by the partner is on record for 4 of 16" in text
    days = sorted([1, 193, 225, 324])  # China, Bangladesh, South Korea, European Union
    assert f"the median of these is {(days[1] + days[2]) / 2:g}." in text
    waited = (date(2026, 9, 30) - date(2025, 5, 8)).days
    assert f"Longest without an act by the partner: United Kingdom, {waited} days." in text


def test_tables_say_who_waits_and_how_large_a_pledge_is() -> None:
    ds = known("2026-09-30")
    html = tables.pledges(ds, deals.pledges(ds)).as_raw_html(inline_css=False)
    assert "5.73 times" in html
    assert "United Kingdom (pledge by the U.S.)" in html
    assert html.count("<tr") == len(deals.pledges(ds)) + 1
    html = tables.implementation(ds, deals.implementation(ds)).as_raw_html(inline_css=False)
    assert "31 July 2025, one day before" in html
    assert "none on record after 510 days" in html
    assert "nan" not in html.lower()


def test_the_frames_of_the_charts_are_left_as_they_were() -> None:
    ds = known("2026-09-30")
    paths, pledged = charts.paths_frame(deals.rate_paths(ds)), deals.pledges(ds)
    before = (paths.copy(), pledged.copy())
    charts.rate_paths(paths, NAMES, ds.as_of, EXEMPT)
    charts.pledges(pledged, NAMES)
    pd.testing.assert_frame_equal(paths, before[0])
    pd.testing.assert_frame_equal(pledged, before[1])
