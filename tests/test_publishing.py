"""The script of docs/deployment.md that publishes by a symbolic link, run with a command that only ends."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[1] / "docs" / "deployment.md"
pytestmark = pytest.mark.skipif(
    os.name == "nt" or shutil.which("bash") is None, reason="the script is one of Bash"
)


class Server:
    """A folder that stands for /srv/www, and a build that ends with given exit codes, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.root, self.folder = folder / "www", folder
        self.root.mkdir()
        text = re.search(r"```bash\n(#!/bin/bash\n.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
        assert text is not None
        places = {
            "/srv/www": str(self.root),
            "/opt/tradeviz/bin/tradeviz": "tradeviz",
            "sleep 600": "sleep 0",
        }
        script = text[1]
        for written, here in places.items():
            assert written in script
            script = script.replace(written, here)
        (folder / "publish.sh").write_text(script, encoding="utf-8")
        self._program("date", 'echo x >> "$COUNT.days"; printf "%05d" "$(wc -l < "$COUNT.days")"')
        self._program(
            "tradeviz",
            'echo x >> "$COUNT"; touch "$3/page-$(wc -l < "$COUNT.days").html"\n'
            'exit "$(echo "$CODES" | cut -d" " -f"$(wc -l < "$COUNT")")"',
        )

    def _program(self, name: str, text: str) -> None:
        path = self.folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
        path.chmod(0o755)

    def publish(self, codes: str) -> int:
        """Run the script; give its exit code."""
        (self.folder / "count").unlink(missing_ok=True)
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        env = {**os.environ, "PATH": path, "CODES": codes, "COUNT": str(self.folder / "count")}
        return subprocess.run(["bash", self.folder / "publish.sh"], env=env, check=False).returncode

    @property
    def tries(self) -> int:
        return len((self.folder / "count").read_text().splitlines())

    @property
    def shown(self) -> set[str]:
        return {path.name for path in (self.root / "current").iterdir()}


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def test_a_build_that_ended_well_or_is_only_old_is_shown_with_what_was_there(server: Server) -> None:
    assert server.publish("0") == 0
    assert server.publish("3") == 3
    assert server.shown == {"page-1.html", "page-2.html"}


def test_what_may_go_away_is_tried_again(server: Server) -> None:
    assert server.publish("5 6 0") == 0
    assert (server.tries, server.shown) == (3, {"page-1.html"})


@pytest.mark.parametrize(("codes", "tries"), [("1", 1), ("2", 1), ("143", 1), ("4 4 4", 3)])
def test_any_other_build_is_not_shown_and_kept_once_to_look_at(
    server: Server, codes: str, tries: int
) -> None:
    assert server.publish("0") == 0
    for _ in range(2):
        assert server.publish(codes) == int(codes.split()[-1])
        assert server.tries == tries
    assert server.shown == {"page-1.html"}
    assert sorted(path.name for path in server.root.iterdir()) == ["current", "site-00001", "unpublished"]


def test_three_copies_stay_for_readers_who_hold_an_older_one(server: Server) -> None:
    for _ in range(5):
        server.publish("0")
    assert sorted(path.name for path in server.root.glob("site-*")) == [
        "site-00003",
        "site-00004",
        "site-00005",
    ]
