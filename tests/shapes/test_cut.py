"""The cut: each record whole, alone and stable."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from sample_records import PREFIXES, by_subject, has, records_of, size

from shapes.cut import Caps, cut
from shapes.parse import Document, read
from shapes.record import Kind, Record, Refusal

# --- what is a record --------------------------------------------------------------------------------------------


def test_datasets_series_services_then_catalogues_in_document_order() -> None:
    found = records_of("""
        :c a dcat:Catalog ; dct:title "c" .
        :w a dcat:DataService ; dct:title "w" .
        :d2 a dcat:Dataset ; dct:title "d2" .
        :s a dcat:DatasetSeries ; dct:title "s" .
        :d1 a dcat:Dataset ; dct:title "d1" .
    """)
    assert [(each.kind, each.subject) for each in found] == [
        (Kind.DATASET, "http://x/d2"),
        (Kind.DATASET, "http://x/d1"),
        (Kind.SERIES, "http://x/s"),
        (Kind.SERVICE, "http://x/w"),
        (Kind.CATALOGUE, "http://x/c"),
    ]


def test_a_resource_of_two_types_is_one_record() -> None:
    found = by_subject("""
        :c a dcat:Dataset, dcat:Catalog ; dct:title "c" .
        :s a dcat:Dataset, dcat:DatasetSeries ; dct:title "s" .
        :d a dcat:Dataset, dcat:DataService, foaf:Document ; dct:title "d" .
    """)
    assert {name: record.kind for name, record in found.items()} == {
        "c": Kind.CATALOGUE,
        "s": Kind.SERIES,
        "d": Kind.DATASET,
    }


def test_what_is_only_mentioned_is_no_record() -> None:
    found = by_subject("""
        :c a dcat:Catalog ; dct:title "c" ; dcat:dataset :typed, :untyped, :stub .
        :typed a dcat:Dataset .
        :stub a dcat:Dataset ; dct:title "stub" .
        :untyped dct:title "no type" .
    """)
    assert set(found) == {"c", "stub"}


def test_a_void_dataset_and_a_fair_data_point_are_no_records() -> None:
    found = by_subject("""
        :fdp a fdp:FAIRDataPoint, dcat:DataService, dcat:Resource ; dct:title "fdp" ; fdp:metadataCatalog :c .
        :v a void:Dataset ; dct:title "dump" .
        :c a dcat:Catalog ; dct:title "c" ; dct:isPartOf :fdp .
    """)
    assert set(found) == {"c"}


def test_identifiers_are_sorted_lexical_forms() -> None:
    record = by_subject(':d a dcat:Dataset ; dct:identifier "b", "a"@en, "7", <http://x/i> .')["d"]
    assert record.identifiers == ("7", "a", "b", "http://x/i")


def test_a_dataset_without_an_iri_is_a_record() -> None:
    found = records_of("""
        :c a dcat:Catalog ; dct:title "c" ; dcat:dataset
          [ a dcat:Dataset ; dct:title "one" ; dct:publisher [ foaf:name "P" ] ],
          [ a dcat:Dataset ; dct:title "two" ; dct:publisher [ foaf:name "P" ] ] .
    """)
    blank = [each for each in found if each.kind is Kind.DATASET]
    assert len(blank) == 2
    for record, title in zip(blank, ("one", "two"), strict=True):
        assert f'{record.subject} <http://purl.org/dc/terms/title> "{title}" .' in record.body.decode()
    assert len({record.digest for record in blank}) == 2


# --- what belongs to a record ------------------------------------------------------------------------------------


def test_a_record_holds_all_it_leads_to_and_nothing_else() -> None:
    found = by_subject("""
        :d a dcat:Dataset ; dct:title "d" ; dct:publisher :org ; dcat:distribution [ dcat:accessURL :u ;
          dct:license :l ] .
        :org foaf:name "Org" ; :partOf :ministry .
        :ministry foaf:name "Ministry" .
        :l a dct:LicenseDocument .
        :e a dcat:Dataset ; dct:title "e" .
        :nobody foaf:name "nobody" .
    """)
    assert size(found["d"]) == 10
    assert has(found["d"], ':ministry foaf:name "Ministry" .')
    assert size(found["e"]) == 2


def test_other_records_enter_as_stubs() -> None:
    found = by_subject("""
        :d a dcat:Dataset ; dct:title "d" ; dcat:inSeries :s ; dct:source :e ; dct:isPartOf :c .
        :e a dcat:Dataset ; dct:title "e" ; dct:identifier "E" ; dct:description "long" ; dct:publisher :p .
        :s a dcat:DatasetSeries ; dct:title "s" ; dct:publisher :p .
        :c a dcat:Catalog ; dct:title "c" ; dct:publisher :p .
        :p foaf:name "P" .
    """)
    d = found["d"]
    assert has(d, ':e a dcat:Dataset ; dct:title "e" ; dct:identifier "E" .')
    assert has(d, ':s a dcat:DatasetSeries ; dct:title "s" .')
    assert has(d, ':c a dcat:Catalog ; dct:title "c" .')
    assert size(d) == 5 + 3 + 2 + 2


def test_a_service_reached_from_a_distribution_enters_whole() -> None:
    found = by_subject("""
        :d a dcat:Dataset ; dct:title "d" ; dcat:distribution [ dcat:accessService :w ] .
        :w a dcat:DataService ; dct:title "w" ; dcat:endpointURL :u ; dcat:contactPoint [ foaf:name "help" ] ;
          dcat:servesDataset :d, :e .
        :e a dcat:Dataset ; dct:title "e" .
    """)
    assert has(found["d"], ":w dcat:endpointURL :u ; dcat:servesDataset :d .")
    assert b'"help"' in found["d"].body
    assert not has(found["d"], ":w dcat:servesDataset :e .")
    assert has(found["w"], ":w dcat:servesDataset :d, :e . :e a dcat:Dataset .")


def test_what_describes_a_dataset_from_outside_belongs_to_it() -> None:
    found = by_subject("""
        :d a dcat:Dataset ; dct:title "d" .
        :c a dcat:Catalog ; dct:title "c" ; dcat:dataset :d ; dcat:record :r .
        :r a dcat:CatalogRecord ; foaf:primaryTopic :d ; dct:modified "2025-01-01" .
        :page a foaf:Document ; foaf:primaryTopic :d .
        :w a dcat:DataService ; dct:title "w" ; dcat:servesDataset :d .
        [] a odrl:Offer ; odrl:assigner :dac ; odrl:permission [ odrl:target :d ; odrl:action odrl:use ] .
        :dac foaf:name "DAC" .
        :m dqv:computedOn :d ; dqv:value 5 .
        :someone :likes :d .
    """)
    d = found["d"]
    assert has(d, ':r a dcat:CatalogRecord ; foaf:primaryTopic :d ; dct:modified "2025-01-01" .')
    assert has(d, ':w a dcat:DataService ; dct:title "w" .')
    assert has(d, ':dac foaf:name "DAC" .')
    assert has(d, ":m dqv:value 5 .")
    assert b"/page>" not in d.body
    assert b"/someone>" not in d.body
    assert has(found["c"], ":c dcat:record :r . :r a dcat:CatalogRecord .")
    assert not has(found["c"], ':r dct:modified "2025-01-01" .')


def test_a_shared_policy_shows_each_dataset_only_its_own_target() -> None:
    found = by_subject("""
        :d a dcat:Dataset ; dct:title "d" ; odrl:hasPolicy :p .
        :e a dcat:Dataset ; dct:title "e" .
        :p a odrl:Offer ; odrl:permission [ odrl:target :d, :e ; :n 1 ], [ odrl:target :e ; :n 2 ] .
    """)
    assert b"XMLSchema#integer" in found["d"].body
    assert b'"2"' not in found["d"].body
    assert b"/e>" not in found["d"].body
    assert b'"1"' in found["e"].body
    assert b'"2"' in found["e"].body


def test_an_embedded_vocabulary_does_not_flow_into_every_record() -> None:
    found = by_subject("""
        :d a dcat:Dataset ; dct:title "d" ; dcat:theme :t1 .
        :t1 a skos:Concept ; skos:prefLabel "one" ; skos:inScheme :scheme ; skos:broader :t2 ; :note [ :text "n" ] .
        :t2 a skos:Concept ; skos:prefLabel "two" .
        :scheme a skos:ConceptScheme ; skos:hasTopConcept :t1, :t2 .
    """)
    assert has(found["d"], ":t1 skos:broader :t2 ; skos:inScheme :scheme .")
    assert b'"n"' in found["d"].body
    assert b'"two"' not in found["d"].body
    assert b"hasTopConcept" not in found["d"].body


def test_a_catalogue_keeps_its_members_as_types_only() -> None:
    found = by_subject("""
        :c a dcat:Catalog ; dct:title "c" ; dct:publisher :p ; dcat:dataset :d, [ a dcat:Dataset ; dct:title "b" ] ;
          dcat:service :w ; dcat:catalog :k .
        :p foaf:name "P" .
        :d a dcat:Dataset ; dct:title "d" ; dct:publisher :p .
        :w a dcat:DataService ; dct:title "w" .
        :k a dcat:Catalog ; dct:title "k" ; dcat:dataset :d .
    """)
    c = found["c"]
    assert has(c, ':p foaf:name "P" . :d a dcat:Dataset . :w a dcat:DataService . :k a dcat:Catalog .')
    assert size(c) == 3 + 4 + 1 + 4
    assert size(found["k"]) == 3 + 1


def test_graph_names_do_not_part_a_description() -> None:
    trig = PREFIXES + ':g1 { :d a dcat:Dataset ; dct:publisher :p } :g2 { :d dct:title "d" . :p foaf:name "P" }'
    found = list(cut(read(Document(trig.encode(), "x.trig", "http://x/"))))
    assert len(found) == 1
    assert isinstance(found[0], Record)
    assert size(found[0]) == 4


def test_loops_end() -> None:
    found = by_subject("""
        :d a dcat:Dataset ; dct:relation :e ; :self :d ; dct:publisher :p . :e a dcat:Dataset ; dct:relation :d .
        :p foaf:knows :q . :q foaf:knows :p .
    """)
    assert size(found["d"]) == 7


def test_triples_are_cut_like_quads() -> None:
    turtle = PREFIXES + ':d a dcat:Dataset ; dct:title "d" .'
    triples = [quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]
    assert [each.subject for each in cut(triples) if isinstance(each, Record)] == ["http://x/d"]


# --- stability ---------------------------------------------------------------------------------------------------


def test_a_dataset_does_not_change_when_another_joins_its_service() -> None:
    before = ':d a dcat:Dataset ; dct:title "d" . :w a dcat:DataService ; dct:title "w" ; dcat:servesDataset :d .'
    after = before + ':e a dcat:Dataset ; dct:title "e" . :w dcat:servesDataset :e .'
    assert by_subject(before)["d"].digest == by_subject(after)["d"].digest


def test_the_order_of_statements_does_not_matter() -> None:
    turtle = ':d a dcat:Dataset ; dct:title "d" ; dct:publisher [ foaf:name "P" ; :at [ :n 1 ], [ :n 2 ] ] .'
    quads = list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))
    (first,), (second,) = cut(quads), cut(reversed(quads))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.body == second.body


def test_work_stays_linear_where_everything_hangs_on_one_service() -> None:
    datasets = "".join(f':d{n} a dcat:Dataset ; dct:title "{n}" ; dct:publisher :p .\n' for n in range(2_000))
    shared = ":w a dcat:DataService ; dct:title 'w' ; dcat:servesDataset " + ", ".join(f":d{n}" for n in range(2_000))
    found = records_of(f"{datasets}{shared} . :p foaf:name 'P' ; foaf:made :d1, :d2, :d3 .")
    assert len(found) == 2_001
    assert sum(map(size, found)) < 25_000


# --- completeness ------------------------------------------------------------------------------------------------


def complete(turtle: str) -> dict[str, bool]:
    found = cut(read(Document((PREFIXES + turtle).encode(), "x.ttl", "http://x/")))
    return {each.subject.removeprefix("http://x/"): each.complete for each in found if isinstance(each, Record)}


TWO = ':d a dcat:Dataset ; dct:title "d" ; dct:publisher :p . :e a dcat:Dataset ; dct:title "e" . :p foaf:name "P" . '


def test_a_whole_document_gives_complete_records() -> None:
    assert complete(TWO) == {"d": True, "e": True}


def test_a_cut_document_gives_incomplete_records() -> None:
    assert complete(TWO + ":e dct:descr") == {"d": False, "e": False}


def test_a_syntax_error_makes_every_record_doubtful() -> None:
    assert complete(TWO + ":e unknown:prefix 1 . :e dct:issued 1 .") == {"d": False, "e": False}


def test_a_malformed_iri_makes_only_the_records_doubtful_that_hold_its_subject() -> None:
    assert complete(TWO + ":p foaf:page <http://a b> .") == {"d": False, "e": True}


def test_a_malformed_subject_makes_every_record_doubtful() -> None:
    assert complete(TWO + "<http://a b> a dcat:Dataset .") == {"d": False, "e": False}


def test_the_caller_may_know_better() -> None:
    reading = read(Document((PREFIXES + TWO).encode(), "x.ttl", "http://x/"))
    assert [each.complete for each in cut(reading, complete=False) if isinstance(each, Record)] == [False, False]


# --- refusals ----------------------------------------------------------------------------------------------------


def test_a_graph_too_entangled_is_refused_and_the_others_come() -> None:
    entangled = " ".join(f"_:n{a} :p _:n{b} ." for a in range(12) for b in range(12) if a != b)
    turtle = f'{PREFIXES} :d a dcat:Dataset ; :p _:n1 . {entangled} :e a dcat:Dataset ; dct:title "e" .'
    refused, kept = cut(read(Document(turtle.encode(), "x.ttl", "http://x/")))
    assert refused == Refusal(
        Kind.DATASET,
        "http://x/d",
        "too-complex",
        "The blank nodes of this graph are too alike and too entangled to be named canonically; give them IRIs",
    )
    assert isinstance(kept, Record)
    assert kept.subject == "http://x/e"


def test_a_description_over_the_cap_is_refused() -> None:
    turtle = PREFIXES + ":d a dcat:Dataset ; :p 1, 2, 3, 4 . :e a dcat:Dataset ; :p 1 ."
    refused, kept = cut(read(Document(turtle.encode(), "x.ttl", "http://x/")), caps=Caps(record=3))
    assert refused == Refusal(Kind.DATASET, "http://x/d", "too-large", "The description has more than 3 statements")
    assert isinstance(kept, Record)


def test_a_document_that_would_multiply_is_stopped() -> None:
    big = ":big " + " ; ".join(f":p{n} {n}" for n in range(50)) + " ."
    turtle = PREFIXES + big + "".join(f":d{n} a dcat:Dataset ; :uses :big ." for n in range(50))
    found = list(cut(read(Document(turtle.encode(), "x.ttl", "http://x/")), caps=Caps(growth=2, free=0)))
    refused = [each for each in found if isinstance(each, Refusal)]
    assert 0 < len(refused) < 50
    assert refused[0].code == "too-large"
    assert refused[0].detail == "The records of this document share so much that cutting it would multiply it"


# --- real catalogues ---------------------------------------------------------------------------------------------


def records_in(path: Path) -> list[Record]:
    found = list(cut(read(Document(path.read_bytes(), str(path), "http://x/"))))
    assert all(isinstance(each, Record) for each in found)
    return [each for each in found if isinstance(each, Record)]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("node-a-sciensano-2025-04-13.ttl", {Kind.DATASET: 146, Kind.CATALOGUE: 1}),
        ("node-b-health-authorities-2025-04-13.rdf", {Kind.DATASET: 76, Kind.SERVICE: 2, Kind.CATALOGUE: 1}),
        ("node-c-other-2025-04-13.jsonld", {Kind.DATASET: 267, Kind.SERVICE: 4, Kind.CATALOGUE: 1}),
    ],
)
def test_the_real_health_nodes_are_cut(shared_data: Path, name: str, counts: dict[Kind, int]) -> None:
    found = records_in(shared_data / "real-be-health" / name)
    assert Counter(each.kind for each in found) == counts
    assert all(each.complete and len(each.identifiers) == 1 for each in found if each.kind is Kind.DATASET)
    for each in found:
        assert len(each.graph()) == size(each)


def test_every_iri_of_node_a_changes_between_two_exports_and_every_identifier_stays(shared_data: Path) -> None:
    old, new = (
        [each for each in records_in(shared_data / "real-be-health" / f"node-a-sciensano-{day}.ttl")
         if each.kind is Kind.DATASET]
        for day in ("2025-02-09", "2025-04-13")
    )  # fmt: skip
    assert not {each.subject for each in old} & {each.subject for each in new}
    assert {each.identifiers for each in old} == {each.identifiers for each in new}


def test_the_ugly_real_file_is_cut_without_a_refusal(shared_data: Path) -> None:
    counts = Counter(each.kind for each in records_in(shared_data / "ugly-real" / "be-ugly.nt"))
    assert counts == {Kind.DATASET: 60, Kind.SERVICE: 1, Kind.CATALOGUE: 1}


def test_the_dac_example_keeps_committee_policy_and_attribution_in_one_record(shared_data: Path) -> None:
    (record,) = records_in(shared_data / "examples-dac" / "gdi-dataset-with-dac.ttl")
    predicates = {line.split()[1] for line in record.body.decode().splitlines()}
    assert {"<http://www.w3.org/ns/odrl/2/assigner>", "<http://www.w3.org/ns/prov#agent>"} <= predicates
