"""From what was asked to a `Query`, and back to links. Every door (page, API, command line, feed) reads queries here.

The parameters: `q` (the words, see `clauses`), one parameter per facet (repeated: any of the values), `sort`, `page`,
`size`, and instead of `page` the `cursor` that came with the page before. A range may also come from the two boxes of a
form, as `individuals.min` and `individuals.max`. A use somebody has in mind is said by `use.purpose`, `use.commercial`
and so on (see `catalogue.use.purpose`); `use` then chooses datasets by what their conditions say to it. Empty
parameters are boxes left empty, and are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from catalogue.facets import FACETS, SORTS, canonical_value, facet_named, sort_named
from catalogue.search.clauses import check_text, read_clauses
from catalogue.search.cursor import read_cursor
from catalogue.search.query import MAX_PAGE_SIZE, PAGE_SIZE, Query
from catalogue.use.purpose import PREFIX, Purpose, purpose_parameters, read_purpose
from catalogue.use.reasons import Answer
from shapes.errors import BadQuery

MAX_CHOSEN: Final = 200  # facet values of one query

_OWN: Final = ("q", "sort", "page", "size", "cursor")
_EXPAND: Final = "expand"  # words by concepts: nothing does that here, so it can only be said that it should not
_USE: Final = "use"
_LOW, _HIGH = ".min", ".max"
_WHOLE = re.compile(r"^[0-9]{1,9}$")
_DEFAULT_SORT: Final = Query().sort


def read_query(
    parameters: Iterable[tuple[str, str]],
    *,
    languages: Sequence[str] = ("en",),
    others: Collection[str] = (),
    with_facets: bool = True,
) -> Query:
    """Return the query that request parameters ask for.

    `others` are the names of parameters that are read elsewhere. Raises `BadQuery`, with a sentence that says what is
    allowed, for an unknown parameter, facet or order, a malformed range, a page below 1, a size outside 1 to
    `MAX_PAGE_SIZE`, a text no search takes, and a cursor that is none or of another query.
    """
    own: dict[str, str] = {}
    chosen: list[tuple[str, str]] = []
    ends: dict[str, dict[str, str]] = {}
    use: list[tuple[str, str]] = []
    for name, value in parameters:
        if name in others or not value.strip():
            continue
        if name == _EXPAND:
            _check_expand(value)
        elif name in _OWN:
            if own.setdefault(name, value) != value:
                raise BadQuery(f"The parameter {name} was given twice, with different values.")
        elif name == _USE or name.startswith(PREFIX):
            use.append((name, value))
        elif name.endswith((_LOW, _HIGH)):
            facet, _, end = name.rpartition(".")
            ends.setdefault(facet, {})[end] = value.strip()
        else:
            chosen.append((name, value))
    chosen += [(facet, f"{end.get('min', '')}..{end.get('max', '')}") for facet, end in ends.items()]
    return make_query(
        own.get("q", ""),
        chosen,
        sort=own.get("sort", _DEFAULT_SORT),
        page=_whole("page", own.get("page", "1")),
        size=_whole("size", own.get("size", str(PAGE_SIZE))),
        languages=languages,
        with_facets=with_facets,
        cursor=own.get("cursor", "").strip(),
        use=use,
    )


def _check_expand(value: str) -> None:
    if value.strip().lower() not in {"0", "false"}:
        raise BadQuery(f"expand can only be 0, not {value!r}: words are looked for as they are, and no concepts.")


def read_choices(choices: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Read `NAME=VALUE` as given on the command line. Raises `BadQuery` where there is no `=` or no value."""
    pairs = []
    for choice in choices:
        name, equals, value = choice.partition("=")
        if not equals or not value.strip():
            raise BadQuery(f"{choice!r} is no facet and value: write NAME=VALUE, for example country=BE.")
        pairs.append((name.strip(), value))
    return tuple(pairs)


