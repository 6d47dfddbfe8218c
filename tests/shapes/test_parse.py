"""Reading strangers' bytes: the right syntax, the right encoding, whole where it is whole."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from sample_documents import BASE, END_IS_MISSING, PREFIX, RDF, reading, whole

from shapes.canonical import canonicalise
from shapes.errors import NotRdf
from shapes.media import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Syntax
from shapes.parse import Defect, Document, Reading, read

ACCENT = '<http://x/a> <http://x/b> "caf\u00e9" .'


def file(path: Path, syntax: Syntax | None = None) -> tuple[list[ox.Quad], Reading]:
    result = read(Document(path.read_bytes(), str(path), BASE, syntax))
    return list(result), result


# --- which syntax -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "media_type", "syntax"),
    [
        ('<http://a> <http://b> "c" .', "https://n/x", "text/plain", NTRIPLES),
        (PREFIX + "ex:a ex:b ex:c .", "https://n/x", "application/octet-stream", TURTLE),
        (PREFIX + "ex:a ex:b ex:c .", "https://n/x", "text/html; charset=utf-8", TURTLE),
        (RDF + '<ex:A rdf:about="http://a"/></rdf:RDF>', "https://n/x", "application/xml", RDFXML),
        (RDF + '<ex:A rdf:about="http://a"/></rdf:RDF>', "https://n/x.ttl", "text/turtle", RDFXML),
        ('{"@id":"http://a","http://b":"c"}', "https://n/x", "application/json", JSONLD),
        ('{"@id":"http://a","http://b":"c"}', "https://n/x.rdf", "application/rdf+xml", JSONLD),
        ('<http://a> <http://b> "c" .', "https://n/x.rdf", None, NTRIPLES),
        ('<http://a> <http://b> "c" .', "https://n/x", "text/turtle", TURTLE),
        (PREFIX + "ex:g { ex:a ex:b ex:c }", "https://n/x.ttl", "text/turtle", TRIG),
        ("<http://a> <http://b> <http://c> <http://g> .", "https://n/x", "application/n-triples", NQUADS),
        ("<a> <b> <c> .", "https://n/x.ttl", None, TURTLE),
    ],
)
def test_the_bytes_outrank_a_media_type_or_extension_they_contradict(
    data: str, name: str, media_type: str | None, syntax: Syntax
) -> None:
    found, result = reading(data, name, media_type)
    assert result.syntax is syntax
    assert len(found) == 1
    assert result.complete


def test_what_the_user_says_outranks_everything() -> None:
    _, result = reading("<http://a> <http://b> <http://c> .", syntax=TRIG, media_type="text/turtle")
    assert result.syntax is TRIG


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The document is empty"),
        (b"\xef\xbb\xbf \n", "The document is empty"),
        (b"<!DOCTYPE html><html><body>502</body></html>", "This is an HTML page, not RDF"),
        (
            b'{"error":"gone"}',
            'This is JSON but not JSON-LD: it has no @context, @graph or @id. It begins with \'{"error":"gone"}\'',
        ),
        (
            b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
            "This is XML but not RDF/XML: its root element is feed of the namespace http://www.w3.org/2005/Atom",
        ),
        (b"\x1f\x8b\x08\x00\x00", "This is a packed file (gzip); unpack it first"),
        (b"title,publisher\nA,B", "This is in no RDF syntax that we read: it begins with 'title,publisher A,B'"),
    ],
)
def test_what_is_not_rdf_is_named(data: bytes, sentence: str) -> None:
    with pytest.raises(NotRdf) as caught:
        reading(data, "https://node.example/dump")
    assert caught.value.detail == sentence
    assert caught.value.url == "https://node.example/dump"


def test_a_sentence_sent_as_turtle_is_quoted() -> None:
    with pytest.raises(NotRdf) as caught:
        reading("You are not allowed to view this record", media_type="text/turtle")
    assert caught.value.detail == (
        "Nothing in this could be read as Turtle: it begins with 'You are not allowed to view this record'. "
        "'You' is not a valid subject or graph name"
    )
    assert caught.value.line == 1


# --- encodings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_in_every_form(encoding: str) -> None:
    assert whole(ACCENT.encode(encoding)) == ['<http://x/a> <http://x/b> "caf\u00e9"']


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "UTF-16", "UTF-8"])
def test_xml_is_read_in_the_encoding_it_declares(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n{RDF}<ex:A rdf:about="http://a" ex:b="caf\u00e9"/></rdf:RDF>'
    assert '<http://a> <http://x/b> "caf\u00e9"' in whole(text.encode(encoding))


def test_the_charset_a_server_names_counts_where_the_bytes_are_not_utf8() -> None:
    assert whole(ACCENT.encode("latin-1"), "text/turtle; charset=ISO-8859-1") == whole(ACCENT)
    assert whole(ACCENT.encode(), "text/turtle; charset=ISO-8859-1") == whole(ACCENT)


def test_an_unknown_encoding_is_refused_by_name() -> None:
    with pytest.raises(NotRdf, match="declares the encoding 'klingon', which is not a character set we know"):
        reading(f'<?xml version="1.0" encoding="klingon"?>{RDF}</rdf:RDF>')


def test_unreadable_bytes_cost_their_statement_and_name_its_place() -> None:
    data = (PREFIX + 'ex:a ex:b "caf').encode() + b'\xe9" ; ex:c "good" .\nex:d ex:e ex:f .\n'
    found, result = reading(data)
    assert found == ['<http://x/a> <http://x/c> "good"', "<http://x/d> <http://x/e> <http://x/f>"]
    assert result.defects == (Defect("Bytes that are not UTF-8 (hexadecimal E9)", 2, 15),)
    assert not result.complete


def test_unreadable_bytes_in_a_comment_cost_nothing() -> None:
    assert whole(b"# caf\xe9\n<http://a> <http://b> <http://c> .") == ["<http://a> <http://b> <http://c>"]


# --- merging ----------------------------------------------------------------------------------------------------------


def test_blank_nodes_of_two_documents_do_not_meet() -> None:
    first, _ = reading("_:a <http://b> <http://c> .")
    second, _ = reading("_:a <http://b> <http://c> .")
    assert first != second


def test_a_reading_can_be_read_again() -> None:
    _, result = reading("<http://a> <http://b> <x y>, <http://c> .")
    assert [str(quad) for quad in result] == ["<http://a> <http://b> <http://c>"]
    assert len(result.defects) == 1


def test_relative_iris_are_resolved_against_the_base_whatever_it_looks_like() -> None:
    document = Document(b"<a> <b> <c> .", "my files/d \u00e9.ttl", "")
    assert [str(quad.subject) for quad in read(document)] == ["<file:///my%20files/a>"]


# --- real and official files ------------------------------------------------------------------------------------------


def test_the_mutated_files(shared_data: Path) -> None:
    folder = shared_data / "mutated"
    assert file(folder / "bom-crlf.ttl")[1].complete
    assert file(folder / "lang-tags.ttl")[1].complete
    statements, result = file(folder / "truncated.ttl")
    assert len(statements) == 34
    assert result.defects == (Defect(END_IS_MISSING, 42, 16),)
    with pytest.raises(NotRdf, match="The document is empty"):
        file(folder / "empty.ttl")
    with pytest.raises(NotRdf, match="This is an HTML page, not RDF"):
        file(folder / "html-error-page.ttl")


@pytest.mark.parametrize(
    ("name", "count", "syntax"),
    [
        ("node-a-sciensano-2025-04-13.ttl", 21_010, TURTLE),
        ("node-b-health-authorities-2025-04-13.rdf", 19_276, RDFXML),
        ("node-c-other-2025-04-13.jsonld", 39_097, JSONLD),
    ],
)
def test_three_real_nodes_in_three_syntaxes(shared_data: Path, name: str, count: int, syntax: Syntax) -> None:
    statements, result = file(shared_data / "real-be-health" / name)
    assert len(statements) == count
    assert result.syntax is syntax
    assert result.complete


def test_the_ugly_real_file_is_read_whole(shared_data: Path) -> None:
    statements, result = file(shared_data / "ugly-real" / "be-ugly.nt")
    assert len(statements) == 7388
    assert result.complete


def test_real_sources_are_read_as_far_as_they_can_be(shared_data: Path) -> None:
    folder = shared_data / "real-be-sources"
    assert file(folder / "dcat.rdf")[1].complete
    assert file(folder / "fpsjust.xml")[1].complete
    statements, result = file(folder / "dcat-7692.rdf")
    assert len(statements) == 57
    assert result.defects == (Defect("Unexpected node, a text value is already present", 73),)


# Turtle that names a graph is read as TriG or N-Quads, and \u in a local name is read for what it means.
ACCEPTED = {"turtle-syntax-bad-struct-01.ttl", "turtle-syntax-bad-struct-03.ttl", "turtle-syntax-bad-pname-03.ttl"}


def test_the_negative_turtle_tests_of_the_w3c(shared_data: Path) -> None:
    paths = sorted((shared_data / "broken-rdf" / "rdf-turtle").glob("*.ttl"))
    assert len(paths) == 81
    accepted = set()
    for path in paths:
        try:
            _, result = file(path)
        except NotRdf:
            continue
        if result.complete:
            accepted.add(path.name)
    assert accepted == ACCEPTED


# These two differ as published: another homepage, a missing prefix.
DIFFERENT = {"basic-example", "dryad-globtherm-sdata"}


def test_the_dcat_examples_are_the_same_graph_in_three_syntaxes(shared_data: Path) -> None:
    folder = shared_data / "examples-w3c-dcat3"
    different = set()
    for path in sorted(folder.glob("*.ttl")):
        digests = set()
        for extension in ("ttl", "rdf", "jsonld"):
            statements, result = file(path.with_suffix(f".{extension}"))
            assert result.complete
            digests.add(canonicalise(quad.triple for quad in statements)[1])
        if len(digests) != 1:
            different.add(path.stem)
    assert different == DIFFERENT


def test_every_answer_of_the_recorded_nodes_is_read_or_refused_with_a_reason(shared_data: Path) -> None:
    read_whole = refused = 0
    reasons = []
    for path in sorted((shared_data / "recorded-nodes").glob("*/*.body.*")):
        try:
            _, result = file(path)
        except NotRdf as fault:
            reasons.append((fault.url, fault.detail))
            refused += 1
        else:
            assert result.complete, (path, result.defects)
            read_whole += 1
    assert all(url and detail for url, detail in reasons)
    assert read_whole > 100
    assert refused > 100


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_of_files_put_together_are_no_text(encoding: str) -> None:
    marks = "\ufeff\ufeff" if encoding == "utf-8-sig" else "\ufeff"
    result = read(Document(f"{marks}{ACCENT}".encode(encoding), "doc", BASE, TURTLE))
    assert [str(quad.object) for quad in result] == ['"caf\u00e9"']
    assert result.complete
