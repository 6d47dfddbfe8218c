from __future__ import annotations

import pytest

from shapes.media import (
    JSONLD,
    NQUADS,
    NTRIPLES,
    RDFXML,
    SYNTAXES,
    TRIG,
    TURTLE,
    Syntax,
    by_extension,
    by_media_type,
    by_name,
    is_html,
    reads,
    sniff,
)


@pytest.mark.parametrize(
    ("name", "syntax"),
    [
        ("turtle", TURTLE),
        ("TTL", TURTLE),
        ("rdf", RDFXML),
        ("xml", RDFXML),
        ("rdfxml", RDFXML),
        ("json-ld", JSONLD),
        ("jsonld", JSONLD),
        ("nt", NTRIPLES),
        ("ntriples", NTRIPLES),
        ("nq", NQUADS),
        ("nquads", NQUADS),
        (" trig ", TRIG),
        ("word", None),
    ],
)
def test_a_syntax_is_found_by_the_names_people_type(name: str, syntax: Syntax | None) -> None:
    assert by_name(name) is syntax


@pytest.mark.parametrize(
    ("media_type", "syntax"),
    [
        ("text/turtle; charset=utf-8", TURTLE),
        ("application/RDF+XML", RDFXML),
        ("application/ld+json;profile=x", JSONLD),
        ("application/x-trig", TRIG),
        ("text/plain", None),
        ("application/xml", None),
        ("application/json", None),
        ("", None),
    ],
)
def test_a_media_type_names_a_syntax_only_when_it_is_one(media_type: str, syntax: Syntax | None) -> None:
    assert by_media_type(media_type) is syntax


@pytest.mark.parametrize(
    ("place", "syntax"),
    [
        ("https://node.example/dump.ttl?page=2#x", TURTLE),
        ("catalogue.RDF", RDFXML),
        ("/data/a.b/export.nq", NQUADS),
        ("https://node.example/fdp", None),
        ("https://node.rdf/", None),
    ],
)
def test_an_extension_is_read_from_paths_and_urls(place: str, syntax: Syntax | None) -> None:
    assert by_extension(place) is syntax


def test_every_syntax_is_found_by_what_it_says_of_itself() -> None:
    for syntax in SYNTAXES:
        assert by_name(syntax.name) is syntax
        assert by_media_type(syntax.media_type) is syntax
        assert by_extension(f"file.{syntax.extensions[0]}") is syntax


@pytest.mark.parametrize(
    ("head", "syntax"),
    [
        (b'<?xml version="1.0"?>\n<!-- note -->\n<rdf:RDF xmlns:rdf="x">', RDFXML),
        (b'<rdf:RDF\n xmlns:rdf="x">', RDFXML),
        (b'<dcat:Dataset rdf:about="x"/>', RDFXML),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', RDFXML),
        (b"\xef\xbb\xbf@prefix dct: <http://purl.org/dc/terms/> .", TURTLE),
        (b"# a comment\n\nPREFIX dct: <http://purl.org/dc/terms/>\n<a> dct:title 'x' .", TURTLE),
        (b"<a> <b> <c> .", TURTLE),
        (b"ex:a a ex:B .", TURTLE),
        (b"[] a <http://www.w3.org/ns/dcat#Dataset> .", TURTLE),
        (b'<http://a> <http://b> "{" ; <http://c> "d" .', TURTLE),
        (b'<http://a> <http://b> "x"@en .\n', NTRIPLES),
        (b"_:a <http://b> _:c .", NTRIPLES),
        (b'<http://a> <http://b> "x"^^<http://d> <http://g> .', NQUADS),
        (b"@prefix ex: <http://x/> .\nex:g { ex:a ex:b ex:c }", TRIG),
        (b"@prefix ex: <http://x/#> .\n<a#b> a ex:C .\n<#g> {\nex:a ex:b ex:c }", TRIG),
        (b"@prefix ex: <http://x/#> .\n<a#b> a ex:C . # <#g> { ex:a ex:b ex:c }", TURTLE),
        (b"GRAPH <http://g> { <a> <b> <c> }", TRIG),
        (b"{ <a> <b> <c> }", TRIG),
        (b'{"@context": {}}', JSONLD),
        (b'[ {"@id": "x"} ]', JSONLD),
        (b"[]", JSONLD),
        (b"{}", JSONLD),
    ],
)
def test_bytes_speak_for_their_syntax(head: bytes, syntax: Syntax) -> None:
    assert sniff(head) is syntax


@pytest.mark.parametrize(
    "head",
    [b"", b"hello world", b"title,description\n1,2", b"Error: no such resource", b"{not json", b"<html><body>"],
)
def test_bytes_that_say_nothing_are_not_guessed_at(head: bytes) -> None:
    assert sniff(head) is None


@pytest.mark.parametrize(
    "head",
    [
        b"<html>",
        b"\n<!-- x --><!DOCTYPE HTML><title>",
        b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html xmlns="x">',
        b"<head><title>502</title>",
    ],
)
def test_web_pages_are_known(head: bytes) -> None:
    assert is_html(head)


def test_a_parser_of_a_wider_syntax_reads_the_narrower() -> None:
    assert reads(TRIG, NTRIPLES)
    assert reads(TURTLE, NTRIPLES)
    assert reads(NQUADS, NTRIPLES)
    assert not reads(TURTLE, TRIG)
    assert not reads(NTRIPLES, TURTLE)
    assert not reads(RDFXML, TURTLE)
