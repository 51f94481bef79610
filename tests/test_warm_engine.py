"""The engine that forks kernels: as a cold kernel would do, with nothing left of the notebook before."""

from __future__ import annotations

import ast
import contextlib
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

import small_notebooks
from tradeviz import warm
from tradeviz.warm import client, provisioner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

COLD = "nbclient"
WARM = "tradeviz-warm"

DISTURB = """
import logging, os, random, sys, warnings
import matplotlib.pyplot as plt, pandas as pd
leak = 1
plt.rcParams["font.size"] = 33
pd.DataFrame.head = lambda self: "patched"
pd.set_option("display.max_rows", 3)
%config InlineBackend.close_figures = False
plt.figure()
os.environ["LEAK"] = "1"
os.chdir("/")
sys.path.insert(0, "/leak")
sys.leak = 1
sys.modules["leak"] = sys
warnings.simplefilter("ignore")
logging.getLogger().setLevel(5)
"""
OBSERVED = {
    "globals": "sorted(name for name in globals() if name == 'leak')",
    "settings of matplotlib": "{name: str(value) for name, value in plt.rcParams.items()}",
    "monkeypatches": "pd.DataFrame.head.__name__",
    "options of pandas": "pd.get_option('display.max_rows')",
    "open figures": "plt.get_fignums()",
    "environment variables": "sorted(os.environ)",
    "working directory": "os.getcwd()",
    "sys.path": "sys.path",
    "attributes of modules": "hasattr(sys, 'leak')",
    "modules": "'leak' in sys.modules",
    "filters of warnings": "sorted({str(each) for each in warnings.filters})",
    "logging": "logging.getLogger().level",
}
OBSERVE = (
    "import logging, os, sys, warnings, matplotlib.pyplot as plt, pandas as pd\n"
    + f"print({{{', '.join(f'{name!r}: {code}' for name, code in OBSERVED.items())}}})"
)


@pytest.fixture(scope="module", autouse=True)
def few_modules() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(provisioner.MODULES_VARIABLE, "matplotlib.pyplot, pandas")
        yield
    warm.stop()


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provisioner, "_said", set())


class Execute:
    """Run cells as a notebook of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *cells: str, engine: str = WARM, **options: Any) -> NotebookNode:
        notebook = small_notebooks.write(self.folder / "in.ipynb", *cells, parameters="")
        options = {
            "cwd": str(self.folder),
            "shutdown_kernel": "immediate",
            "kernel_name": "python3",
            **options,
        }
        return papermill.execute_notebook(
            str(notebook), str(self.folder / "out.ipynb"), engine_name=engine, progress_bar=False, **options
        )

    def value(self, *cells: str, **options: Any) -> Any:
        return ast.literal_eval(printed(self(*cells, **options)))


@pytest.fixture
def execute(tmp_path: Path) -> Execute:
    return Execute(tmp_path)


def printed(notebook: NotebookNode) -> str:
    return "".join(output.text for output in notebook.cells[-1].outputs if output.output_type == "stream")


def gone(pid: int, seconds: float = 5) -> bool:
    return within(seconds, lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie")


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


# What a notebook gets


def test_each_notebook_has_a_process_of_its_own_forked_from_one_server(execute: Execute) -> None:
    cell = "import os, sys; print((os.getpid(), os.getppid(), os.getsid(0)))"
    first, second = execute.value(cell), execute.value(cell)
    assert first[0] != second[0]
    assert first[1] == second[1] != os.getpid()
    assert psutil.Process(first[1]).ppid() == os.getpid()
    assert first[0] == first[2]  # leads a session, as a cold kernel does


def test_modules_are_there_before_they_are_imported(execute: Execute) -> None:
    assert execute.value("import sys; print('pandas' in sys.modules)") is True
    assert execute.value("import sys; print('pandas' in sys.modules)", engine=COLD) is False


@pytest.fixture(scope="module")
def observations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    execute = Execute(tmp_path_factory.mktemp("observed"))
    disturbed = execute.value(DISTURB, OBSERVE.replace("import logging", "pass; import logging"))
    after = execute.value(OBSERVE)
    return {"disturbed": disturbed, "after": after, "cold": execute.value(OBSERVE, engine=COLD)}


@pytest.mark.parametrize("what", OBSERVED)
def test_nothing_is_left_of_the_notebook_before(what: str, observations: dict[str, dict[str, Any]]) -> None:
    assert observations["disturbed"][what] != observations["cold"][what]
    assert observations["after"][what] == observations["cold"][what]


FACTS = """
import gc, os, signal, sys, threading
names = sorted(thread.name.split("-")[0] for thread in threading.enumerate())
handlers = {number.name: str(signal.getsignal(number)).split(" at ")[0] for number in signal.Signals}
env = {name: value for name, value in os.environ.items() if name != "JPY_PARENT_PID"}
print({"env": env, "path": sys.path, "threads": names,
    "argv": (sys.argv[0], len(sys.argv)), "handlers": handlers, "gc": gc.isenabled(), "cwd": os.getcwd(),
    "descriptors": len(os.listdir("/proc/self/fd")), "main": __name__, "encoding": sys.__stdout__.encoding})
