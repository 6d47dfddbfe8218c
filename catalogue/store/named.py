"""Which graphs a query chooses with FROM and FROM NAMED (SPARQL 1.1 Query, section 13.2), by its tokens.

The embedded engine takes them for graphs of its store and reads nothing else. A server of others may take them for
addresses to load from, or have graphs that are none of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from catalogue.store.guard import pieces
from shapes.errors import BadQuery

_LOST = ("", "")


def chosen_graphs(text: str, base: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield the IRIs that follow FROM or FROM NAMED.

    `base` and `prefixes` are those a query need not declare. Raises `BadQuery` for one that cannot be read so.
    """
    known = dict(prefixes)
    tokens = pieces(text)
    for piece in tokens:
        if piece == ("word", "BASE"):
            base = urljoin(base, next(tokens, _LOST)[1])
        elif piece == ("word", "PREFIX"):
            name = next(tokens, _LOST)[1].removesuffix(":")
            known[name] = urljoin(base, next(tokens, _LOST)[1])
        elif piece == ("word", "FROM"):
            chosen = next(tokens, _LOST)
            yield _iri(next(tokens, _LOST) if chosen == ("word", "NAMED") else chosen, base, known)


def _iri(chosen: tuple[str, str], base: str, prefixes: Mapping[str, str]) -> str:
    kind, text = chosen
    if kind == "iri":
        return urljoin(base, text)
    name, _, local = text.partition(":")
    if kind != "prefix" or name not in prefixes or "\\" in local:
        raise BadQuery("FROM is followed by the address of a graph, in angle brackets or with a declared prefix.")
    return prefixes[name] + local
