"""What is lost of a broken document is little, named with its place, and never made up."""

from __future__ import annotations

import json

import pytest
from sample_documents import END_IS_MISSING, PREFIX, RDF, reading, whole

from shapes.errors import NotRdf
from shapes.media import JSONLD, RDFXML
from shapes.parse import Defect, Document, Limits, read

# --- going on after an error ------------------------------------------------------------------------------------------


def test_reading_goes_on_after_an_undeclared_prefix() -> None:
    found, result = reading(PREFIX + 'ex:a ex:b ex:c .\nex:d dct:title "x" .\nex:e ex:f ex:g .')
    assert found == ["<http://x/a> <http://x/b> <http://x/c>", "<http://x/e> <http://x/f> <http://x/g>"]
    assert result.defects == (
        Defect(
            "The prefix 'dct:' of dct:title has not been declared; "
            "did you forget '@prefix dct: <http://purl.org/dc/terms/> .'?",
            3,
            6,
        ),
    )


def test_a_missing_full_stop_is_named_with_its_place() -> None:
    found, result = reading(PREFIX + "ex:a ex:b ex:c\nex:d ex:e ex:f .")
    assert result.defects == (Defect("A full stop is missing before 'ex:d'", 3, 1),)
    assert len(found) == 2


BAD_IN_TURTLE = "ex:a ex:b <http://x y> ; ex:c ex:d .\nex:e ex:f ex:g ."
BAD_IN_NTRIPLES = """<http://x/a> <http://x/c> <http://x/d> .
<http://x/a> <http://x/b> <http://x y> .
<http://x/e> <http://x/f> <http://x/g> ."""
BAD_IN_XML = """<rdf:Description rdf:about="http://x/a"><ex:b rdf:resource="http://x y"/><ex:c rdf:resource="d"/>
</rdf:Description><rdf:Description rdf:about="http://x/e"><ex:f rdf:resource="g"/></rdf:Description></rdf:RDF>"""
BAD_IN_JSON = """[{"@id":"http://x/a",
"http://x/b":{"@id":"http://x y"},"http://x/c":{"@id":"http://x/d"}},
{"@id":"http://x/e","http://x/f":{"@id":"http://x/g"}}]"""


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (PREFIX + BAD_IN_TURTLE, (2, 12)),
        (BAD_IN_NTRIPLES, (2, 28)),
        (RDF + BAD_IN_XML, (2, 61)),
        (BAD_IN_JSON, (2, 22)),
    ],
    ids=["turtle", "ntriples", "rdfxml", "jsonld"],
)
def test_a_bad_iri_costs_its_own_statement_only(data: str, place: tuple[int, int]) -> None:
    found, result = reading(data)
    assert len(found) == 2
    assert [line.split()[0] for line in found] == ["<http://x/a>", "<http://x/e>"]
    assert result.defects == (
        Defect(
            "<http://x y> is not an IRI: it holds a space, which must be percent-encoded; its statement was not read",
            *place,
        ),
    )
    assert not result.complete
    assert result.hurt == frozenset({"<http://x/a>"})


def test_a_malformed_language_tag_is_not_lost_in_silence() -> None:
    found, result = reading('{"@id":"http://a","http://b":[{"@value":"x","@language":"e n"},"y"]}')
    assert found == ['<http://a> <http://b> "y"']
    assert result.defects == (Defect("'e n' is not a language tag; its statement was not read", 1, 58),)


def test_a_json_key_without_an_iri_says_nothing_and_is_no_defect() -> None:
    assert whole('{"@id":"http://a","comment":"not RDF","http://b":"c"}') == ['<http://a> <http://b> "c"']


def test_the_listing_of_errors_stops_and_says_so() -> None:
    found, result = reading(PREFIX + "ex:a ex:b <x y> .\n" * 50 + "ex:a ex:b ex:c .", limits=Limits(defects=3))
    assert len(result.defects) == 4
    assert result.defects[-1].detail == "After 3 errors the rest of the document was not read"
    assert found == []
    assert result.hurt is None


# --- the end is missing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tail", "kept"),
    [
        ("ex:d ex:e ex:f", 1),  # may be the start of ex:foo
        ("ex:d ex:e ex:f ", 2),
        ("ex:d ex:e <http://x/f>", 2),
        ("ex:d ex:e <http://x/f", 1),
        ('ex:d ex:e "f"', 1),  # may be the start of "f"@en
        ('ex:d ex:e "f', 1),
        ("ex:d ex:e 12", 1),  # may be the start of 120
        ("ex:d ex:e ex:g ;", 2),
        ("ex:d ex:e ex:g ; ex:h", 2),
        ("ex:d ex:e [ ex:f ex:g ]", 3),
        ("ex:d", 1),
        ("@prefix dct: <http://purl", 1),
    ],
)
def test_a_cut_document_is_incomplete_and_yields_no_cut_value(tail: str, kept: int) -> None:
    found, result = reading(PREFIX + "ex:a ex:b ex:c .\n" + tail)
    assert len(found) == kept
    assert not result.complete
    assert result.defects[0].detail == END_IS_MISSING
    assert result.defects[0].line == 3


