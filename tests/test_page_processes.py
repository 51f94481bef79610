"""A page is one forked process: with the outputs of a kernel, watched, and gone when its build is."""

from __future__ import annotations

import ast
import re
import sys
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

import small_notebooks
from tradeviz.briefing import Edition, Job, Result, export, links, plan, run
from tradeviz.briefing.page import PAPERMILLS_OWN, make_page
from tradeviz.briefing.prepared import PreparedProcess, variables
from tradeviz.data import load, notebooks_dir

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pages are forked on Linux only")

APRIL = Edition("2025-04-25")


@pytest.fixture(scope="module")
def prepared() -> Iterator[PreparedProcess]:
    """One process for the pages of this module, which imports a little."""
    with PreparedProcess(["pandas", "matplotlib.pyplot", "not.there"], {"GIVEN": "1"}) as process:
        yield process


def job_of(folder: Path, *cells: str, timeout: int = 60) -> Job:
    notebook = small_notebooks.write(folder / "00-page.ipynb", *cells, parameters="")
    return Job(notebook, "page", {}, APRIL, timeout=timeout)


def made(prepared: PreparedProcess, folder: Path, *cells: str, timeout: int = 60) -> Result:
    (result,) = prepared.make([job_of(folder, *cells, timeout=timeout)], folder / "site", 1)
    return result


def shown(prepared: PreparedProcess, folder: Path, *cells: str) -> list[str]:
    """What the cells of a page show as plain text."""
    result = made(prepared, folder, *cells)
    assert result.status == "ok", result.message
    text = (folder / "site" / "page.html").read_text(encoding="utf-8")
    return [unescape(each) for each in re.findall(r"<pre>(.*?)\n?</pre>", text, re.DOTALL)]


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def contents(folder: Path) -> dict[str, bytes]:
    there = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in there}


# What a page shows

DISPLAYS = """
from IPython.display import HTML, Markdown, clear_output, display
display(HTML('<p>one</p>'), Markdown('*m*'))
"""
PICTURE = r"""
class Own:
    def _repr_png_(self):
        return b'\x89PNG\r\n\x1a\n'
    def __repr__(self):
        return 'own'
Own()
"""
SHOWS = (
    "import pandas as pd, matplotlib.pyplot as plt\npd.DataFrame({'a': [1, 2]})",
    "plt.plot([1, 3, 2]);",
    DISPLAYS,
    PICTURE,
    "handle = display('first', display_id='it')",
    "handle.update('second')\nprint('printed', end='')\nprint(' twice')\n'value'",
    "print('gone')\nclear_output()\nprint('stays')",
    "print('gone when more comes')\nclear_output(wait=True)\ndisplay('more')",
    "1 + 1;",
    "async def answer():\n    return 42\nawait answer()",
    "%matplotlib inline\nimport sys; sys.stderr.write('unseen'); _",
    "In[1][:6], Out[1].shape, __name__",
)


@pytest.mark.slow
@pytest.mark.lowest
def test_the_files_are_those_of_papermills_own_engine(prepared: PreparedProcess, tmp_path: Path) -> None:
    job = job_of(tmp_path, "# Title", *SHOWS)
    (ours,) = prepared.make([job], tmp_path / "ours", 1)
    (tmp_path / "run").mkdir()
    theirs = make_page(job, tmp_path / "theirs", tmp_path / "run", lambda _: None, PAPERMILLS_OWN)
    assert (ours.status, theirs.status) == ("ok", "ok"), (ours.message, theirs.message)
    assert contents(tmp_path / "ours") == contents(tmp_path / "theirs")


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["def f(x):\n    return 1 / x\nf(0)", "1 +", "import sys; sys.exit(0)"])
def test_a_failure_is_told_and_kept_as_by_papermills_own_engine(
    cell: str, prepared: PreparedProcess, tmp_path: Path
) -> None:
    job = job_of(tmp_path, "x = 1", cell, "x = 2")
    (ours,) = prepared.make([job], tmp_path / "ours", 1)
    (tmp_path / "run").mkdir()
    theirs = make_page(job, tmp_path / "theirs", tmp_path / "run", lambda _: None, PAPERMILLS_OWN)
    assert (ours.status, ours.files) == (theirs.status, theirs.files) == ("failed", ("failed/page.ipynb",))
    assert ours.message.partition(" (")[0] == theirs.message.partition(" (")[0]  # then the cell's file name
    errors = [error_in(tmp_path / site / "failed" / "page.ipynb") for site in ("ours", "theirs")]
    assert errors[0]["ename"] == errors[1]["ename"]
    assert len(errors[0]["traceback"]) == len(errors[1]["traceback"])


