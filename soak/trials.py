"""One combination of surroundings, and running something in it: in a forked process, or in one of its own."""

from __future__ import annotations

import io
import locale
import os
import resource
import shutil
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from soak.place import contents
from tradeviz.data import load_tables

Done = tuple[int, bytes, bytes, list[str]]
"""Exit code, stdout, stderr, and what was left outside the site."""

CHART = ("chart",)
BUILD = ("site",)
DAY = "2025-04-25"
_ALL_OF_THEM = resource.RLIM_INFINITY


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
    hostile: str = ""
    """"" or what lets nothing be done: "gone", the working directory is removed; "full", nothing more
    can be written to stdout; a number, the most bytes that a file may have."""
    fault: str = ""

    def describe(self) -> str:
        """The combination in a line."""
        files = [*self.here, *(f"~/{name}" for name in self.home)]
        hostile = f" {self.hostile}" if self.hostile else ""
        return (
            f"{self.number} {' '.join(self.words)}: {self.encoding} {self.umask:03o}{hostile}"
            f" {self.settings} {files}"
        )

    def kind(self) -> str:
        """What a combination is tried on, in words."""
        if self.words in (CHART, BUILD):
            return "charts" if self.words == CHART else "sites"
        return "commands in processes of their own" if self.alone else "commands"

    def longest_file(self) -> int:
        """The most bytes that a file may have."""
        return int(self.hostile) if self.hostile.isdecimal() else _ALL_OF_THEM


def done(trial: Trial, folder: Path, notebooks: Path) -> Done:
    """Run what a combination is tried on; a site comes as what was written, in place of stdout."""
    shutil.rmtree(folder, ignore_errors=True)
    home, here, scratch = (folder / name for name in ("home", "here", "tmp"))
    for directory, files in ((home, trial.home), (here, trial.here), (scratch, {})):
        directory.mkdir(parents=True)
        for name, content in files.items():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_bytes(content)
    before = set(_files(home, here))
    given = {name: value.format(home=home) for name, value in trial.settings.items()}
    if trial.hostile.isdecimal():  # Python would leave cut-off bytecode beside modules, and fail on it later
        given["PYTHONDONTWRITEBYTECODE"] = "1"
    inherited = {name: os.environ[name] for name in ("PATH", "TRADEVIZ_DATA") if name in os.environ}
    variables = {**inherited, "HOME": str(home), "TMPDIR": str(scratch), **given}
    if trial.alone:
        variables["PYTHONIOENCODING"] = trial.encoding
        code = _alone(trial, variables, folder, notebooks)
    else:
        code = _forked(trial, variables, folder)
    left = set(_files(home, here, scratch)) - before
    out, err = ((folder / name).read_bytes() if (folder / name).exists() else b"" for name in ("out", "err"))
    if trial.words == BUILD:
        made = contents(folder / "site")
        out = b"".join(f"\n{name}\n".encode() + raw for name, raw in sorted(made.items()))
    return code, out, err, [str(path) for path in sorted(left)]


def _files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*")]


def _alone(trial: Trial, variables: dict[str, str], folder: Path, notebooks: Path) -> int:
    words = trial.words
    if words == BUILD:
        places = ("--out", str(folder / "site"), "--notebook-folder", str(notebooks))
        words = ("build", *places, "--as-of", DAY, "--jobs", "1")
    program = str(Path(sys.executable).with_name("tradeviz"))
    with (folder / "err").open("wb") as err, _stdout(trial, folder).open("wb") as out:
        return subprocess.run(
            [program, *words],
            env=variables,
            cwd=folder / "here",
            stdout=out,
            stderr=err,
            check=False,
            umask=trial.umask,
            preexec_fn=lambda: _stage(trial, folder / "here"),  # this process has no other threads
        ).returncode


def _stdout(trial: Trial, folder: Path) -> Path:
    return Path("/dev/full") if trial.hostile == "full" else folder / "out"


def _stage(trial: Trial, here: Path) -> None:
    """Let a process meet what the combination has against it, in its working directory."""
    if trial.hostile == "gone":
        shutil.rmtree(here)
    resource.setrlimit(resource.RLIMIT_FSIZE, (trial.longest_file(), _ALL_OF_THEM))


def _forked(trial: Trial, variables: dict[str, str], folder: Path) -> int:
    child = os.fork()
    if not child:
        code = 1
        try:
            for number, path in ((1, _stdout(trial, folder)), (2, folder / "err")):
                os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
            sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w")), encoding=trial.encoding)
            sys.stderr = io.TextIOWrapper(
                io.BufferedWriter(io.FileIO(2, "w")), encoding=trial.encoding, errors="backslashreplace"
            )
            os.environ.clear()
            os.environ.update(variables)
            os.chdir(folder / "here")
            os.umask(trial.umask)
            sys.dont_write_bytecode = sys.dont_write_bytecode or trial.hostile.isdecimal()
            _stage(trial, folder / "here")
            code = _within(trial.words)
            sys.stdout.flush()
            sys.stderr.flush()
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _within(words: tuple[str, ...]) -> int:
    time.tzset()
    with suppress(locale.Error):  # Python itself goes on without it, too
        locale.setlocale(locale.LC_ALL, "")
    if words == CHART:
        _draw()
        return 0
    from tradeviz.cli import app

    try:
        app(list(words), prog_name="tradeviz")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


def _draw() -> None:
    from tradeviz.briefing.surroundings import nobodys_settings

    with nobodys_settings():
        from tradeviz import exhibits
    from tradeviz.terminal import write_for_machines

    ds = load_tables().at(DAY)
    write_for_machines(f"{exhibits.staircase(ds, 'KOR').markup}\n{exhibits.meetings(ds, 'KOR').markup}")