"""


def test_a_kernel_finds_itself_as_a_cold_one_does(execute: Execute) -> None:
    warm_one, cold_one = execute.value(FACTS), execute.value(FACTS, engine=COLD)
    assert (
        warm_one.pop("descriptors") <= cold_one.pop("descriptors") + 1
    )  # none of the server's are left open
    assert warm_one == cold_one


def test_variables_set_between_notebooks_reach_the_kernel(
    execute: Execute, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = "import os, time; print((os.environ.get('SET_LATER'), time.tzname[0], os.getppid()))"
    before = execute.value(cell)
    monkeypatch.setenv("SET_LATER", "1")
    monkeypatch.setenv("TZ", "XYZ-3")
    assert execute.value(cell) == ("1", "XYZ", before[2])


def test_variables_that_a_library_reads_once_get_a_server_of_their_own(
    execute: Execute, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = "import os, matplotlib; print((matplotlib.rcParams['backend'], os.getppid()))"
    inline, server = execute.value(cell)
    monkeypatch.setenv("MPLBACKEND", "svg")
    backend, other = execute.value(cell)
    assert "inline" in inline
    assert (backend, other != server) == ("svg", True)


def test_libraries_that_use_threads_of_their_own_still_compute(execute: Execute) -> None:
    cell = "import numpy; a = numpy.ones((900, 900)); print(float((a @ a).sum()))"
    assert execute.value(cell) == 900.0**3


def test_random_numbers_differ(execute: Execute) -> None:
    cell = "import random, numpy; print((random.random(), numpy.random.random()))"
    (first, first_numpy), (second, second_numpy) = execute.value(cell), execute.value(cell)
    assert first != second
    assert first_numpy != second_numpy


def test_figures_are_shown_and_the_same_as_from_a_cold_kernel(execute: Execute) -> None:
    cell = "import matplotlib.pyplot as plt; plt.plot([1, 3, 2]);"
    shown = [execute(cell, engine=engine).cells[-1].outputs for engine in (WARM, COLD)]
    assert [output.output_type for output in shown[0]] == ["display_data"]
    assert shown[0] == shown[1]


# Jupyter's protocol


def test_an_error_is_reported_as_from_a_cold_kernel(execute: Execute) -> None:
    raised = []
    for engine in (WARM, COLD):
        with pytest.raises(PapermillExecutionError) as error:
            execute("def f(x):\n    return 1 / x", "f(0)", engine=engine)
        raised.append(error.value)
    assert raised[0].ename == "ZeroDivisionError"
    for attribute in ("ename", "evalue", "traceback", "exec_count", "source"):
        assert getattr(raised[0], attribute) == getattr(raised[1], attribute)


def test_a_cell_that_takes_too_long_is_ended(execute: Execute) -> None:
    begun = time.monotonic()
    with pytest.raises(CellTimeoutError):
        execute("import time; time.sleep(60)", execution_timeout=1)
    assert time.monotonic() - begun < 10


def test_an_interrupt_reaches_the_cell(execute: Execute) -> None:
    with pytest.raises(PapermillExecutionError) as error:
        execute("import time; time.sleep(60)", execution_timeout=1, interrupt_on_timeout=True)
    assert error.value.ename == "KeyboardInterrupt"


def test_a_kernel_that_dies_is_reported(execute: Execute) -> None:
    begun = time.monotonic()
    with pytest.raises(DeadKernelError, match="Kernel died"):
        execute("import os; os._exit(3)")
    assert time.monotonic() - begun < 10
    assert execute.value("print(1)") == 1


@pytest.mark.parametrize("how", ["immediate", "graceful"])
def test_a_finished_notebook_leaves_no_process(how: str, execute: Execute) -> None:
    kernel, server = execute.value("import os; print((os.getpid(), os.getppid()))", shutdown_kernel=how)
    assert not psutil.pid_exists(kernel)
    assert psutil.Process(server).children() == []


def test_what_a_notebook_started_ends_with_its_kernel(execute: Execute) -> None:
    started = execute.value("import subprocess; print(subprocess.Popen(['sleep', '60']).pid)")
    assert gone(started)


def test_notebooks_run_side_by_side(tmp_path: Path) -> None:
    def run(name: str) -> Any:
        with contextlib.closing(ensure_event_loop()):  # Jupyter makes one for each thread
            return Execute(tmp_path / name).value(cell, cwd=None)

    cell = "import os, time; time.sleep(0.5); print((os.getpid(), os.getppid()))"
    with ThreadPoolExecutor(2) as pool:
        (first, first_server), (second, second_server) = pool.map(run, "ab")
    assert first != second
    assert first_server == second_server


def test_the_way_that_kernels_are_managed_is_kept(execute: Execute) -> None:
    class OwnManager(AsyncKernelManager):
        def __init__(self, **settings: Any) -> None:
            file = str(execute.folder / "k.json")
            super().__init__(**settings, transport="ipc", connection_file=file)

    cell = (
        "import json, os, sys; print((sys.argv[2], json.load(open(sys.argv[2]))['transport'], os.getppid()))"
    )
    file, transport, parent = execute.value(cell, kernel_manager_class=OwnManager)
    assert (file, transport) == (str(execute.folder / "k.json"), "ipc")
    assert parent != os.getpid()


# Ends


CLIENT = """
import sys, papermill
notebook, folder = sys.argv[1:]
papermill.execute_notebook(notebook, None, engine_name="tradeviz-warm", progress_bar=False, cwd=folder)
"""


def test_killing_the_client_ends_server_and_kernel(tmp_path: Path) -> None:
    cell = "import os, time; open('pids', 'w').write(f'{os.getpid()} {os.getppid()}'); time.sleep(60)"
    notebook = small_notebooks.write(tmp_path / "in.ipynb", cell, parameters="")
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(notebook), str(tmp_path)], stderr=subprocess.PIPE
    )
    written = tmp_path / "pids"
    assert within(60, lambda: written.exists() and len(written.read_text().split()) == 2)
    client.kill()
    client.communicate()
    assert all(gone(int(pid)) for pid in written.read_text().split())


def test_a_server_that_was_killed_takes_its_kernels_along(
    execute: Execute, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(provisioner.MODULES_VARIABLE, "json")
    kill = "import os, signal, time; os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)"
    with pytest.raises(DeadKernelError):
        execute(kill)
    assert execute.value("print(1)") == 1
    assert "cold: the fork server does not answer" in caplog.text


def test_stop_ends_the_server(execute: Execute, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provisioner, "_servers", {})
    warm.start(["json"])
    (server,) = provisioner._servers.values()
    assert server.ready() == {}
    warm.stop()
    assert not psutil.pid_exists(server.pid)


def test_processes_share_a_server_and_each_takes_its_own_kernels_along(tmp_path: Path) -> None:
    shared = warm.door(os.environ, ["json", "csv"])
    assert shared is not None
    try:
        one, other = client.join(shared.socket), client.join(shared.socket)
        first, second = (
            server.start(
                [sys.executable, "-m", "ipykernel_launcher", "-f", str(tmp_path / f"{name}.json")],
                str(tmp_path),
                dict(os.environ),
            )
            for name, server in (("one", one), ("other", other))
        )
        assert psutil.Process(first.pid).ppid() == psutil.Process(second.pid).ppid()
        one.stop()
        assert gone(first.pid)
        assert second.poll() is None
    finally:
        warm.shut(shared)
    assert gone(second.pid)
    other.stop()


def test_a_server_that_has_ended_lets_nobody_in() -> None:
    shared = warm.door(os.environ, ["json", "csv"])
    assert shared is not None
    way_in = shared.socket.dup()
    warm.shut(shared)
    with way_in, pytest.raises(client.ForkServerError, match="has ended"):
        client.join(way_in)


# What is imported


def test_what_is_preloaded_starts_nothing() -> None:
    code = """
