"""One digest per description: whatever the order and the labels, and never at any price."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapes.canonical import Lines, canonical_record, canonicalise
from shapes.errors import TooComplex
from shapes.labelling import plain_labels

P = ox.NamedNode("http://x/p")
Q = ox.NamedNode("http://x/q")
ROOT = ox.NamedNode("http://x/root")


def blank(name: object) -> ox.BlankNode:
    return ox.BlankNode(f"n{name}")


def parsed(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(f"@prefix : <http://x/> . {turtle}", format=ox.RdfFormat.TURTLE)]


nodes = st.one_of(st.sampled_from([ROOT, P]), st.integers(0, 5).map(blank))
texts = st.sampled_from(["", "a", 'b"\\\n', "é😀", "\x00\x01\t\r\x0b\x1f\x7f\x85\xa0\u2028\ufffe", "_:a .", "_:n1"])
values = st.one_of(
    nodes,
    texts.map(ox.Literal),
    texts.map(lambda text: ox.Literal(text, language="en-GB")),
    texts.map(lambda text: ox.Literal(text, datatype=P)),
)
triples = st.builds(ox.Triple, nodes, st.sampled_from([P, Q]), values)


@settings(deadline=None)
@given(st.lists(triples, max_size=15), st.randoms(use_true_random=False))
def test_order_and_labels_do_not_matter(graph: list[ox.Triple], chance: random.Random) -> None:
    names = [f"other{n}" for n in range(6)]
    chance.shuffle(names)
    renamed: dict[Any, Any] = {blank(n): ox.BlankNode(name) for n, name in enumerate(names)}
    again = [ox.Triple(renamed.get(t.subject, t.subject), t.predicate, renamed.get(t.object, t.object)) for t in graph]
    chance.shuffle(again)
    assert canonicalise(again) == canonicalise(graph)


@settings(deadline=None)
@given(st.lists(triples, max_size=12))
def test_the_canonical_form_is_that_of_the_whole_graph_by_rdfc10(graph: list[ox.Triple]) -> None:
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in graph)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(f"{quad.triple} ." for quad in dataset)
    assert canonicalise(graph)[0].decode().removesuffix("\n").split("\n") == lines or not graph


@settings(deadline=None)
@given(st.lists(triples, max_size=12))
def test_a_canonical_form_is_its_own_canonical_form(graph: list[ox.Triple]) -> None:
    body, digest = canonicalise(graph)
    again = [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]
    assert canonicalise(again) == (body, digest)


def test_the_body_is_sorted_ntriples_and_the_digest_its_sha256() -> None:
    body, digest = canonicalise(parsed(':b :p [ :q "2" ] . :a :p "1"@en .'))
    assert body == (
        b'<http://x/a> <http://x/p> "1"@en .\n<http://x/b> <http://x/p> _:c14n0 .\n_:c14n0 <http://x/q> "2" .\n'
    )
    assert digest == hashlib.sha256(body).hexdigest()


def test_nothing_has_a_canonical_form_too() -> None:
    assert canonicalise([]) == (b"", hashlib.sha256(b"").hexdigest())


def test_a_statement_given_twice_counts_once() -> None:
    assert canonicalise(parsed(":a :p :b . :a :p :b .")) == canonicalise(parsed(":a :p :b ."))


def test_literals_keep_their_form() -> None:
    body, _ = canonicalise(parsed(':a :p "007"^^<http://www.w3.org/2001/XMLSchema#integer>, "\\u0001\\t" .'))
    assert b'"007"^^<http://www.w3.org/2001/XMLSchema#integer>' in body
    assert rb'"\u0001\t"' in body


def test_one_word_changes_the_digest() -> None:
    assert canonicalise(parsed(':a :p [ :q "1" ] .'))[1] != canonicalise(parsed(':a :p [ :q "2" ] .'))[1]


# --- the budget --------------------------------------------------------------------------------------------------


def clique(size: int) -> Iterator[ox.Triple]:
    return (ox.Triple(blank(a), P, blank(b)) for a in range(size) for b in range(size) if a != b)


def ring(size: int) -> Iterator[ox.Triple]:
    return (ox.Triple(blank(n), P, blank((n + 1) % size)) for n in range(size))


def bipartite(size: int) -> Iterator[ox.Triple]:
    return (ox.Triple(blank(f"l{a}"), P, blank(f"r{b}")) for a in range(size) for b in range(size))


def chain(size: int) -> Iterator[ox.Triple]:
    return (ox.Triple(blank(n), P, blank(n + 1)) for n in range(size))


@pytest.mark.parametrize(
    "poison",
    [clique(10), clique(60), ring(5_000), bipartite(8), bipartite(50), chain(5_000)],
    ids=["clique10", "clique60", "ring", "bipartite8", "bipartite50", "chain"],
)
def test_poison_is_refused_before_it_is_swallowed(poison: Iterator[ox.Triple]) -> None:
    with pytest.raises(TooComplex, match="too alike and too entangled to be named canonically; give them IRIs"):
        canonicalise(poison)


def test_poison_is_refused_within_its_budget_of_work() -> None:
    lines = [f"{triple} ." for triple in clique(4)]
    plain_labels(lines, budget=1_000)
    with pytest.raises(TooComplex):
        plain_labels(lines, budget=100)


@pytest.mark.parametrize(
    "graph",
    [
        [ox.Triple(ROOT, P, blank(n)) for n in range(10_000)],
        [ox.Triple(blank("root"), P, blank(n)) for n in range(10_000)],
        [ox.Triple(blank(n), P, ox.Literal("same")) for n in range(10_000)],
        list(clique(4)),
        list(ring(60)),
    ],
    ids=["children of an IRI", "children of a blank node", "loose", "small clique", "small ring"],
)
def test_harmless_likeness_passes(graph: list[ox.Triple]) -> None:
    body, _ = canonicalise(graph)
    assert body.count(b"\n") == len(graph)


def test_equal_distributions_of_one_dataset_pass() -> None:
    one = '[ a :Distribution ; :access <http://x/z> ; :checksum [ :value "1" ] ; :period [ :from "1" ; :to "2" ] ]'
    body, _ = canonicalise(parsed(f":root :distribution {', '.join([one] * 40)} ."))
    assert body.count(b"\n") == 40 * 8


def test_a_dataset_of_six_thousand_variables_passes() -> None:
    columns = ", ".join(
        f'[ a :Column ; :name "v{n}" ; :title "Variable {n}"@en ; :datatype "string" ]' for n in range(6_154)
    )
    body, _ = canonicalise(parsed(f":root :variables [ a :TableGroup ; :table [ :column {columns} ] ] ."))
    assert body.count(b"\n") == 6_154 * 5 + 3


# --- a record's subject ------------------------------------------------------------------------------------------


def lines_of(turtle: str) -> Lines:
    return Lines.of(f"{triple} ." for triple in parsed(turtle))


def test_an_iri_names_itself() -> None:
    assert canonical_record(lines_of(":a :p :b ."), "<http://x/a>")[2] == "http://x/a"


def test_a_blank_subject_is_found_again_among_others() -> None:
    body, _, subject = canonical_record(lines_of('_:one :p "1" . _:two :p "2" ; :q _:one .'), "_:two")
    assert f'{subject} <http://x/p> "2" .' in body.decode()


def test_a_blank_subject_is_found_among_nodes_of_which_the_same_is_said() -> None:
    # Both ends say "p some blank node"; only what follows tells them apart.
    graph = lines_of('_:a :p _:b . _:b :p _:c . _:c :p "end" .')
    for node, distance in (("_:a", 2), ("_:b", 1)):
        body, _, subject = canonical_record(graph, node)
        steps = {line.split()[0]: line.split()[2] for line in body.decode().splitlines()}
        walked = 0
        while steps[subject].startswith("_:"):
            subject, walked = steps[subject], walked + 1
        assert walked == distance
