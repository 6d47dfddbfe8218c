"""What goes wrong with a search server, as errors of ours, each with what to do; the engine's text is never all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from elastic_transport import ApiError, ConnectionTimeout, SerializationError, TlsError, TransportError
from elasticsearch import UnsupportedProductError

from catalogue.errors import SearchUnavailable
from catalogue.search.elastic.place import Place
from shapes.errors import BadQuery, Fault

OLDEST: Final = (7, 17)

_REASON: Final = re.compile(r"\[Errno -?\d+\] ([^'\"()]+)")
_CERTIFICATE: Final = re.compile(
    r"(certificate verify failed[^'\"(]*|[Hh]ostname mismatch[^'\"(]*|wrong version number)"
)
_TOO_MANY: Final = {"too_many_clauses", "too_many_nested_clauses"}
_NO_SUCH: Final = {404, 405}  # statuses of a server that knows no such path
_SERVER_ERROR: Final = 500


class IndexGone(SearchUnavailable):
    """An index or alias that a request named is not on the server (any more)."""


class Busy(SearchUnavailable):
    """The server takes no more requests at this moment."""


class TooBig(SearchUnavailable):
    """The server takes no request of this size."""


@contextmanager
def asking(place: Place) -> Iterator[None]:
    """Ask the server something. Raises leaves of `SearchUnavailable`, and `BadQuery` for more words than it takes."""
    try:
        yield
    except UnsupportedProductError as error:
        raise not_elasticsearch(place) from error
    except ApiError as error:
        raise refusal(place, error.meta.status, error.body) from error
    except ConnectionTimeout as error:
        raise _unavailable(place, f"The search server did not answer within {place.timeout:g} seconds.") from error
    except SerializationError as error:
        raise not_elasticsearch(place) from error
    except TransportError as error:
        raise _unreachable(place, error) from error


def refusal(place: Place, status: int, body: object) -> Fault:
    """Return what an answer other than success means, of a request or of one part of it."""
    kinds = error_types(body)
    if not kinds and status in _NO_SUCH:
        return not_elasticsearch(place)
    if "cluster_block_exception" in kinds and status < _SERVER_ERROR:
        return _unavailable(
            place,
            "The search server has made the index read-only, as it does when its disk is nearly full. Once there is "
            "space (and the block index.blocks.read_only_allow_delete is gone) everything catches up.",
        )
    if kinds & _TOO_MANY:
        return BadQuery("The search has more words and ranges than the search server takes at once; use fewer.")
    if "too_many_buckets_exception" in kinds:
        return _unavailable(
            place,
            "The facets have more values than the search server counts at once; raise its setting search.max_buckets.",
        )
    return _by_status(place, status, kinds)


def error_types(body: object) -> frozenset[str]:
    """Return every type of error that an answer names, causes included; none where it is no error of this engine."""
    return frozenset(_types(body.get("error") if isinstance(body, Mapping) else None))


def not_elasticsearch(place: Place) -> SearchUnavailable:
    """Return the error for a server that is something else, or too old to say what it is."""
    return _unavailable(
        place,
        f"What answers there is not Elasticsearch {version(OLDEST)} or newer; the setting `search` names addresses.",
    )


def too_old(place: Place, found: tuple[int, ...]) -> SearchUnavailable:
    """Return the error for a version that is too old."""
    return _unavailable(place, f"The search server is Elasticsearch {version(found)}; {version(OLDEST)} is the oldest.")


def version(parts: tuple[int, ...]) -> str:
    """Write a version."""
    return ".".join(str(part) for part in parts)


def _by_status(place: Place, status: int, kinds: frozenset[str]) -> SearchUnavailable:
    leaf, told = SearchUnavailable, f"{status}: {', '.join(sorted(kinds))}" if kinds else str(status)
    match status:
        case 400:
            said = f"The search server did not understand a request of this program ({told})."
        case 401:
            ways = "search_api_key, or search_user and search_password"
            wrong = f"does not accept the credentials: check {ways}"
            said = f"The search server {wrong if place.entered else f'asks for credentials: set {ways}'} (401)."
        case 403:
            needs = f"the cluster privilege `monitor` and all privileges on the indices {place.prefix}*"
            said = f"The search server does not allow this: the user or key needs {needs} (403)."
        case 404:
            leaf, again = IndexGone, "make it anew with reindex --index"
            said = f"The search index {place.prefix} is not whole on the server: {again}."
        case 413:
            leaf, said = TooBig, "The search server takes no request of this size (413)."
        case 429:
            leaf, said = Busy, "The search server is too busy to take requests (429)."
        case _:
            said = f"The search cluster cannot answer now; a part of it may be starting or lost ({told})."
    return leaf(said, url=place.shown)


def _unavailable(place: Place, detail: str) -> SearchUnavailable:
    return SearchUnavailable(detail, url=place.shown)


def _unreachable(place: Place, error: TransportError) -> SearchUnavailable:
    told = " ".join(str(each) for each in (error, *error.errors))
    if isinstance(error, TlsError):
        why = _CERTIFICATE.search(told)
        said = f" ({why[1].strip()})" if why else ""
        return _unavailable(
            place, f"No trusted TLS connection to the search server{said}; search_ca names its authority's certificate."
        )
    why = _REASON.search(told)
    said = f": {why[1].strip()}" if why else ""
    return _unavailable(place, f"The search server cannot be reached{said}. It is down, or `search` is wrong.")


def _types(error: Any) -> Iterator[str]:  # noqa: ANN401 - JSON of a server
    """Yield the type of an error and of those it was caused by."""
    if isinstance(error, list):
        for each in error:
            yield from _types(each)
    elif isinstance(error, Mapping):
        if isinstance(error.get("type"), str):
            yield error["type"]
        for below in ("root_cause", "caused_by", "failed_shards", "reason"):
            yield from _types(error.get(below))
