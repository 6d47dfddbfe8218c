"""Searching with a use in mind: which datasets' conditions allow it, the same on every engine.

An engine keeps the conditions of a dataset as one token. Tokens are few, so they are judged here: the answer wished
for becomes the choice of all tokens that give it, and the counts of tokens become those of three answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from catalogue.facets import CONDITIONS
from catalogue.facets.model import in_languages
from catalogue.facets.terms import texts_in
from catalogue.search.port import SearchIndex
from catalogue.search.query import FacetCounts, FacetValue, Page, Query
from catalogue.text import pick
from catalogue.use.judging import judge_signature
from catalogue.use.purpose import Purpose
from catalogue.use.reasons import Answer

USE: Final = "use"  # the facet of the three answers, and the parameter that chooses among them
LABELS: Final = in_languages(
    "Can I use it?", "Puis-je l’utiliser ?", "Darf ich es nutzen?", "¿Puedo usarlo?", "Posso usarlo?",
    "Mag ik het gebruiken?",
)  # fmt: skip
ANSWERS: Final = {
    Answer.YES: texts_in(
        "yes, by the conditions stated", "oui, selon les conditions indiquées", "ja, nach den genannten Bedingungen",
        "sí, según las condiciones indicadas", "sì, secondo le condizioni indicate",
        "ja, volgens de vermelde voorwaarden",
    ),
    Answer.ASK: texts_in(
        "ask: the conditions leave it open", "à demander : les conditions ne le disent pas",
        "fragen: die Bedingungen lassen es offen", "preguntar: las condiciones no lo dicen",
        "chiedere: le condizioni non lo dicono", "vragen: de voorwaarden laten het open",
    ),
    Answer.NO: texts_in(
        "no, by the conditions stated", "non, selon les conditions indiquées", "nein, nach den genannten Bedingungen",
        "no, según las condiciones indicadas", "no, secondo le condizioni indicate",
        "nee, volgens de vermelde voorwaarden",
    ),
}  # fmt: skip
_NOTHING: Final = ""  # no dataset has this token


def search(index: SearchIndex, query: Query) -> Page:
    """Answer a query; where a use is in mind, choose by its answers and count them. Raises as `SearchIndex.search`."""
    if not query.purpose:
        return index.search(query)
    counts = index.tallied(replace(query, page=1, cursor=""), CONDITIONS.name)
    page = index.search(_chosen(query, counts))
    if not query.with_facets or (query.counted and USE not in query.counted):
        return page
    return replace(page, facets=(_counted(query, counts), *page.facets))


def _chosen(query: Query, counts: Mapping[str, int]) -> Query:
    """The query whose engine needs to know nothing of answers."""
    counted = tuple(name for name in query.counted if name != USE)
    query = replace(query, counted=counted, with_facets=query.with_facets and bool(counted or not query.counted))
    if not query.answers:
        return query
    tokens = tuple(token for token in sorted(counts) if _answer(token, query.purpose) in query.answers)
    return replace(query, facets={**query.facets, CONDITIONS.name: tokens or (_NOTHING,)})


def _answer(token: str, purpose: Purpose) -> Answer:
    return judge_signature(token, purpose).answer


def _counted(query: Query, counts: Mapping[str, int]) -> FacetCounts:
    sums = dict.fromkeys(Answer, 0)
    for token, count in counts.items():
        sums[_answer(token, query.purpose)] += count
    values = tuple(
        FacetValue(answer.value, _label(answer, query.languages), sums[answer], answer in query.answers)
        for answer in Answer
        if sums[answer] or answer in query.answers
    )
    return FacetCounts(USE, _named(query.languages), "term", values)


def _label(answer: Answer, languages: Sequence[str]) -> str:
    text = pick(ANSWERS[answer], languages)
    return text.value if text else answer.value


def _named(languages: Sequence[str]) -> str:
    return next((LABELS[language] for language in languages if language in LABELS), LABELS["en"])
