"""Faults in a batch: each staged on purpose; then the site must be sound and the next build finish it."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from soak.place import NEW, BrokenError, Builds, NotPossibleError, contents, expect, small_file_system
from tests import small_notebooks
from tradeviz.briefing import lock, manifest

REAL = ("--partners", "CHN,EUU,JPN,KOR,IND,VNM,GBR,ISR", "--notebooks", "01-partner")
"""What of the real batch is killed: enough pages for many kills to come between two of them."""

_A_MOMENT = 0.3
_SOON = 120  # seconds for a build to come to a page on a busy machine


def kill_at(builds: Builds, seconds: float) -> int:
    """Kill a build with signal 9 some seconds after its start; give how many pages it had made."""
    return _killed(builds, lambda _: time.sleep(seconds))


def kill_at_work(builds: Builds) -> int:
    """Kill a build with signal 9 while it makes pages; give how many it had made."""
    return _killed(builds, lambda build: _wait(lambda: _has_pages(builds), build))


def _killed(builds: Builds, come: Callable[[subprocess.Popen[str]], object]) -> int:
    builds.reset()
    with builds.start("--as-of", NEW) as process:
        come(process)
        process.kill()
        process.communicate()
    return builds.expect_recovery()


def notebooks_that_fail(builds: Builds) -> None:
    """An error, an endless loop, processes that die or go silent: a line for each, the others are made."""
    bad = {
        "10-error": ("1 / 0", "cell 3: ZeroDivisionError: division by zero"),
        "11-loop": ("while True: pass", "cell 3: took longer than 3 s"),
        "12-killed": ("import os; os.kill(os.getpid(), 9)", "cell 3: its process was ended by signal 9"),
        "13-exits": ("import os; os._exit(0)", "cell 3: ended its process with exit code 0"),
        "14-leaves": ("import sys; sys.exit(0)", "cell 3: left the notebook by sys.exit"),
        "15-silent": ("import os; os.closerange(3, 256)\nwhile True: pass", "closed the connection"),
        "16-prints": ("while True: print('again' * 1000)", "cell 3: prints without end"),
    }
    for name, (cell, _) in bad.items():
        parameters = 'as_of: str = ""  # day'
        small_notebooks.write(builds.notebooks / f"{name}.ipynb", cell, "1 + 1", parameters=parameters)
    done = builds.build("--as-of", NEW, "--timeout", "3")
    for name in bad:
        (builds.notebooks / f"{name}.ipynb").unlink()
    expect(done.code == 1, f"exit code {done.code}")
    expect(done.made == builds.pages, f"made {done.made}")
    for name, (_, message) in bad.items():
        lines = [line for line in done.stderr.splitlines() if line.startswith(f"failed: {name[3:]}: ")]
        expect(len(lines) == 1 and message in lines[0], f"{name}: {lines}")
    copies = {f"{name[3:]}.ipynb" for name in ("10-error", "14-leaves", "16-prints")}
    expect({path.name for path in (builds.site / "failed").iterdir()} == copies, "other copies are kept")
    shutil.rmtree(builds.site / "failed")
    builds.expect_quiet()
    builds.expect_sound()


def full_disk(builds: Builds) -> None:
    """No space where the site is: exit code 5, and all files are whole."""
    with small_file_system(builds.folder / "small", 2) as small:
        site = shutil.copytree(builds.old_site, small / "site")
        (small / "ballast").write_bytes(bytes(2_000_000 - sum(map(len, contents(site).values()))))
        _refused(builds, site, "No space left on device")
        (small / "ballast").unlink()
        _elsewhere(builds, site)


def full_temporary_folder(builds: Builds) -> None:
    """No space for temporary files: the build stops with exit code 5 or does without, and all is whole."""
    with small_file_system(builds.folder / "small", 1) as small:
        usual, builds.env["TMPDIR"] = builds.env["TMPDIR"], str(small)
        with builds.start("--as-of", NEW) as process:
            _wait(lambda: any(small.glob("tradeviz-build-*/page-*")), process)
            _fill(small / "ballast")
            _, stderr = process.communicate()
        done = builds.ended(process.returncode, stderr)
        (small / "ballast").unlink()
        builds.env["TMPDIR"] = usual
    expect(done.code in (1, 5), f"exit code {done.code}: {done.stderr}")
    expect("failed: " in done.stderr, done.stderr)
    builds.expect_recovery()


def files_limited_in_size(builds: Builds) -> None:
    """A file that the system does not let grow: exit code 5."""
    limit = (40_000, resource.RLIM_INFINITY)
    _refused(builds, builds.site, "File too large", lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    builds.expect_recovery()


def read_only_site(builds: Builds) -> None:
    """A folder that cannot be written to: exit code 5 before anything is made."""
    with small_file_system(builds.folder / "small", 8) as small:
        site = shutil.copytree(builds.old_site, small / "site")
        remount = ["mount", "-o", "remount,ro", str(small)]
        if subprocess.run(remount, capture_output=True, check=False).returncode:
            raise NotPossibleError("making a file system read-only takes root")
        done = builds.build("--as-of", NEW, site=site)
        expect((done.code, done.made) == (5, set()), f"exit code {done.code}: {done.stderr}")
        expect("cannot be written to" in done.stderr, done.stderr)
        expect(contents(site) == builds.old, "the site was touched")


def site_is_a_file(builds: Builds) -> None:
    """The name of the folder, or one on the way to it, is that of a file: exit code 2."""
    file = builds.folder / "file"
    file.write_text("mine", encoding="utf-8")
    for site in (file, file / "below"):
        done = builds.build("--as-of", NEW, site=site)
        expect(done.code == 2 and "file" in done.stderr, f"exit code {done.code}: {done.stderr}")
    expect(file.read_text(encoding="utf-8") == "mine", "the file was touched")


def folder_to_be_made(builds: Builds) -> None:
    """Neither the folder nor the one above it is there: they are made."""
    done = builds.build("--as-of", NEW, site=builds.folder / "not" / "there")
    expect(done.code == 0, done.stderr)
    expect(contents(builds.folder / "not" / "there") == builds.new, "other bytes")


def two_builds(builds: Builds) -> None:
    """The second build into the same folder is refused at once, with exit code 4; the first one goes on."""
    with builds.start("--as-of", NEW) as first:
        _wait((builds.site / lock.NAME).exists, first)
        first.send_signal(signal.SIGSTOP)  # until the other one has ended
        log, builds.log = builds.log, builds.folder / "second.jsonl"
        second = builds.build("--as-of", NEW)
        builds.log = log
        first.send_signal(signal.SIGCONT)
        _, stderr = first.communicate()
    expect(second.code == 4 and "another build" in second.stderr, f"exit code {second.code}: {second.stderr}")
    expect(builds.ended(first.returncode, stderr).code == 0, f"the first one failed: {stderr}")
    expect(contents(builds.site) == builds.new, "other bytes")
    builds.expect_recovery()


def interrupted(builds: Builds) -> None:
    """Ctrl-C, which all processes of the group get, while it begins: exit code 130."""
    _stopped(builds, 130, _has_begun, lambda build: os.killpg(build.pid, signal.SIGINT))


def terminated(builds: Builds) -> None:
    """SIGTERM while pages are made: exit code 143."""
    _stopped(builds, 143, _has_pages, subprocess.Popen.terminate)


def killed_with_its_workers(builds: Builds) -> None:
    """Signal 9 to all processes of the build's group: the pages' processes go, and the next build goes on."""
    with builds.start("--as-of", NEW, start_new_session=True) as process:
        _wait(lambda: _has_pages(builds), process)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    for folder in builds.temporary.iterdir():  # which nobody is left to remove
        shutil.rmtree(folder)
    builds.expect_recovery()


Fault = Callable[[Builds], None]
FAULTS: dict[str, Fault] = {
    fault.__name__.replace("_", " "): fault
    for fault in (
        notebooks_that_fail,
        full_disk,
        full_temporary_folder,
        files_limited_in_size,
        read_only_site,
        site_is_a_file,
        folder_to_be_made,
        two_builds,
        interrupted,
        terminated,
        killed_with_its_workers,
    )
}


@click.command()
@click.option("--kills", default=50, show_default=True, help="How many builds are killed.")
@click.option("--seed", default=1, show_default=True, help="The seed of the moments.")
def run(kills: int, seed: int) -> None:
    """Kill the real batch at random moments, and stage every other fault once."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        builds = Builds(folder / "real", REAL, real=True)
        longest = builds.prepare()
        print(
            f"{kills} kills, seed {seed}, in a build of {len(builds.pages)} pages and {longest:.1f} s",
            flush=True,
        )
        draw = random.Random(seed)
        for moment in [draw.uniform(0, longest) for _ in range(kills)]:
            failed += not _tried(
                f"kill -9 at {moment:.2f} s",
                lambda at=moment: f"{kill_at(builds, at)} of the pages were made before and not again",
            )
        small = Builds(folder / "small")
        small.prepare()
        for words, fault in FAULTS.items():
            small.reset()
            failed += not _tried(words, lambda staged=fault: staged(small))
    print(f"{kills} kills and {len(FAULTS)} other faults, {failed} of them left something wrong")
    if failed:
        sys.exit(1)


