"""Clauses and facets as the server's query objects. Nothing a user wrote is ever parsed by the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from catalogue.facets import Facet, parse_range
from catalogue.search.analysis import Analyzer
from catalogue.search.clauses import Clause, Clauses
from catalogue.search.document import RANKS
from catalogue.search.elastic.mapping import Json, span_field
from catalogue.search.fields import TEXT, facet_field, rank_field
from catalogue.search.forms import TIE, Beginning, Form, Run, matching, scoring
from catalogue.search.steps import bounds

# Every server takes 1,024 conditions in one query, what matches included. Where stems in every language would be more
# for a score, those of the reader's languages come first. What matches is never changed by that.
_MOST_SCORED: Final = 900


class Asker:
    """Makes the queries of one generation. `languages` are those whose stems it holds."""

    def __init__(self, languages: Sequence[str], analyzer: Analyzer) -> None:
        self._languages = tuple(languages)
        self._analyzer = analyzer

    def text(self, clauses: Clauses) -> list[Json]:
        """Return the conditions on words: all of them must hold. None where there is no condition."""
        if clauses.nothing:
            return [{"match_none": {}}]
        conditions = [self._clause(clause) for clause in clauses.required]
        if clauses.excluded:
            conditions.append({"bool": {"must_not": [self._clause(clause) for clause in clauses.excluded]}})
        return conditions

    def facet(self, facet: Facet, values: Sequence[str]) -> Json:
        """Return the condition of a facet's chosen values: any of them. Raises `BadQuery` for a malformed range."""
        if facet.ranged:
            return _any([overlapping(facet, value) for value in values])
        return {"terms": {facet_field(facet.name): list(values)}}

    def scores(self, clauses: Clauses, preferred: Sequence[str]) -> list[Json]:
        """Return queries that give a match its score, one per clause: the best rank decides.

        `preferred` are the reader's languages.
        """
        languages = self._scored_languages(clauses, preferred)
        return [self._score(clause, languages) for clause in clauses.required]

    def _clause(self, clause: Clause) -> Json:
        forms = matching(clause, self._languages, self._analyzer)
        single = [form.tokens[0] for form in forms if isinstance(form, Run) and len(form.tokens) == 1]
        others = [_form(TEXT, form) for form in forms if not (isinstance(form, Run) and len(form.tokens) == 1)]
        return _any([{"terms": {TEXT: single}}, *others] if single else others)

    def _score(self, clause: Clause, languages: Sequence[str]) -> Json:
        forms = scoring(clause, languages, self._analyzer)
        queries = [
            _form(rank_field(rank), form, weight * factor) for rank, weight in RANKS.items() for form, factor in forms
        ]
        return {"dis_max": {"queries": queries, "tie_breaker": TIE}}

    def _scored_languages(self, clauses: Clauses, preferred: Sequence[str]) -> Sequence[str]:
        """The languages whose stems count for scores: all of them, unless the words are many."""
        counts = [[len(scoring(c, some, self._analyzer)) for c in clauses.required] for some in ((), ("en",))]
        bare, each = sum(counts[0]), sum(counts[1]) - sum(counts[0])
        most = (_MOST_SCORED // len(RANKS) - bare) // each if each else len(self._languages)
        first = [language for language in preferred if language in self._languages]
        return tuple(dict.fromkeys((*first, *self._languages)))[: max(0, most)]


def all_of(conditions: Sequence[Json]) -> Json:
    """Return the query of what fulfils all conditions; of everything, where there is none. It has no score."""
    return {"bool": {"filter": list(conditions)}} if conditions else {"match_all": {}}


def scored(conditions: Sequence[Json], scores: Sequence[Json]) -> Json:
    """Return the query of what fulfils all conditions, with scores."""
    return {"bool": {"filter": list(conditions), "should": list(scores), "minimum_should_match": 0}}


def overlapping(facet: Facet, value: str) -> Json:
    """Return the condition of one chosen range. Raises `BadQuery` for a malformed one."""
    low, high = bounds(parse_range(facet, value))
    return {"range": {span_field(facet.name): {"gte": low, "lte": high, "relation": "intersects"}}}


def _any(conditions: list[Json]) -> Json:
    return conditions[0] if len(conditions) == 1 else {"bool": {"should": conditions, "minimum_should_match": 1}}


def _form(field: str, form: Form, weight: float = 1.0) -> Json:
    """Return the query of a form. Words that begin so or are nearly right are never cut at a number of them."""
    if isinstance(form, Run):
        if len(form.tokens) == 1:
            return {"term": {field: {"value": form.tokens[0], "boost": weight}}}
        return {"match_phrase": {field: {"query": " ".join(form.tokens), "boost": weight}}}
    every = {"value": form.token, "boost": weight, "rewrite": "constant_score"}
    if isinstance(form, Beginning):
        return {"prefix": {field: every}}
    return {"fuzzy": {field: every | {"fuzziness": form.distance, "prefix_length": 0, "transpositions": True}}}
