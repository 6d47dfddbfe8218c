"""A long document lies in a file: whoever reads it gets what they would get of a short one."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes import content
from shapes.content import Content, Gathering, Stored, digest_of, head_of, holds, pieces_of, size_of, whole_of
from shapes.cut import cut
from shapes.media import NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Syntax
from shapes.parse import Document, read

STATEMENT = '<https://n.example/{0}> <http://purl.org/dc/terms/title> "Größe {0}" .\n'
MANY = "".join(STATEMENT.format(number) for number in range(3000)).encode()


def stored(data: bytes) -> Stored:
    laid = Stored()
    laid.put(data)
    return laid


@given(st.lists(st.binary(max_size=30), max_size=12), st.integers(0, 60), st.integers(1, 20), st.binary(max_size=3))
def test_bytes_are_the_same_in_memory_and_in_a_file(pieces: list[bytes], most: int, at_once: int, mark: bytes) -> None:
    whole = b"".join(pieces)
    with pytest.MonkeyPatch.context() as limits:
        limits.setattr(content, "_IN_MEMORY", most)
        limits.setattr(content, "_PIECE", at_once)
        gathering = Gathering()
        for piece in pieces:
            gathering.put(piece)
        found = gathering.content()
        assert isinstance(found, Stored) == (len(whole) > most)
        assert (whole_of(found), size_of(found), gathering.size) == (whole, len(whole), len(whole))
        assert digest_of(found) == hashlib.sha256(whole).hexdigest()
        assert b"".join(pieces_of(found)) == whole
        assert head_of(found, 7) == whole[:7]
        assert holds(found, b"not there", mark or b"-") == ((mark or b"-") in whole)
        file = stored(whole).open()
        assert file.read(3) + file.read() + file.read(5) == whole


@pytest.mark.parametrize("syntax", [NTRIPLES, NQUADS, TURTLE, TRIG])
def test_a_stored_document_is_read_as_one_in_memory(syntax: Syntax) -> None:
    def statements(given: Content) -> list[str]:
        reading = read(Document(given, "file:///d", "file:///d", syntax=syntax))
        found = [str(quad) for quad in reading]
        assert reading.complete
        return found

    assert statements(stored(MANY)) == statements(MANY)


@pytest.mark.parametrize(
    "spoiling",
    [b"<https://n.example/x> <no> .\n", b"<https://n.example/x y> <https://n.example/p> <https://n.example/o> .\n",
     b'<https://n.example/x> <https://n.example/p> "\xff" .\n', b"<https://n.example/x> <https://n.exa"],
)  # fmt: skip
def test_what_is_wrong_with_a_stored_document_is_told_in_the_same_words(spoiling: bytes) -> None:
    def defects(given: Content) -> object:
        reading = read(Document(given, "file:///d.nt", "file:///d.nt"))
        return len(list(reading)), reading.defects, reading.complete, reading.hurt

    data = MANY + spoiling
    told = defects(stored(data))
    assert told == defects(data)
    assert told[2] is False  # type: ignore[index]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_a_stored_document_in_another_encoding_is_read(encoding: str) -> None:
    data = STATEMENT.format(1).encode(encoding)
    (quad,) = read(Document(stored(data), "file:///d.nt", "file:///d.nt"))
    assert str(quad.object) == '"Größe 1"'


def test_stored_rdf_xml_is_cut() -> None:
    xml = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/">'
        '<rdf:Description rdf:about="https://n.example/d"><rdf:type rdf:resource="http://www.w3.org/ns/dcat#Dataset"/>'
        "<dct:title>Größe</dct:title></rdf:Description></rdf:RDF>"
    )
    (record,) = cut(read(Document(stored(xml.encode()), "file:///d", "file:///d", syntax=RDFXML)))
    assert record.subject == "https://n.example/d"
