"""Reading strangers' bytes: the right syntax, the right encoding, nothing hostile, and every loss accounted for."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from shapes.canonical import canonicalise
from shapes.errors import Fault, Hostile, NotRdf, TooLarge
from shapes.media import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Syntax
from shapes.parse import Defect, Document, Limits, Reading, read

BASE = "https://node.example/data/"
PREFIX = "@prefix ex: <http://x/> .\n"
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://x/">\n'
ACCENT = '<http://x/a> <http://x/b> "caf\u00e9" .'


def reading(
    data: str | bytes,
    name: str = "https://node.example/dump",
    media_type: str | None = None,
    syntax: Syntax | None = None,
    limits: Limits | None = None,
) -> tuple[list[str], Reading]:
    """The statements, sorted as text, and the reading they came from."""
    raw = data.encode() if isinstance(data, str) else data
    result = read(Document(raw, name, BASE, syntax, media_type), limits=limits or Limits())
    return sorted(str(quad) for quad in result), result


def whole(data: str | bytes, media_type: str | None = None) -> list[str]:
    """The statements of a document that must be read without loss."""
    found, result = reading(data, media_type=media_type)
    assert result.defects == ()
    assert result.complete
    return found


def file(path: Path, syntax: Syntax | None = None) -> tuple[list[ox.Quad], Reading]:
    result = read(Document(path.read_bytes(), str(path), BASE, syntax))
    return list(result), result


# --- which syntax ------------------------------------------------------------------------------------------------


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
            b'{"error": "no such dataset"}',
            'This is JSON but not JSON-LD: it has no @context, @graph or @id. It begins with \'{"error": "no such dataset"}\'',
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


# --- encodings ---------------------------------------------------------------------------------------------------


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


# --- going on after an error -------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (PREFIX + "ex:a ex:b <http://x y> ; ex:c ex:d .\nex:e ex:f ex:g .", (2, 12)),
        ("<http://x/a> <http://x/c> <http://x/d> .\n<http://x/a> <http://x/b> <http://x y> .\n"
         "<http://x/e> <http://x/f> <http://x/g> .", (2, 28)),
        (RDF + '<rdf:Description rdf:about="http://x/a"><ex:b rdf:resource="http://x y"/><ex:c rdf:resource="d"/>\n'
         '</rdf:Description><rdf:Description rdf:about="http://x/e"><ex:f rdf:resource="g"/></rdf:Description></rdf:RDF>',
         (2, 61)),
        ('[{"@id":"http://x/a",\n"http://x/b":{"@id":"http://x y"},"http://x/c":{"@id":"http://x/d"}},'
         '{"@id":"http://x/e","http://x/f":{"@id":"http://x/g"}}]', (2, 22)),
    ],
    ids=["turtle", "ntriples", "rdfxml", "jsonld"],
)  # fmt: skip
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
    assert result.hurt == {"<http://x/a>"}


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


# --- the end is missing ------------------------------------------------------------------------------------------

END = "The document ends in the middle of a statement: its end is missing"


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
    assert result.defects[0].detail == END
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


# --- hostile -----------------------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE lolz [<!ENTITY a "b">]>'


@pytest.mark.parametrize(
    "data",
    [
        f"{BOMB}{RDF}</rdf:RDF>".encode(),
        f'<?xml version="1.0"?>{"<!-- x -->" * 20_000}{BOMB}{RDF}</rdf:RDF>'.encode(),
        f'<?xml version="1.0" encoding="UTF-16"?>{BOMB}{RDF}</rdf:RDF>'.encode("utf-16"),
        b'<?xml version="1.0"?><!DOCTYPE rdf SYSTEM "file:///etc/passwd"><rdf/>',
    ],
    ids=["plain", "far", "utf16", "external"],
)
def test_a_doctype_is_refused_before_anything_is_expanded(data: bytes) -> None:
    with pytest.raises(Hostile, match="The XML has a DOCTYPE"):
        reading(data, media_type="application/rdf+xml")


@pytest.mark.parametrize(
    "context",
    [
        '"http://evil.example/c"',
        '["http://evil.example/c"]',
        '{"@version":1.1,"@import":"http://evil.example/c"}',
        '{"t":{"@id":"http://t","@context":"http://evil.example/c"}}',
        '{"t":{"@id":"http://t","@context":{"u":{"@id":"http://u","@context":["http://evil.example/c"]}}}}',
    ],
)
def test_a_remote_context_is_refused_by_name_wherever_it_hides(context: str) -> None:
    with pytest.raises(Hostile, match="asks for the remote context http://evil.example/c") as caught:
        reading(f'{{"@context":{context},"@id":"http://a","t":"b"}}')
    assert caught.value.url == "https://node.example/dump"


def test_a_relative_context_is_resolved_before_it_is_refused() -> None:
    with pytest.raises(Hostile, match="https://node.example/data/c.jsonld"):
        reading('{"@context":"c.jsonld","@id":"http://a"}')


def test_a_context_behind_an_escape_is_refused_by_the_parser() -> None:
    with pytest.raises(Hostile, match="asks for a remote context"):
        reading('{"\\u0040context":"http://evil.example/c","@id":"http://a","http://b":"c"}')


@pytest.mark.parametrize(
    "context",
    [
        '"https://w3id.org/gdi-catalogue/context.jsonld"',
        '["http://w3id.org/gdi-catalogue/context.jsonld",{"x":"http://x/"}]',
        '{"@version":1.1,"@import":"https://w3id.org/gdi-catalogue/context.jsonld"}',
    ],
)
def test_our_own_context_is_read_from_its_bundled_copy(context: str) -> None:
    found = whole(f'{{"@context":{context},\n"@id":"http://a","title":{{"en":"T"}},"theme":"http://t"}}')
    assert found == [
        '<http://a> <http://purl.org/dc/terms/title> "T"@en',
        "<http://a> <http://www.w3.org/ns/dcat#theme> <http://t>",
    ]


def test_the_word_context_inside_a_text_is_left_alone() -> None:
    data = '{"@id":"http://a","http://b":"say \\"@context\\": \\"http://evil.example/c\\""}'
    assert whole(data) == ['<http://a> <http://b> "say \\"@context\\": \\"http://evil.example/c\\""']


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ('{"@id":"http://a","http://b":' + "[" * 100_000, "The JSON is nested more than 64 levels deep"),
        (RDF + "<ex:A><ex:b>" * 200, "The XML is nested more than 256 elements deep"),
    ],
)
def test_nesting_has_a_limit(data: str, sentence: str) -> None:
    with pytest.raises(TooLarge, match=sentence):
        reading(data)


def test_brackets_inside_json_strings_are_not_nesting() -> None:
    assert len(whole('{"@id":"http://a","http://b":"' + "[{" * 500 + '\\"[["}')) == 1


def test_two_hundred_thousand_nested_blank_nodes_are_only_a_cut_document() -> None:
    _, result = reading("<http://a> <http://b> " + "[ <http://b> " * 200_000)
    assert result.defects[0].detail == END


def test_bytes_and_statements_have_a_limit() -> None:
    with pytest.raises(TooLarge, match="The document has 27 bytes; the limit is 20"):
        reading("<http://a> <http://b> 'c' .", limits=Limits(bytes=20))
    with pytest.raises(TooLarge, match="More than 2 statements in one document"):
        reading("<http://a> <http://b> 1, 2, 3 .", limits=Limits(statements=2))


def test_a_statement_about_a_statement_is_not_read_and_said_so() -> None:
    found, result = reading("<http://a> <http://b> <<( <http://a> <http://b> <http://c> )>> , <http://d> .")
    assert found == ["<http://a> <http://b> <http://d>"]
    assert result.defects == (Defect("A statement about a statement (an RDF 1.2 triple term) was not read"),)


# --- merging -----------------------------------------------------------------------------------------------------


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


# --- real and official files -------------------------------------------------------------------------------------


def test_the_mutated_files(shared_data: Path) -> None:
    folder = shared_data / "mutated"
    assert file(folder / "bom-crlf.ttl")[1].complete
    assert file(folder / "lang-tags.ttl")[1].complete
    statements, result = file(folder / "truncated.ttl")
    assert len(statements) == 34
    assert result.defects == (Defect(END, 42, 16),)
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
    for path in sorted((shared_data / "recorded-nodes").glob("*/*.body.*")):
        try:
            _, result = file(path)
        except Fault as fault:
            assert fault.detail
            assert fault.url == str(path)
            refused += 1
        else:
            assert result.complete, (path, result.defects)
            read_whole += 1
    assert read_whole > 100
    assert refused > 100
