"""A search as an address. Pages, API, feeds and exports all read and write queries with `catalogue.search.parsing`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from catalogue.facets import FACETS
from catalogue.search.parsing import read_query, to_params
from catalogue.search.query import Query
from catalogue.search.using import USE
from catalogue.use.purpose import PREFIX, QUESTIONS

LANGUAGE: Final = "lang"  # read by `ui.language`
BASKET: Final = "d"  # a dataset in the reader's basket; read by `ui.basket`
_OTHERS: Final = (LANGUAGE, BASKET)
_ENDS: Final = (".min", ".max")
_WORDS: Final = ("q", "sort", "page", "size", *_OTHERS)
_USE: Final = (USE, *(PREFIX + question for question in QUESTIONS))
_KNOWN: Final = frozenset((*_WORDS, *_USE, *(facet.name + end for facet in FACETS for end in ("", *_ENDS))))


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as an address asks it. `unknown`: parameters that mean nothing here."""

    query: Query
    unknown: tuple[str, ...] = ()


def read(args: MultiDict[str, str], languages: tuple[str, ...]) -> Asked:
    """Read a query from an address of a page. A stray parameter (of a mailing, of an old link) is told, not refused.

    Raises `BadQuery` as `read_query` does.
    """
    known = [(name, value) for name, value in args.items(multi=True) if name in _KNOWN]
    unknown = tuple(name for name in args if name not in _KNOWN)
    return Asked(read_query(known, languages=languages, others=_OTHERS), unknown)


def read_strictly(args: MultiDict[str, str], languages: tuple[str, ...], *, with_facets: bool = True) -> Query:
    """Read a query a program asks. An unknown parameter is an error: a typing error would silently widen the answer."""
    pairs = args.items(multi=True)
    return read_query(pairs, languages=languages, others=(LANGUAGE,), with_facets=with_facets)


def parameters(query: Query) -> list[tuple[str, str]]:
    """Return the shortest parameters that ask a query."""
    return to_params(query)


def address(query: Query, endpoint: str = "browse.results") -> str:
    """The address of a query's page, or of the same query at another door."""
    path, pairs = url_for(endpoint), urlencode(to_params(query))
    return f"{path}{'&' if '?' in path else '?'}{pairs}" if pairs else path


def is_form(args: MultiDict[str, str]) -> bool:
    """Whether the parameters come from our form, with empty fields and range ends, which a lasting address has not."""
    return any(name.endswith(_ENDS) or not value for name, value in args.items(multi=True) if name in _KNOWN)


def chosen_range(query: Query, name: str) -> tuple[str, str]:
    """The two ends of the first range chosen of a facet; empty where open or not chosen."""
    first = next(iter(query.facets.get(name, ())), "")
    low, dots, high = first.partition("..")
    return (low, high) if dots else (low, low)