def error_in(path: Path) -> dict[str, Any]:
    cells = nbformat.read(path, as_version=4).cells
    (error,) = [output for cell in cells for output in cell.get("outputs", ()) if "ename" in output]
    return dict(error)


@pytest.mark.slow
@pytest.mark.lowest
def test_a_real_page_is_that_of_papermills_own_engine(built_site: Path, tmp_path: Path) -> None:
    seen = {"KOR": load("2025-04-25").for_partner("KOR").data_hash()}
    (job,) = plan(notebooks_dir(), ["KOR"], Edition("2025-04-25", seen=seen, looks_back=True), ["01-partner"])
    (tmp_path / "run").mkdir()
    result = make_page(job, tmp_path / "site", tmp_path / "run", lambda _: None, PAPERMILLS_OWN)
    assert result.status == "ok", result.message
    for name, raw in contents(tmp_path / "site").items():
        there = (built_site / name).read_bytes()
        if name.endswith(".html"):  # the links to other pages differ
            assert links.linked_page(raw.decode(), "") == links.linked_page(there.decode(), "")
        else:
            assert raw == there, name


# What a notebook finds

LEAVES = "import os, sys, pandas as pd; sys.leak = 1; os.environ['LEAK'] = '1'; os.chdir('/'); pd.leak = 1"
FINDS = (
    "import os, sys, pandas as pd\n"
    "hasattr(sys, 'leak'), 'LEAK' in os.environ, hasattr(pd, 'leak'), 'leak' in dir()"
)


def test_nothing_is_left_of_the_page_before(prepared: PreparedProcess, tmp_path: Path) -> None:
    assert made(prepared, tmp_path, LEAVES + "; leak = 1").status == "ok"
    assert shown(prepared, tmp_path, FINDS) == ["(False, False, False, False)"]


def test_each_page_has_a_process_of_its_own_forked_from_one(
    prepared: PreparedProcess, tmp_path: Path
) -> None:
    cell = "import os, sys; os.getpid(), os.getppid(), 'pandas' in sys.modules, os.environ['GIVEN']"
    first, second = (ast.literal_eval(shown(prepared, tmp_path, cell)[0]) for _ in range(2))
    assert first[0] != second[0]
    assert first[1] == second[1]
    assert first[2:] == second[2:] == (True, "1")


def test_random_numbers_differ(prepared: PreparedProcess, tmp_path: Path) -> None:
    cell = "import random, numpy; random.random(), numpy.random.random()"
    first, second = (ast.literal_eval(shown(prepared, tmp_path, cell)[0]) for _ in range(2))
    assert first[0] != second[0]
    assert first[1] != second[1]


