"""Measure a site for docs/briefings.md: `python docs/measure_pages.py site --write` puts the figures there.

The site is that of the last covered day, whole, with files: `tradeviz build --out site --files`. Without
`--write` the figures are printed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from tradeviz.briefing import pdf

PAGE = Path(__file__).with_name("briefings.md")
STYLE = Path(__file__).parents[1] / "src/tradeviz/briefing/templates/tradeviz/style.css"
FORMATS = {
    "workbook": "tradeviz.xlsx",
    "database": "tradeviz.sqlite",
    "JSON": "tradeviz.json",
    "Parquet": "parquet/*",
    "Stata": "stata/*",
    "charts to print": "*.png",
}
"""What `--files` writes, and where in its folder it stands."""


def listed(head: list[str], rows: Iterable[list[str]]) -> str:
    """Return a table in Markdown, all columns but the first with numbers."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, rule, *rows])


def span(values: list[int]) -> str:
    """Return the lowest and the highest of some numbers."""
    return f"{min(values):,}" if min(values) == max(values) else f"{min(values):,}-{max(values):,}"


def pages(site: Path) -> str:
    """Return weight and sheets of paper of each kind of page."""
    manifest = json.loads((site / "manifest.json").read_text(encoding="utf-8"))
    day = manifest["edition"]["day"]
    kinds: dict[str, list[Path]] = {"index": [site / "index.html"]}
    for name in sorted(manifest["pages"], key=lambda one: manifest["pages"][one]["notebook"]):
        partner = manifest["pages"][name]["parameters"].get("partner", "")
        kinds.setdefault(name.removesuffix(f"-{partner}"), []).append(site / f"{name}.html")
    rows = []
    for kind, paths in kinds.items():
        texts = [path.read_text(encoding="utf-8") for path in paths]
        sheets = {
            paper: [pdf.printed(text, day, paper=paper).count(b"/Type /Page\n") for text in texts]
            for paper in ("a4", "letter")
        }
        many = f" ({len(paths)} pages; lightest to heaviest)" if len(paths) > 1 else ""
        weights = [round(len(text.encode()) / 1000) for text in texts]
        rows.append([kind + many, span(weights), span(sheets["a4"]), span(sheets["letter"])])
    told = f"As of {day}, one edition of {len(manifest['pages'])} pages and an index:"
    return f"{told}\n\n{listed(['page', 'weight, kB', 'pages on A4', 'pages on Letter'], rows)}"


def weights(site: Path) -> str:
    """Return what the site, its parts and each format of `--files` weigh."""
    files = site / "files"
    parts = {
        "style sheet, in each page": [STYLE],
        "all pages and the index": [*site.glob("*.html")],
        "`data/`": [*site.glob("data/*")],
        "`notebooks/`": [*site.glob("notebooks/*")],
        **{f"`files/`: {name}": [*files.glob(pattern)] for name, pattern in FORMATS.items()},
    }
    rows = []
    for name, paths in parts.items():
        size = sum(path.stat().st_size for path in paths) / 1000
        rows.append([name, str(len(paths)), f"{size:,.0f}" if size >= 10 else f"{size:.1f}"])
    return listed(["part", "files", "weight, kB"], rows)


MEASURES = {"pages": pages, "weights": weights}


def written(text: str, measured: dict[str, str]) -> str:
    """Return the page with what stands between its marks measured anew."""
    for name, figures in measured.items():
        between = re.compile(rf"(<!-- measured: {name} -->\n).*?(<!-- end of {name} -->)", re.S)
        text, found = between.subn(lambda marks, new=figures: f"{marks[1]}\n{new}\n\n{marks[2]}", text)
        assert found == 1, f"{PAGE.name} lacks the marks of {name}"
    return text


def main(words: list[str]) -> None:
    """Measure the site that is named, and print the figures or write them."""
    site = Path(next(word for word in words if word != "--write"))
    measured = {name: measure(site) for name, measure in MEASURES.items()}
    if "--write" in words:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), measured), encoding="utf-8")
    else:
        print("\n\n".join(measured.values()))


if __name__ == "__main__":
    main(sys.argv[1:])
