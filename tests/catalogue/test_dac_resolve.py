"""Who decides: the ordered rules, their evidence, and what is never confused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from turtle_records import NODE, dataset, datasets_in

from catalogue.dac.committee import Access, Committee, DeciderStatus, Method, Role
from catalogue.dac.registry import Registry, ega_accessions
from catalogue.dac.resolve import resolve
from catalogue.text import Text

DAC = Committee(
    id="umc-x",
    names=(Text("DAC of UMC X", "en"),),
    iri="https://node.example/dac",
    email="dac@umc-x.example",
    identifiers=("EGAC00001000001",),
    governs=("EGAP00001000002", "EGAD00001000003", "GDI-FI-*", "REMS-7"),
    response_days=30,
)
CENTRAL = Committee("1mg", (Text("1+MG DAC", "en"),), role=Role.RECOMMENDS, level="central")
ATTRIBUTED = "prov:qualifiedAttribution [ prov:agent :dac ; dcat:hadRole gdix:DataAccessCommittee ]"
NAMED = ':dac foaf:name "Committee of X"@en .'


def access(statements: str, more: str = "", *committees: Committee, default: str | None = None) -> Access:
    return resolve(dataset(statements, more), replace(NODE, default_dac=default), Registry(committees))


def decision(found: Access) -> tuple[str, str]:
    return found.decider.status.value, found.decider.method.value


def bodies(found: Access) -> list[tuple[str, str]]:
    return [(link.role.value, link.committee.names[0].value) for link in found.links]


# Rules 1 and 2: what the node states. ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role",
    [
        "gdix:DataAccessCommittee",
        "<https://example.org/gdi-catalogue/role/data-access-committee>",
        "<https://roles.example/DataAccessCommittee>",
        "<https://roles.example/DAC>",
        "<https://roles.example/#biobank_access-committee>",
        "<https://roles.example/17>",
        '[ skos:prefLabel "Comité d’accès aux données"@fr ]',
        '"Data Access Committee"',
    ],
)
def test_an_attribution_in_the_role_of_a_committee_is_published(role: str) -> None:
    labels = '<https://roles.example/17> skos:prefLabel "Data Access Committee"@en .'
    found = access(f"prov:qualifiedAttribution [ prov:agent :dac ; dcat:hadRole {role} ]", NAMED + labels)
    assert decision(found) == ("published", "attribution")
    assert bodies(found) == [("decides", "Committee of X")]


def test_the_evidence_names_property_body_and_role() -> None:
    evidence = access(ATTRIBUTED, NAMED).decider.evidence
    assert evidence == (
        'prov:qualifiedAttribution names "Committee of X" in the role "Data Access Committee" '
        "(https://w3id.org/gdi-catalogue/ns#DataAccessCommittee)."
    )


def test_an_attribution_in_another_role_is_no_committee() -> None:
    role = "<https://inspire.ec.europa.eu/metadata-codelist/ResponsiblePartyRole/processor>"
    found = access(f"prov:qualifiedAttribution [ prov:agent :dac ; dcat:hadRole {role} ]", NAMED)
    assert (decision(found), found.links) == (("none", "none"), ())


def test_an_attribution_without_a_role_counts_when_the_body_is_typed_as_a_committee() -> None:
    found = access("prov:qualifiedAttribution [ prov:agent :dac ]", NAMED + ":dac a gdix:DataAccessCommittee .")
    assert decision(found) == ("published", "attribution")


def test_who_recommends_and_who_may_veto_does_not_decide() -> None:
    found = access(
        "prov:qualifiedAttribution [ prov:agent :a ; dcat:hadRole gdix:RecommendingCommittee ], "
        "[ prov:agent :b ; dcat:hadRole <https://roles.example/national-coordination-point> ]",
        ':a foaf:name "Central" . :b foaf:name "NCP" .',
    )
    assert decision(found) == ("none", "none")
    assert bodies(found) == [("recommends", "Central"), ("may-veto", "NCP")]


def test_a_policy_assigner_decides_and_all_assigners_are_linked() -> None:
    found = access(
        "odrl:hasPolicy <https://node.example/policy>",
        "<https://node.example/policy> odrl:assigner :a ; odrl:permission [ odrl:assigner :b ] . "
        ':a foaf:name "A" . :b foaf:name "B" .',
    )
    assert decision(found) == ("published", "policy")
    assert sorted(bodies(found)) == [("decides", "A"), ("decides", "B")]
    evidence = {link.evidence for link in found.links}
    assert 'The policy https://node.example/policy (odrl:hasPolicy) is assigned by "A" (odrl:assigner).' in evidence


def test_one_committee_attributed_and_assigning_is_linked_once_by_the_first_rule() -> None:
    found = access(f"{ATTRIBUTED} ; odrl:hasPolicy [ odrl:assigner :dac ]", NAMED)
    assert [(link.role, link.method) for link in found.links] == [(Role.DECIDES, Method.ATTRIBUTION)]


# Rule 3: identifiers. -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statements", "evidence"),
    [
        ('adms:identifier [ skos:notation "EGAD00001000003" ]',
         'adms:identifier holds EGAD00001000003, which "DAC of UMC X" governs according to the registry.'),
        ('dct:identifier "GDI-FI-00017"',
         'dct:identifier holds GDI-FI-00017, which "DAC of UMC X" governs according to the registry.'),
        ('dct:identifier "rems-7"',
         'dct:identifier holds rems-7, which "DAC of UMC X" governs according to the registry.'),
        ("odrl:hasPolicy <https://ega-archive.org/policies/EGAP00001000002>",
         'odrl:hasPolicy holds EGAP00001000002, which "DAC of UMC X" governs according to the registry.'),
        ("dcat:landingPage <https://ega-archive.org/dacs/EGAC00001000001>",
         'dcat:landingPage holds EGAC00001000001, the EGA accession of "DAC of UMC X".'),
    ],
)  # fmt: skip
def test_an_identifier_the_registry_knows_joins_the_committee(statements: str, evidence: str) -> None:
    found = access(statements, "", DAC)
    assert decision(found) == ("rule", "identifier")
    assert found.links[0].committee is DAC
    assert found.decider.evidence == evidence


def test_an_ega_accession_of_a_committee_no_registry_has_is_still_that_committee() -> None:
    found = access('dct:identifier "EGAC00009999999"')
    (link,) = found.links
    assert (link.committee.id, link.committee.homepage) == (
        "EGAC00009999999",
        "https://ega-archive.org/dacs/EGAC00009999999",
    )
    assert decision(found) == ("rule", "identifier")


def test_an_identifier_nobody_governs_is_no_join() -> None:
    assert decision(access('dct:identifier "GDI-SE-1", "EGAD00009999999"', "", DAC)) == ("none", "none")


def test_accessions_are_told_from_longer_numbers() -> None:
    assert ega_accessions("see egac00001000001 and EGAD000010000031") == ("EGAC00001000001",)


# Rule 4: names. --------------------------------------------------------------------------------------------------


def test_a_contact_point_called_a_committee_is_a_rule_and_no_published_fact() -> None:
    found = access('dcat:contactPoint [ vcard:fn "Datatoegangscommissie"@nl ; vcard:hasEmail <mailto:dac@x.example> ]')
    assert decision(found) == ("rule", "contact-name")
    assert found.decider.evidence == 'dcat:contactPoint is called "Datatoegangscommissie".'
    assert found.links[0].committee.email == "dac@x.example"


@pytest.mark.parametrize(
    ("statements", "evidence"),
    [
        ('dct:publisher [ foaf:name "DAC of X" ]', 'dct:publisher is called "DAC of X".'),
        ('geodcatap:custodian [ foaf:name "X" ; cv:contactPoint [ vcard:fn "DAC of X" ] ]',
         'The contact point of geodcatap:custodian is called "DAC of X".'),
    ],
)  # fmt: skip
def test_other_bodies_are_asked_for_their_names_after_the_contact_points(statements: str, evidence: str) -> None:
    assert access(statements).decider.evidence == evidence


def test_a_contact_point_called_a_committee_beside_a_published_one_is_a_contact() -> None:
    found = access(f'{ATTRIBUTED} ; dcat:contactPoint [ vcard:fn "DAC secretariat" ]', NAMED)
    assert decision(found) == ("published", "attribution")
    assert bodies(found) == [("decides", "Committee of X"), ("contact", "DAC secretariat")]


# Rules 5 to 7. ---------------------------------------------------------------------------------------------------


def test_the_nodes_default_answers_where_its_record_says_nothing() -> None:
    found = access("", "", DAC, default="umc-x")
    assert decision(found) == ("rule", "node-default")
    assert found.decider.evidence == (
        'The node "be-node" is registered with "DAC of UMC X" for datasets that name no committee.'
    )


def test_a_default_no_registry_has_is_said() -> None:
    found = access("", default="gone")
    assert found.decider.evidence == (
        'The node publishes no deciding body. The node\'s default committee "gone" is not in the registry.'
    )


def test_the_access_body_stands_in_and_is_never_called_a_committee() -> None:
    found = access('healthdcatap:hdab [ foaf:name "HDAB" ]')
    assert decision(found) == ("stand-in", "hdab-stand-in")
    assert [(link.role, link.method) for link in found.links] == [(Role.HDAB, Method.HDAB_STAND_IN)]
    assert found.decider.evidence == (
        'The node publishes no deciding body; healthdcatap:hdab names "HDAB", which stands in for it.'
    )


def test_the_access_body_is_linked_apart_where_a_committee_decides() -> None:
    found = access(f'{ATTRIBUTED} ; healthdcatap:hdab [ foaf:name "HDAB" ]', NAMED)
    assert [(link.role, link.method) for link in found.links] == [
        (Role.DECIDES, Method.ATTRIBUTION),
        (Role.HDAB, Method.ATTRIBUTION),
    ]


def test_no_body_is_an_answer_with_a_reason() -> None:
    rights = "dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC>"
    assert access("").decider.evidence == "The node publishes no deciding body."
    open_data = access(f'{rights} ; healthdcatap:hdab [ foaf:name "HDAB" ]', "", DAC, default="umc-x")
    assert decision(open_data) == ("none", "open-data")
    assert open_data.decider.evidence == ("The data are open (dct:accessRights is PUBLIC): there is nothing to decide.")
    assert [(link.role, link.method) for link in open_data.links] == [(Role.HDAB, Method.ATTRIBUTION)]


def test_publisher_holder_and_contact_are_no_committees() -> None:
    found = access(
        'dct:publisher [ foaf:name "P" ] ; geodcatap:custodian [ foaf:name "H" ] ; dcat:contactPoint [ vcard:fn "C" ]'
    )
    assert (found.links, decision(found)) == ((), ("none", "none"))


def test_the_central_committee_recommends_on_what_is_1mg_compliant_and_only_on_that() -> None:
    compliant = access("dct:conformsTo <http://data.gdi.eu/core/p2/1MGCompliant>", "", CENTRAL)
    assert [(link.role, link.method) for link in compliant.links] == [(Role.RECOMMENDS, Method.GOVERNANCE)]
    assert decision(compliant) == ("none", "none")
    assert access("dct:conformsTo <http://data.gdi.eu/core/p2/ExternallyGoverned>", "", CENTRAL).links == ()


# One body, one entry. --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "described",
    [
        ':dac foaf:name "Other name" .',
        ':x foaf:name "Other name" ; dct:identifier "EGAC00001000001" .',
        ':x foaf:name "Other name" ; cv:contactPoint [ cv:email "DAC@umc-x.example" ] .',
    ],
)
def test_a_described_body_is_the_registrys_by_iri_accession_or_mailbox(described: str) -> None:
    agent = described.partition(" ")[0]
    statements = f"prov:qualifiedAttribution [ prov:agent {agent} ; dcat:hadRole gdix:DataAccessCommittee ]"
    (link,) = access(statements, f"{described} {agent} foaf:homepage <https://h.example/> .", DAC).links
    assert (link.committee.id, link.committee.names, link.committee.origin) == ("umc-x", DAC.names, "registry")
    assert (link.committee.response_days, link.committee.homepage) == (30, "https://h.example/")


def test_a_shared_mailbox_does_not_make_an_access_body_a_committee() -> None:
    (link,) = access('healthdcatap:hdab [ foaf:name "HDAB" ; foaf:mbox <mailto:dac@umc-x.example> ]', "", DAC).links
    assert (link.role, link.committee.names[0].value) == (Role.HDAB, "HDAB")


def test_a_mailbox_two_committees_share_joins_neither() -> None:
    other = replace(DAC, id="umc-y", iri=None, identifiers=(), governs=())
    assert Registry([DAC, other]).find(Role.DECIDES, emails=["dac@umc-x.example"]) is None


def test_ids_are_stable_and_safe_in_a_url() -> None:
    by_iri = access(ATTRIBUTED, NAMED).links[0].committee.id
    assert by_iri == access(ATTRIBUTED, ':dac foaf:name "Renamed" .').links[0].committee.id
    contact = 'dcat:contactPoint [ vcard:fn "{}" ]'
    by_name = access(contact.format("Comité d’accès aux données")).links[0].committee.id
    assert by_name == access(contact.format("COMITE  D'ACCES AUX DONNEES")).links[0].committee.id
    assert by_iri != by_name
    assert all(part.isascii() and part.replace("-", "").isalnum() for part in (by_iri, by_name))


def test_the_same_name_at_two_nodes_is_two_committees() -> None:
    read = dataset('dcat:contactPoint [ vcard:fn "Data Access Committee" ]')
    one, two = (resolve(read, replace(NODE, name=name), Registry()).links[0].committee for name in ("be", "nl"))
    assert one.id != two.id
    assert (one.origin, two.origin) == ("be", "nl")


# Real files. -----------------------------------------------------------------------------------------------------


def test_the_recommended_modelling_gives_committee_veto_and_access_body(shared_data: Path) -> None:
    (read,) = datasets_in(shared_data / "examples-dac" / "gdi-dataset-with-dac.ttl")
    found = resolve(read, NODE, Registry())
    assert bodies(found) == [
        ("decides", "Data Access Committee of UMC X"),
        ("may-veto", "1+MG National Coordination Point NL"),
        ("hdab", "Health Data Access Body NL"),
    ]
    committee = found.links[0].committee
    assert (committee.id, committee.email) == ("EGAC00000000001", "dac@umc-x.example.org")
    assert committee.contact_page == "https://umc-x.example.org/dac/apply"
    assert decision(found) == ("published", "attribution")


def test_every_belgian_dataset_has_an_answer_with_evidence_and_none_is_invented(shared_data: Path) -> None:
    folder = shared_data / "real-be-health"
    found = [resolve(read, NODE, Registry()) for path in sorted(folder.glob("*04-13*")) for read in datasets_in(path)]
    assert len(found) == 489
    assert all(each.decider.evidence.endswith(".") for each in found)
    assert {each.decider.status for each in found} == {DeciderStatus.NONE}


def test_the_mini_nodes_access_body_is_shown_as_a_stand_in(shared_data: Path) -> None:
    (read,) = datasets_in(shared_data / "recorded-nodes" / "gdi-mini-node" / "055.body.ttl")
    assert decision(resolve(read, NODE, Registry())) == ("stand-in", "hdab-stand-in")


_PARTS = st.sampled_from(
    [
        ATTRIBUTED,
        "odrl:hasPolicy [ odrl:assigner :dac ]",
        'dct:identifier "EGAD00001000003"',
        'dcat:contactPoint [ vcard:fn "DAC" ]',
        'healthdcatap:hdab [ foaf:name "HDAB" ]',
        "dct:conformsTo <http://data.gdi.eu/core/p2/1MGCompliant>",
    ]
)


@given(st.lists(_PARTS, unique=True), st.booleans(), st.booleans())
def test_the_first_rule_that_applies_answers(parts: list[str], registered: bool, default: bool) -> None:  # noqa: FBT001 - Hypothesis gives them by place
    found = access(
        " ; ".join(parts), NAMED, *((DAC, CENTRAL) if registered else ()), default="umc-x" if default else None
    )
    order = list(Method)
    deciding = [link for link in found.links if link.role is Role.DECIDES]
    if deciding:
        assert found.decider.method == min((link.method for link in deciding), key=order.index)
    else:
        assert found.decider.status in {DeciderStatus.STAND_IN, DeciderStatus.NONE}
    assert len({(link.committee.id, link.role) for link in found.links}) == len(found.links)
    assert ("healthdcatap:hdab" in " ".join(parts)) == any(link.role is Role.HDAB for link in found.links)
