"""The guarded door: the only room that talks HTTP to strangers.

Every wait has an end, every answer a largest size, every address is checked on the socket that is about to open, and
nothing of this machine's environment (proxies, password files, cookies) takes part.
"""

from __future__ import annotations

import random
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final, Self
from urllib.parse import urldefrag, urlsplit

import requests
from urllib3 import exceptions as wire

from harvester.address import AddressPolicy, Endpoint, endpoint_of, origin_of
from harvester.admission import Admission
from harvester.answer import Answer
from harvester.credentials import ClientCredentials, Credential
from harvester.decoding import decoded
from harvester.errors import (
    BadAddress,
    BadRedirect,
    ConnectionLost,
    HttpStatus,
    OutOfTime,
    TimedOut,
    TlsFailed,
    Truncated,
)
from harvester.guard import Addresses, Guard
from harvester.patience import Patience, retry_after
from harvester.politeness import Politeness
from harvester.request import WHOLE, Request
from harvester.sockets import GuardedAdapter
from harvester.source import Source
from harvester.stop import Stop
from shapes.content import Content
from shapes.errors import Fault, TooLarge, Unreachable

# What we read, best first; never text/html, which some servers would rather send.
ACCEPT_RDF: Final = (
    "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8, application/n-triples;q=0.7, "
    "application/trig;q=0.6, application/n-quads;q=0.5"
)

_PART: Final = 206
_TAKEN: Final = WHOLE | {201, 202, 204}  # what a server may say to a body that was sent
_NOT_ADMITTED: Final = 401
NOT_MODIFIED: Final = 304  # the answer to a conditional request for what did not change
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PIECE: Final = 64 * 1024
_OPENSSL: Final = re.compile(r"^\[SSL[^\]]*\] | \(_ssl\.c:\d+\)")


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """Times are in seconds, sizes in bytes.

    `connect`: for one connection. `read`: for the next bytes. `total`: for a whole `get`, its tries, waits and
    redirects included. `max_bytes`: of one answer, as sent and as decompressed. `agent`: the User-Agent header.
    `ca_file`: certificates to trust instead of the public ones.
    """

    connect: float = 10.0
    read: float = 60.0
    total: float = 900.0
    max_bytes: int = 512 * 1024 * 1024
    redirects: int = 5
    agent: str = "gdi-catalogue"
    ca_file: str | None = None


def user_agent(contact: str = "") -> str:
    """Return the User-Agent header (RFC 9110 section 10.1.5): product, version, and whom to write to."""
    try:
        product = f"gdi-catalogue/{version('gdi-catalogue')}"
    except PackageNotFoundError:
        product = "gdi-catalogue"
    return f"{product} (+{contact})" if contact else product


def _look_up(host: str, port: int) -> Addresses:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


@dataclass(frozen=True, slots=True)
class Outside:
    """The parts of the world a test replaces: the name service, waiting, chance."""

    resolve: Callable[[str, int], Addresses] = _look_up
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random


def no_credential(_source: str) -> None:
    """No source wants a credential."""


