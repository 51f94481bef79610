"""docs/gallery.md shows every chart, and its code and pictures are right."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from matplotlib.figure import Figure
from PIL import Image

from tradeviz import charts
from tradeviz.charts import style

DOCS = Path(__file__).parents[1] / "docs"
DRAWN = {
    name
    for name in charts.__all__
    if inspect.isfunction(getattr(charts, name))
    and "Axes" in str(inspect.signature(getattr(charts, name)).return_annotation)
}


def _drawing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("draw_gallery", DOCS / "draw_gallery.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


gallery = _drawing()
BLOCKS = gallery.blocks()
OWN = gallery.blocks(own=True)


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return gallery.preamble()


def test_the_gallery_has_every_chart_once_and_nothing_else() -> None:
    headings = re.findall(r"^### (.+)$", gallery.GALLERY.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(DRAWN | set(OWN))
    assert set(BLOCKS) == DRAWN, "a heading lacks its picture or its code"


@pytest.mark.parametrize("name", BLOCKS)
def test_each_block_calls_its_chart_and_each_picture_is_there(name: str) -> None:
    picture, code = BLOCKS[name]
    called = {ast.unparse(node.func) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)}
    assert f"charts.{name}" in called
    assert picture.name == name.replace("_", "-") + ".png"
    with Image.open(picture) as image:
        assert image.format == "PNG"


def test_no_picture_is_left_over() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    shown = {picture.name for picture, _ in [*BLOCKS.values(), *OWN.values()]} | set(
        re.findall(r"docs/images/([\w-]+\.png)", readme)
    )
    assert {path.name for path in (DOCS / "images").iterdir()} == shown


@pytest.mark.parametrize("name", ["slide", "two_panels", "restyled"])
def test_figures_of_ones_own_are_shown_as_they_are_drawn(name: str, names: dict[str, Any]) -> None:
    picture, code = OWN[name]
    drawn = gallery.figure(code, names)
    assert not charts.words
    assert charts.palette == charts.Palette()
    wide, high = (round(100 * inches) for inches in drawn.get_size_inches())
    if name == "slide":
        assert wide / high == pytest.approx(16 / 9, rel=0.01)
    with Image.open(picture) as image:
        assert image.size == pytest.approx((wide, high), rel=0.05), "run python docs/draw_gallery.py"
    style.close(drawn)


@pytest.mark.slow
@pytest.mark.parametrize("name", BLOCKS)
def test_each_block_draws_a_figure_of_the_size_of_its_picture(name: str, names: dict[str, Any]) -> None:
    picture, code = BLOCKS[name]
    drawn = gallery.figure(code, names)
    assert isinstance(drawn, Figure)
    assert any(axes.has_data() for axes in drawn.axes)
    wide, high = (round(100 * inches) for inches in drawn.get_size_inches())
    with Image.open(picture) as image:
        assert image.size == pytest.approx((wide, high), rel=0.05), "run python docs/draw_gallery.py"
    style.close(drawn)
