"""A real JupyterLab server for tests, kept apart from whatever Jupyter this machine has."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
SETTINGS = {
    "apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "notebook-extension/tracker": {"windowingMode": "none"},  # else cells out of sight are not in the page
}
PATIENCE = 60


@dataclass(frozen=True)
class Lab:
    """A running server.

    Attributes
    ----------
    url, token : str
        Its address without a slash at the end, and what opens it.
    folder : Path
        The folder of notebooks that it shows.
    """

    url: str
    token: str
    folder: Path

    def page(self, notebook: str) -> str:
        """The address of a notebook in a fresh workspace."""
        return f"{self.url}/lab/tree/{notebook}?reset&token={self.token}"

    def api(self, path: str, method: str = "GET") -> Any:
        """Ask the server's own interface."""
        headers = {"Authorization": f"token {self.token}"}
        with urlopen(Request(f"{self.url}/api/{path}", method=method, headers=headers), timeout=10) as answer:
            return json.loads(answer.read() or "null")

    def stop_kernels(self) -> None:
        """End every session with its kernel."""
        for session in self.api("sessions"):
            self.api(f"sessions/{session['id']}", "DELETE")


@contextmanager
def running(folder: Path) -> Iterator[Lab]:
    """Serve a copy of the notebooks from a folder; when left, the server and its kernels are gone."""
    home, copies, settings = folder / "home", folder / "notebooks", folder / "settings"
    shutil.copytree(NOTEBOOKS, copies, ignore=shutil.ignore_patterns(".*"))
    for plugin, values in SETTINGS.items():
        path = settings / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    lab = Lab(f"http://127.0.0.1:{_free_port()}", secrets.token_hex(16), copies)
    log = folder / "jupyterlab.log"
    with log.open("w", encoding="utf-8") as sink:
        process = subprocess.Popen(
            _command(lab),
            env=_environment(home, settings),
            stdout=sink,
            stderr=sink,
            stdin=subprocess.DEVNULL,
        )
        try:
            _wait(lab, process, log)
            yield lab
        finally:
            process.terminate()
            try:
                process.wait(1)  # its kernels are gone: nothing is lost with it
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    left = [path.name for path in (home / "runtime").glob("kernel-*.json")]
    assert not left, f"kernels were left behind: {left}"


def _command(lab: Lab) -> list[str]:
    options = {
        "IdentityProvider.token": lab.token,
        "LabApp.extension_manager": "readonly",
        "LabApp.news_url": "None",
        "ServerApp.allow_root": "True",
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.open_browser": "False",
        "ServerApp.port": lab.url.rpartition(":")[2],
        "ServerApp.port_retries": "0",
        "ServerApp.root_dir": str(lab.folder),
    }
    return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]


def _environment(home: Path, settings: Path) -> dict[str, str]:
    """Ours, but for the places where Jupyter and IPython would look for a user's settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "IPYTHON", "TRADEVIZ"))
    }
    places = {
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": settings,
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "IPYTHONDIR": home / "ipython",
    }
    return kept | {name: str(place) for name, place in places.items()} | {"JUPYTER_PREFER_ENV_PATH": "1"}


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait(lab: Lab, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            lab.api("status")
        except (URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")
