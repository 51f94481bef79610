"""The fork server: a process that has imported much, run nothing, and becomes a kernel on demand.

It is started by `tradeviz.warm.client` and talks through a socket that only that process holds. A
request is a line of JSON; so is each answer. A request for a kernel brings two descriptors, which
become its stdout and stderr. The server ends, with all its kernels, once its client is gone.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import io
import json
import os
import random
import select
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Sequence
from typing import Any

NEEDED = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.debugger"),
    *("ipykernel.iostream", "ipykernel.displayhook", "tornado.platform.asyncio", "psutil", "sqlite3"),
    *("IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect"),
    *("IPython.core.pylabtools", "IPython.extensions.storemagic"),
)
"""What every kernel imports when it starts; which these are differs a little between versions."""

_LOOK_ROUND = 1.0  # seconds between two looks whether the client still lives


class Server:
    """Kernels that were forked from this process.

    Parameters
    ----------
    client : socket
        The connection to the client.
    """

    def __init__(self, client: socket.socket) -> None:
        self.client = client
        self.parent = os.getppid()
        self.codes: dict[int, int | None] = {}  # exit code of each kernel, None while it runs
        self.descriptors: list[int] = []

    def serve(self) -> dict[str, Any] | None:
        """Answer until the client is gone; in a forked child, return what it was asked to run."""
        while (request := self._request()) is not None:
            self._reap()
            if "cmd" in request:
                with warnings.catch_warnings():  # about threads: libraries like OpenBLAS mind forks
                    warnings.simplefilter("ignore", DeprecationWarning)
                    pid = os.fork()
                if pid == 0:
                    return request
                self._close_descriptors()
                self.codes[pid] = None
                self._answer(pid)
            elif "signal" in request:
                self._signal(request["pid"], request["signal"])
                self._answer(None)
            else:
                self._answer(self.codes.get(request["pid"], 0))
        for pid in self.codes:
            self._signal(pid, signal.SIGKILL)
        return None

    def _request(self) -> dict[str, Any] | None:
        line = b""
        while not line.endswith(b"\n"):
            while not select.select([self.client], [], [], _LOOK_ROUND)[0]:
                self._reap()
                if os.getppid() != self.parent:
                    return None
            try:
                data, descriptors, _, _ = socket.recv_fds(self.client, 65536, 2)
            except ConnectionError:  # it went without having read an answer
                return None
            self.descriptors += descriptors
            if not data:
                return None
            line += data
        return json.loads(line)

    def _answer(self, answer: Any) -> None:
        with contextlib.suppress(ConnectionError):  # the client is gone: the next request says so too
            self.client.sendall(json.dumps(answer).encode() + b"\n")

    def _reap(self) -> None:
        for pid, code in self.codes.items():
            if code is None:
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    self.codes[pid] = os.waitstatus_to_exitcode(status)

    def _signal(self, pid: int, number: int) -> None:
        """Signal a kernel and what it started, unless it has ended and its number may be another's."""
        if self.codes.get(pid, 0) is None:
            try:
                os.killpg(pid, number)
            except ProcessLookupError:  # it has not come to its setsid() yet
                os.kill(pid, number)

    def _close_descriptors(self) -> None:
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.descriptors = []

    def leave(self) -> None:
        """In a child: take over stdout and stderr, and let go of all that is the server's."""
        for wanted, descriptor in zip((1, 2), self.descriptors, strict=True):
            os.dup2(descriptor, wanted)
        self._close_descriptors()
        self.client.close()


def preload(modules: Sequence[str]) -> dict[str, Any]:
    """Import, and say what became of it.

    Returns
    -------
    dict
        "missing": the modules that could not be imported, each with its error. "threads": the
        Python threads that an import has started, with which the server must not fork. "env": the
        variables that an import has set, as it would have done in the kernel.
    """
    before = dict(os.environ)
    with contextlib.redirect_stderr(io.StringIO()):  # what a starting kernel says goes nowhere either
        for name in NEEDED:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    missing = {}
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as error:  # whatever a module raises, it is for the notebook to meet it
            missing[name] = f"{type(error).__name__}: {error}"
    threads = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    env = {name: value for name, value in os.environ.items() if before.get(name) != value}
    return {"missing": missing, "threads": threads, "env": env}


def become_kernel(cmd: list[str], cwd: str, env: dict[str, str], parent: int) -> None:
    """Make this process what `cmd` would have started, and run the kernel in it."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()  # the server has set no handlers of signals that would have to be undone
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(cwd)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin), *cmd[3:]]
    gc.enable()
    kernel: Any = IPKernelApp.instance(parent_handle=parent)
    kernel.initialize(cmd[3:])
    kernel.start()


def main() -> None:
    """Run the server; its arguments are the number of its socket and the names of the modules."""
    gc.disable()
    os.chdir("/")  # hold on to no folder, and find no matplotlibrc in one
    client = socket.socket(fileno=int(sys.argv[1]))
    client.set_inheritable(False)
    server = Server(client)
    ready = preload(sys.argv[2:])
    gc.collect()
    gc.freeze()  # what is here now is not for the kernels' garbage collection, and so stays shared
    server._answer(ready)
    itself = os.getpid()
    request = server.serve()
    if request is not None:
        server.leave()
        become_kernel(request["cmd"], request["cwd"], {**request["env"], **ready["env"]}, itself)
