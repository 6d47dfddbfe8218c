"""Clauses and facets as tantivy query objects. Nothing a user wrote is ever parsed by the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import tantivy
from tantivy import Occur

from catalogue.facets import Facet, Span, parse_range
from catalogue.search.analysis import Analyzer
from catalogue.search.clauses import Clause, Clauses, Phrase, Word
from catalogue.search.document import RANKS
from catalogue.search.embedded.schema import TEXT, facet_field, rank_field, span_fields
from catalogue.search.steps import HIGHEST, LOWEST, bounds

_STEM: Final = 0.7  # what a stem counts against the word as written
_TIE: Final = 0.1  # what the lesser ranks of one word add to its best one


class Asker:
    """Makes the queries of one index: its schema, and the languages whose stems it holds."""

    def __init__(self, schema: tantivy.Schema, languages: Sequence[str], analyzer: Analyzer) -> None:
        self._schema = schema
        self._languages = tuple(languages)
        self._analyzer = analyzer

    def text(self, clauses: Clauses) -> tantivy.Query | None:
        """Return the query of what matches the words; None where there is no condition."""
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
        """Return the query of what matches a clause: any form of it, anywhere. It adds nothing to a score."""
        if isinstance(clause, Phrase):
            return self._any_of([self._run(clause.parts)])
        return self._any_of([*self._written(clause), *self._stemmed(clause)])

    def score(self, clauses: Clauses) -> list[tantivy.Query]:
        """Return queries that give a matching dataset its score, one per clause: the best rank decides."""
        return [self._score(clause) for clause in clauses.required]

    def facet(self, facet: Facet, values: Sequence[str]) -> tantivy.Query:
        """Return the query of a facet's chosen values: any of them. It adds nothing to a score."""
        if facet.ranged:
            spans = [parse_range(facet, value) for value in values]
            found = [(Occur.Should, query) for span in spans for query in self._overlaps(facet.name, span)]
            return tantivy.Query.const_score_query(tantivy.Query.boolean_query(found), 0.0)
        query = tantivy.Query.term_set_query(self._schema, facet_field(facet.name), list(values))
        return tantivy.Query.const_score_query(query, 0.0)

    def _written(self, word: Word) -> Iterator[tantivy.Query]:
        """The word as written, and as a code written together or apart."""
        if word.slack or word.prefix:
            yield from self._open(TEXT, word)
            return
        yield self._run(word.parts)
        if len(word.parts) > 1 and word.letters:
            yield self._term(TEXT, word.joined)
        if len(word.parts) > 1 or word.letters:
            yield self._term(TEXT, word.whole)

    def _stemmed(self, word: Word) -> Iterator[tantivy.Query]:
        """The word by its stem in each language the index holds."""
        if not word.slack and not word.prefix:
            for language in self._languages:
                yield self._run(self._analyzer.forms(word.written, language).stems)

    def _open(self, field: str, word: Word) -> Iterator[tantivy.Query]:
        """Words that begin with it, or that differ by some letters."""
        if word.slack:
            yield self._near(field, word.joined, word.slack)
            return
        if word.letters or len(word.parts) == 1:
            yield self._near(field, word.joined, 0, prefix=True)
        if word.letters or len(word.parts) > 1:
            yield self._near(field, word.whole, 0, prefix=True)

    def _score(self, clause: Clause) -> tantivy.Query:
        queries: list[tantivy.Query] = []
        for rank, weight in RANKS.items():
            field = rank_field(rank)
            if isinstance(clause, Word) and (clause.slack or clause.prefix):
                queries += (_weighed(query, weight) for query in self._open(field, clause))
                continue
            queries += (_weighed(self._term(field, part), weight) for part in clause.parts)
            if isinstance(clause, Word):
                queries.append(_weighed(self._term(field, clause.whole), weight))
                queries += (_weighed(self._term(field, stem), weight * _STEM) for stem in self._stems(clause))
        return tantivy.Query.disjunction_max_query(queries, _TIE)

    def _stems(self, word: Word) -> Iterator[str]:
        for language in self._languages:
            yield from self._analyzer.forms(word.written, language).stems

    def _any_of(self, queries: Sequence[tantivy.Query]) -> tantivy.Query:
        some = queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Occur.Should, q) for q in queries])
        return tantivy.Query.const_score_query(some, 0.0)

    def _run(self, tokens: Sequence[str]) -> tantivy.Query:
        """Tokens next to each other in this order; one token alone is simply that token."""
        if len(tokens) == 1:
            return self._term(TEXT, tokens[0])
        return tantivy.Query.phrase_query(self._schema, TEXT, list(tokens))

    def _term(self, field: str, token: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, token, index_option="freq")

    def _near(self, field: str, token: str, distance: int, *, prefix: bool = False) -> tantivy.Query:
        # An automaton; with no distance it is a prefix that is not cut at a number of expansions, as others are.
        return tantivy.Query.fuzzy_term_query(self._schema, field, token, distance=distance, prefix=prefix)

    def _overlaps(self, name: str, span: Span) -> Iterator[tantivy.Query]:
        for low, high in span_fields(name):
            lower, upper = bounds(span)
            ends = [self._between(low, LOWEST, upper), self._between(high, lower, HIGHEST)]
            yield tantivy.Query.boolean_query([(Occur.Must, query) for query in ends])

    def _between(self, field: str, low: int, high: int) -> tantivy.Query:
        return tantivy.Query.range_query(self._schema, field, tantivy.FieldType.Integer, low, high)


def scored(matching: tantivy.Query, scores: Sequence[tantivy.Query]) -> tantivy.Query:
    """Return the query of what matches, with scores."""
    return tantivy.Query.boolean_query([(Occur.Must, matching), *((Occur.Should, score) for score in scores)])


def all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Return the query that asks for all of them; for everything, where there is none."""
    if not queries:
        return tantivy.Query.all_query()
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Occur.Must, q) for q in queries])


def _weighed(query: tantivy.Query, weight: float) -> tantivy.Query:
    return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)
