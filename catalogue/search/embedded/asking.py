"""Clauses and facets as tantivy query objects. Nothing a user wrote is ever parsed by the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, TypeAlias

import tantivy
from tantivy import Occur

from catalogue.facets import Facet, Span, parse_range
from catalogue.search.analysis import Analyzer
from catalogue.search.clauses import Clause, Clauses, Word
from catalogue.search.document import RANKS
from catalogue.search.embedded.schema import span_fields
from catalogue.search.fields import TEXT, facet_field, rank_field
from catalogue.search.forms import TIE, Beginning, Form, Near, Run, matching, scored_as_matched, scoring
from catalogue.search.steps import HIGHEST, LOWEST, bounds

# Tells the tokens that differ from a word by so many letters; None where they are not known.
NearWords: TypeAlias = Callable[[str, int], Sequence[str] | None]

_ADDED: Final = 2  # scores that give the same sum in whatever order the engine adds them


class Asker:
    """Makes the queries of one index: its schema, the languages whose stems it holds, and what tells its near words."""

    def __init__(self, schema: tantivy.Schema, languages: Sequence[str], analyzer: Analyzer, near: NearWords) -> None:
        self._schema = schema
        self._near_words = near
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
        return self.any_form(self.forms(clause))

    def forms(self, clause: Clause) -> tuple[Form, ...]:
        """Return the forms of which a match of a clause has one (see `forms.matching`); of near words those known."""
        return tuple(chain.from_iterable(map(self._named, matching(clause, self._languages, self._analyzer))))

    def near(self, word: Word) -> Sequence[str] | None:
        """Return the words that one with typing errors may be; None where they are not known."""
        return self._near_words(word.joined, word.slack)

    def any_form(self, forms: Iterable[Form]) -> tantivy.Query:
        """Return the query of what has any of some forms, anywhere. It adds nothing to a score."""
        queries = [self._form(TEXT, form) for form in forms]
        return any_of(queries) if queries else tantivy.Query.empty_query()

    def at_least(self, clause: Clause, searcher: tantivy.Searcher) -> int:
        """Return a number of datasets that a clause matches at least, as far as its single tokens tell at once."""
        single = [form.tokens[0] for form in self.forms(clause) if isinstance(form, Run) and len(form.tokens) == 1]
        return max([searcher.doc_freq(TEXT, token) for token in single], default=0)

    def ranked(self, clauses: Clauses, conditions: tantivy.Query, choices: Sequence[tantivy.Query]) -> tantivy.Query:
        """Return the query of what matches, with scores: one per clause, of which the best rank decides.

        `conditions` are those of words and chosen facets, `choices` those of the facets alone.
        """
        scores = [self._score(clause) for clause in clauses.required]
        scored = len(scores) <= _ADDED and all(map(scored_as_matched, clauses.required))
        if scored and not clauses.excluded:  # all tokens together need not be asked again for what matches
            return all_of([*scores, *choices])
        return tantivy.Query.boolean_query([(Occur.Must, conditions), *((Occur.Should, score) for score in scores)])

    def facet(self, facet: Facet, values: Sequence[str]) -> tantivy.Query:
        """Return the query of a facet's chosen values: any of them. It adds nothing to a score."""
        if facet.ranged:
            spans = [parse_range(facet, value) for value in values]
            found = [(Occur.Should, query) for span in spans for query in self._overlaps(facet.name, span)]
            return tantivy.Query.const_score_query(tantivy.Query.boolean_query(found), 0.0)
        query = tantivy.Query.term_set_query(self._schema, facet_field(facet.name), list(values))
        return tantivy.Query.const_score_query(query, 0.0)

    def _score(self, clause: Clause) -> tantivy.Query:
        forms = scoring(clause, self._languages, self._analyzer)
        queries = [
            _weighed(self._form(rank_field(rank), form), weight * factor)
            for rank, weight in RANKS.items()
            for form, factor in forms
        ]
        return tantivy.Query.disjunction_max_query(queries, TIE)

    def _form(self, field: str, form: Form) -> tantivy.Query:
        if isinstance(form, Run):
            return self._run(field, form.tokens)
        if isinstance(form, Beginning):
            return self._near(field, form.token, 0, prefix=True)
        words = self._near_words(form.token, form.distance)
        if words is None:
            return self._near(field, form.token, form.distance)
        named = [self._run(field, (word,)) for word in words]  # whichever it is, it counts as the engine counts it
        return tantivy.Query.const_score_query(tantivy.Query.boolean_query([(Occur.Should, q) for q in named]), 1.0)

    def _named(self, form: Form) -> Iterable[Form]:
        words = self._near_words(form.token, form.distance) if isinstance(form, Near) else None
        return (form,) if words is None else [Run((word,)) for word in words]

    def _run(self, field: str, tokens: Sequence[str]) -> tantivy.Query:
        if len(tokens) == 1:
            return tantivy.Query.term_query(self._schema, field, tokens[0], index_option="freq")
        return tantivy.Query.phrase_query(self._schema, field, list(tokens))

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


def all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Return the query that asks for all of them; for everything, where there is none."""
    if not queries:
        return tantivy.Query.all_query()
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Occur.Must, q) for q in queries])


def any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Return the query that asks for any of them, of which there is at least one. It adds nothing to a score."""
    some = queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Occur.Should, q) for q in queries])
    return tantivy.Query.const_score_query(some, 0.0)


def _weighed(query: tantivy.Query, weight: float) -> tantivy.Query:
    return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)
