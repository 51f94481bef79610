"""Kernels from the fork server for Jupyter's kernel managers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import sys
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.client import KernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Type

from tradeviz.warm.client import Connection, ForkServer, join
from tradeviz.warm.prompt import PromptClient

MODULES = (
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "pandas",
    "great_tables",
    "tradeviz.charts",
    "tradeviz.exhibits",
    "tradeviz.summaries",
    "tradeviz.tables",
    "tradeviz.data:load_tables",
)
"""What the fork server imports besides ipykernel, unless told otherwise, and what it calls.

`load_tables` keeps the tables that it has validated, for as long as their files stay the same.

None may ask, when imported, whether it runs in IPython: the answer would be no for every notebook.
So `matplotlib_inline.backend_inline` and `ipywidgets` are left to the notebooks.
"""
MODULES_VARIABLE = "TRADEVIZ_WARM_MODULES"
"""Names of modules to import, or functions to call, instead of these, with commas between them."""

_READ_AT_START = (
    *("PYTHON", "LD_", "LANG", "LC_", "HOME", "XDG_"),
    *("MPL", "MATPLOTLIB", "OMP_", "OPENBLAS_", "MKL_", "NUMEXPR_", "PYDEVD", "DEBUGPY"),
)
"""Beginnings of variables that Python or a library reads once only: each setting has its server."""

_OUR_OPTIONS = {"cwd", "env", "extra_arguments", "independent", "kernel_id"}

_log = logging.getLogger(__name__)
_said: set[str] = set()
_choosing = threading.Lock()
_servers: dict[tuple[Any, ...], Connection] = {}


@dataclass(frozen=True)
class Door:
    """The way into a process's fork server for its child processes.

    Attributes
    ----------
    socket : socket.socket
        Can be given to a child process by multiprocessing.
    setting : tuple
        What the server has imported, and in which environment.
    """

    socket: socket.socket
    setting: tuple[Any, ...]


def start(modules: Sequence[str] | None = None) -> None:
    """Start this process's fork server, without waiting until it has imported its modules.

    Parameters
    ----------
    modules : sequence of str, optional
        What it imports besides ipykernel; the variable TRADEVIZ_WARM_MODULES says it when not
        given, and `MODULES` when that is not set.
    """
    if not _no_fork():
        _server(modules, os.environ)


def can_fork() -> bool:
    """Whether kernels can be forked on this system."""
    return not _no_fork()


def door(env: Mapping[str, str], modules: Sequence[str] | None = None) -> Door | None:
    """Start a fork server that child processes of this one can share, without waiting for it.

    Parameters
    ----------
    env : mapping of str to str
        The environment of the child processes.
    modules : sequence of str, optional
        As for `start`.

    Returns
    -------
    Door or None
        What a child process gives to `enter`; None where kernels cannot be forked.
    """
    if _no_fork():
        return None
    setting = _setting(modules, env)
    server = _server(modules, env)
    assert isinstance(server, ForkServer)
    return Door(server.door, setting)


def enter(shared: Door | None) -> None:
    """Take kernels from the fork server of the parent process, or else start one.

    Parameters
    ----------
    shared : Door or None
        What `door` has given there.
    """
    if shared is None:
        start()
        return
    with contextlib.suppress(OSError):  # it has ended: this process starts another when it needs one
        _servers[os.getpid(), *shared.setting] = join(shared.socket)


def shut(shared: Door | None) -> None:
    """End the fork server behind a door of this process, and with it all its kernels."""
    if shared is not None and (server := _servers.pop((os.getpid(), *shared.setting), None)):
        server.stop()


def stop() -> None:
    """End the fork servers of this process, and with them all kernels that came from them."""
    while _servers:
        (process, *_), server = _servers.popitem()
        if process == os.getpid():
            server.stop()


def warmed(manager: type[Any], modules: Sequence[str] | None = None) -> type[Any]:
    """Make a class of kernel managers whose kernels come from the fork server where they can.

    Parameters
    ----------
    manager : type
        A jupyter_client KernelManager class, whose other ways are kept.
    modules : sequence of str, optional
        As for `start`.

    Returns
    -------
    type
        A subclass. A kernel that the fork server cannot give is started as `manager` would. Its
        clients are prompt ones, unless `manager` has a class of its own for them.
    """
    usual = getattr(manager, "client_factory", None) is AsyncKernelManager.client_factory

    class WarmKernelManager(manager):
        kernel_id: Any
        provisioner: Any
        if usual:
            client_factory = Type(klass=KernelClient, default_value=PromptClient, config=True)

        def start_kernel(self, *arguments: Any, **options: Any) -> Any:
            if self.provisioner is None and "kernel_provisioner" in self.kernel_spec.metadata:
                _say_once("a kernel is started cold: the specification has a provisioner of its own")
            elif self.provisioner is None:  # it is kept when a kernel is restarted
                self.kernel_id = self.kernel_id or str(uuid.uuid4())
                self.provisioner = WarmProvisioner(
                    kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
                )
                self.provisioner.modules = modules
            return super().start_kernel(*arguments, **options)

    return WarmKernelManager


class WarmProvisioner(LocalProvisioner):
    """Launch a kernel by a fork; all else is as for a local process.

    Attributes
    ----------
    modules : sequence of str
        What the fork server imports; None for what the variable or `MODULES` say.
    """

    modules: Sequence[str] | None = None

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Launch it from the fork server if it is a kernel of this Python, or else in the usual way."""
        cwd = str(options.get("cwd") or Path.cwd())
        reason = _why_cold(cmd, cwd, options)
        if not reason:
            try:
                server = _server(self.modules, options["env"])
                for name, error in server.ready().items():
                    _say_once(f"module {name} is not preloaded: {error}")
                kernel = server.start(cmd, cwd, options["env"])
            except OSError as failure:
                reason = str(failure)
        if reason:
            _say_once(f"a kernel is started cold: {reason}")
            return await super().launch_kernel(cmd, **options)
        self.process: Any = kernel
        self.pid = kernel.pid
        self.pgid = None  # signals go through the server, which knows whether the process still is
        self.cwd = cwd
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End it and see it end: the manager would look again only after a tenth of a second."""
        await super().kill(restart=restart)
        for _ in range(20):
            if await self.poll() is not None:
                break
            await asyncio.sleep(0.005)


def _server(modules: Sequence[str] | None, env: Mapping[str, str]) -> Connection:
    setting = _setting(modules, env)
    key = (os.getpid(), *setting)  # a forked copy of us has servers of its own
    with _choosing:
        if key not in _servers:
            _servers[key] = ForkServer(setting[0], env)
        return _servers[key]


def _setting(modules: Sequence[str] | None, env: Mapping[str, str]) -> tuple[Any, ...]:
    """What makes one server differ from another: its modules, and the variables that it reads."""
    if modules is None:
        named = os.environ.get(MODULES_VARIABLE)
        modules = MODULES if named is None else [name.strip() for name in named.split(",") if name.strip()]
    read = {name: value for name, value in env.items() if name.startswith(_READ_AT_START)}
    read.pop("PYTHONEXECUTABLE", None)  # jupyter_client keeps it from kernels
    return (tuple(modules), *sorted(read.items()))


def _why_cold(cmd: Sequence[str], cwd: str, options: Mapping[str, Any]) -> str:
    """Say why a kernel cannot come from the fork server; nothing if it can."""
    if reason := _no_fork():
        return reason
    if list(cmd[1:3]) != ["-m", "ipykernel_launcher"] or not _is_this_python(cmd[0]):
        return f"{cmd[0]} does not start an ipykernel of {sys.executable}"
    if options.get("independent") or options.keys() - _OUR_OPTIONS:
        return "the kernel is to be started in a special way"
    if not Path(cwd).is_dir():
        return f"there is no folder {cwd}"
    if (Path(cwd) / "matplotlibrc").exists():
        return f"{cwd} has settings for matplotlib"
    return ""


def _no_fork() -> str:
    """Say why this system cannot fork; nothing if it can."""
    if not hasattr(os, "fork"):
        return "this system cannot fork"
    return "forking is not safe on macOS" if sys.platform == "darwin" else ""


def _is_this_python(program: str) -> bool:
    """Compare without following links: those of environments may lead to the same Python."""
    ours = Path(sys.executable)
    return Path(program).parent == ours.parent and Path(program).exists() and ours.samefile(program)


def _say_once(message: str) -> None:
    if message not in _said:
        _said.add(message)
        _log.warning(message)
