"""What the access graph says of a dataset, and what it must not say."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
from turtle_records import DATASET, NODE, dataset

from catalogue.dac.access_graph import access_triples, committee_triples
from catalogue.dac.committee import Access, Committee
from catalogue.dac.registry import Registry
from catalogue.dac.resolve import resolve
from catalogue.text import Text
from shapes.graph import RecordGraph
from shapes.vocabulary import CV, DCAT, FOAF, GDIX, OWL, RDF

ME = ox.NamedNode(DATASET)


def iri_of(committee: str) -> str:
    return f"https://catalogue.example/dac/{committee}"


def said(access: Access) -> RecordGraph:
    return RecordGraph(access_triples(DATASET, access, iri_of))


def of(statements: str, more: str = "") -> RecordGraph:
    return said(resolve(dataset(statements, more), NODE, Registry()))


def test_a_deciding_body_is_one_step_from_the_dataset_and_described() -> None:
    graph = of(
        "prov:qualifiedAttribution [ prov:agent :dac ; dcat:hadRole gdix:DataAccessCommittee ]",
        ':dac foaf:name "Committee of X"@en ; cv:contactPoint [ cv:email "dac@x.example" ] .',
    )
    body = graph.value(ME, GDIX.decidedBy)
    assert isinstance(body, ox.NamedNode)
    assert body.value.startswith("https://catalogue.example/dac/")
    assert GDIX.DataAccessCommittee in graph.types(body)
    assert graph.value(body, FOAF.name) == ox.Literal("Committee of X", language="en")
    assert graph.value(body, OWL.sameAs) == ox.NamedNode("https://node.example/dac")
    contact = graph.value(body, CV.contactPoint)
    assert isinstance(contact, ox.NamedNode)
    assert graph.value(contact, CV.email) == ox.Literal("dac@x.example")


def test_every_link_says_role_rule_and_evidence() -> None:
    graph = of('dcat:contactPoint [ vcard:fn "DAC of X" ]')
    (link,) = graph.subjects(GDIX.dataset, ME)
    assert GDIX.AccessLink in graph.types(link)
    assert graph.value(link, GDIX.body) == graph.value(ME, GDIX.decidedBy)
    assert graph.value(link, DCAT.hadRole) == ox.NamedNode(GDIX.DataAccessCommittee)
    assert graph.value(link, GDIX.method) == ox.Literal("contact-name")
    assert graph.value(link, GDIX.evidence) == ox.Literal('dcat:contactPoint is called "DAC of X".', language="en")
    assert graph.value(ME, GDIX.decisionStatus) == ox.Literal("rule")


def test_a_stand_in_decides_nothing() -> None:
    graph = of('healthdcatap:hdab [ foaf:name "HDAB" ]')
    assert graph.values(ME, GDIX.decidedBy) == ()
    assert graph.value(ME, GDIX.accessBody) is not None
    assert graph.value(ME, GDIX.decisionStatus) == ox.Literal("stand-in")


def test_no_answer_is_said_with_its_reason() -> None:
    graph = of("")
    assert graph.value(ME, GDIX.decisionStatus) == ox.Literal("none")
    assert graph.value(ME, GDIX.decisionEvidence) == ox.Literal("The node publishes no deciding body.", language="en")
    assert graph.value(ME, GDIX.decisionConfidence) == ox.Literal("none")
    assert len(graph) == 4


def test_values_that_cannot_be_rdf_are_left_out_and_stop_nothing() -> None:
    committee = Committee("x", (Text("X", "not a tag"),), homepage="no iri", iri="also none", confirmed="2026-01-31")
    graph = RecordGraph(committee_triples(committee, iri_of("x")))
    node = ox.NamedNode(iri_of("x"))
    assert graph.value(node, FOAF.name) == ox.Literal("X")
    assert graph.values(node, FOAF.homepage) == graph.values(node, OWL.sameAs) == ()


def test_the_triples_hold_no_blank_node_so_that_two_runs_are_equal() -> None:
    statements = 'healthdcatap:hdab [ foaf:name "HDAB" ; cv:contactPoint [ cv:email "h@x.example" ] ]'
    triples = list(of(statements))
    assert not any(isinstance(term, ox.BlankNode) for each in triples for term in (each.subject, each.object))
    assert set(triples) == set(of(statements))
    assert any(each.predicate.value == RDF.type for each in triples)


def test_every_term_of_ours_is_documented() -> None:
    root = Path(__file__).resolve().parents[2]
    used = {
        term
        for file in (root / "catalogue").rglob("*.py")
        for term in re.findall(r"\bGDIX\.(\w+)", file.read_text("utf-8"))
        if term != "base"
    }
    page = (root / "docs" / "vocabulary.md").read_text("utf-8")
    assert {term for term in used if f"`gdix:{term}`" not in page} == set()
