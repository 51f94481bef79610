"""Draw the pictures of docs/gallery.md: `python docs/draw_gallery.py`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from tradeviz.charts import style

GALLERY = Path(__file__).with_name("gallery.md")
_OWN = "\n## In your own figures\n"
_CHART = re.compile(r"^### (\w+)\n.*?\]\((images/[\w-]+\.png)\)\n\n```python\n(.*?)```", re.M | re.S)


def preamble() -> dict[str, Any]:
    """Run the first block of the gallery and return the names that it sets."""
    block = re.search(r"```python\n(.*?)```", GALLERY.read_text(encoding="utf-8"), re.S)
    assert block is not None
    names: dict[str, Any] = {}
    exec(block[1], names)
    return names


def blocks(own: bool = False) -> dict[str, tuple[Path, str]]:
    """Return picture and code under the headings of the charts, or of the figures of one's own."""
    charts, figures = GALLERY.read_text(encoding="utf-8").split(_OWN)
    found = _CHART.findall(figures if own else charts)
    return {name: (GALLERY.parent / picture, code) for name, picture, code in found}


def figure(code: str, names: dict[str, Any]) -> Figure:
    """Run the code of one chart after the preamble and return its figure."""
    ran = dict(names)
    exec(code, ran)
    drawn = ran["drawn"]
    axes = drawn[0] if isinstance(drawn, list) else drawn
    whole = axes.get_figure(root=True)
    assert isinstance(whole, Figure)
    return whole


def main() -> None:
    """Write every picture of the gallery."""
    names = preamble()
    for picture, code in [*blocks().values(), *blocks(own=True).values()]:
        drawn = figure(code, names)
        picture.write_bytes(style.png(drawn, dpi=100))
        style.close(drawn)


if __name__ == "__main__":
    main()
