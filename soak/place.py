"""A site of an earlier day, and builds of a later one over it that can be disturbed and looked at."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import small_notebooks
from tests.same_site import without_own_id
from tradeviz.briefing import lock, manifest
from tradeviz.briefing.files import SUBSCRIPTIONS
from tradeviz.briefing.links import linked_page
from tradeviz.briefing.subscriptions import FOLDER
from tradeviz.data import notebooks_dir

OLD, NEW = "2025-04-25", "2025-08-07"
QUIET_WITHIN = 10
"""Seconds after which nothing of a build that has ended may be left."""

SMALL = ("--partners", "KOR,JPN")
"""What is built of the small notebooks: three pages."""

_MARK = "TRADEVIZ_SOAK"
_SHOWS_ITS_DAY = """
import time; time.sleep(0.2)
class Shown:
    def _repr_mimebundle_(self, include=None, exclude=None):
        fields = [{"name": "day", "type": "string"}]
        data = {"name": "days", "csv": f"day\\n{as_of}\\n", "fields": fields}
        html = f"<header><h1>As of {as_of}</h1></header><!--tradeviz:data days-->"
        return {"text/html": html, "application/vnd.tradeviz.exhibit+json": data}

Shown()
"""


class BrokenError(AssertionError):
    """What a build must not leave was found."""


class NotPossibleError(Exception):
    """A fault that this machine does not let us stage."""


def expect(fact: object, message: str) -> None:
    """Raise if it is not so."""
    if not fact:
        raise BrokenError(message)


@dataclass
class Done:
    """A build that has ended."""

    code: int
    stderr: str
    made: set[str] = field(default_factory=set)
    events: list[dict[str, Any]] = field(default_factory=list)


class Builds:
    """A folder for builds.

    Parameters
    ----------
    folder : Path
        It is made.
    words : tuple of str
        What is built: options of `tradeviz build`.
    real : bool
        Whether with the notebooks of the repository; else with small ones.
    """

    def __init__(self, folder: Path, words: tuple[str, ...] = SMALL, real: bool = False) -> None:
        self.folder, self.words = folder, words
        self.site, self.temporary, self.log = folder / "site", folder / "tmp", folder / "log.jsonl"
        self.notebooks = notebooks_dir() if real else folder / "notebooks"
        self.env = {"TMPDIR": str(self.temporary), _MARK: secrets.token_hex(8)}
        self.temporary.mkdir(parents=True)
        if not real:
            for name, more in (("00-all", ""), ("01-partner", '\npartner: str = "KOR"  # code')):
                parameters = f'as_of: str = ""  # day{more}'
                small_notebooks.write(self.notebooks / f"{name}.ipynb", _SHOWS_ITS_DAY, parameters=parameters)

    def prepare(self) -> float:
        """Build the site of the old day, and that of the new one undisturbed; give the seconds of this."""
        first = self.build("--as-of", OLD)
        expect(first.code == 0, f"the first build failed: {first.stderr}")
        shutil.copytree(self.site, self.folder / "old")
        begun = time.monotonic()
        second = self.build("--as-of", NEW)
        seconds = time.monotonic() - begun
        expect(second.code == 0, f"the second build failed: {second.stderr}")
        self.site.rename(self.folder / "new")
        self.know(self.folder)
        return seconds

    def know(self, prepared: Path) -> None:
        """Take the sites that are to be, and the notebooks, from a folder where they were prepared."""
        if prepared != self.folder and self.notebooks != notebooks_dir():
            # notebooks that are written anew would have other identifiers of cells
            shutil.copytree(prepared / "notebooks", self.notebooks, dirs_exist_ok=True)
        self.old_site = prepared / "old"
        self.old, self.new = contents(self.old_site), contents(prepared / "new")
        self.pages = set(manifest.read(prepared / "new")["pages"])

    def reset(self) -> None:
        """Put the site of the old day back."""
        shutil.rmtree(self.site, ignore_errors=True)
        shutil.copytree(self.old_site, self.site)
        self.log.unlink(missing_ok=True)

    def start(self, *words: str, site: Path | None = None, **options: Any) -> subprocess.Popen[str]:
        """Start a build."""
        paths = {"--out": site or self.site, "--log-json": self.log, "--notebook-folder": self.notebooks}
        given = [word for option, path in paths.items() for word in (option, str(path))]
        command = [sys.executable, "-m", "tradeviz", "build", *self.words, *given, *words]
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, env={**os.environ, **self.env}, text=True, **pipes, **options)

    def build(self, *words: str, site: Path | None = None, **options: Any) -> Done:
        """Build, to the end."""
        self.log.unlink(missing_ok=True)
        with self.start(*words, site=site, **options) as process:
            _, stderr = process.communicate()
        return self.ended(process.returncode, stderr)

    def ended(self, code: int, stderr: str) -> Done:
        """Read what a build that has ended wrote into the log."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.is_file() else []
        events = [json.loads(line) for line in lines]
        expect("Traceback" not in stderr or code < 0, f"a traceback: {stderr}")
        made = {event["page"] for event in events if event["event"] == "page-done"}
        return Done(code, stderr, made, events)

    def expect_quiet(self) -> None:
        """Expect that soon no process and no temporary file of a build is left."""
        until = time.monotonic() + QUIET_WITHIN
        while left := [*self.processes(), *self.temporary.iterdir()]:
            expect(time.monotonic() < until, f"left after {QUIET_WITHIN} s: {left}")
            time.sleep(0.05)

    def processes(self) -> list[str]:
        """The processes of our builds, pages and all: those that have inherited our mark."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"{_MARK}={self.env[_MARK]}".encode() in (folder / "environ").read_bytes():
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    found.append(f"{folder.name} {command[:200]}")
            except OSError:
                continue
        return found

    def expect_sound(self) -> set[str]:
        """Expect that all files are complete and the manifest is true; give the pages that are new."""
        for name, raw in contents(self.site).items():
            if name == "manifest.json":
                continue
            around = ("index.html", "data/datapackage.json", *SUBSCRIPTIONS)
            if (name in around or name.startswith(f"{FOLDER}/")) and _is_whole(name, raw):
                continue
            versions = [_bare(name, each[name]) for each in (self.old, self.new) if name in each]
            expect(_bare(name, raw) in versions, f"{name} is neither the old nor the new one")
        new = set()
        for page, entry in manifest.read(self.site)["pages"].items():
            if entry["status"] == "ok":
                same = manifest.content(self.site, entry["files"]) == entry["content"]
                expect(same, f"the manifest is not true of {page}")
                new |= {page} if entry["parameters"]["as_of"] == NEW else set()
        return new

    def expect_finished_by_next_build(self, there: set[str]) -> None:
        """Expect that the next build makes what is missing and no more, and the site as if undisturbed."""
        done = self.build("--as-of", NEW)
        expect(done.code == 0, f"the next build failed with {done.code}: {done.stderr}")
        expect(done.made == self.pages - there, f"made {done.made}, while {there} were there")
        after = contents(self.site)
        differing = sorted(name for name in after.keys() | self.new if after.get(name) != self.new.get(name))
        expect(not differing, f"other bytes than those of an undisturbed build: {differing}")
        expect(not hidden(self.site), f"left in the site: {hidden(self.site)}")
        self.expect_quiet()

    def expect_recovery(self) -> int:
        """Expect all of it after a fault; give the number of pages that the disturbed build had made."""
        self.expect_quiet()
        there = self.expect_sound()
        self.expect_finished_by_next_build(there)
        return len(there)


def contents(site: Path) -> dict[str, bytes]:
    """Every file of a site but the log of times and what a build has not put in place yet."""
    there = [path for path in site.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {
        path.relative_to(site).as_posix(): without_own_id(path)
        for path in there
        if path.name != "build-log.json"
    }


def hidden(site: Path) -> list[Path]:
    """What a build has not put in place yet, and its lock."""
    return [path for path in site.rglob(".*") if path.suffix == ".tmp" or path.name == lock.NAME]


@contextmanager
def small_file_system(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a small file system, which takes root.

    Raises
    ------
    NotPossibleError
        If this machine does not let us.
    """
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        raise NotPossibleError("mounting a small file system takes root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _bare(name: str, raw: bytes) -> str:
    """The content without links to other pages, which follow when all pages are there."""
    text = raw.decode("utf-8", "surrogateescape")
    return linked_page(text, "") if name.endswith(".html") else text


def _is_whole(name: str, raw: bytes) -> bool:
    """Whether a file that a stopped build may write in between is complete."""
    if name.endswith(".json"):
        return bool(json.loads(raw))
    return raw.rstrip().endswith((b"</html>", b"</feed>", b"END:VCALENDAR"))
