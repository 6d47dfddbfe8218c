"""Sockets with a gatekeeper and a deadline: what the guarded door is hung on."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Self, TypeAlias

from harvester.address import AddressPolicy, Endpoint
from harvester.errors import ConnectionFailed, HostUnknown, NameServiceFailed, TimedOut
from shapes.errors import AddressBlocked, Fault

# What `socket.getaddrinfo` returns: family, type, protocol, name, address.
Addresses: TypeAlias = Sequence[tuple[int, int, int, str, tuple[Any, ...]]]

_LEAST: Final = 0.001


class Visit:
    """One `get` and its deadline. At the deadline the socket is shut down, whatever it is busy with."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._brake: socket.socket | None = None
        self._timer = threading.Timer(seconds, self.end)
        self._timer.daemon = True
        self.over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self.watch(None)

    def remaining(self) -> float:
        """Seconds left."""
        return max(0.0, self._end - time.monotonic())

    def watch(self, brake: socket.socket | None) -> None:
        """Take over a duplicate of the socket in use, to shut it down in time; closes the one before."""
        with self._lock:
            before, self._brake = self._brake, brake
            if before is not None:
                before.close()
        if self.over:
            self._shut_down()

    def end(self) -> None:
        """End the visit now, as at its deadline."""
        self.over = True
        self._shut_down()

    def _shut_down(self) -> None:
        with self._lock:
            if self._brake is not None:
                # The duplicate is a plain socket, so this is safe while another thread is inside OpenSSL.
                try:
                    self._brake.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return  # the other side was quicker


class Guard:
    """Opens sockets: port, address and time are checked here, once per connection and on the address itself."""

    def __init__(
        self, policy: AddressPolicy, resolve: Callable[[str, int], Addresses], *, connect: float, total: float
    ) -> None:
        self._policy = policy
        self._resolve = resolve
        self._connect = connect
        self._total = total
        self._thread = threading.local()

    @contextmanager
    def visit(self, seconds: float | None = None) -> Iterator[Visit]:
        """Start the clock of one `get` in this thread; `seconds` in place of the guard's own."""
        with Visit(self._total if seconds is None else seconds) as visit:
            self._thread.visit = visit
            yield visit

    def current(self) -> Visit:
        """Return the visit this thread is on."""
        visit: Visit = self._thread.visit
        return visit

    def again(self, sock: socket.socket | None) -> None:
        """Watch a connection kept from an earlier visit."""
        if sock is not None:
            self.current().watch(socket.fromfd(sock.fileno(), sock.family, sock.type))

    def connect(self, host: str, port: int) -> socket.socket:
        """Return a socket connected to the first allowed address of a host that takes the connection."""
        endpoint = Endpoint(host.strip("[]").lower(), port)
        self._policy.check_port(endpoint)
        problem: Fault | None = None
        for family, kind, protocol, _, where in self._addresses(endpoint):
            try:
                self._policy.check_address(str(where[0]), endpoint)
                return self._open(socket.socket(family, kind, protocol), where)
            except AddressBlocked as error:
                problem = problem or error
            except TimeoutError:
                problem = TimedOut(f"{where[0]} port {port} took no connection within {self._connect:g} s.")
            except OSError as error:
                problem = ConnectionFailed(f"{where[0]} port {port} took no connection: {error.strerror or error}.")
        raise problem or HostUnknown(f"The host name {host} has no address.")

    def _open(self, sock: socket.socket, where: tuple[Any, ...]) -> socket.socket:
        visit = self.current()
        try:
            sock.settimeout(max(_LEAST, min(self._connect, visit.remaining())))
            sock.connect(where)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            visit.watch(sock.dup())
        except BaseException:
            sock.close()
            raise
        return sock

    def _addresses(self, endpoint: Endpoint) -> Addresses:
        try:
            return self._resolve(endpoint.host, endpoint.port)
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                raise NameServiceFailed(f"The host name {endpoint.host} could not be looked up now.") from error
            raise HostUnknown(f"The host name {endpoint.host} is not known.") from error
        except UnicodeError as error:
            raise HostUnknown(f"{endpoint.host!r} is not a host name.") from error