@pytest.mark.parametrize("cut", range(5, 175, 7))
def test_no_cut_of_rdfxml_is_taken_for_the_whole(cut: int) -> None:
    data = RDF + '<ex:A rdf:about="http://a"><ex:b>text</ex:b><ex:c rdf:resource="http://d"/></ex:A>\n</rdf:RDF>'
    statements = set(whole(data))
    try:
        found, result = reading(data[:cut], syntax=RDFXML)
    except NotRdf:
        return
    assert not result.complete
    assert set(found) <= statements


@pytest.mark.parametrize("cut", range(1, 105, 6))
def test_no_cut_of_jsonld_is_taken_for_the_whole(cut: int) -> None:
    data = '{"@graph":[{"@id":"http://a","http://b":"text","http://c":123},{"@id":"http://d","http://e":[true,"x"]}]}'
    statements = set(whole(data))
    try:
        found, result = reading(data[:cut], syntax=JSONLD)
    except NotRdf:
        return
    assert not result.complete
    assert set(found) <= statements


def test_xml_that_is_not_well_formed_says_where() -> None:
    found, result = reading(RDF + '<ex:A rdf:about="http://a"/>\n<ex:B rdf:about="http://b">\n<ex:c>&nbsp;</ex:c>')
    assert len(found) == 2
    assert result.defects == (Defect("The XML is not well-formed: undefined entity", 4, 7),)


def test_an_undeclared_prefix_of_xml_is_named() -> None:
    _, result = reading(RDF + '<ex:A rdf:about="http://a"><dct:title>x</dct:title></ex:A></rdf:RDF>')
    assert result.defects == (
        Defect(
            "The XML is not well-formed: a namespace prefix used in the element dct:title has not been declared", 2, 28
        ),
    )


def test_an_rdf_id_used_twice_stops_reading_there() -> None:
    found, result = reading(RDF + '<ex:A rdf:ID="one"/>\n<ex:B rdf:ID="one"/>\n<ex:C rdf:ID="two"/></rdf:RDF>')
    assert len(found) == 1
    assert result.defects == (
        Defect("The rdf:ID 'one' is used twice in this document: two resources would become one", 3, 1),
    )


def test_an_error_of_the_rdfxml_grammar_gets_the_line_the_parser_does_not_give() -> None:
    data = RDF + '<ex:A rdf:about="http://a">\n<ex:b>\n<ex:C/>\n<ex:D/>\n</ex:b>\n</ex:A></rdf:RDF>'
    _, result = reading(data)
    assert len(result.defects) == 1
    assert result.defects[0].line in (5, 6)


# --- a malformed term never passes for several good ones ----------------------------------------------------------

GOOD_TERMS = [
    {"@id": "http://a", "http://p": [{"@id": "http://o"}, {"@value": "x", "@language": "en"}]},
    {"@id": "http://a", "http://p": {"@value": "1", "@type": "http://t"}},
]
LIKE_SEVERAL = [
    'http://a> <http://p> "x',
    'http://a> <http://p> "x"@en',
    'http://a> <http://p> "x\\"y"@en',
    'http://a> <http://p> "x\\',
    'http://a> <http://p> "1"^^<http://t',
    "http://a> <http://p> <http://o",
    "http://a> <http://p> _:b",
    'http://p> "x"^^<http://t',
    'http://p> "x\\" "y\\',
    "http://p> <http://o",
]


@pytest.mark.parametrize("malformed", LIKE_SEVERAL)
@pytest.mark.parametrize("place", ["subject", "predicate", "object", "datatype"])
def test_a_malformed_term_that_reads_like_several_good_ones_is_not_read(malformed: str, place: str) -> None:
    terms = {"subject": "http://a", "predicate": "http://p", "object": "http://o", "datatype": "http://t"}
    terms[place] = malformed
    values = [{"@id": terms["object"]}, {"@value": "2", "@type": terms["datatype"]}, {"@value": "z", "@language": "en"}]
    hostile = {"@id": terms["subject"], terms["predicate"]: values}
    found, result = reading(json.dumps([*GOOD_TERMS, hostile]), "x.jsonld")
    sound = {
        '<http://a> <http://p> "1"^^<http://t>',
        '<http://a> <http://p> "x"@en',
        "<http://a> <http://p> <http://o>",
    }
    kept = {"object": ["2", "z"], "datatype": ["z"]}.get(place, [])
    tails = {"2": "^^<http://t>", "z": "@en"}
    assert set(found) == sound | {f'<http://a> <http://p> "{each}"{tails[each]}' for each in kept}
    assert len(result.defects) == (3 if place in {"subject", "predicate"} else 1)


def rdf_xml(language: str) -> bytes:
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.example/">\n'
        f'<rdf:Description rdf:about="http://e.example/a">\n<e:p xml:lang={language}>text</e:p>\n'
        "</rdf:Description></rdf:RDF>"
    ).encode()


@pytest.mark.parametrize("language", ['""', "''"])
def test_an_empty_language_in_rdf_xml_means_none(language: str) -> None:
    result = read(Document(rdf_xml(language), "doc", "http://e.example/", syntax=RDFXML))
    assert [str(quad.object) for quad in result] == ['"text"']
    assert (result.complete, result.defects) == (True, ())


def test_a_language_with_an_underscore_in_rdf_xml_is_named_with_its_line() -> None:
    result = read(Document(rdf_xml('"en_GB"'), "doc", "http://e.example/", syntax=RDFXML))
    assert list(result) == []
    said = "'en_gb' is not a language tag (its parts are joined by hyphens); its statement was not read"
    assert result.defects == (Defect(said, 3, 16),)
