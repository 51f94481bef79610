"""For Python's fork server, which imports this: where its owner was killed, nobody else removes its socket.

The server ends when its owner and all that it has started are gone. The owner would then have removed
the folder that `multiprocessing` made for the server's socket.
"""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import util

_VARIABLE = "TRADEVIZ_SOCKET_FOLDER"


@contextmanager
def told() -> Iterator[None]:
    """Tell a server that is started meanwhile which folder it is."""
    os.environ[_VARIABLE] = util.get_temp_dir()
    try:
        yield
    finally:
        del os.environ[_VARIABLE]


if _VARIABLE in os.environ:
    atexit.register(shutil.rmtree, os.environ.pop(_VARIABLE), ignore_errors=True)
