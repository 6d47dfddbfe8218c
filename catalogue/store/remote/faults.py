"""What goes wrong with a SPARQL server, as errors of ours, each with what to do. Its own words are never repeated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from catalogue.errors import StoreUnavailable
from catalogue.store.remote.place import Place
from harvester.errors import OutOfTime, TimedOut, TlsFailed
from shapes.errors import Fault

_NOT_TAKEN: Final = frozenset({400, 413, 422})
_NOT_ADMITTED: Final = 401
_ELSEWHERE: Final = range(300, 400)


class Refused(Exception):
    """The server does not take what it was sent, whatever time it is: something in it is wrong for it, or too much."""


class NoSuchWay(Exception):
    """The server has no such way of being written."""


def unreachable(place: Place, url: str, error: Fault, seconds: float) -> StoreUnavailable:
    """Return what an error on the line means."""
    if isinstance(error, TlsFailed):
        detail = (
            f"No trusted TLS connection to the SPARQL server ({error.detail}); store_ca names its authority's "
            "certificate."
        )
    elif isinstance(error, TimedOut | OutOfTime):
        detail = f"The SPARQL server did not answer within {seconds:g} seconds."
    else:
        which = "`store` is wrong" if url == place.query else "`store_update` or `store_data` is wrong"
        detail = f"The SPARQL server cannot be reached: {error.detail} It is down, or {which}."
    return StoreUnavailable(detail, url=url)


def no_result(url: str) -> StoreUnavailable:
    """Return the error for an answer that is none of this protocol, or not whole."""
    return StoreUnavailable(
        "What came is no whole SPARQL result: it was cut short, or what answers there is no SPARQL 1.1 endpoint.",
        url=url,
    )


def refusal(place: Place, url: str, status: int) -> StoreUnavailable:
    """Return what a status other than success means."""
    return StoreUnavailable(_said(place, status), url=url)


def not_taken(status: int) -> bool:
    """Whether a status says that what was sent is wrong, rather than the server or the way there."""
    return status in _NOT_TAKEN


_CREDENTIALS: Final = "store_user and store_password, or store_token"
_SAID: Final[Mapping[int, str]] = {
    401: f"asks for credentials: set {_CREDENTIALS}",
    403: "does not allow this: the user needs to read and to update the dataset",
    404: "has no dataset at this address",
    405: "takes nothing of this kind there: it is read only, or store_update has to name its address for updates",
    415: "takes nothing of this kind there: it is read only, or store_update has to name its address for updates",
    429: "is too busy to take requests",
    507: "has no room left",
}


def _said(place: Place, status: int) -> str:
    if status == _NOT_ADMITTED and place.entered:
        said = f"does not accept the credentials: check {_CREDENTIALS}"
    elif status in _SAID:
        said = _SAID[status]
    elif status in _ELSEWHERE:
        said = "sends elsewhere: the settings have to name the address itself"
    elif not_taken(status):
        said = "did not understand a request of this program"
    else:
        said = "cannot do this now; its own log says why"
    return f"The SPARQL server {said} ({status})."
