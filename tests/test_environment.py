"""pyproject.toml, environment.yml, requirements.lock and requirements-lowest.lock agree."""

import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK, LOWEST = "requirements.lock", "requirements-lowest.lock"

# Packages whose conda-forge name is not the PyPI name.
CONDA_NAMES = {
    "great-tables": "great_tables",
    "jupyter-client": "jupyter_client",
    "pandera": "pandera-pandas",
}
PYTHONS = ["3.11.0", "3.12.0", "3.13.0"]


def runtime() -> dict[str, Requirement]:
    return {canonicalize_name(r.name): r for r in map(Requirement, PROJECT["dependencies"])}


def extra(name: str) -> dict[str, Requirement]:
    return {canonicalize_name(r.name): r for r in map(Requirement, PROJECT["optional-dependencies"][name])}


def optional() -> dict[str, Requirement]:
    """What the extras add, the tests' own included; the locks hold all of it."""
    listed = [extra(name) for name in PROJECT["optional-dependencies"]]
    whole = {name: requirement for one in listed for name, requirement in one.items()}
    assert len(whole) == sum(map(len, listed)), "an extra repeats what another one names"
    return whole


def conda() -> dict[str, SpecifierSet]:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    entries = [re.fullmatch(r"([A-Za-z0-9_.-]+)(.*)", entry) for entry in listed if isinstance(entry, str)]
    assert all(entries)
    return {entry[1]: SpecifierSet(entry[2]) for entry in entries if entry}


@cache
def locked(lock: str) -> list[Requirement]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.lstrip().startswith("#")]


def pins(name: str, python: str, lock: str) -> list[str]:
    """Versions that a lock gives a package on Linux with this Python."""
    environment = {
        "python_full_version": python,
        "python_version": python.rsplit(".", 1)[0],
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "os_name": "posix",
    }
    return [
        next(iter(pin.specifier)).version
        for pin in locked(lock)
        if canonicalize_name(pin.name) == name and (pin.marker is None or pin.marker.evaluate(environment))
    ]


def test_the_files_are_read() -> None:
    assert {"pandas", "matplotlib", "papermill", "great-tables", "pandera", "click"} <= set(runtime())
    assert {"jupyterlab", "distributed", "pytest", "hypothesis", "ruff", "hatchling"} <= set(optional())
    assert len(locked(LOCK)) > 100
    assert len(locked(LOWEST)) > 100
    assert len(conda()) > 10


@pytest.mark.parametrize("name", sorted(runtime() | optional()))
def test_every_dependency_has_a_lower_and_an_upper_bound(name: str) -> None:
    operators = {part.operator for part in (runtime() | optional())[name].specifier}
    assert operators == {">=", "<"}


def test_conda_gets_the_same_packages_in_the_same_ranges() -> None:
    """Those of the extra `lab` too: who makes an environment of it opens the notebooks in JupyterLab."""
    whole = runtime() | extra("lab")
    ours = {CONDA_NAMES.get(name, name): requirement.specifier for name, requirement in whole.items()}
    theirs = conda()
    assert theirs.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert theirs.pop("pip") == SpecifierSet()
    assert theirs == ours


def test_conda_installs_this_checkout() -> None:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert {"pip": ["-e ."]} in listed


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", sorted(runtime() | optional()))
def test_the_lock_pins_each_dependency_once_and_inside_its_range(name: str, python: str) -> None:
    versions = pins(name, python, LOCK)
    assert len(versions) == 1
    assert (runtime() | optional())[name].specifier.contains(versions[0])


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", sorted(runtime() | optional()))
def test_the_lowest_lock_pins_each_dependency_at_its_lower_bound(name: str, python: str) -> None:
    """So each bound names a version that exists, and the one that `make test-lowest` has tested."""
    bounds = [part.version for part in (runtime() | optional())[name].specifier if part.operator == ">="]
    assert [Version(pin) for pin in pins(name, python, LOWEST)] == [Version(bound) for bound in bounds]


@pytest.mark.parametrize("lock", [LOCK, LOWEST])
def test_a_lock_holds_exact_versions_and_no_index(lock: str) -> None:
    for pin in locked(lock):
        assert [part.operator for part in pin.specifier] == ["=="]
        assert pin.url is None
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text
    assert "find-links" not in text


def test_the_build_backend_is_the_one_in_the_lock() -> None:
    """`make` installs the checkout without build isolation, so the lock must bring the backend."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    assert [str(Requirement(r)) for r in build["requires"]] == [str(optional()["hatchling"])]


NAMED_OTHERWISE = {
    "PIL": "pillow",
    "docx": "python-docx",
    "pypandoc": "pypandoc-binary",
    "zmq": "pyzmq",
}
"""Packages that are imported by another name."""


def test_what_the_code_imports_is_declared() -> None:
    pattern = re.compile(r"^\s*(?:from|import)\s+([A-Za-z_]\w*)", re.MULTILINE)
    files = sorted((ROOT / "src").rglob("*.py"))
    imported = {name for file in files for name in pattern.findall(_code(file))}
    imported -= set(sys.stdlib_module_names) | {"tradeviz"}
    outside = {
        canonicalize_name(
            {"PIL": "pillow", "docx": "python-docx", "pypandoc": "pypandoc-binary", "zmq": "pyzmq"}.get(
                name, name
            )
        )
        for name in imported
    }
    assert outside
    assert outside <= set(runtime() | optional()) - set(extra("test"))


def _code(file: Path) -> str:
    """The source without its docstrings, whose prose may begin a line with "from" or "import"."""
    return re.sub(r'"""(?:.|\n)*?"""', "", file.read_text(encoding="utf-8"))
