"""How many cores a build may use."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

_OWN_GROUPS = Path("/proc/self/cgroup")
_GROUPS = Path("/sys/fs/cgroup")


def available() -> int:
    """Count the cores that this process may use, for as many workers.

    Returns
    -------
    int
        At least 1: the cores that it may run on, or fewer if the processor time of its control group, or
        of one around it, is limited to that of fewer. A part of a core counts as one.
    """
    return max(1, min([_on(), *(math.ceil(limit) for limit in limits(_OWN_GROUPS, _GROUPS))]))


def limits(own_groups: Path, groups: Path) -> Iterator[float]:
    """Give the limits that control groups of either version set to a process.

    A container may see its groups by names that hold outside of it only; the group at the root of `groups` is
    then its own, and looked at in any case.

    Parameters
    ----------
    own_groups : Path
        The list of its groups, as in /proc/self/cgroup.
    groups : Path
        Where the file system of control groups is mounted.

    Yields
    ------
    float
        Seconds of processor time in a second, of a group that has a limit.
    """
    try:
        lines = own_groups.read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return
    for line in lines:
        _, controllers, name = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        mounted = groups / "cpu" if controllers else groups
        group = mounted / name.strip("/")
        for folder in (group, *group.parents):
            if folder.is_relative_to(mounted) and (limit := _limit(folder)):
                yield limit


def _on() -> int:
    if hasattr(os, "process_cpu_count"):  # from Python 3.13 on
        return int(os.process_cpu_count() or 1)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _limit(folder: Path) -> float | None:
    """The limit of one group: `quota period` in microseconds in version 2, a file for each in version 1."""
    try:
        if (folder / "cpu.max").is_file():
            quota, period = (folder / "cpu.max").read_text().split()
        else:
            quota, period = ((folder / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period"))
        return int(quota) / int(period) if int(quota) > 0 else None  # -1 in version 1: there is none
    except (OSError, ValueError):  # no such file, or "max" in version 2: there is none
        return None