def make_query(  # noqa: PLR0913 - one parameter for each of a query's
    text: str = "",
    chosen: Iterable[tuple[str, str]] = (),
    *,
    sort: str = _DEFAULT_SORT,
    page: int = 1,
    size: int = PAGE_SIZE,
    languages: Sequence[str] = ("en",),
    with_facets: bool = True,
    cursor: str = "",
    use: Iterable[tuple[str, str]] = (),
) -> Query:
    """Return a checked query. Values may be written as users write them; raises `BadQuery` as `read_query`.

    `use` are the parameters of a use somebody has in mind, and of the answers wished for.
    """
    read_clauses(text)
    sort_named(sort)
    if page < 1:
        raise BadQuery(f"page cannot be {page}: pages count from 1.")
    if not 1 <= size <= MAX_PAGE_SIZE:
        raise BadQuery(f"size cannot be {size}: a page has 1 to {MAX_PAGE_SIZE} datasets.")
    words, facets = " ".join(text.split()), _facets(chosen)
    purpose, answers = _use(use)
    tags = tuple(languages) or ("en",)
    query = Query(words, facets, sort, page, size, tags, with_facets, cursor, purpose=purpose, answers=answers)
    read_cursor(query)
    return query


def to_params(query: Query) -> list[tuple[str, str]]:
    """Return the request parameters of a query, always in the same order; what is at its default is left out."""
    parameters = [("q", query.text)] if query.text else []
    names = [facet.name for facet in FACETS if facet.name in query.facets]
    parameters += [(name, value) for name in names for value in query.facets[name]]
    parameters += purpose_parameters(query.purpose) + [(_USE, answer.value) for answer in query.answers]
    if query.sort != _DEFAULT_SORT:
        parameters.append(("sort", query.sort))
    if query.page != 1:
        parameters.append(("page", str(query.page)))
    if query.size != PAGE_SIZE:
        parameters.append(("size", str(query.size)))
    if query.cursor:
        parameters.append(("cursor", query.cursor))
    return parameters


def with_choice(query: Query, facet: str, value: str) -> Query:
    """Return the query with one more facet value chosen, on its first page."""
    values = query.facets.get(facet, ())
    return _on_first_page(query, facet, values if value in values else (*values, value))


def without_choice(query: Query, facet: str, value: str | None = None) -> Query:
    """Return the query without a facet value, or without any choice in a facet, on its first page."""
    kept = tuple(v for v in query.facets.get(facet, ()) if value is not None and v != value)
    return _on_first_page(query, facet, kept)


def _on_first_page(query: Query, facet: str, values: tuple[str, ...]) -> Query:
    facets = {**query.facets, facet: values}
    return replace(query, facets={name: some for name, some in facets.items() if some}, page=1, cursor="")


def without_use(query: Query) -> Query:
    """Return the query without a use in mind, on its first page."""
    return replace(query, purpose=Purpose(), answers=(), page=1, cursor="")


def without_answer(query: Query, answer: Answer) -> Query:
    """Return the query without one of the answers wished for, on its first page."""
    return replace(query, answers=tuple(each for each in query.answers if each != answer), page=1, cursor="")


def _use(parameters: Iterable[tuple[str, str]]) -> tuple[Purpose, tuple[Answer, ...]]:
    """The use in mind, and the answers wished for."""
    parameters = [(name, value) for name, value in parameters if value.strip()]
    purpose = read_purpose((name, value) for name, value in parameters if name != _USE)
    wished = [value.strip().lower() for name, value in parameters if name == _USE]
    unknown = next((value for value in wished if value not in set(Answer)), None)
    if unknown is not None:
        raise BadQuery(f"use cannot be {unknown!r}: it is one of {', '.join(Answer)}.")
    if wished and not purpose:
        raise BadQuery("use chooses by what conditions say to a use: say which, with use.purpose or another question.")
    return purpose, tuple(answer for answer in Answer if answer.value in wished)


def _facets(chosen: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    facets: dict[str, dict[str, None]] = {}
    for count, (name, text) in enumerate(chosen):
        if count == MAX_CHOSEN:
            raise BadQuery(f"At most {MAX_CHOSEN} facet values can be chosen at once.")
        facet = _facet(name)
        check_text(text, f"value of {facet}")
        facets.setdefault(facet, {})[canonical_value(facet_named(facet), text)] = None
    return {name: tuple(values) for name, values in facets.items()}


def _facet(name: str) -> str:
    """The name of a facet; an unknown one is told what parameters there are."""
    known = [facet.name for facet in FACETS]
    if name not in known:
        orders = ", ".join(sort.name for sort in SORTS)
        raise BadQuery(
            f"There is no facet or parameter {name!r}. The facets are: {', '.join(sorted(known))}. "
            f"The parameters are: {', '.join(_OWN)} (sort is one of {orders})."
        )
    return name


def _whole(name: str, text: str) -> int:
    if not _WHOLE.match(text.strip()):
        raise BadQuery(f"{name} cannot be {text!r}: it is a whole number from 1.")
    return int(text)
