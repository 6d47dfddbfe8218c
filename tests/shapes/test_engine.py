"""The engine face: shapes that are refused, repaired or noted; what is a focus; what literals are."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes.engine.bundle import make_bundle
from shapes.engine.engine import Engine
from shapes.engine.memory import MemoryGraph, from_rdflib, to_rdflib
from shapes.engine.reference import ReferenceEngine
from shapes.engine.result import Result
from shapes.engine.xsd import well_formed
from shapes.errors import BadShapes, OverBudget
from shapes.graph import RecordGraph, Term
from shapes.profiles import profile, profiles
from shapes.validate import own_bundle
from shapes.vocabulary import RDF, SH, XSD

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def triples(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)]


def rows(results: tuple[Result, ...]) -> list[tuple[str, str | None, str | None, str]]:
    return sorted(
        (r.focus.value, r.path, r.value.value if r.value else None, r.component.removeprefix(SH.base)) for r in results
    )


def found(shapes: str, data: str, background: str = "") -> list[tuple[str, str | None, str | None, str]]:
    """What both engines find; they must agree."""
    bundle = make_bundle(triples(shapes))
    ours, theirs = (
        rows(engine(bundle).results(RecordGraph(triples(data)), triples(background)))
        for engine in (Engine, ReferenceEngine)
    )
    assert ours == theirs
    return ours


def refusal(shapes: str) -> str:
    with pytest.raises(BadShapes) as caught:
        Engine(make_bundle(triples(shapes)))
    return caught.value.detail


TITLED = "ex:Titled a sh:NodeShape ; sh:targetClass ex:Book ; sh:property ex:title . ex:title sh:path ex:name ; "


# --- what is refused


def test_shapes_that_refer_to_themselves_are_refused_by_name() -> None:
    assert refusal(
        "ex:Person sh:targetClass ex:P ; sh:property ex:knows . ex:knows sh:path ex:knows ; sh:node ex:Person ."
    ) == (
        "These shapes refer to themselves, which SHACL leaves undefined: "
        "http://example.org/Person -> http://example.org/knows -> http://example.org/Person"
    )


def test_a_circle_through_a_list_is_found_too() -> None:
    assert "refer to themselves" in refusal("ex:A sh:targetClass ex:P ; sh:or ( [ sh:node ex:A ] [ sh:class ex:B ] ) .")


def test_a_shape_used_twice_is_no_circle() -> None:
    shapes = "ex:A sh:targetClass ex:P ; sh:node ex:C , ex:D . ex:D sh:node ex:C . ex:C sh:property ex:p . "
    assert found(shapes + "ex:p sh:path ex:name ; sh:minCount 1 .", "ex:x a ex:P ; ex:name 'n' .") == []


def test_javascript_is_refused() -> None:
    assert refusal("ex:A sh:targetClass ex:P ; sh:js [ sh:jsFunctionName 'f' ] .").startswith(
        "Shape http://example.org/A uses sh:js, which this validator does not run;"
    )


def test_rules_are_refused_because_without_them_the_answer_would_differ() -> None:
    assert "uses sh:rule, which this validator does not run" in refusal("ex:A sh:targetClass ex:P ; sh:rule ex:r .")


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("SELECT $this WHERE { SERVICE <http://127.0.0.1/> { $this ?p ?o } }", "asks another server (SERVICE)"),
        (
            "SELECT $this WHERE { { # c\n serVice silent <http://x/> { $this ?p ?o } } }",
            "asks another server (SERVICE)",
        ),
        ("SELECT $this FROM <file:///etc/passwd> WHERE { $this ?p ?o }", "loads other graphs (FROM)"),
        ("SELECT $this FROM NAMED <http://x/> WHERE { GRAPH ?g { $this ?p ?o } }", "loads other graphs (FROM)"),
    ],
)
def test_queries_that_reach_outside_the_graph_are_refused(query: str, why: str) -> None:
    shape = f"ex:A sh:targetClass ex:P ; sh:sparql ex:q . ex:q sh:select '''{query}''' ."
    assert refusal(shape) == f"The SPARQL query of shape http://example.org/q {why}; that is not allowed."


def test_a_query_that_does_not_parse_is_refused_when_the_shapes_are_read() -> None:
    shape = "ex:A sh:targetClass ex:P ; sh:sparql ex:q . ex:q sh:select 'SELECT WHERE' ."
    assert refusal(shape).startswith("The SPARQL query of shape http://example.org/q does not parse:")


def test_shapes_without_any_target_are_refused_instead_of_finding_everything_valid() -> None:
    assert refusal("ex:A a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .") == (
        "No shape here says what it is about (by sh:targetClass or the like): nothing would be judged."
    )


def test_what_pyshacl_cannot_use_is_a_fault_of_the_shapes() -> None:
    bundle = make_bundle(triples("ex:A sh:targetClass ex:P ; sh:deactivated ex:notALiteral ."))
    with pytest.raises(BadShapes, match="The shapes cannot be used: The value of sh:deactivated predicate"):
        ReferenceEngine(bundle)


def test_shapes_that_fail_in_pyshacl_while_judging_are_a_fault_of_the_shapes_too() -> None:
    engine = ReferenceEngine(make_bundle(triples(TITLED + "sh:minCount 'many' .")))
    with pytest.raises(BadShapes, match="The shapes cannot be used:"):
        engine.results(RecordGraph(triples("ex:b a ex:Book .")))


@pytest.mark.parametrize(
    ("constraint", "fault"),
    [
        ("sh:minCount 'many'", 'sh:minCount must be an xsd:integer of 0 or more, not "many".'),
        ("sh:maxCount -1", f'sh:maxCount must be an xsd:integer of 0 or more, not "-1"^^<{XSD.integer}>.'),
        (
            "sh:maxCount 1 , 2",
            "sh:maxCount must have one value and has 2; shapes of several files may share a name.",
        ),
        ("sh:deactivated ex:no", "sh:deactivated must be true or false, not <http://example.org/no>."),
        ("sh:nodeKind sh:Iri", f"sh:nodeKind must be one of the six kinds of section 4.1.3, not <{SH.Iri}>."),
        ("sh:datatype 'date'", 'sh:datatype must be the IRI of a datatype, not "date".'),
        ("sh:in ex:list", "sh:in must have a whole RDF list as its value."),
        ("sh:or ()", "sh:or must have a list with members."),
        ("sh:or ( 'x' )", 'sh:or must list shapes, not the literal "x".'),
        ("sh:node 'x'", 'sh:node must name a shape, not the literal "x".'),
        (
            "sh:node ex:other . ex:other sh:path ex:p",
            "sh:node must name a node shape, and <http://example.org/other> has a sh:path.",
        ),
        ("sh:minInclusive ex:one", "sh:minInclusive must be a literal, not <http://example.org/one>."),
        ("sh:lessThan 'x'", 'sh:lessThan must be the IRI of a property, not "x".'),
        ("sh:languageIn ( ex:en )", "sh:languageIn must list language tags, not <http://example.org/en>."),
        ("sh:severity 'bad'", 'sh:severity must be an IRI, not "bad".'),
    ],
)
def test_a_constraint_that_cannot_be_understood_is_refused_when_it_is_read(constraint: str, fault: str) -> None:
    shapes = f"ex:title sh:minLength 1 . {TITLED} {constraint} ."
    assert refusal(shapes) == f"Shape http://example.org/title: {fault}"


def test_a_pattern_that_is_no_regular_expression_is_refused() -> None:
    assert refusal(TITLED + "sh:pattern '(' .") == (
        "The pattern ( of shape http://example.org/title cannot be used as a regular expression: "
        "missing ), unterminated subpattern at position 0."
    )


def test_a_pattern_that_python_would_misread_is_refused() -> None:
    assert refusal(TITLED + "sh:pattern '[a-z-[aeiou]]' .") == (
        "The pattern [a-z-[aeiou]] of shape http://example.org/title subtracts one character class from another; "
        "that is not supported."
    )


def test_comparing_too_many_values_is_given_up_by_name() -> None:
    engine = Engine(make_bundle(triples(TITLED + "sh:lessThan ex:end .")))
    numbers = " , ".join(map(str, range(600)))
    with pytest.raises(OverBudget) as caught:
        engine.results(RecordGraph(triples(f"ex:b a ex:Book ; ex:name {numbers} ; ex:end {numbers} .")))
    assert (caught.value.record, caught.value.detail) == (
        "http://example.org/b",
        "A node has 600 values of http://example.org/name to compare with 600 others.",
    )


def test_shapes_that_ask_the_same_over_and_over_are_asked_once_for_each_node() -> None:
    doubled = " ".join(f"ex:s{n} sh:and ( ex:s{n + 1} [ sh:not [ sh:not ex:s{n + 1} ] ] ) ." for n in range(20))
    engine = Engine(make_bundle(triples(f"ex:s0 sh:targetClass ex:P . {doubled} ex:s20 sh:nodeKind sh:IRI .")))
    assert engine.results(RecordGraph(triples("ex:x a ex:P ."))) == ()


def test_counts_need_a_path() -> None:
    assert refusal("ex:A sh:targetClass ex:P ; sh:minCount 1 .") == (
        "Shape http://example.org/A: sh:minCount must stand in a shape that has a sh:path."
    )


def test_shapes_nested_without_end_are_refused() -> None:
    chain = " ".join(f"ex:s{n} sh:node ex:s{n + 1} ." for n in range(150))
    assert refusal(f"ex:s0 sh:targetClass ex:P . {chain}") == (
        "Shape http://example.org/s101: shapes are nested more than 100 deep."
    )


# --- what is repaired or told


def test_a_property_shape_without_a_path_is_left_out_and_told() -> None:
    shapes = "ex:A sh:targetClass ex:P ; sh:property ex:none , ex:p . ex:none sh:minCount 1 . "
    bundle = make_bundle(triples(shapes + "ex:p sh:path ex:name ; sh:minCount 1 ."))
    assert bundle.notes == (
        "Property shape http://example.org/none (used by http://example.org/A) has no sh:path; it is left out.",
    )
    assert [r.component for r in Engine(bundle).results(RecordGraph(triples("ex:x a ex:P .")))] == [
        SH.MinCountConstraintComponent
    ]


def test_a_reference_to_a_property_shape_that_is_not_there_is_told() -> None:
    bundle = make_bundle(triples("ex:A sh:targetClass ex:P ; sh:property ex:elsewhere ."))
    assert bundle.notes == (
        (
            "Property shape http://example.org/elsewhere (used by http://example.org/A) is not in these files; "
            "the reference to it is left out."
        ),
    )


def test_terms_that_only_look_like_shacl_are_told() -> None:
    bundle = make_bundle(triples(TITLED + "sh:shape ex:Date ; sh:MinCount 1 ; sh:maxCount 1 ."))
    assert bundle.notes == (
        "sh:MinCount is no SHACL term; it is ignored in 1 place.",
        "sh:shape is no SHACL term; it is ignored in 1 place.",
    )


def test_a_node_shape_with_a_path_is_read_as_a_property_shape() -> None:
    shapes = "ex:A a sh:NodeShape ; sh:targetClass ex:P ; sh:path ex:name ; sh:minCount 1 ."
    assert make_bundle(triples(shapes)).notes[0].endswith("it is read as a property shape.")
    assert found(shapes, "ex:x a ex:P .") == [
        ("http://example.org/x", "http://example.org/name", None, "MinCountConstraintComponent")
    ]


@pytest.mark.parametrize(
    ("constraint", "note"),
    [
        ("sh:flags 'i'", "has sh:flags without sh:pattern; it is ignored."),
        ("sh:qualifiedMinCount 1", "has sh:qualifiedMinCount without sh:qualifiedValueShape; it is ignored."),
        (
            "sh:qualifiedValueShape [ sh:nodeKind sh:IRI ]",
            "has sh:qualifiedValueShape without sh:qualifiedMinCount or sh:qualifiedMaxCount; it is ignored.",
        ),
    ],
)
def test_a_parameter_without_its_companion_is_told(constraint: str, note: str) -> None:
    bundle = make_bundle(triples(f"{TITLED} {constraint} ."))
    assert bundle.notes == (f"Shape http://example.org/title {note}",)
    assert Engine(bundle).results(RecordGraph(triples("ex:b a ex:Book ; ex:name 1 ."))) == ()


def test_what_has_no_effect_is_told() -> None:
    shapes = TITLED + "sh:uniqueLang '1'^^xsd:boolean . ex:Alone a sh:NodeShape ; sh:node ex:Gone . "
    shapes += "<http://example.org/> <http://www.w3.org/2002/07/owl#imports> ex:more ."
    assert make_bundle(triples(shapes)).notes == (
        "owl:imports of http://example.org/more is not followed; give that file too if its shapes are needed.",
        "Shape http://example.org/Alone has no target and no other shape refers to it; it is never asked.",
        "Shape http://example.org/Gone (used by http://example.org/Alone) is not in these files; anything fits it.",
        f'Shape http://example.org/title: sh:uniqueLang "1"^^<{XSD.boolean}> is not the literal true; it is ignored.',
    )


@pytest.mark.parametrize("name", profiles())
def test_there_is_nothing_to_tell_of_our_own_shapes(name: str) -> None:
    own = profile(name)
    for level in own.levels or ("",):
        bundle = own_bundle(own, level)
        assert bundle.notes == ()
        assert Engine(bundle).compiled


# --- literals


@pytest.mark.parametrize(
    ("lexical", "datatype"),
    [
        ("2020-01-01", "dateTime"),
        ("2020-02-30", "date"),
        ("2020-W01-1", "dateTime"),
        ("spring 2024", "date"),
        ("20", "gYear"),
        ("1E5", "decimal"),
        ("5_000", "integer"),
        ("٥", "integer"),
        ("-1", "nonNegativeInteger"),
        ("1.0", "integer"),
        ("TRUE", "boolean"),
        ("P", "duration"),
        ("1Y", "duration"),
        ("2020-01-01T00:00:00", "dateTimeStamp"),
        ("9" * 5000, "integer"),
    ],
)
def test_ill_typed_literals_do_not_match_their_datatype(lexical: str, datatype: str) -> None:
    data = f'ex:b a ex:Book ; ex:name "{lexical}"^^xsd:{datatype} .'
    assert found(TITLED + f"sh:datatype xsd:{datatype} .", data) == [
        ("http://example.org/b", "http://example.org/name", lexical, "DatatypeConstraintComponent")
    ]


@pytest.mark.parametrize(
    ("lexical", "datatype"),
    [
        ("2020-01-01T10:00:00.5+02:00", "dateTime"),
        ("2024-02-29Z", "date"),
        ("2024", "gYear"),
        ("2024-12", "gYearMonth"),
        ("1.50", "decimal"),
        ("-INF", "double"),
        ("007", "integer"),
        ("5", "nonNegativeInteger"),
        ("1", "boolean"),
        ("P12M", "duration"),
        ("-P1Y2M3DT4H5M6.7S", "duration"),
        (" 5 ", "integer"),
        ("any thing", "string"),
        ("http://example.org/", "anyURI"),
    ],
)
def test_well_typed_literals_match_their_datatype(lexical: str, datatype: str) -> None:
    data = f'ex:b a ex:Book ; ex:name "{lexical}"^^xsd:{datatype} .'
    assert found(TITLED + f"sh:datatype xsd:{datatype} .", data) == []


@pytest.mark.parametrize("form", ["P1DT", "PT", "P1", "-P", "1D", "P1S"])
def test_durations_need_their_designators(form: str) -> None:
    assert not well_formed(form, XSD.duration)


def test_the_value_found_keeps_the_form_it_was_delivered_in() -> None:
    engine = Engine(make_bundle(triples(TITLED + "sh:nodeKind sh:IRI .")))
    data = 'ex:b a ex:Book ; ex:name "007"^^xsd:integer , "x"^^xsd:date , "<b>"^^rdf:HTML , "a"@en-gb .'
    values = {str(r.value) for r in engine.results(RecordGraph(triples(data)))}
    assert values == {
        f'"007"^^<{XSD.integer}>',
        f'"x"^^<{XSD.date}>',
        f'"<b>"^^<{RDF.HTML}>',
        '"a"@en-gb',
    }


def test_a_datatype_of_markup_is_matched_without_parsing_the_markup() -> None:
    html = "<p>" * 20_000
    assert found(TITLED + "sh:datatype rdf:HTML .", f'ex:b a ex:Book ; ex:name "{html}"^^rdf:HTML .') == []


def test_an_ill_typed_literal_is_less_than_nothing() -> None:
    shapes = TITLED + "sh:lessThanOrEquals ex:end ."
    data = 'ex:b a ex:Book ; ex:name "soon"^^xsd:date ; ex:end "2024-01-01"^^xsd:date .'
    assert [component for *_, component in found(shapes, data)] == ["LessThanOrEqualsConstraintComponent"]


TERMS = st.one_of(
    st.text("abc:/20é", min_size=1).map(lambda t: ox.NamedNode("http://example.org/" + t)),
    st.text("abc123", min_size=1).map(lambda t: ox.BlankNode("b" + t)),
    st.text().map(ox.Literal),
    st.builds(lambda t: ox.Literal(t, language="fr-t-nl"), st.text()),
    st.builds(
        lambda t, d: ox.Literal(t, datatype=ox.NamedNode(d)),
        st.text("0123456789-T:ZP. +"),
        st.sampled_from([XSD.integer, XSD.date, XSD.dateTime, XSD.duration, XSD.boolean, RDF.XMLLiteral, "urn:x:own"]),
    ),
)


@given(TERMS)
def test_every_term_comes_back_as_it_went_in(term: Term) -> None:
    assert from_rdflib(to_rdflib(term)) == term


# --- focus, background, paths


def test_what_is_only_in_the_background_is_not_judged_but_counts() -> None:
    shapes = "ex:A sh:targetClass ex:Concept ; sh:property [ sh:path ex:label ; sh:minCount 1 ] . " + TITLED
    shapes += "sh:class ex:Concept ."
    background = "ex:c a ex:SpecialConcept . ex:SpecialConcept rdfs:subClassOf ex:Concept ."
    assert found(shapes, "ex:b a ex:Book ; ex:name ex:c .", background) == []
    assert [focus for focus, *_ in found(shapes, "ex:b a ex:Book ; ex:name ex:c .")] == ["http://example.org/b"]


def test_a_sparql_target_finds_its_nodes_with_declared_prefixes() -> None:
    shapes = """
    ex:pre sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
    ex:A sh:target [ a sh:SPARQLTarget ; sh:prefixes ex:pre ; sh:select "SELECT ?this { ?this e:secret true }" ] ;
      sh:property [ sh:path ex:name ; sh:minCount 1 ] .
    """
    assert [focus for focus, *_ in found(shapes, "ex:x ex:secret true . ex:y ex:secret false .")] == [
        "http://example.org/x"
    ]


def test_a_path_is_told_as_a_sparql_path() -> None:
    shapes = "ex:A sh:targetClass ex:P ; sh:property [ sh:minCount 1 ; sh:path "
    shapes += "( [ sh:inversePath ex:a ] [ sh:alternativePath ( ex:b [ sh:zeroOrMorePath ex:c ] ) ] ) ] ."
    [(_, path, _, _)] = found(shapes, "ex:x a ex:P .")
    ns = "http://example.org/"
    assert path == f"(^<{ns}a>)/(<{ns}b>|(<{ns}c>*))"


def test_blank_nodes_that_point_at_each_other_do_not_slow_the_engine() -> None:
    nodes = [f"_:n{i}" for i in range(14)]
    links = " ".join(f"{a} ex:link {b} ." for a in nodes for b in nodes if a != b)
    results = found(TITLED + "sh:nodeKind sh:IRI .", f"{links} ex:b a ex:Book ; ex:name _:n0 .")
    assert len(results) == 1


def test_nested_results_are_kept_as_detail() -> None:
    shapes = TITLED + "sh:node ex:Text . ex:Text sh:property ex:lang . ex:lang sh:path ex:language ; sh:minCount 1 ."
    [result] = Engine(make_bundle(triples(shapes))).results(RecordGraph(triples("ex:b a ex:Book ; ex:name ex:t .")))
    assert result.component == SH.NodeConstraintComponent
    assert [d.component for d in result.detail] == [SH.MinCountConstraintComponent]


def test_a_sparql_constraint_fills_in_its_message() -> None:
    shapes = """ex:A sh:targetClass ex:P ; sh:sparql [ sh:message "{?value} is too big" ;
      sh:select "SELECT $this ?value { $this <http://example.org/n> ?value FILTER(?value > 3) }" ] ."""
    [result] = Engine(make_bundle(triples(shapes))).results(RecordGraph(triples("ex:x a ex:P ; ex:n 5 .")))
    assert [m.value for m in result.messages] == ["5 is too big"]


@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 3))))
def test_the_memory_graph_answers_every_pattern_like_rdflib(numbers: set[tuple[int, int, int]]) -> None:
    import rdflib

    ours, theirs = MemoryGraph(), rdflib.Graph()
    name = [rdflib.URIRef(f"http://example.org/{n}") for n in range(4)]
    for s, p, o in numbers:
        ours.add((name[s], name[p], name[o]))
        theirs.add((name[s], name[p], name[o]))
    assert len(ours) == len(theirs)
    for s in (None, name[0], name[1]):
        for p in (None, name[0], name[2]):
            assert sorted(ours.predicate_objects(s)) == sorted(theirs.predicate_objects(s))
            assert set(ours.objects(s, p)) == set(theirs.objects(s, p))
            assert set(ours.subjects(p, s)) == set(theirs.subjects(p, s))
            for o in (None, name[1], name[3]):
                assert sorted(ours.triples((s, p, o))) == sorted(theirs.triples((s, p, o)))
                assert ((s, p, o) in ours) == ((s, p, o) in theirs)