@pytest.fixture(scope="module")
def among_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreparedProcess]:
    """A process started where a user has settings, a path of modules, and a module of a common name."""
    folder = tmp_path_factory.mktemp("settings")
    for name, content in {
        "ipython/profile_default/startup/00.py": "stray = 1\n",
        "matplotlibrc": "font.size: 33\n",
        "random.py": "raise SystemExit('from the working directory')\n",
        "below/own_module.py": "answer = 42\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("MATPLOTLIBRC", str(folder / "matplotlibrc"))
        patch.setenv("PYTHONPATH", "below")
        patch.chdir(folder)
        process = PreparedProcess(["matplotlib"], {})
    with process:
        yield process


def test_settings_of_the_user_reach_no_page(among_settings: PreparedProcess, tmp_path: Path) -> None:
    cell = "import matplotlib; matplotlib.rcParams['font.size'], 'stray' in dir()"
    assert shown(among_settings, tmp_path, cell) == ["(10.0, False)"]


def test_where_modules_are_looked_for_stays_though_the_folder_is_another(
    among_settings: PreparedProcess, tmp_path: Path
) -> None:
    assert shown(among_settings, tmp_path, "import own_module; own_module.answer") == ["42"]


@pytest.mark.parametrize("said", ["3", None])
def test_one_thread_each_where_nothing_else_is_said(
    said: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if said is None:
        monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    else:
        monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert variables({"MORE": "1"}, tmp_path)["OMP_NUM_THREADS"] == (said or "1")


def test_a_parameter_that_the_notebook_lacks_is_refused(prepared: PreparedProcess, tmp_path: Path) -> None:
    notebook = small_notebooks.write(tmp_path / "00-page.ipynb", "1")
    (result,) = prepared.make([Job(notebook, "page", {"partnr": "KOR"}, APRIL)], tmp_path / "site", 1)
    assert result.message.endswith("00-page.ipynb has no parameter partnr; it has: as_of, partner")


def test_a_page_says_which_parameters_plain_papermill_gave_it_and_which_had_no_effect(tmp_path: Path) -> None:
    path = small_notebooks.write(tmp_path / "a.ipynb", "1")
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    given = {"partner": "KOR", "partnr": "JPN"}
    notebook.metadata["papermill"] = {"input_path": "a.ipynb", "output_path": "b.ipynb", "parameters": given}
    body, _ = export.exporter().from_notebook_node(notebook)
    footer = body[body.index("<footer") :]
    assert "partner = KOR, partnr = JPN (not a parameter of the notebook: without effect)" in footer
    assert "papermill a.ipynb b.ipynb -p partner KOR -p partnr JPN" in footer


# How a page ends


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("raise ValueError('no')", "cell 2: ValueError: no"),
        ("import sys; sys.exit(0)", "cell 2: left the notebook by sys.exit; let it run to its end"),
        ("import os; os._exit(3)", "cell 2: ended its process with exit code 3"),
        (
            "import os; os.kill(os.getpid(), 9)",
            "cell 2: its process was ended by signal 9; was there too little memory?",
        ),
        ("import os; os.kill(os.getpid(), 11)", "cell 2: its process was ended by signal 11"),
        ("while True: print('again')", "cell 2: prints without end; let it print less"),
        ("import os; os.closerange(3, 256)\nwhile True: pass", "cell 2: closed the connection to the build"),
    ],
)
def test_ways_to_fail_are_told_apart(
    cell: str, message: str, prepared: PreparedProcess, tmp_path: Path
) -> None:
    result = made(prepared, tmp_path, "1", cell)
    assert (result.status, result.message) == ("failed", message)
    assert not (tmp_path / "site" / "page.html").exists()


def test_a_cell_that_takes_too_long_is_ended_with_all_that_it_has_started(
    prepared: PreparedProcess, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    cell = (
        "import os, subprocess\n"
        f"open({str(pids)!r}, 'w').write(f\"{{os.getpid()}} {{subprocess.Popen(['sleep', '60']).pid}}\")\n"
        "try:\n    while True: pass\nexcept BaseException:\n    while True: pass"
    )
    result = made(prepared, tmp_path, cell, timeout=1)
    assert result.message == "cell 1: took longer than 1 s; mend it, or give it more time with --timeout"
    for pid in pids.read_text().split():
        until(
            lambda pid=pid: not psutil.pid_exists(int(pid)) or psutil.Process(int(pid)).status() == "zombie"
        )
    assert not list(prepared.folder.glob("page-*"))


def waiting(folder: Path) -> tuple[Job, Callable[[], int]]:
    """A page that takes long, and what gives the number of its process once that has begun."""
    pid = folder / "pid"
    cell = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)"

    def begun() -> int:
        until(lambda: pid.is_file() and bool(pid.read_text()))
        return int(pid.read_text())

    return job_of(folder, cell), begun


def test_no_page_outlives_the_process_that_it_was_forked_from(tmp_path: Path) -> None:
    job, begun = waiting(tmp_path)
    with PreparedProcess([], {}) as own:
        running = own.make([job], tmp_path / "site", 1, lambda: psutil.Process(begun()).parent().kill())
        (result,) = running
    assert result.message == "the process that makes the pages was ended by signal 9"
    until(lambda: not psutil.pid_exists(begun()))
    assert not own.folder.exists()


def test_no_page_outlives_a_build_that_wants_no_more(tmp_path: Path) -> None:
    job, begun = waiting(tmp_path)
    quick = Job(small_notebooks.write(tmp_path / "1.ipynb", "1", parameters=""), "quick", {}, APRIL)
    running = run([job, quick], tmp_path / "site", 2)
    assert next(running).job.page == "quick"
    page = begun()
    running.close()
    assert not psutil.pid_exists(page)


# Without fork


@pytest.mark.slow
@pytest.mark.lowest
def test_without_fork_pages_are_made_by_papermills_own_engine_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    cells = ("get_ipython().__class__.__name__", "1 + 1")
    (result,) = run([job_of(tmp_path, *cells)], tmp_path / "site", 1, {"GIVEN": "1"})
    assert result.status == "ok", result.message
    assert "ZMQInteractiveShell" in (tmp_path / "site" / "page.html").read_text(encoding="utf-8")
    assert len(caplog.records) == 1
