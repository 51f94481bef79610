"""What a page about one partner sees: all that it tells, and nothing of another partner's talks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import tradeviz
from known import known
from tradeviz import summaries
from tradeviz.briefing import batch
from tradeviz.briefing.jobs import Job, Request
from tradeviz.briefing.plan import PARTNER, chosen, parameters_of
from tradeviz.data import Dataset, data_dir, load_tables, notebooks_dir
from tradeviz.data.seen import partner_hashes
from tradeviz.exhibits.gathering import gathered

LAST = "2026-09-30"
OWN = [
    path
    for path in chosen(notebooks_dir())
    if json.loads(path.read_text(encoding="utf-8"))["metadata"].get("tradeviz", {}).get("sees") == PARTNER
]


def told(notebook: Path, ds: Dataset, partner: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a page on a partner says of a data set: its exhibits, and the facts of the partner's brief."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    with monkeypatch.context() as within, gathered() as shown:
        within.setattr(Dataset, "for_partner", lambda self, code: self)
        within.setattr(tradeviz, "load", lambda *_, **__: ds)
        names: dict[str, Any] = {}
        for cell in cells:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]).replace('"KOR"', repr(partner)), names)
    frames = {one.name: one.frame for one in shown}
    brief = summaries.brief(ds, partner)
    return {**frames, "brief in words": brief, "reach": summaries.reach_note(ds, partner)}


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    assert list(one) == list(other)
    return [name for name in one if not _same(one[name], other[name])]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, pd.DataFrame):
        return one.reset_index(drop=True).equals(other.reset_index(drop=True))
    return bool(one == other)


@pytest.mark.parametrize(
    ("notebook", "day", "partner"),
    [*((path, "2025-04-25", "KOR") for path in OWN), (OWN[0], LAST, "CHN")],
    ids=lambda one: getattr(one, "stem", one),
)
def test_a_page_on_a_partner_says_the_same_of_what_it_sees_as_of_everything(
    notebook: Path, day: str, partner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ds = known(day)
    everything = told(notebook, ds, partner, monkeypatch)
    assert len(everything) > 3
    assert differing(told(notebook, ds.for_partner(partner), partner, monkeypatch), everything) == []


def test_every_notebook_on_a_partner_says_what_it_sees() -> None:
    with_partner = [path for path in chosen(notebooks_dir()) if PARTNER in parameters_of(path)]
    assert with_partner == OWN
    for path in OWN:
        assert ".for_partner(partner)" in path.read_text(encoding="utf-8")


def test_the_hash_of_what_each_partners_page_sees_is_that_of_its_data_set() -> None:
    ds = known(LAST)
    hashes = partner_hashes(ds)
    assert list(hashes) == list(ds.names)
    assert len(set(hashes.values())) == len(hashes)
    for code in ("KOR", "CAN"):
        assert hashes[code] == ds.for_partner(code).data_hash()


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The tables with another outcome of a meeting with Korea."""
    folder = tmp_path / "data"
    shutil.copytree(data_dir(), folder)
    path = folder / "meetings.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith("kor-"))
    cells = lines[at].split(",")
    city = lines[0].split(",").index("city")
    assert '"' not in ",".join(cells[: city + 1])
    cells[city] = "Chicago"
    lines[at] = ",".join(cells)
    path.write_text("".join(lines), encoding="utf-8")
    return folder


def test_a_changed_cell_of_korea_remakes_its_page_and_those_across_and_no_other(
    changed: Path, tmp_path: Path
) -> None:
    def planned(data: Path) -> dict[str, Job]:
        asked = Request((LAST,), (), (), tmp_path / "site", data, 1)
        _, editions = batch._editions(asked)
        jobs = batch._reasons(asked, editions, list(load_tables(data).at(LAST).names))
        return {job.page: job for job, _ in jobs}

    before, after = planned(data_dir()), planned(changed)
    remade = {page for page, job in after.items() if job.inputs != before[page].inputs}
    on_partners = {page for page, job in after.items() if PARTNER in job.parameters}
    assert len(on_partners) == len(OWN) * len(known(LAST).names)
    assert remade & on_partners == {page for page in on_partners if page.endswith("-KOR")}
    assert remade >= {"overview", "tempo", "deals"}
