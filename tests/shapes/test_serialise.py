"""What we write can be read again, is the same each time, and is pleasant to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld

from shapes.canonical import canonicalise
from shapes.cut import cut
from shapes.errors import Hostile, Inexpressible
from shapes.jsonld import CONTEXT_IRI, bundled_document
from shapes.media import JSONLD, NQUADS, NTRIPLES, RDFXML, SYNTAXES, TRIG, TURTLE, Syntax
from shapes.parse import Document, read
from shapes.record import Record
from shapes.serialise import bundled_only, jsonld, serialise
from shapes.vocabulary import PREFIXES

EXAMPLE = """
<http://x/d> a dcat:Dataset ; dct:title "Genomes"@en, "G\u00e9nomes"@fr-t-en, "bare" ; dcat:theme <http://x/t> ;
  healthdcatap:numberOfRecords "5"^^xsd:nonNegativeInteger ; dct:issued "2025-01-01"^^xsd:date ;
  dcat:distribution [ a dcat:Distribution ; dcat:accessURL <http://x/u> ; dct:publisher <http://x/p> ] ;
  dct:publisher <http://x/p> ; dct:type <http://x/k> .
<http://x/p> a foaf:Agent ; foaf:name "P"@en .
<http://x/r> a dcat:CatalogRecord ; foaf:primaryTopic <http://x/d> .
"""


def parsed(turtle: str) -> list[ox.Triple]:
    prefixes = "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())
    return [quad.triple for quad in ox.parse(prefixes + turtle, format=ox.RdfFormat.TURTLE)]


def again(data: bytes, syntax: Syntax) -> tuple[bytes, str]:
    reading = read(Document(data, "again", "http://never.example/", syntax))
    form = canonicalise(quad.triple for quad in reading)
    assert reading.complete
    return form


NAMES = [
    "http://a/b",
    "http://x/\u00e9?b=c&d=e#f",
    "time:now",
    "http://purl.org/dc/terms/title",
    "http://www.w3.org/ns/dcat#theme",
    "http://www.w3.org/ns/dcat#byteSize",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#_1",
]
# As properties, RDF/XML has no way to write these.
NO_XML_NAMES = ["http://a/", "http://x/2020", "urn:a:1", "http://www.w3.org/1999/02/22-rdf-syntax-ns#li"]
DATATYPES = [
    "http://www.w3.org/2001/XMLSchema#date",
    "http://www.w3.org/2001/XMLSchema#nonNegativeInteger",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral",
    "http://x/datatype",
]
NO_XML_CHARACTERS = "".join(chr(code) for code in range(32) if chr(code) not in "\t\n\r") + "\ufffe\uffff"


def graphs(properties: list[str], no_characters: str) -> st.SearchStrategy[list[ox.Triple]]:
    texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=no_characters), max_size=8)
    iris = st.sampled_from(NAMES + NO_XML_NAMES).map(ox.NamedNode)
    nodes = st.one_of(iris, st.sampled_from("abcd").map(ox.BlankNode))
    literals = st.one_of(
        texts.map(ox.Literal),
        st.builds(lambda text, tag: ox.Literal(text, language=tag), texts, st.sampled_from(["en", "fr-t-nl"])),
        st.builds(lambda text, iri: ox.Literal(text, datatype=ox.NamedNode(iri)), texts, st.sampled_from(DATATYPES)),
    )
    named = st.sampled_from(properties).map(ox.NamedNode)
    return st.lists(st.builds(ox.Triple, nodes, named, st.one_of(nodes, literals)), min_size=1, max_size=10)


@pytest.mark.parametrize("syntax", [each for each in SYNTAXES if each is not RDFXML], ids=lambda syntax: syntax.name)
@settings(deadline=None)
@given(graph=graphs(NAMES + NO_XML_NAMES, ""), rooted=st.booleans())
def test_any_graph_is_the_same_graph_when_read_again(syntax: Syntax, graph: list[ox.Triple], rooted: bool) -> None:  # noqa: FBT001 - drawn
    subject = graph[0].subject
    name = subject.value if isinstance(subject, ox.NamedNode) else str(subject)
    written = serialise(graph, syntax, name if rooted else None)
    assert again(written, syntax) == canonicalise(graph)


@settings(deadline=None)
@given(graphs(NAMES, NO_XML_CHARACTERS))
def test_what_rdfxml_can_hold_it_holds(graph: list[ox.Triple]) -> None:
    # An element takes its name from a type; where that cannot be one, another statement has to stand beside it.
    graph += [ox.Triple(triple.subject, ox.NamedNode(NAMES[0]), ox.Literal("beside")) for triple in graph]
    assert again(serialise(graph, RDFXML), RDFXML) == canonicalise(graph)


def test_a_type_that_is_no_xml_name_is_written_as_a_property() -> None:
    written = serialise(parsed('<http://x/a> a <http://x/2020> ; dct:title "t" .'), RDFXML).decode()
    assert '<rdf:type rdf:resource="http://x/2020"/>' in written
    with pytest.raises(Inexpressible, match="This graph cannot be written as RDF/XML"):
        serialise(parsed("<http://x/a> a <http://x/> ."), RDFXML)


@pytest.mark.parametrize("name", NO_XML_NAMES)
def test_rdfxml_says_which_property_it_cannot_write(name: str) -> None:
    with pytest.raises(Inexpressible) as caught:
        serialise(parsed(f"<http://x/a> <{name}> 1 ."), RDFXML)
    assert caught.value.detail == f"RDF/XML has no way to write the property <{name}>; any other syntax has"


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.name)
def test_the_same_graph_gives_the_same_bytes(syntax: Syntax) -> None:
    graph = parsed(EXAMPLE)
    assert len({serialise(graph, syntax, "http://x/d") for _ in range(5)}) == 1


def test_turtle_has_only_the_prefixes_it_uses_sorted_and_starts_with_the_root() -> None:
    lines = serialise(parsed(EXAMPLE), TURTLE, "http://x/d").decode().splitlines()
    assert [line.split()[1] for line in lines if line.startswith("@prefix")] == [
        "dcat:",
        "dct:",
        "foaf:",
        "healthdcatap:",
        "rdf:",
        "xsd:",
    ]
    assert lines[7] == "<http://x/d> a dcat:Dataset ;"


def test_trig_and_nquads_are_written_in_the_default_graph() -> None:
    graph = parsed('<http://x/a> dct:title "t" .')
    assert serialise(graph, NQUADS) == serialise(graph, NTRIPLES)
    assert b'<http://x/a> dct:title "t" .' in serialise(graph, TRIG)


def test_rdfxml_shows_where_it_cannot_hold_a_character() -> None:
    written = serialise(parsed('<http://x/a> dct:title "a\\u0001b"@en .'), RDFXML).decode()
    assert ">a\ufffdb</dct:title>" in written


# --- JSON-LD -----------------------------------------------------------------------------------------------------


def tree(turtle: str, root: str | None) -> Any:
    return jsonld(parsed(turtle), root)


def test_jsonld_is_nested_from_the_root_and_compact() -> None:
    document = tree(EXAMPLE, "http://x/d")
    dataset, record = document["@graph"]
    assert dataset == {
        "@id": "http://x/d",
        "@type": "Dataset",
        "title": {"en": "Genomes", "fr-t-en": "G\u00e9nomes", "@none": "bare"},
        "theme": "http://x/t",
        "numberOfRecords": "5",
        "issued": {"@type": "xsd:date", "@value": "2025-01-01"},
        "distribution": {"@type": "Distribution", "accessURL": "http://x/u", "publisher": "http://x/p"},
        "publisher": {"@id": "http://x/p", "@type": "Agent", "name": {"en": "P"}},
        "dct:type": {"@id": "http://x/k"},
    }
    assert record == {"@id": "http://x/r", "@type": "CatalogRecord", "primaryTopic": "http://x/d"}


def test_jsonld_of_one_tree_is_one_object() -> None:
    document = tree('<http://x/d> dct:publisher [ foaf:name "P"@en ] .', "http://x/d")
    assert document["@id"] == "http://x/d"
    assert document["publisher"] == {"name": {"en": "P"}}
    assert "@graph" not in document


def test_jsonld_carries_the_part_of_the_context_it_uses() -> None:
    document = tree('<http://x/d> dcat:byteSize "5"^^xsd:nonNegativeInteger .', "http://x/d")
    assert document == {
        "@context": {
            "@version": 1.1,
            "dcat": "http://www.w3.org/ns/dcat#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
            "byteSize": {"@id": "dcat:byteSize", "@type": "xsd:nonNegativeInteger"},
        },
        "@id": "http://x/d",
        "byteSize": "5",
    }


def test_jsonld_may_start_at_a_blank_node() -> None:
    document = tree('_:d a dcat:Dataset ; dct:publisher _:p . _:p foaf:name "P"@en .', None)
    assert document["@type"] == "Dataset"
    assert document["publisher"] == {"name": {"en": "P"}}


def test_a_blank_node_named_twice_keeps_its_label() -> None:
    document = tree('<http://x/d> dct:publisher _:p ; dct:creator _:p . _:p foaf:name "P"@en .', "http://x/d")
    assert document["publisher"] == {"@id": document["creator"], "name": {"en": "P"}}
    assert document["creator"].startswith("_:")


def test_a_very_long_chain_is_written_beside_not_inside() -> None:
    chain = " ".join(f'_:n{n} dct:relation _:n{n + 1} ; dct:identifier "{n}" .' for n in range(500))
    graph = parsed(chain)
    written = serialise(graph, JSONLD, None)
    assert again(written, JSONLD) == canonicalise(graph)


def test_a_dataset_of_six_thousand_variables_is_written() -> None:
    columns = ", ".join(
        f'[ a csvw:Column ; csvw:name "v{n}" ; dct:description "Variable {n}"@en ]' for n in range(6_154)
    )
    graph = parsed(f"<http://x/d> healthdcatap:hasVariables [ csvw:table [ csvw:column {columns} ] ] .")
    document: Any = json.loads(serialise(graph, JSONLD, "http://x/d"))
    assert len(document["hasVariables"]["csvw:table"]["csvw:column"]) == 6_154


def test_the_bundled_context_has_every_prefix_of_ours_and_is_valid() -> None:
    document = bundled_document(CONTEXT_IRI)
    assert document is not None
    context: Any = document["@context"]
    assert PREFIXES.items() <= context.items()
    expanded = pyld.expand({"@context": CONTEXT_IRI, "title": {"en": "t"}}, {"documentLoader": bundled_only})
    assert expanded == [{"http://purl.org/dc/terms/title": [{"@language": "en", "@value": "t"}]}]


def test_no_other_context_is_loaded() -> None:
    with pytest.raises(Hostile, match=r"The remote context https://example\.org/context is not bundled"):
        bundled_only("https://example.org/context")


# --- real records ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "shapes-healthdcat-ap-r8/examples/example-healthdcat-dataset.ttl",
        "shapes-healthdcat-ap-r8/examples/ARCA.ttl",
        "examples-dac/gdi-dataset-with-dac.ttl",
        "real-govdata-de/bremen-catalog-original-input.rdf",
        "ugly-real/be-ugly.nt",
    ],
)
def test_real_records_survive_every_syntax(shared_data: Path, name: str) -> None:
    path = shared_data / name
    records = [each for each in cut(read(Document(path.read_bytes(), name, "http://x/"))) if isinstance(each, Record)]
    assert records
    for record in records[:40]:
        graph = list(record.graph())
        for syntax in SYNTAXES:
            assert again(serialise(graph, syntax, record.subject), syntax) == (record.body, record.digest)
