"""The descriptor and the codebook say what the models say, and Frictionless agrees."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tradeviz.data.descriptor import write_package
from tradeviz.data.models import MODELS

DATA = Path(__file__).parents[1] / "data"


def test_descriptor_and_codebook_are_as_the_models_write_them(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    for written in write_package(folder):
        committed = (DATA / written.name).read_text(encoding="utf-8")
        assert written.read_text(encoding="utf-8") == committed, (
            f"run `python -m tradeviz.data`: {written.name}"
        )


def test_every_table_has_a_resource_and_nothing_else_lies_in_data() -> None:
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    paths = {resource["path"] for resource in package["resources"]}
    assert paths == {f"{name}.csv" for name in MODELS} == {path.name for path in DATA.glob("*.csv")}


@pytest.mark.slow
def test_frictionless_finds_the_package_valid() -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(DATA / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
