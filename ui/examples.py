"""Example queries: the questions this catalogue exists for. The editor offers them, a test runs each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Example:
    """A question in words and as SPARQL."""

    question: str
    query: str


EXAMPLES: Final = (
    Example(
        "Which committee decides on which dataset, and how do we know?",
        """\
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX gdix: <https://w3id.org/gdi-catalogue/ns#>

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
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX gdix: <https://w3id.org/gdi-catalogue/ns#>

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
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX gdix: <https://w3id.org/gdi-catalogue/ns#>

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
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX health: <http://healthdataportal.eu/ns/health#>

SELECT ?dataset (SAMPLE(?title) AS ?name) (MAX(?people) AS ?individuals)
WHERE {
  ?dataset a dcat:Dataset ; dct:title ?title ;
           dct:accessRights <http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC> .
  { ?dataset dcat:keyword ?word FILTER(CONTAINS(LCASE(STR(?word)), "rare")) }
  UNION
  { ?dataset dct:title ?word FILTER(CONTAINS(LCASE(STR(?word)), "rare")) }
  OPTIONAL { ?dataset health:numberOfUniqueIndividuals ?people }
}
GROUP BY ?dataset
ORDER BY DESC(?individuals)
""",
    ),
    Example(
        "How many datasets does each node list, and how many break its profile?",
        """\
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dqv: <http://www.w3.org/ns/dqv#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX gdix: <https://w3id.org/gdi-catalogue/ns#>

SELECT ?node (COUNT(DISTINCT ?dataset) AS ?datasets) (COUNT(DISTINCT ?broken) AS ?withViolations)
WHERE {
  ?dataset a dcat:Dataset .
  ?record foaf:primaryTopic ?dataset ; gdix:node ?node .
  OPTIONAL {
    ?record dqv:hasQualityMeasurement [ dqv:isMeasurementOf gdix:violations ; dqv:value ?count ] .
    FILTER(?count > 0)
    BIND(?dataset AS ?broken)
  }
}
GROUP BY ?node
ORDER BY DESC(?datasets)
""",
    ),
    Example(
        "Which datasets are described least well, by completeness?",
        """\
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX dqv: <http://www.w3.org/ns/dqv#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX gdix: <https://w3id.org/gdi-catalogue/ns#>

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
PREFIX gdix: <https://w3id.org/gdi-catalogue/ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>

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
