"""A build has as many workers as there are cores that it may really use."""

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tradeviz.briefing import cores


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of 8 cores, with a folder for its control groups; none limits anything."""
    monkeypatch.setattr(cores, "_on", lambda: 8)
    monkeypatch.setattr(cores, "_OWN_GROUPS", tmp_path / "own")
    monkeypatch.setattr(cores, "_GROUPS", tmp_path / "groups")
    return tmp_path


def limited(machine: Path, own: str, files: dict[str, str]) -> int:
    """Put a process into groups; give the cores that it finds."""
    (machine / "own").write_text(own)
    for name, content in files.items():
        path = machine / "groups" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return cores.available()


def test_without_control_groups_all_cores_count(machine: Path) -> None:
    assert cores.available() == 8


def test_the_limit_of_a_container_counts_where_its_own_name_is_not_seen(machine: Path) -> None:
    assert limited(machine, "0::/docker/4af1\n", {"cpu.max": "300000 100000\n"}) == 3


def test_the_narrowest_limit_of_a_service_and_its_slice_counts(machine: Path) -> None:
    files = {
        "cpu.max": "max 100000\n",
        "batch.slice/cpu.max": "250000 100000\n",
        "batch.slice/report.service/cpu.max": "max 100000\n",
    }
    assert limited(machine, "0::/batch.slice/report.service\n", files) == math.ceil(2.5)


def test_a_part_of_a_core_is_a_worker(machine: Path) -> None:
    assert limited(machine, "0::/\n", {"cpu.max": "20000 100000\n"}) == 1


@pytest.mark.parametrize(("quota", "expected"), [("400000", 4), ("-1", 8)])
def test_groups_of_version_1_are_read(machine: Path, quota: str, expected: int) -> None:
    own = "9:name=systemd:/\n4:cpu,cpuacct:/docker/4af1\n3:cpuset:/docker/4af1\n0::/\n"
    folder = "cpu/docker/4af1/cpu.cfs_"
    files = {f"{folder}quota_us": f"{quota}\n", f"{folder}period_us": "100000\n"}
    assert limited(machine, own, files) == expected


def test_a_limit_above_the_cores_there_are_adds_none(machine: Path) -> None:
    assert limited(machine, "0::/\n", {"cpu.max": "6400000 100000\n"}) == 8


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system cannot bind to cores")
def test_only_the_cores_that_the_process_is_bound_to_count() -> None:
    program = (
        "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]);"
        "from tradeviz.briefing import cores; print(cores.available())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"
