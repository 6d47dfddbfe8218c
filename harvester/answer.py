"""What came back from a stranger's server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shapes.content import Content, whole_of

_CHARSET: Final = re.compile(r'charset\s*=\s*"?([^\s";]+)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """One document. `url` is where it was found in the end; `headers` ignores case; `content` is decompressed.

    `status` is 200, 203, or 304 with no data: the document is the one whose ETag or date was given.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: Content

    @property
    def data(self) -> bytes:
        """All bytes. A long document is read into memory for it, each time."""
        return whole_of(self.content)

    @property
    def media_type(self) -> str | None:
        """The media type without parameters, in lower case."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower() or None

    @property
    def charset(self) -> str | None:
        """The charset parameter of the media type, in lower case."""
        charset = _CHARSET.search(self.headers.get("Content-Type", ""))
        return charset.group(1).lower() if charset else None

    @property
    def etag(self) -> str | None:
        """The entity tag (RFC 9110 section 8.8.3)."""
        return self.headers.get("ETag")

    @property
    def modified(self) -> str | None:
        """The HTTP date of Last-Modified."""
        return self.headers.get("Last-Modified")
