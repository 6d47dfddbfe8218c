"""Every rule of every table, one by one: its example of a right value passes, and a wrong value is found."""

from __future__ import annotations

import re

import pytest
from sample_shacl import judge, read, shapes_of

from shapes.codelists import codelist, concept, owner
from shapes.rules import NO_TARGET, Row, effective, headers
from shapes.rules.turtle import term

BUNDLES = [(header.id, level) for header in headers().values() for level in header.levels or ("",)]
# What breaks a rule about a whole node; an empty node breaks the others.
NODE_BREAKERS = {
    "dataset-variables-described": "healthdcatap:hasStructuredData true",
    "dataset-ehds-legislation": "dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2016/679/oj>",
}
# A value that breaks a rule about its own properties; a bare agent breaks the others.
VALUE_BREAKERS = {"dataset-code-values-form": '[ skos:inScheme "no IRI" ]'}


def aimed(profile: str, level: str) -> list[Row]:
    """A profile's own SHACL rules with a class of their own; the others are reached through these.

    At the levels before the last, only what does not hold at the last too.
    """
    last = headers()[profile].levels[-1:]
    own = [row for row in effective(profile, level) if row.profile == profile]
    news = own if not last or level == last[0] else [row for row in own if not row.at(last[0])]
    return [row for row in news if row.target != NO_TARGET and not row.target.startswith("@") and not row.check]


def node(row: Row, statements: str) -> str:
    return f"<urn:{row.profile}:{row.id}> a {term(row.target)} ; {statements} .\n".replace(";  .", ".")


def along(path: str, value: str) -> str:
    """A value at the end of a path: of the first branch, through nodes that say nothing else."""
    first, *rest = path.partition("|")[0].split("/")
    return f"{term(first)} {value}" if not rest else f"{term(first)} [ {along('/'.join(rest), value)} ]"


def wrong(row: Row) -> str:  # noqa: PLR0911 - one answer per kind of rule
    """Statements that break a rule."""
    asks = row.constraints
    if "either" in asks:
        return NODE_BREAKERS.get(row.id, "")
    if asks.keys() & {"min", "value"}:
        return ""
    if "not_more_than" in asks:
        return f'{row.path} "2"^^xsd:nonNegativeInteger ; {asks["not_more_than"]} "1"^^xsd:nonNegativeInteger'
    if "max" in asks:
        return along(row.path, "<urn:a> , <urn:b>")
    if "unique_lang" in asks:
        return along(row.path, '"a"@en , "b"@en')
    if asks.get("node", "").startswith("@"):
        return along(row.path, VALUE_BREAKERS.get(row.id, "[ a foaf:Agent ]"))
    if asks.get("list", "").startswith("?"):
        return along(row.path, f"<{codelist(asks['list'][1:]).base}NO-SUCH-CODE>")
    if asks.get("class", "").startswith("?"):
        return along(row.path, "[ a <urn:another-class> ]")
    return along(
        row.path, "<urn:x>" if asks.keys() & {"class", "list", "in"} or asks.get("kind") == "Literal" else '"x"@en'
    )


@pytest.mark.parametrize(("profile", "level"), BUNDLES)
def test_the_example_of_a_right_value_passes_its_own_rule(profile: str, level: str) -> None:
    rules = [row for row in aimed(profile, level) if row.example]
    results = judge(read("".join(node(row, row.example) for row in rules)), shapes_of(profile, level))
    broken = {result.rule for result in results if result.focus == "urn:" + result.rule.replace("#", ":")}
    assert broken == set()


@pytest.mark.parametrize(("profile", "level"), BUNDLES)
def test_a_wrong_value_is_found_by_its_rule(profile: str, level: str) -> None:
    rules = aimed(profile, level)
    results = judge(read("".join(node(row, wrong(row)) for row in rules)), shapes_of(profile, level))
    found = {result.rule for result in results if result.focus == "urn:" + result.rule.replace("#", ":")}
    severities = {result.rule: result.severity for result in results}
    assert {f"{row.profile}#{row.id}" for row in rules} - found == set()
    assert all(severities[f"{row.profile}#{row.id}"] == row.severity for row in rules)


@pytest.mark.parametrize("profile", list(headers()))
def test_every_code_in_an_example_is_one_we_know(profile: str) -> None:
    for level in headers()[profile].levels or ("",):
        for row in effective(profile, level):
            for iri in re.findall(r"<([^>]+)>", row.example):
                assert owner(iri) is None or concept(iri) is not None, (row.id, iri)


@pytest.mark.parametrize("profile", list(headers()))
def test_messages_are_short_sentences_that_name_the_property_and_every_rule_has_an_example(profile: str) -> None:
    for level in headers()[profile].levels or ("",):
        for row in effective(profile, level):
            assert row.message.endswith("."), row.id
            assert len(row.message) < 240, row.id
            assert row.fix.endswith("."), row.id
            assert row.example, row.id
            named = set(re.split(r"[/|]", row.path)) if row.path else set()
            assert not named or any(each in row.message for each in named), row.id
