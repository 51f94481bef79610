"""The exhibits that the pages show, gathered by running the cells of the notebooks without drawing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradeviz.briefing.plan import PARTNER, chosen, page_name, parameters_of
from tradeviz.data import Dataset
from tradeviz.errors import TradevizError
from tradeviz.exhibits.gathering import Shown, gathered
from tradeviz.stamp import of_scenario


@dataclass(frozen=True)
class PageExhibit:
    """An exhibit, and the page that shows it.

    Attributes
    ----------
    notebook, partner : str
        Name of the notebook without number and ending; code of the partner, "" where the page has none.
    shown : Shown
        The exhibit.
    scenario : str
        Name of the scenario that the page tells; "" for the record.
    """

    notebook: str
    partner: str
    shown: Shown
    scenario: str = ""

    @property
    def page(self) -> str:
        """Name of the page, as in the site."""
        return _page(self.notebook, self.partner, self.scenario)


def gather_exhibits(
    ds: Dataset,
    notebooks: Path,
    data: Path | None = None,
    pages: Collection[str] | None = None,
    left_out: Callable[[str], None] | None = None,
    orders: Path | None = None,
) -> list[PageExhibit]:
    """Every chart and table that the notebooks show, by running their cells without drawing.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`; the notebooks load the same day.
    notebooks : Path
        The folder of the notebooks.
    data : Path, optional
        The folder of the tables, if not the one that `load` takes by itself.
    pages : collection of str, optional
        Names of the pages to run, as in the site; all when not given.
    left_out : callable, optional
        Is told in one line of a notebook that fails, which is then left out.
    orders : Path, optional
        The file of the scenario that `ds` tells; the notebooks load it too.

    Returns
    -------
    list of PageExhibit
        In the order of the pages; a notebook with a parameter `partner` is run for each partner.

    Raises
    ------
    TradevizError
        If a cell of a notebook fails, and nobody is to be told of it.
    """
    found: list[PageExhibit] = []
    with _tables_from(data):
        for path in chosen(notebooks):
            cells = _code_cells(path)
            name, takes_partner = page_name(path), PARTNER in parameters_of(path)
            for code in ds.names if takes_partner else ("",):
                parameters = {"as_of": f"{ds.as_of:%Y-%m-%d}", "partner": code}
                parameters |= {"scenario": str(orders)} if orders else {}
                if pages is None or _page(name, code, ds.scenario) in pages:
                    try:
                        shown = _run(path.name, cells, parameters)
                    except TradevizError as error:
                        if left_out is None:
                            raise
                        left_out(str(error))
                    else:
                        found += [PageExhibit(name, code, exhibit, ds.scenario) for exhibit in shown]
    return found


def _page(notebook: str, partner: str, scenario: str) -> str:
    return of_scenario(f"{notebook}-{partner}" if partner else notebook, scenario)


def _code_cells(path: Path) -> list[tuple[list[str], str]]:
    """Tags and source of the code cells of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return [(cell["metadata"].get("tags", []), "".join(cell["source"])) for cell in code]


def _run(name: str, cells: list[tuple[list[str], str]], parameters: Mapping[str, str]) -> list[Shown]:
    names: dict[str, Any] = {}
    with gathered() as shown:
        for tags, source in cells:
            try:
                exec(compile(source, name, "exec"), names)
            except Exception as error:
                raise TradevizError(f"{name}: a cell fails ({type(error).__name__}: {error})") from error
            if "parameters" in tags:
                names |= {key: value for key, value in parameters.items() if key in names}
    return shown


@contextmanager
def _tables_from(data: Path | None) -> Iterator[None]:
    """Let the notebooks read the tables of a folder, as papermill would with TRADEVIZ_DATA set."""
    before = os.environ.get("TRADEVIZ_DATA")
    if data is not None:
        os.environ["TRADEVIZ_DATA"] = str(data)
    try:
        yield
    finally:
        if data is not None:
            os.environ.pop("TRADEVIZ_DATA")
            if before is not None:
                os.environ["TRADEVIZ_DATA"] = before