def _tried(words: str, fault: Callable[[], object]) -> bool:
    try:
        found = fault()
    except NotPossibleError as why:
        print(f"{words}: not tried, {why}", flush=True)
    except BrokenError as why:
        print(f"{words}: WRONG: {why}", flush=True)
        return False
    else:
        print(f"{words}: sound{f', {found}' if found else ''}", flush=True)
    return True


def _has_begun(builds: Builds) -> bool:
    return "index" not in manifest.read(builds.site)


def _has_pages(builds: Builds) -> bool:
    return any(builds.temporary.glob("tradeviz-build-*/page-*"))


def _stopped(
    builds: Builds, code: int, when: Callable[[Builds], bool], stop: Callable[[subprocess.Popen[str]], None]
) -> None:
    with builds.start("--as-of", NEW, start_new_session=True) as process:
        _wait(lambda: when(builds), process)
        time.sleep(_A_MOMENT)
        stop(process)
        _, stderr = process.communicate()
    done = builds.ended(process.returncode, stderr)
    expect(done.code == code, f"exit code {done.code}: {done.stderr}")
    expect(done.events[-1]["exit_code"] == code, f"the log says {done.events[-1]}")
    builds.expect_recovery()


def _refused(builds: Builds, site: Path, why: str, limit: Callable[[], None] | None = None) -> None:
    done = builds.build("--as-of", NEW, site=site, preexec_fn=limit)
    expect(done.code == 5 and why in done.stderr, f"exit code {done.code}: {done.stderr}")
    builds.expect_quiet()


def _elsewhere(builds: Builds, site: Path) -> None:
    """Expect recovery of a site that is in another folder."""
    usual, builds.site = builds.site, site
    builds.expect_recovery()
    builds.site = usual


def _wait(until: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + _SOON
    while not until():
        expect(process.poll() is None and time.monotonic() < end, "the build did not come so far")
        time.sleep(0.01)


def _fill(path: Path) -> None:
    try:
        with path.open("wb") as file:
            while True:
                file.write(bytes(4096))
                file.flush()
    except OSError:
        pass
