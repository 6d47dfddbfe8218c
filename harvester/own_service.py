"""HTTP to a service of one's own: a server that whoever runs this program set up, and named in its settings.

It may be at a private address, is asked as often as one likes, and gets its credential with every request. What holds
for strangers holds here, too: every wait has an end, no redirect is followed (a credential would go along), and nothing
of this machine's environment (proxies, password files, cookies) takes part.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Final

import requests
from urllib3 import exceptions as wire

from harvester.address import AddressPolicy
from harvester.errors import BadAddress, ConnectionLost, OutOfTime, TimedOut, TlsFailed, Truncated
from harvester.guard import Guard, Visit
from harvester.sockets import GuardedAdapter
from harvester.stop import Stop
from shapes.errors import Unreachable

_PIECE: Final = 64 * 1024
_TRIES: Final = 2  # a connection kept open may have been closed by the other side just now
_CONNECT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Access:
    """What opens the door of the service: headers that are never shown, and the authority that signed its certificate.

    `connect`: seconds to wait for a connection.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: str | None = None
    connect: float = _CONNECT_SECONDS
    agent: str = "gdi-catalogue"


@dataclass(frozen=True, slots=True)
class Message:
    """A request: it must be one that does no harm when it is sent twice. `seconds`: for all of it, reading included."""

    url: str
    body: bytes = field(repr=False)
    media_type: str
    accept: str = "*/*"
    seconds: float = 30.0


class Reply:
    """The beginning of an answer: status and media type are there, `pieces` brings the rest.

    `ends`: whether the answer says where it ends, so that one that is cut short is noticed.
    """

    def __init__(self, response: requests.Response, visit: Visit, seconds: float) -> None:
        self.status = response.status_code
        self.media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        coding = response.headers.get("Transfer-Encoding", "").lower()
        self.ends = "chunked" in coding or response.headers.get("Content-Length", "").isdigit()
        self._response, self._visit, self._seconds = response, visit, seconds

    def pieces(self) -> Iterator[bytes]:
        """Yield the body as it comes. Raises leaves of `Unreachable` where it does not come whole."""
        try:
            yield from self._response.raw.stream(_PIECE, decode_content=True)
        except (wire.HTTPError, OSError) as error:
            raise _fault(error, self._visit, self._seconds, in_body=True) from error


class OwnService:
    """Sends messages. Safe between threads; connections are kept open."""

    def __init__(self, access: Access) -> None:
        self._access = access
        policy = AddressPolicy(anywhere=True)
        self._guard = Guard(policy, _look_up, connect=access.connect, total=0.0)
        self._adapter = GuardedAdapter(self._guard)

    def close(self) -> None:
        """Close the connections."""
        self._adapter.close()

    @contextmanager
    def sent(self, message: Message, stop: Stop | None = None) -> Iterator[Reply]:
        """Send a message and give the beginning of its answer, whatever its status.

        `stop`, asked from another thread, ends the wait at once. Raises `BadAddress` and leaves of `Unreachable`, none
        of which tells more than what happened on the line.
        """
        prepared = self._prepared(message)
        stop = stop or Stop()
        with (
            self._guard.visit(message.seconds) as visit,
            stop.ending(visit.end),
            closing(self._response(prepared, visit, message.seconds)) as response,
        ):
            yield Reply(response, visit, message.seconds)

    def _prepared(self, message: Message) -> requests.PreparedRequest:
        headers = {
            "Accept": message.accept,
            "Accept-Encoding": "gzip, deflate",
            "Content-Type": message.media_type,
            "User-Agent": self._access.agent,
            **self._access.headers,
        }
        try:
            return requests.Request("POST", message.url, headers=headers, data=message.body).prepare()
        except (requests.RequestException, ValueError) as error:
            raise BadAddress("This address cannot be asked for.", url=message.url) from error

    def _response(self, prepared: requests.PreparedRequest, visit: Visit, seconds: float) -> requests.Response:
        """Return the beginning of an answer; a lost connection is tried once more."""
        verify = self._access.ca_file or True
        for tries in range(_TRIES):
            timeout = (self._access.connect, max(visit.remaining(), 0.001))
            try:
                return self._adapter.send(prepared, stream=True, timeout=timeout, verify=verify)
            except (requests.RequestException, wire.HTTPError, OSError, Unreachable) as error:
                fault = _fault(error, visit, seconds, in_body=False)
                if tries + 1 == _TRIES or not isinstance(fault, ConnectionLost):
                    raise fault from error
        raise AssertionError("the last try returns or raises")


def _look_up(host: str, port: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    return [tuple(each) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]  # type: ignore[misc]


def _fault(error: Exception, visit: Visit, seconds: float, *, in_body: bool) -> Unreachable:
    """Return what went wrong on the line as one of our errors."""
    if visit.over or not visit.remaining():
        return OutOfTime(f"There was no whole answer within {seconds:g} s.")
    causes = tuple(_causes(error))
    known = next((each for each in causes if isinstance(each, Unreachable)), None)
    if known is not None:
        return known
    if any(isinstance(e, TimeoutError | wire.TimeoutError | requests.Timeout) for e in causes):
        return TimedOut(f"No bytes came for {seconds:g} s.")
    if any(isinstance(e, requests.exceptions.SSLError | wire.SSLError) for e in causes):
        return TlsFailed(str(causes[-1]).rstrip("."))
    if in_body:
        return Truncated("The connection ended before the whole answer had come.")
    return ConnectionLost("The connection ended without an HTTP answer.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those inside it: requests wraps urllib3's, which wraps the socket's."""
    while error is not None:
        yield error
        inner = getattr(error, "reason", None) or next((a for a in error.args[::-1] if isinstance(a, Exception)), None)
        error = inner if isinstance(inner, BaseException) else error.__cause__
