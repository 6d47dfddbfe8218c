"""The cursor: where a walk through an answer goes on. One encoding for every engine.

Every order is total: by value, those without one last, then by `IndexDocument.key` ascending; by relevance, the highest
score first, then by key. A cursor names the last hit of a page by its value and key, so going on gives exactly what
comes after, whatever was indexed meanwhile; walking an unchanged index gives every hit once.

To others it is opaque: letters, digits, `-` and `_`. It belongs to one query (words, facets and order): with another
it is refused. Nothing in it is secret, and nothing in it is trusted.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias

from catalogue.facets import CONDITIONS, Sort, sort_named
from catalogue.search.clauses import read_clauses
from catalogue.search.query import Query
from catalogue.use.purpose import purpose_parameters
from shapes.errors import BadQuery

MAX_CURSOR: Final = 2000  # characters
MAX_BEFORE: Final = 10**9  # hits before a cursor
BROWSING: Final = "modified"  # the order of hits that are all equally relevant, because no word was asked for

_DIGEST: Final = 12  # hexadecimal digits
_WHOLE: Final = 2**63  # engines keep whole numbers of 64 bits with a sign
_CHARACTERS: Final = re.compile(r"[A-Za-z0-9_-]+")

Value: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last hit of a page: what its order compares (a score for relevance; None where it has nothing), and its key.

    `before` is how many hits stand up to and with it, as far as was known when the page was made.
    """

    value: Value
    key: int
    before: int

    def write(self, query: Query) -> str:
        """Return the cursor that continues an answer to this query, as a text for an address."""
        fields = [query.sort, _digest(query), self.value, self.key, self.before]
        text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(query: Query) -> Cursor | None:
    """Return where a query goes on; None where it has no cursor.

    Raises `BadQuery` for a text that is no cursor, for a cursor of another query, and for a page beside it.
    """
    if not query.cursor:
        return None
    if query.page != 1:
        raise BadQuery("A cursor and a page cannot be asked for together: a cursor is a place of its own.")
    if len(query.cursor) > MAX_CURSOR:
        raise BadQuery(f"The cursor has {len(query.cursor)} characters; at most {MAX_CURSOR} are allowed.")
    sort, digest, value, key, before = _fields(query.cursor)
    if (sort, digest) != (query.sort, _digest(query)):
        raise BadQuery(
            "The cursor belongs to another query: its words, facets and order must be those it was given with."
        )
    if type(key) is not int or type(before) is not int or not 0 <= key < _WHOLE or not 0 <= before <= MAX_BEFORE:
        _malformed()
    return Cursor(_value(query, value), key, before)


def order_of(query: Query) -> Sort:
    """Return the order in which a query's hits stand: by relevance only where there are words to be relevant to."""
    sort = sort_named(query.sort)
    return sort if sort.key is not None or read_clauses(query.text).required else sort_named(BROWSING)


def _fields(text: str) -> tuple[object, object, object, object, object]:
    if not _CHARACTERS.fullmatch(text):
        _malformed()
    try:
        fields = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):  # what is no base64, no UTF-8 and no JSON is a ValueError
        _malformed()
    if not isinstance(fields, list) or len(fields) != 5:  # noqa: PLR2004 - as many as `Cursor.write` writes
        _malformed()
    sort, digest, value, key, before = fields
    return sort, digest, value, key, before


def _value(query: Query, value: object) -> Value:
    """The value, if it is one that the query's order compares."""
    order = order_of(query)
    if order.key is None:
        if type(value) is float and 0 <= value < float("inf"):
            return value
    elif value is None:
        return None
    elif order.text:
        if isinstance(value, str) and _is_unicode(value):
            return value
    elif type(value) is int and -_WHOLE <= value < _WHOLE:
        return value
    return _malformed()


def _is_unicode(text: str) -> bool:
    """Whether it can be written at all: a JSON escape can spell half a surrogate pair."""
    return not any("\ud800" <= c <= "\udfff" for c in text)


def _digest(query: Query) -> str:
    """What distinguishes a query from others whose hits are not the same or stand in another order."""
    chosen = sorted(
        (name, sorted(set(values))) for name, values in query.facets.items() if values and name != CONDITIONS.name
    )
    # The conditions chosen follow from the purpose, and may be others once there are new datasets.
    use = [*purpose_parameters(query.purpose), sorted(query.answers)] if query.purpose else []
    asked = json.dumps([query.text, chosen, query.sort, *use])
    return hashlib.sha256(asked.encode()).hexdigest()[:_DIGEST]


def _malformed() -> NoReturn:
    raise BadQuery("The cursor is malformed: use the text that came as `next` with a page, as it is.")
