"""Documents made to harm: refused before they can, with a reason."""

from __future__ import annotations

import re

import pytest
from sample_documents import END_IS_MISSING, RDF, reading, whole

from shapes.errors import Hostile, TooLarge
from shapes.parse import Defect, Limits

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
    with pytest.raises(Hostile, match=re.escape("asks for the remote context http://evil.example/c")) as caught:
        reading(f'{{"@context":{context},"@id":"http://a","t":"b"}}')
    assert caught.value.url == "https://node.example/dump"


def test_a_relative_context_is_resolved_before_it_is_refused() -> None:
    with pytest.raises(Hostile, match=re.escape("https://node.example/data/c.jsonld")):
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
    assert result.defects[0].detail == END_IS_MISSING


def test_bytes_and_statements_have_a_limit() -> None:
    with pytest.raises(TooLarge, match="The document has 27 bytes; the limit is 20"):
        reading("<http://a> <http://b> 'c' .", limits=Limits(bytes=20))
    with pytest.raises(TooLarge, match="More than 2 statements in one document"):
        reading("<http://a> <http://b> 1, 2, 3 .", limits=Limits(statements=2))


def test_a_statement_about_a_statement_is_not_read_and_said_so() -> None:
    found, result = reading("<http://a> <http://b> <<( <http://a> <http://b> <http://c> )>> , <http://d> .")
    assert found == ["<http://a> <http://b> <http://d>"]
    assert result.defects == (Defect("A statement about a statement (an RDF 1.2 triple term) was not read"),)
