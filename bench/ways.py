"""The ways to make the same briefings that are compared, as commands."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import CommandError, Measurement, measure

HERE = Path(__file__).resolve().parent
NOTEBOOK = HERE.parent / "notebooks" / "01-partner.ipynb"
SCRIPTS = Path(sys.executable).parent

WAYS = {
    "a": "commands, one after the other: papermill, then jupyter nbconvert",
    "b": "papermill's and nbconvert's functions in a process pool",
    "c": "tradeviz build, cold: into a fresh folder",
    "d": "tradeviz build again, nothing changed",
    "e": "the floor: the notebook's code in plain Python processes",
    "f": "the floor in one process",
}
"""What each letter stands for."""

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Bench:
    """Where measured commands run.

    Attributes
    ----------
    folder : pathlib.Path
        A temporary folder, which takes all that they write.
    partners : tuple of str
        The codes of the partners that are briefed on.
    repeats : int
        How often something quick is measured; the median is taken.
    """

    folder: Path
    partners: tuple[str, ...]
    repeats: int

    def run(self, way: str, as_of: str, out: Path) -> Measurement:
        """Make the briefings in one of the ways.

        Parameters
        ----------
        way : str
            A letter of `WAYS`.
        as_of : str
            The day of knowledge, 2025-04-25.
        out : pathlib.Path
            Where the pages go; for "d", what "c" has filled.

        Returns
        -------
        Measurement
            Its seconds and its memory.

        Raises
        ------
        CommandError
            When a command fails or a page is missing.
        """
        if way in "cd":
            return self.build([as_of], out)
        out.mkdir()
        if way == "a":
            done = self._measure(self._by_commands(as_of, out), {})
        else:
            script, *processes = {"b": ["pool.py"], "e": ["plain.py", "0"], "f": ["plain.py", "1"]}[way]
            words = [str(HERE / script), str(NOTEBOOK), str(out), as_of, *processes, *self.partners]
            done = self._measure([[sys.executable, *words]], _ONE_THREAD)
        self._check(out, 1)
        return done

    def build(self, days: Sequence[str], out: Path, workers: int = 0) -> Measurement:
        """Make the briefings of one or more days by one `tradeviz build`.

        Parameters
        ----------
        days : sequence of str
            The days of knowledge.
        out : pathlib.Path
            The folder of the site.
        workers : int
            Number of worker processes; 0 for as many as there are cores.

        Returns
        -------
        Measurement
            Its seconds and its memory.

        Raises
        ------
        CommandError
            When it fails or a page is missing.
        """
        command = [str(SCRIPTS / "tradeviz"), "build", "--notebooks", NOTEBOOK.stem]
        command += ["--partners", ",".join(self.partners), "--out", str(out), "--jobs", str(workers)]
        for day in days:
            command += ["--as-of", day]
        done = self._measure([command], {})
        self._check(out, len(days))
        return done

    def stages(self, as_of: str) -> dict[str, float]:
        """Processor seconds of each stage of `tradeviz build`, see `stages.py`.

        Raises
        ------
        CommandError
            When a stage fails.
        """
        out = self.folder / "stages"
        out.mkdir()
        return self._run_script("stages.py", str(NOTEBOOK), str(out), as_of, *self.partners)

    def explorer(self, as_of: str) -> dict[str, float]:
        """Seconds for each chart of the explorer and for a script, see `explorer.py`.

        Raises
        ------
        CommandError
            When one fails.
        """
        return self._run_script("explorer.py", as_of, str(self.repeats), self.partners[0])

    def _run_script(self, script: str, *words: str) -> dict[str, float]:
        """Run one of the scripts beside this one, and give what it prints last."""
        self._measure([[sys.executable, str(HERE / script), *words]], _ONE_THREAD)
        lines = (self.folder / "log").read_text(encoding="utf-8").splitlines()
        return dict(json.loads(lines[-1]))

    def _by_commands(self, as_of: str, out: Path) -> list[list[str]]:
        executed = {partner: str(out / f"partner-{partner}.ipynb") for partner in self.partners}
        runs = [
            [str(SCRIPTS / "papermill"), str(NOTEBOOK), path, "-p", "partner", partner, "-p", "as_of", as_of]
            for partner, path in executed.items()
        ]
        exports = [
            [str(SCRIPTS / "jupyter"), "nbconvert", "--to", "html", "--no-input", path]
            for path in executed.values()
        ]
        return runs + exports

    def _measure(self, commands: list[list[str]], env: dict[str, str]) -> Measurement:
        ours = {"TMPDIR": str(self.folder), "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime")}
        return measure(commands, self.folder / "log", {**ours, **env}, self.folder)

    def _check(self, out: Path, days: int) -> None:
        pages = len(list(out.rglob("partner-*.html")))
        if pages != days * len(self.partners):
            raise CommandError(f"{pages} pages instead of {days * len(self.partners)} in {out}")
