"""What values settings may have. Each check returns a sentence that says what is wrong, empty where nothing is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from types import MappingProxyType
from typing import Final, TypeAlias
from urllib.parse import urlsplit

# Returns the sentence. A check is asked only about values of its setting's type.
Check: TypeAlias = Callable[[object], str]

EMBEDDED: Final = "embedded"

_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`\[\]/?#]+(?:[/?#][^\s<>\"{}|\\^`\[\]]*)?")
_MOST: Final = 1 << 50  # above any number of bytes, records or days anybody means

# What no part of an IRI can hold (RFC 3987, section 2.2), and what would end ours early where it is a prefix.
_NO_IRI: Final = re.compile(r"""[\x00-\x20<>"{}|\\^`?#]""")

_PREFIX: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
# Endings of our own (see `catalogue.search.elastic.naming`): with them, two prefixes could mean one index.
_OWN_ENDING: Final = re.compile(r"(-labels|-write|-g\d+)$")


def engine(value: object) -> str:
    """`embedded`, or addresses of one cluster. An address that holds a password is never repeated."""
    places = value if isinstance(value, tuple) else ()
    if places == (EMBEDDED,):
        return ""
    if not places:
        return f"It names no engine: it is `{EMBEDDED}`, or addresses of an Elasticsearch cluster."
    return next((fault for place in places if (fault := _address(str(place)))), "")


def site(value: object) -> str:
    """An http(s) address that others can be made of by adding a path: every identifier of ours begins with it."""
    try:
        parts = urlsplit(str(value))
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        return f"{value!r} is no http(s) address."
    if parts.username is not None or _NO_IRI.search(str(value)):
        return f"{value!r} has more than a host, a port and a path, or characters that no address has."
    return ""


def store(value: object) -> str:
    """`embedded`, or the address of a dataset on a SPARQL server."""
    if value == "":
        return f"It names no store: it is `{EMBEDDED}`, or the address of a dataset on a SPARQL 1.1 server."
    return "" if value == EMBEDDED else _endpoint(str(value), f", nor `{EMBEDDED}`")


def endpoint(value: object) -> str:
    """Nothing, or an address of a SPARQL server. An address that holds a password is never repeated."""
    return _endpoint(str(value), "") if value else ""


def proxy(value: object) -> str:
    """The IP address that requests of a proxy come from; none where it is empty. A name would match no request."""
    if value in {"", "*"}:
        return ""
    try:
        ip_address(str(value))
    except ValueError:
        return f"{value!r} is no IP address, which is what requests are told apart by."
    return ""


def prefix(value: object) -> str:
    """A name that indices can begin with, on every version."""
    if not _PREFIX.fullmatch(str(value)):
        return "It begins with a small letter or digit, and has small letters, digits and `_.-`, at most 100 in all."
    if _OWN_ENDING.search(str(value)):
        return "It cannot end in -labels, -write or -g and a number: names of the catalogue's indices end so."
    return ""


def licence(value: object) -> str:
    """Nothing, or a web address: a licence is named by its IRI."""
    text = str(value)
    fits = not text or _IRI.fullmatch(text)
    return "" if fits else "It is the http(s) address of a licence, such as one of the EU's list of licences."


def positive(value: object) -> str:
    """A number above zero."""
    return "" if isinstance(value, int | float) and 0 < value < float("inf") else "It is a number above 0."


def whole(least: int, most: int) -> Check:
    """Return the check of a whole number from `least` to `most`."""

    def check(value: object) -> str:
        fits = isinstance(value, int) and least <= value <= most
        return "" if fits else f"It is a whole number from {least} to {most}."

    return check


def _address(text: str) -> str:
    """What is wrong with the address of a search server."""
    if "@" in text:
        return "An address cannot hold a user or password: they have settings of their own."
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return f"{text!r} is no address."
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return f"{text!r} is no http(s) address, and `{EMBEDDED}` stands alone."
    if port is None:
        return f"{text!r} names no port; write for example {parts.scheme}://{parts.hostname}:9200."
    if parts.query or parts.fragment:
        return f"{text!r} has more than host, port and path."
    return ""


def _endpoint(text: str, otherwise: str) -> str:
    """What is wrong with an address of a SPARQL server."""
    if "@" in text:
        return "An address cannot hold a user or password: they have settings of their own."
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return f"{text!r} is no address."
    if parts.scheme not in {"http", "https"} or not parts.hostname or not text.isprintable() or " " in text:
        return f"{text!r} is no http(s) address{otherwise}."
    return f"{text!r} has a fragment, which no server sees." if parts.fragment else ""


# By the name of the setting.
CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "licence": licence,
        "base_url": site,
        "harvest_connect_timeout": positive,
        "harvest_read_timeout": positive,
        "harvest_total_timeout": positive,
        "harvest_retries": whole(0, 100),
        "harvest_max_bytes": whole(1, _MOST),
        "harvest_at_once": whole(1, 64),
        "harvest_max_pages": whole(1, _MOST),
        "harvest_max_records": whole(1, _MOST),
        "harvest_kept_bytes": whole(0, _MOST),
        "harvest_fdp_full_hours": whole(0, _MOST),
        "harvest_grace_runs": whole(1, _MOST),
        "harvest_grace_days": whole(0, 36_500),
        "harvest_shrink_percent": whole(0, 100),
        "harvest_shrink_records": whole(0, _MOST),
        "validate_max_bytes": whole(1, _MOST),
        "search": engine,
        "search_prefix": prefix,
        "search_timeout": positive,
        "search_shards": whole(1, 1024),
        "search_replicas": whole(0, 100),
        "store": store,
        "store_update": endpoint,
        "store_data": endpoint,
        "store_timeout": positive,
        "trusted_proxy": proxy,
        "sparql_timeout": positive,
        "sparql_max_bytes": positive,
        "sparql_max_rows": positive,
        "sparql_max_memory": positive,
        "sparql_workers": whole(1, 256),
        "sparql_cache_bytes": whole(0, 1 << 40),
    }
)
