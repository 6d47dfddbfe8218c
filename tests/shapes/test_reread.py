"""A body read back says what the engine's parser says of it, and what is no canonical N-Triples is left to that."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes.canonical import canonicalise
from shapes.graph import RecordGraph
from shapes.reread import subjects_of

IRIS = st.sampled_from(["urn:a", "https://example.org/d?q=1#x", "http://example.org/é"]).map(ox.NamedNode)
NODES = st.one_of(IRIS, st.sampled_from(["c14n0", "b.1"]).map(ox.BlankNode))
TEXTS = st.one_of(
    st.text(), st.sampled_from(['"', "\\", 'a" .\n<urn:a> <urn:b> "c', "\u2028", "\x7f\x00\r\t", "x" * 200])
)
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["en", "nl-BE", "fr-t-nl"])),
    st.builds(lambda text, kind: ox.Literal(text, datatype=kind), TEXTS, IRIS),
)
TRIPLES = st.builds(ox.Triple, NODES, IRIS, st.one_of(NODES, LITERALS))


def parsed(body: bytes) -> list[ox.Triple]:
    return list(RecordGraph(ox.parse(body, format=ox.RdfFormat.N_TRIPLES)))


@given(st.lists(TRIPLES, max_size=12))
def test_a_canonical_body_is_read_as_the_parser_reads_it(triples: list[ox.Triple]) -> None:
    body, _ = canonicalise(triples)
    assert subjects_of(body) is not None
    assert list(RecordGraph.from_ntriples(body)) == parsed(body)


@pytest.mark.parametrize(
    "body",
    [
        b'<urn:a>  <urn:b>   "two spaces" .\n',
        b"# a comment\n<urn:a> <urn:b> <urn:c> .\n",
        b"<urn:a> <urn:b> <urn:c>.\n",
        b"<urn:a> <urn:b> <urn:c> .\r\n",
        b"<urn:a> <urn:b> <urn:c> .",
        b"<urn:a> <urn:b> <urn:\\u0063> .\n",
        b"<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .\n<urn:a> <urn:b> <urn:d> .\n",
        b'<urn:a> <urn:b> "c"@en--ltr .\n',
    ],
)
def test_n_triples_written_otherwise_are_read_too(body: bytes) -> None:
    assert subjects_of(body) is None
    assert list(RecordGraph.from_ntriples(body)) == parsed(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<urn:a> <urn:b> .\n",
        b"<urn:a> <urn:b> <urn:c d> .\n",
        b"<urn:a> <not an iri> <urn:c> .\n",
        b"<urn:a> _:b <urn:c> .\n",
        b'"a" <urn:b> <urn:c> .\n',
        b'<urn:a> <urn:b> "c"d" .\n',
        b'<urn:a> <urn:b> "c\\q" .\n',
        b'<urn:a> <urn:b> "c"en .\n',
        b'<urn:a> <urn:b> "c"@not_a_tag .\n',
        b'<urn:a> <urn:b> "c"^^urn:d .\n',
        b"<urn:a> <urn:b> <urn:c> .\n<urn:a>",
        b'<urn:a> <urn:b> "\xff" .\n',
    ],
)
def test_what_is_no_n_triples_is_refused_as_ever(body: bytes) -> None:
    assert subjects_of(body) is None
    with pytest.raises((SyntaxError, ValueError)):
        RecordGraph.from_ntriples(body)