import sys, zmq
from tradeviz.warm import MODULES, server
ready = server.preload(MODULES)
from IPython.core.interactiveshell import InteractiveShell
from ipykernel.kernelapp import IPKernelApp
asks = {"matplotlib_inline.backend_inline", "ipywidgets"} & set(sys.modules)
print((ready["missing"], ready["threads"], zmq.Context._instance, asks))
print((InteractiveShell.initialized(), IPKernelApp.initialized(), "papermill" in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert ast.literal_eval(first.replace("set()", "None")) == ({}, [], None, None)
    assert ast.literal_eval(second) == (False, False, False)


def test_a_function_that_is_named_is_called_once_for_all(
    execute: Execute, monkeypatch: pytest.MonkeyPatch
) -> None:
    (execute.folder / "counted.py").write_text("calls = []\ndef count():\n    calls.append(1)\n")
    monkeypatch.setenv("PYTHONPATH", str(execute.folder))
    for _ in range(2):
        assert execute.value("import counted; print(len(counted.calls))", warm_modules=["counted:count"]) == 1


def test_a_module_that_is_missing_is_named(execute: Execute, caplog: pytest.LogCaptureFixture) -> None:
    assert execute.value("print(1)", warm_modules=["json", "no_such_module"]) == 1
    assert "no_such_module is not preloaded: ModuleNotFoundError" in caplog.text


def test_a_module_that_starts_a_thread_is_not_forked(
    execute: Execute, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    code = "Thread(target=time.sleep, args=[60], daemon=True, name='busy').start()"
    code = f"import time\nfrom threading import Thread\n{code}"
    (execute.folder / "threading_at_once.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(execute.folder))
    cell = "import os; print(os.getppid())"
    assert execute.value(cell, warm_modules=["threading_at_once"]) == os.getpid()
    assert "cold: an imported module started threads: ['busy']" in caplog.text


# Cold kernels where there can be no warm one


def test_without_fork_kernels_start_cold_and_that_is_said_once(
    execute: Execute, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(provisioner, "_no_fork", lambda: "this system cannot fork")
    for _ in range(2):
        assert execute.value("import os; print(os.getppid())") == os.getpid()
    assert [record.levelno for record in caplog.records if "cold" in record.message] == [logging.WARNING]


@pytest.mark.parametrize(
    ("missing", "platform", "words"), [(True, "win32", "fork"), (False, "darwin", "macOS")]
)
def test_systems_that_cannot_fork(
    missing: bool, platform: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing:
        monkeypatch.delattr(os, "fork")
    monkeypatch.setattr(sys, "platform", platform)
    assert words in provisioner._no_fork()


def test_a_kernel_of_another_python_starts_cold(
    execute: Execute, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = execute.folder / "python"
    other.write_text(f'#!/bin/sh\nOTHER=1 exec {sys.executable} "$@"\n')
    other.chmod(0o755)
    spec = execute.folder / "jupyter" / "kernels" / "other" / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [str(other), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "Other", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(execute.folder / "jupyter"))
    assert execute.value("import os; print(os.environ['OTHER'])", kernel_name="other") == 1
    assert f"{other} does not start an ipykernel of" in caplog.text


@pytest.mark.parametrize(
    "cmd",
    [
        ["R", "--slave", "-e", "IRkernel::main()"],
        [sys.executable, "-m", "bash_kernel", "-f", "k.json"],
        [sys.executable, "-O", "-m", "ipykernel_launcher", "-f", "k.json"],
        ["/usr/bin/python-of-another-place", "-m", "ipykernel_launcher", "-f", "k.json"],
    ],
)
def test_other_commands_are_not_forked(cmd: list[str], tmp_path: Path) -> None:
    assert cmd[0] in provisioner._why_cold(cmd, str(tmp_path), {})


def test_settings_of_matplotlib_in_the_folder_are_heeded(execute: Execute) -> None:
    (execute.folder / "matplotlibrc").write_text("font.size: 33\n")
    assert execute.value("import matplotlib; print(matplotlib.rcParams['font.size'])") == 33


def test_papermill_itself_finds_the_engine(tmp_path: Path) -> None:
    cell = "import os; print((os.getpid(), os.getppid()))"
    notebook = small_notebooks.write(tmp_path / "in.ipynb", cell, parameters="")
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--engine",
        WARM,
        str(notebook),
        str(tmp_path / "out.ipynb"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True)
    kernel, server = ast.literal_eval(printed(nbformat.read(tmp_path / "out.ipynb", 4)))
    assert "cold" not in done.stderr
    assert gone(kernel)
    assert gone(server)