class Door:
    """Fetches documents from strangers. One per process; `for_source` gives each harvest its own view.

    `requests` and `bytes` count what this view has sent and received.
    """

    def __init__(
        self,
        settings: DoorSettings | None = None,
        *,
        policy: AddressPolicy | None = None,
        patience: Patience | None = None,
        politeness: Politeness | None = None,
        outside: Outside | None = None,
        credentials: Callable[[str], Credential | None] = no_credential,
    ) -> None:
        """`credentials` returns what lets us in at a source of that name; it is asked at the start of each run."""
        self.settings = settings or DoorSettings()
        self.policy = policy or AddressPolicy()
        self._patience = patience or Patience()
        self._outside = outside or Outside()
        self._politeness = politeness or Politeness(sleep=self._outside.sleep)
        self._guard = Guard(
            self.policy, self._outside.resolve, connect=self.settings.connect, total=self.settings.total
        )
        self._adapter = GuardedAdapter(self._guard)
        self._credentials = credentials
        self._admitted: tuple[tuple[str, Endpoint], Admission] | None = None
        self._stop: Stop | None = None
        self.requests = 0
        self.bytes = 0

    def for_source(self, source: Source, stop: Stop | None = None) -> Door:
        """Return a door with the source's own endpoint open, and with its own connections and counters.

        `stop` ends what it waits for; asking after that raises `Stopped`.

        A credential for it is sent to the source's own origin only, and opens the endpoint of its identity provider.
        Raises `BadAddress`, `BadCredential`.
        """
        web = urlsplit(source.url).scheme in {"http", "https"}
        credential = self._credentials(source.name) if web else None
        endpoints = [endpoint_of(source.url)] if web else []
        if isinstance(credential, ClientCredentials):
            endpoints.append(endpoint_of(credential.token_url))
        policy = self.policy
        for endpoint in endpoints:
            policy = policy.opened_for(endpoint, private=source.allow_private)
        door = Door(
            self.settings, policy=policy, patience=self._patience, politeness=self._politeness, outside=self._outside
        )
        door._stop = stop
        if credential is not None:
            door._admitted = (origin_of(source.url), Admission(credential, door.post))
        return door

    def close(self) -> None:
        """Close the connections kept open."""
        self._adapter.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(
        self,
        url: str,
        *,
        accept: str = ACCEPT_RDF,
        headers: Mapping[str, str] | None = None,
        etag: str | None = None,
        modified: str | None = None,
        max_bytes: int | None = None,
        in_parts: bool = False,
    ) -> Answer:
        """Fetch one document.

        `headers` go to the origin of `url` only, never on to where it redirects. `etag` and `modified` (an HTTP date)
        make the request conditional (RFC 9110 section 13). `max_bytes` lowers the cap of the settings.
        `in_parts` takes 206 for a page of a list, as some servers call it; otherwise it is no whole answer. Raises
        `BadAddress`, `AddressBlocked`, `TooLarge` or another leaf of `Unreachable`; each names the URL asked for last.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        common = {"Accept": accept, "Accept-Encoding": "gzip, deflate", "User-Agent": self.settings.agent}
        common |= {name: value for name, value in conditions.items() if value}
        cap = min(self.settings.max_bytes, max_bytes or self.settings.max_bytes)
        taken = WHOLE | {_PART} if in_parts else WHOLE
        request = Request(urldefrag(url).url, common, dict(headers or {}), cap, taken=taken)
        admission = self._admission(url)
        if admission is None:
            return self._persist(request)
        try:
            return self._persist(request.admitted(admission.headers()))
        except HttpStatus as error:
            if error.answered != _NOT_ADMITTED or not admission.renewed():
                raise
            return self._persist(request.admitted(admission.headers()))

    def post(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        media_type: str = "application/x-www-form-urlencoded",
        admitted: bool = False,
    ) -> bytes:
        """Send a body and return that of the answer. Raises as `get` does; a redirect is not followed.

        `admitted`: with what lets us in at the source this door was made for.
        """
        common = {"Accept-Encoding": "gzip, deflate", "User-Agent": self.settings.agent}
        request = Request(
            urldefrag(url).url, common, {**(headers or {}), "Content-Type": media_type}, self.settings.max_bytes, body
        )
        admission = self._admission(url) if admitted else None
        return self._persist(request.admitted(admission.headers()) if admission else request).data

    def _admission(self, url: str) -> Admission | None:
        """What lets us in at an address: nothing, unless it is of the source's own origin."""
        origin = origin_of(url)
        return self._admitted[1] if self._admitted is not None and self._admitted[0] == origin else None

    def _persist(self, request: Request) -> Answer:
        """Ask until there is an answer, or until asking again makes no sense or would take too long."""
        stop = self._stop or Stop()
        stop.check()
        with self._guard.visit() as visit, stop.ending(visit.end):
            failed = 0
            while True:
                try:
                    return self._walk(request)
                except Unreachable as error:
                    stop.check()
                    failed += 1
                    wait = self._patience.wait(failed, error, self._outside.random)
                    if wait is None or wait > visit.remaining():
                        raise
                    self._sleep(wait)

    def _sleep(self, seconds: float) -> None:
        """Wait, unless the harvest is to end. A replaced `sleep` is asked as ever."""
        if self._stop is not None and self._outside.sleep is time.sleep:
            self._stop.pause(seconds)
        else:
            self._outside.sleep(seconds)

    def _walk(self, request: Request) -> Answer:
        """Follow redirects by hand: each target passes the same checks as the first address."""
        seen: list[str] = []
        while request.url not in seen:
            seen.append(request.url)
            answer = self._ask(request)
            if isinstance(answer, Answer):
                return answer
            if request.body is not None:
                raise BadRedirect(
                    "The server redirects what was sent to it, which is sent on to nowhere.", url=request.url
                )
            if len(seen) > self.settings.redirects:
                raise BadRedirect(f"More than {self.settings.redirects} redirects in a row.", url=request.url)
            request = request.moved(answer)
        raise BadRedirect("The redirects lead round in a circle.", url=request.url)

    def _ask(self, request: Request) -> Answer | str:
        """Send one request; return the answer, or the target of a redirect."""
        endpoint = endpoint_of(request.url)
        try:
            self.policy.check_port(endpoint)
            with self._politeness.turn(endpoint), self._sent(request) as response:
                return self._received(request, response)
        except Fault as error:
            error.url = error.url or request.url
            raise

    @contextmanager
    def _sent(self, request: Request) -> Iterator[requests.Response]:
        # The adapter is called without a Session: that one would read a redirect's whole body, however long, and keep
        # cookies.
        try:
            headers = {**request.common, **request.own}
            prepared = requests.Request(request.method, request.url, headers=headers, data=request.body).prepare()
        except (requests.RequestException, ValueError) as error:
            raise BadAddress(f"This address cannot be asked for: {error}.") from error
        self.requests += 1
        timeout = (self.settings.connect, self.settings.read)
        try:
            response = self._adapter.send(prepared, stream=True, timeout=timeout, verify=self.settings.ca_file or True)
        except (requests.RequestException, wire.HTTPError, OSError) as error:
            raise self._fault(error, in_body=False) from error
        with closing(response):
            yield response

    def _received(self, request: Request, response: requests.Response) -> Answer | str:
        status, headers = response.status_code, response.headers
        if status in _REDIRECTS:
            target = headers.get("Location")
            if not target:
                raise BadRedirect(f"The server answered {status} without saying where to.")
            return _as_utf8(target)
        known = {"If-None-Match", "If-Modified-Since"} & request.common.keys()
        if status not in (request.taken if request.body is None else _TAKEN) and not (status == NOT_MODIFIED and known):
            wait = retry_after(headers.get("Retry-After"))
            raise HttpStatus(_status_line(response, wait), answered=status, retry_after=wait)
        content = b"" if status == NOT_MODIFIED else self._body(response, request.cap)
        return Answer(request.url, status, headers, content)

    def _body(self, response: requests.Response, cap: int) -> Content:
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit() and int(announced) > cap:
            raise TooLarge(f"The document is announced with {int(announced):,} bytes; {cap:,} are allowed.")
        try:
            return decoded(self._pieces(response, cap), response.headers.get("Content-Encoding", ""), cap)
        except (wire.HTTPError, OSError) as error:
            raise self._fault(error, in_body=True) from error
        except Truncated as error:
            raise self._fault(error, in_body=True) from error

    def _pieces(self, response: requests.Response, cap: int) -> Iterator[bytes]:
        received = 0
        for piece in response.raw.stream(_PIECE, decode_content=False):
            received += len(piece)
            self.bytes += len(piece)
            if received > cap:
                raise TooLarge(f"The document is larger than the {cap:,} bytes allowed.")
            yield piece

    def _fault(self, error: Exception, *, in_body: bool) -> Unreachable:
        """Return what went wrong on the line as one of our errors."""
        if self._guard.current().over:
            return OutOfTime(f"There was no whole answer within {self.settings.total:g} s.")
        if isinstance(error, Unreachable):
            return error
        causes = tuple(_causes(error))
        if any(isinstance(e, TimeoutError | wire.TimeoutError | requests.Timeout) for e in causes):
            return TimedOut(f"No bytes came for {self.settings.read:g} s.")
        if any(isinstance(e, requests.exceptions.SSLError | wire.SSLError) for e in causes):
            return TlsFailed(f"The secure connection failed: {_of_tls(_last_words(causes))}.")
        if in_body:
            return Truncated("The connection ended before the whole document had come.")
        return ConnectionLost(f"The connection ended without an HTTP answer: {_last_words(causes)}.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those inside it: requests wraps urllib3's, which wraps the socket's."""
    while error is not None:
        yield error
        inner = getattr(error, "reason", None) or next((a for a in error.args[::-1] if isinstance(a, Exception)), None)
        error = inner if isinstance(inner, BaseException) else error.__cause__


def _last_words(causes: tuple[BaseException, ...]) -> str:
    return str(causes[-1]).rstrip(".") or type(causes[-1]).__name__


def _of_tls(words: str) -> str:
    """Return what OpenSSL says without the names of its errors and the lines of its code."""
    return _OPENSSL.sub("", words)


def _status_line(response: requests.Response, wait: float | None) -> str:
    asked = f" and asked to wait {wait:,.0f} s" if wait is not None else ""
    reason = "".join(c for c in (response.reason or "") if c.isprintable())[:80]
    return f"The server answered {response.status_code} {reason}".rstrip() + f"{asked}."


def _as_utf8(header: str) -> str:
    """Return a header that http.client read as Latin-1 as what it most likely is (RFC 3986 knows only ASCII)."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
