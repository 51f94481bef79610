"""The client's side of the fork server: start it, ask it for kernels, and handle these."""

from __future__ import annotations

import atexit
import contextlib
import json
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

_SERVER = (
    "import sys; sys.path[:] = [folder for folder in sys.path if folder];"  # not the working directory
    "from tradeviz.warm.server import main; main()"
)
_INLINE = "module://matplotlib_inline.backend_inline"
_LONGEST_WAIT = 120
"""Seconds for the server to import its modules or to answer."""


class ForkServerError(OSError):
    """The fork server cannot be used."""


class Connection:
    """A connection to a fork server.

    Parameters
    ----------
    connected : socket
        This end of it.
    """

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._socket.settimeout(_LONGEST_WAIT)
        self._lock = threading.Lock()
        self._ready: dict[str, Any] | None = None

    def ready(self) -> dict[str, Any]:
        """Wait until all is imported; give the modules that are missing, by name, with the error.

        Raises
        ------
        ForkServerError
            When the server ended, hangs, or imported something that started a thread.
        """
        with self._lock:
            if self._ready is None:
                self._ready = self._receive()
        if self._ready["threads"]:
            raise ForkServerError(f"an imported module started threads: {self._ready['threads']}")
        return self._ready["missing"]

    def start(self, cmd: Sequence[str], cwd: str, env: Mapping[str, str]) -> Kernel:
        """Fork a kernel, with this process's stdout and stderr."""
        self.ready()
        assert self._ready is not None
        child_env = {**env, "JPY_PARENT_PID": str(self._ready["pid"])}
        return Kernel(self, self.ask([1, 2], cmd=list(cmd), cwd=cwd, env=child_env))

    def ask(self, descriptors: Sequence[int] = (), **request: Any) -> Any:
        """Send a request and wait for the answer."""
        line = json.dumps(request).encode() + b"\n"
        with self._lock:
            try:
                sent = socket.send_fds(self._socket, [line], descriptors) if descriptors else 0
                self._socket.sendall(line[sent:])
                return self._receive()
            except OSError as error:
                self._socket.close()  # an answer that comes late must not pass for the next one
                raise ForkServerError("the fork server does not answer") from error

    def stop(self) -> None:
        """Let go of the server, which ends the kernels that were asked for here."""
        self._socket.close()

    def _receive(self) -> Any:
        line = b""
        while not line.endswith(b"\n"):
            data = self._socket.recv(65536)
            if not data:
                raise ForkServerError("the fork server has ended")
            line += data
        return json.loads(line)


class ForkServer(Connection):
    """A fork server process that belongs to this one.

    Parameters
    ----------
    modules : sequence of str
        What it imports.
    env : mapping of str to str
        The environment in which it does.
    """

    def __init__(self, modules: Sequence[str], env: Mapping[str, str]) -> None:
        ours, theirs = socket.socketpair()
        self._door, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        super().__init__(ours)
        with theirs, inside:
            ends = (theirs.fileno(), inside.fileno())
            self._process = subprocess.Popen(
                [sys.executable, "-c", _SERVER, *map(str, ends), *modules],
                env={"MPLBACKEND": _INLINE, **env},  # what ipykernel sets before a notebook imports
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=ends,
                start_new_session=True,
            )
        atexit.register(self.stop)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def door(self) -> socket.socket:
        """Where a child process of this one, given it by multiprocessing, gets in: see `join`."""
        return self._door

    def stop(self) -> None:
        """End the server and with it all its kernels."""
        atexit.unregister(self.stop)
        if self._ready is None and not select.select([self._socket], [], [], 0)[0]:
            self._process.kill()  # it is still importing and has no kernels
        super().stop()
        self._door.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def join(door: socket.socket) -> Connection:
    """Connect this process to the fork server of another one.

    Parameters
    ----------
    door : socket
        The door of its `ForkServer`.

    Raises
    ------
    ForkServerError
        If it has ended.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            socket.send_fds(door, [b"\0"], [theirs.fileno()])
        except OSError as error:
            ours.close()
            raise ForkServerError("the fork server has ended") from error
    return Connection(ours)


class Kernel:
    """A forked kernel, with the part of subprocess.Popen that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, server: Connection, pid: int) -> None:
        self._server = server
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Give the exit code, or None while it runs."""
        if self.returncode is None:
            try:
                self.returncode = self._server.ask(pid=self.pid)
            except ForkServerError:  # its server is gone, and a kernel ends when that does
                self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self) -> int:
        """Wait until it has ended; give the exit code."""
        while (code := self.poll()) is None:
            time.sleep(0.02)
        return code

    def send_signal(self, number: int) -> None:
        """Signal it and all that it started, if it still runs."""
        with contextlib.suppress(ForkServerError):
            if self.poll() is None:
                self._server.ask(pid=self.pid, signal=int(number))
