"""What was measured, as Markdown: tables, and the targets beside the figures."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil
from explorer import SCRIPT
from measure import EVERY, Measurement, memory_kind
from stages import STAGES
from ways import WAYS

from tradeviz.briefing import cores

PACKAGES = (
    *("tradeviz", "papermill", "nbconvert", "nbclient", "ipykernel", "jupyter-client"),
    *("matplotlib", "pandas", "great-tables"),
)


@dataclass(frozen=True)
class Sized:
    """`tradeviz build` for a number of briefings with a number of workers.

    Attributes
    ----------
    briefings : int
        How many pages.
    days : int
        For how many days of knowledge, in one command.
    workers : int
        How many worker processes.
    runs : tuple of Measurement
        Each of its runs.
    """

    briefings: int
    days: int
    workers: int
    runs: tuple[Measurement, ...]

    @property
    def seconds(self) -> float:
        """The mean over the runs: where there are several, each is for another day."""
        return statistics.mean(run.seconds for run in self.runs)

    @property
    def peak(self) -> float:
        """The largest memory of any run, in MB."""
        return max(run.peak for run in self.runs)


@dataclass
class Results:
    """All that was measured.

    Attributes
    ----------
    partners : tuple of str
        The partners that were briefed on.
    as_of : str
        The day of knowledge in the comparison of the ways.
    ways : dict of str to list of Measurement
        The runs of each way.
    sizes : list of Sized
        The runs of `tradeviz build` for several sizes.
    stages : dict of str to float
        Processor seconds of the stages of way c, as `stages.py` gives them.
    explorer : dict of str to float
        Seconds for another day in the explorer, as `explorer.py` gives them.
    failures : list of str
        What could not be measured, and why.
    load : float
        The machine's load when all began: processes that wanted a core.
    """

    partners: tuple[str, ...]
    as_of: str
    ways: dict[str, list[Measurement]] = field(default_factory=dict)
    sizes: list[Sized] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    explorer: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    load: float = 0.0

    def seconds(self, way: str) -> float | None:
        """The median over the runs of a way; None where it was left out."""
        return statistics.median(run.seconds for run in self.ways[way]) if self.ways.get(way) else None


@dataclass(frozen=True)
class Target:
    """A figure beside what it should be.

    Attributes
    ----------
    words : str
        What is compared.
    figure : float or None
        What was measured; None where it was left out.
    limit : float
        What it should be.
    at_least : bool
        Whether the limit is the least that it should be, else the most.
    unit : str
        "s" for seconds, "" for a ratio.
    """

    words: str
    figure: float | None
    limit: float
    at_least: bool = False
    unit: str = ""

    def cells(self) -> list[str]:
        """Words, target, figure, and whether the target is met."""
        sign = "≥" if self.at_least else "≤"
        target = f"{sign} {self.limit:g}{self._unit()}"
        if self.figure is None:
            return [self.words, target, "not measured", ""]
        met = self.figure >= self.limit if self.at_least else self.figure <= self.limit
        return [self.words, target, f"{self.figure:.2f}{self._unit()}", "yes" if met else "**no**"]

    def _unit(self) -> str:
        return f" {self.unit}" if self.unit else "x"


def targets(results: Results) -> list[Target]:
    """The targets, each with the figure that was measured.

    Parameters
    ----------
    results : Results
        What was measured.

    Returns
    -------
    list of Target
        Those on speed against other ways, on scaling, and on memory.
    """
    of = {letter: results.seconds(letter) for letter in WAYS}
    middle, large = _longest(results.sizes)
    sizes = (
        f"{large.briefings} briefings against {middle.briefings}"
        if middle and large
        else "many against fewer"
    )
    listed = [
        Target("a / c: faster than commands", _ratio(of["a"], of["c"]), 12, at_least=True),
        Target("b / c: faster than a process pool", _ratio(of["b"], of["c"]), 3.5, at_least=True),
        Target("c / e: slower than the floor", _ratio(of["c"], of["e"]), 1.15),
        Target("d: nothing changed", of["d"], 0.2, unit="s"),
        Target(f"seconds per briefing, {sizes}", _ratio(_each(large), _each(middle)), 1.1),
        Target(f"peak memory, {sizes}", _ratio(_peak(large), _peak(middle)), 1.1),
    ]
    moved = [seconds for chart, seconds in results.explorer.items() if chart != SCRIPT]
    listed.append(
        Target("another day in the explorer, slowest chart", max(moved, default=None), 0.5, unit="s")
    )
    pairs = list(_pairs(results.sizes))
    cores_are_worth = _ratio(of["f"], of["e"])
    for single, double in pairs:
        words = f"two workers against one, {single.briefings} briefings, of what the cores are worth (f / e)"
        share = _ratio(_ratio(single.seconds, double.seconds), cores_are_worth)
        listed.append(Target(words, share, 0.95, at_least=True))
    if not pairs:
        listed.append(Target("two workers against one", None, 0.95, at_least=True))
    return listed


def markdown(results: Results) -> str:
    """Write the results as a page of Markdown.

    Parameters
    ----------
    results : Results
        What was measured.

    Returns
    -------
    str
        Date, machine, targets and tables.
    """
    parts = ["# Results of the benchmark", "", *_machine(results), "", "## Targets", ""]
    parts += _table(["", "target", "measured", "met"], [target.cells() for target in targets(results)])
    if results.ways:
        parts += ["", f"## {_count(results)} as of {results.as_of}", ""]
        parts += _table(
            ["", "seconds (median)", "least to most", "runs", "peak MB", "seconds / those of c"],
            [_way_cells(letter, results) for letter in WAYS if results.ways.get(letter)],
        )
    if results.ways.get("e") and results.ways.get("f"):
        parts += ["", *_worth_of_cores(results)]
    if results.stages:
        parts += ["", "## Where the processor seconds of (c) go", "", *_stages(results)]
    if results.sizes:
        parts += ["", "## tradeviz build for more briefings", ""]
        parts += _table(
            ["briefings", "days", "workers", "seconds (mean)", "runs", "seconds per briefing", "peak MB"],
            [_size_cells(size) for size in results.sizes],
        )
    if results.explorer:
        parts += ["", f"## Another day in the explorer, for {results.partners[0]}", "", *_explorer(results)]
    if results.failures:
        parts += ["", "## Not measured", "", *(f"- {failure}" for failure in results.failures)]
    return "\n".join([*parts, "", *_notes(results), ""])


def _worth_of_cores(results: Results) -> list[str]:
    ratio = _ratio(results.seconds("f"), results.seconds("e"))
    return [
        f"(f) / (e) is {ratio:.2f}: so many times as fast as one core are the {cores.available()} of this"
        " machine, for this work, when nothing else holds it up."
    ]


def _stages(results: Results) -> list[str]:
    whole = sum(results.stages.values())
    once = sum(seconds for name, seconds in results.stages.items() if STAGES[name].startswith("once"))
    rows = [[STAGES[name], f"{s:.2f}", f"{100 * s / whole:.0f}%"] for name, s in results.stages.items()]
    lines = _table(["stage", "processor seconds", "share"], [*rows, ["all", f"{whole:.2f}", "100%"]])
    lines += [
        "",
        f"What is done once, {once:.2f} s, cannot be shared out among workers: two can be at most"
        f" {whole / (once + (whole - once) / 2):.2f} times as fast as one, for so many briefings.",
    ]
    took, number = results.seconds("c"), cores.available()
    if took is not None:
        lines += [
            "",
            f"In its {took:.2f} s, (c) had {took * number:.1f} processor seconds of {number} cores. What is"
            " not in the table was waiting: at the start, for messages, and at the end for the last page.",
        ]
    return lines


def _explorer(results: Results) -> list[str]:
    script = results.explorer[SCRIPT]
    rows = [
        [chart, f"{seconds:.2f}", f"{script / seconds:.0f}x"]
        for chart, seconds in results.explorer.items()
        if chart != SCRIPT
    ]
    lines = _table(["chart", "seconds", "sooner than the script"], rows)
    return [*lines, "", f"A script that loads the tables and draws the first chart takes {script:.2f} s."]


def _machine(results: Results) -> list[str]:
    memory = psutil.virtual_memory().total / 1e9
    return [
        f"Run on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC by `bench/run.py`, which writes this file.",
        "",
        f"- Machine: {cores.available()} cores, {_processor()}, {memory:.0f} GB of memory,"
        f" {platform.platform()}",
        f"- Load when it began: {results.load:.1f} processes",
        f"- Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _notes(results: Results) -> list[str]:
    runs = [run for way in results.ways.values() for run in way]
    runs += [run for size in results.sizes for run in size.runs]
    share = 100 * sum(run.looking for run in runs) / sum(run.seconds for run in runs) if runs else 0
    counted = "shared pages counted once" if memory_kind() == "PSS" else "shared pages counted in each"
    return [
        f"Peak memory: {memory_kind()} ({counted}), the largest sum over all processes at one time, looked at"
        f" every {EVERY:g} s, which itself took {share:.1f}% of one core. What the ways are: see README.md.",
    ]


def _count(results: Results) -> str:
    many = len(results.partners)
    return f"{many} {'briefing' if many == 1 else 'briefings'}"


def _way_cells(letter: str, results: Results) -> list[str]:
    runs = results.ways[letter]
    all_seconds = [run.seconds for run in runs]
    ratio = _ratio(results.seconds(letter), results.seconds("c"))
    return [
        f"({letter}) {WAYS[letter]}",
        f"{statistics.median(all_seconds):.2f}",
        f"{min(all_seconds):.2f} to {max(all_seconds):.2f}",
        str(len(runs)),
        f"{max(run.peak for run in runs):.0f}",
        "" if ratio is None else f"{ratio:.2f}",
    ]


def _size_cells(size: Sized) -> list[str]:
    counts = [str(size.briefings), str(size.days), str(size.workers)]
    seconds = [f"{size.seconds:.1f}", str(len(size.runs)), f"{size.seconds / size.briefings:.3f}"]
    return [*counts, *seconds, f"{size.peak:.0f}"]


def _longest(sizes: Sequence[Sized]) -> tuple[Sized | None, Sized | None]:
    """The two sizes with the most briefings, with as many workers as possible."""
    most = max((size.workers for size in sizes), default=0)
    ordered = sorted((size for size in sizes if size.workers == most), key=lambda size: size.briefings)
    return (ordered[-2], ordered[-1]) if len(ordered) > 1 else (None, None)


def _pairs(sizes: Iterable[Sized]) -> Iterable[tuple[Sized, Sized]]:
    """Sizes that were measured with one worker and with two."""
    by: Mapping[tuple[int, int], Sized] = {(size.briefings, size.workers): size for size in sizes}
    for (briefings, workers), size in by.items():
        if workers == 1 and (briefings, 2) in by:
            yield size, by[briefings, 2]


def _each(size: Sized | None) -> float | None:
    return None if size is None else size.seconds / size.briefings


def _peak(size: Sized | None) -> float | None:
    return None if size is None else size.peak


def _ratio(above: float | None, below: float | None) -> float | None:
    return None if above is None or below is None else above / below


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]
