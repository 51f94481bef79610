"""Charts as a user calls them: in given axes, in the user's style, colours and words; none of it on pages."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.font_manager import fontManager

import tradeviz
from known import known
from tradeviz import charts, evidence, exhibits, exposure, rates, talks
from tradeviz.charts import style
from tradeviz.errors import UsageError
from tradeviz.talks import deals, tempo, waits

DRAWN = {name: getattr(charts, name) for name in charts.__all__ if inspect.isfunction(getattr(charts, name))}
DRAWN = {
    name: draw for name, draw in DRAWN.items() if "Axes" in str(inspect.signature(draw).return_annotation)
}
KOREA = "대한민국"
SEVERAL = {"staircase", "timeline", "partner_rates", "duties", "rate_paths", "vintages"}


def proposals(ds: tradeviz.Dataset, partner: str) -> list[Any]:
    return [rates.proposals(ds, force, partner) for force in ("threat", "deal")]


INPUTS: dict[str, Callable[[tradeviz.Dataset], tuple[Any, ...]]] = {
    "board": lambda ds: (
        talks.stages(ds),
        talks.stage_history(ds),
        talks.meetings(ds),
        talks.marks(ds),
        rates.cliffs(ds),
        ds.as_of,
    ),
    "cliff_calendar": lambda ds: (rates.cliff_calendar(ds), ds.names, ds.as_of),
    "clause_matrix": lambda ds: (talks.clause_matrix(ds), ds.names),
    "covered": lambda ds: (charts.covered_frame(exposure.covered_share(ds)), ds.as_of),
    "dumbbells": lambda ds: (rates.highest_rates(ds), ds.names, ds.border, ds.as_of),
    "duties": lambda ds: (exposure.duties(ds), ds.names, ds.as_of),
    "effective_rate": lambda ds: (exposure.effective_history(ds, "KOR"), ds.as_of),
    "expected": lambda ds: (rates.expected(ds, "KOR"), ds.as_of),
    "exposed": lambda ds: (charts.exposed_frame(exposure.imports_and_rates(ds)),),
    "freshness": lambda ds: (evidence.last_evidence(ds), ds.coverage, ds.names, ds.border, ds.as_of),
    "gaps": lambda ds: (evidence.gaps(ds), ds.names, ds.border, ds.as_of),
    "goods": lambda ds: (exposure.sections(ds, "KOR"), exposure.layers_touched(ds, "KOR")),
    "implementation": lambda ds: (deals.implementation(ds), ds.names, ds.as_of),
    "issue_matrix": lambda ds: (talks.issue_matrix(ds), ds.names),
    "meetings": lambda ds: (talks.meetings(ds, "KOR"), ds.as_of),
    "months": lambda ds: (tempo.meetings_per_month(ds),),
    "partner_rates": lambda ds: (
        charts.partner_frame(exposure.rate_readings(ds)),
        ds.names,
        ds.border,
        ds.as_of,
    ),
    "pledges": lambda ds: (deals.pledges(ds), ds.names),
    "rate_change": lambda ds: (exposure.change_since_2024(ds), ds.names),
    "rate_paths": lambda ds: (charts.paths_frame(deals.rate_paths(ds)), ds.names, ds.as_of, {}),
    "sectors": lambda ds: (rates.sector_calendar(ds), ds.names, ds.as_of),
    "silence": lambda ds: (tempo.silence(ds), ds.as_of),
    "small_staircase": lambda ds: (rates.headline_panel(ds, "2025-01-20", ds.as_of)["KOR"],),
    "sourced": lambda ds: (evidence.source_shares(ds),),
    "staircase": lambda ds: (rates.schedules(ds, "KOR"), *proposals(ds, "KOR"), ds.as_of),
    "statuses": lambda ds: (deals.pledge_statuses(ds), ds.names, ds.border),
    "strip": lambda ds: (tempo.weekly_strip(ds), tempo.silence(ds), ds.as_of),
    "surprise": lambda ds: (rates.mean_surprise(rates.expected(ds, "KOR")), ds.names),
    "survival": lambda ds: (
        waits.survival_curves(ds, waits.TO_FRAMEWORK),
        waits.medians(ds, waits.TO_FRAMEWORK),
        ds.as_of,
    ),
    "table_rows": lambda ds: (evidence.rows_by_table(ds), ds.as_of),
    "talks_rows": lambda ds: (evidence.rows_by(ds), ds.names, ds.border, ds.as_of),
    "timeline": lambda ds: (rates.timeline(ds), rates.general_events(ds), ds.names, ds.border, ds.as_of),
    "vintages": lambda ds: (
        rates.vintages(ds, "KOR"),
        *(rates.panel(ds, "2025-01-20", ds.as_of, partner="KOR", known=known) for known in ("then", "now")),
        ds.as_of,
    ),
    "waterfall": lambda ds: (exposure.waterfall(ds),),
    "weighted_rates": lambda ds: (charts.weighted_frame(exposure.rate_readings(ds)), ds.as_of),
    "what_if": lambda ds: (exposure.scenarios(ds), ds.names),
}


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    with mpl.rc_context(), charts.palette.changed():
        yield
    charts.words.clear()
    plt.close("all")


def test_every_chart_is_tried_here_and_few_need_several_axes() -> None:
    assert set(INPUTS) == set(DRAWN)
    assert {name for name, draw in DRAWN.items() if "axes" in inspect.signature(draw).parameters} == SEVERAL
    assert {name for name, draw in DRAWN.items() if "ax" in inspect.signature(draw).parameters} == (
        DRAWN.keys() - SEVERAL
    )
    assert len(SEVERAL) <= 6


def test_the_names_that_charts_lists_are_charts_their_texts_and_how_they_look() -> None:
    texts = {f"{name}_text" for name in DRAWN}
    assert set(charts.__all__) == DRAWN.keys() | texts | {"Palette", "page_style", "palette", "words"}


@pytest.mark.parametrize("name", sorted(DRAWN.keys() - SEVERAL))
def test_a_chart_draws_in_the_axes_of_the_caller_and_only_there(name: str) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 6), layout="constrained")
    assert DRAWN[name](*INPUTS[name](known("2026-02-21")), ax=left) is left
    assert figure.axes == [left, right]
    assert plt.get_fignums() == [figure.number]
    assert not figure.legends
    assert left.has_data() or left.patches
    assert not right.has_data()


@pytest.mark.parametrize("name", sorted(SEVERAL))
def test_a_chart_of_several_panels_draws_in_those_of_the_caller_and_hides_what_is_left(name: str) -> None:
    _, axes = plt.subplots(6, 4, figsize=(14, 14), layout="constrained")
    drawn = DRAWN[name](*INPUTS[name](known("2026-02-21")), axes=axes)
    assert drawn == list(axes.flat)[: len(drawn)]
    assert all(ax.has_data() for ax in drawn)
    assert not any(ax.get_visible() for ax in list(axes.flat)[len(drawn) :])
    with pytest.raises(UsageError, match="give one for each"):
        DRAWN[name](*INPUTS[name](known("2026-02-21")), axes=[])


def test_the_font_size_and_the_figure_size_of_the_user_hold() -> None:
    inputs = INPUTS["meetings"](known("2026-02-21"))
    plain = charts.meetings(*inputs)
    with mpl.rc_context({"font.size": 18}):
        large = charts.meetings(*inputs)
    assert large.texts[0].get_fontsize() == 2 * plain.texts[0].get_fontsize()
    assert list(large.figure.get_size_inches()) == [2 * side for side in plain.figure.get_size_inches()]
    with mpl.rc_context({"figure.figsize": (12, 6.75)}):
        assert list(charts.meetings(*inputs).figure.get_size_inches()) == [12, 6.75]


def test_what_the_user_has_set_holds_and_the_rest_is_the_style_of_the_project() -> None:
    with mpl.rc_context({"axes.titlelocation": "right", "font.family": "monospace"}):
        ax = charts.staircase(*INPUTS["staircase"](known("2026-02-21")))[0]
    assert ax.get_title(loc="right") != ""
    assert ax.texts[0].get_fontfamily() == ["monospace"]
    assert not ax.spines["top"].get_visible()


def test_a_colour_of_the_palette_is_the_colour_drawn() -> None:
    inputs = INPUTS["staircase"](known("2025-08-07"))
    with charts.palette.changed(threat="#cc79a7"):
        ax = charts.staircase(*inputs)[0]
    assert "#cc79a7" in {to_hex(line.get_markeredgecolor()) for line in ax.lines}
    with pytest.raises(AttributeError):
        charts.palette.thraet = "red"  # type: ignore[attr-defined]


def test_words_are_replaced_in_every_part_of_a_chart_and_only_as_whole_words() -> None:
    charts.words.update({"South Korea": KOREA, "as of": "기준일", "Apr": "4월", "in": "!"})
    ds = known("2025-04-25")
    ax = charts.board(*INPUTS["board"](ds))
    assert KOREA in [label.get_text() for label in ax.get_yticklabels()]
    assert "기준일 25 4월 2025" in [text.get_text() for text in ax.texts]
    assert any("sector deal" in text.get_text() for text in ax.figure.legends[0].get_texts())


@pytest.fixture
def hangul(tmp_path: Path) -> Iterator[str]:
    """A font of the user's that has the letters of a Korean word, each of them a square."""
    letters = {ord(letter): f"uni{ord(letter):04X}" for letter in KOREA}
    glyphs = [".notdef", *letters.values()]
    pen = TTGlyphPen(None)
    corners = [(100, 0), (100, 800), (900, 800), (900, 0)]
    pen.moveTo(corners[0])
    for corner in corners[1:]:
        pen.lineTo(corner)
    pen.closePath()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(glyphs)
    font.setupCharacterMap(letters)
    font.setupGlyf(dict.fromkeys(glyphs, pen.glyph()))
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 100)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Four Letters", "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    font.save(tmp_path / "letters.ttf")
    before = list(fontManager.ttflist)
    fontManager.addfont(tmp_path / "letters.ttf")
    yield "Four Letters"
    fontManager.ttflist = before


