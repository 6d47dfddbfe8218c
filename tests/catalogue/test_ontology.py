"""Our vocabulary: whole, published as OWL and SKOS, and the same in the table, the code, the page and the docs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from catalogue.dac.committee import Confidence, DeciderStatus, Method
from catalogue.dac.systems import SystemKind
from catalogue.journal.run import Outcome
from catalogue.ontology.model import Sort
from catalogue.ontology.publish import ontology
from catalogue.ontology.schemes import SCHEMES
from catalogue.ontology.terms import GROUPS, TERMS
from catalogue.store.graphs import METRICS
from harvester.source import Stage
from shapes.checks import of_delivery, of_record
from shapes.vocabulary import GDIX, expand

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("ui", "catalogue", "harvester", "shapes")
SHAPES = (re.compile(r"\bGDIX\.(\w+)"), re.compile(r'\bGDIX\["(\w+)"\]'), re.compile(r"\bgdix:(\w+)"))
OF_THE_NAMESPACE = {"base"}  # of the class Namespace, not of the vocabulary


def _said() -> Iterator[tuple[str, str]]:
    """Every term named in code, data and templates, with the file that names it."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*")):
            if path.suffix not in {".py", ".toml", ".ttl", ".tsv", ".html"} or not path.is_file():
                continue
            text = path.read_text("utf-8")
            yield from ((name, str(path.relative_to(ROOT))) for shape in SHAPES for name in shape.findall(text))


def test_every_term_named_anywhere_is_a_row_of_the_table() -> None:
    unknown = {(name, place) for name, place in _said() if name not in TERMS and name not in OF_THE_NAMESPACE}
    assert unknown == set(), "add a row to catalogue/ontology and to docs/vocabulary.md"


def test_what_is_only_made_while_running_is_in_the_table_too() -> None:
    made = {*METRICS.values(), *of_record, *of_delivery}
    assert made - TERMS.keys() == set()


def test_the_page_of_the_documentation_has_the_same_terms() -> None:
    page = (ROOT / "docs" / "vocabulary.md").read_text("utf-8")
    listed = {name for line in page.splitlines() if line.startswith("| `") for name in re.findall(r"gdix:(\w+)", line)}
    assert (TERMS.keys() - listed, listed - TERMS.keys()) == (set(), set())


@pytest.mark.parametrize(
    ("scheme", "values"),
    [
        ("DecisionStatus", [each.value for each in DeciderStatus]),
        ("DecisionMethod", [each.value for each in Method]),
        ("Confidence", [each.value for each in Confidence]),
        ("SystemKind", [each.value for each in SystemKind]),
        ("Stage", [each.value for each in Stage]),
        ("Outcome", [each.value for each in Outcome]),
    ],
)
def test_a_list_of_values_is_that_of_the_code(scheme: str, values: list[str]) -> None:
    (found,) = [each for each in SCHEMES if each.name == scheme]
    assert [value for value, _ in found.values] == values
    assert found.of in TERMS


def test_no_term_is_there_twice_and_each_has_words() -> None:
    names = [term.name for group in GROUPS for term in group.terms]
    assert len(names) == len(set(names))
    assert [t.name for t in TERMS.values() if not t.label or not t.definition.endswith(".")] == []
    prefixed = [name for t in TERMS.values() for name in (t.domain, t.range, t.parent) if name]
    assert [name for name in prefixed if expand(name) == name] == []


def test_what_is_published_is_owl_and_skos() -> None:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in ontology())
    prefixes = {
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "gdix": GDIX.base,
    }
    unlabelled = """SELECT ?term { ?term a ?type FILTER(STRSTARTS(STR(?term), STR(gdix:)))
        FILTER NOT EXISTS { ?term rdfs:label|skos:prefLabel ?l ; skos:definition ?d } }"""
    assert list(store.query(unlabelled, prefixes=prefixes)) == []  # type: ignore[arg-type]
    assert bool(store.query("ASK { gdix:decidedBy a owl:ObjectProperty ; rdfs:range ?r }", prefixes=prefixes))
    stand_in = 'ASK { ?c a skos:Concept ; skos:notation "stand-in" ; skos:inScheme gdix:DecisionStatus }'
    assert bool(store.query(stand_in, prefixes=prefixes))
    properties = sum(term.sort in {Sort.LINK, Sort.VALUE} for term in TERMS.values())
    counted = "SELECT (COUNT(*) AS ?n) { ?p a ?t FILTER(?t IN (owl:ObjectProperty, owl:DatatypeProperty)) }"
    assert [row["n"].value for row in store.query(counted, prefixes=prefixes)] == [str(properties)]  # type: ignore[union-attr]
