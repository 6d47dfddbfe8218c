"""How a source lets us in: credentials from a file of their own, sent to the source's own origin and nowhere else.

The file is TOML, a table per source. A secret stands there as text, or as where to take it from:

    [be-node]
    scheme = "basic"                                # RFC 7617
    user = "harvester"
    password = { file = "/run/secrets/be-node" }

    [fi-node]
    scheme = "bearer"                               # RFC 6750
    token = { env = "FI_NODE_TOKEN" }

    [se-node]
    scheme = "header"                               # an API key in a header of the node's choice
    name = "X-Api-Key"
    value = "..."

    [nl-node]
    scheme = "client-credentials"                   # RFC 6749 section 4.4, as OpenID providers offer it
    token_url = "https://login.example.org/token"
    client_id = "gdi-catalogue"
    client_secret = { env = "NL_NODE_SECRET" }
    scope = "catalogue.read"                        # may be left out

No secret is ever shown: records here hide theirs, and errors name the source and the key only.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from harvester.address import split
from harvester.errors import BadCredential
from shapes.errors import Fault

_FIELD_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token, RFC 9110 section 5.6.2
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Basic:
    """A user name and password. RFC 7617 forbids a colon in the first."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that does not expire while we run."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Header:
    """A header with a secret value."""

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """An account at an identity provider that hands out short-lived tokens."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = ""


Credential: TypeAlias = Basic | Bearer | Header | ClientCredentials


class CredentialFile:
    """The file above, read anew each time something is asked, so that a changed secret counts from the next run on."""

    def __init__(self, file: Path, environment: Mapping[str, str] | None = None) -> None:
        self._file = file
        self._environment = os.environ if environment is None else environment

    def of(self, source: str) -> Credential | None:
        """Return the credential of a source, if it has one.

        Raises `BadCredential` for a file that cannot be read, that others than its owner may read, or that is not as
        described; it names the source and the key, never a value.
        """
        tables = _tables(self._file)
        return _Table(self._file, source, tables[source], self._environment).credential() if source in tables else None


def _tables(file: Path) -> Mapping[str, object]:
    try:
        with file.open("rb") as opened:
            if os.fstat(opened.fileno()).st_mode & _OTHERS:
                raise BadCredential(f"Others than its owner may read the file: chmod 600 {file}.", url=str(file))
            return tomllib.load(opened)
    except OSError as error:
        raise BadCredential(f"The file of credentials cannot be read: {error.strerror}.", url=str(file)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        # The parser's words may quote the line, and the line a secret.
        place = re.search(r"line \d+", str(error))
        where = f" ({place.group()})" if place else ""
        raise BadCredential(f"The file of credentials is not TOML{where}.", url=str(file)) from None


class _Table:
    """One source's table while it is read."""

    def __init__(self, file: Path, name: str, table: object, environment: Mapping[str, str]) -> None:
        self._file = file
        self._name = name
        self._environment = environment
        if not isinstance(table, dict):
            raise self._wrong("is no table: write [name of the source] and its keys below")
        self._table: dict[str, Any] = dict(table)

    def credential(self) -> Credential:
        scheme = self._table.pop("scheme", None)
        read = _SCHEMES.get(scheme) if isinstance(scheme, str) else None
        if read is None:
            raise self._wrong(f"needs a scheme: {', '.join(_SCHEMES)}")
        credential = read(self)
        if self._table:
            raise self._wrong(f"has keys that mean nothing with {scheme}: {', '.join(sorted(self._table))}")
        return credential

    def basic(self) -> Credential:
        user = self.text("user")
        if ":" in user:
            raise self._wrong("has a user with a colon in it, which basic authentication cannot send")
        return Basic(user, self.text("password"))

    def bearer(self) -> Credential:
        return Bearer(self.text("token"))

    def header(self) -> Credential:
        name = self.text("name")
        if not _FIELD_NAME.fullmatch(name):
            raise self._wrong("has a name that no header can have")
        return Header(name, self.text("value"))

    def client_credentials(self) -> Credential:
        url = self.text("token_url")
        try:
            split(url)
        except Fault as error:
            raise self._wrong(f"has a token_url that cannot be used: {error.detail.rstrip('.')}") from None
        return ClientCredentials(url, self.text("client_id"), self.text("client_secret"), self.text("scope", ""))

    def text(self, key: str, default: str | None = None) -> str:
        """Take a key out of the table: its text, or the text from where it points to."""
        value = self._table.pop(key, default)
        if isinstance(value, dict):
            value = self._elsewhere(key, value)
        if not isinstance(value, str) or (not value and default is None):
            raise self._wrong(f"needs {key} as text")
        if not value.isascii() or not value.isprintable() or value != value.strip():
            raise self._wrong(f"has a {key} with characters that HTTP cannot send")
        return value

    def _elsewhere(self, key: str, place: Mapping[str, object]) -> str:
        match dict(place):
            case {"env": str(variable), **rest} if not rest:
                if variable not in self._environment:
                    raise self._wrong(f"takes {key} from the environment variable {variable}, which is not set")
                return self._environment[variable]
            case {"file": str(path), **rest} if not rest:
                try:
                    return Path(path).read_text("utf-8").strip()
                except (OSError, UnicodeDecodeError):
                    raise self._wrong(f"takes {key} from the file {path}, which cannot be read") from None
        raise self._wrong(f'needs {key} as text, {{ env = "NAME" }} or {{ file = "PATH" }}')

    def _wrong(self, what: str) -> BadCredential:
        return BadCredential(f"The credential of {self._name!r} {what}.", url=str(self._file))


_SCHEMES: Final[Mapping[str, Callable[[_Table], Credential]]] = {
    "basic": _Table.basic,
    "bearer": _Table.bearer,
    "header": _Table.header,
    "client-credentials": _Table.client_credentials,
}
