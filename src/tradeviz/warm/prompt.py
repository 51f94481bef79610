"""A client of a kernel that goes on as soon as the kernel is ready.

jupyter_client's own listens for a fifth of a second after the first answer, and looks for the
sockets of a kernel once in a tenth: little beside a cold start, but half of a warm one.
"""

from __future__ import annotations

import time
from queue import Empty

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient

_LOOK_EVERY = 5
"""Milliseconds between two looks for a socket that the kernel has not opened yet."""

_ANSWER_WITHIN = 1.0  # seconds for a kernel that is up to answer, after which it is asked again
_HEARD_WITHIN = 0.2  # seconds for what it says to all, which is lost where nobody listens yet


class PromptClient(AsyncKernelClient):
    """Waits for a kernel no longer than needed; all else is as for any client."""

    def _context_default(self) -> zmq.asyncio.Context:
        context = super()._context_default()
        context.setsockopt(zmq.RECONNECT_IVL, _LOOK_EVERY)
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask the kernel what it is until its answer has come on both channels.

        Parameters
        ----------
        timeout : float, optional
            Seconds; for ever when not given.

        Raises
        ------
        RuntimeError
            If the kernel dies, or does not answer in time.
        """
        begun = time.monotonic()
        while not await self._answers(self.kernel_info()):
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if timeout is not None and time.monotonic() - begun > timeout:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _answers(self, request: str) -> bool:
        """Whether a request is answered, and all that the kernel says to others of it has arrived."""
        try:
            reply = await self.shell_channel.get_msg(timeout=_ANSWER_WITHIN)
            while True:
                told = await self.iopub_channel.get_msg(timeout=_HEARD_WITHIN)
                if told["parent_header"].get("msg_id") == request and _is_idle(told):
                    self._handle_kernel_info_reply(reply)
                    return True
        except Empty:
            return False


def _is_idle(message: dict[str, dict[str, str]]) -> bool:
    return message["content"].get("execution_state") == "idle"
