"""The explorer for JupyterLab: what its pickers show is what the library says of that day."""

from __future__ import annotations

import gc
import html
import itertools
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from known import known
from tradeviz import charts, data, exhibits, explore, rates, talks
from tradeviz.briefing import Edition, plan
from tradeviz.errors import UsageError

DAYS = ["2025-02-01", "2025-04-05", "2025-04-25", "2025-08-07", "2026-02-21", "2026-09-30"]
each_chart = pytest.mark.parametrize("chart", list(explore.CHARTS))


@pytest.fixture(autouse=True)
def nothing_stays_frozen() -> Iterator[None]:
    """What the explorer froze would be invisible to the other tests of the process; Hypothesis minds that."""
    yield
    gc.unfreeze()


@pytest.fixture(scope="module")
def app() -> explore.Explorer:
    return explore.explorer()


def pick(app: explore.Explorer, partner: str, day: str, chart: str = "") -> str:
    """Set the pickers as a user would and return the words and the picture shown."""
    app.chart.value = chart or next(iter(explore.CHARTS))
    app.partner.value, app.as_of.value = partner, pd.Timestamp(day)
    return html.unescape(app.status.value + app.picture.value)


def test_it_begins_with_the_last_covered_day_and_every_partner(app: explore.Explorer) -> None:
    fresh = explore.explorer()
    assert fresh.as_of.value == known().as_of
    assert [code for _, code in fresh.partner.options] == list(known().partners["partner"])
    assert fresh.partner.value == "KOR"
    days = [day for _, day in fresh.as_of.options]
    assert days[-1] == known().coverage_end
    assert {later - earlier for earlier, later in itertools.pairwise(days)} == {pd.Timedelta(days=1)}
    assert app.as_of.continuous_update is False


@pytest.mark.parametrize("day", DAYS)
def test_moving_the_day_shows_what_was_known_then(app: explore.Explorer, day: str) -> None:
    shown, ds = pick(app, "JPN", day), known(day)
    schedule = rates.schedules(ds, "JPN")
    threats, deals = (rates.proposals(ds, force, "JPN") for force in ("threat", "deal"))
    frame = charts.staircase_frame(schedule, threats, deals)
    if frame.empty:
        assert "No whole-economy rate for Japan" in shown
    else:
        assert charts.staircase_text(schedule, threats, deals, ds.as_of) in shown
        assert f"({len(frame)} rows)" in shown
        assert shown.count("<img") == 1


def test_the_partner_and_the_chart_can_be_changed(app: explore.Explorer) -> None:
    ds = known("2025-08-07")
    for code in ("CHE", "CAN"):
        shown = pick(app, code, "2025-08-07", "Meetings with the partner")
        assert charts.meetings_text(talks.meetings(ds, code), ds.as_of) in shown
        assert ds.name(code) in shown


@each_chart
def test_every_chart_is_drawn_or_told_in_words_on_every_day(chart: str) -> None:
    for partner, day in {"ISR": DAYS[0], "MEX": DAYS[2], "CHN": DAYS[-1]}.items():
        shown = explore.CHARTS[chart](known(day), partner).markup
        assert ("data:image/svg+xml" in shown) != ("on record by" in shown), (partner, day)


@each_chart
def test_no_chart_tells_what_came_later(chart: str) -> None:
    shown = explore.CHARTS[chart](known("2025-04-25"), "KOR").markup
    assert "2026" not in shown
    assert "350 billion" not in shown


def test_the_buttons_go_from_fact_to_fact(app: explore.Explorer) -> None:
    pick(app, "KOR", "2025-04-23")
    app.later.click()
    assert app.as_of.value == pd.Timestamp("2025-04-24")  # the 2+2 in Washington
    assert "the last on 24 April 2025" in app.status.value
    app.earlier.click()
    assert app.as_of.value < pd.Timestamp("2025-04-24")
    before = app.as_of.value
    app.later.click()
    assert app.as_of.value == pd.Timestamp("2025-04-24")
    facts = talks.changes(known(), before).query("partner in ['KOR', 'ALL']")["date"]
    assert facts.min() == pd.Timestamp("2025-04-24")


def test_beyond_the_outermost_facts_the_buttons_go_to_the_ends(app: explore.Explorer) -> None:
    pick(app, "KOR", "2026-09-30")  # whose days with facts are those asked for next
    pick(app, "KOR", f"{app.fact_days()[-1]:%Y-%m-%d}")
    app.later.click()
    assert app.as_of.value == known().coverage_end
    app.later.click()
    assert app.as_of.value == known().coverage_end
    app.as_of.value = app.as_of.options[0][1]
    app.earlier.click()
    assert app.as_of.value == data.load_tables().first_fact


def test_the_status_counts_days_with_facts(app: explore.Explorer) -> None:
    days = talks.changes(known("2025-04-25"), "2024-01-01").query("partner in ['KOR', 'ALL']")["date"]
    expected = f"had come out on {days.nunique()} days, the last on 25 April 2025."
    assert expected in pick(app, "KOR", "2025-04-25")


def test_a_chart_that_fails_leaves_no_older_picture(
    app: explore.Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(ds: data.Dataset, partner: str) -> exhibits.Exhibit:
        raise ValueError("broken")

    assert "<img" in pick(app, "KOR", "2025-08-07")
    monkeypatch.setitem(explore.CHARTS, app.chart.value, broken)
    with pytest.raises(ValueError, match="broken"):
        app.as_of.value = pd.Timestamp("2025-08-08")
    assert "<img" not in app.picture.value
    assert "cannot be drawn" in app.picture.value


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"partner": "ZZZ"}, 'partner "ZZZ" is unknown'),
        ({"as_of": "soon"}, 'as_of "soon" is not a date'),
        ({"as_of": "2024-01-01"}, "before the first fact"),
        ({"chart": "pie"}, 'chart "pie" is unknown; use one of Duty on goods'),
    ],
)
def test_a_wrong_beginning_is_one_clear_message(asked: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        explore.explorer(**asked)


def test_a_later_day_than_the_data_cover_can_be_looked_from() -> None:
    assert explore.explorer(as_of="2026-12-24").as_of.value == pd.Timestamp("2026-12-24")


def test_the_notebook_is_left_out_of_the_batch() -> None:
    folder = Path(__file__).parents[1] / "notebooks"
    metadata = nbformat.read(folder / "explore.ipynb", as_version=4).metadata  # type: ignore[no-untyped-call]
    assert metadata["tradeviz"] == {"briefing": False}
    planned = {job.notebook.stem for job in plan(folder, ["KOR"], Edition("2025-04-25"))}
    assert "explore" not in planned
    assert {"00-overview", "01-partner"} <= planned
