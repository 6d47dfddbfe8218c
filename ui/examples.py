"""Example queries: the questions this catalogue exists for. The editor offers them, a test runs each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from shapes.vocabulary import GDIX, PREFIXES

_NAMES: Final = re.compile(r"\b([a-z]+):(?=[A-Za-z_])")
_CALLED: Final = re.compile(r"\bgdix:(\w+)\(")


@dataclass(frozen=True, slots=True)
class Example:
    """A question in words and as SPARQL; `body` is the query without the prefixes it uses."""

    question: str
    body: str

    @property
    def query(self) -> str:
        """The whole query, which other programs understand as well."""
        used = sorted(set(_NAMES.findall(self.body)) & PREFIXES.keys())
        return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in used) + "\n" + self.body

    @property
    def extensions(self) -> frozenset[str]:
        """The IRIs of aggregates it calls that are not SPARQL's own: not every store has them."""
        return frozenset(GDIX[name] for name in _CALLED.findall(self.body))


EXAMPLES: Final = (
    Example(
        "Which datasets, whose committee is in Finland or Estonia, may be used for research that is not for profit?",
        """\
# Every permission of the Data Use Ontology lets non-profit research in; a dataset without one publishes no conditions.
SELECT ?dataset (SAMPLE(?title) AS ?name) ?country (SAMPLE(?called) AS ?decider)
       (GROUP_CONCAT(DISTINCT STRAFTER(STR(?condition), "obo/"); separator=" ") AS ?conditions)
WHERE {
  VALUES ?country { "FI" "EE" }
  VALUES ?permission { obo:DUO_0000004 obo:DUO_0000006 obo:DUO_0000007 obo:DUO_0000011 obo:DUO_0000042 }
  ?committee gdix:country ?country ; foaf:name ?called .
  ?dataset gdix:decidedBy ?committee ; a dcat:Dataset ; dct:title ?title ; gdix:condition ?permission, ?condition .
}
GROUP BY ?dataset ?country
ORDER BY ?country ?dataset
""",
    ),
    Example(
        "How many datasets of each node have no deciding body?",
        """\
SELECT ?node (SAMPLE(?called) AS ?name) (COUNT(DISTINCT ?dataset) AS ?datasets)
WHERE {
  ?dataset a dcat:Dataset .
  ?record foaf:primaryTopic ?dataset ; gdix:node ?node .
  ?node dct:title ?called .
  FILTER NOT EXISTS { ?dataset gdix:decidedBy ?committee }
}
GROUP BY ?node
ORDER BY DESC(?datasets) ?node
""",
    ),
    Example(
        "How many people does a dataset of each health category have, in the middle?",
        """\
SELECT ?category (SAMPLE(?label) AS ?name) (COUNT(?people) AS ?datasets) (gdix:median(?people) AS ?median)
WHERE {
  { SELECT DISTINCT ?dataset ?category ?people WHERE {
      ?dataset a dcat:Dataset ; healthdcatap:healthCategory ?category ; healthdcatap:numberOfUniqueIndividuals ?people .
  } }
  OPTIONAL { ?category skos:prefLabel ?label FILTER(LANG(?label) = "en") }
}
GROUP BY ?category
ORDER BY DESC(?median) ?category
""",
    ),
    Example(
        "Which node said what, in which run?",
        """\
SELECT ?node ?run ?started ?dataset (COUNT(*) AS ?statements)
WHERE {
  GRAPH ?said { ?dataset a dcat:Dataset . ?subject ?property ?value }
  ?said prov:wasAttributedTo ?node ; prov:wasGeneratedBy ?run .
  OPTIONAL { ?run prov:startedAtTime ?started }
}
GROUP BY ?node ?run ?started ?dataset
ORDER BY ?node DESC(?started) ?dataset
LIMIT 200
""",
    ),
    Example(
        "What was withdrawn since the beginning of 2026?",
        """\
# Withdrawn records stand in a graph of their own, …/graph/history, and nowhere else.
SELECT ?when ?node ?topic ?page
WHERE {
  GRAPH ?history {
    ?record prov:invalidatedAtTime ?when ; foaf:primaryTopic ?topic ; foaf:page ?page ; gdix:node ?node .
  }
  FILTER(?when >= "2026-01-01T00:00:00Z"^^xsd:dateTime)
}
ORDER BY DESC(?when) ?topic
LIMIT 200
""",
    ),
    Example(
        "How good are the descriptions of each node, on average?",
        """\
SELECT ?node (SAMPLE(?called) AS ?name) (COUNT(?percent) AS ?datasets) (ROUND(AVG(?percent)) AS ?completeness)
WHERE {
  ?record gdix:node ?node ; dqv:hasQualityMeasurement ?measurement .
  ?measurement dqv:isMeasurementOf gdix:completenessScore ; dqv:value ?percent .
  ?node dct:title ?called .
}
GROUP BY ?node
ORDER BY DESC(?completeness)
""",
    ),
    Example(
        "Which committee decides on which dataset, and how do we know?",
        """\
SELECT ?dataset (SAMPLE(?title) AS ?name) ?committee (SAMPLE(?called) AS ?decider) ?method
WHERE {
  ?dataset a dcat:Dataset ; dct:title ?title ; gdix:decidedBy ?committee .
  ?committee foaf:name ?called .
  ?link gdix:dataset ?dataset ; gdix:body ?committee ; gdix:method ?method .
}
GROUP BY ?dataset ?committee ?method
ORDER BY ?dataset
LIMIT 100
""",
    ),
    Example(
        "How many datasets does each committee govern?",
        """\
SELECT ?committee (SAMPLE(?called) AS ?name) (COUNT(DISTINCT ?dataset) AS ?datasets)
WHERE {
  ?dataset a dcat:Dataset ; gdix:decidedBy ?committee .
  ?committee foaf:name ?called .
}
GROUP BY ?committee
ORDER BY DESC(?datasets)
""",
    ),
    Example(
        "Which datasets have no deciding body published?",
        """\
SELECT ?node ?dataset (SAMPLE(?title) AS ?name)
WHERE {
  ?dataset a dcat:Dataset ; dct:title ?title .
  ?record foaf:primaryTopic ?dataset ; gdix:node ?node .
  FILTER NOT EXISTS { ?dataset gdix:decidedBy ?committee }
}
GROUP BY ?node ?dataset
ORDER BY ?node ?dataset
LIMIT 200
""",
    ),
    Example(
        "Controlled datasets of rare diseases, with the number of people in them",
        """\
SELECT ?dataset (SAMPLE(?title) AS ?name) (MAX(?people) AS ?individuals)
WHERE {
  ?dataset a dcat:Dataset ; dct:title ?title ;
           dct:accessRights <http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC> .
  { ?dataset dcat:keyword ?word FILTER(CONTAINS(LCASE(STR(?word)), "rare")) }
  UNION
  { ?dataset dct:title ?word FILTER(CONTAINS(LCASE(STR(?word)), "rare")) }
  OPTIONAL { ?dataset healthdcatap:numberOfUniqueIndividuals ?people }
}
GROUP BY ?dataset
ORDER BY DESC(?individuals)
""",
    ),
    Example(
        "How many datasets does each node list, and how many break its profile?",
        """\
SELECT ?node (COUNT(DISTINCT ?dataset) AS ?datasets) (COUNT(?count) AS ?withViolations)
WHERE {
  ?dataset a dcat:Dataset .
  ?record foaf:primaryTopic ?dataset ; gdix:node ?node .
  OPTIONAL {
    ?record dqv:hasQualityMeasurement [ dqv:isMeasurementOf gdix:violations ; dqv:value ?count ] .
    FILTER(?count > 0)
  }
}
GROUP BY ?node
ORDER BY DESC(?datasets)
""",
    ),
    Example(
        "Which datasets are described least well, by completeness?",
        """\
SELECT ?dataset (SAMPLE(?title) AS ?name) ?percent ?node
WHERE {
  ?record foaf:primaryTopic ?dataset ; gdix:node ?node ; dqv:hasQualityMeasurement ?measurement .
  ?measurement dqv:isMeasurementOf gdix:completenessScore ; dqv:value ?percent .
  ?dataset a dcat:Dataset ; dct:title ?title .
}
GROUP BY ?dataset ?percent ?node
ORDER BY ?percent
LIMIT 50
""",
    ),
    Example(
        "What the harvests did: the latest runs of every node",
        """\
SELECT ?node ?run ?started ?outcome ?seen ?changed
WHERE {
  ?run a prov:Activity ; prov:used ?node ; prov:startedAtTime ?started ; gdix:outcome ?outcome ;
       gdix:seen ?seen ; gdix:changed ?changed .
}
ORDER BY DESC(?started)
LIMIT 50
""",
    ),
)
