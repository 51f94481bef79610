"""A server on 127.0.0.1 that replays answers of public interfaces, good and bad."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = Callable[["Handler"], None]
Asked = dict[str, list[str]]


class Handler(BaseHTTPRequestHandler):
    """Gives each request the answer that was laid out for it, and keeps what was asked."""

    protocol_version = "HTTP/1.1"
    script: Callable[[str, Asked, int], Answer]
    asked: list[tuple[str, Asked]]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        type(self).asked.append((parts.path, query))
        try:
            type(self).script(parts.path, query, len(type(self).asked))(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass

    def give(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def shows(value: Any) -> Answer:
    """An answer in JSON."""
    return lambda handler: handler.give(200, json.dumps(value).encode(), Content_Type="application/json")


def raw(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Any answer at all."""
    return lambda handler: handler.give(status, body, **headers)


def cut_off(value: Any) -> Answer:
    """An answer that promises more bytes than come."""

    def answer(handler: Handler) -> None:
        body = json.dumps(value).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])
        handler.close_connection = True

    return answer


def dripping(seconds: float) -> Answer:
    """An answer that never ends in time, though a byte comes now and then."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            handler.wfile.write(b"1\r\n \r\n")
            handler.wfile.flush()
            time.sleep(0.05)
        handler.close_connection = True

    return answer


@contextmanager
def replayed(script: Callable[[str, Asked, int], Answer]) -> Iterator[tuple[str, list[tuple[str, Asked]]]]:
    """Serve answers; gives the address, and what was asked so far.

    `script` is given the path, the query and the number of the request, and returns an answer.
    """
    own = type("Own", (Handler,), {"script": staticmethod(script), "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), own)
    server.daemon_threads = True
    # It looks round for its end as often as this; by default, each test would wait half a second for it.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", own.asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
