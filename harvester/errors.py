"""The harvester's leaves of the error tree (drawn in `shapes.errors`)."""

from __future__ import annotations

from typing import Final

from shapes.errors import BadInput, Unreachable


class BadAddress(BadInput):
    """A URL or path that cannot be asked for: no host, an unknown scheme, a password in it, no such file."""

    code = "bad-address"
    title = "This address cannot be used"


class UnknownProtocol(BadInput):
    """No harvest protocol of that name."""

    code = "unknown-protocol"
    title = "No such harvest protocol"


class HostUnknown(Unreachable):
    """The host name has no address."""

    code = "host-unknown"
    title = "The host name is not known"


class NameServiceFailed(Unreachable):
    """The name service gave no answer; it may later."""

    code = "name-service"
    title = "The host name could not be looked up"


class ConnectionFailed(Unreachable):
    """Nobody listens at that address, or the way there is closed."""

    code = "connection-failed"
    title = "No connection"


class ConnectionLost(Unreachable):
    """The connection ended before the answer began, or what came was not HTTP."""

    code = "connection-lost"
    title = "The connection was lost"


class Truncated(Unreachable):
    """The answer ended before its own stated end."""

    code = "truncated"
    title = "The answer is cut short"


class TimedOut(Unreachable):
    """No connection, or no next bytes, within the time set for it."""

    code = "timeout"
    title = "The source took too long"


class OutOfTime(Unreachable):
    """The time for the whole answer, tries and waits included, is used up."""

    code = "out-of-time"
    title = "The source took too long in all"


class TlsFailed(Unreachable):
    """The certificate or the TLS handshake is not acceptable."""

    code = "tls"
    title = "The secure connection was refused"


class BadRedirect(Unreachable):
    """A redirect that leads nowhere, round in a circle, too far, or from https to http."""

    code = "bad-redirect"
    title = "The redirect was not followed"


class BadEncoding(Unreachable):
    """Compressed bytes that do not decompress, or a compression nobody asked for."""

    code = "bad-encoding"
    title = "The answer cannot be decompressed"


class BadAnswer(Unreachable):
    """The answer is not one that the protocol of the source knows: a web page, broken XML, another interface."""

    code = "bad-answer"
    title = "The answer is not one of this protocol"


class HttpStatus(Unreachable):
    """An HTTP status that is not the document asked for. `retry_after`: the seconds the server asked us to wait."""

    code = "http-status"
    title = "The source answered with an error"

    def __init__(self, detail: str, *, answered: int, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.answered = answered
        self.retry_after = retry_after


# What may be gone at the next try: a server that restarts, a line that drops. Everything else stays as it is until
# somebody changes something, so asking again would only be impolite.
PASSING: Final = (NameServiceFailed, ConnectionFailed, ConnectionLost, Truncated, TimedOut)
# The statuses that say "not now" (RFC 9110 sections 15.5.9 and 15.6; RFC 8470 section 5.2; RFC 6585 section 4).
PASSING_STATUS: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
