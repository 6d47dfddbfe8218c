"""The door to the SPARQL server: SPARQL 1.1 Protocol for queries and updates, quads by POST to its graph store."""

from __future__ import annotations

import io
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox

from catalogue.store.remote.faults import NoSuchWay, Refused, no_result, not_taken, refusal, unreachable
from catalogue.store.remote.place import Place
from harvester.errors import BadAddress
from harvester.http import user_agent
from harvester.own_service import Access, Message, OwnService, Reply
from harvester.stop import Stop
from shapes.errors import Unreachable

JSON: Final = "application/sparql-results+json"
NTRIPLES: Final = "application/n-triples"
_FORM: Final = "application/x-www-form-urlencoded"
_UPDATE: Final = "application/sparql-update; charset=utf-8"
_NQUADS: Final = "application/n-quads"
_WRITING: Final = 300.0  # seconds a request may take at least that writes some graphs
_LONG: Final = 1800.0  # and one that goes through everything there is
_DONE: Final = frozenset({200, 201, 204})
_TAIL: Final = 256


class Body(io.RawIOBase):
    """An answer as it comes, to be read once; `tail` is its end, as far as it was read, `broken` why it ended early."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self._pieces = reply.pieces()
        self._left = b""
        self.tail = b""
        self.broken: Unreachable | None = None

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - as the library's
        """Read some bytes; none at the end."""
        while not self._left:
            try:
                self._left = next(self._pieces)
            except StopIteration:
                return 0
            except Unreachable as error:
                self.broken = error
                raise OSError(error.detail) from error
            self.tail = (self.tail + self._left)[-_TAIL:]
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def let_go(error: BaseException) -> None:
    """Free what the frames of an error hold: results of the engine may be freed by no other thread than their own."""
    found: BaseException | None = error
    while found is not None:
        traceback.clear_frames(found.__traceback__)
        found = found.__cause__ or found.__context__


def _table(body: Body) -> list[tuple[str, ...]]:
    """Return the rows of a table as text. Raises one of many errors for what is none."""
    found = ox.parse_query_results(io.BufferedReader(body), ox.QueryResultsFormat.JSON)
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError("The answer is no table.")
    return [tuple("" if term is None else term.value for term in row) for row in found]


class Server:
    """One dataset on one server. Nothing is asked of it before something is wanted; safe to share between threads.

    Every method raises `StoreUnavailable` (see `faults`).
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        access = Access(
            headers=place.headers(),
            ca_file=str(place.ca) if place.ca else None,
            connect=place.timeout,
            agent=user_agent(),
        )
        self._service = OwnService(access)

    def close(self) -> None:
        """Close the connections."""
        self._service.close()

    def rows(self, question: str, *, long: bool = False) -> list[tuple[str, ...]]:
        """Ask a SELECT of our own and return its rows as text; "" stands where a variable has no value."""
        seconds = max(self.place.timeout, _LONG) if long else self.place.timeout
        with self.asked({"query": question}, JSON, seconds) as reply:
            body = Body(reply)
            try:
                return _table(body)
            except (SyntaxError, TypeError, ValueError, OSError) as error:
                let_go(error)
                if body.broken:
                    raise unreachable(self.place, self.place.query, body.broken, seconds) from error
                raise no_result(self.place.query) from error

    @contextmanager
    def asked(self, form: Mapping[str, Any], accept: str, seconds: float, stop: Stop | None = None) -> Iterator[Reply]:
        """Send a query (SPARQL 1.1 Protocol, section 2.1.2) and give its answer, which is a success."""
        with self.sent(form, accept, seconds, stop) as reply:
            if reply.status not in _DONE:
                raise refusal(self.place, self.place.query, reply.status)
            yield reply

    @contextmanager
    def sent(self, form: Mapping[str, Any], accept: str, seconds: float, stop: Stop | None = None) -> Iterator[Reply]:
        """Send a query and give its answer, whatever its status."""
        body = urlencode(form, doseq=True).encode("ascii")
        message = Message(self.place.query, body, _FORM, accept, seconds)
        with self._sent(message, stop) as reply:
            yield reply

    def update(self, text: bytes, *, long: bool = False) -> None:
        """Send an update (section 2.2.2). Raises `Refused` where the server does not take its text."""
        seconds = max(self.place.timeout, _LONG if long else _WRITING)
        with self._sent(Message(self.place.update, text, _UPDATE, seconds=seconds), None) as reply:
            if not_taken(reply.status):
                raise Refused(str(reply.status))
            if reply.status not in _DONE:
                raise refusal(self.place, self.place.update, reply.status)

    def load(self, quads: bytes) -> None:
        """Add N-Quads to the dataset, as most servers take them at their graph store's address.

        The standard knows one graph at a time only (SPARQL 1.1 Graph Store HTTP Protocol), so that a server may not.
        Raises `NoSuchWay` then.
        """
        seconds = max(self.place.timeout, _WRITING)
        with self._sent(Message(self.place.data, quads, _NQUADS, seconds=seconds), None) as reply:
            if reply.status in {400, 403, 404, 405, 406, 411, 413, 415, 422, 501}:
                raise NoSuchWay(str(reply.status))
            if reply.status not in _DONE:
                raise refusal(self.place, self.place.data, reply.status)

    @contextmanager
    def _sent(self, message: Message, stop: Stop | None) -> Iterator[Reply]:
        try:
            with self._service.sent(message, stop) as reply:
                yield reply
        except (Unreachable, BadAddress) as error:
            raise unreachable(self.place, message.url, error, message.seconds) from error
