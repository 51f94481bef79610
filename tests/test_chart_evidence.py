"""Charts and tables of the evidence say what plain csv code counts, and leave no panel empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from known import known
from tests.oracle.tables import rows
from tests.some import some_of
from tradeviz import charts, evidence, tables

DAYS = some_of("2025-02-01", "2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30")
KNOWN_ON = {"meetings": "start_date", "commitments": "announced"}
TALKS = ["meetings", "milestones", "issues", "commitments", "commitment_status"]


@pytest.fixture(autouse=True)
def _no_figure_left() -> Iterator[None]:
    yield
    plt.close("all")


def names() -> dict[str, str]:
    return {row["partner"]: row["name"] for row in rows("partners")}


def talks_days(as_of: str) -> list[tuple[str, str]]:
    """Partner and day of each row about the talks."""
    owner = {row["commitment_id"]: row["partner"] for row in rows("commitments")}
    found = []
    for table in TALKS:
        for row in rows(table):
            day = row[KNOWN_ON.get(table, "date")]
            if day <= as_of:
                found.append((row.get("partner") or owner[row["commitment_id"]], day))
    return found


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if isinstance(text, Annotation)]


@pytest.mark.parametrize("day", DAYS)
def test_the_grid_counts_the_rows_of_each_partner_and_month(day: str) -> None:
    ds = known(day)
    ax = charts.talks_rows(evidence.rows_by(ds), names(), ds.border, ds.as_of)
    found = talks_days(day)
    cells = Counter((partner, when[:7]) for partner, when in found)
    totals = Counter(partner for partner, _ in found)
    expected = Counter(str(n) for n in cells.values())
    expected += Counter(str(totals.get(code, 0)) for code in names()) + Counter(["all"])
    assert Counter(words(ax)) == expected


def test_the_grid_stands_the_border_partners_apart() -> None:
    ds = known("2025-08-07")
    ax = charts.talks_rows(evidence.rows_by(ds), names(), ds.border, ds.as_of)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == list(names().values())
    steps = [round(b - a, 2) for a, b in pairwise(ax.get_yticks())]
    assert steps.count(1.0) == len(steps) - 1
    assert steps[labels.index("Canada") - 1] > 1


@pytest.mark.parametrize("day", DAYS)
def test_the_words_of_the_grid_name_total_and_peak(day: str) -> None:
    found = talks_days(day)
    month, n = Counter(when[:7] for _, when in found).most_common(1)[0]
    text = charts.talks_rows_text(evidence.rows_by(known(day)), names())
    assert text.startswith(f"{len(found):,} rows" if len(found) > 10 else "Two rows")
    assert f"most of them in {pd.Timestamp(month):%B %Y} ({n})" in text
    without = len(set(names()) - {partner for partner, _ in found})
    assert ("None on" in text) == (without > 0)


def test_no_rows_are_said_in_words() -> None:
    none = evidence.rows_by(known("2025-02-01")).iloc[:0]
    assert charts.talks_rows_text(none, names()) == "No row about the talks is on record by this day."
    assert charts.table_rows_text(none).startswith("No row")


@pytest.mark.parametrize("day", DAYS)
def test_bars_of_the_tables_add_up_to_their_rows(day: str) -> None:
    ds = known(day)
    ax = charts.table_rows(evidence.rows_by_table(ds), ds.as_of)
    feet = sorted({bar.get_y() for bar in ax.patches}, reverse=True)
    drawn = [int(sum(bar.get_height() for bar in ax.patches if bar.get_y() == foot)) for foot in feet]
    sizes = [len(getattr(ds, table)) for table in evidence.FACT_TABLES]
    assert drawn == [n for n in sizes if n]


@pytest.mark.parametrize("day", DAYS)
def test_dots_stand_at_the_shares(day: str) -> None:
    ds = known(day)
    ax = charts.sourced(evidence.source_shares(ds))
    primary = {row["source_id"] for row in rows("sources") if row["kind"] == "primary"}
    cited = [set(cell.split(";")) for cell in ds.tariffs["source_ids"]]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    y = next(i for i, label in enumerate(labels) if label.startswith("rates ("))
    dots = {line.get_marker(): line.get_xdata()[0] for line in ax.lines if list(line.get_ydata()) == [y]}
    assert dots["s"] == pytest.approx(100 * sum(bool(ids & primary) for ids in cited) / len(cited))
    assert dots["o"] == pytest.approx(100 * sum(len(ids) == 1 for ids in cited) / len(cited))
    assert all("(no rows)" not in label for label in labels)


@pytest.mark.parametrize("day", DAYS)
def test_the_words_of_two_dots_do_not_meet(day: str) -> None:
    ax = charts.sourced(evidence.source_shares(known(day)))
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    meeting = [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :] if a.overlaps(b)]
    assert not meeting


@pytest.mark.parametrize("day", DAYS)
def test_shares_by_partner_and_by_quarter_count_each_fact_about_the_talks_once(day: str) -> None:
    ds = known(day)
    facts = sum(len(getattr(ds, table)) for table in evidence.TALKS_TABLES)
    by_partner, by_quarter = evidence.partner_shares(ds), evidence.quarter_shares(ds)
    assert by_partner["rows"].sum() == by_quarter["rows"].sum() == facts
    primary = {row["source_id"] for row in rows("sources") if row["kind"] == "primary"}
    owner = dict(zip(ds.commitments["commitment_id"], ds.commitments["partner"], strict=True))
    cited = [
        set(row["source_ids"].split(";"))
        for table in evidence.TALKS_TABLES
        for row in getattr(ds, table).to_dict("records")
        if (row["partner"] if "partner" in row else owner[row["commitment_id"]]) == "KOR"
    ]
    assert ("KOR" in set(by_partner["partner"])) == bool(cited)
    if not cited:
        return
    korea = by_partner.set_index("partner").loc["KOR"]
    assert korea["with_primary_share"] == pytest.approx(
        sum(bool(ids & primary) for ids in cited) / len(cited)
    )
    assert korea["single_source_share"] == pytest.approx(sum(len(ids) == 1 for ids in cited) / len(cited))


def test_shares_by_partner_and_by_quarter_name_their_rows() -> None:
    ds = known("2025-04-25")
    ax = charts.sourced(evidence.partner_shares(ds), ds.names)
    assert ax.get_yticklabels()[0].get_text().startswith("China (")
    assert "2025 Q1 (" in charts.sourced_text(evidence.quarter_shares(ds))


def test_a_table_without_rows_is_left_out_of_the_shares() -> None:
    text = charts.sourced_text(evidence.source_shares(known("2025-02-01")))
    assert "meetings" not in text
    assert "rates (four rows) 100% and 0%" in text


@pytest.mark.parametrize("day", DAYS)
def test_the_oldest_talks_stand_on_top(day: str) -> None:
    ds = known(day)
    last = evidence.last_evidence(ds)
    ax = charts.freshness(last, ds.coverage, names(), ds.border, ds.as_of)
    code = {name: code for code, name in names().items()}
    order = [code[label.get_text()] for label in ax.get_yticklabels()]
    ages = last[last["kind"] == "talks"].set_index("partner")["age_days"].fillna(1e9)
    assert ages[order[:18]].is_monotonic_decreasing
    assert set(order[18:]) == {"CAN", "MEX"}


def test_freshness_counts_old_and_missing_evidence() -> None:
    ds = known("2025-04-05")
    text = charts.freshness_text(evidence.last_evidence(ds), ds.coverage, names(), ds.as_of)
    without = [name for code, name in names().items() if code not in dict(talks_days("2025-04-05"))]
    assert f"none yet for {', '.join(without[:-1])} and {without[-1]}" in text
    assert "record of the talks ends" not in text
    ds = known("2026-09-30")
    text = charts.freshness_text(evidence.last_evidence(ds), ds.coverage, names(), ds.as_of)
    assert "14 of 20 partners, the oldest South Korea (202 days)" in text
    ends: dict[str, str] = {}
    for row in rows("coverage"):
        if row["table"] in ("meetings", "milestones", "issues", "commitments"):
            ends[row["partner"]] = max(row["through"], ends.get(row["partner"], ""))
    early = [end for end in ends.values() if end < "2026-09-30"]
    assert (
        f"ends before 30 September 2026 for {len(early)} partners, earliest for Taiwan (23 July 2026)" in text
    )
    assert min(early) == "2026-07-23"


def test_the_end_of_the_record_is_told_only_where_it_lies_before_as_of() -> None:
    for day, told in (("2025-08-07", False), ("2026-09-30", True)):
        ds = known(day)
        ax = charts.freshness(evidence.last_evidence(ds), ds.coverage, names(), ds.border, ds.as_of)
        assert any("record to" in words(panel) for panel in ax.figure.axes) == told


@pytest.mark.parametrize("day", DAYS[1:])
def test_gap_bars_cover_the_months_of_the_spells(day: str) -> None:
    ds = known(day)
    spells = evidence.gaps(ds)
    ax = charts.gaps(spells, names(), ds.border, ds.as_of)
    days = sum(bar.get_width() for bar in ax.patches)
    ends = spells["last_month"] + pd.offsets.MonthEnd(1) + pd.Timedelta(days=1)
    assert days == (ends - spells["first_month"]).dt.days.sum()
    assert sum("→" in word for word in words(ax)) == spells["still_open"].sum()
    assert str(spells["months"].max()) in " ".join(words(ax))


def test_a_spell_that_a_fact_of_this_month_ended_is_not_open() -> None:
    # Japan: nothing about the talks from April to August 2026, then a meeting on 4 September.
    spells = evidence.gaps(known("2026-09-10"))
    japan = spells[spells["partner"] == "JPN"].iloc[-1]
    assert (f"{japan['last_month']:%Y-%m}", japan["months"]) == ("2026-08", 5)
    assert not japan["still_open"]
    before = evidence.gaps(known("2026-09-03"))
    assert before[before["partner"] == "JPN"].iloc[-1]["still_open"]
    text = charts.gaps_text(spells, names())
    assert "Japan" not in text.partition("Still open")[2]
    assert "Vietnam (3)" in text


def test_no_gap_is_said_in_words() -> None:
    assert charts.gaps_text(evidence.gaps(known("2025-02-01")), names()).startswith("No whole month")


@pytest.mark.parametrize("day", DAYS)
def test_publishers_and_kinds_count_rows_that_cite_them(day: str) -> None:
    ds = known(day)
    counts = evidence.publishers(ds).set_index("publisher")
    kinds = evidence.source_kinds(ds).set_index("kind")
    first = counts.index[0]
    own = set(ds.sources.loc[ds.sources["publisher"] == first, "source_id"])
    frames = [getattr(ds, table.name) for table in fields(ds)]
    frames = [frame for frame in frames if "source_ids" in getattr(frame, "columns", [])]
    citing = sum(bool(own & set(cell.split(";"))) for frame in frames for cell in frame["source_ids"])
    assert counts.loc[first, "rows"] == citing
    assert counts["rows"].is_monotonic_decreasing
    assert counts["sources"].sum() == kinds["sources"].sum() == len(ds.sources)
    assert (counts["rows"] > 0).all()


@pytest.mark.parametrize("day", DAYS)
def test_counts_of_single_sourced_rows_split_by_kind(day: str) -> None:
    ds = known(day)
    counts = evidence.single_source_counts(ds)
    assert (counts[["primary", "news", "analysis"]].sum(axis=1) == counts["single_source"]).all()
    assert counts["single_source"].sum() == len(evidence.single_sourced(ds))
    assert (counts["single_source"] <= counts["rows"]).all()


def test_the_table_of_single_sourced_rows_begins_with_the_newest() -> None:
    ds = known("2026-09-30")
    single = evidence.single_sourced(ds)
    html = tables.single_sourced(ds, single).as_raw_html()
    assert html.count("<tr>") == tables.MOST_ROWS
    assert html.index("4 Sep 2026") < html.index("24 Aug 2026")
    oldest_shown = single["day"].sort_values(ascending=False).iloc[tables.MOST_ROWS - 1]
    older = single[single["day"] < oldest_shown]["key"]
    assert not any(key in html for key in older)


def test_the_table_of_gaps_has_one_row_for_each_partner() -> None:
    ds = known("2026-09-30")
    html = tables.evidence_gaps(ds, evidence.gaps(ds)).as_raw_html()
    assert html.count("<tr>") == 20
    assert "6 (April 2026 to September 2026)" in html
