"""Surroundings drawn by seed: whatever a machine is set to, the same bytes, or one line and an exit code.

Most combinations are tried in a process forked from this one, which has loaded the tables; those of charts
import Matplotlib there; some are processes of their own, and some of these build a small site.
"""

from __future__ import annotations

import io
import locale
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

import tradeviz
from soak.place import contents
from tests import small_notebooks
from tradeviz.data import load_tables

Done = tuple[int, bytes, bytes]
"""Exit code, stdout and stderr."""

_ENCODINGS = ("utf-8", "latin-1", "cp850", "cp437", "cp1252", "ascii", "utf-16", "big5")
_VARIABLES: dict[str, tuple[str, ...]] = {
    "COLUMNS": ("0", "1", "40", "300", "wide", ""),
    "FORCE_COLOR": ("1",),
    "IPYTHONDIR": ("{home}/.ipython", "/dev/null"),
    "JUPYTER_CONFIG_DIR": ("{home}/.jupyter",),
    "JUPYTER_PATH": ("{home}/share",),
    "LC_ALL": ("C", "POSIX", "C.UTF-8", "de_DE.UTF-8", "xx_XX", ""),
    "MATPLOTLIBRC": ("{home}/.config/matplotlib/matplotlibrc", "/nowhere"),
    "MPLBACKEND": ("TkAgg", "nonsense", ""),
    "MPLCONFIGDIR": ("{home}/.config/matplotlib", "/dev/null", ""),
    "NO_COLOR": ("1", ""),
    "SOURCE_DATE_EPOCH": ("0", "1745539200", "253402300799"),
    "TERM": ("dumb", "xterm-256color", "", "unknown"),
    "TERMINAL_WIDTH": ("wide", "1", ""),
    "TZ": ("Asia/Seoul", "America/New_York", "Pacific/Kiritimati", "nowhere", ""),
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

_DAY = "2025-04-25"
_MACHINES = (
    ("rates", "--as-of", _DAY, "--format", "csv"),
    ("rates", "--as-of", _DAY, "--partner", "KOR", "--format", "json"),
    ("status", "--as-of", _DAY, "--format", "json"),
    ("changes", "--as-of", _DAY, "--since", "2025-03-01", "--format", "csv"),
    ("changes", "--as-of", _DAY, "--since", "2025-04-01", "--format", "json"),
)
_PEOPLE = (
    ("rates", "--as-of", _DAY, "--partner", "KOR"),
    ("status", "--as-of", _DAY),
    ("changes", "--as-of", _DAY, "--since", "2025-04-10"),
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
    ("notebooks", ""),
    ("rats",),
)
_CHART = ("chart",)
_BUILD = ("site",)
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


@dataclass
class Trial:
    """One combination, and what was wrong with it."""

    number: int
    words: tuple[str, ...]
    alone: bool
    settings: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    umask: int = 0o022
    here: dict[str, bytes] = field(default_factory=dict)
    home: dict[str, bytes] = field(default_factory=dict)
    fault: str = ""

    def told(self) -> str:
        """The combination in a line."""
        files = [*self.here, *(f"~/{name}" for name in self.home)]
        return (
            f"{self.number} {' '.join(self.words)}: {self.encoding} {self.umask:03o} {self.settings} {files}"
        )


def run(
    count: Annotated[int, typer.Option(help="How many combinations.")] = 2_000,
    seed: Annotated[int, typer.Option(help="The seed of all of them.")] = 1,
    only: Annotated[int | None, typer.Option(help="Try this one alone.")] = None,
    seconds: Annotated[int, typer.Option(help="Begin no other one after so many seconds; 0 for no end.")] = 0,
) -> None:
    """Draw settings of a machine; pages, CSV, JSON and messages must stay what they are."""
    begun = time.monotonic()
    numbers = range(count) if only is None else [only]
    trials = tried(seed, numbers, lambda: bool(seconds) and time.monotonic() - begun > seconds)
    for trial in trials:
        if trial.fault or only is not None:
            print(trial.told(), f"    {trial.fault}", sep="\n")
    kinds = Counter(kind(trial) for trial in trials)
    faults = sum(bool(trial.fault) for trial in trials)
    print(
        f"tradeviz {tradeviz.__version__}: {len(trials)} combinations (seed {seed}:"
        f" {', '.join(f'{number} {name}' for name, number in kinds.items())}),"
        f" {time.monotonic() - begun:.0f} s; {faults} at fault"
    )
    if faults:
        raise typer.Exit(1)


def kind(trial: Trial) -> str:
    """What a combination is tried on, in words."""
    if trial.words in (_CHART, _BUILD):
        return "charts" if trial.words == _CHART else "sites"
    return "commands in processes of their own" if trial.alone else "commands"


def drawn(seed: int, number: int) -> Trial:
    """Draw a combination; every 5th is about a chart, every 20th a process of its own, every 50th a site."""
    draw = random.Random(f"{seed}:{number}")
    words = draw.choice(draw.choice((_MACHINES, _PEOPLE, _WRONG)))
    if number % 5 == 4:
        words = _BUILD if number % 50 == 49 else _CHART
    trial = Trial(number, words, alone=number % 20 == 10 or words == _BUILD)
    possible = _VARIABLES | (_OF_PYTHON if trial.alone else {})
    chosen = draw.sample(sorted(possible), draw.randint(0, 6))
    trial.settings = {name: draw.choice(possible[name]) for name in chosen}
    trial.encoding = draw.choice(_ENCODINGS)
    trial.umask = draw.choice((0o022, 0o077, 0o002))
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


def tried(seed: int, numbers: range | list[int], late: Callable[[], bool] = lambda: False) -> list[Trial]:
    """Try combinations, told by seed and numbers; compare each with the plainest surroundings."""
    load_tables().at(_DAY)  # what is forked finds them
    plain: dict[tuple[tuple[str, ...], str], Done] = {}
    trials = []
    with tempfile.TemporaryDirectory(prefix="tradeviz-soak-") as scratch:
        folder = Path(scratch)
        cell = small_notebooks.write(
            folder / "notebooks" / "01-small.ipynb", _CELL, parameters='as_of: str = ""  # day'
        )
        for number in numbers:
            if late():
                break
            trial = drawn(seed, number)
            moment = trial.settings.get("SOURCE_DATE_EPOCH", "")
            if (trial.words, moment) not in plain:
                usual = Trial(-1, trial.words, trial.alone, {"SOURCE_DATE_EPOCH": moment} if moment else {})
                plain[trial.words, moment] = done(usual, folder / "plain", cell.parent)
            trial.fault = fault(trial, done(trial, folder / "trial", cell.parent), plain[trial.words, moment])
            trials.append(trial)
    return trials


def done(trial: Trial, folder: Path, notebooks: Path) -> Done:
    """Run what a combination is tried on; a site comes as what was written, in place of stdout."""
    shutil.rmtree(folder, ignore_errors=True)
    home, here, scratch = (folder / name for name in ("home", "here", "tmp"))
    for place, files in ((home, trial.home), (here, trial.here), (scratch, {})):
        place.mkdir(parents=True)
        for name, content in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
    before = set(_files(home, here))
    given = {name: value.format(home=home) for name, value in trial.settings.items()}
    kept = {name: os.environ[name] for name in ("PATH", "TRADEVIZ_DATA") if name in os.environ}
    variables = {**kept, "HOME": str(home), "TMPDIR": str(scratch), **given}
    if trial.alone:
        variables["PYTHONIOENCODING"] = trial.encoding
        code, out, err = _alone(trial, variables, here, folder / "site", notebooks)
    else:
        code, out, err = _forked(trial, variables, here, folder)
    left = set(_files(home, here, scratch)) - before
    return code, out, err + b"".join(f"\nleft {path}".encode() for path in sorted(left))


def _files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*")]


def _alone(trial: Trial, variables: dict[str, str], here: Path, site: Path, notebooks: Path) -> Done:
    words = trial.words
    if words == _BUILD:
        words = (
            "build",
            "--out",
            str(site),
            "--notebook-folder",
            str(notebooks),
            "--as-of",
            _DAY,
            "--jobs",
            "1",
        )
    program = str(Path(sys.executable).with_name("tradeviz"))
    ended = subprocess.run(
        [program, *words], env=variables, cwd=here, capture_output=True, check=False, umask=trial.umask
    )
    if trial.words != _BUILD:
        return ended.returncode, ended.stdout, ended.stderr
    made = b"".join(f"\n{name}\n".encode() + raw for name, raw in sorted(contents(site).items()))
    return ended.returncode, made, ended.stderr


def _forked(trial: Trial, variables: dict[str, str], here: Path, folder: Path) -> Done:
    child = os.fork()
    if not child:
        code = 1
        try:
            for number, name in ((1, "out"), (2, "err")):
                os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT), number)
            sys.stdout = io.TextIOWrapper(io.FileIO(1, "w"), encoding=trial.encoding)
            sys.stderr = io.TextIOWrapper(
                io.FileIO(2, "w"), encoding=trial.encoding, errors="backslashreplace"
            )
            os.environ.clear()
            os.environ.update(variables)
            os.chdir(here)
            os.umask(trial.umask)
            sys.path.insert(0, "")
            code = _within(trial.words)
            sys.stdout.flush()
            sys.stderr.flush()
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), (folder / "out").read_bytes(), (folder / "err").read_bytes()


