"""The fork server: a process that has imported much, run nothing, and becomes a kernel on demand.

It is started by `tradeviz.warm.client` and talks through a socket that only that process holds; that
process may let others in. A request is a line of JSON; so is each answer. A request for a kernel
brings two descriptors, which become its stdout and stderr. The kernels of a client end once it is
gone, and the server with all of them once the client that started it is.
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


class Client:
    """One who asks for kernels.

    Parameters
    ----------
    connection : socket
        The connection to it.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.line = b""
        self.descriptors: list[int] = []
        self.codes: dict[int, int | None] = {}  # exit code of each of its kernels, None while it runs

    def request(self) -> dict[str, Any] | None:
        """Read on; give a request that is complete, or None. EOFError says that the client is gone."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self.connection, 65536, 2)
        except ConnectionError:  # it went without having read an answer
            raise EOFError from None
        self.descriptors += descriptors
        if not data:
            raise EOFError
        self.line += data
        if not self.line.endswith(b"\n"):
            return None
        line, self.line = self.line, b""
        return json.loads(line)

    def answer(self, answer: Any) -> None:
        """Send an answer; a client that is gone is met at the next request."""
        with contextlib.suppress(ConnectionError):
            self.connection.sendall(json.dumps(answer).encode() + b"\n")

    def reap(self) -> None:
        """Learn which of its kernels have ended."""
        for pid, code in self.codes.items():
            if code is None:
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    self.codes[pid] = os.waitstatus_to_exitcode(status)

    def signal(self, pid: int, number: int) -> None:
        """Signal a kernel and what it started, unless it has ended and its number may be another's."""
        if self.codes.get(pid, 0) is None:
            try:
                os.killpg(pid, number)
            except ProcessLookupError:  # it has not come to its setsid() yet
                os.kill(pid, number)

    def close_descriptors(self) -> None:
        """Let go of the descriptors that came with a request."""
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.descriptors = []

    def leave(self) -> None:
        """End its kernels and forget it."""
        self.reap()
        for pid, code in self.codes.items():
            if code is None:
                self.signal(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        self.close_descriptors()
        self.connection.close()


class Server:
    """Clients and the kernels that were forked for them from this process.

    Parameters
    ----------
    owner : Client
        The client that started this process, which ends with it.
    door : socket
        Where other processes hand in connections of their own.
    ready : dict
        What each client is told first, see `preload`.
    """

    def __init__(self, owner: Client, door: socket.socket, ready: dict[str, Any]) -> None:
        self.owner = owner
        self.door = door
        self.ready = ready
        self.parent = os.getppid()
        self.clients = {owner.connection: owner}

    def serve(self) -> tuple[Client, dict[str, Any]] | None:
        """Answer until the owner is gone; in a forked child, return for whom it runs and what."""
        self.owner.answer(self.ready)
        while self.owner.connection in self.clients and os.getppid() == self.parent:
            asking, _, _ = select.select([self.door, *self.clients], [], [], _LOOK_ROUND)
            for client in list(self.clients.values()):
                client.reap()
            for connection in asking:
                if connection is self.door:
                    self._welcome()
                elif (request := self._serve_one(self.clients[connection])) is not None:
                    return self.clients[connection], request
        for client in self.clients.values():
            client.leave()
        return None

    def _welcome(self) -> None:
        _, descriptors, _, _ = socket.recv_fds(self.door, 1, 1)
        for descriptor in descriptors:
            client = Client(socket.socket(fileno=descriptor))
            self.clients[client.connection] = client
            client.answer(self.ready)

    def _serve_one(self, client: Client) -> dict[str, Any] | None:
        """Do what a client asks for; in a forked child, return the request."""
        try:
            request = client.request()
        except EOFError:
            client.leave()
            del self.clients[client.connection]
            return None
        if request is None:
            return None
        if "cmd" in request:
            with warnings.catch_warnings():  # about threads: libraries like OpenBLAS mind forks
                warnings.simplefilter("ignore", DeprecationWarning)
                pid = os.fork()
            if pid == 0:
                return request
            client.close_descriptors()
            client.codes[pid] = None
            client.answer(pid)
        elif "signal" in request:
            client.signal(request["pid"], request["signal"])
            client.answer(None)
        else:
            client.answer(client.codes.get(request["pid"], 0))
        return None

    def leave(self, client: Client) -> None:
        """In a child: take over stdout and stderr, and let go of all that is the server's."""
        for wanted, descriptor in zip((1, 2), client.descriptors, strict=True):
            os.dup2(descriptor, wanted)
        for each in self.clients.values():
            each.close_descriptors()
            each.connection.close()
        self.door.close()


def preload(modules: Sequence[str]) -> dict[str, Any]:
    """Import, and say what became of it.

    Parameters
    ----------
    modules : sequence of str
        Names of modules; "module:function" is imported and called, to have ready what it keeps.

    Returns
    -------
    dict
        "pid": the number of this process. "missing": the modules that could not be imported, each
        with its error. "threads": the Python threads that an import has started, with which the
        server must not fork. "env": the variables that an import has set, as it would have done in
        the kernel.
    """
    before = dict(os.environ)
    with contextlib.redirect_stderr(io.StringIO()):  # what a starting kernel says goes nowhere either
        for name in NEEDED:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    missing = {}
    for name in modules:
        module, _, function = name.partition(":")
        try:
            imported = importlib.import_module(module)
            if function:
                getattr(imported, function)()
        except Exception as error:  # whatever a module raises, it is for the notebook to meet it
            missing[name] = f"{type(error).__name__}: {error}"
    threads = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    env = {name: value for name, value in os.environ.items() if before.get(name) != value}
    return {"pid": os.getpid(), "missing": missing, "threads": threads, "env": env}


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
    """Run the server; its arguments are the numbers of its two sockets and the names of the modules."""
    gc.disable()
    os.chdir("/")  # hold on to no folder, and find no matplotlibrc in one
    owner, door = (socket.socket(fileno=int(number)) for number in sys.argv[1:3])
    for connection in (owner, door):
        connection.set_inheritable(False)
    ready = preload(sys.argv[3:])
    gc.collect()
    gc.freeze()  # what is here now is not for the kernels' garbage collection, and so stays shared
    server = Server(Client(owner), door, ready)
    asked = server.serve()
    if asked is not None:
        client, request = asked
        server.leave(client)
        env = {**request["env"], **ready["env"]}
        become_kernel(request["cmd"], request["cwd"], env, ready["pid"])
