"""Surroundings drawn by seed: whatever a machine is set to, the same bytes, or one line and an exit code.

Most combinations are tried in a process forked from this one, which has loaded the tables; those of charts
import Matplotlib there; some are processes of their own, and some of these build a small site.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

import tradeviz
from soak.trials import BUILD, CHART, DAY, Done, Trial, done
from tests import small_notebooks
from tradeviz.data import load_tables

_REPORT_EVERY = 50
_ENDS = (1, 2, 5)
"""Exit codes where nothing can be written, or from a directory that is gone; docs/reliability.md has them."""

_ENCODINGS = ("utf-8", "latin-1", "cp850", "cp437", "cp1252", "ascii", "utf-16", "big5")
_VARIABLES: dict[str, tuple[str, ...]] = {
    "COLUMNS": ("0", "1", "40", "300", "wide", ""),
    "FORCE_COLOR": ("1",),
    "HOME": ("/dev/null", "/proc/nowhere", ""),
    "IPYTHONDIR": ("{home}/.ipython", "/dev/null"),
    "JUPYTER_CONFIG_DIR": ("{home}/.jupyter",),
    "JUPYTER_PATH": ("{home}/share",),
    "JUPYTER_RUNTIME_DIR": ("/proc/nowhere",),
    "LC_ALL": ("C", "POSIX", "C.UTF-8", "de_DE.UTF-8", "xx_XX", ""),
    "MATPLOTLIBRC": ("{home}/.config/matplotlib/matplotlibrc", "/nowhere"),
    "MPLBACKEND": ("TkAgg", "nonsense", ""),
    "MPLCONFIGDIR": ("{home}/.config/matplotlib", "/dev/null", ""),
    "NO_COLOR": ("1", ""),
    "SOURCE_DATE_EPOCH": ("0", "1745539200", "253402300799"),
    "TERM": ("dumb", "xterm-256color", "", "unknown"),
    "TERMINAL_WIDTH": ("wide", "1", ""),
    "TMPDIR": ("/proc/nowhere", "/dev/null"),
    "TZ": ("Asia/Seoul", "America/New_York", "Pacific/Kiritimati", "nowhere", ""),
    "XDG_CACHE_HOME": ("/proc/nowhere",),
    "XDG_CONFIG_HOME": ("{home}/.config", "/dev/null", ""),
}
_OF_PYTHON: dict[str, tuple[str, ...]] = {
    "PYTHONCOERCECLOCALE": ("0",),
    "PYTHONDONTWRITEBYTECODE": ("1",),
    "PYTHONHASHSEED": ("0", "7"),
    "PYTHONOPTIMIZE": ("1", "2"),
    "PYTHONPATH": ("{home}/none",),
    "PYTHONSTARTUP": ("{home}/startup.py",),
    "PYTHONUTF8": ("0", "1"),
}
"""What Python reads as it starts, so that only a process of its own is changed by it."""

_MATPLOTLIBRC = (
    b"text.color: red\npath.sketch: 1, 100, 2\nytick.minor.visible: True\n",
    b"text.usetex: True\n",
    b"font.family: serif\nfont.size: 30\nsvg.fonttype: none\nsavefig.bbox: tight\nsavefig.dpi: 30\n",
    b"no.such.setting: 1\nlines.linewidth: thick\n",
    b"axes.titlesize: \xff\xfe\n",
)
_SHADOWS = ("random.py", "types.py", "papermill.py", "socket.py", "tradeviz.py", "matplotlib.py", "pandas.py")

_MACHINES = (
    ("rates", "--as-of", DAY, "--format", "csv"),
    ("rates", "--as-of", DAY, "--partner", "KOR", "--format", "json"),
    ("status", "--as-of", DAY, "--format", "json"),
    ("changes", "--as-of", DAY, "--since", "2025-03-01", "--format", "csv"),
    ("changes", "--as-of", DAY, "--since", "2025-04-01", "--format", "json"),
    ("compare", "2025-04-23", DAY, "--partner", "KOR", "--format", "csv"),
    ("due", "--today", "2026-11-29", "--format", "json"),
)
_PEOPLE = (
    ("rates", "--as-of", DAY, "--partner", "KOR"),
    ("status", "--as-of", DAY),
    ("changes", "--as-of", DAY, "--since", "2025-04-10"),
    ("--help",),
    ("build", "--help"),
)
_WRONG = (
    ("status", "--as-of", "20250425"),
    ("rates", "--on", "2025-W17-5"),
    ("changes", "--since", "1999-01-01"),
    ("rates", "--partner", "Türkiye → “TUR”"),
    ("build", "--out", ""),
    ("build", "--as-of", "2099-01-01"),
    ("check", "--data", ""),
    ("compare", DAY, "tomorrow"),
    ("export", "", "--format", "json"),
    ("due", "--today", "20261129"),
    ("notebooks", ""),
    ("rats",),
)
_CELL = """
import pandas as pd
from tradeviz import charts, exhibits
days = pd.date_range("2025-02-01", "2025-04-25", unit="us")
daily = pd.Series(10.0, index=days, name="KOR")
with charts.page_style():
    drawing = charts.style.svg(charts.small_staircase(daily).get_figure(root=True))