def _within(words: tuple[str, ...]) -> int:
    time.tzset()
    with suppress(locale.Error):  # Python itself goes on without it, too
        locale.setlocale(locale.LC_ALL, "")
    if words == _CHART:
        sys.path.remove("")  # as in a process of a build
        _draw()
        return 0
    from tradeviz.cli import app

    sys.path.remove("")
    try:
        app(list(words), prog_name="tradeviz")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


def _draw() -> None:
    from tradeviz.briefing.surroundings import nobodys_settings

    with nobodys_settings():
        from tradeviz import frontpage
    from tradeviz.terminal import write_for_machines

    front = frontpage.front(load_tables().at(_DAY), Path("unused"))
    write_for_machines(str(front.groups))


def fault(trial: Trial, ended: Done, plain: Done) -> str:
    """Say in what a combination differs from the plainest one, where it must not; "" where it is right."""
    code, out, err = ended
    if code != plain[0]:
        return f"exit code {code} instead of {plain[0]}: {err[-300:]!r}"
    if b"Traceback" in err or b"left " in err:
        return f"said or left: {err[-300:]!r}"
    if trial.words == _BUILD:  # its progress may be in colour
        return "" if out == plain[1] else f"other bytes, and said {err[-300:]!r}"
    if trial.words in (*_MACHINES, _CHART):
        return "" if (out, err) == plain[1:] else f"other bytes, and said {err[-300:]!r}"
    wanted = plain[2].decode().encode(trial.encoding, "backslashreplace").decode(trial.encoding)
    if trial.words in _WRONG and (out, err.decode(trial.encoding)) != (b"", wanted):
        return f"said {err!r} instead of {wanted!r}"
    return "" if out or err else "said nothing"
