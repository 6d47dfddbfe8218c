"""One request of the guarded door, and what becomes of it when a server sends it elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urldefrag, urljoin

from harvester.address import origin_of, without_password
from harvester.errors import BadAddress, BadRedirect

WHOLE: Final = frozenset({200, 203})  # the statuses of an answer that is a whole document


@dataclass(frozen=True, slots=True)
class Request:
    """A URL, the headers for everyone, those for its own origin, the largest answer in bytes, and a body to be sent.

    `taken`: the statuses that are an answer, where there is no body.
    """

    url: str
    common: Mapping[str, str]
    own: Mapping[str, str] = field(repr=False)
    cap: int
    body: bytes | None = field(default=None, repr=False)
    taken: frozenset[int] = WHOLE

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "GET" if self.body is None else "POST"

    def admitted(self, headers: Mapping[str, str]) -> Request:
        """Return the request with what lets us in at its origin."""
        return replace(self, own={**self.own, **headers})

    def moved(self, target: str) -> Request:
        """Return the request for where a redirect points. Raises `BadRedirect` if it may not be followed."""
        try:
            url = without_password(urldefrag(urljoin(self.url, target)).url)
            before, after = origin_of(self.url), origin_of(url)
        except (BadAddress, ValueError) as error:
            detail = f"The redirect points to an address that cannot be asked for: {error}"
            raise BadRedirect(detail, url=self.url) from error
        if before[0] == "https" and after[0] == "http":
            raise BadRedirect(f"The redirect leads from https to unprotected http ({url}).", url=self.url)
        return replace(self, url=url, own=self.own if before == after else {})