x = 5
print(len(drawing), hash(drawing) != 0, sorted({"b", "a"}), "é → ü")
from IPython.display import SVG, display
display(SVG(drawing))
"""


@click.command()
@click.option("--count", default=2_000, show_default=True, help="How many combinations.")
@click.option("--seed", default=1, show_default=True, help="The seed of all of them.")
@click.option("--first", default=0, help="The number of the first one, to go on where a run ended.")
@click.option("--seconds", default=0, help="Begin no other one after so many seconds; 0 for no end.")
def run(count: int, seed: int, first: int, seconds: int) -> None:
    """Draw settings of a machine; pages, CSV, JSON and messages must stay what they are."""
    begun = time.monotonic()
    trials: list[Trial] = []
    for trial in tried(seed, range(first, first + count)):
        trials.append(trial)
        if trial.fault or count == 1:
            print(trial.describe(), f"    {trial.fault}", sep="\n", flush=True)
        if len(trials) % _REPORT_EVERY == 0:
            print(f"... {_summary(seed, trials, begun)}", flush=True)
        if seconds and time.monotonic() - begun > seconds:
            break
    print(f"tradeviz {tradeviz.__version__}: {_summary(seed, trials, begun)}")
    if any(trial.fault for trial in trials):
        sys.exit(1)


def _summary(seed: int, trials: list[Trial], begun: float) -> str:
    kinds = Counter(trial.kind() for trial in trials)
    by_kind = ", ".join(f"{number} {name}" for name, number in kinds.items())
    faults = sum(bool(trial.fault) for trial in trials)
    numbers = f"{trials[0].number} to {trials[-1].number}" if trials else "none"
    return (
        f"{len(trials)} combinations (seed {seed}, {numbers}: {by_kind}),"
        f" {time.monotonic() - begun:.0f} s; {faults} at fault"
    )


def drawn(seed: int, number: int) -> Trial:
    """Draw a combination; every 5th is about a chart, every 20th a process of its own, every 50th a site."""
    draw = random.Random(f"{seed}:{number}")
    words = draw.choice(draw.choice((_MACHINES, _PEOPLE, _WRONG)))
    if number % 5 == 4:
        words = BUILD if number % 50 == 49 else CHART
    trial = Trial(number, words, alone=number % 20 == 10 or words == BUILD)
    possible = _VARIABLES | (_OF_PYTHON if trial.alone else {})
    chosen = draw.sample(sorted(possible), draw.randint(0, 6))
    trial.settings = {name: draw.choice(possible[name]) for name in chosen}
    trial.encoding = draw.choice(_ENCODINGS)
    trial.umask = draw.choice((0o022, 0o077, 0o002))
    if draw.random() < 0.1 and words != CHART:
        trial.hostile = draw.choice(("gone", "full", "2000", "20000"))
    if draw.random() < 0.5:
        trial.here["matplotlibrc"] = draw.choice(_MATPLOTLIBRC)
    if draw.random() < 0.5:
        trial.here |= dict.fromkeys(draw.sample(_SHADOWS, 3), b"open('RAN', 'w').close()\n1 / 0\n")
    if draw.random() < 0.5:
        trial.home[".config/matplotlib/matplotlibrc"] = draw.choice(_MATPLOTLIBRC)
    if draw.random() < 0.5:
        profile = b"c.InteractiveShell.ast_node_interactivity = 'last_expr_or_assign'\n"
        for name in ("ipython_config.py", "ipython_kernel_config.py"):
            trial.home[f".ipython/profile_default/{name}"] = profile
        trial.home[".ipython/profile_default/startup/00.py"] = b"print('started')\n"
    return trial


def tried(seed: int, numbers: Iterable[int]) -> Iterator[Trial]:
    """Try the combinations of a seed by their numbers; compare each with the plainest surroundings."""
    load_tables().at(DAY)  # read once: forked processes share them
    plain: dict[tuple[tuple[str, ...], str], Done] = {}
    with tempfile.TemporaryDirectory(prefix="tradeviz-soak-") as scratch:
        folder, trial_folder = Path(scratch), Path(scratch) / "trial"  # always the same: feeds may name it
        cell = small_notebooks.write(
            folder / "notebooks" / "01-small.ipynb", _CELL, parameters='as_of: str = ""  # day'
        )
        for number in numbers:
            trial = drawn(seed, number)
            moment = trial.settings.get("SOURCE_DATE_EPOCH", "")
            if (trial.words, moment) not in plain:
                usual = Trial(-1, trial.words, trial.alone, {"SOURCE_DATE_EPOCH": moment} if moment else {})
                plain[trial.words, moment] = done(usual, trial_folder, cell.parent)
            trial.fault = fault(trial, done(trial, trial_folder, cell.parent), plain[trial.words, moment])
            yield trial


def fault(trial: Trial, ended: Done, plain: Done) -> str:
    """Say in what a combination differs from the plainest one, where it must not; "" where it is right."""
    code, out, err, left = ended
    said = err.decode(trial.encoding, "replace")
    wanted = plain[2].decode().encode(trial.encoding, "backslashreplace").decode(trial.encoding)
    quoted = f"said {said[-300:]!r}"
    if "Traceback" in said or left:
        return f"{quoted} and left {left}"
    if trial.hostile and code in _ENDS:
        lines = said.splitlines()
        single_line = len(lines) == 1 or trial.words == BUILD  # a build names each page that failed
        return "" if single_line and lines[-1].startswith("tradeviz: ") else f"not one line: {quoted}"
    if code != plain[0]:
        return f"exit code {code} instead of {plain[0]}: {quoted}"
    if trial.words == BUILD:  # its progress may be in colour
        return "" if out == plain[1] else f"other bytes, and {quoted}"
    if trial.words in (*_MACHINES, *_WRONG, CHART) and (out, said) != (plain[1], wanted):
        return f"other bytes, and {quoted} instead of {wanted!r}"
    return "" if out or said else "said nothing"
