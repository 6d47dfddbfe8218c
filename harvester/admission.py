"""What is sent along to the origin of a source that asks who we are.

A token of an identity provider is asked for when it is first needed, kept until shortly before it expires, and asked
for once more when the source does not take it (RFC 6750 section 3.1: it may have been withdrawn).
"""

from __future__ import annotations

import json
import re
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import quote_plus, urlencode

from harvester.credentials import Basic, Bearer, ClientCredentials, Credential, Header
from harvester.errors import NotAdmitted
from shapes.errors import Fault, TooLarge, Unreachable

_EARLY: Final = 30.0  # seconds before its end from which a token is no longer used
_UNSTATED: Final = 300.0  # seconds a token is used whose provider does not say how long it lasts

_SENDABLE: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750 section 2.1


class Post(Protocol):
    """Sends a form to an identity provider and returns the body of its answer (`harvester.http.Door.post`)."""

    def __call__(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> bytes:
        """Raise leaves of `Unreachable`, `AddressBlocked` and `TooLarge`."""
        ...


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    until: float


class Admission:
    """Gives requests to one origin what they need to be let in. One per run of a source; not shared by threads."""

    def __init__(self, credential: Credential, post: Post, clock: Callable[[], float] = time.monotonic) -> None:
        self._credential = credential
        self._post = post
        self._clock = clock
        self._token: _Token | None = None

    def headers(self) -> Mapping[str, str]:
        """Return the headers to send. Raises `NotAdmitted` where the identity provider gives no token."""
        match self._credential:
            case Basic(user, password):
                return {"Authorization": f"Basic {_joined(user, password)}"}
            case Bearer(token):
                return {"Authorization": f"Bearer {token}"}
            case Header(name, value):
                return {name: value}
            case ClientCredentials() as account:
                return {"Authorization": f"Bearer {self._current(account)}"}

    def renewed(self) -> bool:
        """Forget a token the source did not take; return whether asking again makes sense."""
        had, self._token = self._token, None
        return had is not None

    def _current(self, account: ClientCredentials) -> str:
        if self._token is None or self._clock() >= self._token.until:
            self._token = self._asked(account)
        return self._token.value

    def _asked(self, account: ClientCredentials) -> _Token:
        """Ask the identity provider (RFC 6749 sections 4.4.2 and 2.3.1: identifier and secret form-encoded)."""
        form = {"grant_type": "client_credentials"} | ({"scope": account.scope} if account.scope else {})
        name, secret = quote_plus(account.client_id), quote_plus(account.client_secret)
        headers = {"Authorization": f"Basic {_joined(name, secret)}", "Accept": "application/json"}
        try:
            said = json.loads(self._post(account.token_url, urlencode(form).encode(), headers=headers))
            value, lasts = said["access_token"], float(said.get("expires_in") or _UNSTATED)
            kind = str(said.get("token_type", "Bearer"))
        except (Unreachable, TooLarge) as error:
            raise NotAdmitted(f"The identity provider gave no token. {error.detail}", url=account.token_url) from error
        except Fault:
            raise
        except (ValueError, TypeError, KeyError, AttributeError):
            raise NotAdmitted("The identity provider's answer holds no token.", url=account.token_url) from None
        if not isinstance(value, str) or not _SENDABLE.fullmatch(value) or kind.lower() != "bearer":
            raise NotAdmitted("The identity provider's token is of a kind we cannot send.", url=account.token_url)
        return _Token(value, self._clock() + max(0.0, lasts - _EARLY))


def _joined(user: str, password: str) -> str:
    return b64encode(f"{user}:{password}".encode()).decode("ascii")
