"""The questions: typical ones, each time about something else, and hostile ones, which never end."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

_THEMES: Final = ("ENVI", "GOVE", "INTR", "TRAN", "JUST", "ENER", "SOCI", "REGI", "AGRI", "TECH", "ECON", "EDUC")
_RIGHTS: Final = ("NON_PUBLIC", "RESTRICTED", "PUBLIC")
_EU: Final = "http://publications.europa.eu/resource/authority"

JOIN: Final = """SELECT ?dataset ?title ?committee ?name {{
  ?dataset dcat:theme <{eu}/data-theme/{theme}> ; dct:accessRights <{eu}/access-right/{right}> ;
    healthdcatap:numberOfUniqueIndividuals ?people ; gdix:decidedBy ?committee ; dct:title ?title .
  ?committee foaf:name ?name .
  FILTER(?people >= {people})
}} ORDER BY ?dataset STR(?title) STR(?name) LIMIT 100"""
COUNT: Final = """SELECT ?committee (COUNT(DISTINCT ?dataset) AS ?datasets) {{
  ?dataset dct:accessRights <{eu}/access-right/{right}> ; dcat:theme <{eu}/data-theme/{theme}> ;
    gdix:decidedBy ?committee ; healthdcatap:numberOfUniqueIndividuals ?people . FILTER(?people >= {people})
}} GROUP BY ?committee ORDER BY ?committee"""
ONE: Final = """SELECT ?property ?value {{ ?dataset gdix:decidedBy ?committee ; a dcat:Dataset ;
  healthdcatap:numberOfUniqueIndividuals {people} ; ?property ?value }}"""
KINDS: Final = {
    "datasets and who decides, filtered": JOIN,
    "count by committee, filtered": COUNT,
    "all that is said of a few datasets": ONE,
}

HOSTILE: Final = {
    "cross product, counted": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "cross product, ordered": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "cross product, all rows": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "cross product, distinct": "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "every path": "SELECT (COUNT(*) AS ?n) { ?a (<x:x>|!<x:x>|^<x:x>)* ?b }",
}


def questions(kind: str, count: int, seed: int) -> Iterator[str]:
    """Yield questions of a kind, none twice."""
    random = Random(f"{kind} {seed}")  # noqa: S311 - a corpus of questions, no secret
    asked: set[str] = set()
    while len(asked) < count:
        theme, right = random.choice(_THEMES), random.choice(_RIGHTS)
        text = KINDS[kind].format(eu=_EU, theme=theme, right=right, people=random.randrange(10, 3000))
        if text not in asked:
            asked.add(text)
            yield text