def test_a_korean_label_is_drawn_in_a_font_of_the_user_that_has_it(hangul: str) -> None:
    charts.words["South Korea"] = KOREA
    inputs = INPUTS["board"](known("2025-04-25"))
    with mpl.rc_context({"font.family": [hangul, "DejaVu Sans"]}):
        style.svg(charts.board(*inputs).figure)  # a letter that is missing is a warning, and so an error
    with pytest.warns(UserWarning, match=r"Glyph .* missing from font"):
        style.svg(charts.board(*inputs).figure)


def test_a_page_looks_the_same_whatever_the_user_has_set() -> None:
    ds = known("2025-04-25")
    inputs = INPUTS["staircase"](ds)
    look = {
        "name": "s",
        "title": "",
        "subtitle": "",
        "frame": inputs[0],
        "alt": "",
        "source": "",
        "empty": "",
    }
    plain = exhibits.chart(charts.staircase, *inputs, **look).markup
    charts.words["Reciprocal"] = "Réciproque"
    own = {"text.color": "red", "path.sketch": (1, 100, 2), "ytick.minor.visible": True, "font.size": 20}
    with mpl.rc_context(own | {"savefig.bbox": "tight", "figure.figsize": (3, 3)}):
        with charts.palette.changed(ink="green"):
            assert exhibits.chart(charts.staircase, *inputs, **look).markup == plain
            assert charts.palette.ink == "green"
        assert mpl.rcParams["text.color"] == "red"
    assert charts.words == {"Reciprocal": "Réciproque"}


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_the_example_of_a_chart_runs(name: str) -> None:
    draw = DRAWN[name]
    found = doctest.DocTestFinder(recurse=False).find(inspect.unwrap(draw), name, globs={})
    assert found[0].examples, f"{name} has no example"
    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(found[0])
    assert result.failed == 0


def test_axes_are_what_a_chart_returns() -> None:
    for name in ("meetings", "months", "rate_change", "freshness", "table_rows"):
        assert isinstance(DRAWN[name](*INPUTS[name](known("2026-02-21"))), Axes)
