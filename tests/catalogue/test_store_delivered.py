"""The text of a delivered graph, held to what the engine reads of the same record."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.store.delivered import delivered_text
from shapes.record import Kind
from shapes.vocabulary import DCAT, RDF

SKOLEM = "https://catalogue.example/.well-known/genid/r-"
OWN = ox.NamedNode("https://node.example/a")
CLASSES = {
    Kind.DATASET: ox.NamedNode(DCAT.Dataset),
    Kind.SERIES: ox.NamedNode(DCAT.DatasetSeries),
    Kind.SERVICE: ox.NamedNode(DCAT.DataService),
    Kind.CATALOGUE: ox.NamedNode(DCAT.Catalog),
}
# Texts that look like the very things that are searched for.
TRAPS = (
    f"x <{RDF.type}> <{DCAT.Dataset}> .",
    f"\n<https://node.example/b> <{RDF.type}> <{DCAT.Dataset}> .\n",
    " _:c14n0 .",
    "_:c14n0 .\n_:c14n1 <p> _:c14n0 .",
    '" .',
    " <<( _:a <b> <c> )>> .",
)
blanks = st.sampled_from([ox.BlankNode(label) for label in ("c14n0", "c14n1", "c14n2")])
iris = st.sampled_from([OWN, ox.NamedNode("https://node.example/b"), ox.NamedNode("https://node.example/_:c14n0")])
texts = st.text(max_size=12) | st.sampled_from(TRAPS)
literals = (
    texts.map(ox.Literal)
    | texts.map(lambda text: ox.Literal(text, language="pt-br"))
    | texts.map(lambda text: ox.Literal(text, datatype=ox.NamedNode("https://node.example/_:t")))
)
predicates = st.sampled_from([ox.NamedNode(RDF.type), ox.NamedNode("https://node.example/p")])
kinds = st.sampled_from(list(CLASSES.values()))
triples = st.builds(ox.Triple, iris | blanks, predicates, iris | blanks | literals | kinds)


def _expected(said: list[ox.Triple], own: str, kind: Kind) -> Iterator[ox.Triple]:
    """What shall be in the graph, statement by statement."""
    for triple in said:
        is_own = str(triple.subject) == own and triple.object == CLASSES.get(kind)
        if triple.predicate.value == RDF.type and triple.object in CLASSES.values() and not is_own:
            continue
        subject, value = (
            ox.NamedNode(SKOLEM + term.value) if isinstance(term, ox.BlankNode) else term
            for term in (triple.subject, triple.object)
        )
        yield ox.Triple(subject, triple.predicate, value)  # type: ignore[arg-type]


@given(st.lists(triples, max_size=12), st.sampled_from(list(Kind)), st.sampled_from([OWN.value, "_:c14n0"]))
def test_the_text_says_what_the_engine_reads(said: list[ox.Triple], kind: Kind, subject: str) -> None:
    body = "".join(f"{triple} .\n" for triple in said).encode()
    text = delivered_text(body, subject, kind, SKOLEM)
    read = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]
    own = subject if subject.startswith("_:") else f"<{subject}>"
    assert read == list(_expected(said, own, kind))
    assert len(re.findall(rb"\n", text)) == len(read)


def test_triple_terms_are_left_out() -> None:
    kept = b'<https://node.example/a> <https://node.example/p> " <<( _:a <x:b> <x:c> )>>" .\n'
    dropped = b"<https://node.example/a> <https://node.example/p> <<( <x:a> <x:b> _:c14n0 )>> .\n"
    assert delivered_text(kept + dropped + kept, OWN.value, Kind.DATASET, SKOLEM) == kept + kept


@pytest.mark.parametrize("body", [b"", b"<x:a> <x:b> <x:c> .\n"])
def test_what_needs_no_change_is_given_back(body: bytes) -> None:
    assert delivered_text(body, OWN.value, Kind.DATASET, SKOLEM) == body
