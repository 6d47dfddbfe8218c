"""Clauses and facets as tantivy query objects. Nothing a user wrote is ever parsed by the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import tantivy
from tantivy import Occur

from catalogue.facets import FIELDS, Facet, Span, facet_named, parse_range
from catalogue.search.analysis import JOINED, Analyzer
from catalogue.search.clauses import Clause, Clauses, Phrase, Word
from catalogue.search.document import MACHINE, MACHINE_WEIGHT
from catalogue.search.embedded.schema import (
    HIGHEST,
    LOWEST,
    facet_field,
    forms_field,
    span_fields,
    text_fields,
    words_field,
)

_STEM: Final = 0.7  # what a stem counts against the word as written
_TIE: Final = 0.1  # what the lesser fields of one word add to its best field


class Asker:
    """Makes the queries of one index: its schema, and the languages whose stems it holds."""

    def __init__(self, schema: tantivy.Schema, languages: Sequence[str], analyzer: Analyzer) -> None:
        self._schema = schema
        self._languages = tuple(languages)
        self._analyzer = analyzer

    def text(self, clauses: Clauses) -> tantivy.Query | None:
        """Return the query of the words; None where there is no condition."""
        if clauses.nothing:
            return tantivy.Query.empty_query()
        if not clauses:
            return None
        parts = [(Occur.Must, self.clause(clause)) for clause in clauses.required]
        if not parts:
            parts = [(Occur.Must, tantivy.Query.all_query())]
        parts += [(Occur.MustNot, self.clause(clause)) for clause in clauses.excluded]
        return tantivy.Query.boolean_query(parts)

    def clause(self, clause: Clause) -> tantivy.Query:
        """Return the query of one clause: any field, any form; the best field decides the score."""
        queries: list[tantivy.Query] = []
        for name in text_fields():
            weight = _WEIGHTS[name]
            if isinstance(clause, Phrase):
                queries.append(_weighed(self._run(words_field(name), clause.parts), weight))
            else:
                queries += (_weighed(query, weight) for query in self._written(name, clause))
                if name not in _EXACT:
                    queries += (_weighed(query, weight * _STEM) for query in self._stemmed(name, clause))
        return tantivy.Query.disjunction_max_query(queries, _TIE)

    def facets(self, chosen: Mapping[str, tuple[str, ...]], but: str | None = None) -> list[tantivy.Query]:
        """Return one query per facet with a choice, except the facet `but`."""
        return [self.facet(facet_named(name), values) for name, values in chosen.items() if values and name != but]

    def facet(self, facet: Facet, values: Sequence[str]) -> tantivy.Query:
        """Return the query of a facet's chosen values: any of them. It adds nothing to a score."""
        if facet.ranged:
            spans = [parse_range(facet, value) for value in values]
            found = [(Occur.Should, query) for span in spans for query in self._overlaps(facet.name, span)]
            return tantivy.Query.const_score_query(tantivy.Query.boolean_query(found), 0.0)
        query = tantivy.Query.term_set_query(self._schema, facet_field(facet.name), list(values))
        return tantivy.Query.const_score_query(query, 0.0)

    def _written(self, name: str, word: Word) -> Iterator[tantivy.Query]:
        """The word as written, and as a code written together or apart."""
        words, forms = words_field(name), forms_field(name)
        if word.slack:
            yield tantivy.Query.fuzzy_term_query(self._schema, words, word.parts[0], distance=word.slack)
            return
        if word.prefix:
            yield self._begins(words, word.joined)
            if word.letters or len(word.parts) > 1:
                yield self._begins(forms, JOINED + word.joined)
            return
        yield self._run(words, word.parts)
        if len(word.parts) > 1 and word.letters:
            yield self._term(words, word.joined)
        if len(word.parts) > 1 or word.letters:
            yield self._term(forms, JOINED + word.joined)

    def _stemmed(self, name: str, word: Word) -> Iterator[tantivy.Query]:
        """The word by its stem in each language the index holds."""
        if word.prefix or word.slack:
            return
        for language in self._languages:
            yield self._run(forms_field(name), self._analyzer.forms(word.written, language).stems)

    def _run(self, field: str, tokens: Sequence[str]) -> tantivy.Query:
        """Tokens next to each other in this order; one token alone is simply that token."""
        if len(tokens) == 1:
            return self._term(field, tokens[0])
        return tantivy.Query.phrase_query(self._schema, field, list(tokens))

    def _term(self, field: str, token: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, token)

    def _begins(self, field: str, token: str) -> tantivy.Query:
        # An automaton without edits: unlike a phrase prefix it is not cut at a number of expansions.
        return tantivy.Query.fuzzy_term_query(self._schema, field, token, distance=0, prefix=True)

    def _overlaps(self, name: str, span: Span) -> Iterator[tantivy.Query]:
        for low, high in span_fields(name):
            ends = [
                self._between(low, LOWEST, HIGHEST if span.high is None else span.high),
                self._between(high, LOWEST if span.low is None else span.low, HIGHEST),
            ]
            yield tantivy.Query.boolean_query([(Occur.Must, query) for query in ends])

    def _between(self, field: str, low: int, high: int) -> tantivy.Query:
        return tantivy.Query.range_query(self._schema, field, tantivy.FieldType.Integer, low, high)


def all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Return the query that asks for all of them; for everything, where there is none."""
    if not queries:
        return tantivy.Query.all_query()
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Occur.Must, q) for q in queries])


def _weighed(query: tantivy.Query, weight: float) -> tantivy.Query:
    return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)


_WEIGHTS: Final = {field.name: field.weight for field in FIELDS} | {MACHINE: MACHINE_WEIGHT}
_EXACT: Final = frozenset(field.name for field in FIELDS if field.exact)
