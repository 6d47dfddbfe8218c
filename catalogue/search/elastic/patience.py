"""One deadline for a request, however many hosts there are and however often it is tried.

A host that takes a request and never answers costs its time once: each try but the last one waits for half of what is
left. So another host still has time to answer, and together they take no longer than one may.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import Any, Final

from elastic_transport import HttpHeaders, Transport, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT, DefaultType, resolve_default

_LEAST: Final = 0.05  # seconds a try gets, even if nothing is left


class _Deadline:
    """When a request must be over, and how many tries it has left."""

    def __init__(self, seconds: float, tries: int) -> None:
        self._end = time.monotonic() + seconds
        self._tries = tries

    def next(self) -> float:
        """Return how many seconds the next try may take."""
        self._tries -= 1
        left = self._end - time.monotonic()
        return max(left / 2 if self._tries > 0 else left, _LEAST)


_deadline: Final[ContextVar[_Deadline | None]] = ContextVar("_deadline", default=None)


class OneDeadline(Transport):
    """Tries as the library does, all tries of a request together within its timeout."""

    def perform_request(self, method: str, target: str, **more: Any) -> Any:  # noqa: ANN401 - as the library's
        """Perform a request (see `Transport.perform_request`)."""
        timeout = more.get("request_timeout", DEFAULT)
        if timeout is DEFAULT or timeout is None:
            return super().perform_request(method, target, **more)
        retries = resolve_default(more.get("max_retries", DEFAULT), self.max_retries)
        again = resolve_default(more.get("retry_on_timeout", DEFAULT), self.retry_on_timeout)
        token = _deadline.set(_Deadline(timeout, retries + 1 if again else 1))
        try:
            return super().perform_request(method, target, **more)
        finally:
            _deadline.reset(token)


class TimedNode(Urllib3HttpNode):
    """A host that is waited for as long as the request's deadline allows."""

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: DefaultType | float | None = DEFAULT,
    ) -> Any:  # noqa: ANN401 - as the library's
        """Perform one try of a request (see `Urllib3HttpNode.perform_request`)."""
        deadline = _deadline.get()
        if deadline is not None:
            request_timeout = deadline.next()
        return super().perform_request(method, target, body, headers, request_timeout)
