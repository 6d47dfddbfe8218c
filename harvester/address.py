"""Which addresses of the network a stranger's URL may lead us to (guard against server-side request forgery).

The decision falls on the very IP address a socket is about to connect to, never on a name looked up beforehand: a name
that answers differently the second time (DNS rebinding), a redirect, a decimal or octal spelling and an IPv4 address
wrapped in an IPv6 one all end at the same check. Ranges: the IANA special-purpose address registries (RFC 6890).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from harvester.errors import BadAddress
from shapes.errors import AddressBlocked

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

DEFAULT_PORTS: Final = {"http": 80, "https": 443}

# Ports that serve the web, a triple store or an FDP. A public host's mail, database or cache port is none of ours:
# an HTTP request sent there may be read as commands. A source's own port is always open to that source.
WEB_PORTS: Final = frozenset({80, 443, 3030, 7200, 8000, 8008, 8080, 8081, 8088, 8443, 8880, 8888, 8890, 9443})

# Refused whatever a source is allowed: cloud metadata services hand out credentials, the rest is nobody's server.
_NEVER: Final = tuple(
    (ip_network(network), what)
    for network, what in (
        ("169.254.169.254/32", "a cloud metadata service"),
        ("169.254.170.2/32", "a cloud metadata service"),
        ("100.100.100.200/32", "a cloud metadata service"),
        ("168.63.129.16/32", "a cloud metadata service"),
        ("192.0.0.192/32", "a cloud metadata service"),
        ("fd00:ec2::254/128", "a cloud metadata service"),
        ("fd20:ce::254/128", "a cloud metadata service"),
        ("0.0.0.0/8", "an unspecified address"),
        ("169.254.0.0/16", "a link-local address"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
        ("::/128", "an unspecified address"),
        ("fe80::/10", "a link-local address"),
        ("ff00::/8", "a multicast address"),
    )
)

# Refused unless the source itself was registered with `allow_private`.
_PRIVATE: Final = tuple(
    (ip_network(network), what)
    for network, what in (
        ("127.0.0.0/8", "a loopback address"),
        ("10.0.0.0/8", "a private address"),
        ("172.16.0.0/12", "a private address"),
        ("192.168.0.0/16", "a private address"),
        ("100.64.0.0/10", "a carrier's shared address"),
        ("192.0.0.0/24", "a protocol-assignment address"),
        ("192.0.2.0/24", "a documentation address"),
        ("192.88.99.0/24", "a 6to4 relay address"),
        ("198.18.0.0/15", "a benchmarking address"),
        ("198.51.100.0/24", "a documentation address"),
        ("203.0.113.0/24", "a documentation address"),
        ("::1/128", "a loopback address"),
        ("fc00::/7", "a private address"),
        ("fec0::/10", "a site-local address"),
        ("64:ff9b:1::/48", "a local translation address"),
        ("100::/64", "a discard address"),
        ("2001::/23", "a protocol-assignment address"),
        ("2001:db8::/32", "a documentation address"),
        ("3fff::/20", "a documentation address"),
        ("5f00::/16", "a segment-routing address"),
    )
)

_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = IPv6Network("::/96")
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})
_LOW_32: Final = 0xFFFF_FFFF
_USERINFO: Final = re.compile(r"(?<=//)[^/?#]*@")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host name in lower case and a port: what a source's own address is compared by."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether the name itself says that it is this machine."""
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What may be connected to.

    `own`: endpoints a registered source named itself, open on any port. `private`: those of them that may also have an
    address that is not public. `anywhere` lifts both rules for every host (the setting `allow_private`); cloud metadata
    services, link-local, multicast and reserved addresses stay closed all the same.
    """

    ports: frozenset[int] = WEB_PORTS
    own: frozenset[Endpoint] = field(default=frozenset())
    private: frozenset[Endpoint] = field(default=frozenset())
    anywhere: bool = False

    def opened_for(self, endpoint: Endpoint, *, private: bool) -> AddressPolicy:
        """Return this policy with one source's own endpoint open, and private addresses behind it if so allowed."""
        also = {endpoint} if private else set()
        return replace(self, own=self.own | {endpoint}, private=self.private | also)

    def check_port(self, endpoint: Endpoint) -> None:
        """Raise `AddressBlocked` unless the port is one for the web or the source's own."""
        if self.anywhere or endpoint.port in self.ports or endpoint in self.own:
            return
        raise AddressBlocked(
            f"Port {endpoint.port} of {endpoint.host} is neither a usual port of a web server nor the source's own."
        )

    def check_address(self, text: str, endpoint: Endpoint) -> None:
        """Raise `AddressBlocked` unless `endpoint` may be reached at the IP address `text`."""
        for address in _meanings(ip_address(text.partition("%")[0])):
            what = _named(address, _NEVER)
            if what is None and not (self.anywhere or endpoint in self.private):
                what = _named(address, _PRIVATE)
                if what is None and isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
                    what = "not a global unicast address"
            if what is not None:
                raise AddressBlocked(f"{endpoint.host} has the address {text}, which is {what} and not public.")


def split(url: str) -> SplitResult:
    """Take an http(s) URL apart. Raises `BadAddress` for anything else, and for a user name or password in it.

    Such credentials would stand in ledgers, pages and logs: they are no part of an address here.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress(f"This is not a URL: {error}.", url=without_password(url)) from error
    if parts.scheme not in DEFAULT_PORTS:
        raise BadAddress("Only http and https addresses can be fetched.", url=without_password(url))
    if not parts.hostname or port == 0 or any(c.isspace() or not c.isprintable() for c in parts.netloc):
        raise BadAddress("The URL names no host.", url=without_password(url))
    if parts.username is not None or parts.password is not None:
        raise BadAddress("A URL with a user name or password in it is not accepted.", url=without_password(url))
    return parts


def endpoint_of(url: str) -> Endpoint:
    """Return host and port of an http(s) URL. Raises `BadAddress` as `split` does."""
    parts = split(url)
    host = str(parts.hostname).rstrip(".").lower()
    try:
        host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError as error:
        raise BadAddress("The host name in the URL is not one.", url=url) from error
    return Endpoint(host, parts.port or DEFAULT_PORTS[parts.scheme])


def origin_of(url: str) -> tuple[str, Endpoint]:
    """Return scheme, host and port: two URLs of equal origin are answered by one server (RFC 6454)."""
    return split(url).scheme, endpoint_of(url)


def without_password(url: str) -> str:
    """Return a URL without the user name and password it may carry, fit to be shown and to be asked for."""
    return _USERINFO.sub("", url, count=1)


def _named(address: Address, networks: tuple[tuple[Network, str], ...]) -> str | None:
    return next((what for network, what in networks if address in network), None)


def _meanings(address: Address) -> Iterator[Address]:
    """Yield what has to be allowed: an address, or the IPv4 address it is only a wrapping of."""
    if not isinstance(address, IPv6Address):
        yield address
        return
    number = int(address)
    if address.ipv4_mapped is not None or address in _NAT64 or (address in _COMPATIBLE and number > 1):
        yield IPv4Address(number & _LOW_32)
        return
    yield address
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if (number >> 32) & _LOW_32 in _ISATAP:
        yield IPv4Address(number & _LOW_32)
