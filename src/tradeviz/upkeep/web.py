"""Asking a public interface for JSON: time limits, retries, and one clear word when that fails.

The only module that reaches a network, and only when a person or a job runs `tradeviz watch`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradeviz import __version__
from tradeviz.errors import AnswerError, UnreachableError, UsageError

if TYPE_CHECKING:
    import httpx

Parameters = Sequence[tuple[str, str]]

_AGENT = f"tradeviz/{__version__}"
_TRY_AGAIN = {429, 500, 502, 503, 504}
_MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Limits:
    """How patient to be.

    Attributes
    ----------
    seconds : float
        Time that one answer may take from the first byte asked for to the last one read.
    attempts : int
        How often to ask before giving up.
    pause : float
        Seconds before the second attempt; doubled before each further one.
    """

    seconds: float = 30.0
    attempts: int = 3
    pause: float = 2.0


@dataclass(frozen=True)
class Web:
    """One public interface, to be asked for JSON.

    Attributes
    ----------
    address : str
        Where the interface begins, without a slash at its end.
    limits : Limits
        How patient to be.
    """

    address: str
    limits: Limits
    _client: httpx.Client

    def ask(self, path: str, parameters: Parameters = ()) -> Any:
        """Ask for a document.

        Parameters
        ----------
        path : str
            The path below the address.
        parameters : sequence of (str, str)
            What stands behind the question mark.

        Returns
        -------
        object
            What the JSON says; None where the interface has nothing (status 204).

        Raises
        ------
        UnreachableError
            If there was no answer in time, or the service refused or failed.
        AnswerError
            If the answer is something else than JSON.
        """
        import httpx

        why = ""
        for attempt in range(self.limits.attempts):
            if attempt:
                time.sleep(self.limits.pause * 2 ** (attempt - 1))
            try:
                status, where, body = self._read(path, parameters)
            except httpx.TransportError as error:
                why = f"{type(error).__name__}: {error}".rstrip(": ")
                continue
            except httpx.InvalidURL as error:
                raise UsageError(f'"{self.address}" is no address of an interface: {error}') from None
            if status not in _TRY_AGAIN:
                return self._understood(status, where, body)
            why = f"status {status}"
        raise UnreachableError(
            f"{self.address} gave no answer in {self.limits.attempts} attempts ({why}); is this machine"
            " offline? Try again later, or give a stored answer with --from"
        )

    def _read(self, path: str, parameters: Parameters) -> tuple[int, str, bytes]:
        """One request: status, where it was sent on to, and the body, within the time and size allowed."""
        import httpx

        end = time.monotonic() + self.limits.seconds
        chunks, size = [], 0
        with self._client.stream("GET", f"{self.address}{path}", params=list(parameters)) as answer:
            for chunk in answer.iter_bytes():
                size += len(chunk)
                if time.monotonic() > end:
                    raise httpx.ReadTimeout(f"not whole after {self.limits.seconds:g} s")
                if size > _MOST_BYTES:
                    raise AnswerError(
                        f"{self.address} sends more than {_MOST_BYTES:,} bytes; nothing was taken"
                    )
                chunks.append(chunk)
            return answer.status_code, answer.headers.get("location", ""), b"".join(chunks)

    def _understood(self, status: int, where: str, body: bytes) -> Any:
        if status == 204:
            return None
        if 300 <= status < 400:
            raise UnreachableError(
                f"{self.address} sends this on to {where!r}, which is not followed; it may want a key (--key)"
            )
        if status != 200:
            raise UnreachableError(f"{self.address} answers with status {status}; has the interface moved?")
        return read_json(body, self.address)


def read_json(body: bytes, what: str) -> Any:
    """Read JSON, or say that it is none.

    Raises
    ------
    AnswerError
        If it is no JSON, as where it was cut off or is a page.
    """
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        begin = body[:40].decode("utf-8", "replace")
        raise AnswerError(f"{what}: what came is no JSON, or was cut off; it begins {begin!r}") from None


@contextmanager
def opened(address: str, limits: Limits, headers: Mapping[str, str] | None = None) -> Iterator[Web]:
    """Open an interface.

    Parameters
    ----------
    address : str
        Where it begins.
    limits : Limits
        How patient to be.
    headers : mapping of str to str, optional
        Further headers of each request.

    Raises
    ------
    UsageError
        If httpx is not installed.
    """
    try:
        import httpx
    except ImportError:
        raise UsageError('watching needs httpx: pip install "tradeviz[watch]"') from None
    all_headers = {"user-agent": _AGENT, "accept": "application/json", **(headers or {})}
    with httpx.Client(timeout=limits.seconds, headers=all_headers, follow_redirects=False) as client:
        yield Web(address.rstrip("/"), limits, client)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number in JSON")
