"""The client's side of the fork server: start it, ask it for kernels, and handle these."""

from __future__ import annotations

import atexit
import contextlib
import json
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


class ForkServer:
    """A fork server process.

    Parameters
    ----------
    modules : sequence of str
        What it imports.
    env : mapping of str to str
        The environment in which it does.
    """

    def __init__(self, modules: Sequence[str], env: Mapping[str, str]) -> None:
        self._socket, other = socket.socketpair()
        self._socket.settimeout(_LONGEST_WAIT)
        self._lock = threading.Lock()
        self._ready: dict[str, Any] | None = None
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _SERVER, str(other.fileno()), *modules],
                env={"MPLBACKEND": _INLINE, **env},  # what ipykernel sets before a notebook imports
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(other.fileno(),),
                start_new_session=True,
            )
        atexit.register(self.stop)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

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
        child_env = {**env, "JPY_PARENT_PID": str(self.pid)}
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
        """End the server and with it all its kernels."""
        atexit.unregister(self.stop)
        self._socket.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _receive(self) -> Any:
        line = b""
        while not line.endswith(b"\n"):
            data = self._socket.recv(65536)
            if not data:
                raise ForkServerError("the fork server has ended")
            line += data
        return json.loads(line)


class Kernel:
    """A forked kernel, with the part of subprocess.Popen that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, server: ForkServer, pid: int) -> None:
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
