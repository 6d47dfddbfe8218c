"""Where a FAIR Data Point's records are fetched: its IRIs need not be the addresses it answers at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import urldefrag, urlsplit


@dataclass(frozen=True, slots=True)
class Site:
    """The IRIs of a node begin with `names`; they are answered at addresses that begin with `answers`.

    The reference implementation names everything by its setting persistentUrl (a w3id address, an inner host behind a
    proxy), whatever address it is asked at.
    """

    names: str
    answers: str

    @classmethod
    def of(cls, iri: str, address: str) -> Self:
        """Return the site on which a record of this IRI was found at this address: what differs is replaced."""
        named, found = _trunk(iri).split("/"), _trunk(address).split("/")
        while len(named) > _HOST and len(found) > _HOST and named[-1] == found[-1]:
            named.pop()
            found.pop()
        return cls("/".join(named), "/".join(found))

    def address(self, iri: str) -> str | None:
        """Return where a record is fetched, None if it is on no server of this node."""
        name = urldefrag(iri).url
        if name == self.names or name.startswith(self.names + "/"):
            return self.answers + name[len(self.names) :]
        return name if origin(name) == origin(self.answers) else None


_HOST = 3  # "https:", "" and the host stand before the path


def origin(url: str) -> tuple[str, str] | None:
    """Return scheme and host of a URL, None if it has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return (parts.scheme, parts.netloc.lower()) if parts.scheme in {"http", "https"} and parts.netloc else None


def _trunk(url: str) -> str:
    return urldefrag(url).url.partition("?")[0].rstrip("/")
