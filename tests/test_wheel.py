"""A wheel is enough: in an empty folder, an environment with only the wheel builds the briefings."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

import tradeviz

ROOT = Path(__file__).parents[1]
BIN = "Scripts" if os.name == "nt" else "bin"

pytestmark = [pytest.mark.slow, pytest.mark.living]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the source distribution, so that both are shown to be whole."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", folder], ROOT)
    (sdist,) = folder.glob("*.tar.gz")
    pip("wheel", "--no-build-isolation", "--wheel-dir", folder, sdist)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel. The dependencies are borrowed from the one that runs the tests.

    A .pth file lends their folder; the .pth files in that folder, among them the one of the editable
    install, are not read from there, so `tradeviz` can only come from the wheel.
    """
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / BIN / "python"
    pip("--python", python, "install", "--no-index", wheel)
    own = run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip()
    (Path(own) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    shutil.copytree(
        Path(sys.prefix) / "share" / "jupyter",
        folder / "share" / "jupyter",
        ignore=shutil.ignore_patterns("tradeviz"),
        dirs_exist_ok=True,
    )
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    assert not list(tmp_path.iterdir())
    return tmp_path


def test_the_wheel_carries_code_data_and_notebooks_unchanged(wheel: Path) -> None:
    package = ROOT / "src" / "tradeviz"
    expected = {f"tradeviz/{path.relative_to(package).as_posix()}": path for path in _files(package)}
    for path in [
        *(ROOT / "data").glob("*.csv"),
        *(ROOT / "data" / n for n in ("datapackage.json", "LICENSE")),
    ]:
        expected[f"tradeviz/_share/data/{path.name}"] = path
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        expected[f"tradeviz/_share/notebooks/{path.name}"] = path
    with zipfile.ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if name.startswith("tradeviz/")}
        assert carried - set(expected) <= {"tradeviz/_share/data/README.md"}
        assert set(expected) <= carried
        for name, path in expected.items():
            assert archive.read(name) == path.read_bytes(), name
    assert {"tradeviz/__init__.py", "tradeviz/_share/data/tariffs.csv"} <= carried
    assert "tradeviz/_share/notebooks/01-partner.ipynb" in carried


def test_the_package_comes_from_the_wheel(environment: Path, empty: Path) -> None:
    code = "import tradeviz, sys; print(tradeviz.__file__); print(tradeviz.__version__)"
    file, version = run([environment / BIN / "python", "-c", code], empty).splitlines()
    assert Path(file).is_relative_to(environment)
    assert (
        version == tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    )


def test_check_finds_the_data_in_the_wheel_valid(environment: Path, empty: Path) -> None:
    run([environment / BIN / "tradeviz", "check"], empty)
    assert not list(empty.iterdir())


def test_build_writes_the_pages(environment: Path, empty: Path) -> None:
    asked = ["--partners", "ISR", "--notebooks", "01-partner"]
    run([environment / BIN / "tradeviz", "build", *asked, "--out", "site"], empty)
    assert {path.name for path in empty.iterdir()} == {"site"}
    site = empty / "site"
    pages = {path.name for path in site.glob("*.html")}
    assert pages == {"index.html", "partner-ISR.html"}
    assert "Israel" in (site / "partner-ISR.html").read_text(encoding="utf-8")
    assert "partner-ISR.html" in (site / "index.html").read_text(encoding="utf-8")
    assert "partner-ISR" in json.dumps(json.loads((site / "manifest.json").read_text(encoding="utf-8")))


def test_notebooks_copies_them_out(environment: Path, empty: Path) -> None:
    run([environment / BIN / "tradeviz", "notebooks", "mine"], empty)
    copied = {path.name: path.read_bytes() for path in (empty / "mine").glob("*.ipynb")}
    assert copied
    assert copied == {path.name: path.read_bytes() for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_nbconvert_alone_makes_the_page_of_an_executed_notebook(environment: Path, empty: Path) -> None:
    run([environment / BIN / "tradeviz", "notebooks", "mine"], empty)
    python = environment / BIN / "python"
    asked = ["-p", "partner", "ISR", "-p", "as_of", "2025-04-25"]
    run([python, "-m", "papermill", "mine/07-vintages.ipynb", "israel.ipynb", *asked], empty)
    run([python, "-m", "nbconvert", "--to", "html", "--template", "tradeviz", "israel.ipynb"], empty)
    page = (empty / "israel.html").read_text(encoding="utf-8")
    assert "<title>Israel: what was expected, and what came? (as of 25 April 2025)</title>" in page
    assert "papermill mine/07-vintages.ipynb israel.ipynb" in page
    seen = tradeviz.load("2025-04-25").for_partner("ISR")
    assert seen.data_hash()[:12] in re.sub(r"<[^>]+>", "", page)
    for left_out in ("<script", "http-equiv=refresh", "import tradeviz", "data (CSV)"):
        assert left_out not in page


def pip(*arguments: str | Path) -> None:
    """Run pip, whose own warnings are none of ours."""
    run([sys.executable, "-m", "pip", "--quiet", *arguments, "--no-deps"], ROOT, "PYTHONWARNINGS")


def run(command: Sequence[str | Path], folder: Path, *also_hidden: str) -> str:
    """Run a command that must succeed, knowing nothing of this checkout; give what it printed."""
    hidden = {"PYTHONPATH", "PYTHONHOME", "TRADEVIZ_DATA", "VIRTUAL_ENV", "JUPYTER_PATH", *also_hidden}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in hidden},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
